"""A survey of adults can be planned for the usual time, which follows from the first residential."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.choices import MilestoneKind
from clusters.models import Milestone, Participation
from surveys.choices import Audience
from surveys.models import Wave
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world, sign_in):
    """plan(kind, …) sends the form as staff."""
    make_surveys.instruments()
    client = sign_in(world.people["staff"])

    def _plan(kind, **days):
        return client.post(reverse("wave-create"), {"cohort": world.cohort.pk, "kind": kind} | days)

    return _plan


@pytest.fixture
def residential(world):
    """The first residential of the cohort, in three weeks; another cluster's comes later."""
    first = timezone.localdate() + timedelta(days=21)
    for shift, participation in enumerate(Participation.objects.filter(cohort=world.cohort)):
        Milestone.objects.create(
            participation=participation, kind=MilestoneKind.RESIDENTIAL_1, on=first + timedelta(days=shift)
        )
    return first


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        ("mentors-baseline", (-14, -1)),
        ("mentors-follow-up", (274, 295)),
        ("teachers-baseline", (0, 21)),
        ("teachers-follow-up", (396, 424)),
        ("headteachers", (396, 424)),
    ],
)
def test_empty_days_are_the_usual_time_of_adults(plan, residential, kind, days):
    response = plan(kind)

    wave = Wave.objects.get()
    assert response.url == wave.get_absolute_url()
    assert (wave.opens_on, wave.closes_on) == tuple(residential + timedelta(days=number) for number in days)


def test_days_that_are_given_are_kept(plan, residential):
    plan("teachers-baseline", opens_on="2026-09-01", closes_on="2026-09-30")

    wave = Wave.objects.get()
    assert (wave.audience, wave.opens_on, wave.closes_on) == (Audience.TEACHER, date(2026, 9, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("kind", "days", "told"),
    [
        ("pupils-baseline", {}, "by the schools’ own calendar"),
        ("teachers-baseline", {"opens_on": "2026-09-01"}, "Give the day."),
        ("teachers-baseline", {"opens_on": "soon"}, "such as 3 May 2026"),
    ],
)
def test_where_there_is_no_usual_time_the_form_says_why(plan, residential, kind, days, told):
    response = plan(kind, **days)

    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Wave.objects.exists()


def test_without_a_residential_there_is_no_usual_time(plan):
    assert "is on record, so there is no usual time" in plan("mentors-baseline").content.decode()


def test_usual_time_that_has_passed_is_not_taken(plan, residential):
    Milestone.objects.update(on=date(2020, 9, 1))

    response = plan("mentors-baseline")

    assert "18 August 2020 to 31 August 2020, has passed" in response.content.decode()


def test_follow_up_asks_the_version_of_the_baseline(plan, residential):
    plan("mentors-baseline")
    asked = Wave.objects.get().versions.get()
    asked.frozen_at = timezone.now()
    asked.save()

    plan("mentors-follow-up")

    assert [wave.versions.get() for wave in Wave.objects.all()] == [asked, asked]
