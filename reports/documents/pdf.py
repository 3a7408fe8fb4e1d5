"""The report as a tagged PDF (PDF/UA-1 asked for), set by typst from the same blocks as the page.

The time inside the file is the day of the results, so the same results, made twice in a day, give the same bytes.
"""

import json
import re
from datetime import UTC, date, datetime

from reports.documents.apart import TypesettingError, pages_apart
from reports.documents.pictures import named_font
from reports.numbers import parsed_date
from reports.presentation import present

FOREIGN = re.compile("[^\\x00-\\u024f–—‘’“”…−•]")  # all that is neither Latin nor punctuation of ours


def report_pdf(results, charts, version=None):
    """The whole report as the bytes of a PDF.

    `results` is the stored (suppressed) dictionary, `charts` what `reports.charts.render_all` made of it, `version` the report's
    number among those of its place.
    """
    presented = present(results, charts, version)
    for_paper(presented["sections"])
    return tagged_pdf("report.typ", presented, made_at(results), pages_apart)


def for_paper(sections):
    """Make the figures of sections ready for typst: only the wide drawing, with its font by name and its height for a width of 1."""
    for section in sections:
        for block in section["blocks"]:
            if block["kind"] == "figure":
                if block["wide"]:
                    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', block["wide"]).groups()
                    block["tall"] = float(height) / float(width)
                block["wide"] = named_font(block["wide"])
                block["phone"] = ""


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
