"""Figures of several cohorts, year by year; the line is broken wherever the method changed or a figure is not there."""

from dataclasses import dataclass

from reports.charts.chart import Chart
from reports.charts.drawing import (
    DECLINED,
    EDGE,
    HELD,
    IMPROVED,
    INK,
    INK_2,
    LINE,
    LOCH,
    PHONE,
    WHITE,
    WIDE,
    Sheet,
    text_width,
    ticks_around_zero,
)
from reports.numbers import HIDDEN, is_number, percent
from reports.reading.trends import trend_rows, trend_series

INSTEAD = "There is no figure of any cohort that may be shown here."
CHANGED = "the method changed: the line is not joined"


@dataclass(frozen=True)
class Look:
    """How a series is drawn: the shape of its points with their fill, and the colour of its line and of their edge."""

    shape: str
    line: str
    fill: str


# The colours of the bars of declined, held and improved; a line in one too pale for it is darker, and the fill of its points tells.
OUTCOMES = {
    "declined": Look("circle", DECLINED, DECLINED),
    "held": Look("square", EDGE, HELD),
    "improved": Look("triangle", "#2f7f7f", IMPROVED),
}
LOOKS = (Look("ring", INK, WHITE), Look("square", LOCH, LOCH), Look("triangle", LOCH, LOCH))
AXES = {"share": "Share of pupils", "pp": "Percentage points", "SD": "SD of the baseline"}


def build(trend, keys, title):
    """The series of a trend with these keys, at most three and of one unit, on one axis.

    `trend` is what `reports.analysis.trends.trends` gives. A sentence when no series has a figure.
    """
    series = trend_series(trend, keys)
    if not series:
        return Chart(title, instead=INSTEAD)
    if len({each["unit"] for each in series}) > 1 or len(series) > len(LOOKS):
        raise ValueError("A trend chart takes up to three series of one unit.")
    return Chart(title, _describe(trend, keys), _draw(trend, series, WIDE), _draw(trend, series, PHONE))


def _describe(trend, keys):
    words = []
    for row in trend_rows(trend, keys):
        words += row["breaks"]
        words.append(f"{row['short'].capitalize()}, {row['cohort']} ({row['period']}): {row['words'] or row['mark']}.")
    return " ".join(words)


def _draw(trend, series, width):
    phone = width == PHONE
    key_height = 22 * (len(series) + _changes(series))
    left, right, top = 46 if phone else 60, width - 12, key_height + 44
    bottom = top + (200 if phone else 240)
    sheet = Sheet(width, bottom + 50)
    periods, ticks = trend["periods"], _ticks(series)
    low, high = ticks[0][0], ticks[-1][0]
    step = (right - left) / len(periods)

    def up(value):
        return bottom - (min(max(value, low), high) - low) * (bottom - top) / (high - low)

    looks = _looks(series)
    _draw_key(sheet, series, looks)
    sheet.text(0, key_height + 26, AXES[series[0]["unit"]], size=13, bold=True)
    for value, words in ticks:
        sheet.line(left, up(value), right, up(value), colour=LINE if value else EDGE, width=1 if value else 1.5)
        sheet.text(left - 8, up(value) + 4, words, size=12.5, colour=INK_2, align="right")
    every = -(-int(text_width(periods[0], 12.5) + 10) // max(int(step), 1))
    for place, period in enumerate(periods):
        if place % every == 0:
            sheet.text(left + step * (place + 0.5), bottom + 20, period, size=12.5, colour=INK_2, align="center")
    for x, changed in sorted(_change_places(series, periods, left, step).items()):
        sheet.line(x, top, x, bottom, colour=INK_2, width=1.5, dashed=True)
        if len(changed) < len(series):
            for number, look in enumerate(changed):
                _draw_mark(sheet, look, x + 14 * (number - (len(changed) - 1) / 2), top - 8)
    for number, each in enumerate(series):
        xs = _places(each, number, series, periods, left, step)
        _draw_series(sheet, each["points"], xs, up, looks[number])
    for period, looks in _hidden(series).items():
        x = left + step * (periods.index(period) + 0.5) - 7 * len(looks) - 3
        for number, look in enumerate(looks):
            _draw_mark(sheet, look, x + 14 * number, bottom + 38)
        sheet.text(x + 14 * len(looks) - 5, bottom + 42, HIDDEN, size=12.5)
    return sheet.figure


def _looks(series):
    """The look of each series: outcomes have their own, others one by their place."""
    return [OUTCOMES.get(each["key"], look) for each, look in zip(series, LOOKS, strict=False)]


def _changes(series):
    return any(point["method_changed"] for each in series for point in each["points"])


def _places(each, number, series, periods, left, step):
    """Where each point stands across: in its year, beside the other series and other cohorts of that year."""
    dodge = min(14.0, step / (len(series) + 1))
    found = []
    for point in each["points"]:
        same = [other["cohort"] for other in each["points"] if other["period"] == point["period"]]
        beside = same.index(point["cohort"]) - (len(same) - 1) / 2
        place = periods.index(point["period"]) + 0.5
        found.append(left + step * place + dodge * (number - (len(series) - 1) / 2) + beside * min(step / 3, 40))
    return found


def _hidden(series):
    """{year: the looks of the series that have a hidden figure there}, for beneath the year."""
    found = {}
    for each, look in zip(series, _looks(series), strict=True):
        for period in dict.fromkeys(point["period"] for point in each["points"] if point["why"] == "hidden"):
            found.setdefault(period, []).append(look)
    return found


def _change_places(series, periods, left, step):
    """Where the method changed, halfway between two years: {place across: the looks of the series that it broke}."""
    found = {}
    for each, look in zip(series, _looks(series), strict=True):
        for first, point in zip(each["points"], each["points"][1:], strict=False):
            if point["method_changed"]:
                between = (periods.index(first["period"]) + periods.index(point["period"]) + 1) / 2
                looks = found.setdefault(left + step * between, [])
                looks += [look] if look not in looks else []
    return found


def _draw_series(sheet, points, xs, up, look):
    colour = look.line
    for place, (point, x) in enumerate(zip(points, xs, strict=True)):
        if point["joined"]:
            sheet.line(xs[place - 1], up(points[place - 1]["est"]), x, up(point["est"]), colour=colour, width=2)
    for point, x in zip(points, xs, strict=True):
        if not is_number(point["est"]):
            continue
        if is_number(point["lo"]) and is_number(point["hi"]):
            sheet.line(x, up(point["lo"]), x, up(point["hi"]), colour=colour, width=2)
        _draw_mark(sheet, look, x, up(point["est"]))


def _draw_mark(sheet, look, x, y):
    if look.shape == "ring":
        sheet.open_circle(x, y, 5, look.line)
    elif look.shape == "circle":
        sheet.circle(x, y, 5.5, look.fill, edge=look.line)
    elif look.shape == "square":
        sheet.square(x, y, 10, look.fill, edge=look.line)
    else:
        sheet.triangle(x, y + 6, 6, fill=look.fill, edge=look.line)


def _draw_key(sheet, series, looks):
    for number, each in enumerate(series):
        _draw_mark(sheet, looks[number], 7, 12 + 22 * number)
        sheet.text(20, 17 + 22 * number, each["short"], size=13)
    if _changes(series):
        y = 22 * len(series)
        sheet.line(7, y + 4, 7, y + 22, colour=INK_2, width=1.5, dashed=True)
        sheet.text(20, y + 17, CHANGED, size=13)


def _ticks(series):
    """The axis: the whole of 0 to 100 per cent for shares; for differences and SD round numbers with zero in them."""
    if series[0]["unit"] == "share":
        return [(share, percent(share, 1)) for share in (0, 0.25, 0.5, 0.75, 1)]
    points = [point for each in series for point in each["points"]]
    values = [value for point in points for key in ("est", "lo", "hi") if is_number(value := point[key])]
    size = 100 if series[0]["unit"] == "pp" else 1
    return [(value / size, words) for value, words in ticks_around_zero(size * min(values), size * max(values))]
