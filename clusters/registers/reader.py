"""A file in, a `Reading` out: opens it safely, recognises the publication, and reads every row of it."""

import datetime
import io
from collections.abc import Callable, Iterable

from clusters.registers.delimited import Delimited, read_delimited
from clusters.registers.layouts import MOVES, Layout, find_date, find_year, recognise
from clusters.registers.moves import read_moves
from clusters.registers.readings import Edition, Kind, Move, Problem, Reading, RegisterRefused
from clusters.registers.rows import RowReader
from clusters.registers.workbook import Sheet, Workbook

MAX_BYTES = 25 * 1024 * 1024
# Scotland has about 2,500 publicly funded schools; ten times that is not a register.
MAX_ROWS = 25_000
CENSUS_MONTH = 9

Progress = Callable[[float], None]


def recognise_register(
    file: io.BufferedIOBase, name: str, *, said_edition: datetime.date | None = None, max_bytes: int = MAX_BYTES
) -> Edition | None:
    """The publication and its date, by headings and titles alone; None when nothing tells the date.

    Arguments and errors as `read_register`.
    """
    return _recognise(file, name, said_edition, max_bytes)[-1]


def read_register(
    file: io.BufferedIOBase,
    name: str,
    *,
    said_edition: datetime.date | None = None,
    max_bytes: int = MAX_BYTES,
    on_progress: Progress = lambda done: None,
) -> Reading:
    """Reads one official register.

    `file` is open for reading bytes and can seek; `name` is what its owner calls it (used in messages, and for the
    edition's year only when the file itself does not tell). `said_edition` is the edition's date as a person gave it,
    for files that do not say. `max_bytes` is the largest file that is looked at. `on_progress` is called with the
    share of the sheet that has been read (0 to 1), about every 50 rows.

    Raises RegisterRefused, with a sentence for the reader of the message, when the file cannot be used.
    """
    sheets, sheet, layout, edition = _recognise(file, name, said_edition, max_bytes)
    reader = RowReader(layout)
    for number, row in sheet.rows():
        if number <= layout.heading_row:
            continue
        reader.read(number, row)
        if reader.rows > MAX_ROWS:
            raise RegisterRefused(
                f"“{name}” has more than {MAX_ROWS:,} rows, ten times as many as Scotland has schools. "
                "Choose the file as it was published. Nothing was changed."
            )
        if reader.rows % 50 == 0:
            on_progress(sheet.done)
    reader.finish()
    on_progress(1.0)
    if not reader.records:
        raise RegisterRefused(
            f"“{name}” has the headings of the {layout.kind.title} but no school that can be read. "
            f"{_first_reason(reader)}Choose the file as it was published. Nothing was changed."
        )
    moves, unclear, moves_sheet = _moves(sheets) if layout.kind is Kind.CONTACT_LIST else ((), [], "")
    return Reading(
        kind=layout.kind,
        sheet=sheet.name,
        heading_row=layout.heading_row,
        edition=edition,
        rows=reader.rows,
        records=tuple(reader.records),
        problems=(*reader.problems, *unclear),
        moves=moves,
        moves_sheet=moves_sheet,
    )


def _recognise(file: io.BufferedIOBase, name: str, said_edition: datetime.date | None, max_bytes: int):
    """(all sheets, the one to read, its layout, the edition or None)."""
    sheets = open_sheets(file, name, max_bytes)
    sheet, layout = _choose(sheets, name)
    if layout.doubled:
        raise RegisterRefused(
            f"“{name}” has the heading “{layout.doubled[:60]}” more than once, so we cannot know which column to read. "
            "Remove one and choose the file again. Nothing was changed."
        )
    return sheets, sheet, layout, _edition(layout, sheet.name, name, said_edition)


def _moves(sheets: Iterable[Sheet | Delimited]) -> tuple[tuple[Move, ...], list[Problem], str]:
    """Which schools opened, closed or were mothballed, what could not be read of it, and the sheet that says it."""
    for sheet in sheets:
        if layout := recognise(sheet.rows(), MOVES):
            found = read_moves(sheet.rows(), layout, sheet.name)
            return found.moves, found.problems, sheet.name
    return (), [], ""


def _first_reason(reader: RowReader) -> str:
    if not reader.problems:
        return ""
    first = reader.problems[0]
    return f"Row {first.row:,}: {first.reason}. "


def open_sheets(file: io.BufferedIOBase, name: str, max_bytes: int) -> list[Sheet] | list[Delimited]:
    """The sheets of any .xlsx or .csv file that a stranger sent, opened safely (a .csv is one sheet for each delimiter).

    Raises RegisterRefused, with a sentence for the reader of the message, when it is empty, too large or neither of the two.
    """

    def refuse(why: str) -> RegisterRefused:
        return RegisterRefused(f"“{name}” {why} Nothing was changed.")

    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size == 0:
        raise refuse("is empty. Download it again.")
    if size > max_bytes:
        raise refuse(f"is larger than {max_bytes / 1024 / 1024:.0f} MB. Choose the file as it was published.")
    start = file.read(4096)
    file.seek(0)
    if start.startswith(b"PK"):
        return Workbook(file, name).sheets
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        # The old container holds either an .xls workbook or the encrypted form of an .xlsx one.
        if "EncryptedPackage".encode("utf-16-le") in file.read():
            raise refuse("is protected with a password. Save a copy without the password and choose that.")
        raise refuse("is a workbook of the old kind (.xls), whatever its name says. Open it and save it as .xlsx.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise refuse("is a web page, not a workbook. Download the file itself, not the page about it.")
    if start.startswith(b"%PDF"):
        raise refuse("is a PDF, not a workbook. Choose the .xlsx or .csv file of the same publication.")
    if name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise refuse("is not a workbook, whatever its name says. Choose the file as it was published.")
    return read_delimited(file.read(), name)


def _choose(sheets: Iterable[Sheet | Delimited], name: str) -> tuple[Sheet | Delimited, Layout]:
    """The sheet to read: of those with the headings of a publication, the newest by its name, else the last."""
    found = [(sheet, layout) for sheet in sheets if (layout := recognise(sheet.rows()))]
    if not found:
        raise RegisterRefused(
            f"“{name}” is none of the lists that we can read: no sheet has the headings of the school contact list, "
            "the school-level statistics or SchoolRoll in its first 12 rows. "
            "Choose one of these as it was published. Nothing was changed."
        )
    dated = [(find_date(sheet.name), place) for place, (sheet, _) in enumerate(found)]
    newest = max((pair for pair in dated if pair[0]), default=(None, len(found) - 1))
    return found[newest[1]]


def _edition(layout: Layout, sheet: str, name: str, said: datetime.date | None) -> Edition | None:
    """The edition by the file's own words, else as a person said, else by its name; None when nothing tells."""
    about = "open" if layout.kind is Kind.CONTACT_LIST else "statistics"
    # Titles also name other years ("Roll by SIMD 2016 Quintiles", "2018/19 Attendance"), so only the one that names
    # the list itself is believed.
    own_words = [sheet, *(title for title in layout.titles if about in title.lower())]
    for text in own_words:
        if edition := _edition_in(layout.kind, text):
            return edition
    if said:
        return Edition(layout.kind, said, by_month=layout.kind is not Kind.CONTACT_LIST)
    return _edition_in(layout.kind, name.replace("+", " ").replace("_", " "))


def _edition_in(kind: Kind, text: str) -> Edition | None:
    if kind is Kind.CONTACT_LIST:
        found = find_date(text)
        return Edition(kind, found[0], by_month=found[1]) if found else None
    year = find_year(text) if len(text) < 80 else None
    return Edition(kind, datetime.date(year, CENSUS_MONTH, 1), by_month=True) if year else None
