"""How a report is built: extract, analyse, suppress, draw, store. Also what the `evaluate` command runs on files."""

import functools
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from clusters.audit import record
from clusters.demonstration import holds_invented_data
from reports import exports, extracts, files
from reports.analysis import ANALYSIS_VERSION
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.schema import Plan
from reports.charts import render_all
from reports.choices import PlaceKind
from reports.documents.pdf import report_pdf
from reports.documents.pictures import chart_pictures
from reports.documents.word import report_document
from reports.documents.workbook import report_workbook
from reports.models import Report, ReportFile, ReportRun
from reports.runs import ending, move_on
from reports.selection import rules
from surveys import counting
from surveys.choices import Moment
from surveys.models import WaveSchool

CHARTS_KEPT = 24 * 3600  # seconds


def drawn(results):
    """The charts of a result; the same figures are drawn once a day, by whichever worker is first."""
    told = {name: part for name, part in results.items() if name != "provenance"}  # which no chart shows
    key = f"charts-{hashlib.sha256(files.results_text(told).encode()).hexdigest()}-{_drawing_code()}"
    text = cache.get(key)
    if text is None:
        text = json.dumps(render_all(results))
        cache.set(key, text, timeout=CHARTS_KEPT)
    return json.loads(text)


@functools.cache
def _drawing_code():
    """The hash of the modules that draw, so that a newer version never shows a drawing of the one before."""
    here = Path(__file__).resolve().parent
    drawing = [
        *sorted((here / "charts").glob("*.py")),
        *sorted((here / "reading").glob("*.py")),
        *(here / name for name in ("numbers.py", "wording.py")),
    ]
    return hashlib.sha256(b"".join(path.read_bytes() for path in drawing)).hexdigest()


def renderings(results, charts, version=None, number=None):
    """Every file of one stored result: {"pdf", "docx", "xlsx", "csv", "json", "zip" (the charts): bytes}.

    `version` and the report's `number` are printed in them, so that a copy can be told from those of other versions; None for what has
    none.
    """
    # What is set by processes of their own is set at the same time, while this one does the rest.
    with ThreadPoolExecutor(3) as others:
        pdf = others.submit(report_pdf, results, charts, version, number)
        pictures = others.submit(chart_pictures, charts)
        slides = others.submit(exports.slides, results, version, number)
        workbook = report_workbook(results, version, number)
        return {
            "pdf": pdf.result(),
            "docx": report_document(results, charts, pictures.result(), version, number),
            "xlsx": workbook,
            "csv": exports.report_csv(results, version),
            "json": files.results_text(results).encode(),
            "zip": exports.chart_pack(results, charts, pictures.result(), slides.result(), version, number),
        }


def build(run):
    """Build the evaluation report of a claimed run (`runs.claim`)."""
    move_on(run, 1)
    whole = extracts.evaluation_data(run.cohort)
    data = extracts.data_at(whole, run.cohort.analysis_plan.salt, run.place_kind, run.authority, run.cluster)
    move_on(run, 2)
    plan = plan_of(run)
    results = evaluate(data, plan, parts_of_whole(whole, plan))
    move_on(run, 3)
    results = suppress(results, rules())
    extracts.name_places(results["breakdowns"], run.cohort)
    move_on(run, 4)
    charts = drawn(results)
    move_on(run, 5)
    _render_and_store(run, results, charts)


def _render_and_store(run, results, charts):
    """Make the files with the version that the report will have; again, where another report of the place was ready first."""
    while True:
        version = next_version(run)
        number = _next_number(run, results)
        contents = renderings(results, charts, version, number)
        move_on(run, 6)
        try:
            return _store(run, version, number, results, charts, contents)
        except VersionTaken:
            move_on(run, 5)


class VersionTaken(Exception):
    """A report of the same place, or one with the same number, has been stored since the files were begun."""


def next_version(run):
    """The number that the next report of a run's cohort and place will have."""
    place_key = place_key_of(run.place_kind, run.authority, run.cluster)
    same_place = Report.objects.filter(kind=run.kind, cohort=run.cohort, place_key=place_key)
    return (same_place.aggregate(last=Max("version"))["last"] or 0) + 1


def _next_number(run, results):
    """The number that the report will have, which its files print before it is stored.

    A row is made and taken back: PostgreSQL then keeps its number for us, and SQLite gives it to whoever stores a report first.
    """
    with transaction.atomic():
        number = _report(run, 0, None, results, {}).pk  # no report has version 0
        transaction.set_rollback(True)
    return number


def plan_of(run):
    """What the analysis of a run goes by: its cohort's plan, the place, and the rules of disclosure control."""
    plan = run.cohort.analysis_plan
    place = run.cluster or run.authority
    return Plan(
        cut=float(plan.cut),
        seed=plan.seed,
        item_set=plan.item_set,
        fixed_by=str(plan.fixed_by or ""),
        fixed_at=f"{timezone.localtime(plan.fixed_at):%-d %B %Y}",
        scope={
            "kind": run.place_kind,
            "title": f"{place}, {run.cohort}" if place else str(run.cohort),
            "place": str(place or ""),
            "cohort": str(run.cohort),
            "fieldwork": _fieldwork(run.cohort),
            "asked": _asked(run),
            **({"demonstration": True} if holds_invented_data() else {}),
        },
        rules=rules(),
        generated_at=timezone.localtime().isoformat(timespec="seconds"),
    )


def _fieldwork(cohort):
    names = {Moment.BASELINE: "pre", Moment.FOLLOW_UP: "post"}
    waves = cohort.waves.filter(audience="pupil", moment__in=names)
    return {"pre": "", "post": ""} | {names[Moment(wave.moment)]: f"{wave.opens_on:%B %Y}" for wave in waves}


def _asked(run):
    """How many could have answered at the place of a run (`counting.asked`)."""
    here = WaveSchool.objects.filter(wave__cohort=run.cohort)
    if run.cluster:
        here = here.filter(cluster=run.cluster)
    elif run.authority:
        here = here.filter(cluster__authority=run.authority)
    return counting.asked(here)


def _store(run, version, number, results, charts, contents):
    with ending(run):
        if next_version(run) != version or Report.objects.filter(pk=number).exists():
            raise VersionTaken
        report = _report(run, version, number, results, charts)
        ReportFile.objects.bulk_create(
            ReportFile(report=report, name=name, content=content, sha256=hashlib.sha256(content).hexdigest())
            for name, content in contents.items()
        )
        ReportRun.objects.filter(pk=run.pk).update(report=report)
        record("report built", report, by=run.requested_by, run=run.pk, data_hash=report.data_hash)


def _report(run, version, number, results, charts):
    return Report.objects.create(
        pk=number,
        kind=run.kind,
        place_kind=run.place_kind,
        cohort=run.cohort,
        authority=run.cluster.authority if run.cluster else run.authority,
        cluster=run.cluster,
        place_key=place_key_of(run.place_kind, run.authority, run.cluster),
        version=version,
        results=results,
        charts=charts,
        data_hash=results["provenance"]["data_hash"],
        analysis_version=ANALYSIS_VERSION,
        level=results["ladder"]["level"],
        built_at=timezone.now(),
    )


def place_key_of(place_kind, authority, cluster):
    """The text that names a report's place among the reports of its cohort: "cohort", "authority-3", "cluster-7"."""
    place = {PlaceKind.AUTHORITY: authority, PlaceKind.CLUSTER: cluster}.get(PlaceKind(place_kind))
    return f"{place_kind}-{place.pk}" if place else str(place_kind)
