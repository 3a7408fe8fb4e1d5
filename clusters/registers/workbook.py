"""The cells of an .xlsx file as text, read as a stream and refusing what does not belong in a list of schools.

Why not a general spreadsheet library here: files come from strangers. Reading only the few parts that hold cells,
with our own limits, keeps memory small whatever the file claims, needs no styles (on which real files break), and
never lets a document type, an entity, a macro, a link to another file or a formula do anything. Formulas are read as
the value that was saved with them. The layout of the parts is ECMA-376 part 1, chapter 18.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.parsers import expat

from clusters.registers.readings import RegisterRefused

MAX_PARTS = 2_000
MAX_UNPACKED = 80 * 1024 * 1024
MAX_SHEETS = 100
MAX_STRINGS = 500_000
MAX_COLUMN = 512
MAX_CELL = 40_000
MAX_DEPTH = 100
MAX_ROW = 1_048_576
MAX_TAG = 1024 * 1024
CHUNK = 64 * 1024

Row = tuple[int, dict[int, str]]

# What the zip library raises on damaged files; a part that lies before the start of the file is a ValueError.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError, RuntimeError,
)  # fmt: skip
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass
class Sheet:
    """One sheet: its name and how to read it. `done` is the share (0 to 1) that the last reading has passed."""

    name: str
    book: "Workbook"
    part: str
    done: float = 0.0

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, in order: (row number from 1, {column from 1: text})."""
        for done, rows in self.book.rows(self.part):
            self.done = done
            yield from rows


class Workbook:
    """An .xlsx file opened for reading. `name` is what to call it in messages.

    Raises RegisterRefused with a sentence when it is not a plain, complete, unprotected workbook of modest size.
    """

    def __init__(self, file, name: str):
        self.name = name
        try:
            self._zip = zipfile.ZipFile(file)
            infos = self._zip.infolist()
        except _BROKEN as error:
            raise self._damaged() from error
        self._check(infos)
        self._parts = {info.filename.lstrip("/").lower(): info for info in infos}
        self._unpacked = 0
        self._strings: list[str] | None = None
        self.sheets = self._find_sheets()

    def _refuse(self, why: str) -> RegisterRefused:
        return RegisterRefused(f"“{self.name}” {why} Nothing was changed.")

    def _damaged(self) -> RegisterRefused:
        return self._refuse(
            "is damaged or incomplete. Download it again, or open it in a spreadsheet and save it as .xlsx."
        )

    def _check(self, infos: list[zipfile.ZipInfo]) -> None:
        names = [info.filename.lstrip("/").lower() for info in infos]
        if any(info.flag_bits & 0x1 for info in infos):
            raise self._refuse("is protected with a password. Save a copy without the password and choose that.")
        if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
            raise self._refuse("contains macros. Save it as a plain workbook (.xlsx) and choose that.")
        if "xl/workbook.bin" in names or "content.xml" in names:
            raise self._refuse("is a spreadsheet of another kind. Open it and save it as .xlsx or as CSV.")
        if "xl/workbook.xml" not in names or len(names) != len(set(names)):
            raise self._refuse("is not a workbook. Choose the .xlsx or .csv file as it was published.")
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
            raise self._damaged()
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED:
            raise self._too_much()

    def _too_much(self) -> RegisterRefused:
        return self._refuse(
            f"unpacks to more than {MAX_UNPACKED // 1024 // 1024} MB, far more than any list that we read. "
            "Choose the file as it was published."
        )

    def _chunks(self, part: str) -> Iterator[bytes]:
        """A part's bytes, counted while they are unpacked: what the file declares about its size is not trusted."""
        info = self._parts.get(part.lstrip("/").lower())
        if info is None:
            raise self._damaged()
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    self._unpacked += len(chunk)
                    # Headings are looked at before rows are read, so a sheet may pass here twice.
                    if self._unpacked > 2 * MAX_UNPACKED:
                        raise self._too_much()
                    yield chunk
        except _BROKEN as error:
            raise self._damaged() from error

    def _parse(self, part: str, handler) -> Iterator[None]:
        """Feeds a part to `handler` (start, end, text) and pauses after each chunk."""
        depth = 0

        def start(tag, attributes):
            nonlocal depth
            depth += 1
            if depth > MAX_DEPTH:
                raise self._damaged()
            handler.start(tag, attributes)

        def end(tag):
            nonlocal depth
            depth -= 1
            handler.end(tag)

        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        fed = 0
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
                fed += len(chunk)
                # The parser starts again at an unfinished tag with every chunk: an endless one would take for ever.
                if fed - parser.CurrentByteIndex > MAX_TAG:
                    raise self._damaged()
                yield
            parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise self._damaged() from error

    def _refuse_doctype(self, *_) -> None:
        raise self._refuse(
            "contains instructions that no published list has (a document type). Choose the file as it was published."
        )

    def _read_all(self, part: str, handler) -> None:
        for _ in self._parse(part, handler):
            pass

    def _find_sheets(self) -> list[Sheet]:
        book, links = _Sheets(), _Links()
        self._read_all("xl/workbook.xml", book)
        self._read_all("xl/_rels/workbook.xml.rels", links)
        sheets = []
        for name, link in book.found[:MAX_SHEETS]:
            target = links.targets.get(link, "")
            part = target if target.startswith("/") else str(PurePosixPath("xl") / target)
            # Chart sheets and sheets in other files have no cells to read.
            if "worksheets/" in part and part.lstrip("/").lower() in self._parts:
                sheets.append(Sheet(name, self, part))
        return sheets

    def rows(self, part: str) -> Iterator[tuple[float, list[Row]]]:
        """The rows of one sheet part that hold anything, in batches, with the share of the part that has passed."""
        if self._strings is None:
            strings = _Strings(self._refuse)
            if "xl/sharedstrings.xml" in self._parts:
                self._read_all("xl/sharedStrings.xml", strings)
            self._strings = strings.found
        cells = _Cells(self._strings, self._refuse)
        size = max(self._parts[part.lstrip("/").lower()].file_size, 1)
        for chunks, _ in enumerate(self._parse(part, cells), start=1):
            yield min(chunks * CHUNK / size, 1.0), cells.ready
            cells.ready = []


def _local(name: str) -> str:
    """A tag or attribute without its prefix: some programs write <x:row> for <row>."""
    return name.rpartition(":")[2] if ":" in name else name


class _Sheets:
    """xl/workbook.xml: the names of the sheets and the links to their parts."""

    def __init__(self):
        self.found: list[tuple[str, str]] = []

    def start(self, tag, attributes):
        tag = _local(tag)
        if tag == "sheet":
            link = next((value for key, value in attributes.items() if _local(key) == "id"), "")
            self.found.append((attributes.get("name", "")[:100], link))

    def end(self, tag):
        pass

    def text(self, data):
        pass


class _Links(_Sheets):
    """A relationships part: id to target. Targets outside the file are left out."""

    def __init__(self):
        self.targets: dict[str, str] = {}

    def start(self, tag, attributes):
        tag = _local(tag)
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")


class _Strings:
    """xl/sharedStrings.xml: text by number. Formatting runs are joined; phonetic guides are left out."""

    def __init__(self, refuse):
        self.found: list[str] = []
        self._refuse = refuse
        self._parts: list[str] = []
        self._keep = self._guide = False

    def start(self, tag, attributes):
        tag = _local(tag)
        if tag == "si":
            self._parts = []
            if len(self.found) >= MAX_STRINGS:
                raise self._refuse("holds more text than any list that we read. Choose the file as it was published.")
        elif tag == "rPh":
            self._guide = True
        elif tag == "t":
            self._keep = not self._guide

    def end(self, tag):
        tag = _local(tag)
        if tag == "si":
            self.found.append("".join(self._parts)[:MAX_CELL])
        elif tag == "rPh":
            self._guide = False
        elif tag == "t":
            self._keep = False

    def text(self, data):
        if self._keep:
            self._parts.append(data)


class _Cells:
    """A worksheet part: rows of cells as text, in `ready` until they are taken."""

    def __init__(self, strings, refuse):
        self.ready: list[Row] = []
        self._strings = strings
        self._refuse = refuse
        self._row_number = self._column = self._rows = 0
        self._row: dict[int, str] = {}
        self._kind = ""
        self._parts: list[str] = []
        self._keep = self._guide = False

    def start(self, tag, attributes):
        if ":" in tag:
            tag = _local(tag)
        if tag == "c":
            match = _REFERENCE.fullmatch(attributes.get("r", ""))
            self._column = _column(match[1]) if match else self._column + 1
            self._kind = attributes.get("t", "n")
            self._parts = []
        elif tag == "row":
            given = attributes.get("r", "")
            self._row_number = int(given) if given.isdecimal() and len(given) < 8 else self._row_number + 1
            self._column, self._row = 0, {}
            self._rows += 1
            if self._rows > MAX_ROW:
                raise self._refuse("is damaged: it has more rows than a sheet can have. Download it again.")
        elif tag == "v":
            self._keep = self._kind != "inlineStr"
        elif tag == "t":
            self._keep = not self._guide
        elif tag == "rPh":
            self._guide = True

    def end(self, tag):
        if ":" in tag:
            tag = _local(tag)
        if tag in ("v", "t"):
            self._keep = False
        elif tag == "rPh":
            self._guide = False
        elif tag == "c":
            text = self._text()
            if text and self._column <= MAX_COLUMN:
                self._row[self._column] = text
        elif tag == "row" and self._row:
            self.ready.append((self._row_number, self._row))

    def text(self, data):
        if self._keep:
            self._parts.append(data)

    def _text(self) -> str:
        text = "".join(self._parts)[:MAX_CELL]
        if self._kind == "s":
            if not (text.isdecimal() and len(text) < 8 and int(text) < len(self._strings)):
                raise self._refuse("is damaged: a cell points to text that is not there. Download it again.")
            return self._strings[int(text)]
        if self._kind == "b":
            return "Yes" if text == "1" else "No"
        return _plain_number(text) if self._kind == "n" else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _plain_number(text: str) -> str:
    """A stored number as a person would see it: "5237521" for 5237521.0, "15.4" for 15.400000000000000355."""
    try:
        number = float(text)
    except ValueError:
        return text
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)
