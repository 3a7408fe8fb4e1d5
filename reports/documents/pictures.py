"""Charts as PNG pictures: for Word, which knows no SVG, and as slides with title and source line.

The drawings are those of the report; typst sets them with the report's own font. Equal charts give equal bytes.
"""

from reports.documents.apart import pages_apart

FONT = "Atkinson Hyperlegible Next"
SHARP, SLIDE = 144, 144  # dots an inch: a picture 1,640 dots wide, a slide of 1,920 by 1,080


def named_font(svg):
    """A drawing that names its font: inside a page it takes the page's."""
    return svg.replace("<svg ", f'<svg font-family="{FONT}" ', 1)


def chart_pictures(charts):
    """{name: PNG bytes} of every chart that was drawn, in its wide form."""
    drawn = {name: chart for name, chart in charts.items() if chart.get("wide")}
    sheets = [{"svg": named_font(chart["wide"]), "slide": False} for chart in drawn.values()]
    return dict(zip(drawn, _pictures(sheets, SHARP), strict=True))


def chart_slides(drawn, source):
    """{name: PNG bytes} of every chart as a slide of 16 to 9, or as several: its title, the drawing, who answered, and a line `source`.

    `drawn` is what `reports.charts.render_slides` gives; where a chart has several slides their names end in "-1", "-2".
    """
    sheets = {}
    for name, chart in drawn.items():
        many = len(chart["drawings"])
        for number, svg in enumerate(chart["drawings"], start=1):
            sheets[f"{name}-{number}" if many > 1 else name] = {
                "svg": named_font(svg),
                "slide": True,
                "title": f"{chart['title']} ({number} of {many})" if many > 1 else chart["title"],
                "note": ". ".join(words for words in (chart["base"], source) if words),
            }
    return dict(zip(sheets, _pictures(list(sheets.values()), SLIDE), strict=True))


def _pictures(sheets, dots):
    return pages_apart("pictures.typ", sheets, format="png", ppi=dots) if sheets else []
