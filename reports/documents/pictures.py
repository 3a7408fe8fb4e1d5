"""Charts as PNG pictures: for Word, which knows no SVG, and as slides with title and source line.

The drawings are those of the report; typst sets them with the report's own font. Equal charts give equal bytes.
"""

from reports.documents.typesetting import pages_apart

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


def chart_slides(charts, source):
    """{name: PNG bytes} of every chart as a slide of 16 to 9: its title, the drawing, and `source`, a line of text."""
    drawn = {name: chart for name, chart in charts.items() if chart.get("wide")}
    sheets = [
        {"svg": named_font(chart["wide"]), "slide": True, "title": chart["title"], "note": source}
        for chart in drawn.values()
    ]
    return dict(zip(drawn, _pictures(sheets, SLIDE), strict=True))


def _pictures(sheets, dots):
    return pages_apart("pictures.typ", sheets, format="png", ppi=dots) if sheets else []
