"""Charts and files of one stored result, and the sheets of many schools, against compressing what is stored once."""

import json
import os
import zlib

import django

from tests.bench.measuring import Figure, in_new_process, seconds
from tests.bench.sheets import evaluation_files

BATCH = 100  # schools in a row, by one process, as a worker makes them


def figures():
    """Yield the time of the charts and of each file of a national report, each from what was made before it."""
    floor, taken = in_new_process(_draw_and_write)[0]
    targets = {"charts as SVG": (1.5, 0.5), "PDF": (0.5, 0.15)}
    for what, value in taken.items():
        must, stretch = targets.get(what, (None, None))
        yield Figure(f"{what} of a national report", value, "s", floor=floor, must=must, stretch=stretch)
    floor, counting, each = in_new_process(_make_sheets)[0]
    yield Figure(f"school sheet and picture sheet, each of {BATCH}", each, "s", floor=floor, must=0.25, stretch=0.1)
    yield Figure("  counting and hiding for all 676 schools once", counting, "s")


def _set_up():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")
    os.environ.setdefault("DEBUG", "1")
    django.setup()


def _make_sheets():
    """Return the floor, the seconds of the figures of all schools, and of the two files of one school on average."""
    _set_up()
    from reports import sheets
    from reports.analysis import schema, school_sheets

    tables = {name.removesuffix(".csv"): table for name, table in evaluation_files(12_000).items()}
    data = schema.EvaluationData(**tables)
    found = school_sheets.school_sheets(data, schema.Plan())
    shared = {key: found[key] for key in ("questions", "noise", "cohort", "data_hash")} | {
        "title": "Bench cohort",
        "fieldwork": {"pre": "September 2024", "post": "May 2025"},
        "made_on": "2025-06-30",
        "until": "2025-06-13",
        "rule": schema.Rules().rule,
        "minimum_base": schema.Rules().minimum_base,
        "small_cell": schema.Rules().small_cell,
        "analysis_version": "bench",
    }
    schools = [
        {"school": name, "cluster": one["cluster"], "own": one["figures"], "around": found["clusters"][one["cluster"]]}
        for name, one in list(found["schools"].items())[:BATCH]
    ]
    text = json.dumps(schools[0]).encode() + json.dumps(shared).encode()
    return (
        seconds(lambda: zlib.compress(text)),
        seconds(lambda: school_sheets.school_sheets(data, schema.Plan()), times=2),
        seconds(lambda: [sheets.renderings(school, shared) for school in schools], times=1) / BATCH,
    )


def _draw_and_write():
    _set_up()
    from reports import exports, files
    from reports.analysis import disclosure, pipeline, schema
    from reports.charts import render_all
    from reports.documents.pdf import report_pdf
    from reports.documents.pictures import chart_pictures
    from reports.documents.word import report_document
    from reports.documents.workbook import report_workbook

    tables = {name.removesuffix(".csv"): table for name, table in evaluation_files(12_000).items()}
    plan = schema.Plan()
    results = disclosure.suppress(pipeline.evaluate(schema.EvaluationData(**tables), plan), plan.rules)
    charts = render_all(results)
    pictures = chart_pictures(charts)
    text = files.results_text(results).encode() + json.dumps(charts).encode()
    work = {
        "charts as SVG": lambda: render_all(results),
        "PDF": lambda: report_pdf(results, charts),
        "charts as PNG": lambda: chart_pictures(charts),
        "Word document": lambda: report_document(results, charts, pictures),
        "spreadsheet": lambda: report_workbook(results),
        "charts as slides": lambda: exports.slides(results),
    }
    return seconds(lambda: zlib.compress(text)), {what: seconds(make, times=3) for what, make in work.items()}
