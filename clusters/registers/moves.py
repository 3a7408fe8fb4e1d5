"""The contact list's sheet of schools that opened, closed or were mothballed: its rows to one `Move` per school.

A school may stand there several times (mothballed in one row, closed in a later one), and the word under "Status" may be
older than the dates beside it, so what happened last is told by the latest day.
"""

import datetime
from collections.abc import Iterable

from clusters.registers import cells
from clusters.registers.layouts import Layout
from clusters.registers.readings import Move, Problem, Standing
from clusters.registers.rows import MAX_NAME

MAX_NOTE = 300
WORDS = {
    "opened": Standing.OPEN,
    "open": Standing.OPEN,
    "re-opened": Standing.OPEN,
    "reopened": Standing.OPEN,
    "split": Standing.OPEN,
    "mothballed": Standing.MOTHBALLED,
    "closed": Standing.CLOSED,
    "merged": Standing.CLOSED,
}
DAYS = {
    "opened_on": Standing.OPEN,
    "mothballed_on": Standing.MOTHBALLED,
    "closed_on": Standing.CLOSED,
}
# The sheet begins in 2006. A year without a day ("2013") would be taken for the 2,013th day since 1900.
FIRST_YEAR = 2000
_ORDER = list(Standing)

# When, how final, whether with words: of two that say the same of one day, the one with a note tells more.
_Rank = tuple[datetime.date, int, bool]


class MoveReader:
    """Reads the rows of the sheet in order; `problems` grows as it goes. `sheet` is its name, for messages."""

    def __init__(self, layout: Layout, sheet: str):
        self.problems: list[Problem] = []
        self._layout = layout
        self._sheet = sheet
        self._last: dict[tuple[str, str], tuple[_Rank, Move]] = {}

    @property
    def moves(self) -> tuple[Move, ...]:
        """What last happened to each school."""
        return tuple(move for _, move in self._last.values())

    def read(self, number: int, row: dict[int, str]) -> None:
        """Takes one row: its number in the sheet and its cells as {column: text}."""
        row = {field: cells.tidy(row.get(column, "")) for field, column in self._layout.columns.items()}
        if sum(bool(text) for text in row.values()) < 3:
            return  # a footnote
        seed, why = cells.seed_code(row["seed"])
        sectors = [cells.sector(word) for word in row["sector"].split("/")]
        standing = WORDS.get(row["status"].lower())
        if not why and not all(sectors):
            why = f"sector is “{row['sector'][:40]}”: it should be Primary, Secondary or Special"
        if not why and standing is None:
            why = f"status is “{row['status'][:40]}”: it should be Opened, Closed or Mothballed"
        if why:
            self._problem(number, row, why)
            return
        standing, on, latest = self._what_happened(number, row, standing)
        note = row.get("details", "")
        note = note if len(note) <= MAX_NOTE else f"{note[: MAX_NOTE - 1].rstrip()}…"
        rank = (latest, _ORDER.index(standing), bool(note))
        for sector in sectors:
            move = Move(seed, sector, standing, on, note)
            if move.key not in self._last or rank >= self._last[move.key][0]:
                self._last[move.key] = (rank, move)

    def _what_happened(self, number: int, row: dict[str, str], standing: Standing):
        """(what happened last, on which day, the latest day of the row to sort by)."""
        known: list[tuple[datetime.date, int, Standing]] = []
        for field, meaning in DAYS.items():
            on, why = cells.day(row.get(field, ""))
            if on and meaning is not Standing.OPEN and on.year < FIRST_YEAR:
                on, why = None, f"“{row[field][:40]}” is not a day since {FIRST_YEAR}"
            if why:
                self._problem(number, row, f"{field.replace('_', ' ')} {why}", whole_row=False)
            elif on:
                known.append((on, _ORDER.index(meaning), meaning))
        latest = max(known, default=None)
        if latest and any(meaning is standing for _, _, meaning in known):
            return latest[2], latest[0], latest[0]
        return standing, None, latest[0] if latest else datetime.date.min

    def _problem(self, number: int, row: dict[str, str], why: str, *, whole_row: bool = True) -> None:
        self.problems.append(Problem(number, row.get("name", "")[:MAX_NAME], why, whole_row, self._sheet))


def read_moves(rows: Iterable[tuple[int, dict[int, str]]], layout: Layout, sheet: str) -> MoveReader:
    """Reads the whole sheet below its headings."""
    reader = MoveReader(layout, sheet)
    for number, row in rows:
        if number > layout.heading_row:
            reader.read(number, row)
    return reader
