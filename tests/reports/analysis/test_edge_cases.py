"""Every awkward programme ends in a result that reads well and claims nothing (statistics.md, section 5)."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import EvaluationData, Plan, Rules
from tests.reports.programmes import make_programme

FORBIDDEN = re.compile(
    r"led to|because of PCP|proves|no effect|trend towards significance|significant|\bnan\b|\binf\b|\bNone\b",
    re.IGNORECASE,
)
FORBIDDEN_AT = {
    "L0": re.compile(r"significant|p =|p <|less likely|more likely|the same pupils|interval", re.IGNORECASE),
    "L1": re.compile(r"significant|p =|p <|interval|less likely|more likely", re.IGNORECASE),
}


def with_pupils(data, change):
    return replace(data, pupils=change(data.pupils.copy()))


def with_ratings(data, change):
    ht = data.ht.copy()
    ht[[name for name in ht.columns if name != "school_id"]] = change(ht.iloc[:, 1:].to_numpy(copy=True))
    return replace(data, ht=ht)


def ordinary(schools=14, pupils=30, **how):
    return make_programme(schools, pupils, seed=5, **how)


def no_rating(data):
    return replace(data, ht=data.ht.iloc[:0])


def all_high(data):
    return with_ratings(data, lambda answers: np.full_like(answers, 5))


def one_rated_school(data):
    return replace(data, ht=data.ht.iloc[:1])


def one_school_in_an_arm(data):
    return with_ratings(data, lambda answers: np.full_like(answers, 2) + 3 * (np.arange(len(answers))[:, None] == 3))


def no_matched_pupils(data):
    def change(pupils):
        pupils.loc[pupils["wave"] == "post", "pupil_code"] = "X" + pupils["pupil_code"]
        return pupils

    return with_pupils(data, change)


def no_follow_up(data):
    return with_pupils(data, lambda pupils: pupils[pupils["wave"] == "pre"])


def no_follow_up_for_some_schools(data):
    return with_pupils(data, lambda pupils: pupils[(pupils["wave"] == "pre") | (pupils["school_id"] > "S0003")])


def everyone_declined(data):
    return with_pupils(data, lambda pupils: _answer(pupils, 1, 1, before=3))


def nobody_changed(data):
    return with_pupils(data, lambda pupils: _answer(pupils, 2, 2, before=2))


def constant_item(data):
    def change(pupils):
        pupils["item3"] = 2
        return pupils

    return with_pupils(data, change)


def separation(data):
    """Every pupil of the higher-rated schools declines, and few of the others."""
    high = set(data.ht.loc[data.ht.iloc[:, 1:].mean(axis=1) >= 4, "school_id"])

    def change(pupils):
        here = pupils["school_id"].isin(high) & (pupils["wave"] == "post")
        items = [name for name in pupils.columns if name.startswith("item")]
        before = pupils["school_id"].isin(high) & (pupils["wave"] == "pre")
        reverse = {("P2P4", "item8"), ("P5P7", "item12")}
        for item in items:
            young = pupils["stage"].isin(["P2", "P3", "P4"])
            for group, rows in (("P2P4", young), ("P5P7", ~young)):
                low, some = (3 if group == "P2P4" else 5, 1) if (group, item) in reverse else (1, 3)
                pupils.loc[here & rows, item] = low
                pupils.loc[before & rows, item] = some
        return pupils

    return with_pupils(data, change)


def one_pupil_in_a_school(data):
    def change(pupils):
        here = pupils["school_id"] == "S0002"
        keep = pupils.loc[here, "pupil_code"].iloc[0]
        return pupils[~here | (pupils["pupil_code"] == keep)]

    return with_pupils(data, change)


def other_items_missing_at_the_two_waves(data):
    def change(pupils):
        pupils.loc[pupils["wave"] == "pre", ["item1", "item2", "item3"]] = np.nan
        pupils.loc[pupils["wave"] == "post", ["item4", "item5"]] = np.nan
        return pupils

    return with_pupils(data, change)


def blank_codes(data):
    return with_pupils(data, lambda pupils: pupils.assign(pupil_code=""))


def nothing_answered(data):
    items = [name for name in data.pupils.columns if name.startswith("item")]
    return with_pupils(data, lambda pupils: pupils.assign(**dict.fromkeys(items, np.nan)))


def no_rows(data):
    return with_pupils(data, lambda pupils: pupils.iloc[:0])


def one_cluster(data):
    return with_pupils(data, lambda pupils: pupils.assign(cluster="C1"))


def nothing_known_of_places(data):
    return with_pupils(data, lambda pupils: pupils.assign(cluster="", la="", simd_quintile=""))


def unused_category(data):
    return with_pupils(data, lambda pupils: pupils.assign(item2=np.where(pupils["item2"] > 2, pupils["item2"], 3)))


def forgotten_reverse(data):
    return replace(data, codebook=data.codebook.assign(reverse=0))


def _answer(pupils, low_young, low_old, before):
    """Everybody answers ``before`` first and the low answers afterwards (reversed items the other way round)."""
    young = pupils["stage"].isin(["P2", "P3", "P4"])
    post = pupils["wave"] == "post"
    for item in [name for name in pupils.columns if name.startswith("item")]:
        pupils.loc[~post, item] = before
        pupils.loc[post & young, item] = low_young
        pupils.loc[post & ~young, item] = low_old
        pupils.loc[post & young, "item8"] = 4 - low_young
        pupils.loc[post & ~young, "item12"] = 6 - low_old
        pupils.loc[~post & young, "item8"] = 4 - before
        pupils.loc[~post & ~young, "item12"] = 6 - before
    return pupils


CASES = {
    "no rating": (lambda: no_rating(ordinary()), {"L0"}),
    "all high": (lambda: all_high(ordinary()), {"L0"}),
    "one rated school": (lambda: one_rated_school(ordinary()), {"L0"}),
    "one school in an arm": (lambda: one_school_in_an_arm(ordinary()), {"L1"}),
    "three against three": (lambda: ordinary(6), {"L1"}),
    "one against one": (lambda: ordinary(2), {"L1"}),
    "no matched pupils": (lambda: no_matched_pupils(ordinary()), {"L0"}),
    "no follow-up": (lambda: no_follow_up(ordinary()), {"L0"}),
    "no follow-up for some schools": (lambda: no_follow_up_for_some_schools(ordinary()), {"L1", "L2", "L3", "L4"}),
    "everyone declined": (lambda: everyone_declined(ordinary()), {"L0"}),
    "nobody changed": (lambda: nobody_changed(ordinary()), {"L0"}),
    "constant item": (lambda: constant_item(ordinary()), {"L2", "L3", "L4"}),
    "separation": (lambda: separation(ordinary()), {"L2", "L3"}),
    "one stage group": (lambda: ordinary(stage_groups=("P5P7",)), {"L2", "L3", "L4"}),
    "the other stage group": (lambda: ordinary(stage_groups=("P2P4",)), {"L2", "L3", "L4"}),
    "one pupil in a school": (lambda: one_pupil_in_a_school(ordinary()), {"L2", "L3", "L4"}),
    "other items missing": (lambda: other_items_missing_at_the_two_waves(ordinary()), {"L0", "L1", "L2", "L3"}),
    "blank codes": (lambda: blank_codes(ordinary()), {"L0"}),
    "nothing answered": (lambda: nothing_answered(ordinary()), {"L0"}),
    "no rows": (lambda: no_rows(ordinary()), {"L0"}),
    "one cluster": (lambda: one_cluster(ordinary()), {"L2", "L3"}),
    "nothing known of places": (lambda: nothing_known_of_places(ordinary()), {"L2", "L3"}),
    "unused category": (lambda: unused_category(ordinary()), {"L2", "L3", "L4"}),
    "forgotten reverse": (lambda: forgotten_reverse(ordinary()), {"L2", "L3", "L4"}),
    "two pupils a school": (lambda: ordinary(12, 2), {"L1"}),
    "messy": (lambda: ordinary(20, 30, messy=True), {"L2", "L3", "L4"}),
    "a real effect": (lambda: make_programme(60, 50, 0.35, seed=3), {"L3", "L4"}),
    "a real effect the other way": (lambda: make_programme(60, 50, -0.35, seed=3), {"L3", "L4"}),
}


def texts(value):
    """Every string in a result."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def pupils_answered(results):
    return bool(results["flow"]["analysable_pairs"])


@pytest.mark.parametrize("case", CASES)
def test_awkward_programme_ends_in_a_valid_result_with_a_permitted_sentence(case):
    make, levels = CASES[case]

    results = evaluate(make(), Plan())
    stored = suppress(results, Rules())

    for found in (results, stored):
        json.dumps({key: value for key, value in found.items() if key not in {"parts", "schools"}}, allow_nan=False)
        ladder = found["ladder"]
        # Where nothing may be shown by rating group, one level stands for whatever it was.
        assert ladder["level"] in ({"L1"} if found["hidden_by_group"] and pupils_answered(found) else levels)
        said = " ".join([ladder["sentence"], *ladder["reasons"], *found["attention"], *found["caveats"]])
        assert not FORBIDDEN.search(said)
        assert "caused" not in said or ladder["level"] == "L4"
        if ladder["level"] in FORBIDDEN_AT:
            assert not FORBIDDEN_AT[ladder["level"]].search(" ".join([ladder["sentence"], *ladder["reasons"]]))
        assert ladder["sentence"].endswith(".")


def test_separation_takes_the_risk_difference_from_the_straight_line_and_gives_no_odds_ratio():
    results = evaluate(separation(ordinary()), Plan())

    headline, line = results["headline"], results["companions"]["lpm_sm_cr2"]
    assert headline["or"] is None
    assert headline["rd"] == line["est"]
    assert headline["p"] == results["companions"]["permutation_school"]["p"]
    assert headline["rd_p"] == line["p"]
    assert "odds ratio" not in results["ladder"]["sentence"]
    assert "straight-line model" in results["ladder"]["sentence"]


def test_what_could_be_found_is_of_the_same_model_as_the_interval_beside_it():
    for data in (ordinary(), no_follow_up_for_some_schools(ordinary()), separation(ordinary())):
        results = evaluate(data, Plan())

        headline, detectable = results["headline"], results["mde"]["headline_pp"]
        assert detectable > (headline["rd_hi"] - headline["rd_lo"]) / 2
        if results["ladder"]["level"] == "L2":
            assert f"smaller than about {100 * detectable:.1f} percentage points" in results["ladder"]["sentence"]


def test_interval_of_the_difference_and_its_p_always_say_the_same():
    for seed in range(4):
        results = evaluate(make_programme(16, 30, 0.2, seed=seed), Plan())

        headline = results["headline"]
        row = next(row for row in results["specifications"] if row["key"] == "headline")
        assert (headline["rd_p"] < 0.05) == (headline["rd_lo"] > 0 or headline["rd_hi"] < 0)
        assert row["p"] == headline["rd_p"] != headline["p"]


def only_three_schools_of_older_pupils(data):
    def change(pupils):
        older = pupils["stage"].isin(["P5", "P6", "P7"])
        return pupils[~older | pupils["school_id"].isin(["S0001", "S0002", "S0003"])]

    return with_pupils(data, change)


def test_interval_needs_ten_schools_that_answered_this_question():
    items = evaluate(only_three_schools_of_older_pupils(ordinary()), Plan())["items"]

    ends = [f"pos_{key}_{end}" for key in ("pre", "post", "change") for end in ("lo", "hi")]
    assert all(key not in item for item in items["P5P7"].values() for key in ends)
    assert all(key in item for item in items["P2P4"].values() for key in ends)


def test_interval_of_a_change_needs_ten_schools_at_both_times():
    items = evaluate(no_follow_up_for_some_schools(ordinary(12)), Plan())["items"]["P2P4"]

    assert all("pos_pre_lo" in item for item in items.values())
    assert not any("pos_post_lo" in item or "pos_change_lo" in item for item in items.values())


@pytest.mark.parametrize(
    ("wave", "reason"),
    [
        ("pre", "nobody has answered the follow-up yet"),
        ("post", "nobody answered before"),
        ("", "nobody has answered yet"),
    ],
)
def test_wave_without_a_sheet_is_named_as_the_reason(wave, reason):
    results = evaluate(with_pupils(ordinary(), lambda pupils: pupils[pupils["wave"] == wave]), Plan())

    assert results["ladder"]["sentence"] == f"This comparison cannot be made because {reason}."


def test_codes_that_link_without_answers_are_not_said_to_be_unlinked():
    results = evaluate(nothing_answered(ordinary()), Plan())

    assert results["flow"]["linked_pairs"] > 0
    assert results["ladder"]["sentence"] == (
        "This comparison cannot be made because nobody answered enough of the same questions both times."
    )


def test_reference_of_noise_is_half_of_those_who_did_not_answer_alike():
    results = evaluate(make_programme(40, 60, seed=4, drift=0.0), Plan())

    groups, stages = results["change_groups"], results["change_by_stage"]
    for name, (questions, points) in {"P2P4": (8, 3), "P5P7": (12, 5)}.items():
        found = groups["noise_by_stage"][name]
        assert found["share"] == round((1 - stages[name]["held"] / stages[name]["n"]) / 2, 3)
        assert (found["questions"], found["points"]) == (questions, points)
    everybody = groups["all"]
    assert abs(groups["noise_reference"] - everybody["declined"] / everybody["n"]) < 0.03


def test_reference_of_noise_is_hidden_with_what_it_is_made_from():
    complete = evaluate(ordinary(4, 8), Plan())

    stored = suppress(complete, Rules())["change_groups"]

    assert complete["change_groups"]["noise_reference"] is not None
    assert (stored["noise_reference"], stored["noise_by_stage"], stored["noise_base"]) == (None, {}, "")


def two_ratings_only(data):
    return with_ratings(data, lambda answers: np.where(answers.mean(axis=1, keepdims=True) >= 4, 5, 3) + 0 * answers)


def test_cuts_that_all_divide_the_schools_alike_are_said_to_do_so():
    results = evaluate(two_ratings_only(make_programme(60, 50, 0.35, seed=3)), Plan())

    check = next(check for check in results["checks"] if check["key"] == "s4")
    assert len({model["est"] for model in results["companions"]["cut_sensitivity"].values()}) == 1
    assert (check["passed"], check["detail"]) == (True, "seven cuts, no other division of the schools")


def test_question_that_nobody_answered_looks_as_one_that_few_answered():
    def change(few):
        def one(pupils):
            pupils["item1"] = np.nan
            pupils["item2"] = np.where(pupils.index < few, pupils["item2"], np.nan)
            return pupils

        return one

    items = suppress(evaluate(with_pupils(ordinary(), change(4)), Plan()), Rules())["items"]["P5P7"]

    same = {key for key in items["item1"] if key not in {"order", "text"}}
    assert {key: items["item1"][key] for key in same} == {key: items["item2"].get(key) for key in same}
    assert items["item1"]["n_pre"] is None
    assert items["item1"]["why"] == "hidden"


def test_item_that_runs_against_its_scale_is_flagged():
    results = evaluate(forgotten_reverse(ordinary()), Plan())

    assert results["reliability"]["P5P7_pre"]["flagged"] == ["item12"]
    assert any("item12" in sentence for sentence in results["attention"])


def test_unfavourable_difference_is_worded_with_the_same_strength():
    better = evaluate(make_programme(60, 50, 0.35, seed=3), Plan())["ladder"]
    worse = evaluate(make_programme(60, 50, -0.35, seed=3), Plan())["ladder"]

    assert "less likely" in better["sentence"]
    assert "more likely" in worse["sentence"]


def test_programme_without_a_pupils_table_of_other_stages_needs_no_codebook_for_them():
    data = ordinary(stage_groups=("P5P7",))

    results = evaluate(data, Plan())

    assert list(results["items"]) == ["P5P7"]
    assert results["companions"]["mod_stage_group"]["why"] == "Only one stage group answered."
    assert isinstance(data, EvaluationData)
