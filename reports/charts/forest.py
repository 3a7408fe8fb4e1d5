"""A forest: one row for each estimate with its interval, on one axis for each unit, with a line where nothing differs."""

from dataclasses import dataclass

from reports.charts.drawing import EDGE, INK, INK_2, LINE, LOCH, PHONE, Sheet, text_width, wrapped
from reports.numbers import is_number


@dataclass(frozen=True)
class Row:
    """One estimate: its name (and a short one for phones), its numbers, them in words, and how it is marked.

    `est`, `lo`, `hi` are in the unit of the axis; `filled` says that it held, `bold` that it is the headline.
    """

    label: str
    short: str
    est: float | None
    lo: float | None
    hi: float | None
    words: str
    brief: str
    filled: bool
    bold: bool = False


@dataclass(frozen=True)
class Panel:
    """Rows that share a unit: a heading, words for the two sides of zero, and ticks as [(value, label)] with zero in them."""

    heading: str
    lower: str
    higher: str
    rows: list
    ticks: list


def draw(panels, width):
    """The panels one below the other, as a figure of `width` units."""
    phone = width == PHONE
    step = 50 if phone else 34
    heights = [(52 if phone else 56) + step * len(panel.rows) + 34 for panel in panels]
    sheet, top = Sheet(width, sum(heights)), 0
    for panel, height in zip(panels, heights, strict=True):
        _draw_panel(sheet, panel, top, step, phone)
        top += height
    return sheet.figure


def ends(rows):
    """The lowest and highest value that a panel has to hold, zero among them."""
    values = [value for row in rows for value in (row.lo, row.est, row.hi) if is_number(value)]
    return min(values, default=0.0), max(values, default=0.0)


def _draw_panel(sheet, panel, top, step, phone):
    left, right = (14, sheet.width - 18) if phone else (292, 610)
    first, last = panel.ticks[0][0], panel.ticks[-1][0]

    def across(value):
        return left + (min(max(value, first), last) - first) * (right - left) / (last - first)

    sheet.text(0, top + 17, panel.heading, size=14, bold=True)
    axis_top, axis_bottom = top + (48 if phone else 42), top + (52 if phone else 48) + step * len(panel.rows)
    zero = across(0)
    lower = panel.lower.replace(" where rated higher", "") if phone else panel.lower
    if text_width(lower, 13) + 10 <= zero:
        sheet.text(zero - 8, top + 38, lower, size=13, colour=INK_2, align="right")
    if text_width(panel.higher, 13) + zero + 10 <= sheet.width:
        sheet.text(zero + 8, top + 38, panel.higher, size=13, colour=INK_2)
    for value, label in panel.ticks:
        x = across(value)
        sheet.line(x, axis_top, x, axis_bottom, colour=LINE if value else EDGE, width=1 if value else 1.5)
        sheet.text(x, axis_bottom + 17, label, size=12.5, colour=INK_2, align="center")
    for place, row in enumerate(panel.rows):
        _draw_row(sheet, row, axis_top + step * place, across, phone)


def _draw_row(sheet, row, top, across, phone):
    middle = top + (34 if phone else 20)
    if phone:
        room = sheet.width - text_width(row.brief, 13.5, True) - 14
        sheet.text(
            0, top + 18, wrapped(row.short, room, 13.5, row.bold, at_most=1)[0], size=13.5, bold=row.bold, halo=True
        )
        sheet.text(sheet.width - 4, top + 18, row.brief, size=13.5, bold=True, align="right", halo=True)
    else:
        lines = wrapped(row.label, 262, 14, row.bold, at_most=2)
        sheet.lines(0, middle + 5 - 8 * (len(lines) - 1), lines, size=14, step=16, bold=row.bold)
        sheet.text(sheet.width, middle + 5, row.words, size=14, bold=row.bold, align="right")
    if not is_number(row.est):
        return
    if is_number(row.lo) and is_number(row.hi):
        sheet.line(across(row.lo), middle, across(row.hi), middle, colour=LOCH if row.filled else INK,
                   width=4 if row.bold else 2.5, dashed=not row.filled)  # fmt: skip
    if row.filled:
        sheet.square(across(row.est), middle, 14 if row.bold else 11, LOCH)
    else:
        sheet.open_circle(across(row.est), middle, 6)
