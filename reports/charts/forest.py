"""A forest: one row for each estimate with its interval, on one axis for each unit, with a line where nothing differs."""

from dataclasses import dataclass, replace
from itertools import pairwise

from reports.charts.drawing import EDGE, INK, INK_2, LINE, LOCH, PHONE, SLIDE, Sheet, text_width, wrapped
from reports.numbers import is_number
from reports.reading import short_question


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


MOST_ON_A_SLIDE = 6
HEAD = 52  # of a panel: its heading and the words for the two sides of zero
AXIS = {PHONE: (14, 262), SLIDE: (190, 420)}  # where it begins and ends; on a wide drawing as in _draw_panel


def draw(panels, width):
    """The panels one below the other, as a figure of `width` units."""
    heights = [
        HEAD + sum(_height(row, width) for row in panel.rows) + (24 if width == SLIDE else 34) for panel in panels
    ]
    sheet, top = Sheet(width, sum(heights)), 0
    for panel, height in zip(panels, heights, strict=True):
        _draw_panel(sheet, panel, top, width)
        top += height
    return sheet.figure


def draw_slides(panels):
    """A figure for each panel, and several where a panel has more rows than can be read on one slide."""
    figures = []
    for panel in panels:
        number = -(-len(panel.rows) // MOST_ON_A_SLIDE)
        cuts = [len(panel.rows) * place // number for place in range(number + 1)]
        figures += [draw([replace(panel, rows=panel.rows[one:other])], SLIDE) for one, other in pairwise(cuts)]
    return figures


def ends(rows):
    """The lowest and highest value that a panel has to hold, zero among them."""
    values = [value for row in rows for value in (row.lo, row.est, row.hi) if is_number(value)]
    return min(values, default=0.0), max(values, default=0.0)


def _name(row, width):
    """A row's name in lines: whole, however narrow the drawing."""
    if width == PHONE:
        return wrapped(short_question(row.short), width - 4, 13.5, row.bold, at_most=9)
    size, room = (13, 176) if width == SLIDE else (14, 278)
    return wrapped(short_question(row.label), room, size, row.bold, at_most=9)


def _side(words, room):
    """What stands over a side of zero: all of it where there is room, or its first words."""
    shorter = (words, words.replace(" where rated higher", ""), words.split()[0])
    return next((each for each in shorter if text_width(each, 13) <= room), "")


def _height(row, width):
    """What a row takes: on a phone its name stands over its interval."""
    lines = len(_name(row, width))
    if width == PHONE:
        return 17 * lines + 36
    return max(16 * lines + 6, 36 if width == SLIDE else 28)


def _draw_panel(sheet, panel, top, width):
    left, right = AXIS.get(width, (300, 616))
    first, last = panel.ticks[0][0], panel.ticks[-1][0]
    axis_top = top + HEAD
    axis_bottom = axis_top + sum(_height(row, width) for row in panel.rows)

    def across(value):
        return left + (min(max(value, first), last) - first) * (right - left) / (last - first)

    sheet.text(0, top + 17, panel.heading, size=14, bold=True)
    zero = across(0)
    for words, room, x, align in (
        (panel.lower, zero - 10, zero - 8, "right"),
        (panel.higher, width - zero - 10, zero + 8, "left"),
    ):
        sheet.text(x, top + 38, _side(words, room), size=13, colour=INK_2, align=align)
    for value, label in panel.ticks:
        x = across(value)
        sheet.line(x, axis_top - 4, x, axis_bottom, colour=LINE if value else EDGE, width=1 if value else 1.5)
        sheet.text(x, axis_bottom + 17, label, size=12.5, colour=INK_2, align="center")
    y = axis_top
    for row in panel.rows:
        _draw_row(sheet, row, y, across, width)
        y += _height(row, width)


def _draw_row(sheet, row, top, across, width):
    lines = _name(row, width)
    if width == PHONE:
        middle = top + 17 * len(lines) + 14
        for number, line in enumerate(lines):
            sheet.text(0, top + 14 + 17 * number, line, size=13.5, bold=row.bold, halo=True)
        sheet.text(width - 4, middle + 5, row.brief, size=13.5, bold=True, align="right", halo=True)
    else:
        size = 13 if width == SLIDE else 14
        middle = top + _height(row, width) / 2
        sheet.lines(0, middle + 5 - 8 * (len(lines) - 1), lines, size=size, step=16, bold=row.bold)
        sheet.text(width, middle + 5, row.words, size=size, bold=row.bold, align="right")
    if not is_number(row.est):
        return
    interval = is_number(row.lo) and is_number(row.hi)
    if interval:
        sheet.line(across(row.lo), middle, across(row.hi), middle, colour=LOCH if row.filled else INK,
                   width=4 if row.bold else 2.5, dashed=not row.filled)  # fmt: skip
    if row.filled:
        sheet.square(across(row.est), middle, 14 if row.bold else 11, LOCH)
    elif interval:
        sheet.open_circle(across(row.est), middle, 6)
    else:
        sheet.open_diamond(across(row.est), middle, 7)
