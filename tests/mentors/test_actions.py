"""Logging, correcting, deleting and taking back a session: what is refused, and what is kept."""

import uuid
from datetime import date, timedelta

import pytest

from clusters.actions import NotNow
from clusters.models import Cluster, ClusterMembership, NamedEvent
from mentors.actions import sessions as actions
from mentors.models import Attendance, Came, LearningSession
from tests import make
from tests.mentors.making import TODAY, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor(world):
    return world.people["mentor"]


def test_log_session_stores_who_came_and_an_event_without_names(world, mentor):
    teacher = world.people["teacher"]

    logged = session(world.own_cluster, {world.own_school: Came(3, (teacher.pk,)), world.second_school: 2}, by=mentor)

    rows = {row.school: row for row in logged.attendances.all()}
    assert {school: row.headcount for school, row in rows.items()} == {world.own_school: 3, world.second_school: 2}
    assert list(rows[world.own_school].named.all()) == [teacher]
    event = NamedEvent.objects.get(event="session logged")
    assert (event.by, event.detail) == (mentor, {"schools": 2, "teachers": 5})


def test_same_submission_is_stored_once(world, mentor):
    submission = uuid.uuid4()

    first = session(world.own_cluster, {world.own_school: 3}, by=mentor, submission=submission)
    second = session(world.own_cluster, {world.own_school: 3}, by=mentor, submission=submission)

    assert first == second
    assert LearningSession.objects.count() == 1
    assert Attendance.objects.count() == 1


def test_same_submission_with_other_facts_is_refused_and_never_lost_in_silence(world, mentor):
    submission = uuid.uuid4()
    session(world.own_cluster, {world.own_school: 3}, by=mentor, submission=submission)

    with pytest.raises(NotNow, match="saved already"):
        session(world.own_cluster, {world.own_school: 4}, by=mentor, submission=submission)

    assert Attendance.objects.get().headcount == 3


def test_same_submission_arriving_at_the_same_moment_is_stored_once(world, mentor, monkeypatch):
    submission, check, first = uuid.uuid4(), actions.check_session, []

    def check_while_the_other_half_of_the_double_tap_is_stored(**said):
        monkeypatch.setattr(actions, "check_session", check)
        first.append(session(world.own_cluster, {world.own_school: 3}, by=mentor, submission=submission))
        check(**said)

    monkeypatch.setattr(actions, "check_session", check_while_the_other_half_of_the_double_tap_is_stored)

    second = session(world.own_cluster, {world.own_school: 3}, by=mentor, submission=submission)

    assert [second] == first == list(LearningSession.objects.all())
    assert NamedEvent.objects.filter(event="session logged").count() == 1


def test_submission_of_somebody_else_says_nothing_of_the_session(world, mentor):
    submission = uuid.uuid4()
    session(world.foreign_cluster, {world.foreign_school: 3}, by=world.people["staff"], submission=submission)

    with pytest.raises(NotNow) as refused:
        session(world.own_cluster, {world.own_school: 3}, by=mentor, submission=submission)

    assert "Foreign" not in str(refused.value)
    assert "Forces" not in str(refused.value)


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "has not happened yet cannot be logged", "day"),
        ({"held_on": date(2025, 8, 17)}, "Owncluster began on 18 August 2025", "day"),
        ({"minutes": 9}, "between 10 minutes and 10 hours", "length"),
        ({"minutes": 601}, "between 10 minutes and 10 hours", "length"),
    ],
)
def test_what_cannot_have_been_is_refused(world, mentor, fields, reason, field):
    with pytest.raises(actions.Refused, match=reason) as refused:
        session(world.own_cluster, {world.own_school: 3}, by=mentor, **fields)

    assert refused.value.field == field
    assert not LearningSession.objects.exists()


def test_session_of_today_is_logged(world, mentor):
    assert session(world.own_cluster, {world.own_school: 1}, by=mentor, held_on=TODAY).held_on == TODAY


def test_session_without_anybody_is_refused(world, mentor):
    with pytest.raises(actions.Refused, match="Nobody came"):
        session(world.own_cluster, {}, by=mentor)


def test_cluster_without_schools_is_refused(world):
    empty = Cluster.objects.create(name="Empty", slug="empty", authority=world.own_authority)

    with pytest.raises(actions.Refused, match="has no schools yet"):
        session(empty, {world.own_school: 3}, by=world.people["staff"])


def test_school_of_another_cluster_is_refused_without_its_name(world, mentor):
    with pytest.raises(actions.Refused) as refused:
        session(world.own_cluster, {world.foreign_school: 3}, by=mentor)

    assert "Foreign" not in str(refused.value)


def test_school_counts_only_while_it_belonged(world, mentor):
    ClusterMembership.objects.filter(school=world.second_school).update(ends_on=date(2026, 1, 31))

    session(world.own_cluster, {world.second_school: 2}, by=mentor, held_on=date(2026, 1, 31))
    with pytest.raises(actions.Refused, match="was not in Owncluster on 1 February 2026"):
        session(world.own_cluster, {world.second_school: 2}, by=mentor, held_on=date(2026, 2, 1))


def test_headcount_is_never_below_the_names(world, mentor):
    teacher, head = world.people["teacher"], world.people["head"]

    with pytest.raises(actions.Refused, match="2 teachers are named, so the head-count cannot be 1"):
        session(world.own_cluster, {world.own_school: Came(1, (teacher.pk, head.pk))}, by=mentor)


@pytest.mark.parametrize("headcount", [0, 201])
def test_headcount_stays_sensible(world, mentor, headcount):
    with pytest.raises(actions.Refused, match="from 1 to 200"):
        session(world.own_cluster, {world.own_school: headcount}, by=mentor)


def test_only_people_of_the_school_can_be_named(world, mentor):
    stranger = make.person("Foreign Teacher", teacher=world.foreign_school)

    with pytest.raises(actions.Refused, match="Name only people of this school"):
        session(world.own_cluster, {world.own_school: Came(1, (stranger.pk,))}, by=mentor)


def change(logged, by, **fields):
    said = {name: getattr(logged, name) for name in ("held_on", "minutes", "mode", "topic", "leader", "note")}
    return actions.change_session(logged, by=by, today=TODAY, **said | fields)


def test_change_keeps_what_was_said_before(world, mentor):
    logged = session(world.own_cluster, {world.own_school: 3, world.second_school: 2}, by=mentor)
    staff = world.people["staff"]

    change(logged, staff, minutes=60, came={world.own_school.pk: Came(4)})

    assert {row.school: row.headcount for row in logged.attendances.all()} == {world.own_school: 4}
    assert list(logged.history.values_list("minutes", "history_user")) == [(60, staff.pk), (90, mentor.pk)]
    kept = Attendance.history.filter(school=world.own_school).values_list("headcount", "history_user")
    assert list(kept) == [(4, staff.pk), (3, mentor.pk)]
    assert Attendance.history.get(school=world.second_school, history_type="-").headcount == 2


def test_change_that_changes_nothing_leaves_no_history(world, mentor):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)

    change(logged, mentor, came={world.own_school.pk: Came(3)})

    assert logged.history.count() == 1
    assert Attendance.history.count() == 1


def test_change_keeps_names_of_people_who_have_left(world, mentor):
    teacher = world.people["teacher"]
    logged = session(world.own_cluster, {world.own_school: Came(2, (teacher.pk,))}, by=mentor)
    teacher.role_assignments.all().delete()

    change(logged, mentor, came={world.own_school.pk: Came(3, (teacher.pk,))})

    row = logged.attendances.get()
    assert (row.headcount, list(row.named.all())) == (3, [teacher])


def test_delete_takes_it_out_of_the_count_and_keeps_the_history(world, mentor):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)
    key = logged.pk

    actions.delete_session(logged, by=mentor, reason="logged twice")

    assert LearningSession.objects.totals().attendances == 0
    last = LearningSession.history.filter(id=key).first()
    assert (last.history_type, last.history_change_reason, last.history_user) == ("-", "logged twice", mentor)
    assert Attendance.history.filter(session_id=key, history_type="-").count() == 1
    assert NamedEvent.objects.filter(event="session deleted", target_id=str(key)).exists()


def test_undo_takes_it_back_within_ten_minutes(world, mentor):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)

    actions.undo_session(logged, by=mentor, now=logged.logged_at + timedelta(minutes=10))

    assert not LearningSession.objects.exists()


def test_undo_after_ten_minutes_is_refused(world, mentor):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)

    with pytest.raises(NotNow, match="more than ten minutes ago"):
        actions.undo_session(logged, by=mentor, now=logged.logged_at + timedelta(minutes=10, seconds=1))

    assert LearningSession.objects.exists()


def test_undo_by_somebody_else_is_refused(world, mentor):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)

    with pytest.raises(NotNow):
        actions.undo_session(logged, by=world.people["staff"], now=logged.logged_at)
