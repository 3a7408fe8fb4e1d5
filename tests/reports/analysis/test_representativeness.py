"""Which schools answered beside all that were asked, and what the coarse facts of a school are."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reports.analysis.bands import area, roll_band
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import InvalidData, Plan, Rules
from tests.reports.programmes import make_programme


def programme(*, asked_more=0, **facts):
    """A programme with its table of schools, `asked_more` of which sent nothing; `facts` are further columns."""
    data = make_programme(20, 20, seed=4)
    places = data.pupils.groupby("school_id", as_index=False)[["cluster", "la", "simd_quintile"]].first()
    silent = places.head(asked_more).assign(school_id=[f"X{number}" for number in range(asked_more)])
    schools = pd.concat([places, silent], ignore_index=True).astype(str)
    for name, values in facts.items():
        schools[name] = (values * len(schools))[: len(schools)]
    return replace(data, schools=schools)


@pytest.mark.parametrize(
    ("roll", "band"),
    [(None, ""), (0, "under 50"), (49, "under 50"), (50, "50 to 149"), (149, "50 to 149"), (150, "150 to 299"),
     (299, "150 to 299"), (300, "300 or more"), (900, "300 or more")],
)  # fmt: skip
def test_roll_is_told_in_four_bands(roll, band):
    assert roll_band(roll) == band


@pytest.mark.parametrize(
    ("urban_rural", "folds", "kind"),
    [(5, 8, "urban or town"), (6, 8, "rural"), (4, 6, "urban or town"), (5, 6, "rural"), (1, 3, "urban or town"),
     (2, 3, "rural"), (1, 2, "urban or town"), (2, 2, "rural"), (None, 8, "")],
)  # fmt: skip
def test_area_is_one_of_two_kinds_whatever_the_number_of_classes(urban_rural, folds, kind):
    assert area(urban_rural, folds) == kind


def test_schools_that_answered_are_counted_beside_all_that_were_asked():
    data = programme(asked_more=5, urban_rural=["rural", "urban or town", ""])
    told = data.pupils[~((data.pupils["school_id"] == "S0001") & (data.pupils["wave"] == "post"))]

    found = evaluate(replace(data, pupils=told), Plan())["representativeness"]

    assert (found["asked"], found["before"], found["after"], found["matched"]) == (25, 20, 19, 19)
    for rows in found["facts"].values():
        for key in ("asked", "before", "matched"):
            assert sum(row[key] for row in rows) == found[key]
    assert [row["group"] for row in found["facts"]["urban_rural"]] == ["urban or town", "rural", ""]
    assert list(found["facts"]) == ["simd_quintile", "urban_rural"]


def test_kinds_of_few_schools_are_hidden_and_never_one_alone():
    data = programme(roll_band=["under 50", *["50 to 149"] * 4, *["300 or more"] * 9, *["150 to 299"] * 6])

    stored = suppress(evaluate(data, Plan()), Rules())["representativeness"]["facts"]["roll_band"]

    assert {row["group"]: row["asked"] for row in stored} == {
        "under 50": None,
        "50 to 149": None,
        "150 to 299": 6,
        "300 or more": 9,
    }
    assert [row["why"] for row in stored[:2]] == ["hidden", "hidden"]


def test_files_without_a_table_of_schools_say_how_many_answered():
    found = suppress(evaluate(make_programme(8, 20, seed=4), Plan()), Rules())["representativeness"]

    assert found == {"asked": None, "before": 8, "after": 8, "matched": 8, "facts": {}}


def test_facts_change_no_figure_of_the_evaluation():
    plain, told = programme(), programme(roll_band=["under 50", "300 or more"], urban_rural=["rural"])

    one, other = (evaluate(data, Plan()) for data in (plain, told))

    assert one["provenance"]["data_hash"] == other["provenance"]["data_hash"]
    assert one["headline"] == other["headline"]
    assert np.array_equal(*(each["parts"]["outcomes"]["stage"].cells for each in (one, other)))


def test_unknown_band_is_an_error_that_names_row_and_column():
    with pytest.raises(InvalidData, match="schools.csv, row 3, column roll_band: “tiny”"):
        evaluate(programme(roll_band=["under 50", "tiny"]), Plan())
