"""Figures that are exact enough to be solved for the counts behind them: hidden, or stored as they are read.

Each of these was an attack that gave answers of a few pupils, or of a single school, from published estimates.
"""

from dataclasses import replace

import numpy as np
import pytest

from reports.analysis.cells import OUTCOMES
from reports.analysis.change import ALL_KEYS
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.schema import STAGE_GROUPS, WAVES, Plan, Rules
from reports.analysis.unmatched import MEANS
from tests.reports.analysis.test_few_schools import officer_sees
from tests.reports.analysis.test_subtraction import CENSUS, places
from tests.reports.analysis.test_unmatched import programme, reports
from tests.reports.programmes import make_programme

LIKENESS = ("icc_anova_change", "icc_anova_base", "icc_anova_declined", "icc_reml_change", "design_effect")
SHARES = ("p_high", "p_low")


def shown_of(data, **rules):
    return suppress(evaluate(data, Plan()), Rules(**rules))


def with_answers(data, item, answers):
    """The programme with these answers of everybody to one question before, as often as they are given, and 3 for the rest."""
    pupils = data.pupils.copy()
    before = pupils.index[pupils["wave"].eq("pre")]
    values = np.full(len(before), 3.0)
    values[: len(answers)] = answers
    pupils.loc[before, item] = values
    return replace(data, pupils=pupils)


def test_everything_made_of_the_scores_of_the_matched_is_hidden_beside_one_other():
    """The spread beside alpha, the schools' mean beside the spread, or the model of all beside that of the matched, told the one."""
    complete, shown = reports(programme(alone_before=1, alone_after=12))

    assert {complete["change"]["P5P7"][key] for key in MEANS} - {None}
    assert {shown["change"]["P5P7"][key] for key in MEANS} == {None}
    assert shown["school_means"]["mean"] is shown["school_means"]["schools"] is None
    assert shown["companions"]["did_all_cr2"]["est"] is None
    assert shown["companions"]["did_all_cr2"]["why"] == "hidden"


def test_start_of_all_pupils_is_hidden_with_that_of_a_stage_group():
    data = make_programme(12, 40, seed=6, lost=0.0, reverse=False)
    young = data.pupils["stage"].isin(["P2", "P3", "P4"])
    codes = sorted(set(data.pupils[young]["pupil_code"]))[:1] + sorted(set(data.pupils[~young]["pupil_code"]))[:8]
    gone = data.pupils["pupil_code"].isin(codes) & data.pupils["wave"].eq("post")

    complete, shown = reports(replace(data, pupils=data.pupils[~gone].reset_index(drop=True)))

    rows = {row["group"]: row["smd"] for row in shown["match_table"]}
    assert all(row["smd"] is not None for row in complete["match_table"][:3])
    assert rows["All"] is rows["P2-P4"] is rows["P5-P7"] is None


def test_hidden_question_cannot_be_had_from_its_scale_or_from_its_change():
    data = with_answers(programme(0, 0), "item1", [1, 1, 1, 2, 2, 2, 2, 2, 2])

    complete, shown = reports(data)

    items, change = complete["items"]["P5P7"], complete["change"]["P5P7"]
    others = sum(item["mean_pre"] for name, item in items.items() if name != "item1")
    assert len(items) * change["mean_b"] - others == pytest.approx(items["item1"]["mean_pre"])
    assert shown["items"]["P5P7"]["item1"]["mean_pre"] is None
    assert {shown["change"]["P5P7"][key] for key in MEANS} == {None}
    assert {shown["change_of_all"]["P5P7"][key] for key in ALL_KEYS} == {None}
    assert {shown["items"]["P5P7"]["item1"][key] for key in (*OUTCOMES, "net", "mean_change")} == {None}
    assert shown["items"]["P5P7"]["item2"]["mean_change"] is not None


def test_model_of_a_question_is_hidden_with_its_answers_and_gives_no_reason_away():
    few = with_answers(programme(0, 0), "item1", [1, 1, 1])
    alike = with_answers(make_programme(4, 4, seed=2, lost=0.0, stage_groups=("P5P7",)), "item1", [])

    assert reports(few)[1]["item_models"]["P5P7"]["item1"]["est"] is None
    assert (
        evaluate(alike, Plan())["item_models"]["P5P7"]["item1"]["why"] == "Everybody gave the same answer at baseline."
    )
    assert shown_of(alike, guard_rating_groups=False)["item_models"]["P5P7"]["item1"]["why"] == "hidden"


def test_expected_shares_do_not_tell_how_many_declined_in_a_school_without_a_rating():
    data = make_programme(24, 40, seed=2)
    complete = evaluate(replace(data, ht=data.ht.iloc[1:]), Plan())

    shown = suppress(complete, Rules())

    head, sample = complete["headline"], complete["sample"]
    expected = sample["n_high"] * head["p_high"] + sample["n_low"] * head["p_low"]
    assert expected == pytest.approx(sample["declined_high"] + sample["declined_low"], abs=2)
    models = [shown["headline"], *shown["companions"].values()]
    assert {model[key] for model in models for key in SHARES if key in model} == {None}
    assert shown["dose_response"]["line"] is shown["dose_response"]["schools"] is None
    assert None not in (shown["headline"]["rd"], shown["headline"]["or"])


def test_shares_of_complete_answers_are_hidden_with_their_number():
    data = make_programme(12, 40, seed=3, lost=0.3, stage_groups=("P5P7",))
    answers = data.pupils.filter(like="item").fillna(3)
    pupils = data.pupils.assign(**answers)
    matched = pupils[
        pupils["wave"].eq("post") & pupils["pupil_code"].isin(pupils[pupils["wave"].eq("pre")]["pupil_code"])
    ]
    pupils.loc[matched.index[:2], "item1"] = np.nan

    complete, shown = reports(replace(data, pupils=pupils))

    assert complete["change"]["P5P7"]["n"] - complete["change"]["P5P7"]["n_complete_items"] == 2
    model = shown["companions"]["headline_complete_items"]
    assert model["n"] is model["p_high"] is model["p_low"] is None


@pytest.mark.parametrize("seed", range(2))
def test_interval_of_all_pupils_tells_nothing_of_ratings_that_are_hidden(seed):
    """Twelve schools have intervals; if they were drawn by rating group these six numbers would depend on the ratings."""
    data = make_programme(36, 30, seed=seed, schools_per_cluster=12)

    told = [officer_sees(data, [3] * low + [5] * (12 - low)) for low in (0, 1, 2, 12)]

    assert '"declined_lo": ' in told[0]
    assert len(set(told)) == 1


@pytest.mark.parametrize(("lost", "hidden"), [(0.0, True), (0.5, False)])
def test_sizes_of_rating_groups_are_hidden_where_they_are_sums_of_the_schools_sheets(lost, hidden):
    shown = shown_of(make_programme(8, 50, seed=1, lost=lost))

    assert not shown["hidden_by_group"]
    assert (shown["sample"]["n_high"] is None) == hidden
    assert (shown["change_groups"]["high"]["n"] is None) == hidden
    assert shown["headline"]["rd"] is not None


def test_likeness_of_fewer_than_ten_schools_is_hidden_and_of_more_is_rounded():
    few, more = (shown_of(make_programme(schools, 40, seed=4)) for schools in (9, 12))

    for name in STAGE_GROUPS:
        assert {few["change"][name][key] for key in (*LIKENESS, "cr2_se", "lo", "hi")} == {None}
        assert few["change_of_all"][name]["cr2_se"] is None
        assert all(round(more["change"][name][key], 2) == more["change"][name][key] for key in LIKENESS)
        assert more["change"][name]["cr2_se"] is not None
    assert few["school_means"]["icc"] is few["school_means"]["var_school"] is None


def test_ends_of_intervals_from_draws_that_can_be_repeated_are_whole_per_cent():
    shown, own = (shown_of(make_programme(30, 40, seed=4), guard_rating_groups=guard) for guard in (True, False))

    ends = [item[f"pos_{wave}_lo"] for items in shown["items"].values() for item in items.values() for wave in WAVES]
    ends = [end for end in ends if end is not None]
    assert ends
    assert all(round(end, 2) == end for end in ends)
    assert shown["change_groups"]["all"]["declined_lo"] == round(own["change_groups"]["all"]["declined_lo"])
    assert own["change_groups"]["all"]["declined_lo"] != round(own["change_groups"]["all"]["declined_lo"])


@pytest.mark.xdist_group("country 0")
def test_two_answers_that_the_census_rule_hides_are_never_known_to_be_a_few_together():
    tried = 0
    for report in places(0, CENSUS):
        for name, items in report.shown["items"].items():
            for key, item in items.items():
                positive = (item["points"] + 1) // 2
                for wave in WAVES:
                    counts, truth = item[f"counts_{wave}"], report.complete["items"][name][key][f"counts_{wave}"]
                    for side in (slice(0, positive), slice(positive, None)) if counts else ():
                        hidden = [
                            number for number, shown in zip(truth[side], counts[side], strict=True) if shown is None
                        ]
                        tried += bool(hidden)
                        assert not 0 < sum(hidden) < 5, (name, key, wave, counts, truth)
    assert tried > 50


def test_place_of_few_schools_keeps_what_its_schools_together_say():
    """Otherwise hiding how alike they are would hide everything."""
    data = make_programme(24, 60, seed=4, schools_per_cluster=6)
    pupils = data.pupils[data.pupils["cluster"].eq("C000")]
    own = replace(data, pupils=pupils, ht=data.ht[data.ht["school_id"].isin(pupils["school_id"])])

    shown = suppress(evaluate(own, Plan(), parts_of_whole(data, Plan())), Rules())

    for name in STAGE_GROUPS:
        assert None not in (shown["change"][name]["mean_change"], shown["change_by_stage"][name]["declined"])
        assert shown["change_of_all"][name]["difference"] is not None


def test_degrees_of_freedom_that_follow_from_the_sheets_do_not_tell_the_division_of_the_schools():
    """Whoever knows the sheets of each school can try every division for the one with the printed degrees of freedom."""
    complete = evaluate(make_programme(12, 40, seed=4), Plan())

    guarded, own = suppress(complete, Rules()), suppress(complete, Rules(guard_rating_groups=False))

    assert own["companions"]["did_all_cr2"]["df"] == complete["companions"]["did_all_cr2"]["df"]
    assert guarded["companions"]["did_all_cr2"]["df"] is None
    assert guarded["companions"]["did_all_cr2"]["p"] is None  # which, beside the estimate and its error, tells them
    for key in ("est", "se", "lo", "hi"):
        value = guarded["companions"]["did_all_cr2"][key]
        assert value == round(value, 2)
    row = next(row for row in guarded["specifications"] if row["key"] == "did_all_cr2")
    assert (row["df"], row["p"], row["lo"] is None) == (None, None, False)
    told = next(check["detail"] for check in guarded["checks"] if check["key"] == "s5")
    assert "95% interval" in told
    assert "p =" not in told
    assert "p <" not in told


def test_rated_schools_that_nobody_answered_twice_are_on_no_side():
    data = make_programme(24, 40, seed=4)
    dropped = data.pupils["school_id"].eq("S0001") & data.pupils["wave"].eq("post")

    complete, shown = reports(replace(data, pupils=data.pupils[~dropped].reset_index(drop=True)))

    flow, sample = complete["flow"], complete["sample"]
    assert flow["schools_high"] + flow["schools_low"] == sample["schools_high"] + sample["schools_low"] + 1
    assert shown["flow"]["schools_high"] is shown["flow"]["schools_low"] is None
    assert shown["sample"]["schools_high"] == sample["schools_high"]


def test_reliability_and_means_are_stored_with_two_decimals():
    """Alpha to fifteen digits gives the sum of squares of whole totals, and a mean the sum of a few pupils' answers."""
    shown = shown_of(make_programme(24, 40, seed=4))

    scales, stages = shown["reliability"].values(), (*shown["change"].values(), *shown["change_of_all"].values())
    told = [value for part in (*scales, *stages) for value in part.values() if isinstance(value, float)]
    told += [value for scale in scales for value in scale["item_total"].values() if value is not None]
    # Where schools do not differ this is the mean change in SD of the start, and to fifteen digits only one sum of changes gives it.
    told.append(shown["school_means"]["mean"])
    assert len(told) > 80
    assert all(round(value, 2) == value for value in told)


def test_sizes_of_rating_groups_are_not_what_other_clusters_leave_over():
    """One cluster of which all were matched beside others: its sizes may not be had from the whole."""
    data = make_programme(24, 40, seed=6, schools_per_cluster=6, lost=0.0)
    random = np.random.default_rng(1)
    elsewhere = data.pupils["cluster"].ne("C000") & data.pupils["wave"].eq("post")
    data = replace(
        data, pupils=data.pupils[~(elsewhere & (random.random(len(data.pupils)) < 0.4))].reset_index(drop=True)
    )
    whole = parts_of_whole(data, Plan())

    def report(column=None, name=None):
        here = data.pupils[data.pupils[column].eq(name)] if column else data.pupils
        own = replace(data, pupils=here, ht=data.ht[data.ht["school_id"].isin(here["school_id"])])
        return suppress(evaluate(own, Plan(), whole), Rules())

    clusters = {name: report("cluster", name) for name in sorted(set(data.pupils["cluster"]))}
    compared = {name: found for name, found in clusters.items() if not found["hidden_by_group"]}

    assert "C000" in compared
    assert compared["C000"]["sample"]["n_high"] is None
    sized = [found["sample"]["n_high"] is not None for found in (report(), *compared.values())]
    assert not (sized[0] and sum(sized[1:]) == len(clusters) - 1)


@pytest.mark.parametrize(
    ("unsure", "blank", "hidden"), [(1, 0, True), (0, 1, True), (0, 0, False), (6, 7, False), (0, 9, False)]
)
def test_one_who_was_not_sure_looks_like_one_who_left_the_question_blank(unsure, blank, hidden):
    """How many did not answer is known from the sheets; if they are a few, it must not show why."""
    data = programme(0, 0)
    before = data.pupils.index[data.pupils["wave"].eq("pre")]
    data.pupils["item1"] = data.pupils["item1"].astype(object)
    data.pupils.loc[before[:unsure], "item1"] = "NS"
    data.pupils.loc[before[unsure : unsure + blank], "item1"] = ""

    complete, shown = reports(data)

    question, told = complete["items"]["P5P7"]["item1"], shown["items"]["P5P7"]["item1"]
    assert (question["n_unscored_pre"], question["n_blank_pre"]) == (unsure, blank)
    assert (told["n_unscored_pre"], told["n_blank_pre"]) == ((None, None) if hidden else (unsure, blank))


def test_number_of_hidden_cells_does_not_tell_what_is_hidden_from_what_was_never_there():
    data = with_answers(programme(0, 0), "item1", [1, 1, 1, 2, 2, 2, 2, 2, 2])
    complete = evaluate(data, Plan())
    without = evaluate(data, Plan())
    model = without["item_models"]["P5P7"]["item1"]
    assert {name for name, value in model.items() if value is not None} >= {"est", "se", "p"}
    model.update(dict.fromkeys(model), why="Everybody gave the same answer.")

    assert suppress(complete, Rules()) == suppress(without, Rules())
