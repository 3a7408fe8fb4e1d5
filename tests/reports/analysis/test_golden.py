"""Agreement with R: every estimator against the numbers that golden/make_golden.R wrote (R is not needed here)."""

import json
from pathlib import Path

import pandas as pd
import pytest

from reports.analysis.pipeline import evaluate
from reports.analysis.schema import EvaluationData, Plan

FOLDER = Path(__file__).parent / "golden"
GOLDEN = json.loads((FOLDER / "golden.json").read_text())
PROGRAMMES = ("small", "medium")
LINEAR = (
    "lpm_adj_cr2",
    "lpm_sm_cr2",
    "lpm_adj_cr2_by_pcp_cluster",
    "ancova_cr2",
    "ancova_sm_cr2",
    "change_score_cr2",
    "did_all_cr2",
    "mod_stage_group",
    "mod_simd_q1q2",
)
LOGISTIC = ("primary_logit_cr2", "dose_sm_logit_cr2", "dose_logit_cr2_per_point")


@pytest.fixture(scope="module")
def evaluated():
    return {name: evaluate(read(name), Plan()) for name in PROGRAMMES}


def read(name):
    def table(file):
        return pd.read_csv(FOLDER / name / file)

    return EvaluationData(table("pupils.csv"), table("ht.csv"), table("codebook.csv"))


def assert_agrees(found, expected, rel, keys=("est", "se", "df", "p")):
    assert {key: found[key] for key in keys} == pytest.approx({key: expected[key] for key in keys}, rel=rel, abs=1e-10)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_flow_and_sample_agree_with_cleaning_in_r(evaluated, name):
    found, expected = evaluated[name], GOLDEN[name]

    assert expected["flow"].items() <= found["flow"].items()
    assert expected["sample"].items() <= found["sample"].items()
    assert expected["flow"]["ambiguous_rows"] > 0


@pytest.mark.parametrize("model", LINEAR)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_linear_models_agree_with_clubsandwich(evaluated, name, model):
    assert_agrees(evaluated[name]["companions"][model], GOLDEN[name]["companions"][model], rel=1e-6)


@pytest.mark.parametrize("model", LOGISTIC)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_logistic_companions_agree_with_clubsandwich(evaluated, name, model):
    assert_agrees(evaluated[name]["companions"][model], GOLDEN[name]["companions"][model], rel=1e-5)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_headline_and_risk_difference_agree_with_r(evaluated, name):
    keys = ("est", "se", "df", "p", "rd", "rd_se", "p_high", "p_low")

    assert_agrees(evaluated[name]["headline"], GOLDEN[name]["headline"], rel=1e-5, keys=keys)


@pytest.mark.parametrize("group", ("P2P4", "P5P7"))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_change_and_icc_agree_with_r(evaluated, name, group):
    found, expected = evaluated[name]["change"][group], GOLDEN[name]["change"][group]

    for ours, theirs in (("mean_change", "est"), ("cr2_se", "se"), ("df", "df"), ("p", "p")):
        assert found[ours] == pytest.approx(expected[theirs], rel=1e-6)
    keys = ("n", "mean_b", "sd_b", "icc_anova_change", "icc_anova_base", "declined", "held", "improved")
    assert_agrees(found, expected, rel=1e-9, keys=keys)


@pytest.mark.parametrize("group", ("P2P4", "P5P7"))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_difference_of_all_who_answered_agrees_with_r(evaluated, name, group):
    found, expected = evaluated[name]["change_of_all"][group], GOLDEN[name]["change_of_all"][group]

    for ours, theirs in (("difference", "est"), ("cr2_se", "se"), ("df", "df"), ("p", "p"), ("lo", "lo"), ("hi", "hi")):
        if theirs in expected:
            assert found[ours] == pytest.approx(expected[theirs], rel=1e-6)
    assert_agrees(found, expected, rel=1e-9, keys=("n_pre", "n_post", "mean_pre", "sd_pre", "mean_post"))


@pytest.mark.parametrize("group", ("P2P4", "P5P7"))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_cliffs_delta_agrees_with_all_comparisons(evaluated, name, group):
    found = evaluated[name]["companions"]["cliff_change_high_vs_low"][group]

    assert found == pytest.approx(GOLDEN[name]["cliff"][group], abs=1e-12)


@pytest.mark.parametrize("scale", ("P2P4_pre", "P2P4_post", "P5P7_pre", "P5P7_post"))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_raw_alpha_and_item_rest_correlations_agree_with_psych(evaluated, name, scale):
    found, expected = evaluated[name]["reliability"][scale], GOLDEN[name]["reliability"][scale]

    assert found["n_complete"] == expected["n_complete"]
    assert found["alpha_raw"] == pytest.approx(expected["alpha_raw"], abs=1e-6)
    assert list(found["item_total"].values()) == pytest.approx(expected["item_rest"], abs=1e-6)


@pytest.mark.parametrize("scale", ("P2P4_pre", "P2P4_post", "P5P7_pre", "P5P7_post"))
@pytest.mark.parametrize("name", PROGRAMMES)
def test_ordinal_alpha_and_omega_agree_with_psych(evaluated, name, scale):
    found, expected = evaluated[name]["reliability"][scale], GOLDEN[name]["reliability"][scale]

    assert found["alpha_ordinal"] == pytest.approx(expected["alpha_ordinal"], abs=1e-4)
    assert found["omega_ordinal"] == pytest.approx(expected["omega_ordinal"], abs=1e-4)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_random_intercept_agrees_with_lme4(evaluated, name):
    found, expected = evaluated[name]["companions"]["ancova_lmer"], GOLDEN[name]["companions"]["ancova_lmer"]

    assert_agrees(found, expected, rel=1e-4, keys=("est", "se", "var_school", "var_pupil"))


@pytest.mark.parametrize("name", PROGRAMMES)
def test_shrunken_school_means_agree_with_lme4(evaluated, name):
    found, expected = evaluated[name]["school_means"], GOLDEN[name]["school_means"]

    assert [row["est"] for row in found["schools"]] == pytest.approx(expected["est"], abs=1e-4)
    reach = sorted((row["hi"] - row["lo"]) / 2 / 1.959964 for row in found["schools"])
    assert reach == pytest.approx(expected["sd"], abs=1e-4)
    assert found["var_school"] == pytest.approx(expected["var_school"], rel=1e-4)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_exchangeable_gee_agrees_with_geepack(evaluated, name):
    found, expected = evaluated[name]["companions"]["gee_exchangeable"], GOLDEN[name]["companions"]["gee_exchangeable"]
    schools = found["df"] + 1

    assert found["est"] == pytest.approx(expected["est"], rel=1e-6)
    assert found["alpha"] == pytest.approx(expected["alpha"], rel=1e-6)
    assert found["se"] / (schools / (schools - 1)) ** 0.5 == pytest.approx(expected["se_cr0"], rel=1e-6)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_weighted_headline_agrees_with_clubsandwich(evaluated, name):
    keys = ("est", "se", "df", "p", "largest_weight")

    assert_agrees(
        evaluated[name]["companions"]["headline_weighted"],
        GOLDEN[name]["companions"]["headline_weighted"],
        rel=1e-6,
        keys=keys,
    )


@pytest.mark.parametrize("name", PROGRAMMES)
def test_headline_among_complete_answers_agrees_with_clubsandwich(evaluated, name):
    keys = ("est", "se", "df", "p", "rd", "rd_se")
    found = evaluated[name]["companions"]["headline_complete_items"]

    assert_agrees(found, GOLDEN[name]["companions"]["headline_complete_items"], rel=1e-5, keys=keys)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_item_models_agree_with_ordinal_and_their_q_with_r(evaluated, name):
    models = evaluated[name]["item_models"]

    for group, items in GOLDEN[name]["item_models"].items():
        for item, expected in items.items():
            assert_agrees(models[group][item], expected, rel=1e-6, keys=("est", "se", "p", "schools"))
            assert models[group][item]["q"] == pytest.approx(GOLDEN[name]["item_q"][f"{group}.{item}"], rel=1e-6)
