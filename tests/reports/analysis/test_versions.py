"""What somebody who kept an earlier version of a report learns from a later one."""

from copy import deepcopy

import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan, Rules
from reports.analysis.versions import few_changed
from tests.reports.analysis.adult_answers import CONFIDENCE, adult_data, mentors
from tests.reports.analysis.test_adults import read
from tests.reports.programmes import make_programme

LIMITS = 10, 5


@pytest.fixture(scope="module")
def stored():
    """A stored result with every kind of table in it."""
    results = suppress(evaluate(make_programme(16, 20, seed=2), Plan()), Rules())
    results["breakdowns"] = {
        "deprivation": [
            {"group": "1-2", "schools": 8, "n": 150, "declined": 60, "held": 30, "improved": 60, "mean_change": 0.0},
            {"group": "3-5", "schools": 8, "n": 150, "declined": 60, "held": 30, "improved": 60, "mean_change": 0.0},
        ],
        "urban_rural": None,
    }
    before, after = [2, 4] * 10, [4, 4, 2, 4] * 5
    results["adults"] = read(adult_data(mentors(before, after), CONFIDENCE), Rules())
    return results


def test_same_result_tells_nothing_new(stored):
    assert not few_changed(stored, deepcopy(stored), *LIMITS)


def test_one_school_of_another_kind_is_noticed_however_many_pupils_it_has(stored):
    later = deepcopy(stored)
    one, other = later["breakdowns"]["deprivation"]
    for row, by in ((one, -1), (other, 1)):
        row["schools"] += by
        row["n"] += 18 * by
        for outcome in ("declined", "held", "improved"):
            row[outcome] += 6 * by

    assert few_changed(stored, later, *LIMITS)


def test_one_matched_mentor_who_answers_otherwise_is_noticed(stored):
    later = deepcopy(stored)
    table = later["adults"]["confidence"]["mentor"]["science"]
    assert table["n_pos_post_pair"] is not None
    table["n_pos_post_pair"] -= 1

    assert few_changed(stored, later, *LIMITS)
