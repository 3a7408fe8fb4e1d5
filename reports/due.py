"""What waits for a person in the evaluation (settings.DUE_ITEMS)."""

from django.urls import reverse

from clusters.access import Permission
from clusters.due import DueItem
from clusters.models import Cohort
from reports.choices import ReportState
from reports.models import Report
from reports.selection import open_wave
from surveys.choices import Audience, Moment
from surveys.models import Wave


def evaluation_items(access, person, today):
    """Plans to fix before a follow-up, and cohorts whose surveys are over and that have no report."""
    if access.may(Permission.PLAN_FIX):
        for wave in Wave.objects.filter(
            audience=Audience.PUPIL, moment=Moment.BASELINE, opened_at__isnull=False, cohort__analysis_plan__isnull=True
        ).select_related("cohort"):
            yield DueItem(
                what=f"Fix the analysis plan of {wave.cohort}",
                why="The cut and the questions are chosen before the pupils' follow-up opens.",
                on=None,
                address=reverse("plan-fix", args=[wave.cohort.slug]),
                button="Fix the plan",
            )
    if access.may(Permission.REPORT_PUBLISH):
        drafts = Report.objects.marked(Report.objects.all()).filter(state=ReportState.DRAFT, superseded=False)
        for report in drafts.defer("results", "charts").select_related("cohort", "authority", "cluster"):
            yield DueItem(
                what=f"Read and publish the report on {report.cluster or report.authority or report.cohort}",
                why="It is a draft. Officers see it when somebody has approved it.",
                on=None,
                address=report.get_absolute_url(),
                button="Read the report",
            )
    if access.may(Permission.REPORT_REQUEST):
        followed_up = Cohort.objects.filter(
            waves__audience=Audience.PUPIL, waves__moment=Moment.FOLLOW_UP, waves__opened_at__isnull=False
        ).exclude(pk__in=Report.objects.values("cohort"))
        for cohort in followed_up.filter(analysis_plan__isnull=False).distinct():
            if open_wave(cohort, today) is None:
                yield DueItem(
                    what=f"Make the report of {cohort}",
                    why="Its surveys are over, and no report has been built.",
                    on=None,
                    address=f"{reverse('report-request')}?cohort={cohort.slug}",
                    button="Make the report",
                )
