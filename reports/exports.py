"""Files made from a stored report for somebody to take away: the page as one file, and each chart."""

import base64
import csv
import io
import zipfile
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from mentors.exports import plain_cell
from reports.charts import render_slides, standalone
from reports.documents.flat import HEADS, figures
from reports.documents.slides import slide_deck
from reports.presentation import cover, present

STATIC = Path(__file__).resolve().parent.parent / "static"
STYLES = ("vendor/bootstrap/bootstrap.min.css", "pcp/theme.css")
FONTS = ("vendor/atkinson/atkinson-400.woff2", "vendor/atkinson/atkinson-700.woff2")


def report_html(results, charts):
    """The whole report as the bytes of one HTML file that needs nothing beside it: style and fonts are inside.

    The same sections as its page, its PDF and its spreadsheet.
    """
    styles = "\n".join((STATIC / name).read_text() for name in STYLES)
    for name in FONTS:
        data = base64.b64encode((STATIC / name).read_bytes()).decode()
        styles = styles.replace(f"url(../{name})", f"url(data:font/woff2;base64,{data})")
    context = {"r": present(results, charts), "styles": mark_safe(styles)}  # noqa: S308 (our own style sheets)
    return render_to_string("reports/standalone/report.html", context).encode()


def chart_names(results, charts):
    """{name of a chart: the beginning of its files' names}, with its figure's number in the report: "fig-08-item-models-p2p4-1"."""
    return _names(present(results, charts), charts)


def _names(presented, charts):
    numbers = {
        block["wide"]: f"fig-{int(block['label'].split()[-1]):02d}-"
        for section in presented["sections"]
        for block in section["blocks"]
        if block["kind"] == "figure" and block["wide"]
    }
    return {
        name: numbers.get(chart["wide"], "") + name.replace("_", "-").lower()
        for name, chart in charts.items()
        if "wide" in chart
    }


def chart_files(results, charts):
    """{file name: SVG text} of every chart that was drawn, wide and phone: "fig-20-change.svg", "fig-20-change-phone.svg"."""
    return _drawings(chart_names(results, charts), charts)


def _drawings(names, charts):
    found = {}
    for name, file in names.items():
        found[f"{file}.svg"] = standalone(charts[name]["wide"])
        found[f"{file}-phone.svg"] = standalone(charts[name]["phone"])
    return found


def report_csv(results, version=None):
    """Every figure of the tables of a report as the bytes of a CSV file; words are never run as a formula.

    It begins with the mark by which Excel knows that it is UTF-8.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADS)
    for row in figures(results, version):
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode("utf-8-sig")


def slides(results, version=None, number=None):
    """The charts as slides (one PDF) that say where they come from."""
    return slide_deck(render_slides(results), _source(results, version, number), results)


def _source(results, version, number):
    told = cover(results, version, number)
    said = told["invented"], told["kicker"], *told["facts"], told["edition"]
    return ". ".join(words for words in said if words)


def chart_pack(results, charts, pictures, shown, version=None, number=None):
    """The charts as the bytes of a ZIP file: drawings (SVG), pictures (PNG) and slides, and a text that describes each.

    `pictures` is what `documents.pictures.chart_pictures` made of the charts, `shown` what `slides` did.
    """
    names = chart_names(results, charts)
    found = {f"drawings/{name}": svg.encode() for name, svg in _drawings(names, charts).items()}
    found |= {f"pictures/{names[name]}.png": picture for name, picture in pictures.items()}
    found |= {"slides.pdf": shown} if shown else {}
    described = sorted(f"{file}: {charts[name]['title']}. {charts[name]['desc']}" for name, file in names.items())
    found["descriptions.txt"] = "\n\n".join([_source(results, version, number), *described, ""]).encode()
    return packed(found)


def packed(contents):
    """Files ({name: bytes}) as the bytes of a ZIP file; equal files give equal bytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # A picture is small already; trying again takes as long as drawing it.
            kind = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            archive.writestr(info, contents[name], compress_type=kind)
    return raw.getvalue()
