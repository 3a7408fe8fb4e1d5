"""Whoever has seen a class code cannot send sheets without end: those without a slip are taken up to the size of a class."""

import uuid

import pytest
from django.test import Client

from surveys import counting
from surveys.actions.answers import store_response
from surveys.actions.classes import create_class
from surveys.choices import MOST_PUPILS, Moment
from surveys.models import Response
from tests.surveys import make_surveys
from tests.surveys.pupils import Pupil
from tests.surveys.test_pupil_pages import FOR_YEARS, slip_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(world):
    return make_surveys.wave(world.cohort, [world.own_school], **FOR_YEARS)


@pytest.fixture
def group(world, wave):
    return make_class(world, "P6")


def make_class(world, name, slips=3):
    return create_class(
        school=world.own_school, cohort=world.cohort, name=name, slips={"P6": slips}, by=world.people["teacher"]
    )


def answered(wave, group, number, codes=()):
    """So many sheets of a class without a slip, and one for each of some slips."""
    version = wave.versions.get(instrument__stage_group="P5P7")
    Response.objects.bulk_create(
        Response(
            uuid=uuid.uuid4(),
            wave=wave,
            school=group.school,
            version=version,
            class_group=group,
            stage="P6",
            pupil_code=code,
        )
        for code in [*codes, *[""] * number]
    )


def without_slip(group):
    """A child who taps "I have no slip", up to the page that reads it back."""
    pupil = Pupil()
    pupil.page = pupil.client.post(f"/s/{group.code}/", {"none": "1"})
    return pupil


def test_last_pupil_that_a_class_may_have_is_taken_without_a_slip_and_the_next_is_not(wave, group):
    answered(wave, group, MOST_PUPILS - 3, codes=[slip_of(group, "P6"), slip_of(group, "P6", 1)])

    without_slip(group).go().finish()
    refused = without_slip(group)

    assert Response.objects.count() == MOST_PUPILS
    assert refused.page.status_code == 409
    assert "We can only go on with a slip. Ask your teacher for one." in refused.text
    assert Response.objects.count() == MOST_PUPILS


def test_slip_is_always_taken(wave, group):
    answered(wave, group, MOST_PUPILS)

    Pupil().begin(group.code, slip_of(group, "P6")).finish()

    assert Response.objects.filter(pupil_code=slip_of(group, "P6")).count() == 1


def test_same_slip_again_and_again_does_not_shut_others_out(wave, group):
    answered(wave, group, 0, codes=[slip_of(group, "P6")] * MOST_PUPILS)

    assert without_slip(group).page.status_code == 200


def test_other_classes_and_the_other_survey_are_not_touched(world, wave, group):
    other = make_class(world, "P6b")
    later = make_surveys.wave(world.cohort, [world.own_school], moment=Moment.FOLLOW_UP, **FOR_YEARS)
    answered(later, group, MOST_PUPILS)
    wave.schools.update(opens_on="2026-01-01")  # of two open waves the class is asked the one that opened last

    assert without_slip(other).page.status_code == 200
    assert without_slip(group).page.status_code == 200


def test_class_of_more_slips_than_that_may_lose_them_all(world, wave, monkeypatch):
    group = make_class(world, "Whole school", slips=MOST_PUPILS)
    monkeypatch.setattr(counting, "MOST_PUPILS", 20)
    answered(wave, group, 20)

    assert without_slip(group).page.status_code == 200


def test_sheet_begun_before_the_limit_is_refused_kindly_and_a_stored_one_is_thanked_again(wave, group):
    first, second = without_slip(group).go(), without_slip(group).go()
    while not first.address("next").endswith("/done/"):
        first.go("3")
    last, address = {"sheet": first.sheet, "answer": "3"}, first.address("next")
    answered(wave, group, MOST_PUPILS - 1)
    first.go("3")

    second.finish("3")
    again = Client().post(address, last)

    assert second.page.status_code == 409
    assert "We can only go on with a slip. Your answers were not taken. Tell your teacher." in second.text
    assert again.status_code == 303
    assert Response.objects.count() == MOST_PUPILS


def test_teacher_and_staff_see_that_no_more_are_taken(world, sign_in, wave, group):
    make_class(world, "P6b")
    pages = {"teacher": group.get_absolute_url(), "staff": wave.get_absolute_url()}
    told = "No more answers without a slip are taken", "No more without a slip"

    before = [sign_in(world.people[role]).get(page).content.decode() for role, page in pages.items()]
    answered(wave, group, MOST_PUPILS)
    after = [sign_in(world.people[role]).get(page).content.decode() for role, page in pages.items()]

    assert [text in page for text, page in zip(told, before, strict=True)] == [False, False]
    assert [page.count(text) for text, page in zip(told, after, strict=True)] == [1, 1]


def test_sheet_with_a_slip_is_still_one_query(wave, group, django_assert_num_queries):
    row = wave.schools.select_related("wave").get()
    sheet = {"stage": "P6", "answers": {}, "class_group": group, "pupil_code": slip_of(group, "P6")}
    make_surveys.sheet(row, **sheet)
    version = wave.versions.select_related("instrument").get(instrument__stage_group="P5P7")

    with django_assert_num_queries(1):
        store_response(uuid=uuid.uuid4(), wave_school=row, version=version, now=make_surveys.DURING, **sheet)
