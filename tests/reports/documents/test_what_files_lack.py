"""No figure that the page prints is missing in the spreadsheet or in the CSV file."""

import csv
import io
import re
from itertools import groupby

import openpyxl
import pytest

from reports.analysis.adults import read
from reports.analysis.rules import Rules
from reports.documents.workbook import report_workbook, sheet_name
from reports.exports import report_csv
from reports.presentation import present, tables
from tests.reports.analysis.adult_answers import adult_data, only
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group

NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
BOUNDED = "Confidence in teaching, teachers"


def with_bounds():
    """The sample with teachers of whom nearly none are confident before and nearly all after: both shares are told as bounds."""
    found = read(adult_data(only("teacher", "post", [5] * 12)), Rules())
    found["confidence"]["teacher"]["science"] |= {"n_pre": 11, "pos_pre_under": 0.5, "n_post": 12, "pos_post_over": 0.5}
    return sample() | {"adults": found}


def lines_of_csv(results):
    """{table: [values of a line]} of the CSV file, as text."""
    found = {}
    for each in csv.DictReader(io.StringIO(report_csv(results).decode("utf-8-sig"))):
        found.setdefault(each["table"], {}).setdefault(each["line"], []).append(each["value"])
    return {table: list(lines.values()) for table, lines in found.items()}


def lines_of_workbook(results):
    """{table: [values of a line]} of the spreadsheet, as text."""
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(results)))
    return {
        table["label"]: [
            ["" if value is None else str(value) for value in row]
            for row in book[sheet_name(table)].iter_rows(min_row=5, values_only=True)
        ]
        for table in tables(present(results, {}))
    }


def as_number(word):
    return float(word.replace("−", "-").replace(",", ""))


def told(word, values):
    """Whether a printed number stands among the values: in their words, or as a number that is printed so, alone or as a share."""
    places = len(word.partition(".")[2])
    known = [float(value) for value in values if re.fullmatch(r"-?\d[\d.]*(e-?\d+)?", value)]
    near = any(abs(scale * value - as_number(word)) <= 10**-places for value in known for scale in (1, 100))
    return near or any(word in value for value in values)


def lacking(results, lines):
    """The printed cells that a file leaves empty, or of which it lacks a number."""
    found = []
    for table in tables(present(results, {})):
        for row, line in zip(table["rows"], lines[table["label"]], strict=True):
            places = [place for place, column in enumerate(table["columns"]) for _ in column["sheet"]]
            for place, pairs in groupby(zip(places, line, strict=True), key=lambda pair: pair[0]):
                text, values = row[place]["text"], [value for _, value in pairs]
                numbers = NUMBER.findall(text) if table["columns"][place]["numeric"] else []
                if text and not (any(values) and all(told(word, values) for word in numbers)):
                    found.append((table["caption"], row[0]["text"], text, values))
    return found


@pytest.mark.parametrize("lines", [lines_of_csv, lines_of_workbook])
@pytest.mark.parametrize("results", [with_bounds(), sample_at("L1"), sample_hidden_by_group()])
def test_file_lacks_no_figure_that_is_printed(results, lines):
    assert lacking(results, lines(results)) == []


@pytest.mark.parametrize("lines", [lines_of_csv, lines_of_workbook])
def test_file_tells_a_share_of_which_only_a_bound_is_known_in_the_words_of_the_page(lines):
    results = with_bounds()
    table = next(each for each in tables(present(results, {})) if each["caption"] == BOUNDED)

    science = lines(results)[table["label"]][0]

    assert [cell["text"] for cell in table["rows"][0][2:4]] == ["under 50%", "over 50%"]
    assert science[:8] == ["Science", "all who answered", "under 50%", "", "", "over 50%", "", ""]
