"""Work for the queue: ids in, one call out. The worker modules are imported here and not above, because they load numpy and more."""

from celery import shared_task
from django.utils import timezone


@shared_task
def build_report(*, run_id):
    """Build the report of one run."""
    from reports.jobs import build

    build(run_id)


@shared_task
def resume_stale_reports():
    """Take up again every run whose worker was killed or whose message was lost."""
    from reports.runs import stale_runs

    for run_id in stale_runs(timezone.now()):
        build_report.delay(run_id=run_id)
