"""Disclosure control: what is stored tells nothing about a few pupils, or about one headteacher."""

import functools
import json
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.safety import Safety
from reports.analysis.schema import Plan, Rules
from tests.reports.analysis.test_pipeline import stored_part
from tests.reports.programmes import make_programme

OUTCOMES = ("declined", "held", "improved")
SMALL = [(schools, pupils, seed) for schools, pupils in ((6, 6), (7, 10), (8, 14), (9, 30)) for seed in range(4)]


@functools.cache
def small_programme(schools, pupils, seed, unrated=False):
    """(complete results, stored results) of a programme in which many cells are small."""
    data = make_programme(schools, pupils, seed=seed)
    complete = evaluate(replace(data, ht=data.ht.iloc[1:]) if unrated else data, Plan())
    return complete, suppress(complete, Rules())


def stored(data, **rules):
    return suppress(evaluate(data, Plan()), Rules(**rules))


def numbers(value):
    """Every number in a result."""
    if isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


@pytest.mark.parametrize(
    ("part", "whole", "unsafe"),
    [
        (4, 100, True),
        (5, 100, False),
        (96, 100, True),
        (0, 100, False),
        (0, 19, True),
        (12, 12, True),
        (100, 100, False),
    ],
)
def test_cells_of_a_few_pupils_or_of_nearly_all_are_unsafe(part, whole, unsafe):
    assert Safety(Rules()).spread(np.array([part, whole - part])) == (not unsafe)


@pytest.mark.parametrize(("schools", "pupils", "seed"), SMALL)
def test_no_small_cell_of_any_item_is_left(schools, pupils, seed):
    _, results = small_programme(schools, pupils, seed)

    for table in results["items"].values():
        for item in table.values():
            for wave in ("pre", "post"):
                n, counts = item[f"n_{wave}"], item[f"counts_{wave}"]
                assert n is None or n == 0 or n >= 10
                if counts is None or not n:
                    assert item[f"mean_{wave}"] is None
                else:
                    assert all(5 <= c <= n - 5 or (c in (0, n) and n >= 20) for c in counts)
                share = item[f"pos_{wave}"]
                if share is not None:
                    positive = round(share * n)
                    assert 5 <= positive <= n - 5 or (positive in (0, n) and n >= 20)
            if item["declined"] is not None:
                assert all(item[o] >= 5 or (item[o] == 0 and item["n_pair"] >= 20) for o in OUTCOMES)
            if None in item.values():
                assert item["why"] == "hidden" or not (item["n_pre"] and item["n_post"] and item["n_pair"])


@pytest.mark.parametrize("unrated", (False, True))
@pytest.mark.parametrize(("schools", "pupils", "seed"), SMALL)
def test_no_hidden_outcome_can_be_had_by_subtraction(schools, pupils, seed, unrated):
    """Attack: every row's base, the rows' totals and the other table's totals, solved for the hidden cells."""
    complete, results = small_programme(schools, pupils, seed, unrated)

    rows, truth = outcome_rows(results), outcome_rows(complete)

    for row, outcome in derivable(rows):
        value, n = truth[row][outcome], truth[row]["n"]
        assert n == 0 or 5 <= value <= n - 5 or (value in (0, n) and n >= 20)


def outcome_rows(results):
    """Stage groups, all pupils, and, where they are shown, the rating groups and the pupils outside them."""
    groups = results["change_groups"]
    rows = [results["change_by_stage"]["P2P4"], results["change_by_stage"]["P5P7"], groups["all"]]
    if not groups["high"]:
        return rows
    outside = {}
    for key in ("n", *OUTCOMES):
        cells = [groups[name][key] for name in ("all", "high", "low")]
        outside[key] = None if None in cells else cells[0] - cells[1] - cells[2]
    return [*rows, groups["high"], groups["low"], outside]


def derivable(rows):
    """The (row, outcome) of every cell that the published cells, bases and totals determine."""
    cells = {(row, outcome): 3 * row + k for row in range(len(rows)) for k, outcome in enumerate(OUTCOMES)}
    equations = []

    def say(plus, minus=()):
        equations.append(np.zeros(len(cells)))
        for cell in plus:
            equations[-1][cells[cell]] += 1
        for cell in minus:
            equations[-1][cells[cell]] -= 1

    for row, shown in enumerate(rows):
        say([(row, outcome) for outcome in OUTCOMES])
        for outcome in OUTCOMES:
            if shown[outcome] is not None:
                say([(row, outcome)])
    for outcome in OUTCOMES:
        say([(0, outcome), (1, outcome)], [(2, outcome)])
        if len(rows) == 6:
            say([(3, outcome), (4, outcome), (5, outcome)], [(2, outcome)])
    matrix = np.array(equations)
    rank = np.linalg.matrix_rank(matrix)
    for cell, column in cells.items():
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(cells))[column]])) == rank:
            yield cell


def test_rating_groups_of_fewer_than_three_schools_leave_no_trace():
    data = make_programme(12, 30, 0.5, seed=8, share_high=2 / 12)
    complete = evaluate(data, Plan())

    results = suppress(complete, Rules())

    assert results["hidden_by_group"] is True
    assert results["specifications"] == results["checks"] == []
    assert results["change_groups"]["high"] is results["change_groups"]["low"] is None
    assert results["flow"]["schools_high"] is results["sample"]["n_high"] is None
    assert (
        list(
            numbers(
                [
                    results["headline"],
                    results["companions"],
                    results["item_models"],
                    results["mde"],
                    results["baseline_equiv_g"],
                ]
            )
        )
        == []
    )
    assert results["dose_response"]["line"] is results["dose_response"]["schools"] is None
    said = json.dumps([results["ladder"], results["attention"], results["hidden_reason"]])
    assert not any(f"{share:.0%}" in said for share in (complete["headline"]["p_high"], complete["headline"]["p_low"]))
    assert "a headteacher’s rating could be recognised" in results["ladder"]["sentence"]


def test_that_all_schools_are_in_one_group_is_not_told():
    data = make_programme(6, 30, seed=8, share_high=1.0)

    results = stored(data)

    assert "every rated school" not in json.dumps(results)
    assert results["flow"]["schools_high"] is None


def test_evaluator_may_see_rating_groups_of_any_size():
    data = make_programme(12, 30, 0.5, seed=8, share_high=2 / 12)

    results = stored(data, guard_rating_groups=False)

    assert results["hidden_by_group"] is False
    assert results["sample"]["schools_high"] == 2


def test_ratings_of_single_schools_are_hidden_outside_sserc_and_the_evaluator():
    data = make_programme(30, 30, seed=8)

    assert stored(data)["dose_response"]["schools"] is None
    assert stored(data, guard_rating_groups=False)["dose_response"]["schools"]


@pytest.mark.parametrize(("schools", "pupils", "seed"), SMALL)
def test_schools_along_the_rating_tell_no_small_group_alone_or_by_what_is_left_out(schools, pupils, seed):
    data = make_programme(schools, pupils, seed=seed)
    complete = evaluate(data, Plan())

    shown = suppress(complete, Rules(guard_rating_groups=False))["dose_response"].get("schools") or []

    everyone = complete["dose_response"].get("schools") or []
    for high in (True, False):
        arm = [cells_of(each) for each in everyone if (each["rating"] >= 4) == high]
        kept = [cells_of(each) for each in shown if (each["rating"] >= 4) == high]
        rest = np.sum(arm, axis=0) - np.sum(kept, axis=0) if kept else None
        assert all(Safety(Rules()).spread(cells) for cells in kept)
        assert rest is None or not rest.sum() or Safety(Rules()).spread(rest)


def cells_of(school):
    declined = round(school["n"] * school["declined"])
    return np.array([declined, school["n"] - declined])


@pytest.mark.parametrize(("schools", "pupils", "seed"), SMALL)
def test_hidden_outcomes_are_not_told_by_how_alike_schools_are(schools, pupils, seed):
    complete, results = small_programme(schools, pupils, seed)

    hidden = [row for row in results["change"].values() if row.get("why") == "hidden" and row["declined"] is None]

    assert all(row["icc_anova_declined"] is row.get("design_effect") is None for row in hidden)
    assert all(value == round(value, 2) for row in hidden for value in row.values() if isinstance(value, float))


def test_scale_of_one_question_says_no_more_than_its_question():
    data = make_programme(6, 4, seed=2, stage_groups=("P5P7",))
    one = replace(data, codebook=data.codebook[data.codebook["item"] == "item1"])

    results = stored(one)

    assert results["items"]["P5P7"]["item1"]["mean_pre"] is None
    assert {results["change"]["P5P7"][key] for key in ("mean_b", "sd_b", "mean_y", "sd_y", "mean_change")} == {None}


def test_model_of_a_question_is_hidden_with_its_base():
    few = make_programme(14, 30, seed=3)
    few.pupils.loc[few.pupils.index[200:], "item1"] = np.nan

    results = stored(few)

    hidden = [
        (group, item)
        for group, items in results["items"].items()
        for item, row in items.items()
        if row["n_pair"] is None
    ]
    assert hidden
    assert all(not list(numbers(results["item_models"][group][item])) for group, item in hidden)


def test_item_total_is_hidden_with_the_answers_of_its_question():
    results = stored(make_programme(6, 5, seed=3))

    for name, items in results["items"].items():
        for wave in ("pre", "post"):
            scale = results["reliability"][f"{name}_{wave}"]
            hidden = [item for item, row in items.items() if row[f"mean_{wave}"] is None]
            assert hidden
            assert all((scale["item_total"] or {}).get(item) is None for item in hidden)
            assert not set(scale["flagged"] or []) & set(hidden)


def test_setting_that_lets_a_place_of_two_schools_have_a_report_is_refused():
    with pytest.raises(ValueError, match="place_schools may not be below 3"):
        Rules(place_schools=2)


def test_sheets_by_rating_group_are_hidden_where_few_schools_could_add_up_to_them():
    data = make_programme(8, 30, seed=8, share_high=3 / 8, schools_per_cluster=8)
    arms = ("Higher-rated", "Lower-rated")

    shown = stored(data)
    complete = stored(data, guard_rating_groups=False)

    assert shown["hidden_by_group"] is False
    assert [row["n_pre"] for row in shown["match_table"] if row["group"] in arms] == [None, None]
    assert [row["rate"] for row in shown["match_table"] if row["group"] in arms] == [None, None]
    assert shown["attrition"]["match_rate_high"] is shown["attrition"]["match_rate_low"] is None
    assert all(row["n_pre"] for row in complete["match_table"] if row["group"] in arms)


def test_small_schools_are_dropped_from_the_school_means():
    data = make_programme(40, 12, seed=8)

    shown = stored(data)["school_means"]["schools"]

    sizes = [school["n"] for school in evaluate(data, Plan())["school_means"]["schools"]]
    assert len(shown) == sum(n >= 10 for n in sizes) < len(sizes)
    assert {key for school in shown for key in school} == {"est", "lo", "hi"}


def test_suppression_changes_nothing_of_a_large_programme_and_never_its_input():
    complete = evaluate(make_programme(40, 60, 0.2, seed=3), Plan())
    before = deepcopy(stored_part(complete))

    results = suppress(complete, Rules(guard_rating_groups=False))

    assert stored_part(complete) == before
    assert results["ladder"] == complete["ladder"]
    assert results["headline"] == complete["headline"]
    assert results["specifications"] == complete["specifications"]


def test_higher_thresholds_hide_more():
    data = make_programme(8, 20, seed=3)

    assert (
        stored(data, small_cell=10, minimum_base=20)["disclosure"]["cells_hidden"]
        > stored(data)["disclosure"]["cells_hidden"]
    )


def test_hidden_shares_are_not_said_in_the_sentence():
    data = make_programme(6, 4, seed=1)
    complete = evaluate(data, Plan())

    results = suppress(complete, Rules())

    share = complete["sample"]["declined_high"] / complete["sample"]["n_high"]
    assert results["sample"]["declined_high"] is None
    assert f"{share:.0%}" in complete["ladder"]["sentence"]
    assert f"{share:.0%}" not in results["ladder"]["sentence"]


def test_line_along_the_rating_does_not_end_at_a_schools_rating():
    data = make_programme(30, 30, seed=8)
    data.ht.loc[data.ht.index[0], [name for name in data.ht if name.startswith("ht")]] = 1

    line = stored(data)["dose_response"]["line"]
    complete = evaluate(data, Plan())["dose_response"]
    ratings = sorted(school["rating"] for school in complete["schools"])

    assert ratings[0] == complete["line"][0]["rating"] == 1
    assert line[0]["rating"] >= sum(ratings[:3]) / 3
    assert line[-1]["rating"] <= sum(ratings[-3:]) / 3
    assert {round(100 * point["rating"]) % 5 for point in line} == {0}


def test_interval_of_a_group_of_few_schools_is_not_given():
    """Of three schools one draw in 27 is three times the same, and the interval would end at that school's own share."""
    data = make_programme(14, 30, seed=8, share_high=3 / 14)

    groups = evaluate(data, Plan())["change_groups"]

    assert groups["all"]["declined_lo"] is not None
    assert "declined_lo" not in groups["high"]


def test_effect_sizes_are_too_coarse_to_be_solved_for_the_counts_behind_them():
    results = stored(make_programme(30, 30, seed=8))

    effects = results["companions"]["cliff_change_high_vs_low"]
    assert all(round(value, 2) == value for value in effects.values() if value is not None)
