"""The flow of answer sheets: from every sheet received to the pupils who are compared."""

from dataclasses import dataclass

from reports.charts.chart import Chart
from reports.charts.drawing import BRACKEN, BRACKEN_TINT, INK_2, LOCH, MIST, PHONE, SLIDE, WIDE, Sheet, wrapped
from reports.numbers import count, counted
from reports.reading import arms, in_rated_schools, left_out, part

TITLE = "Flow of answer sheets"


def build(results):
    """The flow diagram of `results["flow"]` and `results["sample"]`; a sentence when no sheet was received."""
    flow = part(results, "flow")
    if not flow.get("rows_raw"):
        return Chart(TITLE, instead="No answer sheet has been received, so there is nothing to draw.")
    wide, phone = _draw(results, WIDE), _draw(results, PHONE)
    return Chart(TITLE, _describe(results), wide, phone, slides=lambda: [_draw(results, SLIDE)])


def _describe(results):
    flow, sample = part(results, "flow"), part(results, "sample")
    words = [
        f"{count(flow.get('pre_rows'))} baseline and {count(flow.get('post_rows'))} follow-up sheets",
        f"{count(flow.get('linked_pairs'))} linked before and after",
        f"{count(flow.get('analysable_pairs'))} with enough answers to compare",
        f"{count(sample.get('n'))} {in_rated_schools(results)}",
    ]
    groups = [f"{count(pupils)} {name}" for name, pupils, _ in arms(results)]
    return "; ".join(words) + (f", of whom {' and '.join(groups)}." if groups else ".")


@dataclass(frozen=True)
class Room:
    """The measures of one kind of drawing, in units: the middle, half the distance of a pair, the boxes, and a row."""

    centre: int
    side: int
    box: int
    pair: int
    height: int
    step: int


ROOMS = {
    WIDE: Room(300, 130, 220, 220, 44, 66),
    PHONE: Room(170, 90, 220, 160, 54, 96),
    SLIDE: Room(197, 100, 214, 190, 42, 60),
}


def _draw(results, width):
    flow, sample = part(results, "flow"), part(results, "sample")
    groups, room = arms(results), ROOMS[width]
    sheet = Sheet(width, 2 + room.step * (4 if groups else 3) + room.height + 4)
    centre, side = room.centre, room.side

    def place(x, row, words, number, **look):
        wide = room.pair if x != centre else room.box
        top = 2 + room.step * row
        sheet.box(x - wide / 2, top, wide, room.height, **look)
        sheet.text(x, top + room.height / 2 - 3, count(number), size=17, bold=True, align="center")
        sheet.text(x, top + room.height / 2 + 14, words, size=13, colour=INK_2, align="center")

    def arrow(x1, x2, row):
        top, bottom = 2 + room.step * row + room.height, 2 + room.step * (row + 1)
        sheet.line(x1, top, x2, bottom - 8, colour=LOCH, width=2)
        sheet.triangle(x2, bottom - 1, 5.5, fill=LOCH)

    place(centre - side, 0, "baseline sheets", flow.get("pre_rows"))
    place(centre + side, 0, "follow-up sheets", flow.get("post_rows"))
    arrow(centre - side, centre - 30, 0)
    arrow(centre + side, centre + 30, 0)
    place(centre, 1, "linked before and after", flow.get("linked_pairs"))
    arrow(centre, centre, 1)
    place(centre, 2, "enough answers to compare", flow.get("analysable_pairs"))
    arrow(centre, centre, 2)
    place(centre, 3, in_rated_schools(results), sample.get("n"))
    looks = ({"fill": MIST, "edge": LOCH}, {"fill": BRACKEN_TINT, "edge": BRACKEN})
    for (words, pupils, schools), towards, look in zip(groups, (-1, 1), looks, strict=False):
        arrow(centre + 30 * towards, centre + side * towards, 3)
        place(centre + side * towards, 4, f"{words}, {counted(schools, 'school')}", pupils, **look)
    if width != PHONE:
        _draw_left_out(sheet, left_out(results).values(), room)
    return sheet.figure


def _draw_left_out(sheet, reasons, room):
    begin = room.centre + room.box / 2
    across = begin + (40 if sheet.width == WIDE else 14)
    for row, words in enumerate(reasons, start=1):
        if not words:
            continue
        middle = 2 + room.step * row + room.height / 2
        lines = wrapped(f"Left out: {words}", sheet.width - across - 10, 13, at_most=4)
        sheet.line(begin, middle, across, middle, width=1.5, dashed=True)
        sheet.lines(across + 8, middle + 5 - 8 * (len(lines) - 1), lines, size=13, step=16)
