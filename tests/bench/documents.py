"""Charts and files of one stored result, against compressing it once."""

import json
import os
import zlib

import django

from tests.bench.measuring import Figure, in_new_process, seconds
from tests.bench.sheets import evaluation_files


def figures():
    """Yield the time of the charts and of each file of a national report, each from what was made before it."""
    floor, taken = in_new_process(_draw_and_write)[0]
    targets = {"charts as SVG": (1.5, 0.5), "PDF": (0.5, 0.15)}
    for what, value in taken.items():
        must, stretch = targets.get(what, (None, None))
        yield Figure(f"{what} of a national report", value, "s", floor=floor, must=must, stretch=stretch)


def _draw_and_write():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")
    os.environ.setdefault("DEBUG", "1")
    django.setup()
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
