"""Publishing a report and taking it back."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from clusters.choices import Role
from clusters.models import Person, RoleAssignment
from reports import tasks
from reports.actions.states import STATE_FIELDS, answered_between, change_state, check_closed, tell
from reports.analysis.versions import few_changed
from reports.choices import ReportState
from reports.models import KeyFindings, Report, ReportNotice


def people_to_tell(report):
    """The officers of the report's authority, who may open it once it is published; nobody for a whole cohort's report."""
    if report.authority_id is None:
        return Person.objects.none()
    today = timezone.localdate()
    held = RoleAssignment.objects.current(today).filter(role=Role.QIO, authority=report.authority_id)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("full_name", "pk")


def few_changed_since_published(report):
    """Whether a reader of what went out before could tell a few pupils' answers by subtracting it from this report."""
    if answered_between(report.cohort, report.built_at):
        return True
    went_out = Report.history.filter(cohort=report.cohort_id, place_key=report.place_key, state=ReportState.PUBLISHED)
    earlier = Report.objects.filter(kind=report.kind, pk__in=went_out.values("id")).exclude(pk=report.pk)
    return any(
        few_changed(other.results, report.results, settings.DISCLOSURE_MINIMUM_BASE, settings.DISCLOSURE_MINIMUM_CELL)
        for other in earlier
    )


@transaction.atomic
def publish_report(report, *, by, site, reason=""):
    """Approve a report and let the officers of its place see it; tells them by e-mail. A second click changes nothing.

    `reason` is needed when few pupils changed since a version that went out before, and is kept with the report.
    """
    check_closed(report.cohort)
    if not reason and few_changed_since_published(report):
        raise NotNow(
            "Only a few sheets or schools changed since something of this cohort was published. Whoever has both could work out "
            "those answers. Say why it must go out all the same, or publish everything anew."
        )
    _change_state(report, ReportState.PUBLISHED, by=by, reason=reason, site=site)


@transaction.atomic
def withdraw_report(report, *, by, site, reason):
    """Take a published report back, with its key findings: officers no longer see them and are told why. The files stay with SSERC."""
    if report.state == ReportState.DRAFT:
        raise NotNow("This report is a draft. Nobody outside SSERC and the evaluator has seen it.")
    _change_state(report, ReportState.WITHDRAWN, by=by, reason=reason, site=site)


def _change_state(report, state, *, by, reason, site):
    held = Report.objects.select_for_update().defer("results", "charts").get(pk=report.pk)
    if held.state == state:
        return
    now = timezone.now()
    change_state(held, state, at=now, by=by, state_reason=reason)
    with_page = _take_back_key_findings(held, at=now, by=by, reason=reason)
    report.refresh_from_db(fields=STATE_FIELDS)
    people = list(people_to_tell(held))
    ReportNotice.objects.bulk_create(
        ReportNotice(report=held, person=person, state=state, sent_at=now) for person in people
    )
    subject = f"{held.get_kind_display()} {state}: {held.cluster or held.authority}"
    for person in people:
        tell(person, subject=subject, text=_letter(held, site, with_page))
    record(f"report {state}", held, by=by, told=len(people))
    tasks.draw_trend.delay_on_commit(place_key=held.place_key)


def _take_back_key_findings(report, *, at, by, reason):
    """Whatever happens to a report, its key findings go out after it only by a new approval. Returns whether they were out."""
    found = KeyFindings.objects.select_for_update().filter(report=report, state=ReportState.PUBLISHED).first()
    if found is None:
        return False
    if report.state == ReportState.WITHDRAWN:
        change_state(found, ReportState.WITHDRAWN, at=at, by=by, state_reason=reason)
    else:
        change_state(found, ReportState.DRAFT, at=None, by=None, state_reason="")
    record("key findings taken back with their report", found, by=by)
    return True


def _letter(report, site, with_page):
    what = f"the {report.get_kind_display().lower()} on {report.cluster or report.authority}, {report.cohort}, version {report.version}"
    if report.state == ReportState.PUBLISHED:
        return f"{report.state_by} has published {what}:\n\n{site.rstrip('/')}{report.get_absolute_url()}\n"
    page = " Its key findings are withdrawn with it." if with_page else ""
    return f"{report.state_by} has withdrawn {what}. Please do not use it any longer.{page}\n\nThe reason: {report.state_reason}\n"
