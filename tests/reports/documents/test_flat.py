"""The tables of a report as one CSV file."""

import csv
import io
import re
from copy import deepcopy

from openpyxl import load_workbook

from reports.documents.flat import HEADS
from reports.documents.workbook import report_workbook
from reports.exports import report_csv
from tests.reports.sample_results import sample


def lines(results):
    return list(csv.DictReader(io.StringIO(report_csv(results).decode("utf-8-sig"))))


def test_csv_has_every_figure_of_the_spreadsheet():
    found = lines(sample())
    book = load_workbook(io.BytesIO(report_workbook(sample())))

    cells = [
        cell.value
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=5)
        for cell in row
        if cell.value is not None
    ]
    assert tuple(found[0]) == HEADS
    assert len(found) > 500
    assert same(line["value"] for line in found if line["value"] and line["table"] != "Marks") == same(cells)


def same(cells):
    """Cells so that a number is the same number however many digits it was written with."""
    return sorted(
        f"{float(cell):.12g}" if re.fullmatch(r"-?[\d.]+(e-?\d+)?", str(cell)) else str(cell) for cell in cells
    )


def test_csv_names_table_row_and_column_of_each_figure():
    wanted = {"table": "Figure 1", "row": "Baseline sheets", "column": "Number"}

    (line,) = [each for each in lines(sample()) if wanted.items() <= each.items()]

    assert (line["caption"], line["value"]) == ("Flow of answer sheets", "2412")


def test_csv_tells_lines_of_one_name_apart_and_says_what_its_marks_mean():
    found = lines(sample())

    keys = [(line["table"], line["line"], line["column"]) for line in found]
    assert len(set(keys)) == len(keys)
    assert any(line["table"] == "Marks" and "[c]" in line["value"] for line in found)
    assert report_csv(sample()).startswith(b"\xef\xbb\xbf")


def test_csv_marks_what_is_hidden_and_runs_no_formula():
    results = deepcopy(sample())
    item = next(iter(results["items"]["P5P7"].values()))
    item |= {"text": "=1+1", "counts_pre": None, "why": "hidden"}

    found = [line for line in lines(results) if line["row"].endswith("=1+1")]

    assert "[c]" in {line["value"] for line in found}
    assert all(line["row"].startswith("'=") for line in found)


def test_csv_tells_a_small_p_as_it_is_and_none_as_zero():
    results = sample()
    results["specifications"][0]["p"], results["specifications"][1]["p"] = 4e-8, 0.0

    found = [line["value"] for line in lines(results) if (line["table"], line["column"]) == ("Figure 2", "p")]

    assert found[:2] == ["4e-08", "<0.001"]


def test_csv_is_the_same_for_the_same_results():
    assert report_csv(sample()) == report_csv(sample())


def test_csv_has_each_question_in_full_where_the_printed_table_has_its_short_words():
    results = sample()
    results["items"]["P2P4"]["face1"]["text"] = "How much do you like this: doing science at school?"

    rows = {line["row"] for line in lines(results) if line["caption"].startswith("Answers before and after, P2–P4")}

    assert "How much do you like this: doing science at school?" in rows
    assert "Doing science at school" not in rows
