"""The share of positive answers before and after, one row a question, each with its 95 per cent interval.

Before is an open circle on the upper line of a row, after a filled square on the lower one, so that neither colour nor
shade is needed to tell them apart and intervals never cover each other.
"""

from reports.charts.chart import Chart
from reports.charts.drawing import EDGE, INK, INK_2, LINE, LOCH, PHONE, SLIDE, WIDE, Sheet, text_width, wrapped
from reports.numbers import is_number, percent
from reports.reading import (
    STAGES,
    before_after_rows,
    captions,
    confidence_rows,
    points_words,
    share_words,
    short_question,
    turned_note,
)

GROUPS = {"mentor": "mentors", "teacher": "teachers", "head": "headteachers"}
INSTEAD = "No share of positive answers may be shown here."
NO_INTERVAL = "No interval is given with fewer than ten schools."
CHANGE = "Change, percentage points"
AXIS = (0, 0.25, 0.5, 0.75, 1)  # never cut


def title(stage_group, words=""):
    """The chart's name for one stage group; `words` say which of its questions where there are several charts."""
    return f"Positive answers before and after, {STAGES.get(stage_group, stage_group)}{words}"


def build(stage_group, items, words=""):
    """Some questions of one stage group of an evaluation's results."""
    rows = before_after_rows(items)
    base = captions.of_each([number for row in rows for number in row["answered"]])
    return of_rows(title(stage_group, words), rows, base)


def build_confidence(reading, group):
    """The confidence of one group of adults in the four disciplines; `reading` is that of `reports.analysis.adults`."""
    name = f"Confidence before and after, {GROUPS.get(group, group)}"
    return of_rows(name, confidence_rows(reading, group), captions.confidence(reading, group))


def of_rows(name, rows, base):
    """The chart of rows as `reports.reading.before_after` makes them; a sentence when no row has a share. `base` says who answered."""
    if not any(is_number(row[time]["est"]) for row in rows for time in ("before", "after")):
        return Chart(name, instead=INSTEAD)
    wide, phone = _draw(rows, WIDE), _draw(rows, PHONE)
    base = f"{base} {f'{captions.BOOTSTRAP}.' if _has_interval(rows) else NO_INTERVAL}"
    return Chart(name, _describe(rows), wide, phone, slides=lambda: [_draw(rows, SLIDE)], base=base)


def _describe(rows):
    words = []
    for row in rows:
        before, after = (share_words(row[time]) or _instead(row, time) for time in ("before", "after"))
        words.append(f"{row['name']} {before} positive before, {after} after.")
    if not _has_interval(rows):
        words.append(NO_INTERVAL)
    return " ".join([*words, turned_note(rows)]).strip()


def _instead(row, time):
    """What stands for a share that may not be shown: the bound that is told of it, or the mark."""
    return row["bounds"][time] or row["mark"]


def _has_interval(rows):
    return any(is_number(row[time]["lo"]) for row in rows for time in ("before", "after"))


def _draw(rows, width):
    phone, slide = width == PHONE, width == SLIDE
    left, right = (14, width - 18) if phone else (202, 458) if slide else (350, 662)
    text_room, size, line = (width, 14, 18) if phone else (186, 13, 16) if slide else (324, 14, 18)
    layouts, y = [], 62 if phone else 34 if slide else 36
    for row in rows:
        lines = wrapped(short_question(row["name"]), text_room, size, bold=True)
        heading = line * len(lines) + (0 if slide else 18)
        middle = y + (heading + 18 if phone else 18)
        layouts.append((row, lines, y, middle))
        y += heading + 62 if phone else max(heading, 32 if slide else 38) + (4 if slide else 6)
    sheet = Sheet(width, y + 24)

    def across(share):
        return left + share * (right - left)

    _draw_key(sheet, width, _has_interval(rows))
    for share in AXIS:
        # On a phone a question's words stand over the axis, so its lines are drawn row by row.
        for top, bottom in [(row_y - 18, row_y + 20) for *_, row_y in layouts] if phone else [(30, y)]:
            sheet.line(across(share), top, across(share), bottom, colour=LINE if share else EDGE)
        sheet.text(across(share), y + 16, percent(share, 1), size=12.5, colour=INK_2, align="center")
    for row, lines, text_top, middle in layouts:
        sheet.lines(0, text_top + 14, lines, size=size, step=line, bold=True)
        if not slide:
            sheet.text(0, text_top + 14 + line * len(lines), row["base"], size=12.5, colour=INK_2)
        words = points_words(row["change"]) or row["mark"]
        if phone:
            sheet.text(width - 2, text_top + 14 + line * len(lines), words, size=13, bold=True, align="right")
        else:
            sheet.text(width, middle + 5, words, size=size, align="right")
        _draw_row(sheet, row, middle, across)
    return sheet.figure


def _draw_row(sheet, row, middle, across):
    upper, lower = middle - 8, middle + 8
    before, after = row["before"], row["after"]
    if is_number(before["est"]) and is_number(after["est"]):
        sheet.line(across(before["est"]), upper, across(after["est"]), lower, colour=INK_2, width=1.5)
    for time, y in (("before", upper), ("after", lower)):
        value = row[time]
        if not is_number(value["est"]):
            sheet.text(across(0) + 6, y + 5, _instead(row, time), size=12.5, halo=True)
            continue
        if is_number(value["lo"]) and is_number(value["hi"]):
            colour = INK if y == upper else LOCH
            sheet.line(across(value["lo"]), y, across(value["hi"]), y, colour=colour, width=2.5)
        if y == upper:
            sheet.open_circle(across(value["est"]), y, 5)
        else:
            sheet.square(across(value["est"]), y, 10, LOCH)


def _draw_key(sheet, width, intervals):
    words = (
        "after"
        if not intervals
        else "after, with 95% intervals"
        if width == SLIDE
        else "after, each with its 95% interval"
    )
    sheet.open_circle(7, 12, 5)
    sheet.text(18, 17, "before", size=13)
    x = 18 + text_width("before", 13) + 22
    sheet.square(x, 12, 10, LOCH)
    sheet.text(x + 11, 17, words, size=13)
    if width == PHONE:
        sheet.text(width - 2, 40, CHANGE, size=12.5, colour=INK_2, align="right")
    else:
        sheet.text(width, 17, CHANGE, size=13, bold=True, align="right")
