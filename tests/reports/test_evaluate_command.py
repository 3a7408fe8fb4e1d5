"""`manage.py evaluate` refuses with exit status 2 and one sentence, and writes nothing that a spreadsheet would run."""

import csv
import io

import pytest
from django.core.management import call_command

from mentors.exports import plain_cell
from tests.reports.programmes import as_strings, make_programme

FORMULAS = [
    '=HYPERLINK("http://example.org","x")',
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+1+1",
    "-1+1",
    "\t=1",
    "\r=1",
    "＝1",
    "-",
]


@pytest.fixture
def folder(tmp_path):
    programme, place = make_programme(4, 5), tmp_path / "in"
    place.mkdir()
    for name in ("pupils", "ht", "codebook"):
        as_strings(getattr(programme, name)).to_csv(place / f"{name}.csv", index=False)
    return place


def refused(*arguments):
    """What the command says when it refuses."""
    said = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("evaluate", *map(str, arguments), stdout=io.StringIO(), stderr=said)
    assert stopped.value.code == 2
    (sentence,) = said.getvalue().splitlines()
    return sentence


def test_evaluate_refuses_a_folder_to_write_to_that_is_a_file(folder, tmp_path):
    (tmp_path / "taken").write_text("")

    assert refused(folder, "--out", tmp_path / "taken") == f"{tmp_path / 'taken'} is a file; --out names a folder."


def test_evaluate_refuses_a_folder_that_it_may_not_write_to(folder, tmp_path):
    (tmp_path / "taken").write_text("")  # below a file there is no folder, not even for root

    assert refused(folder, "--out", tmp_path / "taken" / "out").endswith("cannot be written: Not a directory.")
    out = tmp_path / "out"
    (out / "report.pdf").mkdir(parents=True)
    assert refused(folder, "--out", out) == f"{out / 'report.pdf'} cannot be written: Is a directory."


def test_evaluate_refuses_a_file_that_cannot_be_read(folder, tmp_path):
    (folder / "ht.csv").unlink()
    (folder / "ht.csv").mkdir()

    assert refused(folder, "--out", tmp_path / "out") == f"{folder / 'ht.csv'} cannot be read: Is a directory."
    assert refused(tmp_path / ("x" * 300), "--out", tmp_path / "out").endswith("cannot be read: File name too long.")


@pytest.mark.parametrize(("option", "value"), [("--seed", "-1"), ("--cut", "nan"), ("--cut", "5.1")])
def test_evaluate_refuses_an_option_that_makes_no_sense(folder, tmp_path, option, value):
    assert refused(folder, "--out", tmp_path / "out", f"{option}={value}").startswith(option)


def test_rejected_csv_holds_no_formula_and_keeps_its_numbers(folder, tmp_path):
    table = make_programme(4, 5).pupils.astype(object)
    answers = [*FORMULAS, "-5", "+7.5", "99"]
    table.loc[: len(answers) - 1, "item1"] = answers
    table.to_csv(folder / "pupils.csv", index=False, quoting=csv.QUOTE_ALL)

    call_command("evaluate", str(folder), "--out", str(tmp_path / "out"), stdout=io.StringIO())

    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "rejected.csv").read_text())))
    values = [row["value"] for row in rows if row["column"] == "item1"]
    assert values[-3:] == ["-5", "+7.5", "99"]
    assert all(value.startswith("'") for value in values[:-3])
    assert len(values) == len(answers)


@pytest.mark.parametrize("text", [*FORMULAS, "  =1", "－1", "＠x", "-5\n", "-٥"])
def test_plain_cell_of_a_formula_is_text(text):
    assert plain_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-5", "+7", "3.25", "-0.5", "words", "2026-05-03", ""])
def test_plain_cell_of_numbers_and_words_is_as_it_was(text):
    assert plain_cell(text) == text
