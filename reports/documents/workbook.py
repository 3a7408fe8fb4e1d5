"""The report as a spreadsheet: every table on a sheet of its own, with numbers that stay numbers.

Text is always text: a cell that begins with = is never taken for a formula. The same results give the same bytes.
"""

import io
import re
from copy import copy
from datetime import datetime, time
from weakref import WeakKeyDictionary

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from reports.documents.archive import moment_of, with_fixed_dates
from reports.documents.flat import cell_values
from reports.numbers import HIDDEN, is_number
from reports.presentation import present, tables, trends
from reports.presentation.blocks import SHARE

HEAD = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
BOLD = Font(name="Calibri", size=11, bold=True)
HEAD_FILL = PatternFill("solid", fgColor="0B5563")
TITLE = Font(name="Calibri", size=13, bold=True)
RULE = Border(bottom=Side(style="thin", color="D9DFDC"))
_LOOKS = WeakKeyDictionary()  # {Workbook: {a look: openpyxl's numbers for it in this workbook}}
FIRST_TABLE_ROW = 4
LINE = 15  # points
LONGEST_NAME = 31
UNFINISHED = set("a an and as at by each for from in into is it its made of on or the their to what which with".split())
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


def report_workbook(results, version=None, number=None):
    """The tables of a report as the bytes of an XLSX file.

    `results` is the stored (suppressed) dictionary, `version` the report's number among those of its place, `number` that among all.
    """
    presented = present(results, {}, version, number)
    book = Workbook()
    moment = moment_of(results)
    book.properties.title = f"{presented['title']}, {presented['kicker']}"
    book.properties.creator = "Primary Cluster Programme"
    book.properties.created = book.properties.modified = moment
    found = tables(presented)
    _about_sheet(book.active, presented, found)
    for table in found:
        _table_sheet(book.create_sheet(sheet_name(table)), table)
    _for_printing(book, presented["invented"])
    raw = io.BytesIO()
    book.save(raw)
    return with_fixed_dates(raw.getvalue(), moment)


def trend_workbook(title, trend, made_on, invented=""):
    """A trend (what `reports.analysis.trends` gives) as the bytes of an XLSX file; `made_on` is its date.

    `invented` is the mark of a demonstration (`reading.invented`), or "".
    """
    book, moment = Workbook(), datetime.combine(made_on, time())
    book.properties.title, book.properties.creator = title, "Primary Cluster Programme"
    book.properties.created = book.properties.modified = moment
    found = trends.tables(trend)
    rows = [
        ("Trend", title),
        ("Years", trends.CALENDARS[trend["calendar"]]),
        *[("The method changed", words) for words in trends.changes(trend)],
        *[("Read with care", words) for words in [trends.never_alone(trend, ["declined"]), *trend["caveats"]] if words],
        *[("Sheet", f"{sheet_name(table)}: {table['caption']}") for table in found],
    ]
    _words_sheet(book.active, rows, invented)
    for table in found:
        _table_sheet(book.create_sheet(sheet_name(table)), table)
    _for_printing(book, invented)
    raw = io.BytesIO()
    book.save(raw)
    return with_fixed_dates(raw.getvalue(), moment)


def _for_printing(book, invented):
    """Every sheet as wide as its paper, which lies on its side, with the mark of a demonstration over every page."""
    for sheet in book.worksheets:
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        if invented:
            sheet.oddHeader.center.text = invented


def sheet_name(table):
    """A sheet's name: its figure or table number and as many words of its heading as a name may have (31 letters).

    It does not end in a word that asks for another, such as "and its".
    """
    name = NOT_IN_A_NAME.sub(" ", f"{table['label']} {table['caption']}")
    if len(name) <= LONGEST_NAME:
        return name
    words = name[: LONGEST_NAME + 1].rsplit(" ", 1)[0].split()
    while words[-1].lower().rstrip(",") in UNFINISHED:
        words.pop()
    return " ".join(words).rstrip(",")


def _write(cell, value, *, form=None, font=None, wrap=False, right=False, fill=None, border=None):
    """Put a number or words into a cell; words never become a formula. The looks are constants of this module."""
    number = is_number(value)
    cell.value = value if number else str(value)
    if not number:
        cell.data_type = "s"
    # Words that begin like a formula keep the mark that tells a spreadsheet to leave them alone.
    quoted = not number and str(value).startswith(("=", "+", "-", "@", "\t", "\r"))
    # openpyxl takes long to find out that a look is one that it has: most cells look like one before them.
    looks = _LOOKS.setdefault(cell.parent.parent, {})
    look = (number, form, id(font), wrap, right, id(fill), id(border), quoted)
    if look in looks:
        cell._style = copy(looks[look])
        return
    if number:
        cell.number_format = form or "General"
    cell.quotePrefix = quoted
    cell.alignment = Alignment(wrap_text=wrap, vertical="top", horizontal="right" if right else None)
    for name, of_cell in (("font", font), ("fill", fill), ("border", border)):
        if of_cell:
            setattr(cell, name, of_cell)
    looks[look] = copy(cell._style)


def _about_sheet(sheet, presented, found):
    """The first sheet: what the report is, its level and sentence, provenance, marks, and the list of sheets."""
    level = presented["level"]
    rows = [
        ("Report", presented["title"]),
        ("", presented["kicker"]),
        *[("", fact) for fact in presented["facts"]],
        ("Evidence level", f"{level['code']} {level['title']}"),
        ("Finding", level["sentence"]),
        *[("Why this level", reason) for reason in level["reasons"]],
        *[("Beside it", sentence) for sentence in level["attention"]],
        *[("Check not passed", phrase) for phrase in level["failed"]],
        *[(pair["name"], pair["value"]) for pair in presented["provenance"]],
        *[("Marks", line) for line in presented["marks"]],
        *[("What this cannot show", line) for line in presented["limits"]],
        *[("Sheet", f"{sheet_name(table)}: {table['caption']}") for table in found],
    ]
    _words_sheet(sheet, rows, presented["invented"])


def _words_sheet(sheet, rows, invented):
    """The sheet About: rows of a name and words, the first of which is a title; before it the mark of a demonstration."""
    sheet.title = "About"
    marks = [("Read this first", invented)] if invented else []
    for number, (name, value) in enumerate([*marks, *rows], start=1):
        _write(sheet.cell(number, 1), name, font=BOLD)
        _write(sheet.cell(number, 2), value, font=TITLE if number <= len(marks) + 1 else None, wrap=True)
        _make_room(sheet, number, [(96, value)])
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 96
    sheet.freeze_panes = "B1"


def _make_room(sheet, row, words):
    """Make a row as high as its longest words need in columns of their widths (letters): not every program does so by itself."""
    lines = max(-(-len(str(value or "")) // width) for width, value in words)
    if lines > 1:
        sheet.row_dimensions[row].height = LINE * lines


def _table_sheet(sheet, table):
    """One table: its name, what is said of it, then the heads (which stay in sight) and the rows."""
    _write(sheet.cell(1, 1), f"{table['label']}. {table['caption']}", font=TITLE)
    said = _said_of(table)
    _write(sheet.cell(2, 1), said, wrap=True)
    number = 0
    for column in table["columns"]:
        for heading in column["sheet"]:
            number += 1
            cell = sheet.cell(FIRST_TABLE_ROW, number)
            _write(cell, heading, font=HEAD, wrap=True, right=column["numeric"], fill=HEAD_FILL)
    widths = [9] * number
    for place, row in enumerate(table["rows"], start=FIRST_TABLE_ROW + 1):
        number = 0
        for column, cell in zip(table["columns"], row, strict=True):
            for value, form in zip(cell_values(column, cell), column["formats"], strict=True):
                number += 1
                target = sheet.cell(place, number)
                right = column["numeric"]
                _write(target, value, form=_form(cell, form), wrap=not right, right=right, border=RULE)
                if not right:
                    widths[number - 1] = max(widths[number - 1], min(len(str(value)) + 2, 60))
    widths = [width if width > 9 else 14 for width in widths]
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.merge_cells(start_row=2, end_row=2, start_column=1, end_column=len(widths))
    _make_room(sheet, 2, [(sum(widths), said)])
    for row in range(FIRST_TABLE_ROW, FIRST_TABLE_ROW + 1 + len(table["rows"])):
        words = [(width, sheet.cell(row, place).value) for place, width in enumerate(widths, start=1)]
        _make_room(sheet, row, words)
    sheet.freeze_panes = sheet.cell(FIRST_TABLE_ROW + 1, 2)
    sheet.sheet_view.showGridLines = False


def _said_of(table):
    """The caption of a figure as its page has it, the notes of the table, and what the mark of a hidden figure means where one is hidden."""
    hides = any(cell["text"] == HIDDEN for row in table["rows"] for cell in row)
    mark = f"{HIDDEN} is a figure hidden because it counts too few people; see the sheet About."
    return " ".join(filter(None, [table["told"], table["note"], mark if hides else ""]))


def _form(cell, form):
    """The column's number format, or a percentage where the cell alone is read as one: with a decimal where it is nearly all or none."""
    share = form == SHARE or (len(cell["values"]) == 1 and cell["text"].endswith("%"))
    if not share:
        return form
    return "0.0%" if "over " in cell["text"] or "under " in cell["text"] else SHARE
