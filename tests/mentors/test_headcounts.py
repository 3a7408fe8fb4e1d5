"""A head-count far beyond the teachers of a school is asked about before it is saved, and nothing typed is lost."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from mentors.models import Attendance, LearningSession
from tests.mentors.making import session

pytestmark = pytest.mark.django_db

QUESTION = "60 came from a school of 6 teachers? Correct it, or tick the box below the schools."


@pytest.fixture
def mentor(world):
    """The mentor of a school of six teachers and of one of which the register says nothing."""
    world.own_school.teachers = 6
    world.own_school.save()
    return world.people["mentor"]


@pytest.fixture
def send(world, mentor, sign_in):
    """send(count, ...) saves the form with a head-count of the school of six; returns the answer."""
    client = sign_in(mentor)

    def _send(count, address=None, **fields):
        said = {"day": timezone.localdate().isoformat(), "length": "90", "mode": "twilight", "topic": "forces"}
        said |= {"leader": "mentor", "note": "Ramps", "submission": str(uuid.uuid4())}
        said |= {f"came_{world.own_school.pk}": count} | fields
        return client.post(address or reverse("session-new"), said)

    return _send


def test_headcount_far_beyond_the_teachers_is_asked_about_and_nothing_is_lost(world, send):
    answer = send(60, **{f"came_{world.second_school.pk}": 9})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count(QUESTION) == 2  # in the summary and at its field
    assert 'type="checkbox" name="sure"' in page
    assert all(kept in page for kept in ('value="60"', 'value="9"', ">\nRamps</textarea>"))
    assert not LearningSession.objects.exists()


def test_ticked_box_saves_the_headcount_as_it_is(send):
    assert send(60, sure="on").status_code == 302
    assert Attendance.objects.get().headcount == 60


def test_ticked_box_stays_when_something_else_is_wrong(send):
    page = send(60, sure="on", topic="").content.decode()

    assert QUESTION not in page
    assert "checked" in page.split('name="sure"')[1].partition(">")[0]


@pytest.mark.parametrize("count", [6, 14])
def test_headcount_with_assistants_and_supply_teachers_is_not_asked_about(count, send):
    assert send(count).status_code == 302


def test_headcount_is_asked_about_from_twice_the_teachers_and_three(send):
    assert send(15).status_code == 422


def test_school_whose_teachers_nobody_knows_is_not_asked_about(world, send):
    assert send("", **{f"came_{world.second_school.pk}": 60}).status_code == 302


def test_form_without_such_a_headcount_has_no_box(world, send, client):
    assert 'name="sure"' not in client.get(reverse("session-new")).content.decode()
    assert 'name="sure"' not in send(6, topic="").content.decode()


def test_correction_asks_about_a_new_headcount_and_not_about_the_one_that_was_saved(world, mentor, send):
    today = timezone.localdate()
    logged = session(world.own_cluster, {world.own_school: 60}, by=mentor, held_on=today, today=today)
    change = reverse("session-change", args=[logged.pk])

    assert send(60, change, topic="body").status_code == 302
    assert send(70, change).status_code == 422
    assert send(60, reverse("session-copy", args=[logged.pk])).status_code == 422


def test_several_headcounts_have_one_box(world, send):
    world.second_school.teachers = 2
    world.second_school.save()

    page = send(60, **{f"came_{world.second_school.pk}": 20}).content.decode()

    assert "20 came from a school of 2 teachers?" in page
    assert page.count('name="sure"') == 1
