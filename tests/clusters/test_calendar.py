"""The academic session, 1 August to 31 July."""

from datetime import date

import pytest

from clusters.calendar import AcademicSession, academic_session, academic_session_named, academic_sessions


@pytest.mark.parametrize(
    ("on", "label"),
    [
        (date(2025, 8, 1), "2025/26"),
        (date(2025, 7, 31), "2024/25"),
        (date(2026, 1, 1), "2025/26"),
        (date(1999, 12, 31), "1999/00"),
    ],
)
def test_academic_session_of_a_date(on, label):
    session = academic_session(on)

    assert session.label == label
    assert session.starts_on <= on <= session.ends_on


def test_academic_sessions_come_newest_first_and_include_both_ends():
    found = academic_sessions(date(2023, 9, 1), date(2025, 7, 31))

    assert [session.label for session in found] == ["2024/25", "2023/24"]


@pytest.mark.parametrize("words", ["2025/26", "2025-26", " 2025/26 "])
def test_academic_session_is_read_as_people_write_it(words):
    assert academic_session_named(words) == AcademicSession(2025)


@pytest.mark.parametrize("words", ["2025/27", "2025", "25/26", "", "2025/26x", "٢٠٢٥/26"])
def test_what_is_no_academic_session_is_refused(words):
    with pytest.raises(ValueError, match="not an academic session"):
        academic_session_named(words)
