"""Sessions year by year: each year counts a school once, and so does the total, so that years need not add up to it."""

from datetime import date

import pytest

from mentors.summaries import sessions_of, totals_by_year, totals_for
from tests import make
from tests.mentors.making import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    """A cluster with two schools that met in three years."""
    schools = [make.school(), make.school()]
    cluster = make.cluster(schools=schools, starts_on=date(2023, 8, 1))
    by = make.person(staff=True)
    held = [
        (date(2024, 3, 31), 60, {schools[0]: 5}),
        (date(2024, 4, 1), 120, {schools[0]: 4, schools[1]: 2}),
        (date(2024, 8, 1), 60, {schools[0]: 6}),
    ]
    for day, minutes, came in held:
        session(cluster, came, by=by, held_on=day, minutes=minutes)
    return cluster


def test_years_begin_with_the_month_that_is_asked_for(place):
    academic, _ = totals_by_year(8, cluster=place)
    financial, _ = totals_by_year(4, cluster=place)

    assert [(row.label, row.totals.sessions, row.totals.minutes) for row in academic] == [
        ("2023/24", 2, 180),
        ("2024/25", 1, 60),
    ]
    assert [(row.label, row.totals.sessions) for row in financial] == [("2023/24", 1), ("2024/25", 2)]


def test_school_of_two_years_counts_once_in_the_total(place):
    rows, total = totals_by_year(8, cluster=place)

    assert [row.totals.schools for row in rows] == [2, 1]
    assert total.totals.schools == 2
    assert [row.teachers for row in rows] == [7, 6]
    assert total.teachers == 8
    assert [row.totals.attendances for row in rows] == [11, 6]
    assert total.totals.attendances == 17
    assert total.totals.teacher_minutes == 5 * 60 + 6 * 120 + 6 * 60


def test_total_is_that_of_the_dashboards(place):
    _, total = totals_by_year(4, authority=place.authority)

    assert total.totals == totals_for(authority=place.authority)
    assert total.teachers == sessions_of(authority=place.authority).teachers_reached()


def test_place_without_sessions_has_no_years():
    assert totals_by_year(8, cluster=make.cluster()) == ([], None)


def test_more_years_ask_no_more_queries(place, django_assert_num_queries):
    with django_assert_num_queries(2):
        totals_by_year(8)
