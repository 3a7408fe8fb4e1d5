"""Three sections of a report that put its figures beside something else: other schools, other questions, other surveys."""

import functools
import tomllib
from dataclasses import replace

import pytest

from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan, Rules
from reports.presentation import present
from reports.presentation.comparators import FIGURES, of_question
from reports.presentation.respondents import fifth_words
from surveys.loading import FOLDER
from tests.reports.analysis.test_representativeness import programme
from tests.reports.sample_results import sample


@functools.cache
def presented():
    """A report in which one question is that of another survey, and two are about subjects."""
    data = programme(asked_more=5, urban_rural=["rural", "urban or town"], roll_band=["under 50", "300 or more"])
    book = data.codebook
    book.loc[book["item"].isin(["item1", "item2"]), "construct"] = "subject liking"
    known = {"item3": "p5p7_attitude_to_school_science_1"}
    book["item"] = book["item"].replace(known)
    data = replace(data, pupils=data.pupils.rename(columns=known))
    return present(suppress(evaluate(data, Plan()), Rules()), {})


def section(name, report=None):
    return next(each for each in (report or presented())["sections"] if each["id"] == name)


def texts(table):
    return [[cell["text"] for cell in row] for row in table["rows"]]


def test_report_says_how_many_schools_answered_and_of_what_kind():
    said, read, *tables = section("like")["blocks"]

    assert said["text"].startswith("Of 25 schools asked, 20 (80%) sent sheets before, 20 (80%) after, and 20 (80%)")
    assert "no difference has been tested" in read["text"]
    assert [table["columns"][0]["label"] for table in tables] == ["Deprivation fifth", "Roll", "Area"]
    assert texts(tables[2])[0] == ["Urban or town", "12 (48%)", "10 (50%)", "10 (50%)"]
    assert tables[0]["rows"][0][0]["text"] == "1, most deprived"


def test_subjects_are_ranked_before_and_after():
    tables = section("favourites")["blocks"]

    assert [table["caption"] for table in tables] == [
        "Subjects that pupils like, P2–P4",
        "Subjects that pupils like, P5–P7",
    ]
    assert [row[3] for row in texts(tables[0])] == ["1", "2"]
    assert all(cell.endswith("%") for row in texts(tables[0]) for cell in (row[2], row[4]))


def test_ranks_are_said_to_be_among_those_shown_where_a_question_is_hidden():
    rows = [("a", 1, 0.8, ""), ("b", 2, 0.6, ""), ("c", None, None, "hidden")]
    ranked, whole = (
        [
            {"item": item, "text": f"I like {item}.", "rank": rank, "share": share, "why": why, "level_with": None}
            for item, rank, share, why in found
        ]
        for found in (rows, [*rows[:2], ("c", 3, 0.1, "")])
    )
    popularity = {"subjects": {"P2P4": {"pre": whole, "post": ranked}, "P5P7": {"pre": whole, "post": whole}}}

    some_hidden, all_shown = section("favourites", present(sample() | {"popularity": popularity}, {}))["blocks"]

    said = "A hidden share has no rank and may lie higher or lower, so the ranks are among those shown."
    assert (said in some_hidden["note"], said in all_shown["note"]) == (True, False)
    assert [each["label"] for each in some_hidden["columns"] if "Rank" in each["label"]] == [
        "Rank before",
        "Rank after, of those shown",
    ]
    assert [each["label"] for each in all_shown["columns"] if "Rank" in each["label"]] == ["Rank before", "Rank after"]


@pytest.mark.parametrize(
    ("codes", "said"), [(4824, "4,824 pupils: 2,412 (50%) answer sheets came before"), (10, None), (None, None)]
)
def test_how_many_pupils_could_have_answered_is_told_where_it_is_known(codes, said):
    scope = sample()["scope"] | {"asked": {"pupil": codes} if codes else {}}
    results = sample() | {
        "scope": scope,
        "representativeness": {"asked": 60, "before": 52, "after": 52, "matched": 50, "facts": {}},
    }

    words = " ".join(block.get("text", "") for block in section("like", present(results, {}))["blocks"])

    assert (said in words) if said else ("Picture codes" not in words)


def test_published_figures_stand_beside_our_two_waves_with_the_reason_for_care():
    words, table = section("beside")["blocks"]

    row = texts(table)[0]
    assert "no difference has been tested" in words["text"]
    assert row[3] == "87%"
    assert "Wellcome" in row[4]
    assert "1,906 asked" in row[4]
    assert row[5] == "About science, where our question is about science lessons."


def test_breakdowns_stand_in_tables_and_what_is_hidden_in_a_sentence():
    words = [block.get("text", "") for block in section("kinds")["blocks"]]
    tables = [block for block in section("kinds")["blocks"] if block["kind"] == "table"]

    assert "nothing in them has been tested" in words[0]
    kinds = [table for table in tables if not table["caption"].endswith("cluster")]
    assert len(kinds) + sum("Not shown here" in text or "not shown here" in text for text in words) == 3
    assert all(row[0]["text"] for table in tables for row in table["rows"])


def test_report_of_one_authority_says_where_its_breakdowns_are():
    kinds = dict.fromkeys(("deprivation", "urban_rural", "authority", "cluster"))
    outcomes = {"schools": 4, "n": 100, "declined": 40, "held": 20, "improved": 40}
    clusters = [{"group": "Balamber", **outcomes}, {"group": "", **outcomes}]

    def blocks(**found):
        return section("kinds", present(sample() | {"scope": {"kind": "authority"}, "breakdowns": kinds | found}, {}))[
            "blocks"
        ]

    (elsewhere,) = blocks()
    _, table, last = blocks(cluster=clusters)
    assert elsewhere["text"].startswith(
        "Change by deprivation and area is shown in the report of a whole cohort only: w"
    )
    assert last == elsewhere
    assert texts(table) == [
        ["Balamber", *["40 (40%)", "20 (20%)", "40 (40%)"], "100", "4"],
        ["All other clusters", *["40 (40%)", "20 (20%)", "40 (40%)"], "100", "4"],
    ]


def test_report_that_is_older_than_these_sections_still_opens():
    report = present(sample(), {})

    assert "before the schools that answered were compared" in section("like", report)["blocks"][0]["text"]
    assert "favourites" not in [each["id"] for each in report["sections"]]
    assert section("kinds", report)["blocks"][0]["text"] == "This report was made before these tables were."
    assert "No question here can be read beside" in section("beside", report)["blocks"][0]["text"]


def test_every_published_figure_names_source_year_people_and_caution_and_a_question_of_ours():
    asked = {item["key"] for file in FOLDER.glob("*.toml") for item in tomllib.loads(file.read_text())["items"]}

    for figure in FIGURES:
        assert all(figure[key] for key in ("source", "year", "who", "asked", "caution"))
        assert 0 < figure["share"] < 1
        assert set(figure["ours"]) <= asked
    assert of_question("p5p7_future_in_science_2")


def test_last_two_fifths_stand_together_where_the_official_shares_cannot_tell_them_apart():
    assert fifth_words("4", ["1", "2", "3", "4", ""]) == "4 and 5, least deprived"
    assert [fifth_words(group, ["4", "5"]) for group in ("4", "5")] == ["4", "5, least deprived"]
