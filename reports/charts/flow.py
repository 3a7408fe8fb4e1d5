"""The flow of answer sheets: from every sheet received to the pupils who are compared."""

from reports.charts.chart import Chart
from reports.charts.drawing import BRACKEN, BRACKEN_TINT, INK_2, LOCH, MIST, PHONE, WIDE, Sheet
from reports.numbers import count
from reports.reading import arms, left_out, part

TITLE = "Flow of answer sheets"
BOX_WIDTH, BOX_HEIGHT, STEP = 220, 54, 96


def build(results):
    """The flow diagram of `results["flow"]` and `results["sample"]`; a sentence when no sheet was received."""
    flow = part(results, "flow")
    if not flow.get("rows_raw"):
        return Chart(TITLE, instead="No answer sheet has been received, so there is nothing to draw.")
    return Chart(TITLE, _describe(results), _draw(results, WIDE), _draw(results, PHONE))


def _describe(results):
    flow, sample = part(results, "flow"), part(results, "sample")
    words = [
        f"{count(flow.get('pre_rows'))} baseline and {count(flow.get('post_rows'))} follow-up sheets",
        f"{count(flow.get('linked_pairs'))} linked before and after",
        f"{count(flow.get('analysable_pairs'))} with enough answers to compare",
        f"{count(sample.get('n'))} in {count(flow.get('schools_rated'))} rated schools",
    ]
    groups = [f"{count(pupils)} {name}" for name, pupils, _ in arms(results)]
    return "; ".join(words) + (f", of whom {' and '.join(groups)}." if groups else ".")


def _draw(results, width):
    flow, sample = part(results, "flow"), part(results, "sample")
    groups = arms(results)
    sheet = Sheet(width, 2 + STEP * (4 if groups else 3) + BOX_HEIGHT + 4)
    centre, side = (300, 130) if width == WIDE else (170, 90)
    half = BOX_WIDTH if width == WIDE else 160

    def place(x, row, words, number, **look):
        wide = half if x != centre else BOX_WIDTH
        top = 2 + STEP * row
        sheet.box(x - wide / 2, top, wide, BOX_HEIGHT, **look)
        sheet.text(x, top + 24, count(number), size=17, bold=True, align="center")
        sheet.text(x, top + 43, words, size=13, colour=INK_2, align="center")

    def arrow(x1, x2, row):
        top, bottom = 2 + STEP * row + BOX_HEIGHT, 2 + STEP * (row + 1)
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
    place(centre, 3, f"in {count(flow.get('schools_rated'))} rated schools", sample.get("n"))
    looks = ({"fill": MIST, "edge": LOCH}, {"fill": BRACKEN_TINT, "edge": BRACKEN})
    for (words, pupils, schools), towards, look in zip(groups, (-1, 1), looks, strict=False):
        arrow(centre + 30 * towards, centre + side * towards, 3)
        place(centre + side * towards, 4, f"{words}, {count(schools)} schools", pupils, **look)
    if width == WIDE:
        for row, words in enumerate(left_out(results).values(), start=1):
            middle = 2 + STEP * row + BOX_HEIGHT / 2
            sheet.line(centre + BOX_WIDTH / 2, middle, 450, middle, width=1.5, dashed=True)
            sheet.lines(460, middle - 3, [f"Left out: {words[0]}", *words[1:]], size=13.5, step=18)
    return sheet.figure
