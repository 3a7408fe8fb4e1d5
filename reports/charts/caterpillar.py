"""The schools' average changes in a row from lowest to highest, without names, each drawn towards the whole.

A school of few pupils is moved most, so that chance does not lead either end. Even so the order tells little, and the
chart says so.
"""

from reports import wording
from reports.charts.chart import Chart
from reports.charts.drawing import BRACKEN, EDGE, INK, INK_2, LINE, LOCH, PHONE, SLIDE, WIDE, Sheet, ticks_around_zero
from reports.numbers import count, decimal, is_number
from reports.reading import NO_SCHOOLS, captions, part, school_places, school_rows

TITLE = "Schools’ average change"


def build(results):
    """The caterpillar of `results["school_means"]`; a sentence when the schools may not be shown."""
    rows, mean = school_rows(results), part(results, "school_means").get("mean")
    if not rows or not is_number(mean):
        return Chart(TITLE, instead=NO_SCHOOLS)
    wide, phone = _draw(rows, mean, WIDE), _draw(rows, mean, PHONE)
    return Chart(
        TITLE,
        _describe(rows, mean),
        wide,
        phone,
        slides=lambda: [_draw(rows, mean, SLIDE)],
        base=captions.of_schools(results),
    )


def _describe(rows, mean):
    places = school_places(rows, mean)
    return (
        f"{count(len(rows))} schools with ten or more matched pupils, from {decimal(rows[0]['est'], 2)} to "
        f"{decimal(rows[-1]['est'], 2)} SD, rounded to 0.05; the average is {decimal(mean, 2)} SD. The 95% interval of "
        f"{count(places['below'])} lies below the average, of {count(places['above'])} above it, and of "
        f"{count(places['around'])} takes it in. {wording.RANKS}"
    )


def _draw(rows, mean, width):
    left, right, top, bottom = {PHONE: (44, width - 6, 88, 308), SLIDE: (60, width - 6, 58, 240)}.get(
        width, (60, width - 6, 46, 266)
    )
    sheet = Sheet(width, bottom + 46)
    ticks = ticks_around_zero(min(row["lo"] for row in rows), max(row["hi"] for row in rows))
    low, high = ticks[0][0], ticks[-1][0]

    def up(value):
        return bottom - (value - low) * (bottom - top) / (high - low)

    sheet.text(0, 16, "Change, SD of the baseline", size=13, bold=True)
    _draw_key(sheet, width)
    for value, words in ticks:
        sheet.line(left, up(value), right, up(value), colour=LINE if value else EDGE, width=1 if value else 1.5)
        sheet.text(left - 8, up(value) + 4, words, size=12.5, colour=INK_2, align="right")
    step = (right - left) / len(rows)
    for place, row in enumerate(rows):
        x = left + step * (place + 0.5)
        apart = row["hi"] < mean or row["lo"] > mean
        thick = min(4.0, max(0.5, step * (0.55 if apart else 0.3)))
        sheet.line(x, up(row["lo"]), x, up(row["hi"]), colour=LOCH if apart else EDGE, width=thick)
        reach = min(4.0, max(0.8, step * 0.4))
        sheet.bar(x - reach, up(row["est"]) - 1.5, 2 * reach, 3, INK)
    sheet.line(left, up(mean), right, up(mean), colour=BRACKEN, width=2, dashed=True)
    sheet.text((left + right) / 2, bottom + 20, "schools, lowest to highest", size=12.5, colour=INK_2, align="center")
    sheet.text((left + right) / 2, bottom + 38, "The order is not reliable.", size=13, bold=True, align="center")
    return sheet.figure


def _draw_key(sheet, width):
    x, y = (330, 16) if width == WIDE else (0, 40)
    sheet.line(x, y - 5, x + 26, y - 5, colour=BRACKEN, width=2, dashed=True)
    sheet.text(x + 32, y, "average", size=13)
    x += 100
    sheet.line(x, y - 13, x, y + 3, colour=LOCH, width=4)
    sheet.text(x + 8, y, "95% interval leaves it out", size=13)
    x, y = (x, y + 24) if width == PHONE else (x + 200, y)
    sheet.line(x, y - 13, x, y + 3, colour=EDGE, width=1.5)
    sheet.text(x + 8, y, "95% interval takes it in", size=13)
