"""What waits for a school while a pupil survey is open."""

import uuid
from datetime import date

import pytest

from clusters.middleware import access_for
from surveys.actions.classes import create_class
from surveys.choices import Audience, Moment
from surveys.due import survey_items
from surveys.loading import load_instruments
from surveys.models import Response
from tests.reports.waves import opened_wave

TODAY = date(2025, 9, 24)


@pytest.mark.django_db
def test_school_is_told_of_the_classes_that_have_not_answered_until_all_have(world):
    load_instruments()
    staff, teacher = world.people["staff"], world.people["teacher"]
    wave = opened_wave(world.cohort, Audience.PUPIL, Moment.BASELINE, date(2025, 9, 22), staff)

    def told():
        return [item.what for item in survey_items(access_for(teacher, on=TODAY), teacher, TODAY)]

    def answer(group):
        Response.objects.create(
            uuid=uuid.uuid4(),
            wave=wave,
            school=group.school,
            version=wave.versions.first(),
            class_group=group,
            stage="P4",
        )

    start = f"Pupil survey at {world.own_school}: "
    assert told() == [start + "no class has been made"]
    groups = [
        create_class(school=world.own_school, cohort=world.cohort, name=name, slips={"P4": 3}, by=teacher)
        for name in ("P4a", "P4b")
    ]
    assert told() == [start + "2 of 2 classes have not answered"]
    answer(groups[0])
    assert told() == [start + "1 of 2 classes has not answered"]
    answer(groups[1])

    assert told() == []


@pytest.mark.django_db
def test_officer_is_told_of_the_own_authoritys_schools_that_have_not_answered(world):
    load_instruments()
    wave = opened_wave(world.cohort, Audience.PUPIL, Moment.BASELINE, date(2025, 9, 22), world.people["staff"])
    Response.objects.create(wave=wave, school=world.own_school, version=wave.versions.first(), stage="P4")

    def told(role):
        person = world.people[role]
        return [item.why for item in survey_items(access_for(person, on=TODAY), person, TODAY)]

    assert told("staff") == ["1 of 4 schools has answered; 3 have not."]
    assert told("qio") == ["1 of 3 schools has answered; 2 have not."]
    assert told("mentor") == []
