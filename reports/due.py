"""What waits for a person in the evaluation (settings.DUE_ITEMS)."""

from datetime import timedelta

from django.urls import reverse

from clusters.access import Permission
from clusters.due import DueItem
from clusters.models import Cohort
from reports.choices import ReportState, RunStatus
from reports.models import Report, SchoolSheet, SheetSet
from reports.selection import open_wave
from surveys.choices import Audience, Moment
from surveys.models import Wave

SHEET_IS_NEW = timedelta(days=30)


def sheet_items(access, person, today):
    """Sheets to publish (staff), and the sheet of the own school while it is new (headteachers)."""
    if access.may(Permission.SHEET_MANAGE):
        ready = SheetSet.objects.filter(run__status=RunStatus.READY).defer("shared").select_related("cohort")
        seen = set()
        for sheet_set in ready:
            if sheet_set.cohort not in seen and sheet_set.state == ReportState.DRAFT:
                yield DueItem(
                    what=f"Look at the school sheets of {sheet_set.cohort} and publish them",
                    why="They are drafts. Headteachers see theirs when somebody has approved all.",
                    on=None,
                    address=sheet_set.get_absolute_url(),
                    button="Look at the sheets",
                )
            seen.add(sheet_set.cohort)
    own = SchoolSheet.objects.allowed_to(access, Permission.SHEET_VIEW).filter(
        school__in=access.places(Permission.SHEET_VIEW, "school"),
        sheet_set__state_since__date__gt=today - SHEET_IS_NEW,
    )
    schools = {}
    for sheet in own.newest_first().defer("results", "sheet_set__shared").select_related("school", "sheet_set__cohort"):
        schools.setdefault(sheet.school_id, sheet)
    for sheet in schools.values():
        yield DueItem(
            what=f"Read the sheet of {sheet.school}",
            why=f"What your pupils of {sheet.sheet_set.cohort} said, on one page, with a picture sheet for the wall.",
            on=None,
            address=sheet.get_absolute_url(),
            button="Read the sheet",
        )


def evaluation_items(access, person, today):
    """Plans to fix before a follow-up, and cohorts whose surveys are over and that have no report."""
    if access.may(Permission.PLAN_FIX):
        for wave in Wave.objects.filter(
            audience=Audience.PUPIL, moment=Moment.BASELINE, opened_at__isnull=False, cohort__analysis_plan__isnull=True
        ).select_related("cohort"):
            yield DueItem(
                what=f"Fix the analysis plan of {wave.cohort}",
                why="The cut and the questions are chosen before the pupils’ follow-up opens.",
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
