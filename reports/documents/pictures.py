"""Charts as PNG pictures: for Word, which knows no SVG, and for whoever wants one alone.

The drawings are those of the report; typst sets them with the report's own font. Equal charts give equal bytes.
"""

from reports.documents.apart import pages_apart

FONT = "Atkinson Hyperlegible Next"
SHARP = 120  # dots an inch: 1,380 across the text of a page, 200 an inch on paper


def named_font(svg):
    """A drawing that names its font: inside a page it takes the page's."""
    return svg.replace("<svg ", f'<svg font-family="{FONT}" ', 1)


def chart_pictures(charts):
    """{name: PNG bytes} of every chart that was drawn, in its wide form."""
    drawn = {name: chart for name, chart in charts.items() if chart.get("wide")}
    sheets = [{"svg": named_font(chart["wide"])} for chart in drawn.values()]
    pictures = pages_apart("pictures.typ", sheets, format="png", ppi=SHARP) if sheets else []
    return dict(zip(drawn, pictures, strict=True))
