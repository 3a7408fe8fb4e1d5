"""Work for the queue: ids in, one call out. The worker modules are imported here and not above, because they load numpy and more."""

from celery import shared_task
from django.utils import timezone


@shared_task
def build_report(*, run_id):
    """Build the report of one run."""
    from reports.jobs import build

    for sheet_id in build(run_id):
        make_school_sheet.delay(sheet_id=sheet_id)


@shared_task
def make_school_sheet(*, sheet_id):
    """Make the sheet of one school."""
    from reports.sheets import make

    make(sheet_id)


@shared_task
def draw_trend(*, place_key):
    """Put the published reports of one place side by side, cohort by cohort."""
    from reports.trends import draw

    draw(place_key)


@shared_task
def resume_stale_reports():
    """Take up again every run whose worker was killed or whose message was lost."""
    from reports.runs import stale_runs

    for run_id in stale_runs(timezone.now()):
        build_report.delay(run_id=run_id)


@shared_task
def forget_erased_answers():
    """What was kept for a second question about a cohort goes when its answers are erased."""
    from reports.selection import forget_erased

    forget_erased()
