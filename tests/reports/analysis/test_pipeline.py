"""The whole evaluation: what never changes, what is refused, and what the numbers mean."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from reports.analysis import comparison, matching
from reports.analysis.pipeline import evaluate, rejected
from reports.analysis.ratings import is_high, ratings
from reports.analysis.scales import instruments
from reports.analysis.schema import EvaluationData, InvalidData, Plan, Rules
from tests.reports.programmes import as_strings, make_programme, national_programme

KEYS = [
    "schema",
    "scope",
    "flow",
    "items",
    "reliability",
    "change",
    "change_groups",
    "change_by_stage",
    "attrition",
    "match_table",
    "sample",
    "baseline_equiv_g",
    "headline",
    "companions",
    "item_models",
    "mde",
    "specifications",
    "attention",
    "checks",
    "caveats",
    "ladder",
    "disclosure",
    "hidden_by_group",
    "provenance",
]
COMPANIONS = [
    "primary_logit_cr2",
    "lpm_adj_cr2",
    "lpm_sm_cr2",
    "lpm_adj_cr2_by_pcp_cluster",
    "ancova_cr2",
    "ancova_sm_cr2",
    "change_score_cr2",
    "dose_sm_logit_cr2",
    "dose_logit_cr2_per_point",
    "did_all_cr2",
    "ancova_lmer",
    "wild_cluster_boot_lpm",
    "permutation_school",
    "cliff_change_high_vs_low",
    "mod_stage_group",
    "mod_simd_q1q2",
    "cut_sensitivity",
]


def text_of(results):
    return json.dumps(stored_part(results), allow_nan=False)


def stored_part(results):
    """Without what serves disclosure control alone."""
    return {key: value for key, value in results.items() if key not in {"parts", "schools"}}


def shuffled(frame, seed=9):
    return frame.sample(frac=1, random_state=seed)


def tiny(rows, items=2, points=5, reverse=(0, 0), **more):
    """A programme of hand-written sheets: (school, stage, code, wave, answers...)."""
    names = [f"item{number + 1}" for number in range(items)]
    pupils = pd.DataFrame(rows, columns=["school_id", "stage", "pupil_code", "wave", *names]).assign(
        cluster="C", la="A", simd_quintile=1
    )
    groups = ("P2P4", "P5P7")
    codebook = pd.DataFrame(
        [
            {"stage_group": group, "item": name, "points": points, "reverse": turned}
            for group in groups
            for name, turned in zip(names, reverse, strict=True)
        ]
    )
    ht = pd.DataFrame({"school_id": ["S1"], "ht1": [4], "ht2": [5]})
    return EvaluationData(pupils, ht, codebook.assign(**more))


def headline_p(data):
    """The p value of the primary test alone."""
    books = instruments(data.codebook)
    sheets, _ = matching.clean(data, books)
    rating, _ = ratings(data.ht, sheets.schools)
    high = is_high(rating, 4.0)
    sample = comparison.sample_of(matching.analysable(sheets, books), sheets, rating, high)
    return comparison.logit_high(sample, school_mean=True).p


def flow_of(rows, **how):
    return evaluate(tiny(rows, **how), Plan())["flow"]


def test_result_has_every_key_and_only_plain_values():
    results = evaluate(make_programme(12, 20, seed=4), Plan())

    assert set(KEYS) <= set(results)
    assert set(COMPANIONS) <= set(results["companions"])
    assert json.loads(text_of(results)) == stored_part(results)


def test_stage_group_without_pairs_has_the_same_keys_as_one_with_them():
    change = evaluate(make_programme(6, 20, seed=4, stage_groups=("P5P7",)), Plan())["change"]

    assert set(change["P2P4"]) - {"why"} == set(change["P5P7"])
    assert change["P2P4"]["n"] == 0 and change["P2P4"]["why"]


@pytest.mark.parametrize("messy", (False, True))
def test_order_of_rows_and_columns_never_matters(messy):
    data = make_programme(18, 20, 0.2, seed=6, messy=messy)
    other = EvaluationData(
        shuffled(data.pupils)[data.pupils.columns[::-1]].reset_index(drop=True),
        shuffled(data.ht),
        shuffled(data.codebook).sort_index(),
    )

    assert text_of(evaluate(data, Plan())) == text_of(evaluate(other, Plan()))


def test_text_and_number_columns_give_the_same_result():
    data = make_programme(12, 20, seed=4)
    typed = EvaluationData(as_strings(data.pupils), as_strings(data.ht), as_strings(data.codebook))

    assert text_of(evaluate(data, Plan())) == text_of(evaluate(typed, Plan()))


def test_seed_changes_only_what_is_drawn_at_random():
    data = make_programme(30, 20, 0.2, seed=4)

    first, second = (evaluate(data, Plan(seed=seed)) for seed in (1, 2))

    assert first["headline"] == second["headline"]
    assert first["companions"]["wild_cluster_boot_lpm"]["t"] == second["companions"]["wild_cluster_boot_lpm"]["t"]
    assert first["companions"]["wild_cluster_boot_lpm"]["p"] != second["companions"]["wild_cluster_boot_lpm"]["p"]


def test_known_effect_is_found_at_the_size_of_the_real_programme():
    effect, none = (evaluate(national_programme(size), Plan()) for size in (0.2, 0.0))

    assert effect["ladder"]["level"] == "L4"
    assert effect["headline"]["rd"] < 0
    assert none["ladder"]["level"] == "L2"
    assert none["headline"]["rd_lo"] < 0 < none["headline"]["rd_hi"]


def test_codes_are_compared_without_case_space_and_hyphen():
    flow = flow_of([("S1", "P5", "ab-1 2", "pre", 3, 3), ("S1", "P5", " AB12", "post", 4, 4)])

    assert flow["linked_pairs"] == 1


def test_code_of_another_stage_or_school_is_not_linked():
    flow = flow_of(
        [("S1", "P5", "A1", "pre", 3, 3), ("S1", "P6", "A1", "post", 4, 4), ("S2", "P5", "A1", "post", 4, 4)]
    )

    assert flow["linked_pairs"] == 0


def test_code_used_twice_in_a_wave_is_never_linked_but_still_counted():
    rows = [("S1", "P5", "A1", "pre", 3, 3), ("S1", "P5", "a-1", "pre", 4, 4), ("S1", "P5", "A1", "post", 4, 4)]

    results = evaluate(tiny(rows), Plan())

    assert results["flow"]["ambiguous_rows"] == 2
    assert results["flow"]["linked_pairs"] == 0
    assert results["items"]["P5P7"]["item1"]["n_pre"] == 2


def test_identical_rows_keep_one_unless_a_response_id_tells_them_apart():
    rows = [("S1", "P5", "A1", "pre", 3, 3), ("S1", "P5", "A1", "pre", 3, 3)]
    data = tiny(rows)

    assert evaluate(data, Plan())["flow"]["rows_after_dedup"] == 1
    distinct = replace(data, pupils=data.pupils.assign(response_id=["r1", "r2"]))
    assert evaluate(distinct, Plan())["flow"]["rows_after_dedup"] == 2


def test_answers_out_of_range_are_counted_and_not_sure_is_counted_apart():
    rows = [
        ("S1", "P5", "A1", "pre", 9, "NS"),
        ("S1", "P5", "A2", "pre", "x", ""),
        ("S1", "P5", "A3", "pre", 3.5, "PNS"),
    ]

    flow = flow_of(rows)

    assert flow["out_of_range_values"] == 3
    assert flow["unscored_answers"] == 2


def test_reversed_item_is_turned_round():
    rows = [("S1", "P5", "A1", "pre", 1, 1), ("S1", "P5", "A1", "post", 1, 5)]

    items = evaluate(tiny(rows, reverse=(0, 1)), Plan())["items"]["P5P7"]

    assert items["item2"]["counts_pre"] == [0, 0, 0, 0, 1]
    assert items["item2"]["mean_change"] == -4


def test_pupil_who_answers_other_items_the_second_time_does_not_change_because_of_that():
    rows = [("S1", "P5", "A1", "pre", 2, 5, 3, ""), ("S1", "P5", "A1", "post", 2, 5, "", 1)]

    change = evaluate(tiny(rows, items=4, reverse=(0,) * 4), Plan())["change_by_stage"]["P5P7"]

    assert change == {"n": 1, "schools": 1, "declined": 0, "held": 1, "improved": 0}


def test_pair_with_fewer_than_half_of_the_items_in_common_is_linked_but_not_analysed():
    rows = [("S1", "P5", "A1", "pre", 2, 5, 3, ""), ("S1", "P5", "A1", "post", 2, "", "", 1)]

    flow = flow_of(rows, items=4, reverse=(0,) * 4)

    assert (flow["linked_pairs"], flow["analysable_pairs"]) == (1, 0)


def test_unscored_item_is_shown_but_is_no_part_of_the_scale():
    rows = [("S1", "P5", "A1", "pre", 2, 5), ("S1", "P5", "A1", "post", 2, 1)]
    data = tiny(rows, scored=[1, 0, 1, 0])

    results = evaluate(data, Plan())

    assert results["change_by_stage"]["P5P7"]["held"] == 1
    assert results["items"]["P5P7"]["item2"]["mean_change"] == -4
    assert results["items"]["P5P7"]["item2"]["scored"] is False
    assert evaluate(data, Plan(item_set="all"))["change_by_stage"]["P5P7"]["declined"] == 1


def test_rating_needs_half_of_the_answers_and_exactly_the_cut_is_high():
    data = make_programme(3, 4, seed=1)
    ht = pd.DataFrame(
        {
            "school_id": ["S0001", "S0002", "S0003"],
            "ht1": [4, 9, 3],
            "ht2": [4, "", 5],
            "ht3": [4, 5, 3],
            "ht4": ["", "", 4],
        }
    )

    flow = evaluate(replace(data, ht=ht), Plan())["flow"]

    assert flow["schools_rated"] == 2
    assert flow["schools_high"] == 1
    assert flow["ht_out_of_range_values"] == 1


def test_rejected_rows_are_listed_with_their_place_and_reason():
    rows = [
        ("S1", "P5", "A1", "pre", 9, 3),
        ("S1", "P5", "A2", "pre", 3, 3),
        ("S1", "P5", "A2", "pre", 3, 3),
        ("S1", "P5", "", "pre", 3, 4),
        ("S1", "P5", "A4", "post", 3, 4),
        ("S1", "P5", "A4", "post", 2, 4),
    ]
    data = tiny(rows)

    data.ht.loc[0, "ht2"] = 6
    found = rejected(data, Plan())

    assert [(entry["file"], entry["row"], entry["column"]) for entry in found] == [
        ("pupils.csv", 2, "item1"),
        ("pupils.csv", 4, ""),
        ("pupils.csv", 5, "pupil_code"),
        ("pupils.csv", 6, "pupil_code"),
        ("pupils.csv", 7, "pupil_code"),
        ("ht.csv", 2, "ht2"),
    ]
    assert found[0]["value"] == "9"
    assert found[0]["reason"] == "not an answer from 1 to 5"


def test_places_that_are_not_used_are_listed_with_what_is_used_instead():
    data = tiny([("S1", "P5", f"A{number}", "pre", 3, 3) for number in range(4)])
    fifths = data.pupils["simd_quintile"].astype(object)
    data.pupils["simd_quintile"] = fifths.where(data.pupils.index != 1, "banana")
    data.pupils["cluster"] = np.where(data.pupils.index == 2, "Elsewhere", data.pupils["cluster"])
    ht = pd.concat([data.ht, data.ht.iloc[:1].assign(school_id="S99")], ignore_index=True)

    found = rejected(replace(data, ht=ht), Plan())

    told = [(entry["row"], entry["column"], entry["value"], entry["reason"].split(":")[0]) for entry in found]
    assert (3, "simd_quintile", "banana", "not a fifth from 1 to 5") in told
    assert (4, "cluster", "Elsewhere", "another cluster than most sheets of this school") in told
    assert (len(ht) + 1, "school_id", "S99", "no pupil of this school answered") in told


BROKEN = {
    "pupils.csv has no column wave.": lambda d: replace(d, pupils=d.pupils.drop(columns="wave")),
    "pupils.csv has no column item2, which codebook.csv lists.": lambda d: replace(
        d, pupils=d.pupils.drop(columns="item2")
    ),
    "pupils.csv, row 3, column stage: “P8” is not P2 to P7.": lambda d: replace(
        d, pupils=d.pupils.assign(stage=["P5", "P8"])
    ),
    "pupils.csv, row 2, column wave: “spring” is not pre or post.": lambda d: replace(
        d, pupils=d.pupils.assign(wave=["spring", "post"])
    ),
    "pupils.csv, row 3, column school_id: this cell is empty.": lambda d: replace(
        d, pupils=d.pupils.assign(school_id=["S1", None])
    ),
    "ht.csv, row 3, column school_id: school S1 has two rows.": lambda d: replace(d, ht=pd.concat([d.ht, d.ht])),
    "ht.csv has no column of headteacher answers (ht1, ht2 and so on).": lambda d: replace(d, ht=d.ht[["school_id"]]),
    "codebook.csv, row 2, column points: “9” is not a whole number from 2 to 7.": lambda d: replace(
        d, codebook=d.codebook.assign(points=9)
    ),
    "codebook.csv, row 2, column stage_group: “S1S3” is not P2P4 or P5P7.": lambda d: replace(
        d, codebook=d.codebook.assign(stage_group="S1S3")
    ),
    "codebook.csv, row 6, column item: item1 is listed twice for P2P4.": lambda d: replace(
        d, codebook=pd.concat([d.codebook, d.codebook.iloc[:1]])
    ),
    "pupils.csv, row 2, column cluster: school S1 has “C” here and “D” in schools.csv.": lambda d: replace(
        d, schools=pd.DataFrame({"school_id": ["S1"], "cluster": ["D"], "la": ["A"], "simd_quintile": [1]})
    ),
}


@pytest.mark.parametrize("sentence", BROKEN)
def test_unreadable_tables_are_refused_with_a_sentence_that_names_the_place(sentence):
    data = tiny([("S1", "P5", "A1", "pre", 3, 3), ("S1", "P5", "A1", "post", 4, 4)])

    with pytest.raises(InvalidData) as refused:
        evaluate(BROKEN[sentence](data), Plan())

    assert str(refused.value) == sentence


@pytest.mark.parametrize("setting", ("minimum_base", "small_cell", "alike_base", "group_pupils"))
def test_no_disclosure_setting_goes_below_its_floor(setting):
    with pytest.raises(ValueError, match="may not be below 5"):
        Rules(**{setting: 4})


def test_schools_table_says_where_a_school_is():
    data = make_programme(12, 20, seed=4)
    places = data.pupils.drop_duplicates("school_id")[["school_id", "cluster", "la", "simd_quintile"]]
    bare = EvaluationData(data.pupils.assign(cluster="", la="", simd_quintile=np.nan), data.ht, data.codebook, places)

    first, second = evaluate(data, Plan()), evaluate(bare, Plan())

    assert first["companions"]["mod_simd_q1q2"] == second["companions"]["mod_simd_q1q2"]
    assert first["companions"]["lpm_adj_cr2_by_pcp_cluster"] == second["companions"]["lpm_adj_cr2_by_pcp_cluster"]


def test_headline_rejects_a_true_null_about_as_often_as_it_says():
    """A miniature of the bench's null simulation: a wide bound, so that it never fails by chance."""
    p = np.array([headline_p(make_programme(16, 24, seed=seed)) for seed in range(60)])

    assert np.mean(p < 0.05) <= 0.20
    assert 0.2 < np.mean(p) < 0.8
