from copy import deepcopy
from datetime import date

import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import InvalidData, Plan
from reports.analysis.trends import Frozen, trends
from tests.reports.programmes import make_programme

PLAN = Plan()
COMPLETE = evaluate(make_programme(12, 40, lost=0.4, seed=3), PLAN)
STORED = suppress(COMPLETE, PLAN.rules)


def frozen(start, name="", place="cohort", results=None, instruments=None):
    """The cohort whose school year begins in ``start``: baseline in September, follow-up in May."""
    return Frozen(
        results=deepcopy(STORED) if results is None else results,
        cohort=name or f"Cohort {start}",
        place=place,
        before_on=date(start, 9, 20),
        after_on=date(start + 1, 5, 12),
        instruments={"P2P4": 1, "P5P7": 1} if instruments is None else instruments,
    )


def series(found, key):
    return next(each for each in found["series"] if each["key"] == key)["points"]


def test_trend_by_session_puts_both_ends_of_a_cohort_in_one_year():
    found = trends([frozen(2022), frozen(2023)], "session")

    assert found["periods"] == ["2022/23", "2023/24"]
    assert [point["period"] for point in series(found, "P5P7.item1.pre")] == ["2022/23", "2023/24"]
    assert [point["period"] for point in series(found, "P5P7.item1.post")] == ["2022/23", "2023/24"]


def test_trend_by_financial_year_puts_answers_after_in_the_next_one():
    found = trends([frozen(2022), frozen(2023)], "financial_year")

    assert found["periods"] == ["2022/23", "2023/24", "2024/25"]
    assert [point["period"] for point in series(found, "P5P7.item1.pre")] == ["2022/23", "2023/24"]
    assert [point["period"] for point in series(found, "P5P7.item1.post")] == ["2023/24", "2024/25"]
    assert any("two financial years" in sentence for sentence in found["caveats"])


def test_trend_has_the_reference_of_each_cohorts_declines():
    hidden = deepcopy(STORED)
    hidden["change_groups"]["noise_reference"] = None

    found = trends([frozen(2022), frozen(2023, results=hidden)])

    assert [each["noise"] for each in found["cohorts"]] == [STORED["change_groups"]["noise_reference"], None]


@pytest.mark.parametrize(
    ("day", "session", "financial"),
    [
        (date(2024, 3, 31), "2023/24", "2023/24"),
        (date(2024, 4, 1), "2023/24", "2024/25"),
        (date(2024, 7, 31), "2023/24", "2024/25"),
        (date(2024, 8, 1), "2024/25", "2024/25"),
        (date(1999, 12, 31), "1999/00", "1999/00"),
    ],
)
def test_years_begin_in_august_and_in_april(day, session, financial):
    one = Frozen(STORED, "A cohort", "cohort", day, day)

    assert [trends([one], calendar)["periods"] for calendar in ("session", "financial_year")] == [
        [session],
        [financial],
    ]


def test_points_are_the_stored_figures():
    row, groups, change = STORED["items"]["P5P7"]["item1"], STORED["change_groups"]["all"], STORED["change"]["P5P7"]
    scored = STORED["items"]["P5P7"].values()

    found = trends([frozen(2022)])
    point = {key: series(found, key)[0] for key in ("P5P7.item1.pre", "P5P7.item1.net", "declined", "P5P7.change")}
    average = series(found, "P5P7.positive.post")[0]

    unmatched, net, declined, moved = point.values()
    assert (unmatched["n"], unmatched["est"], unmatched["lo"]) == (row["n_pre"], row["pos_pre"], row["pos_pre_lo"])
    assert (net["n"], net["est"]) == (row["n_pair"], (row["improved"] - row["declined"]) / row["n_pair"])
    assert (declined["n"], declined["est"]) == (groups["n"], pytest.approx(groups["declined"] / groups["n"]))
    assert moved["est"] == change["smc_sdpre"]
    assert moved["lo"] == pytest.approx(change["lo"] / change["sd_b"])
    assert average["est"] == pytest.approx(sum(item["pos_post"] for item in scored) / 12)
    assert average["lo"] is None


def test_points_of_following_years_with_one_method_are_joined():
    found = trends([frozen(2024), frozen(2022), frozen(2023)])

    assert [cohort["cohort"] for cohort in found["cohorts"]] == ["Cohort 2022", "Cohort 2023", "Cohort 2024"]
    assert all([point["joined"] for point in each["points"]] == [False, True, True] for each in found["series"])
    assert found["change_points"] == []


@pytest.mark.parametrize(
    ("change", "what", "broken", "whole"),
    [
        ({"analysis_version": "9"}, "The analysis has another version.", {"declined", "P2P4.item1.pre"}, set()),
        ({"cut": 3.8}, "Another cut", {"headline"}, {"declined", "P5P7.change", "P2P4.item1.pre"}),
        ({"item_set": "all"}, "Other questions make up", {"declined", "P5P7.positive.pre"}, {"P2P4.item1.pre"}),
    ],
)
def test_line_breaks_where_the_method_changed(change, what, broken, whole):
    later = deepcopy(STORED)
    later["provenance"] |= change
    earlier = deepcopy(STORED)
    for results in (earlier, later):
        results["ladder"]["level"], results["hidden_by_group"] = "L2", False
        results["headline"] |= {"rd": -0.05, "rd_lo": -0.1, "rd_hi": 0.01}

    found = trends([frozen(2022, results=earlier), frozen(2023, results=later)])

    assert found["change_points"][0]["before"] == "Cohort 2022"
    assert found["change_points"][0]["what"][0].startswith(what)
    for key in broken:
        assert series(found, key)[1]["joined"] is False
        assert series(found, key)[1]["breaks"][0].startswith(what)
    for key in whole:
        assert series(found, key)[1]["joined"] is True


def test_another_version_of_a_questionnaire_breaks_the_lines_of_its_stages_only():
    found = trends([frozen(2022), frozen(2023, instruments={"P2P4": 1, "P5P7": 2})])

    joined = {each["key"]: each["points"][1]["joined"] for each in found["series"]}
    assert (joined["P2P4.item1.pre"], joined["P2P4.change"]) == (True, True)
    assert (joined["P5P7.item1.pre"], joined["P5P7.change"], joined["declined"]) == (False, False, False)
    assert found["change_points"][0]["what"] == ["The questionnaire of P5–P7 has another version or other questions."]


def test_question_asked_in_another_way_breaks_its_line_though_no_version_is_known():
    later = deepcopy(STORED)
    later["items"]["P5P7"]["item2"]["text"] = "Asked otherwise"

    found = trends([frozen(2022, instruments={}), frozen(2023, results=later, instruments={})])

    assert series(found, "P5P7.item1.pre")[1]["joined"] is True
    assert series(found, "P5P7.item2.pre")[1]["joined"] is False
    assert series(found, "P5P7.positive.pre")[1]["joined"] is False


def test_question_that_one_cohort_was_not_asked_has_no_point_there():
    later = deepcopy(STORED)
    del later["items"]["P5P7"]["item2"]

    points = series(trends([frozen(2022), frozen(2023, results=later)]), "P5P7.item2.pre")

    assert [point["est"] is None for point in points] == [False, True]
    assert points[1]["why"] == "There is no figure of this cohort."


def test_line_breaks_over_a_year_without_a_cohort():
    points = series(trends([frozen(2020), frozen(2022)]), "declined")

    assert points[1]["joined"] is False
    assert points[1]["breaks"] == ["There is no cohort in the year between."]


def test_two_cohorts_of_one_year_stand_side_by_side_and_are_not_joined():
    found = trends([frozen(2021), frozen(2022, "East"), frozen(2022, "West"), frozen(2023), frozen(2024)])

    assert [point["joined"] for point in series(found, "declined")] == [False, False, False, False, True]


def test_hidden_figure_stays_hidden_and_breaks_the_line_on_both_sides():
    middle = deepcopy(STORED)
    middle["change_groups"]["all"] |= {"declined_pct": None, "declined_lo": None, "declined_hi": None, "why": "hidden"}
    middle["items"]["P5P7"]["item1"] |= {"pos_pre": None, "pos_pre_lo": None, "pos_pre_hi": None, "why": "hidden"}

    found = trends([frozen(2021), frozen(2022, results=middle), frozen(2023)])

    for key in ("declined", "P5P7.item1.pre", "P5P7.positive.pre"):
        points = series(found, key)
        assert (points[1]["est"], points[1]["lo"], points[1]["why"]) == (None, None, "hidden")
        assert [point["joined"] for point in points] == [False, False, False]


def test_comparison_stands_in_a_trend_only_where_an_interval_may_be_printed():
    shown, scarce, hidden = (deepcopy(STORED) for _ in range(3))
    for results, level in ((shown, "L2"), (scarce, "L1"), (hidden, "L2")):
        results["ladder"]["level"], results["hidden_by_group"] = level, results is hidden
        results["headline"] |= {"rd": -0.05, "rd_lo": -0.1, "rd_hi": 0.01}

    points = series(
        trends([frozen(2021, results=shown), frozen(2022, results=scarce), frozen(2023, results=hidden)]), "headline"
    )

    assert [(point["est"], point["lo"], point["hi"]) for point in points] == [(-0.05, -0.1, 0.01)] + [(None,) * 3] * 2
    assert points[1]["why"].startswith("The comparison does not reach")
    assert points[2]["why"] == "hidden"


def test_only_results_after_disclosure_control_are_taken():
    with pytest.raises(InvalidData, match="Cohort 2022 has not been through disclosure control"):
        trends([frozen(2022, results=COMPLETE)])


def test_cohort_stands_in_a_trend_once():
    with pytest.raises(InvalidData, match="Cohort 2022 stands in this trend twice"):
        trends([frozen(2022), frozen(2022)])


def test_trend_is_of_one_place():
    with pytest.raises(InvalidData, match="of one place"):
        trends([frozen(2022), frozen(2023, place="authority-3")])


def test_trend_of_one_cohort_is_single_points_and_of_none_is_empty():
    assert not any(point["joined"] for each in trends([frozen(2022)])["series"] for point in each["points"])
    assert (trends([])["periods"], trends([])["series"]) == ([], [])
