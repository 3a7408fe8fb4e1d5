"""Kept answers: a second question about the same data reads none of them, gets the same bytes, and keeps nothing that was erased."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pandas.testing import assert_frame_equal

from reports import coded, extracts, selection, tasks
from reports.files import csv_content
from reports.models import CodedAnswers
from surveys.models import Response
from tests import make
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    cohort, _ = finished_cohort(by=make.person("Stella Staff", staff=True))
    return cohort


def read(cohort):
    """The evaluation data, and whether a pupil's answers were read for them."""
    with CaptureQueriesContext(connection) as asked:
        data = extracts.evaluation_data(cohort)
    answers = [each for each in asked.captured_queries if '"answers"' in each["sql"] and '"pupil_code"' in each["sql"]]
    return data, bool(answers)


def test_second_question_about_the_same_data_reads_no_answer_and_gets_the_same_tables(cohort):
    first, read_first = read(cohort)

    second, read_second = read(cohort)

    assert (read_first, read_second) == (True, False)
    assert_frame_equal(second.pupils, first.pupils)
    assert csv_content(second.pupils) == csv_content(first.pupils)
    assert second.input_hashes == first.input_hashes


def test_new_sheet_or_one_that_is_gone_is_seen(cohort):
    before, _ = read(cohort)
    Response.objects.filter(wave__cohort=cohort, wave__audience="pupil").order_by("pk").first().delete()

    after, was_read = read(cohort)

    assert was_read
    assert len(after.pupils) == len(before.pupils) - 1
    assert CodedAnswers.objects.count() == 1


def test_code_that_is_destroyed_is_seen(cohort):
    before, _ = read(cohort)
    Response.objects.filter(wave__cohort=cohort, wave__audience="pupil").update(pupil_code="")

    after, was_read = read(cohort)

    assert was_read
    assert (before.pupils["pupil_code"] != "").any()
    assert set(after.pupils["pupil_code"]) == {""}


def test_school_that_moved_to_another_group_is_seen(cohort):
    read(cohort)
    school = selection.wave_schools_of(cohort).first().school
    school.simd_quintile = 5 if school.simd_quintile == 1 else 1
    school.save()

    data, was_read = read(cohort)

    assert was_read
    assert set(data.pupils["simd_quintile"]) == set(data.schools["simd_quintile"])


@pytest.mark.parametrize("damaged", [b"", b"PK\x03\x04 cut off"])
def test_damaged_row_is_made_again(cohort, damaged):
    first, _ = read(cohort)
    CodedAnswers.objects.update(content=damaged)

    again, was_read = read(cohort)

    assert was_read
    assert_frame_equal(again.pupils, first.pupils)
    assert not read(cohort)[1]


def test_row_of_another_version_is_made_again(cohort, monkeypatch):
    read(cohort)
    monkeypatch.setattr(coded, "FORMAT", coded.FORMAT + 1)

    assert read(cohort)[1]


def test_pickled_content_is_never_unpacked(cohort):
    import hashlib
    import io

    import numpy as np

    read(cohort)
    raw = io.BytesIO()
    np.savez(raw, names=np.array([{"trap": 1}], dtype=object), c0=np.zeros(1))
    CodedAnswers.objects.update(content=raw.getvalue(), sha256=hashlib.sha256(raw.getvalue()).hexdigest())

    assert read(cohort)[1]


def test_erased_answers_are_forgotten_and_others_kept(cohort):
    read(cohort)
    tasks.forget_erased_answers()
    kept = CodedAnswers.objects.count()
    Response.objects.filter(wave__cohort=cohort, wave__audience="pupil").delete()

    tasks.forget_erased_answers()

    assert (kept, CodedAnswers.objects.count()) == (1, 0)
