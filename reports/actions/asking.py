"""Asking for a report, for a cohort's data or for its school sheets, and cancelling."""

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from reports import selection, tasks
from reports.actions.states import check_closed
from reports.choices import PlaceKind, ReportKind, RunStatus
from reports.models import AnalysisPlan, ReportRun
from reports.wording import in_words

ASKED = {ReportKind.EXPORT: "data asked for", ReportKind.SHEETS: "school sheets asked for"}


class NoPlan(NotNow):
    """The `cohort` has no analysis plan yet."""

    def __init__(self, cohort):
        super().__init__(f"{cohort} has no analysis plan yet. Fix its plan first.")
        self.cohort = cohort


def check_report_may_be_asked(cohort):
    """Raise NotNow (NoPlan) while the cohort has no plan, and NotNow while somebody may still answer."""
    if not AnalysisPlan.objects.filter(cohort=cohort).exists():
        raise NoPlan(cohort)
    check_closed(cohort)


def check_place_may_be_reported(cohort, *, authority=None, cluster=None):
    """Raise NotNow for a cluster or an authority of so few schools in the cohort that one of them could be told by its report.

    A cohort has its report however few schools it has: nothing larger contains it.
    """
    place, needed = cluster or authority, settings.DISCLOSURE_PLACE_SCHOOLS
    if place is None or (schools := _schools_asked(cohort, authority, cluster)) >= needed:
        return
    larger = "the report on the whole cohort"
    if cluster and _schools_asked(cohort, cluster.authority, None) >= needed:
        larger = f"the reports on {cluster.authority} and on the whole cohort"
    raise NotNow(
        f"{place} has {in_words(schools)} school{'' if schools == 1 else 's'} in {cohort}. A report of its own needs "
        f"{in_words(needed)}, so that no school can be told by it. Its answers are in {larger}."
    )


def _schools_asked(cohort, authority, cluster):
    """How many schools of a place were asked anything in the cohort."""
    asked = selection.wave_schools_of(cohort)
    asked = asked.filter(cluster=cluster) if cluster else asked.filter(cluster__authority=authority)
    return asked.values("school").distinct().count()


def request_report(*, cohort, place_kind, by, authority=None, cluster=None, tell_from=""):
    """Ask for a report. Asking again about the same data answers with the same run, however often. Returns (run, made).

    `tell_from` is the site's address ("https://pcp.example.org/") when `by` wants an e-mail at the end, else "".
    """
    check_report_may_be_asked(cohort)
    check_place_may_be_reported(cohort, authority=authority, cluster=cluster)
    return _ask(ReportKind.EVALUATION, cohort, place_kind, by, tell_from, authority=authority, cluster=cluster)


def request_export(*, cohort, by, tell_from=""):
    """Ask for a cohort's de-identified data; as `request_report`. Returns (run, made)."""
    check_answers_may_be_used(cohort)
    return _ask(ReportKind.EXPORT, cohort, PlaceKind.COHORT, by, tell_from)


def request_sheets(*, cohort, by, tell_from=""):
    """Ask for the sheets of all schools of a cohort; as `request_report`. Returns (run, made)."""
    check_answers_may_be_used(cohort)
    return _ask(ReportKind.SHEETS, cohort, PlaceKind.COHORT, by, tell_from)


def check_answers_may_be_used(cohort):
    """Raise NotNow as `check_report_may_be_asked` does, and while no pupil has answered."""
    check_report_may_be_asked(cohort)
    if not selection.pupil_responses_of(cohort).exists():
        raise NotNow(f"No pupil of {cohort} has answered yet. There is nothing to make anything of.")


def _ask(kind, cohort, place_kind, by, tell_from, *, authority=None, cluster=None):
    key = selection.run_key(kind, cohort, place_kind, authority, cluster)
    existing = ReportRun.objects.filter(key=key, status__in=[RunStatus.WAITING, RunStatus.RUNNING, RunStatus.READY])
    if found := existing.first():
        return found, False
    try:
        with transaction.atomic():
            run = ReportRun.objects.create(
                kind=kind,
                place_kind=place_kind,
                cohort=cohort,
                authority=cluster.authority if cluster else authority,
                cluster=cluster,
                key=key,
                requested_by=by,
                tell_from=tell_from,
            )
            record(ASKED.get(kind, "report asked for"), run, by=by)
            tasks.build_report.delay_on_commit(run_id=run.pk)
    except IntegrityError:
        # Somebody asked at the same moment; the database kept one of us.
        return existing.get(), False
    return run, True


@transaction.atomic
def cancel_run(run, *, by):
    """Cancel a run: at once while it waits, at its next step while it runs. One that has ended stays as it is."""
    now = timezone.now()
    stopped = ReportRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(cancel_asked_at=now)
    stopped += ReportRun.objects.filter(pk=run.pk, status=RunStatus.WAITING).update(
        status=RunStatus.CANCELLED, cancel_asked_at=now, finished_at=now
    )
    if stopped:
        record("report cancelled", run, by=by)
    run.refresh_from_db()
    return run
