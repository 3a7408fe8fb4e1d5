"""What a report tells of those who were not matched: how many they are, and nothing that a few of them answered."""

from dataclasses import replace

import numpy as np
import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan, Rules
from reports.analysis.unmatched import MEANS
from tests.reports.analysis.test_subtraction import OURS, places
from tests.reports.programmes import make_programme


def programme(alone_before, alone_after, answers=5):
    """Twelve schools whose P5 to P7 answer both times, each question, but for so many before only and so many after only."""
    data = make_programme(12, 30, seed=6, lost=0.0, stage_groups=("P5P7",), reverse=False)
    pupils, codebook = data.pupils.copy(), data.codebook.copy()
    items = [name for name in pupils if name.startswith("item")]
    pupils[items] = pupils[items].fillna(3).clip(upper=answers)
    codebook["points"] = answers
    codes = sorted(set(pupils["pupil_code"]))
    before, after = set(codes[:alone_before]), set(codes[-alone_after:] if alone_after else [])
    lost = pupils["pupil_code"].isin(before) & pupils["wave"].eq("post")
    lost |= pupils["pupil_code"].isin(after) & pupils["wave"].eq("pre")
    return replace(data, pupils=pupils[~lost].reset_index(drop=True), codebook=codebook)


def reports(data):
    complete = evaluate(data, Plan())
    return complete, suppress(complete, Rules())


def total_of_the_others(results):
    """The answers of the one who answered before only, added up: all sheets less the matched, from published figures."""
    change, items = results["change"]["P5P7"], results["items"]["P5P7"].values()
    everybody = sum(item["n_pre"] * item["mean_pre"] for item in items)
    return everybody - change["n"] * len(items) * change["mean_b"]


def test_answers_of_one_pupil_cannot_be_had_from_all_less_the_matched():
    data = programme(alone_before=1, alone_after=12)
    complete, shown = reports(data)
    alone = data.pupils[data.pupils["wave"].eq("pre") & data.pupils["pupil_code"].eq(data.pupils["pupil_code"].min())]

    assert total_of_the_others(complete) == pytest.approx(alone.filter(like="item").to_numpy(dtype=float).sum())
    assert {shown["change"]["P5P7"][key] for key in MEANS} == {None}
    assert shown["change"]["P5P7"]["why"] == "hidden"
    assert shown["match_table"][0]["smd"] is None
    assert shown["change"]["P5P7"]["declined"] is not None


@pytest.mark.parametrize(("before", "after", "hidden"), [(0, 0, False), (12, 12, False), (12, 3, True), (4, 0, True)])
def test_means_of_the_matched_are_hidden_beside_a_few_others_only(before, after, hidden):
    _, shown = reports(programme(before, after))

    assert (shown["change"]["P5P7"]["mean_b"] is None) == hidden
    assert (shown["change"]["P5P7"]["smc_sdpre"] is None) == hidden


@pytest.mark.parametrize(("before", "after", "hidden"), [(2, 0, True), (2, 2, True), (3, 2, False), (0, 0, False)])
def test_change_of_a_question_is_hidden_where_few_answered_it_once(before, after, hidden):
    """The mean after less the mean before is that of the pairs, but for those who answered once."""
    complete, shown = reports(programme(before, after))

    once = before + after
    for item in complete["items"]["P5P7"].values():
        assert item["n_pre"] + item["n_post"] - 2 * item["n_pair"] == once
    # Where only two neighbouring answers are used, the net of the outcomes is the mean change.
    for key in ("mean_change", "net", "declined", "held", "improved"):
        assert {item[key] is None for item in shown["items"]["P5P7"].values()} == {hidden}
    assert all(item["pos_pre"] is not None for item in shown["items"]["P5P7"].values())


@pytest.mark.xdist_group("country 0")
def test_how_many_were_matched_is_one_figure_in_every_place():
    """Nowhere is a number hidden that stands in another table of the same report."""
    for report in places(0, OURS):
        shown = report.shown
        rows = {row["group"]: row for row in shown["match_table"]}
        stages = {"P2-P4": "P2P4", "P5-P7": "P5P7"}
        assert rows["All"]["n_matched"] == shown["flow"]["analysable_pairs"] == shown["change_groups"]["all"]["n"]
        assert rows["All"]["n_pre"] is not None
        for words, name in stages.items():
            assert rows[words]["n_matched"] == shown["change_by_stage"][name]["n"] == shown["change"][name]["n"]
        for words, arm in (("Higher-rated", "high"), ("Lower-rated", "low")):
            assert rows[words]["n_matched"] == (shown["change_groups"][arm] or {}).get("n")


def test_stage_group_of_a_few_pupils_is_not_told_apart():
    data = make_programme(8, 30, seed=3, lost=0.1)
    young = data.pupils["stage"].isin(["P2", "P3", "P4"])
    codes = sorted(set(data.pupils[young]["pupil_code"]))[:3]
    data = replace(data, pupils=data.pupils[~young | data.pupils["pupil_code"].isin(codes)].reset_index(drop=True))

    _, shown = reports(data)

    rows = {row["group"]: row for row in shown["match_table"]}
    assert [rows[name][key] for name in ("P2-P4", "P5-P7") for key in ("n_pre", "n_matched")] == [None] * 4
    assert [shown[table][name]["n"] for table in ("change", "change_by_stage") for name in ("P2P4", "P5P7")] == [
        None
    ] * 4
    assert {shown["reliability"][key]["n_sheets"] for key in shown["reliability"]} == {None}
    assert rows["All"]["n_pre"] == np.sum(data.pupils["wave"].eq("pre"))
