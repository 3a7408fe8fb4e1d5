"""A sheet is stored once, checked against its form, and accepted for a day after the end."""

import uuid
from datetime import UTC, datetime

import pytest

from clusters.actions import NotNow
from surveys.actions import store_response
from surveys.models import InstrumentVersion, Response
from surveys.questionnaires import AnswersRefused
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave_school(world):
    wave = make_surveys.wave(world.cohort, [world.own_school])
    return wave.schools.select_related("wave").get()


def test_sheet_is_stored_as_raw_points_and_codes(wave_school):
    answers = {"p2p4_school_liking_1": "3", "p2p4_school_liking_2": "NS", "p2p4_subject_liking_1": ""}

    make_surveys.sheet(wave_school, answers=answers, pupil_code="owl-boat-37")

    stored = Response.objects.get()
    assert stored.answers == {"p2p4_school_liking_1": 3, "p2p4_school_liking_2": "NS"}
    assert (stored.stage, stored.pupil_code, stored.late) == ("P3", "owl-boat-37", False)
    assert stored.received_at == make_surveys.DURING


def test_sheet_that_arrives_three_times_is_stored_once_and_unchanged(wave_school):
    sent = uuid.uuid4()

    make_surveys.sheet(wave_school, uuid=sent, answers={"p2p4_school_liking_1": 1})
    make_surveys.sheet(wave_school, uuid=sent, answers={"p2p4_school_liking_1": 2})
    make_surveys.sheet(wave_school, uuid=sent, answers={"p2p4_school_liking_1": 3})

    assert [response.answers for response in Response.objects.all()] == [{"p2p4_school_liking_1": 1}]


def test_sheet_is_stored_by_one_insert(wave_school, django_assert_num_queries):
    version = InstrumentVersion.objects.for_stage(wave_school.wave, "P3").get()
    sheet = {"wave_school": wave_school, "version": version, "stage": "P3", "answers": {}, "now": make_surveys.DURING}
    store_response(uuid=uuid.uuid4(), **sheet)

    with django_assert_num_queries(1):
        store_response(uuid=uuid.uuid4(), **sheet)


@pytest.mark.parametrize(
    "answers",
    [
        {"p5p7_school_liking_1": 3},
        {"p2p4_school_liking_1": 4},
        {"p2p4_school_liking_1": "ND"},
        {"p2p4_school_liking_1": "PN"},
        {"p2p4_school_liking_1": "3.0"},
        {"p2p4_school_liking_1": "my name"},
    ],
)
def test_sheet_with_an_answer_of_another_form_is_refused_whole(wave_school, answers):
    with pytest.raises(AnswersRefused):
        make_surveys.sheet(wave_school, answers={"p2p4_school_liking_2": 1} | answers)

    assert not Response.objects.exists()


def test_sheet_of_a_stage_with_another_form_is_refused(wave_school):
    version = InstrumentVersion.objects.for_stage(wave_school.wave, "P3").get()

    with pytest.raises(AnswersRefused):
        store_response(
            uuid=uuid.uuid4(), wave_school=wave_school, version=version, stage="P6", answers={}, now=make_surveys.DURING
        )


# The last day is 30 September, in summer time: the end is 23.00 UTC.
@pytest.mark.parametrize(
    ("now", "late"),
    [
        (datetime(2025, 9, 30, 22, 59, tzinfo=UTC), False),
        (datetime(2025, 9, 30, 23, 0, tzinfo=UTC), True),
        (datetime(2025, 10, 1, 22, 59, tzinfo=UTC), True),
    ],
)
def test_sheet_is_marked_late_for_a_day_after_the_end(wave_school, now, late):
    make_surveys.sheet(wave_school, now=now)

    assert Response.objects.get().late is late


@pytest.mark.parametrize("now", [datetime(2025, 10, 1, 23, tzinfo=UTC), datetime(2025, 8, 31, 22, 59, tzinfo=UTC)])
def test_sheet_outside_the_dates_is_refused(wave_school, now):
    with pytest.raises(NotNow):
        make_surveys.sheet(wave_school, now=now)

    assert not Response.objects.exists()


def test_stored_sheet_that_arrives_again_long_after_is_answered_alike(wave_school):
    sent = uuid.uuid4()
    make_surveys.sheet(wave_school, uuid=sent)

    again = make_surveys.sheet(wave_school, uuid=sent, now=datetime(2025, 12, 1, tzinfo=UTC))

    assert again.uuid == sent
    assert Response.objects.count() == 1


def test_sheet_before_staff_open_the_wave_is_refused(world):
    wave = make_surveys.wave(world.cohort, [world.own_school], opened_at=None)

    with pytest.raises(NotNow):
        make_surveys.sheet(wave.schools.select_related("wave").get())
