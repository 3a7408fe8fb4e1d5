"""What can be done in an evaluation: fix its plan, ask for a report, cancel one."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from reports import selection, tasks
from reports.choices import ReportKind, RunStatus
from reports.models import AnalysisPlan, ReportRun
from surveys.choices import Audience, Moment


def check_plan_open(cohort):
    """Raise NotNow when the plan can no longer be fixed or changed: the follow-up was opened, or a report was built."""
    follow_up = cohort.waves.filter(audience=Audience.PUPIL, moment=Moment.FOLLOW_UP, opened_at__isnull=False).first()
    if follow_up:
        opened = timezone.localtime(follow_up.opened_at)
        raise NotNow(f"The follow-up of {cohort} opened on {opened:%-d %B %Y}. Its plan is fixed for good.")


@transaction.atomic
def fix_plan(*, cohort, cut, item_set, seed, by, at=None, salt=None):
    """Fix what an evaluation will do, before its data can be seen. May be changed until the follow-up wave opens.

    `salt` is given only by the demonstration, which must come out alike for the same seed; else it is drawn once and kept.
    """
    check_plan_open(cohort)
    plan = AnalysisPlan.objects.filter(cohort=cohort).first() or AnalysisPlan(cohort=cohort)
    plan.cut, plan.item_set, plan.seed = cut, item_set, seed
    plan.fixed_by, plan.fixed_at = by, at or timezone.now()
    plan.salt = salt or plan.salt
    plan._history_user = by
    plan.save()
    record("plan fixed", plan, by=by, cut=str(cut), seed=seed, item_set=item_set)
    return plan


def check_report_may_be_asked(cohort):
    """Raise NotNow while the cohort has no plan, or while somebody may still answer."""
    if not AnalysisPlan.objects.filter(cohort=cohort).exists():
        raise NotNow(f"{cohort} has no analysis plan yet. Fix its plan first.")
    open_wave = selection.open_wave(cohort, timezone.localdate())
    if open_wave:
        raise NotNow(f"“{open_wave}” is still open. Nobody sees answers while a survey is open.")


def request_report(*, cohort, place_kind, by, authority=None, cluster=None):
    """Ask for a report. Asking again about the same data answers with the same run, however often. Returns (run, made)."""
    check_report_may_be_asked(cohort)
    key = selection.run_key(ReportKind.EVALUATION, cohort, place_kind, authority, cluster)
    existing = ReportRun.objects.filter(key=key, status__in=[RunStatus.WAITING, RunStatus.RUNNING, RunStatus.READY])
    if found := existing.first():
        return found, False
    try:
        with transaction.atomic():
            run = ReportRun.objects.create(
                kind=ReportKind.EVALUATION,
                place_kind=place_kind,
                cohort=cohort,
                authority=cluster.authority if cluster else authority,
                cluster=cluster,
                key=key,
                requested_by=by,
            )
            record("report asked for", run, by=by)
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
