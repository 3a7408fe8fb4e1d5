"""What waits in sessions and grants (settings.DUE_ITEMS)."""

from datetime import timedelta

from django.urls import reverse

from clusters.access import Permission
from clusters.choices import GrantState
from clusters.due import DueItem
from clusters.models import SchoolGrant
from mentors.models import LearningSession
from mentors.wording import day
from pcp.templatetags.ui import pounds

QUIET_FOR = timedelta(days=28)


def session_items(access, person, today):
    """A mentor whose cluster has logged nothing for four weeks is asked whether there was a session."""
    for cluster in access.places(Permission.SESSION_LOG, "cluster"):
        last = (
            LearningSession.objects.filter(cluster=cluster)
            .order_by("-held_on")
            .values_list("held_on", flat=True)
            .first()
        )
        if last and last >= today - QUIET_FOR:
            continue
        since = f"The last one logged was on {last:%-d %B %Y}." if last else "None has been logged yet."
        yield DueItem(
            what="Log your latest session",
            why=f"{since} It takes about a minute.",
            on=None,
            address=reverse("session-new"),
            button="Log a session",
        )


def grant_items(access, person, today):
    """Grants to decide on, to pay, and reports that are overdue (staff); the own school's next step (headteachers)."""
    if access.everywhere(Permission.GRANT_MANAGE):
        yield from _grants_of_all(today)
    schools = access.places(Permission.GRANT_APPLY, "school")
    if schools:
        yield from _grants_of_schools(schools, today)


_FOR_STAFF = {
    GrantState.APPLIED: ("applied_on", "grant application waits", "grant applications wait", "Decide"),
    GrantState.AWARDED: ("decided_on", "awarded grant is not paid", "awarded grants are not paid", "Look"),
    GrantState.OVERDUE: ("report_due_on", "grant report is overdue", "grant reports are overdue", "Look"),
}


def _grants_of_all(today):
    """One item for each kind, so that a cohort's applications do not bury everything else."""
    waiting = {state: [] for state in _FOR_STAFF}
    grants = SchoolGrant.objects.with_state(today).filter(state__in=_FOR_STAFF)
    for grant in grants.select_related("school", "scheme__cohort"):
        waiting[grant.state].append(grant)
    for state, (since, one, many, button) in _FOR_STAFF.items():
        if found := sorted(waiting[state], key=lambda grant: (getattr(grant, since), grant.pk)):
            first = getattr(found[0], since)
            late = state == GrantState.OVERDUE
            alone = len(found) == 1
            why = f"It was due on {day(first)}." if late else f"Since {day(first)}."
            why = why if alone else f"The first {'was due on' if late else 'since'} {day(first)}."
            yield DueItem(
                what=f"{found[0].school}: {one}" if alone else f"{len(found)} {many}",
                why=why,
                on=first if late else None,
                address=found[0].get_absolute_url() if alone else f"{reverse('grant-list')}?state={state}",
                button=button,
            )


def _grants_of_schools(schools, today):
    grants = SchoolGrant.objects.filter(school__in=schools, reported_on__isnull=True)
    for grant in grants.select_related("school", "scheme__cohort"):
        if grant.last_step == GrantState.INVITED:
            yield DueItem(
                what=f"Apply for the grant of {grant.scheme.funder}",
                why=f"{grant.school}: usually {pounds(grant.scheme.amount)}. Say what you will buy and what for.",
                on=None,
                address=reverse("grant-apply", args=[grant.pk]),
                button="Apply",
            )
        elif grant.last_step in (GrantState.PAID, GrantState.SPENT):
            written = grant.last_step == GrantState.SPENT
            yield DueItem(
                what="Hand in the report on the grant" if written else "Say what the grant was spent on",
                why=f"{grant.school}: {pounds(grant.paid)} of {grant.scheme.funder}. The report is due on {day(grant.report_due_on)}.",
                on=grant.report_due_on,
                address=reverse("grant-report" if written else "grant-spend", args=[grant.pk]),
                button="Hand it in" if written else "Write it down",
            )
