"""Makers of grant schemes and of grants that have come to a step, through the actions that people use."""

from datetime import date

from clusters.choices import GrantState
from clusters.models import SchoolGrant
from mentors import actions
from tests import make

INVITED = date(2025, 9, 1)
APPLIED = date(2025, 9, 10)
DECIDED = date(2025, 9, 20)
PAID = date(2025, 10, 1)
DUE = date(2026, 3, 31)
SPENT = date(2026, 2, 1)
REPORTED = date(2026, 2, 2)
_ORDER = [
    GrantState.INVITED,
    GrantState.APPLIED,
    GrantState.AWARDED,
    GrantState.PAID,
    GrantState.SPENT,
    GrantState.REPORTED,
]


def scheme(cohort, funder="Burnside Trust", amount=50_000, report_due_on=DUE, report_weeks=None, by=None):
    """A scheme of £500 a school whose reports are due on 31 March 2026."""
    return actions.make_scheme(
        funder=funder,
        cohort=cohort,
        amount=amount,
        report_due_on=report_due_on,
        report_weeks=report_weeks,
        by=by or make.person(staff=True),
    )


def applied(grant, by, topics=("forces",), asked=50_000, purpose="Ramps and cars", on=APPLIED):
    """An application for £500, for forces."""
    return actions.apply_for(grant, asked=asked, purpose=purpose, topics=list(topics), by=by, on=on)


def awarded(grant, by, amount=50_000, reason="Its first session comes in May", on=DECIDED):
    """An award, confirmed where topics match and with a reason where they do not."""
    return actions.award(grant, awarded=amount, confirmed=True, match_reason=reason, by=by, on=on)


def grant(scheme, school, state=GrantState.INVITED, *, by=None, topics=("forces",)):
    """The grant of a school, brought to this state; all eligible schools of the scheme are invited."""
    by = by or make.person(staff=True)
    actions.invite_schools(scheme, by=by, on=INVITED)
    made = SchoolGrant.objects.get(scheme=scheme, school=school)
    if state == GrantState.DECLINED:
        return actions.decline(applied(made, by, topics), decline_reason="It is for a staff room", by=by, on=DECIDED)
    steps = [
        lambda: made,
        lambda: applied(made, by, topics),
        lambda: awarded(made, by),
        lambda: actions.pay(made, paid=50_000, paid_on=PAID, by=by, on=PAID),
        lambda: actions.write_down_spending(
            made, spent=48_050, bought="12 ramps", used="P5 measures how far cars roll", by=by, on=SPENT
        ),
        lambda: actions.hand_in_report(made, by=by, on=REPORTED),
    ]
    for step in steps[: _ORDER.index(state) + 1]:
        made = step()
    return made
