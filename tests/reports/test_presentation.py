import json
import re
import subprocess
import sys

import pytest

from reports.charts import render_all
from reports.presentation import present, tables
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group

FORBIDDEN = ("led to", "because of", "proves", "no effect", "trend towards", "significant")
VARIANTS = {
    "L0": sample_at("L0"),
    "L1": sample_at("L1"),
    "L2": sample_at("L2"),
    "L3": sample(),
    "L4": sample_at("L4"),
    "hidden by group": sample_hidden_by_group(),
    "nothing": {},
}


def strings(value):
    """Every string anywhere in a structure."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in strings(each)]
    return [value] if isinstance(value, str) else []


def table_named(presented, caption):
    return next(table for table in tables(presented) if table["caption"] == caption)


def rows_of(table):
    return [[cell["text"] for cell in row] for row in table["rows"]]


def test_presentation_carries_sections_in_the_order_of_the_report():
    presented = present(sample(), {})

    assert [section["heading"] for section in presented["sections"]] == [
        "How many answer sheets came",
        "Which schools answered, and are they like the others",
        "The comparison",
        "The comparison, made in several ways",
        "The checks",
        "Before and after, question by question",
        "Each question, by rating group",
        "Declined, held, improved",
        "By stage and by deprivation",
        "Change by deprivation, area and place",
        "Schools",
        "Who could be matched",
        "Beside other surveys",
        "What this cannot show",
        "Reliability and effect sizes",
        "How it was done",
        "Words used",
    ]
    assert [entry["id"] for entry in presented["contents"]] == ["key"] + [each["id"] for each in presented["sections"]]


def test_figures_and_tables_are_numbered_one_after_the_other():
    presented = present(sample(), {})

    labels = [table["label"] for table in tables(presented)]

    assert [label for label in labels if label.startswith("Figure")] == [f"Figure {n}" for n in range(1, 16)]
    assert [label for label in labels if label.startswith("Table")] == [f"Table {n}" for n in range(1, 16)]


def test_level_is_told_with_its_sentence_and_the_checks_not_passed():
    level = present(sample(), {})["level"]

    assert (level["code"], level["title"]) == ("L3", "Suggestive")
    assert [rung["reached"] for rung in level["rungs"]] == [True, True, True, False]
    assert level["sentence"] == sample()["ladder"]["sentence"]
    assert level["failed"] == ["Goes with the rating point by point", "All pupils, matched or not, point the same way"]
    assert level["attention"] == [
        "Pupils of P5–P7 who could be matched began more positive than those who could not (by 0.14 SD)."
    ]
    assert [each["title"] for each in level["meanings"]] == [
        "Not estimable",
        "Descriptive",
        "Inconclusive",
        "Suggestive",
        "Supported association",
    ]


def test_what_the_sentence_says_already_is_not_said_again():
    results = sample()
    results["ladder"]["sentence"] += " " + results["attention"][0]

    assert present(results, {})["level"]["attention"] == []


def test_tiles_give_each_figure_with_its_base():
    tiles = present(sample(), {})["tiles"]

    assert [(tile["label"], tile["figure"] + tile["unit"], tile["base"]) for tile in tiles] == [
        ("Declined, higher-rated", "36%", "242 of 664 pupils, 24 schools"),
        ("Declined, lower-rated", "45%", "269 of 598 pupils, 22 schools"),
        ("Adjusted difference", "−7.9pp", "95% interval −13.4 to −2.4; odds ratio 0.71"),
        ("Matched", "56%", "1,338 of 2,376 baseline pupils"),
    ]


def test_change_table_gives_counts_shares_and_net():
    table = table_named(present(sample(), {}), "Declined, held and improved by rating group")

    assert rows_of(table) == [
        ["Higher-rated", "242 (36%)", "115 (17%)", "307 (46%)", "+10", "664", "24"],
        ["Lower-rated", "269 (45%)", "97 (16%)", "232 (39%)", "−6", "598", "22"],
        ["All matched pupils", "546 (41%)", "224 (17%)", "568 (42%)", "+2", "1,338", "50"],
    ]


def test_comparison_table_gives_interval_p_and_the_grouping_by_mentor_team():
    table = table_named(present(sample(), {}), "The comparison and its interval")

    assert rows_of(table) == [
        ["Expected to decline, higher-rated", "37%", "", "", ""],
        ["Expected to decline, lower-rated", "45%", "", "", ""],
        ["Difference, percentage points", "−7.9", "−13.4 to −2.4", "0.006", "38.2"],
        ["Odds ratio", "0.71", "0.56 to 0.91", "0.007", "38.2"],
        ["Straight-line model, grouped by mentor team", "−7.9", "−13.9 to −1.9", "0.024", "11.0"],
    ]


def test_question_that_is_put_the_other_way_is_marked_wherever_it_stands():
    presented, turned = present(sample(), {}), "Science lessons are boring (turned round)"

    named = [table for table in tables(presented) if any(row[0]["text"] == turned for row in table["rows"])]

    captions = [table["caption"] for table in named]
    assert [caption.split(",")[0] for caption in captions] == [
        "Answers before and after",
        "Positive answers before and after",
        "Change of each question",
        "Each question by rating group",
    ]
    assert all("pupils who disagreed" in table["note"] for table in named)
    assert "Science lessons are boring." not in strings(presented)


def test_separation_is_told_as_counts_a_straight_line_and_a_test_of_its_own():
    results = sample()
    results["headline"] |= {"fallback": "LPM", "p_high": 1.0, "p_low": 0.46, "p": 0.009, "or": None}

    table = table_named(present(results, {}), "The comparison and its interval")

    assert [row[:4] for row in rows_of(table)][:4] == [
        ["Declined as counted, higher-rated", "100%", "", ""],
        ["Declined as counted, lower-rated", "46%", "", ""],
        ["Difference from a straight-line model, percentage points", "−7.9", "−13.4 to −2.4", "0.006"],
        ["Relabelling of schools", "", "", "0.009"],
    ]
    assert "no odds ratio" in table["note"]


def test_every_cut_of_the_rating_is_there_with_those_that_could_not_be_made():
    rows = rows_of(table_named(present(sample(), {}), "The comparison at other cuts of the rating"))

    assert rows == [
        ["3.8 or more", "−5.0", "−11.0 to 1.0", "0.100", "No"],
        ["4.0 or more", "−8.0", "−14.0 to −2.0", "0.010", "Yes"],
        ["4.2 or more", "–", "–", "–", "Fewer than five schools would be in one of the groups."],
    ]


def test_technical_appendix_has_the_sizes_of_effect_and_what_could_be_found():
    presented = present(sample(), {})

    effects = rows_of(table_named(presented, "Sizes of effect"))
    assert ["Cliff’s delta of the change", "P5–P7", "0.08", "–", "–"] in effects
    assert ["Hedges’ g, given each pupil’s start", "All", "0.12", "0.03 to 0.21", "0.010"] in effects
    assert rows_of(table_named(presented, "What could have been found"))[0] == [
        "Difference in the share that declined, headline",
        "7.9",
        "pp",
    ]
    assert rows_of(table_named(presented, "Whether the groups could be matched alike"))[0][1:4] == [
        "4.0",
        "−0.2 to 8.0",
        "0.060",
    ]


def test_why_there_is_no_comparison_is_said_in_one_section():
    for results in (sample_at("L1"), sample_hidden_by_group()):
        presented = present(results, {})

        headings = [section["heading"] for section in presented["sections"]]
        assert "Why there is no comparison" in headings
        assert not {"The checks", "By stage and by deprivation", "Each question, by rating group"} & set(headings)
        reason = results.get("hidden_reason") or "The comparison needs five schools"
        assert sum(reason in text for text in strings(presented["sections"])) == 1


def test_answers_of_all_pupils_are_told_where_nobody_could_be_matched():
    results = sample_at("L0")
    results["companions"]["did_all_cr2"] = {"est": -0.1, "lo": -0.31, "hi": 0.1, "df": 12.0, "p": 0.3, "n": 776}
    few = sample_at("L0") | {"companions": results["companions"]}
    few["flow"] = {**few["flow"], "schools_low": 4}

    words = [
        " ".join(strings(next(each for each in present(one, {})["sections"] if each["id"] == "comparison")))
        for one in (results, few)
    ]

    assert "moved 0.10 SD down" in words[0]
    assert "(95% interval −0.31 to 0.10; 776 sheets). Different pupils may have answered" in words[0]
    assert "0.10 SD" not in words[1]


def test_stage_group_of_which_nothing_is_shown_is_one_sentence():
    results = sample()
    for item in results["items"]["P2P4"].values():
        item |= {f"{key}_{wave}": None for key in ("n", "counts", "pos") for wave in ("pre", "post")}
        item |= {"n_pair": None, "why": "hidden"}

    section = next(each for each in present(results, {})["sections"] if each["id"] == "items")

    assert section["blocks"][0]["text"].startswith("P2–P4: no question may be shown. Nobody answered, or so few")
    assert all("P2–P4" not in (block.get("heading") or block["caption"]) for block in section["blocks"][1:])


def test_question_table_gives_odds_ratio_interval_p_and_q():
    table = table_named(present(sample(), {}), "Each question by rating group, P2–P4")

    rows = rows_of(table)
    assert rows[0] == ["Doing science at school", "1.00", "0.82 to 1.22", "0.004", "0.030", "600"]
    assert rows[3] == ["Measuring things", "–", "–", "–", "–", "–"]


def test_difference_between_groups_carries_the_only_p_and_one_that_is_not_known_says_so():
    rows = rows_of(table_named(present(sample(), {}), "The comparison by stage and by deprivation"))

    assert rows[:3] == [
        ["Stages: P2–P4", "−6.0", "−12.0 to 0.0", "–", "–"],
        ["Stages: P5–P7", "−9.0", "−15.0 to −3.0", "–", "–"],
        ["Stages: difference between the two", "−3.0", "−11.0 to 5.0", "0.460", "0.460"],
    ]
    assert rows[-1][1:] == ["–"] * 4


def test_schools_stand_in_the_table_with_the_numbers_of_the_drawing_and_without_names():
    results = sample()
    results["school_means"]["schools"].append(results["school_means"]["schools"][0])

    rows = rows_of(table_named(present(results, {}), "Schools’ average change"))

    assert rows[0] == ["−0.30", "−0.50 to −0.10", "below", "2"]  # two schools with the same figures
    assert sum(int(row[-1]) for row in rows) == len(results["school_means"]["schools"]) == 14
    assert {row[2] for row in rows} == {"below", "takes it in", "above"}


def test_schools_that_may_not_be_drawn_have_a_sentence_and_no_figure():
    presented = present(sample() | {"school_means": None}, {})

    section = next(section for section in presented["sections"] if section["id"] == "schools")
    assert [block["kind"] for block in section["blocks"]] == ["paragraph"]
    assert section["blocks"][0]["text"].startswith("Schools are not drawn here")


def figures_of(results):
    found = [block for section in present(results, render_all(results))["sections"] for block in section["blocks"]]
    return [block for block in found if block["kind"] == "figure"]


def test_captions_of_the_comparison_state_n_interval_method_level_and_association():
    compared = ("The comparison", "Share expected", "Each question", "Declined, held and improved by")
    shown = [figure for figure in figures_of(sample()) if figure["heading"].startswith(compared)]

    assert len(shown) == 7
    for figure in shown:
        assert re.search(r"n = \d[\d,]*( to \d[\d,]*)?( matched)? pupils|atched pupils.*n = \d", figure["caption"])
        assert re.search("CR[12]|without intervals", figure["caption"]), figure["heading"]
        assert "Evidence level L3, Suggestive: an association, which does not show" in figure["caption"]


def test_captions_of_all_drawings_but_the_flow_say_how_many_are_counted():
    without = [figure["label"] for figure in figures_of(sample()) if "n = " not in figure["caption"]]

    assert without == ["Figure 1"]


def test_captions_below_the_level_of_an_interval_speak_of_no_association():
    results = sample_at("L1")

    change = next(figure for figure in figures_of(results) if figure["heading"].startswith("Declined"))
    assert "Evidence level L1, Descriptive: counts only" in change["caption"]
    assert "association" not in change["caption"]


def test_dose_table_goes_from_the_lowest_rating_to_the_highest():
    rows = rows_of(table_named(present(sample(), {}), "Share expected to decline, along the rating"))

    assert (len(rows), rows[0], rows[-1]) == (
        9,
        ["3.00", "50%", "45% to 55%"],
        ["4.90", "31%", "26% to 36%"],
    )


def test_hidden_item_is_a_mark_in_every_cell():
    table = table_named(present(sample(), {}), "Answers before and after, P2–P4")

    assert rows_of(table)[-1] == ["Measuring things", "after", "[c]", "[c]", "[c]", "[c]", "[c]"]
    assert [value for cell in table["rows"][-1][2:] for value in cell["values"]] == ["[c]"] * 5


def test_figure_without_a_chart_says_why_and_keeps_its_number():
    charts = {"schools": {"title": "Schools", "instead": "This was not drawn."}}

    presented = present(sample_at("L1"), charts)

    figure = next(section for section in presented["sections"] if section["id"] == "schools")["blocks"][0]
    assert (figure["label"], figure["instead"], figure["caption"]) == ("Figure 9", "This was not drawn.", "")


@pytest.mark.parametrize("level", ["L0", "L1"])
def test_no_interval_and_no_p_value_is_presented_below_the_level_that_allows_one(level):
    results = sample_at(level)
    results["headline"] = sample()["headline"]
    results["specifications"] = sample()["specifications"]

    presented = present(results, {})

    body = [section for section in presented["sections"] if section["id"] != "glossary"]
    text = "\n".join(strings([body, presented["tiles"]]))
    assert "−13.4" not in text
    assert "odds ratio" not in text.lower()
    assert not re.search(r"\bp [=<]|<0\.001|0\.007", text)
    assert presented["tiles"][2]["figure"] == "–"


def test_nothing_by_rating_group_is_presented_where_a_headteacher_could_be_recognised():
    results = sample_hidden_by_group()
    canary = {"n": 94011, "schools": 2, "declined": 31337, "held": 31337, "improved": 31337}
    results["change_groups"] |= {"high": canary, "low": dict(canary)}
    results["headline"] = sample()["headline"]
    results["specifications"], results["checks"] = sample()["specifications"], sample()["checks"]
    results["sample"] |= {"n_high": 31337, "n_low": 31337}
    results["baseline_equiv_g"] = {"P2P4": 0.31337}
    results["item_models"], results["dose_response"] = sample()["item_models"], sample()["dose_response"]
    results["item_models"]["P2P4"]["face1"]["n"] = results["item_models"]["P2P4"]["face1"]["p"] = 31337

    presented = present(results, {})

    text = "\n".join(strings(presented))
    assert not re.search(r"31,?337|94,?011|0\.31|−13\.4", text)
    assert [tile["figure"] for tile in presented["tiles"]] == ["41%", "17%", "42%", "56%"]  # of all, which is no group
    assert "One rating group has fewer than 3 schools." in text


@pytest.mark.parametrize("results", VARIANTS.values(), ids=VARIANTS)
def test_presentation_claims_nothing_beyond_the_ladder(results):
    presented = present(results, {})
    presented["level"]["sentence"] = ""
    text = "\n".join(strings(presented)).lower()

    assert [word for word in FORBIDDEN if word in text] == []
    assert "caused" not in text


@pytest.mark.parametrize("results", VARIANTS.values(), ids=VARIANTS)
def test_presentation_never_prints_what_is_not_a_number(results):
    presented = present(results, {})

    assert [text for text in strings(presented) if re.search(r"\b(None|nan|NaN|inf|Infinity)\b", text)] == []
    assert json.loads(json.dumps(presented, allow_nan=False)) == presented


@pytest.mark.parametrize("key", sorted(sample()))
def test_presentation_copes_without_any_one_part(key):
    absent, null = sample(), sample()
    del absent[key]
    null[key] = None

    headings = [section["heading"] for section in present(sample(), {})["sections"]]
    for results in (absent, null):
        shown = [section["heading"] for section in present(results, {})["sections"]]
        known = [heading for heading in shown if heading != "Why there is no comparison"]
        assert known == [heading for heading in headings if heading in known]
        assert {"How many answer sheets came", "What this cannot show", "How it was done"} <= set(known)


def test_presentation_brings_nothing_heavy_into_the_web_process():
    code = (
        "import sys, reports.presentation; print(sorted({'matplotlib', 'pandas', 'scipy', 'typst'} & set(sys.modules)))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
