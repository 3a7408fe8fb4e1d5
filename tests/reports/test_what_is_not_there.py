"""What a report says where something is not there: no comparison, no sheet, no model, nobody to count."""

from copy import deepcopy

import pytest

from reports.charts import change
from reports.noise_wording import NO_REFERENCE
from reports.presentation import present, tables
from reports.presentation.pack import pack_sections
from reports.reading import captions, left_out
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group
from tests.reports.test_presentation import rows_of, strings, table_named


def test_reasons_stand_under_why_there_is_no_comparison_though_the_finding_has_said_them():
    results = sample_at("L0")
    results["ladder"] |= {"reasons": ["No school was rated."]}

    section = next(each for each in present(results, {})["sections"] if each["id"] == "comparison")

    assert [block["text"] for block in section["blocks"]] == [
        "No school was rated.",
        "The comparison, the other ways of making it, its checks and the questions by rating group are left out here.",
    ]


def test_share_that_declined_has_a_caution_beside_it_where_its_reference_is_hidden():
    results = sample()
    results["change_groups"] |= {"noise_reference": None, "noise_base": ""}

    chart = change.build(results)
    drawn = {"change": {"title": chart.title, "desc": chart.desc, "wide": "<svg/>", "phone": "<svg/>"}}
    section = next(each for each in present(results, drawn)["sections"] if each["id"] == "change")
    figure = section["blocks"][0]

    assert figure["caption"].endswith(NO_REFERENCE)
    assert figure["table"]["note"] == NO_REFERENCE
    assert figure["desc"].endswith(NO_REFERENCE)
    assert captions.of_change(results).endswith(NO_REFERENCE)
    assert NO_REFERENCE in [block.get("text") for block in pack_sections(results, {})[0]["blocks"]]


def test_caution_stands_with_the_declines_by_stage_where_those_of_all_are_not_drawn():
    chart = {"change": {"title": "Declined", "instead": "Too few pupils could be matched."}}

    section = next(each for each in present(sample(), chart)["sections"] if each["id"] == "change")

    assert section["blocks"][1]["text"].startswith(
        "Never read “declined” alone: with no change on the whole, about 44%"
    )


def test_flow_counts_the_rated_schools_of_the_compared_pupils_and_none_where_the_groups_are_hidden():
    results, hidden = sample(), sample_hidden_by_group()
    results["sample"] |= {"schools_high": 23}

    steps = [rows_of(table_named(present(each, {}), "Flow of answer sheets")) for each in (results, hidden)]

    assert steps[0][5][:2] == ["In 45 rated schools", "1,262"]
    assert steps[1][5][:2] == ["In rated schools", "1,262"]


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        ({}, "31 duplicates, 118 without a code and 44 with an unclear code; the others have no partner"),
        ({"rows_raw": 4680, "blank_code_rows": 0, "ambiguous_rows": 0}, "sheets without a partner at the other time"),
        ({"rows_raw": 4680, "blank_code_rows": 0, "ambiguous_rows": 0, "linked_pairs": 2340}, ""),
        ({"blank_code_rows": 0, "ambiguous_rows": 0, "linked_pairs": 2340}, "31 duplicates"),
        ({"rows_raw": 4680, "blank_code_rows": 0, "ambiguous_rows": 0, "linked_pairs": 0},
         "no sheet has a partner at the other time"),
    ],
)  # fmt: skip
def test_flow_speaks_of_others_only_where_some_were_named_before(flow, words):
    results = sample()
    results["flow"] |= flow

    assert left_out(results)["linked"] == words


def test_stage_group_of_which_no_sheet_came_has_no_row_and_is_in_no_model():
    results = sample()
    results["reliability"] = {
        f"{group}_{wave}": {"n_sheets": n, "n_complete": n, "alpha_raw": None}
        for group, n in (("P2P4", 0), ("P5P7", 900))
        for wave in ("pre", "post")
    }
    results["match_table"][1] |= {"n_pre": 0, "n_matched": 0, "rate": None, "smd": None}
    del results["items"]["P2P4"]

    presented = present(results, {})
    first = [row[0] for table in tables(presented) for row in rows_of(table)]

    assert not [words for words in first if "P2–P4" in words or words.startswith("Stages")]
    assert "By deprivation" in [each["heading"] for each in presented["sections"]]
    said = " ".join(strings(presented["sections"]))
    assert "made alike in their own start and in the average start of their school." in said
    assert "and the average start of the pupil’s school. The rating belongs" in said


def test_share_of_nobody_is_a_dash_and_hides_nothing():
    results = sample()
    results["match_table"][3] = {"group": "Quintile 1-2", "n_pre": 0, "n_matched": 0, "rate": None, "smd": None}

    rows = rows_of(table_named(present(results, {}), "Matched pupils and their start"))

    assert rows[3][1:4] == ["0", "0", "–"]


def test_question_without_a_model_is_named_with_the_reason_unless_its_answers_are_hidden():
    results = sample()
    shown, hidden = (
        " ".join(table["note"] for table in tables(present(each, {})))
        for each in (results, _with_hidden(results, "val1"))
    )

    assert "Everybody answered alike: “Science helps people to live better lives”." in shown
    assert "Everybody answered alike" not in hidden


def _with_hidden(results, name):
    results = deepcopy(results)
    results["items"]["P5P7"][name] |= {"counts_post": None, "why": "hidden"}
    return results


def test_check_that_does_not_apply_says_so_once():
    results = sample()
    results["checks"][2] |= {"passed": None, "detail": "does not apply: fewer than 4 degrees of freedom"}

    rows = rows_of(table_named(present(results, {}), "Checks for the top level"))

    assert rows[2][1:] == ["Does not apply", "Fewer than 4 degrees of freedom"]
