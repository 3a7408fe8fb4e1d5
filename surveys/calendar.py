"""When each survey of adults is usually open, counted from the mentors' first residential.

Mentors are asked before and about nine months later; teachers in the autumn in which it begins; headteachers and teachers again 13 to
16 months after the mentors' first professional learning (the timings of the programme's published evaluation). Pupils are asked in one
school year, by the school's own calendar: for them there is no usual day.
"""

from datetime import timedelta

from clusters.choices import MilestoneKind
from clusters.models import Milestone
from surveys.choices import Audience, Moment

# (first day, last day), in days from the first residential of the cohort's first cluster
_USUAL = {
    (Audience.MENTOR, Moment.BASELINE): (-14, -1),
    (Audience.MENTOR, Moment.FOLLOW_UP): (274, 295),
    (Audience.TEACHER, Moment.BASELINE): (0, 21),
    (Audience.TEACHER, Moment.FOLLOW_UP): (396, 424),
    (Audience.HEAD, Moment.ONCE): (396, 424),
}


def usual_days(cohort, audience, moment):
    """The usual first and last day of a survey in a cohort, or None: for pupils, and while no first residential is on record."""
    days = _USUAL.get((audience, moment))
    first = (
        Milestone.objects.filter(participation__cohort=cohort, kind=MilestoneKind.RESIDENTIAL_1).order_by("on").first()
    )
    if days is None or first is None:
        return None
    return tuple(first.on + timedelta(days=number) for number in days)
