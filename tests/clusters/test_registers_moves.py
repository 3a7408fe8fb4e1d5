"""The contact list's second sheet: which schools opened, closed or were mothballed, and when."""

import datetime

import pytest

from clusters.registers import cells
from clusters.registers.reader import read_register
from clusters.registers.readings import Standing
from tests.clusters import register_files as files

CLOSED, MOTHBALLED, OPEN = Standing.CLOSED, Standing.MOTHBALLED, Standing.OPEN
JUNE_2010, JULY_2016, MAY_2020 = datetime.date(2010, 6, 30), datetime.date(2016, 7, 1), datetime.date(2020, 5, 4)


def read(*moved):
    return read_register(files.contact_list(moved=moved), "list.xlsx")


def told(*moved):
    """{key: (standing, day)} of what is read from the rows."""
    return {move.key: (move.standing, move.on) for move in read(*moved).moves}


@pytest.mark.parametrize(
    ("rows", "standing", "on"),
    [
        ([{"status": "Closed", "opened": JUNE_2010, "closed": JULY_2016}], CLOSED, JULY_2016),
        ([{"status": " closed ", "closed": JULY_2016}], CLOSED, JULY_2016),
        ([{"status": "Mothballed", "mothballed": JULY_2016}], MOTHBALLED, JULY_2016),
        ([{"status": "Opened", "opened": JUNE_2010}], OPEN, JUNE_2010),
        ([{"status": "Split", "opened": JUNE_2010}], OPEN, JUNE_2010),
        # The word is older than the days.
        ([{"status": "Opened", "opened": JUNE_2010, "closed": JULY_2016}], CLOSED, JULY_2016),
        ([{"status": "Mothballed", "mothballed": JUNE_2010, "closed": JULY_2016}], CLOSED, JULY_2016),
        ([{"status": "Closed", "closed": JUNE_2010, "mothballed": JULY_2016}], MOTHBALLED, JULY_2016),
        # No day for what the word says: the word is believed, without a day.
        ([{"status": "Closed", "opened": JUNE_2010}], CLOSED, None),
        ([{"status": "Closed"}], CLOSED, None),
        # Several rows for one school, in either order.
        ([{"status": "Mothballed", "mothballed": JUNE_2010}, {"status": "Closed", "closed": JULY_2016}], CLOSED, JULY_2016),
        ([{"status": "Closed", "closed": JULY_2016}, {"status": "Mothballed", "mothballed": JUNE_2010}], CLOSED, JULY_2016),
        ([{"status": "Closed", "closed": JUNE_2010}, {"status": "Opened", "opened": MAY_2020}], OPEN, MAY_2020),
    ],
)  # fmt: skip
def test_last_thing_that_happened_is_told_by_the_latest_day(rows, standing, on):
    assert told(*(files.moved_row(**row) for row in rows)) == {("9900425", "P"): (standing, on)}


def test_row_for_two_sectors_tells_of_both():
    assert told(files.moved_row("Opened", sector="Primary/Secondary ", opened=MAY_2020)) == {
        ("9900425", "P"): (OPEN, MAY_2020),
        ("9900425", "S"): (OPEN, MAY_2020),
    }


def test_note_is_one_short_line_and_the_fuller_of_two_rows_is_kept():
    long = "Merged with Ardlinnie " + "and so on " * 60

    moves = {
        move.seed_code: move
        for move in read(
            files.moved_row(closed=JULY_2016, details="  Merged with\nArdlinnie   "),
            files.moved_row(closed=JULY_2016),
            files.moved_row(seed=9900433, closed=JULY_2016, details=long),
        ).moves
    }

    assert moves["9900425"].note == "Merged with Ardlinnie"
    assert len(moves["9900433"].note) <= 300
    assert moves["9900433"].note.endswith("…")


def test_rows_that_cannot_be_read_name_their_sheet_and_leave_the_schools_alone():
    reading = read(
        files.moved_row(seed="99O0425"),
        files.moved_row(sector="Nursery"),
        files.moved_row("Flooded"),
        files.moved_row(seed=9900433, closed=2013),
        ["Source: a note below the table"],
    )

    assert [(problem.row, problem.sheet, problem.reason) for problem in reading.problems] == [
        (8, "Schools Opened or closed", "SEED code is “99O0425”: a letter O where a figure should be"),
        (9, "Schools Opened or closed", "sector is “Nursery”: it should be Primary, Secondary or Special"),
        (10, "Schools Opened or closed", "status is “Flooded”: it should be Opened, Closed or Mothballed"),
        (11, "Schools Opened or closed", "closed on “2013” is not a day since 2000"),
    ]
    assert (reading.rows, reading.unreadable) == (1, ())
    assert {move.key: (move.standing, move.on) for move in reading.moves} == {("9900433", "P"): (CLOSED, None)}


def test_list_without_the_sheet_tells_of_no_moves():
    lines = [files.CONTACT_HEADINGS, list(files.contact_row().values())]

    reading = read_register(files.as_csv(lines), "list 31 October 2024.csv")

    assert (reading.moves, reading.moves_sheet) == ((), "")


@pytest.mark.parametrize(
    "text",
    ["45231", "45231.5", "01/11/2023", "2023-11-01", "2023-11-01T00:00:00", "2023-11-01 00:00:00", "1 November 2023", "01-Nov-23"],
)  # fmt: skip
def test_day_is_read_however_it_is_stored(text):
    assert cells.day(text) == (datetime.date(2023, 11, 1), "")


@pytest.mark.parametrize("text", ["", " ", "N/A", "-"])
def test_day_that_is_blank_is_no_problem(text):
    assert cells.day(text) == (None, "")


@pytest.mark.parametrize("text", ["soon", "31/02/2020", "123456", "Summer 2014"])
def test_day_is_not_guessed(text):
    assert cells.day(text) == (None, f"“{text}” is not a day")
