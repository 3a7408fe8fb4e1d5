"""Files that strangers send: refused with a sentence, or read exactly; never a crash, never much memory, never half read."""

import io
import random
import struct
import zipfile
from xml.sax.saxutils import escape

import pytest

from clusters.registers import reader, workbook
from clusters.registers.reader import read_register
from clusters.registers.readings import Reading, RegisterRefused
from tests.clusters import register_files as files

STRINGS = "xl/sharedStrings.xml"
SHEET = "xl/worksheets/sheet1.xml"
BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><sst><si><t>&c;</t></si></sst>'
)
EXTERNAL_ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_xml(rows, *, open_tag=f'<worksheet xmlns="{MAIN}">', close_tag="</worksheet>"):
    return f"{open_tag}<sheetData>{rows}</sheetData>{close_tag}"


def inline_row(values, number=None):
    cells = "".join(f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>' for value in values)
    return f"<row>{cells}</row>" if number is None else f'<row r="{number}">{cells}</row>'


HEADINGS = files.SCHOOL_ROLL_2023_HEADINGS
VALUES = list(files.school_roll_row().values())


def read(data, name="list.xlsx", **options):
    return read_register(data if isinstance(data, io.BytesIO) else io.BytesIO(data), name, **options)


def good():
    """A workbook as Excel writes it, its text in a part of its own: SchoolRoll with two schools."""
    rows = [HEADINGS, VALUES, list(files.school_roll_row(9900425).values())]
    texts = list(dict.fromkeys(str(value) for row in rows for value in row))
    strings = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    lines = "".join(
        "<row>" + "".join(f'<c t="s"><v>{texts.index(str(value))}</v></c>' for value in row) + "</row>" for row in rows
    )
    return {STRINGS: f'<sst xmlns="{MAIN}">{strings}</sst>', SHEET: sheet_xml(lines)}


def rezipped(changes=None, *, without=(), extra=()):
    """A good workbook with some parts replaced, left out or added, as an open file of bytes."""
    parts = good() | (changes or {})
    out = io.BytesIO()
    with zipfile.ZipFile(files.sheet_of([])) as frame, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        frame_parts = {info.filename: frame.read(info) for info in frame.infolist()}
        for name, data in [*(frame_parts | parts).items(), *extra]:
            if name not in without:
                made.writestr(name, data)
    out.seek(0)
    return out


def part(name):
    with zipfile.ZipFile(rezipped()) as book:
        return book.read(name).decode()


def zipped(**parts):
    """A zip of parts; "/" in names is written "__"."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for name, data in parts.items():
            bad.writestr(name.replace("__", "/"), data)
    return out


def with_password_flag():
    data = bytearray(rezipped().getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(signature, at + 4)
    return bytes(data)


def with_declared_size(part_name, size):
    """The good workbook, claiming that one part unpacks to `size` bytes."""
    data = bytearray(rezipped().getvalue())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length].decode() == part_name:
            struct.pack_into("<I", data, at + 24, size)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def with_part_before_the_start():
    """The good workbook, claiming that its list of parts begins later than it does."""
    data = bytearray(rezipped().getvalue())
    at = data.rfind(b"PK\x05\x06")
    offset = struct.unpack_from("<I", data, at + 16)[0]
    struct.pack_into("<I", data, at + 16, offset + 500)
    return bytes(data)


def bomb(part_name, megabytes):
    return rezipped(extra=[(part_name, b"\0" * (megabytes * 1024 * 1024))])


OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
CSV_LINES = [HEADINGS, VALUES]

REFUSED = {
    "empty": (b"", "list.xlsx", "is empty"),
    "empty csv": (b"\xef\xbb\xbf\r\n", "list.csv", "is empty"),
    "web page": (b"<!doctype html><html>", "list.xlsx", "is a web page"),
    "web page after a mark and blanks": (b"\xef\xbb\xbf\r\n  <html>", "list.csv", "is a web page"),
    "old workbook renamed": (OLD_CONTAINER, "list.xlsx", "of the old kind"),
    "password, as Excel does it": (OLD_CONTAINER + "EncryptedPackage".encode("utf-16-le"), "l.xlsx", "password"),
    "password on the zip": (with_password_flag(), "list.xlsx", "protected with a password"),
    "pdf": (b"%PDF-1.7 ...", "list.xlsx", "is a PDF"),
    "picture renamed": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "list.xlsx", "is not a workbook"),
    "picture renamed csv": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "list.csv", "not a text file"),
    "csv renamed xlsx": (b"SeedCode,SchUID\n", "list.xlsx", "is not a workbook"),
    "csv with NUL": (files.as_csv(CSV_LINES).getvalue() + b"\0", "list.csv", "not a text file"),
    "macros": (rezipped(extra=[("xl/vbaProject.bin", b"x")]), "list.xlsm", "contains macros"),
    "macros in an odd place": (rezipped(extra=[("xl/hidden/VBAPROJECT.BIN", b"x")]), "list.xlsx", "contains macros"),
    "old macro sheet": (rezipped(extra=[("xl/macrosheets/sheet1.xml", b"x")]), "list.xlsx", "contains macros"),
    "binary workbook": (rezipped(extra=[("xl/workbook.bin", b"x")]), "list.xlsx", "of another kind"),
    "open document": (zipped(content__xml=b"", **{"content.xml": b"<a/>"}), "list.xlsx", "of another kind"),
    "text document": (zipped(word__document_xml=b"<a/>"), "list.xlsx", "is not a workbook"),
    "zip of nothing": (zipped(), "list.xlsx", "is not a workbook"),
    "only a zip's first letters": (b"PK\x03\x04" + b"\0" * 100, "list.xlsx", "damaged or incomplete"),
    "cut off": (rezipped().getvalue()[:-400], "list.xlsx", "damaged or incomplete"),
    "cut in the middle": (rezipped().getvalue()[:1500], "list.xlsx", "damaged or incomplete"),
    "tags in tags in tags": (rezipped({SHEET: sheet_xml("<a>" * 1000 + "</a>" * 1000)}), "list.xlsx", "damaged or incomplete"),
    "a tag that does not end": (rezipped({SHEET: f'<worksheet a="{"x" * 3_000_000}"/>'}), "list.xlsx", "damaged or incomplete"),
    "more rows than a sheet has": (rezipped({SHEET: sheet_xml(inline_row(HEADINGS) + inline_row(VALUES) + "<row/>" * 1_048_580)}), "list.xlsx", "more rows than a sheet can have"),
    "parts before the start": (with_part_before_the_start(), "list.xlsx", "damaged or incomplete"),
    "bomb, declared": (bomb("xl/media/zeros.bin", 90), "list.xlsx", "unpacks to more than"),
    "bomb, declared 3 GB": (with_declared_size(SHEET, 3 << 30), "list.xlsx", "unpacks to more than"),
    "size that is a lie": (with_declared_size(SHEET, 300), "list.xlsx", "damaged or incomplete"),
    "entities in strings": (rezipped({STRINGS: BILLION_LAUGHS}), "list.xlsx", "a document type"),
    "outside entity in a sheet": (rezipped({SHEET: EXTERNAL_ENTITY}), "list.xlsx", "a document type"),
    "document type in UTF-16": (rezipped({SHEET: EXTERNAL_ENTITY.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")}), "list.xlsx", "a document type"),
    "document type in the book": (rezipped({"xl/workbook.xml": "<!DOCTYPE a><a/>"}), "list.xlsx", "a document type"),
    "document type in the links": (rezipped({"xl/_rels/workbook.xml.rels": "<!DOCTYPE a><a/>"}), "l.xlsx", "a document type"),
    "not XML": (rezipped({SHEET: "<worksheet><row"}), "list.xlsx", "damaged or incomplete"),
    "wrong nesting": (rezipped({SHEET: "<worksheet></row></worksheet>"}), "list.xlsx", "damaged or incomplete"),
    "no links": (rezipped(without=["xl/_rels/workbook.xml.rels"]), "list.xlsx", "damaged or incomplete"),
    "no sheet": (rezipped(without=[SHEET]), "list.xlsx", "none of the lists"),
    "no strings": (rezipped(without=[STRINGS]), "list.xlsx", "points to text that is not there"),
    "string number beyond the end": (rezipped({SHEET: sheet_xml('<row><c t="s"><v>999999</v></c></row>')}), "l.xlsx", "is not there"),
    "string number of 9,000 figures": (rezipped({SHEET: sheet_xml(f'<row><c t="s"><v>{"9" * 9000}</v></c></row>')}), "l.xlsx", "is not there"),
    "string number that is none": (rezipped({SHEET: sheet_xml('<row><c t="s"><v>-1</v></c></row>')}), "l.xlsx", "is not there"),
    "sheet outside the file": (rezipped({"xl/_rels/workbook.xml.rels": part("xl/_rels/workbook.xml.rels").replace("worksheets/", "../../worksheets/")}), "l.xlsx", "none of the lists"),
    "other table": (files.sheet_of([["Name", "Price"], ["Tea", 2]]), "list.xlsx", "none of the lists"),
    "sheet of renamed schools": (files.sheet_of([["Local authority", "Seed code", "New school name"], ["Fife", 9900417, "A"]]), "l.xlsx", "none of the lists"),
    "headings on row 13": (files.sheet_of([*([["title"]] * 12), HEADINGS, VALUES]), "list.xlsx", "none of the lists"),
    "headings and nothing else": (files.sheet_of([HEADINGS]), "list.xlsx", "no school that can be read"),
    "headings and rubbish": (files.sheet_of([HEADINGS, ["x"] * 25]), "list.xlsx", "Row 2: SEED code is “x”"),
    "heading that stands twice": (files.sheet_of([[*HEADINGS, "Pupil roll"], [*VALUES, 7]]), "list.xlsx", "more than once"),
    "quotation mark not closed": (b'SeedCode,SchUID\r\n"9900417,x\r\ny', "list.csv", "quotation mark is not closed"),
    "one line of 2 MB": (b"a," * 1_000_000, "list.csv", "has a line of more than"),
    "one cell of 400 KB": (b"a,b\n" + b"x" * 400_000, "list.csv", "cannot be split"),
    "Mac Roman": (files.as_csv([HEADINGS, [*VALUES[:4], "Sgoil Bàgh", *VALUES[5:]]], encoding="mac-roman"), "l.csv", "not a text file"),
    "Shift-JIS": (files.as_csv([HEADINGS, [*VALUES[:4], "学校", *VALUES[5:]]], encoding="shift-jis"), "l.csv", "not a text file"),
    "UTF-16 without a mark": (files.as_csv(CSV_LINES, encoding="utf-16-le"), "list.csv", "not a text file"),
    "UTF-16 cut in a letter": (files.as_csv(CSV_LINES, encoding="utf-16").getvalue()[:-1], "list.csv", "not a text file"),
    "text that is not a table": (b"Dear colleague, here is the list.", "list.csv", "none of the lists"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_file_is_refused_with_its_name_and_a_reason(case):
    data, name, reason = REFUSED[case]

    with pytest.raises(RegisterRefused) as refusal:
        read(data, name)

    sentence = str(refusal.value)
    assert reason in sentence
    assert sentence.startswith(f"“{name}” ")
    assert sentence.endswith("Nothing was changed.")


def test_file_over_the_limit_is_refused():
    with pytest.raises(RegisterRefused, match="is larger than 1 MB"):
        read(b"x" * (1024 * 1024 + 1), max_bytes=1024 * 1024)


def test_more_rows_than_any_register_are_refused(monkeypatch):
    monkeypatch.setattr(reader, "MAX_ROWS", 20)
    rows = "".join(inline_row(VALUES) for _ in range(21))

    with pytest.raises(RegisterRefused, match="more than 20 rows"):
        read(rezipped({SHEET: sheet_xml(inline_row(HEADINGS) + rows)}))


def test_more_strings_than_any_register_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_STRINGS", 10)

    with pytest.raises(RegisterRefused, match="holds more text"):
        read(rezipped())


def test_part_that_unpacks_to_more_than_it_may_is_stopped_while_unpacking(monkeypatch):
    filler = b"<!-- x -->" * 300_000 + b"</worksheet>"
    sheet = part(SHEET).encode().replace(b"</worksheet>", filler)
    file = rezipped({SHEET: sheet})
    book = workbook.Workbook(file, "list.xlsx")
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)

    with pytest.raises(RegisterRefused, match="unpacks to more than"):
        for _ in book.rows(SHEET):
            pass


def formulas():
    cells = "".join(
        f'<c t="str"><f>HYPERLINK("http://example.org")</f><v>{escape(str(value))}</v></c>' for value in VALUES
    )
    return sheet_xml(inline_row(HEADINGS) + f"<row>{cells}</row>")


def many_rows():
    return sheet_xml(inline_row(HEADINGS, 1) + inline_row(VALUES, 2) + '<row r="7"/>' * 400_000 + '<row r="1048576"/>')


def many_columns():
    wide = "".join(f'<c r="{letters}2"><v>1</v></c>' for letters in ("XFD", "ZZZ", "AAAA", ""))
    return sheet_xml(inline_row(HEADINGS, 1) + inline_row(VALUES, 2).replace("</row>", wide + "</row>"))


def many_merged():
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(100_000))
    return sheet_xml(inline_row(HEADINGS) + inline_row(VALUES)).replace(
        "</worksheet>", f"<mergeCells>{merged}</mergeCells></worksheet>"
    )


def prefixed():
    plain = sheet_xml(inline_row(HEADINGS) + inline_row(VALUES), open_tag=f'<worksheet xmlns:x="{MAIN}">')
    return plain.replace("</", "</x:").replace("<worksheet", "<x:worksheet").replace("<sheetData", "<x:sheetData").replace(
        "<row", "<x:row").replace("<c ", "<x:c ").replace("<is>", "<x:is>").replace("<t>", "<x:t>")  # fmt: skip


def strict():
    return sheet_xml(
        inline_row(HEADINGS) + inline_row(VALUES),
        open_tag='<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main">',
    )


def rich_text():
    runs = "<r><t>Ardlinnie</t></r><r><rPr><b/></rPr><t xml:space='preserve'> Primary</t></r><rPh><t>noise</t></rPh>"
    return sheet_xml(inline_row(HEADINGS) + inline_row(VALUES).replace("<t>Ardlinnie Primary</t>", runs))


@pytest.mark.parametrize(
    "sheet",
    [formulas, many_rows, many_columns, many_merged, prefixed, strict, rich_text],
    ids=lambda make: make.__name__,
)
def test_unusual_sheet_is_read_exactly(sheet):
    expected = read(files.sheet_of([HEADINGS, VALUES])).records[0]

    found = read(rezipped({SHEET: sheet()}))

    assert [record.key for record in found.records] == [expected.key]
    assert (found.records[0].texts, found.records[0].figures) == (expected.texts, expected.figures)


def test_links_to_other_files_are_never_followed():
    link = (
        '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/><externalBook><sheetNames>'
        '<sheetName val="x"/></sheetNames></externalBook></externalLink>'
    )

    found = read(rezipped(extra=[("xl/externalLinks/externalLink1.xml", link)]))

    assert len(found.records) == 2


def test_thousands_of_sheets_are_not_all_opened():
    one = '<sheet name="s" sheetId="1" r:id="rId1"/>'
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f"<sheets>{one * 50_000}</sheets></workbook>"
    )

    found = workbook.Workbook(rezipped({"xl/workbook.xml": book}), "list.xlsx")

    assert len(found.sheets) == workbook.MAX_SHEETS


def test_names_in_any_alphabet_are_kept():
    names = ["Sgoil Bhàgasdail 🏴", "Szkoła Żółć", "Àrd-sgoil", "O'Neill & Sons <Primary>"]
    rows = [files.school_roll_row(9900000 + number, name) for number, name in enumerate(names)]

    from_book = read(files.school_roll(*rows))
    from_csv = read(files.as_csv([HEADINGS, *(list(row.values()) for row in rows)]), "list.csv")

    assert [record.name for record in from_book.records] == names
    assert [record.name for record in from_csv.records] == names


def test_csv_with_every_cell_quoted_and_semicolons_is_read():
    lines = "\r\n".join(";".join(f'"{value}"' for value in line) for line in CSV_LINES)

    assert read(lines.encode(), "list.csv").records[0].name == "Ardlinnie Primary"


def test_codes_that_a_spreadsheet_spoilt_are_named_row_by_row():
    rows = [
        files.school_roll_row(code, suffix="") for code in (9900417, "9.90E+06", "09900417", "9900425.0", "x", True)
    ]
    for row in rows:
        row["SchUID"] = ""

    found = read(files.school_roll(*rows))

    assert [record.seed_code for record in found.records] == ["9900417", "9900425"]
    assert [(problem.row, problem.reason) for problem in found.unreadable] == [
        (3, "SEED code is “9.90E+06”: a spreadsheet has shortened the number, so figures are lost"),
        (4, "SEED code is “09900417”: it should be seven figures"),
        (6, "SEED code is “x”: it should be seven figures"),
        (7, "SEED code is “Yes”: it should be seven figures"),
    ]


def test_path_in_a_file_name_is_only_a_name():
    assert read(files.contact_list(), "../../etc/x.xlsx").rows == 1


@pytest.mark.parametrize("seed", range(8))
def test_damaged_bytes_are_refused_or_read(seed):
    """25 broken copies each: bytes of the zip, of its sheet and of its strings are changed at random places."""
    chance = random.Random(seed)
    whole = rezipped().getvalue()
    table = files.as_csv([HEADINGS, *([VALUES] * 5)]).getvalue()
    for _ in range(25):
        for data, name in (
            (damaged(whole, chance), "list.xlsx"),
            (rezipped({SHEET: damaged(part(SHEET).encode(), chance)}).getvalue(), "list.xlsx"),
            (rezipped({STRINGS: damaged(part(STRINGS).encode(), chance)}).getvalue(), "list.xlsx"),
            (damaged(table, chance), "list.csv"),
        ):
            try:
                found = read(data, name)
            except RegisterRefused:
                continue
            assert isinstance(found, Reading)


def damaged(data, chance):
    data = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data))
        choice = chance.random()
        if choice < 0.5:
            data[at] = chance.randrange(256)
        elif choice < 0.75:
            del data[at : at + chance.randint(1, 40)]
        else:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 40)))
    return bytes(data)
