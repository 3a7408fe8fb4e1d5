"""The report as a tagged PDF (PDF/UA-1 asked for), set by typst from the same blocks as the page.

The time inside the file is the day of the results, so the same results, made twice in a day, give the same bytes.
"""

import json
import re
from datetime import UTC, date, datetime

from reports.documents.apart import TypesettingError, pages_apart
from reports.documents.columns import column_widths
from reports.documents.pictures import named_font
from reports.numbers import parsed_date
from reports.presentation import present

# The text of a page is 1 wide: 176 mm, 499 points. Letters of tables and what parts.typ keeps free beside them are in points.
PAPER_WIDTH = 499
LETTERS, MARGINS = {True: 7.9, False: 8.4}, {True: 7, False: 10}  # of a figure's table, of another
FOREIGN = re.compile("[^\\x00-\\u024f–—‘’“”…−•]")  # all that is neither Latin nor punctuation of ours


def report_pdf(results, charts, version=None, number=None):
    """The whole report as the bytes of a PDF.

    `results` is the stored (suppressed) dictionary, `charts` what `reports.charts.render_all` made of it, `version` the report's
    number among those of its place, `number` that among all.
    """
    presented = present(results, charts, version, number)
    for_paper(presented["sections"])
    return tagged_pdf("report.typ", presented, made_at(results), pages_apart)


def for_paper(sections):
    """Make sections ready for typst: of a figure only the wide drawing, its font by name and its height for a width of 1; of a table
    how wide its columns are, as shares of the page."""
    for section in sections:
        for block in section["blocks"]:
            if table := block if block["kind"] == "table" else block.get("table"):
                set_columns(table)
            if block["kind"] == "figure":
                if block["wide"]:
                    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', block["wide"]).groups()
                    block["tall"] = float(height) / float(width)
                block["wide"] = named_font(block["wide"])
                block["phone"] = ""


def set_columns(table):
    """Tell a table how wide its columns are, as shares of the page."""
    table["widths"] = column_widths(
        [column["label"] for column in table["columns"]],
        [[cell["text"] for cell in row] for row in table["rows"]],
        [column["numeric"] for column in table["columns"]],
        room=1,
        size=LETTERS[table["of_figure"]] / PAPER_WIDTH,
        margins=MARGINS[table["of_figure"]] / PAPER_WIDTH,
    )


def tagged_pdf(template, presented, moment, make):
    """What a template of ours makes of plain data, as the bytes of a PDF; `moment` is the time inside the file, in seconds since 1970.

    `make` is `typesetting.pages`, or `apart.pages_apart` for what is large or made by the web process.
    """
    try:
        return _compiled(make, template, presented, moment)
    except TypesettingError as error:
        if "could not be displayed" not in str(error):
            raise
        # A letter that no font here has, such as an emoji in a question: PDF/UA refuses the whole document for it.
        known = json.loads(FOREIGN.sub("?", json.dumps(presented, ensure_ascii=False)))
        return _compiled(make, template, known, moment)


def _compiled(make, template, data, moment):
    return make(template, data, pdf_standards="ua-1", timestamp=moment)[0]


def made_at(results):
    """The beginning of the day on which the results were made, in seconds since 1970; 1 January 2000 when it is not known."""
    day = parsed_date((results.get("provenance") or {}).get("generated_at")) or date(2000, 1, 1)
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
