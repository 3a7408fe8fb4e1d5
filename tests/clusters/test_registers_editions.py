"""Every edition whose headings are known is recognised and read alike, as .xlsx and as .csv however it was saved."""

import ast
import re
from decimal import Decimal
from pathlib import Path

import pytest

from clusters.registers.reader import read_register
from clusters.registers.readings import Status
from tests.clusters import register_editions as editions
from tests.clusters import register_files as files

HEADERS = Path(__file__).resolve().parents[3] / "shared" / "data" / "schools" / "COLUMN_HEADERS.md"
NAMES = list(editions.EDITIONS)


def published_headings():
    """{(file, sheet): headings} as written down from the published files."""
    found = {}
    for part in HEADERS.read_text(encoding="utf-8").split("\n## ")[1:]:
        file, sheet = re.match(r"(\S+) - sheet '(.+?)' - header row", part).groups()
        found[file, sheet] = [ast.literal_eval(line.split(". ", 1)[1]) for line in part.splitlines()[1:] if line]
    return found


@pytest.mark.skipif(not HEADERS.is_file(), reason="no copy of the official headings beside the project")
def test_made_up_editions_have_the_published_headings_letter_by_letter():
    published = published_headings()

    made = {(edition.file, edition.sheet): list(edition.headings) for edition in editions.EDITIONS.values()}
    contact = "school_contact_list_31_October_2024.xlsx"
    made[contact, "Open Schools"] = files.CONTACT_HEADINGS
    made[contact, "Schools Opened or closed"] = files.MOVES_HEADINGS
    del published[contact, "Schools renamed"]
    assert made == published


def check(reading, name):
    """What both made-up schools of an edition must have become."""
    known, hidden = (record.figures for record in reading.records)
    assert (reading.edition.words, reading.rows, reading.problems) == (editions.EDITIONS[name].words, 2, ())
    assert [record.key for record in reading.records] == [("9900417", "P"), ("9900425", "P")]
    assert reading.records[1].name == "Sgoil Bàgh Ùr"
    assert (known["roll"].value, known["teachers_fte"].value) == (200, Decimal("11.2"))
    assert (hidden["deprived_share"].status, hidden["deprived_share"].value) == (Status.SUPPRESSED, None)
    texts = [record.texts for record in reading.records]
    if name.startswith("statistics"):
        assert (known["p2"].value, known["deprived_share"].value) == (31, Decimal("23.0"))
        assert (hidden["p2"].status, hidden["p2"].value) == (Status.SUPPRESSED, None)
        assert (texts[0]["urban_rural_8"], "urban_rural_8" in texts[1], texts[1]["urban_rural_6"]) == ("8", False, "6")
    else:
        assert (known["deprived_share"].low, known["deprived_share"].high) == (20, 25)
        assert (texts[0]["urban_rural_8"], texts[0]["postcode"]) == ("8", "ZZ9 4QT")


@pytest.mark.parametrize("name", NAMES)
def test_edition_is_read_from_its_workbook(name):
    edition = editions.EDITIONS[name]

    reading = read_register(editions.file_of(name), edition.file)

    check(reading, name)
    assert (reading.sheet, reading.heading_row) == (edition.sheet, len(edition.above) + 1)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("cp1252", ","), ("cp1252", "\t"), ("utf-16", "\t")]
)
@pytest.mark.parametrize("name", NAMES)
def test_edition_is_read_from_a_csv_however_it_was_saved(name, encoding, delimiter):
    lines = [["" if cell is None else cell for cell in line] for line in editions.lines_of(name)]
    file = files.as_csv(lines, encoding=encoding, delimiter=delimiter)

    check(read_register(file, editions.EDITIONS[name].file.replace(".xlsx", ".csv")), name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "mark",
    ["*", "c", "[c]", "C", "z", "[z]", "#", "x", "-", "–", ":", "..", "less than 5", "<5", "1-4", "low", "n/a", ""],
)
def test_no_mark_in_any_figure_of_any_edition_becomes_a_number(name, mark):
    edition = editions.EDITIONS[name]
    lines = [list(line) for line in editions.lines_of(name)]
    marked = [heading for heading in edition.headings if heading in {"P1", "P7", editions.SHARE} or "oll" in heading]
    for heading in [*marked, *(each for each in edition.headings if each.startswith("SIMD Quintile 1"))]:
        lines[len(edition.above) + 1][edition.headings.index(heading)] = mark

    figures = read_register(files.sheet_of(lines, edition.sheet), edition.file).records[0].figures

    told = {field: number.value for field, number in figures.items() if field not in {"teachers_fte", "p2"}}
    assert {told.get(field) for field in ("roll", "p1", "p7", "deprived_share")} == {None}


def test_real_nought_of_the_roll_of_2022_has_no_per_cent_sign():
    lines = [list(line) for line in editions.lines_of("roll 2022")]
    lines[1][editions.SCHOOL_ROLL_2022.index(editions.SHARE)] = 0

    share = read_register(files.sheet_of(lines, "SG_SchoolRoll_2022"), "x.xlsx").records[0].figures["deprived_share"]

    assert (share.status, share.value) == (Status.KNOWN, 0)


@pytest.mark.parametrize("row", range(1, 13))
def test_headings_are_found_on_any_of_the_first_twelve_rows(row):
    lines = [[f"Title {number}"] for number in range(1, row)] + [list(line) for line in editions.lines_of("roll 2023")]

    assert read_register(files.sheet_of(lines), "SG_SchoolRoll_2023.xlsx").heading_row == row
