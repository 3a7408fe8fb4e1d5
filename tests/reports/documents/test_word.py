"""The report as a Word document: the page's headings and numbers, for people and for screen readers."""

import io
import json
import re
import zipfile

import pikepdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.charts import render_all
from reports.documents.columns import column_widths
from reports.documents.pictures import chart_pictures
from reports.documents.word import CELL_MARGINS, TEXT_WIDTH, report_document
from reports.exports import chart_names, chart_pack, slides
from reports.presentation import present, tables
from tests.reports.sample_results import sample

PAPER = {"room": TEXT_WIDTH, "size": Pt(8.5), "margins": CELL_MARGINS}


@pytest.fixture(scope="module")
def made():
    """(presented report, document, its bytes, charts, pictures)"""
    results = sample()
    charts = render_all(results)
    pictures = chart_pictures(charts)
    raw = report_document(results, charts, pictures)
    return present(results, charts), Document(io.BytesIO(raw)), raw, charts, pictures


def test_document_has_the_headings_of_the_page_in_their_order(made):
    presented, document, *_ = made

    heads = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]

    assert heads == ["Key finding", *[section["heading"] for section in presented["sections"]]]
    assert presented["level"]["sentence"] in [each.text for each in document.paragraphs]


def test_every_table_of_the_page_is_there_with_its_figures_and_a_repeated_head(made):
    presented, document, *_ = made

    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]

    for table in tables(presented):
        heads = [column["label"] for column in table["columns"]]
        assert [heads, *[[cell["text"] for cell in row] for row in table["rows"]]] in found
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in document.tables)


def test_every_picture_has_its_description(made):
    _, document, _, charts, _ = made

    said = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]

    assert said == [f"{chart['title']}. {chart['desc']}" for chart in charts.values() if chart.get("wide")]


def test_document_is_in_british_english_and_names_itself(made):
    presented, document, raw, *_ = made

    assert document.core_properties.title.startswith(presented["title"])
    assert b'w:lang w:val="en-GB"' in zipfile.ZipFile(io.BytesIO(raw)).read("word/styles.xml")


def test_same_results_give_the_same_document_and_the_same_charts(made):
    _, _, raw, charts, pictures = made
    results = json.loads(json.dumps(sample()))

    assert report_document(results, charts, pictures) == raw
    assert chart_pack(results, charts, pictures, slides(results)) == chart_pack(
        sample(), charts, chart_pictures(charts), slides(sample())
    )


def test_words_that_xml_cannot_hold_do_not_break_the_document():
    results = sample()
    item = next(iter(results["items"]["P5P7"].values()))
    item["text"] = "Is it \x0bfun? 🧪 <b>&amp;"

    document = Document(io.BytesIO(report_document(results, {}, {})))

    assert any("Is it  fun? 🧪 <b>&amp;" in cell.text for table in document.tables for cell in table._cells)


def test_chart_pack_holds_each_chart_as_drawing_and_picture_and_the_slides(made):
    *_, charts, pictures = made

    archive = zipfile.ZipFile(io.BytesIO(chart_pack(sample(), charts, pictures, slides(sample()))))

    drawn = {name for name, chart in charts.items() if chart.get("wide")}
    names = archive.namelist()
    files = chart_names(sample(), charts)
    assert {name for name in names if name.startswith("pictures/")} == {f"pictures/{files[name]}.png" for name in drawn}
    assert {f"drawings/{files[name]}.svg" for name in drawn} <= set(names)
    for name in (name for name in names if name.endswith(".png")):
        assert int.from_bytes(archive.read(name)[16:20]) > 1300
    with pikepdf.open(io.BytesIO(archive.read("slides.pdf"))) as deck, deck.open_outline() as outline:
        assert {tuple(map(float, page.mediabox)) for page in deck.pages} == {(0.0, 0.0, 960.0, 540.0)}
        headings = [re.sub(r" \(\d+ of \d+\)$", "", line.title) for line in outline.root]
        assert len(headings) == len(deck.pages)
    assert list(dict.fromkeys(headings)) == list(
        dict.fromkeys(charts[name]["title"] for name in charts if name in drawn)
    )
    text = archive.read("descriptions.txt").decode()
    assert all(re.search(rf"^{files[name]}: \S", text, re.MULTILINE) for name in drawn)


def test_no_word_of_a_table_is_broken_and_figures_stay_on_one_line():
    heads = ["Question", "When", "Most positive", "Change, pp", "Pupils"]
    rows = [
        ["How much do you like this: " + "doing experiments in class " * 3, "before", "28%", "+4 (−10 to 7)", "1,344"]
    ]

    widths = column_widths(heads, rows, [False, False, True, True, True], **PAPER)

    letters = [max(map(len, head.split())) for head in heads]
    assert all(width >= Pt(8.5) * 0.5 * number + Mm(3.8) for width, number in zip(widths, letters, strict=True))
    assert widths[3] >= Pt(8.5) * 5.7 + Mm(3.8)  # what “+4 (−10 to 7)” takes in Arial
    assert widths[0] == max(widths)
    assert sum(widths) == pytest.approx(Mm(176))


def test_table_of_more_columns_than_the_page_holds_keeps_to_the_page():
    widths = column_widths(["Wonderfully"] * 14, [["incomprehensible"] * 14], [False] * 14, **PAPER)

    assert sum(widths) <= Mm(176) + 14
    assert min(widths) > 0


def test_document_says_which_version_it_is_and_leaves_approval_to_the_page(made):
    *_, charts, pictures = made

    document = Document(io.BytesIO(report_document(sample(), charts, pictures, 7, 12)))

    words = "\n".join(
        [each.text for each in document.paragraphs] + [cell.text for table in document.tables for cell in table._cells]
    )
    assert f"Report 12, version 7, data {sample()['provenance']['data_hash'][:8]}" in words
    assert "7. Whether it is a draft, published or withdrawn stands on its page." in words
    assert "Report 12, version 7" in document.sections[0].footer.paragraphs[0].text


def test_first_column_is_never_a_thin_strip_beside_figures_of_several_words():
    heads = [
        "Statement",
        *[f"{who}, {what}" for who in ("Mentors", "Teachers", "Headteachers") for what in ("positive", "cannot say")],
    ]
    rows = [
        ["The professional learning of the programme was relevant to our work in school", *["over 90% (54)", "12%"] * 3]
    ]

    widths = column_widths(heads, rows, [False, *[True] * 6], **PAPER)

    assert widths[0] > 0.24 * TEXT_WIDTH
    assert sum(widths) == pytest.approx(TEXT_WIDTH)


def test_room_that_is_left_goes_to_long_texts_before_it_goes_to_the_first_column():
    widths = column_widths(
        ["Figure", "Definition"], [["Matched", "A sheet with the same code " * 9]], [False, False], **PAPER
    )

    assert widths[1] > 0.8 * TEXT_WIDTH


def test_hash_stands_on_one_line_where_the_page_has_room_for_it():
    widths = column_widths(["What", "Value"], [["Data, SHA-256", "8e19d05a" * 8]], [False, False], **PAPER)

    assert widths[1] >= Pt(8.5) * 0.55 * 64


def test_files_of_charts_carry_the_number_that_their_figure_has_in_the_report(made):
    presented, _, _, charts, _ = made
    figures = [block for section in presented["sections"] for block in section["blocks"] if block["kind"] == "figure"]

    names = chart_names(sample(), charts)

    by_label = {f"Figure {int(name.split('-')[1])}": charts[chart]["wide"] for chart, name in names.items()}
    assert names["change"] == f"fig-{len(figures) - 1:02d}-change"
    assert by_label == {figure["label"]: figure["wide"] for figure in figures}


def test_document_has_words_own_list_of_contents_which_is_never_empty(made):
    presented, document, *_ = made
    body = document.element.body
    begins = [each for each in body.iter(qn("w:fldChar")) if each.get(qn("w:fldCharType")) == "begin"]
    asked = [each.text.strip() for each in body.iter(qn("w:instrText"))]

    links = {
        link.get(qn("w:anchor")): "".join(each.text for each in link.iter(qn("w:t")))
        for link in body.iter(qn("w:hyperlink"))
    }

    assert [each.get(qn("w:dirty")) for each in begins] == ["true"]  # Word adds the pages when it opens the file
    assert asked == ['TOC \\o "1-1" \\h \\z \\u']
    assert list(links.values()) == [each["heading"] for each in presented["contents"]]
    assert set(links) == {each.get(qn("w:name")) for each in body.iter(qn("w:bookmarkStart"))}


def test_head_of_a_column_takes_three_lines_at_most_beside_figures_on_one_line():
    heads = [
        "Question",
        "Before",
        "After",
        "Change, pp",
        *(f"{what} before, after" for what in ("Answered", "Not sure")),
    ]
    rows = [
        [
            "I enjoy learning new things in class",
            "58% (43% to 52%)",
            "55% (38% to 52%)",
            "+4 (−5 to 12)",
            "383, 334",
            "7, 5",
        ]
    ]

    widths = column_widths(heads, rows, [False, *[True] * 5], room=420, size=7.9, margins=7)

    assert widths[1] >= 7 + 7.9 * 8.5  # what “58% (43% to 52%)” takes in the letters of the PDF
    assert widths[5] >= 7 + 7.9 * 4.2  # “Not sure” in bold letters
