"""The share of positive answers before and after, one row a question, each with its 95 per cent interval.

Before is an open circle on the upper line of a row, after a filled square on the lower one, so that neither colour nor
shade is needed to tell them apart and intervals never cover each other.
"""

from reports.charts.chart import Chart
from reports.charts.drawing import EDGE, INK, INK_2, LINE, LOCH, PHONE, WIDE, Sheet, text_width, wrapped
from reports.numbers import is_number, percent
from reports.reading import STAGES, before_after_rows, confidence_rows, points_words, share_words

GROUPS = {"mentor": "mentors", "teacher": "teachers", "head": "headteachers"}
INSTEAD = "No share of positive answers may be shown here."
NO_INTERVAL = "No interval is given with fewer than ten schools."
CHANGE = "Change, percentage points"


def title(stage_group, words=""):
    """The chart's name for one stage group; `words` say which of its questions where there are several charts."""
    return f"Positive answers before and after, {STAGES.get(stage_group, stage_group)}{words}"


def build(stage_group, items, words=""):
    """Some questions of one stage group of an evaluation's results."""
    return of_rows(title(stage_group, words), before_after_rows(items))


def build_confidence(reading, group):
    """The confidence of one group of adults in the four disciplines; `reading` is that of `reports.analysis.adults`."""
    return of_rows(f"Confidence before and after, {GROUPS.get(group, group)}", confidence_rows(reading, group))


def of_rows(name, rows):
    """The chart of rows as `reports.reading.before_after` makes them; a sentence when no row has a share."""
    if not any(is_number(row[time]["est"]) for row in rows for time in ("before", "after")):
        return Chart(name, instead=INSTEAD)
    return Chart(name, _describe(rows), _draw(rows, WIDE), _draw(rows, PHONE))


def _describe(rows):
    words = []
    for row in rows:
        before, after = (share_words(row[time]) or row["mark"] for time in ("before", "after"))
        words.append(f"{row['name']} {before} positive before, {after} after.")
    if not any(is_number(row[time]["lo"]) for row in rows for time in ("before", "after")):
        words.append(NO_INTERVAL)
    return " ".join(words)


def _draw(rows, width):
    phone = width == PHONE
    left, right = (14, width - 18) if phone else (292, 610)
    text_room = width if phone else 262
    layouts, y = [], 62 if phone else 48
    for row in rows:
        lines = wrapped(row["name"], text_room, 14, bold=True)
        heading = 18 * len(lines) + 18
        layouts.append((row, lines, y, y + heading + 18 if phone else y + 22))
        y += heading + 62 if phone else max(heading, 44) + 18
    sheet = Sheet(width, y + 24)

    def across(share):
        return left + share * (right - left)

    _draw_key(sheet, phone, any(is_number(row[time]["lo"]) for row in rows for time in ("before", "after")))
    for share in (0, 0.25, 0.5, 0.75, 1):
        # On a phone a question's words stand over the axis, so its lines are drawn row by row.
        for top, bottom in [(row_y - 18, row_y + 20) for *_, row_y in layouts] if phone else [(36, y)]:
            sheet.line(across(share), top, across(share), bottom, colour=LINE if share else EDGE)
        sheet.text(across(share), y + 16, percent(share, 1), size=12.5, colour=INK_2, align="center")
    for row, lines, text_top, middle in layouts:
        sheet.lines(0, text_top + 14, lines, size=14, step=18, bold=True)
        sheet.text(0, text_top + 14 + 18 * len(lines), row["base"], size=12.5, colour=INK_2)
        words = points_words(row["change"]) or row["mark"]
        if phone:
            sheet.text(width - 2, text_top + 14 + 18 * len(lines), words, size=13, bold=True, align="right")
        else:
            sheet.text(width, middle + 5, words, size=14, align="right")
        _draw_row(sheet, row, middle, across)
    return sheet.figure


def _draw_row(sheet, row, middle, across):
    upper, lower = middle - 8, middle + 8
    before, after = row["before"], row["after"]
    if is_number(before["est"]) and is_number(after["est"]):
        sheet.line(across(before["est"]), upper, across(after["est"]), lower, colour=INK_2, width=1.5)
    for value, y in ((before, upper), (after, lower)):
        if not is_number(value["est"]):
            sheet.text(across(0) + 6, y + 5, row["mark"], size=12.5, halo=True)
            continue
        if is_number(value["lo"]) and is_number(value["hi"]):
            colour = INK if y == upper else LOCH
            sheet.line(across(value["lo"]), y, across(value["hi"]), y, colour=colour, width=2.5)
        if y == upper:
            sheet.open_circle(across(value["est"]), y, 5)
        else:
            sheet.square(across(value["est"]), y, 10, LOCH)


def _draw_key(sheet, phone, intervals):
    sheet.open_circle(7, 12, 5)
    sheet.text(18, 17, "before", size=13)
    x = 18 + text_width("before", 13) + 22
    sheet.square(x, 12, 10, LOCH)
    sheet.text(x + 11, 17, "after, each with its 95% interval" if intervals else "after", size=13)
    if phone:
        sheet.text(sheet.width - 2, 40, CHANGE, size=12.5, colour=INK_2, align="right")
    else:
        sheet.text(sheet.width, 17, CHANGE, size=13, bold=True, align="right")
