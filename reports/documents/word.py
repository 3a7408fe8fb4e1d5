"""The report as a Word document that SSERC can edit: the headings, figures and tables of the page, in the same order.

Built on Word's own styles, so that a table of contents, a restyling and a screen reader work. The same results give
the same bytes.
"""

import io
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor, Twips

from reports.documents.archive import moment_of, with_fixed_dates
from reports.documents.columns import column_widths
from reports.presentation import present

FONT = "Arial"
INK_2, LOCH, HEATHER = RGBColor(0x4A, 0x5B, 0x61), RGBColor(0x0B, 0x55, 0x63), RGBColor(0x65, 0x3A, 0x82)
TEXT_WIDTH, TALLEST = Mm(176), Mm(215)
RIGHT = '<w:jc w:val="right"/>'
TOC = r'TOC \o "1-1" \h \z \u'  # headings of the first level, as links
MOST_TOGETHER = 6  # rows of a table that is not broken over two pages
CELL_MARGINS = Mm(4)
HEAD_RULE = 'w:val="single" w:sz="8" w:space="0" w:color="6D7D83"'
RULES = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="D9DFDC"/>' for side in ("bottom", "insideH"))


def report_document(results, charts, pictures, version=None, number=None):
    """The whole report as the bytes of a DOCX file.

    `results` is the stored (suppressed) dictionary, `charts` what `reports.charts.render_all` made of it, `pictures` what
    `pictures.chart_pictures` made of those, `version` the report's number among those of its place, `number` that among all.
    """
    presented = present(results, charts, version, number)
    by_drawing = {charts[name]["wide"]: picture for name, picture in pictures.items()}
    document = _blank(presented, moment_of(results))
    _title_page(document, presented)
    _contents(document, presented["contents"])
    for section in presented["sections"]:
        _section_heading(document, section["id"], section["heading"])
        for block in section["blocks"]:
            _add(document, block, by_drawing)
    raw = io.BytesIO()
    document.save(raw)
    return with_fixed_dates(raw.getvalue(), moment_of(results))


def _blank(presented, moment):
    document = Document()
    properties = document.core_properties
    properties.title = f"{presented['title']}, {presented['kicker']}"
    properties.author, properties.comments, properties.language = "Primary Cluster Programme", "", "en-GB"
    properties.created = properties.modified = moment
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(17)
    page.top_margin, page.bottom_margin = Mm(22), Mm(19)
    for name, size in (("Normal", 10.5), ("Title", 20), ("Heading 1", 15), ("Heading 2", 12), ("Caption", 9)):
        style = document.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        if name.startswith(("Title", "Heading")):
            style.font.bold, style.font.color.rgb = True, LOCH
    document.styles["Caption"].font.color.rgb, document.styles["Caption"].font.bold = INK_2, False
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    document.styles["Normal"].element.get_or_add_rPr().append(language)
    _footer(page, presented)
    if presented["invented"]:
        mark = page.header.paragraphs[0].add_run(presented["invented"])
        mark.bold, mark.font.size = True, Pt(9)
    return document


def _footer(page, presented):
    line = page.footer.paragraphs[0]
    line.add_run(f"{presented['kicker']}. {presented['edition']}   Page ")
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = line.add_run()
        if text:
            field = OxmlElement("w:instrText")
            field.text = text
        else:
            field = OxmlElement("w:fldChar")
            field.set(qn("w:fldCharType"), kind)
        run._r.append(field)
    for run in line.runs:
        run.font.size, run.font.color.rgb = Pt(8), INK_2


def _title_page(document, presented):
    level = presented["level"]
    document.add_paragraph(presented["kicker"])
    _styled(document, "Title", presented["title"])
    for fact in [*presented["facts"], presented["edition"]]:
        document.add_paragraph(fact)
    _section_heading(document, "key", "Key finding")
    badge = document.add_paragraph().add_run(f"{level['code']} {level['title']}")
    badge.bold, badge.font.color.rgb = True, HEATHER
    document.add_paragraph().add_run(level["sentence"]).font.size = Pt(12)
    for sentence in level["attention"]:
        document.add_paragraph(sentence)
    if level["reasons"]:
        _styled(document, "Caption", f"Why {level['code']}: {' '.join(level['reasons'])}")
    if level["failed"]:
        document.add_paragraph("Checks that were not passed:")
        _list(document, level["failed"])
    _table(
        document,
        ["Figure", "Value", "Of"],
        [[tile["label"], f"{tile['figure']} {tile['unit']}".strip(), tile["base"]] for tile in presented["tiles"]],
        numeric=[False, True, False],
    )
    document.add_heading("What the five levels mean", 2)
    for each in level["meanings"]:
        line = document.add_paragraph()
        line.add_run(f"{each['code']} {each['title']}. ").bold = True
        line.add_run(each["meaning"])
    document.add_heading("Scope and provenance", 2)
    _table(document, ["What", "This report"], [[each["name"], each["value"]] for each in presented["provenance"]])


def _section_heading(document, anchor, words):
    """A heading with a bookmark, for the list of contents to lead to."""
    line = document.add_heading(words, 1)
    number = sum(1 for _ in document.element.iter(qn("w:bookmarkStart")))
    line._p.insert(1, parse_xml(f'<w:bookmarkStart {nsdecls("w")} w:id="{number}" w:name="{_bookmark(anchor)}"/>'))
    line._p.append(parse_xml(f'<w:bookmarkEnd {nsdecls("w")} w:id="{number}"/>'))


def _bookmark(anchor):
    return f"_Toc_{anchor.replace('-', '_')}"


def _contents(document, contents):
    """Word's own table of contents: marked for an update, which adds the pages, and never empty, since the headings stand in it."""
    document.add_heading("In this report", 2)
    for place, each in enumerate(contents):
        line = document.add_paragraph()
        line.paragraph_format.space_after = Pt(2)
        if place == 0:
            line._p.append(_field("begin", dirty=True))
            line._p.append(_run(f'<w:instrText xml:space="preserve"> {TOC} </w:instrText>'))
            line._p.append(_field("separate"))
        link = f'<w:hyperlink {nsdecls("w")} w:anchor="{_bookmark(each["id"])}" w:history="1"/>'
        line._p.append(parse_xml(link))
        line._p[-1].append(_run(f"<w:t>{escape(each['heading'])}</w:t>"))
        if place == len(contents) - 1:
            line._p.append(_field("end"))


def _run(content):
    return parse_xml(f"<w:r {nsdecls('w')}>{content}</w:r>")


def _field(kind, *, dirty=False):
    mark = ' w:dirty="true"' if dirty else ""
    return _run(f'<w:fldChar w:fldCharType="{kind}"{mark}/>')


def _add(document, block, pictures):
    if block["kind"] == "paragraph":
        document.add_paragraph(block["text"])
    elif block["kind"] == "list":
        _list(document, block["lines"])
    elif block["kind"] == "table":
        _whole_table(document, block)
    else:
        _figure(document, block, pictures)


def _styled(document, style_id, text=""):
    """A paragraph in one of Word's own styles. Found by name, as python-docx does it, each takes two thousandths of a second."""
    line = document.add_paragraph(text)
    line._p.style = style_id
    return line


def _list(document, lines):
    for line in lines:
        _styled(document, "ListBullet", line)


def _figure(document, block, pictures):
    if block["instead"]:
        document.add_paragraph(f"{block['label']}. {block['heading']}. {block['instead']}")
    else:
        line = document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        picture = line.add_run().add_picture(io.BytesIO(pictures[block["wide"]]), width=TEXT_WIDTH)
        if picture.height > TALLEST:
            picture.width, picture.height = round(picture.width * TALLEST / picture.height), TALLEST
        picture._inline.docPr.set("descr", f"{block['title']}. {block['desc']}")
        _caption(document, block["label"], block["heading"], block["caption"])
    if block["table"]:
        _whole_table(document, block["table"])


def _caption(document, label, heading, text, *, before=False):
    line = _styled(document, "Caption")
    line.paragraph_format.keep_with_next = before
    line.add_run(f"{label}. {heading}. ").bold = True
    line.add_run(text)


def _whole_table(document, table):
    label = f"{table['label']} as a table" if table["of_figure"] else table["label"]
    _caption(document, label, table["caption"], "", before=True)
    _table(
        document,
        [column["label"] for column in table["columns"]],
        [[cell["text"] for cell in row] for row in table["rows"]],
        numeric=[column["numeric"] for column in table["columns"]],
    )
    if table["note"]:
        _styled(document, "Caption", table["note"])


def _table(document, heads, rows, numeric=None):
    """A table whose first row is repeated on each page and told to a screen reader as its heads."""
    numeric = numeric or [False] * len(heads)
    widths = column_widths(heads, rows, numeric, room=TEXT_WIDTH, size=Pt(8.5), margins=CELL_MARGINS)
    table = document.add_table(rows=0, cols=len(heads))
    table.autofit = False
    table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{RULES}</w:tblBorders>"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = round(width)
    # Written as XML: asking python-docx for each cell takes ten times as long.
    together = len(rows) <= MOST_TOGETHER
    body = "".join(
        _row(words, numeric, widths, head=number == 0, keep=together and number < len(rows))
        for number, words in enumerate([heads, *rows])
    )
    for line in parse_xml(f"<w:tbl {nsdecls('w')}>{body}</w:tbl>"):
        table._tbl.append(line)
    document.add_paragraph()


def _row(words, numeric, widths, *, head, keep):
    look = "<w:b/>" if head else ""
    rule = f'<w:tcBorders><w:bottom {HEAD_RULE}/></w:tcBorders><w:vAlign w:val="bottom"/>' if head else ""
    next_to = "<w:keepNext/>" if head or keep else ""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{round(width / Twips(1))}"/>{rule}</w:tcPr>'
        f'<w:p><w:pPr>{next_to}<w:spacing w:before="30" w:after="30"/>{RIGHT if right else ""}</w:pPr>'
        f'<w:r><w:rPr>{look}<w:sz w:val="17"/></w:rPr><w:t xml:space="preserve">{escape(str(text))}</w:t></w:r></w:p></w:tc>'
        for text, right, width in zip(words, numeric, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>{cells}</w:tr>"
