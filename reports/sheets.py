"""How the school sheets of a cohort are made: counted together, then drawn one school at a time, each by a task of its own.

Whether a school may show a table depends on the other schools (`analysis.school_sheets`), so the run counts and hides for all of
them at once and stores a row for each. A task takes its row by a conditional UPDATE, as a run is taken: a message that comes twice
makes nothing twice, and what a killed worker left is taken up by the sweep, which sends a message for every sheet that is not made.
The run is ready with its last sheet; until then nobody sees any of them.
"""

import hashlib
import logging
import uuid

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from clusters.audit import record
from reports import extracts, runs
from reports.analysis import ANALYSIS_VERSION
from reports.analysis.pipeline import library_versions
from reports.analysis.school_sheets import school_sheets
from reports.building import plan_of
from reports.choices import RunStatus
from reports.documents.sheets import picture_pdf, sheet_pdf
from reports.models import ReportRun, SchoolSheet, SheetFile, SheetSet
from reports.presentation.picture import present_picture
from reports.presentation.sheet import present_sheet, shares_of
from reports.reading import invented
from reports.runs import move_on
from reports.selection import wave_schools_of

log = logging.getLogger("reports")


def build(run):
    """Count for all schools of a claimed run and store a row for each. Returns the ids of the sheets that are left to make."""
    forget_unfinished()
    found = SheetSet.objects.filter(run=run).first()
    if found is None:
        move_on(run, 1)
        data = extracts.evaluation_data(run.cohort)
        move_on(run, 2)
        plan = plan_of(run)
        found = _store_figures(run, plan, school_sheets(data, plan))
    move_on(run, 3)
    left = list(found.sheets.exclude(status=RunStatus.READY).order_by("pk").values_list("pk", flat=True))
    if not left:
        with runs.ending(run):
            _record(run, found)
    return left


def forget_unfinished():
    """Remove what was counted for runs that were cancelled or failed: half a set is of no use to anybody."""
    SheetSet.objects.filter(run__status__in=[RunStatus.CANCELLED, RunStatus.FAILED]).delete()


def _store_figures(run, plan, figures):
    salt = run.cohort.analysis_plan.salt
    asked = {}
    for row in wave_schools_of(run.cohort).order_by("wave__opens_on", "pk").select_related("school", "cluster"):
        asked.setdefault(row.school_id, row)  # as the extract has it: where it was first asked
    shared = {key: figures[key] for key in ("questions", "noise", "cohort")} | {
        "title": str(run.cohort),
        "fieldwork": plan.scope["fieldwork"],
        "made_on": timezone.localdate().isoformat(),
        "until": run.cohort.waves.aggregate(last=Max("closes_on"))["last"].isoformat(),
        "rule": plan.rules.rule,
        "minimum_base": plan.rules.minimum_base,
        "small_cell": plan.rules.small_cell,
        "data_hash": figures["data_hash"],
        "analysis_version": ANALYSIS_VERSION,
        "libraries": library_versions(),
        "version": 1 + max(filter(None, run.cohort.sheet_sets.values_list("shared__version", flat=True)), default=0),
        "invented": invented({"scope": plan.scope}),
    }
    with transaction.atomic():
        move_on(run, 2)
        found = SheetSet.objects.create(
            run=run,
            cohort=run.cohort,
            shared=shared,
            data_hash=figures["data_hash"],
            analysis_version=ANALYSIS_VERSION,
            made_at=timezone.now(),
        )
        SchoolSheet.objects.bulk_create(
            SchoolSheet(
                sheet_set=found,
                school=row.school,
                results={
                    "school": str(row.school),
                    "cluster": str(row.cluster),
                    "own": own,
                    "around": figures["clusters"][extracts.pseudonym("cluster", salt, row.cluster_id)],
                },
                shown=len(shares_of(own)),
            )
            for row in asked.values()
            for own in [figures["schools"][extracts.pseudonym("school", salt, row.school.key)]["figures"]]
        )
    return found


def renderings(results, shared):
    """Both files of one school: {"sheet", "picture": bytes}. The same figures give the same bytes."""
    return {
        "sheet": sheet_pdf(present_sheet(results, shared), shared),
        "picture": picture_pdf(present_picture(results, shared), shared),
    }


def make(sheet_id):
    """Make the sheet of one school. Does nothing when somebody else makes it, or when its run has ended."""
    sheet = _claim(sheet_id)
    if sheet is None:
        return
    run = sheet.sheet_set.run
    try:
        _store(sheet, renderings(sheet.results, sheet.sheet_set.shared))
    except runs.Stopped:
        log.info("sheet %s stopped", sheet.pk)
        if runs.stop_if_asked(ReportRun.objects.filter(pk=run.pk)):
            forget_unfinished()
    except OperationalError:
        log.exception("sheet %s lost the database; the sweep will take it up again", sheet.pk)
        raise
    except Exception:
        log.exception("sheet %s failed", sheet.pk)
        run.refresh_from_db()
        runs.fail(run, f"The sheet of one school could not be made. {runs.WHAT_TO_DO}: sheet {sheet.pk}.")
        forget_unfinished()


def _claim(sheet_id):
    """Take one school's row for this attempt, or None."""
    run = ReportRun.objects.filter(sheet_set__sheets=sheet_id, status=RunStatus.RUNNING)
    if runs.stop_if_asked(run):
        forget_unfinished()
    now, claim = timezone.now(), uuid.uuid4()
    free = Q(status=RunStatus.WAITING) | Q(
        status=RunStatus.RUNNING, claimed_at__lt=now - settings.REPORT_HEARTBEAT_LIMIT
    )
    taken = SchoolSheet.objects.filter(free, pk=sheet_id, sheet_set__run__status=RunStatus.RUNNING).update(
        status=RunStatus.RUNNING, claim=claim, claimed_at=now
    )
    if not taken:
        return None
    run.update(heartbeat_at=now)
    return SchoolSheet.objects.select_related("sheet_set__run__cohort", "sheet_set__run__requested_by").get(pk=sheet_id)


def _store(sheet, contents):
    """Keep the files of one school; with the last one the run is ready."""
    with transaction.atomic():
        # The row of the run is held to the end, so that of two last sheets one sees the other.
        run = (
            ReportRun.objects.select_for_update()
            .filter(pk=sheet.sheet_set.run_id, status=RunStatus.RUNNING, cancel_asked_at__isnull=True)
            .first()
        )
        mine = SchoolSheet.objects.filter(pk=sheet.pk, claim=sheet.claim, status=RunStatus.RUNNING)
        if run is None or not mine.update(status=RunStatus.READY):
            raise runs.Stopped
        SheetFile.objects.bulk_create(
            SheetFile(sheet=sheet, name=name, content=content, sha256=hashlib.sha256(content).hexdigest())
            for name, content in contents.items()
        )
        # Whoever makes a sheet is alive: the count of killed workers begins again.
        ReportRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now(), attempts=1)
        if not sheet.sheet_set.sheets.exclude(status=RunStatus.READY).exists():
            runs.finish(sheet.sheet_set.run)
            _record(run, sheet.sheet_set)


def _record(run, sheet_set):
    record("school sheets made", sheet_set, by=run.requested_by, run=run.pk, schools=sheet_set.sheets.count())
