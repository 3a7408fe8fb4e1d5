"""Learning sessions that the mentors held and logged."""

import uuid
from datetime import timedelta

from django.db import transaction

from clusters.choices import Topic
from mentors.actions import log_session
from mentors.choices import Leader, Mode
from mentors.models import Came

_LENGTHS = [45, 60, 60, 90, 90, 90, 120, 300]
_NOTES = [
    "",
    "",
    "Most asked for the circuit boxes again.",
    "Good talk about how to group pupils. Next time bring more magnets.",
    "Two schools want to plan a science day together.",
    "Ran out of time for the last activity.",
]


@transaction.atomic
def hold_sessions(programme, kind, most):
    """Up to `most` sessions for each cluster of a cohort, from its first residential to its last day or nearly today.

    In the cohort in progress nothing has been logged for a month, so that its mentors have a session to log.
    """
    chooser, cohort = programme.chooser, programme.cohorts[kind]
    first_on = cohort.starts_on + timedelta(days=50)
    last_on = min(cohort.ends_on, programme.today - timedelta(days=32 if kind == "current" else 2))
    if last_on < first_on:
        return
    days = max((last_on - first_on).days, 1)
    most = min(most, max(days // 7, 1))
    for cluster in programme.clusters[kind]:
        schools = programme.schools[cluster.pk]
        never = schools[-1] if len(schools) > 4 else None  # one school that nobody has come from yet
        for _ in range(chooser.randrange(max(most // 2, 1), most + 1)):
            held_on = first_on + timedelta(days=chooser.randrange(days))
            while held_on.weekday() > 4 or held_on.month == 7:
                held_on -= timedelta(days=1)
            if held_on < first_on:
                continue
            mode = chooser.choice(list(Mode))
            came = {
                school.pk: Came(chooser.randrange(1, max(2, min(round(school.teachers or 6), 9)) + 1))
                for school in schools
                if school is not never and chooser.random() < (0.25 if mode == Mode.IN_SCHOOL else 0.6)
            }
            if not came:
                continue
            log_session(
                cluster=cluster,
                held_on=held_on,
                minutes=chooser.choice(_LENGTHS),
                mode=mode,
                topic=chooser.choice(list(Topic)),
                leader=chooser.choices(list(Leader), [8, 2, 1])[0],
                note=chooser.choice(_NOTES),
                came=came,
                submission=uuid.UUID(int=chooser.getrandbits(128), version=4),
                by=chooser.choice(programme.mentors[cluster.pk]),
                today=programme.today,
            )
