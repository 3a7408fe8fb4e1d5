"""Dose and response: the share expected to decline along the headteachers' rating, with its band."""

from reports.charts.chart import Chart
from reports.charts.drawing import EDGE, INK_2, LINE, LOCH, PHONE, SLIDE, WIDE, Sheet
from reports.numbers import percent
from reports.reading import captions, reason_for_no_comparison
from reports.reading.comparing import dose_line

TITLE = "Share expected to decline, along the rating"
BAND = "#cfe6e9"


def build(results):
    """The line of `results["dose_response"]`; a sentence when no interval may be printed."""
    line = dose_line(results)
    if not line:
        return Chart(TITLE, instead=reason_for_no_comparison(results))
    first, last = line[0], line[-1]
    desc = (
        f"From {percent(first['p'], 1)} (95% interval {percent(first['lo'], 1)} to {percent(first['hi'], 1)}) at a rating "
        f"of {first['rating']:.1f} to {percent(last['p'], 1)} ({percent(last['lo'], 1)} to {percent(last['hi'], 1)}) at "
        f"{last['rating']:.1f}."
    )
    return Chart(
        TITLE,
        desc,
        _draw(line, WIDE),
        _draw(line, PHONE),
        slides=lambda: [_draw(line, SLIDE)],
        base=captions.of_comparison(results),
    )


def _draw(line, width):
    left, right, top, bottom = {PHONE: (44, width - 14, 34, 234), SLIDE: (60, width - 40, 34, 236)}.get(
        width, (60, width - 40, 34, 234)
    )
    sheet = Sheet(width, bottom + 48)

    def place(rating, share):
        return left + (rating - 1) * (right - left) / 4, bottom - share * (bottom - top)

    for share in (0, 0.25, 0.5, 0.75, 1):
        _, y = place(1, share)
        sheet.line(left, y, right, y, colour=LINE if share else EDGE)
        sheet.text(left - 8, y + 4, percent(share, 1), size=12.5, colour=INK_2, align="right")
    for rating in range(1, 6):
        x, _ = place(rating, 0)
        sheet.text(x, bottom + 18, str(rating), size=12.5, colour=INK_2, align="center")
    sheet.text(0, 16, "Expected to decline", size=13, bold=True)
    sheet.text((left + right) / 2, bottom + 40, "Headteacher’s rating", size=13, bold=True, align="center")
    edge = [place(each["rating"], min(each["hi"], 1)) for each in line]
    edge += [place(each["rating"], max(each["lo"], 0)) for each in reversed(line)]
    sheet.polygon(edge, BAND)
    for one, other in zip(line, line[1:], strict=False):
        sheet.line(*place(one["rating"], one["p"]), *place(other["rating"], other["p"]), colour=LOCH, width=3)
    return sheet.figure
