"""Nothing is said with more certainty than the data have: all alike on one side, all matched, stages that differ."""

import numpy as np

from reports.analysis.ladder import attention_to_matching
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan
from tests.reports.analysis.test_edge_cases import ordinary, with_pupils


def all_or_nobody(data):
    """Every pupil of the lower-rated schools declines, and every pupil of the others improves."""
    high = set(data.ht.loc[data.ht.iloc[:, 1:].mean(axis=1) >= 4, "school_id"])

    def change(pupils):
        up = pupils["school_id"].isin(high) == (pupils["wave"] == "post")
        for item in (name for name in pupils.columns if name.startswith("item")):
            pupils[item] = pupils[item].where(pupils[item].isna(), np.where(up, 2, 1))
        return pupils

    return with_pupils(data, change)


def test_everybody_of_one_group_and_nobody_of_the_other_declining_is_no_certainty():
    data = all_or_nobody(ordinary(reverse=False))

    results = evaluate(data, Plan())

    assert results["sample"]["declined_low"] == results["sample"]["n_low"]
    assert results["sample"]["declined_high"] == 0
    assert (results["ladder"]["level"], results["headline"]["rd"]) == ("L0", None)
    assert "leaves nothing to work out an interval from" in results["ladder"]["sentence"]


def test_match_rates_of_a_programme_that_was_matched_whole_are_not_compared():
    results = evaluate(ordinary(lost=0.0), Plan())

    rates = results["attrition"]
    assert (rates["match_rate_high"], rates["match_rate_low"]) == (1.0, 1.0)
    assert rates["diff_high_low_cr2"]["est"] is None
    assert rates["diff_high_low_cr2"]["why"] == "Every baseline pupil could be matched."


def test_pupils_who_could_be_matched_are_compared_stage_by_stage():
    results = {
        "attrition": {
            "P2P4": {"smd_base_matched_vs_not": 0.2},
            "P5P7": {"smd_base_matched_vs_not": -0.35},
            "match_rate_high": 0.5,
            "match_rate_low": 0.5,
        }
    }

    assert attention_to_matching(results) == [
        "Pupils of P2–P4 who could be matched began more positive than those who could not (by 0.20 SD). "
        "Pupils of P5–P7 who could be matched began less positive than those who could not (by 0.35 SD)."
    ]
