"""Makers of sessions, through the action that mentors use."""

import uuid
from datetime import date

from mentors import actions
from mentors.models import Came

TODAY = date(2026, 3, 2)


def session(cluster, came, by, held_on=date(2026, 2, 11), minutes=90, today=TODAY, **fields):
    """A session of a cluster. `came` is {school: head-count} or {school: Came}."""
    said = {"mode": "twilight", "topic": "forces", "leader": "mentor", "note": "", "submission": uuid.uuid4()} | fields
    return actions.log_session(
        cluster=cluster,
        held_on=held_on,
        minutes=minutes,
        came={school.pk: one if isinstance(one, Came) else Came(one) for school, one in came.items()},
        by=by,
        today=today,
        **said,
    )
