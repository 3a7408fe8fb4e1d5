"""The adults' two files: read to what the analysis wants, or refused with a sentence that names the cell."""

import pandas as pd
import pytest

from reports.analysis.adult_files import adult_data, asked_text, options_text, rejected
from reports.analysis.adults import Question
from reports.analysis.schema import EvaluationData, InvalidData

ROWS = [
    {
        "item": "sure",
        "text": "How sure are you?",
        "construct": "confidence",
        "points": "5",
        "reverse": "0",
        "area": "science",
        "options": "",
        "asked": "mentor pre;mentor post",
    },
    {
        "item": "how",
        "text": "How did you take part?",
        "construct": "",
        "points": "0",
        "reverse": "0",
        "area": "",
        "options": "inset=On an in-service day|online=Online",
        "asked": "",
    },
]


def data(rows=ROWS, adults=True):
    empty = pd.DataFrame()
    sheets = pd.DataFrame(
        [{"group": "mentor", "wave": "pre", "person": "", "school_id": "S", "sure": "4", "how": "inset"}]
    )
    return EvaluationData(
        pupils=empty, ht=empty, codebook=empty, adults=sheets if adults else None, adult_codebook=pd.DataFrame(rows)
    )


def test_codebook_becomes_questions():
    found = adult_data(data())

    assert found.questions == (
        Question(
            "sure",
            "How sure are you?",
            construct="confidence",
            area="science",
            asked=(("mentor", "pre"), ("mentor", "post")),
        ),
        Question(
            "how",
            "How did you take part?",
            points=0,
            options=(("inset", "On an in-service day"), ("online", "Online")),
        ),
    )


def test_cells_of_options_and_of_who_was_asked_are_read_as_they_are_written():
    how = adult_data(data()).questions[1]
    sure = adult_data(data()).questions[0]

    assert options_text(how.options) == ROWS[1]["options"]
    assert asked_text(sure.asked) == ROWS[0]["asked"]


def test_data_without_adults_have_none():
    assert adult_data(data(adults=False)) is None


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("item", "", "row 2, column item: this cell is empty."),
        ("item", "how", "row 3, column item: how is listed twice."),
        ("points", "9", "row 2, column points: “9” is not one of"),
        ("points", "0", "row 2, column options: a question with 0 points"),
        ("area", "art", "row 2, column area: “art” is not one of"),
        ("reverse", "yes", "row 2, column reverse: “yes” is not one of 0, 1."),
        ("options", "a=b", "row 2, column options: a question with 0 points"),
        ("item", "person", "row 2, column item: “person” is the name of another column of adults.csv."),
        ("asked", "pupil pre", "row 2, column asked: “pupil pre” does not read like"),
        ("asked", "mentor", "row 2, column asked: “mentor” does not read like"),
    ],
)
def test_bad_cell_of_the_codebook_is_named(column, value, said):
    rows = [{**ROWS[0], column: value}, ROWS[1]]

    with pytest.raises(InvalidData) as refused:
        adult_data(data(rows))

    assert str(refused.value).startswith("adult_codebook.csv, ")
    assert said in str(refused.value)


def test_missing_column_of_the_codebook_is_named():
    rows = [{key: value for key, value in row.items() if key != "area"} for row in ROWS]

    with pytest.raises(InvalidData, match=r"adult_codebook\.csv has no column area\."):
        adult_data(data(rows))


def test_codebook_without_a_question_with_two_on_one_area_or_with_a_code_twice_is_refused():
    for rows, said in (
        (pd.DataFrame(columns=list(ROWS[0])), "lists no questions"),
        ([ROWS[0], {**ROWS[0], "item": "again"}], "row 3, column area: another question is on science too"),
        ([{**ROWS[1], "options": "a=One|a=Two"}], "row 2, column options: a code stands twice"),
    ):
        with pytest.raises(InvalidData, match=said):
            adult_data(data(rows))


@pytest.mark.parametrize(("column", "value"), [("sure", "99"), ("sure", "3.5"), ("sure", "x"), ("how", "inset;bus")])
def test_answer_that_a_question_does_not_have_is_listed(column, value):
    given = data()
    given.adults.loc[0, column] = value

    assert [(each["row"], each["column"], each["value"]) for each in rejected(given)] == [(2, column, value)]


def test_answers_beside_the_scale_and_blank_ones_are_not_listed():
    given = data()
    given.adults.loc[0, ["sure", "how"]] = ["CS", ""]

    assert rejected(given) == []
