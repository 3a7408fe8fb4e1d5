"""Grants of an invented trust, from the invitation to the report, through the actions that real use goes through."""

import random
from datetime import date, timedelta

from django.db import transaction

from clusters.choices import GrantState, Topic
from clusters.models import SchoolGrant
from mentors import actions
from mentors.grants import fit_of

FUNDER = "Burnside Science Trust"
AMOUNT = 50_000
MOST_GRANTS = 30  # of a cohort go on from their invitation: enough for every list, and a second or two of building
# How far schools come, over and over: in a cohort that is over, and in one in its first year.
_OVER = [GrantState.REPORTED] * 5 + [GrantState.OVERDUE, GrantState.REPORTED, GrantState.DECLINED]
_RUNNING = [
    GrantState.PAID,
    GrantState.APPLIED,
    GrantState.INVITED,
    GrantState.AWARDED,
    GrantState.APPLIED,
    GrantState.PAID,
    GrantState.SPENT,
    GrantState.PAID,
]
_FOR = {
    Topic.FORCES: ("12 ramps, cars and force meters", "P5 to P7 measure how far cars roll on different surfaces"),
    Topic.ELECTRICITY: ("15 circuit kits with motors and buzzers", "P4 and P6 build circuits in pairs and draw them"),
    Topic.SOUND_LIGHT: (
        "Tuning forks, torches and a set of prisms",
        "P3 finds out what makes a sound louder or higher",
    ),
    Topic.LIVING_THINGS: ("Hand lenses, pots and a bug hotel", "P2 to P4 watch what lives in the school grounds"),
    Topic.BODY: ("A model skeleton and stethoscopes", "P5 counts heartbeats before and after exercise"),
    Topic.EARTH_SPACE: ("A rock collection and a globe with a lamp", "P6 explains day and night with the lamp"),
    Topic.MATERIALS: ("Filter funnels, beakers and a set of sieves", "P5 to P7 separate mixtures"),
    Topic.COMPUTING: ("Ten small programmable boards", "P6 and P7 write programs that measure the light in the room"),
    Topic.ENGINEERING: ("Two class sets of gears and pulleys", "P4 to P7 build bridges and cranes and test them"),
}
_OTHERWISE = ("Thermometers, magnets and measuring cylinders", "Every class takes them for its own investigations")
_REASON = "The cluster’s next session takes up what this school wants to begin with."
_DECLINED = "It is for chairs in the staff room. The grant is for resources that pupils use in their sciences."


@transaction.atomic
def give(programme, kind):
    """A scheme for a cohort: all its schools are invited, and the first of them go on."""
    cohort, today = programme.cohorts[kind], programme.today
    chooser = random.Random(f"{programme.seed} grants {kind}")  # noqa: S311  an invented programme, not a secret
    over = kind != "current"
    scheme = actions.make_scheme(
        funder=FUNDER,
        cohort=cohort,
        amount=AMOUNT,
        report_due_on=date(cohort.starts_on.year + 1, 6, 26) if over else None,
        report_weeks=None if over else 26,
        by=programme.staff,
    )
    days = _days(cohort, today, over)
    actions.invite_schools(scheme, by=programme.staff, on=days[0])
    grants = SchoolGrant.objects.filter(scheme=scheme).select_related("scheme__cohort", "school", "cluster")
    course = _OVER if over else _RUNNING
    turn = [cluster.pk for cluster in programme.clusters[kind]]
    first = sorted(grants, key=lambda grant: (turn.index(grant.cluster_id), grant.school.seed_code))[:MOST_GRANTS]
    for number, grant in enumerate(first):
        _go_on(programme, chooser, grant, course[number % len(course)], days)


def _days(cohort, today, over):
    """The days of the five steps: invited, applied, decided, paid, spent; evenly over what has passed of the cohort's first year."""
    passed = 250 if over else max((today - cohort.starts_on).days, 5)
    return [cohort.starts_on + timedelta(days=passed * step // 6) for step in range(1, 6)]


def _go_on(programme, chooser, grant, state, days):
    """Bring an invited school to this state."""
    head, staff = programme.heads[grant.school_id], programme.staff
    _, applied_on, decided_on, paid_on, spent_on = days
    if state == GrantState.INVITED:
        return
    topic = _topic(chooser, grant)
    bought, used = _FOR.get(topic, _OTHERWISE)
    asked = chooser.choice([AMOUNT, AMOUNT, AMOUNT, 48_000, 42_550])
    purpose = "New chairs for the staff room." if state == GrantState.DECLINED else f"{bought}. {used}."
    actions.apply_for(grant, asked=asked, purpose=purpose, topics=[topic], by=head, on=applied_on)
    if state == GrantState.APPLIED:
        return
    if state == GrantState.DECLINED:
        actions.decline(grant, decline_reason=_DECLINED, by=staff, on=decided_on)
        return
    actions.award(grant, awarded=asked, confirmed=True, match_reason=_REASON, by=staff, on=decided_on)
    if state == GrantState.AWARDED:
        return
    actions.pay(grant, paid=asked, paid_on=paid_on, by=staff, on=programme.today)
    if state in (GrantState.PAID, GrantState.OVERDUE):
        return
    spent = asked - chooser.choice([0, 0, 0, 350, 1_275])
    actions.write_down_spending(grant, spent=spent, bought=f"{bought}.", used=f"{used}.", by=head, on=spent_on)
    if state == GrantState.REPORTED:
        actions.hand_in_report(grant, by=head, on=spent_on + timedelta(days=3))


def _topic(chooser, grant):
    """Mostly a topic of the cluster's sessions, now and then another one."""
    held = [row.topic for row in fit_of(grant).others]
    known = [topic for topic in _FOR if (topic in held) == (chooser.random() < 0.8)]
    return chooser.choice(known or list(_FOR))
