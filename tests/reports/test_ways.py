"""The table of the comparison made in several ways: each way says on how many it rests, and how its interval is made."""

import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan, Rules
from reports.charts import render_all
from reports.presentation import present
from tests.reports.programmes import make_programme


@pytest.fixture(scope="module")
def results():
    data = make_programme(40, 40, 0.4, seed=3)
    blank = data.pupils.index[data.pupils["wave"].eq("post")][:300]
    data.pupils["item1"] = data.pupils["item1"].astype(object)
    data.pupils.loc[blank, "item1"] = ""
    return suppress(evaluate(data, Plan()), Rules())


def ways(results):
    sections = present(results, render_all(results))["sections"]
    return next(section for section in sections if section["id"] == "ways")["blocks"]


def test_each_way_says_on_how_many_it_rests(results):
    figure = ways(results)[0]

    heads = [column["label"] for column in figure["table"]["columns"]]
    rows = {row[0]["text"]: row[heads.index("Pupils or sheets")] for row in figure["table"]["rows"]}
    matched, complete = results["sample"]["n"], results["companions"]["headline_complete_items"]["n"]
    sheets = results["companions"]["did_all_cr2"]["n"]
    assert complete < matched < sheets
    assert rows["Headline: all adjustments"]["values"] == [matched]
    assert rows["Complete answers only"]["values"] == [complete]
    assert rows["All pupils, matched or not"]["values"] == [sheets]
    assert f"Complete answers: n = {complete:,} pupils. All pupils: n = {sheets:,} sheets." in figure["caption"]


def test_caption_names_the_ways_that_are_not_cr2(results):
    assert (
        "by CR2, but for the exchangeable GEE (its own sandwich) and the random school effect (REML)"
        in ways(results)[0]["caption"]
    )


def test_all_pupils_have_an_interval_in_table_and_check_and_no_p(results):
    figure = ways(results)[0]
    row = next(row for row in figure["table"]["rows"] if row[0]["text"] == "All pupils, matched or not")
    checks = next(section for section in present(results, {})["sections"] if section["id"] == "checks")["blocks"]
    told = next(row for block in checks for row in block.get("rows", []) if row[0]["text"].startswith("All pupils"))

    assert row[5]["text"] == "[c]"
    assert " to " in row[4]["text"]
    assert row[4]["text"] in told[-1]["text"]


def test_other_cuts_do_not_name_the_groups_of_the_plans_cut(results):
    cuts = next(block for block in ways(results) if block.get("heading", "").startswith("The comparison at other cuts"))

    assert f"n = {results['sample']['n']:,} matched pupils." in cuts["caption"]
    assert "higher-rated schools," not in cuts["caption"]
