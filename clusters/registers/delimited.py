"""The cells of a .csv file as text: byte order mark, encoding and delimiter found out, nothing guessed silently."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from clusters.registers.readings import RegisterRefused
from clusters.registers.workbook import MAX_COLUMN, Row

DELIMITERS = ",;\t|"
LOOKED_AT = 12
MAX_LINE = 500_000

# Letters beyond ASCII that Scottish names are written with. An old one-byte encoding is accepted only if the whole
# file makes sense with these; any other letter means that the encoding was a different one.
_OLD_LETTERS = set("ÀÁÈÉÌÍÒÓÙÚàáèéìíòóùúâêôçëïöüñ’‘“”–—…£\xa0•°")


@dataclass
class Delimited:
    """A .csv file as one sheet, split at one delimiter. Row numbers count records, as a spreadsheet would.

    `done` is the share (0 to 1) that the last reading has passed.
    """

    name: str
    text: str
    delimiter: str
    refuse: Callable[[str], RegisterRefused]
    done: float = 0.0

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything: (row number from 1, {column from 1: text})."""
        for number, cells in self.records():
            filled = {column: text for column, text in enumerate(cells[:MAX_COLUMN], start=1) if text}
            if filled:
                yield number, filled

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every row, empty ones too: (row number from 1, cells)."""
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
        number, lines = 0, self.text.count("\n") + 1
        try:
            for number, cells in enumerate(reader, start=1):
                self.done = min(reader.line_num / lines, 1.0)
                yield number, cells
        except csv.Error as error:
            raise self.refuse(
                f"cannot be split into columns after row {number:,}: a quotation mark is not closed or a cell is too long. "
                "Correct that row and choose the file again."
            ) from error


def read_delimited(data: bytes, name: str) -> list[Delimited]:
    """One reading of the text per delimiter; the reader takes the one in which the headings are found.

    Raises RegisterRefused when the bytes are not text in UTF-8, UTF-16 (with a mark) or Windows Western European.
    """

    def refuse(why: str) -> RegisterRefused:
        return RegisterRefused(f"“{name}” {why} Nothing was changed.")

    text = _decode(data)
    if text is None or "\x00" in text:
        raise refuse("is not a text file that we can read. Save it as “CSV UTF-8”, or as .xlsx, and choose that.")
    if not text.strip():
        raise refuse("is empty. Choose the file as it was published.")
    if any(len(line) > MAX_LINE for line in io.StringIO(text, newline="")):
        raise refuse(f"has a line of more than {MAX_LINE:,} characters. Choose the file as it was published.")
    sheets, wrong = [], None
    for delimiter in DELIMITERS:
        sheet = Delimited(name, text, delimiter, refuse)
        try:
            # Quotation marks around each cell make no sense at another delimiter, and the first rows show it.
            first = [len(cells) for _, cells in islice(sheet.records(), LOOKED_AT)]
        except RegisterRefused as refusal:
            wrong = wrong or refusal
        else:
            if max(first, default=0) > 1:
                sheets.append(sheet)
    if not sheets and wrong:
        raise wrong
    return sheets


def _decode(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp1252" or {char for char in text if ord(char) > 127} <= _OLD_LETTERS:
            return text
    return None
