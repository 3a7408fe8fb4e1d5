"""The worker that builds a report: extract, analyse, suppress, draw, store. Also what the `evaluate` command runs on files.

A run is claimed by a conditional UPDATE, so two workers never build the same one; every step moves a heartbeat, so a run whose
worker was killed can be told from one that is slow; the report, its files and the run's "ready" are stored in one transaction, so
nothing half-written is ever visible.
"""

import hashlib
import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from clusters import tasks as mail
from clusters.audit import record
from reports import exports, extracts, files
from reports.analysis import ANALYSIS_VERSION
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.schema import InvalidData, Plan, Rules
from reports.charts import render_all
from reports.choices import BUILD_STEPS, PlaceKind, RunStatus
from reports.documents.pdf import report_pdf
from reports.documents.pictures import chart_pictures
from reports.documents.word import report_document
from reports.documents.workbook import report_workbook
from reports.models import Report, ReportFile, ReportRun
from surveys.choices import Moment

log = logging.getLogger("reports")


class Stopped(Exception):
    """The run was cancelled, or another attempt holds it: this attempt must leave without a trace."""


def rules():
    """The thresholds of disclosure control, from the settings."""
    return Rules(minimum_base=settings.DISCLOSURE_MINIMUM_BASE, small_cell=settings.DISCLOSURE_MINIMUM_CELL)


def renderings(results, charts):
    """Every file of one stored result: {"pdf", "docx", "xlsx", "json", "zip" (the charts): bytes}."""
    pictures = chart_pictures(charts)
    return {
        "pdf": report_pdf(results, charts),
        "docx": report_document(results, charts, pictures),
        "xlsx": report_workbook(results),
        "json": files.results_text(results).encode(),
        "zip": exports.chart_pack(results, charts, pictures),
    }


def build(run_id):
    """Build the report of one run. Does nothing when somebody else holds the run or it has ended.

    Whatever happens, the run says so: ready, failed with a sentence, or cancelled. A database that is briefly away is tried again
    by the sweep, since the heartbeat stops.
    """
    run = _claim(run_id)
    if run is None:
        return
    try:
        _build(run)
    except Stopped:
        log.info("report run %s stopped", run.pk)
    except InvalidData as problem:
        _fail(run, str(problem))
    except OperationalError:
        log.exception("report run %s lost the database; the sweep will take it up again", run.pk)
        raise
    except Exception:
        log.exception("report run %s failed", run.pk)
        _fail(run, f"Something went wrong while building it. Tell SSERC this reference: run {run.pk}.")


def _claim(run_id):
    """Take the run for this attempt, or None. One conditional UPDATE decides between workers that ask at the same moment."""
    now, claim = timezone.now(), uuid.uuid4()
    free = Q(status=RunStatus.WAITING) | Q(
        status=RunStatus.RUNNING, heartbeat_at__lt=now - settings.REPORT_HEARTBEAT_LIMIT
    )
    taken = ReportRun.objects.filter(free, pk=run_id, cancel_asked_at__isnull=True).update(
        status=RunStatus.RUNNING,
        claim=claim,
        attempts=F("attempts") + 1,
        heartbeat_at=now,
        steps=len(BUILD_STEPS),
        step=0,
    )
    if not taken:
        return None
    return ReportRun.objects.select_related("cohort", "authority", "cluster__authority", "requested_by").get(pk=run_id)


def _move_on(run, step):
    """Say which step is being done. Raises Stopped when the run was cancelled or taken by another attempt."""
    held = ReportRun.objects.filter(pk=run.pk, claim=run.claim, status=RunStatus.RUNNING)
    if held.filter(cancel_asked_at__isnull=False).update(
        status=RunStatus.CANCELLED, finished_at=timezone.now(), stage="Cancelled"
    ):
        raise Stopped
    if not held.update(step=step, stage=BUILD_STEPS[step - 1][0], heartbeat_at=timezone.now()):
        raise Stopped


@transaction.atomic
def _fail(run, sentence):
    failed = ReportRun.objects.filter(pk=run.pk, claim=run.claim, status=RunStatus.RUNNING).update(
        status=RunStatus.FAILED, failure=sentence, finished_at=timezone.now()
    )
    if failed:
        _tell(run, f"The report was not made: {run}", f"{sentence}\n\n{_address(run, run)}")


def _address(run, target):
    return f"{run.tell_from.rstrip('/')}{target.get_absolute_url()}"


def _tell(run, subject, text):
    """Mail whoever asked for the run, once, when the end of the run is stored; nobody where no e-mail was wanted."""
    if run.tell_from and run.requested_by and run.requested_by.is_active:
        person = run.requested_by
        body = f"Hello {person.get_short_name()},\n\n{text}\n\nPCP\n"
        mail.deliver_mail.delay_on_commit(subject=subject, body=body, to=[person.email])


def _build(run):
    _move_on(run, 1)
    whole = extracts.evaluation_data(run.cohort)
    data = extracts.data_at(whole, run.cohort.analysis_plan.salt, run.place_kind, run.authority, run.cluster)
    _move_on(run, 2)
    plan = _plan(run)
    results = evaluate(data, plan, parts_of_whole(whole, plan))
    _move_on(run, 3)
    results = suppress(results, rules())
    _move_on(run, 4)
    charts = render_all(results)
    _move_on(run, 5)
    contents = renderings(results, charts)
    _move_on(run, 6)
    _store(run, results, charts, contents)


def _plan(run):
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
        },
        rules=rules(),
        generated_at=timezone.localtime().isoformat(timespec="seconds"),
    )


def _fieldwork(cohort):
    names = {Moment.BASELINE: "pre", Moment.FOLLOW_UP: "post"}
    waves = cohort.waves.filter(audience="pupil", moment__in=names)
    return {"pre": "", "post": ""} | {names[Moment(wave.moment)]: f"{wave.opens_on:%B %Y}" for wave in waves}


@transaction.atomic
def _store(run, results, charts, contents):
    """Store report, files and the end of the run together, if this attempt still holds the run."""
    held = ReportRun.objects.select_for_update().filter(
        pk=run.pk, claim=run.claim, status=RunStatus.RUNNING, cancel_asked_at__isnull=True
    )
    if not held.exists():
        raise Stopped
    place_key = place_key_of(run.place_kind, run.authority, run.cluster)
    same_place = Report.objects.filter(kind=run.kind, cohort=run.cohort, place_key=place_key)
    report = Report.objects.create(
        kind=run.kind,
        place_kind=run.place_kind,
        cohort=run.cohort,
        authority=run.cluster.authority if run.cluster else run.authority,
        cluster=run.cluster,
        place_key=place_key,
        version=(same_place.aggregate(last=Max("version"))["last"] or 0) + 1,
        results=results,
        charts=charts,
        data_hash=results["provenance"]["data_hash"],
        analysis_version=ANALYSIS_VERSION,
        level=results["ladder"]["level"],
        built_at=timezone.now(),
    )
    ReportFile.objects.bulk_create(
        ReportFile(report=report, name=name, content=content, sha256=hashlib.sha256(content).hexdigest())
        for name, content in contents.items()
    )
    held.update(status=RunStatus.READY, report=report, stage="Ready", finished_at=timezone.now())
    _tell(run, f"The report is ready: {run}", f"The report you asked for is ready:\n\n{_address(run, report)}")
    record("report built", report, by=run.requested_by, run=run.pk, data_hash=report.data_hash)


def place_key_of(place_kind, authority, cluster):
    """The text that names a report's place among the reports of its cohort: "cohort", "authority-3", "cluster-7"."""
    place = {PlaceKind.AUTHORITY: authority, PlaceKind.CLUSTER: cluster}.get(PlaceKind(place_kind))
    return f"{place_kind}-{place.pk}" if place else str(place_kind)


def stale_runs(now):
    """The ids of runs to take up again: their worker fell silent, or their message was lost while they waited.

    Runs that used up their attempts, or that were cancelled while nobody held them, are ended here.
    """
    silent = Q(status=RunStatus.RUNNING, heartbeat_at__lt=now - settings.REPORT_HEARTBEAT_LIMIT)
    lost = Q(status=RunStatus.WAITING, requested_at__lt=now - timedelta(minutes=1))
    runs = ReportRun.objects.filter(silent | lost)
    runs.filter(cancel_asked_at__isnull=False).update(status=RunStatus.CANCELLED, finished_at=now)
    runs.filter(attempts__gte=settings.REPORT_MAX_ATTEMPTS).update(
        status=RunStatus.FAILED,
        finished_at=now,
        failure="The worker stopped three times while building this report. Ask SSERC to look at the server, then try again.",
    )
    return list(runs.order_by("pk").values_list("pk", flat=True))
