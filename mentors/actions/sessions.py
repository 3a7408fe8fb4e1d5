"""What can be done to learning sessions. Every action takes `by`, the person who does it, and today's date where it matters."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from clusters.models import ClusterMembership, RoleAssignment
from mentors.models import Attendance, Came, LearningSession
from mentors.wording import counted, day

UNDO_WITHIN = timedelta(minutes=10)
SHORTEST, LONGEST = 10, 600  # minutes
MOST_FROM_ONE_SCHOOL = 200


class Refused(NotNow):
    """A session that may not be logged so. `field` is the part that is wrong: "day", "length" or a school's primary key."""

    def __init__(self, reason, field=None):
        super().__init__(reason)
        self.field = field


def log_session(*, cluster, held_on, minutes, mode, topic, leader, note, came, submission, by, today):
    """Store a session once and return it.

    `came` is {school's primary key: Came}; `submission` the UUID of the form. The same submission again returns the session that
    is there already; with other facts it raises NotNow, so that a correction is never lost in silence. Raises Refused.
    """
    facts = {"held_on": held_on, "minutes": minutes, "mode": mode, "topic": topic, "leader": leader, "note": note}
    already = LearningSession.objects.filter(submission=submission).first()
    if already:
        return _same_again(already, cluster=cluster, facts=facts, came=came, by=by)
    check_session(cluster=cluster, held_on=held_on, minutes=minutes, came=came, today=today)
    try:
        with transaction.atomic():
            session = LearningSession(cluster=cluster, submission=submission, logged_by=by, **facts)
            session._history_user = by
            session.save()
            _write_attendance(session, came, by=by)
            record("session logged", session, by=by, **_counts(came))
    except IntegrityError:  # the other half of a double tap was quicker
        already = LearningSession.objects.filter(submission=submission).first()
        if not already:
            raise
        return _same_again(already, cluster=cluster, facts=facts, came=came, by=by)
    return session


@transaction.atomic
def change_session(session, *, held_on, minutes, mode, topic, leader, note, came, by, today):
    """Correct a session; what it said before stays in its history. Raises Refused."""
    check_session(
        cluster=session.cluster, held_on=held_on, minutes=minutes, came=came, today=today, known=_came_of(session)
    )
    facts = {"held_on": held_on, "minutes": minutes, "mode": mode, "topic": topic, "leader": leader, "note": note}
    if any(getattr(session, name) != value for name, value in facts.items()):
        for name, value in facts.items():
            setattr(session, name, value)
        session._history_user = by
        session.save()
    _write_attendance(session, came, by=by)
    record("session changed", session, by=by, **_counts(came))
    return session


@transaction.atomic
def delete_session(session, *, by, reason=""):
    """Take a session out of every count. Its history stays, with the reason."""
    record("session deleted", session, by=by, **_counts(_came_of(session)))
    session._history_user = by
    session._change_reason = reason
    session.delete()


def may_undo(session, person, now):
    """Whether this person may still take back the session with one tap: who logged it, within ten minutes."""
    return session.logged_by_id == person.pk and now - session.logged_at <= UNDO_WITHIN


def undo_session(session, *, by, now=None):
    """Take back a session that `by` has just logged. Raises NotNow after ten minutes."""
    if not may_undo(session, by, now or timezone.now()):
        raise NotNow("It was logged more than ten minutes ago, so one tap no longer takes it back. You can delete it.")
    delete_session(session, by=by, reason="undone")


def check_session(*, cluster, held_on, minutes, came, today, known=None):
    """Raise Refused, with a sentence for the person who asked, when a session cannot be logged so.

    `known` ({school's primary key: Came}) is what a session already says: those schools and people need not belong today.
    """
    known = known or {}
    if held_on > today:
        raise Refused("A session that has not happened yet cannot be logged.", "day")
    memberships = ClusterMembership.objects.filter(cluster=cluster)
    began_on = memberships.aggregate(first=Min("starts_on"))["first"]
    if began_on is None:
        raise Refused(f"{cluster} has no schools yet, so nobody can be counted.")
    if held_on < began_on:
        raise Refused(f"{cluster} began on {day(began_on)}: an earlier session cannot be logged for it.", "day")
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused("A session lasts between 10 minutes and 10 hours (600 minutes).", "length")
    if not came:
        raise Refused("Nobody came: give a head-count for at least one school.")
    members = set(memberships.current(held_on).filter(school__in=came).values_list("school", flat=True))
    for school_id in came.keys() - members - known.keys():
        raise Refused(f"This school was not in {cluster} on {day(held_on)}.", school_id)
    for school_id, one in came.items():
        _check_school(school_id, one, known.get(school_id, Came(0)))


def _check_school(school_id, one, known):
    if not 1 <= one.headcount <= MOST_FROM_ONE_SCHOOL:
        raise Refused(f"Give a head-count from 1 to {MOST_FROM_ONE_SCHOOL}, or leave it empty.", school_id)
    if len(one.named) > one.headcount:
        named = counted(len(one.named), "teacher is", "teachers are")
        raise Refused(f"{named} named, so the head-count cannot be {one.headcount}.", school_id)
    strangers = set(one.named) - set(known.named)
    if strangers:
        there = RoleAssignment.objects.filter(school=school_id, person__in=strangers)
        if strangers - set(there.values_list("person", flat=True)):
            raise Refused("Name only people of this school.", school_id)


def _same_again(already, *, cluster, facts, came, by):
    if already.logged_by_id != by.pk or already.cluster_id != cluster.pk:
        raise NotNow("This form has been used before. Please open a new one.")
    same = all(getattr(already, name) == value for name, value in facts.items())
    if not same or _came_of(already) != _in_order(came):
        raise NotNow(
            f"This form is saved already, as “{already}”, and what you changed since is not. "
            "Open that session under Sessions and change it there."
        )
    return already


def _came_of(session):
    return _in_order(
        {
            row.school_id: Came(row.headcount, tuple(person.pk for person in row.named.all()))
            for row in session.attendances.prefetch_related("named")
        }
    )


def _in_order(came):
    return {school_id: Came(one.headcount, tuple(sorted(one.named))) for school_id, one in came.items()}


def _counts(came):
    return {"schools": len(came), "teachers": sum(one.headcount for one in came.values())}


def _write_attendance(session, came, *, by):
    """Make the rows say exactly what `came` says, touching only those that differ, so that history holds real changes."""
    rows = {row.school_id: row for row in session.attendances.prefetch_related("named")}
    for school_id in rows.keys() - came.keys():
        rows[school_id]._history_user = by
        rows[school_id].delete()
    for school_id, one in came.items():
        row = rows.get(school_id) or Attendance(session=session, school_id=school_id)
        row._history_user = by
        if row.headcount != one.headcount:
            row.headcount = one.headcount
            row.save()
        if {person.pk for person in row.named.all()} != set(one.named):
            row.named.set(one.named)
