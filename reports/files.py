"""Evaluation files in and out: a folder of CSV files (or one workbook) to `EvaluationData`, and every rendering to a folder.

Unreadable files raise `InvalidData` with one sentence that names the file and, where there is one, the row and the column.
A row with more cells than the header is refused, since cells would be dropped or read under another's heading. One with fewer is
accepted, because spreadsheets leave out what is blank at the end: the cells that are not there are blank. Blank rows are left out.
"""

import csv
import hashlib
import io
import json
import re
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from reports.analysis.coding import labels, short
from reports.analysis.schema import ROW, EvaluationData, InvalidData, row_number

TABLES = ("pupils", "ht", "codebook", "schools", "adults", "adult_codebook")
OPTIONAL = {"schools", "adults", "adult_codebook"}
OF_ONE_ROW = {"pupil_code", "response_id"}
MOST_COLUMNS = 2_000  # twenty times what the longest questionnaire needs; a hundred thousand would take minutes
ROWS_AT_ONCE = 5_000
TO_QUOTE = re.compile('[",\r\n]')
FIRST_LINE = re.compile(r"[^\r\n]*")


def read_folder(path):
    """Read pupils, ht, codebook and (optional) schools, adults and adult_codebook from a folder of CSV files or from one .xlsx.

    Every cell is read as text; what it means is decided by the analysis. Returns `EvaluationData` with the sha256 of each file.
    """
    path = Path(path)
    if path.is_file():
        return _read_workbook(path)
    if not path.is_dir():
        raise InvalidData(f"There is no folder or workbook at {path}.")
    if not (path / "pupils.csv").exists() and len(books := sorted(path.glob("*.xlsx"))) == 1:
        return _read_workbook(books[0])
    frames, hashes = {}, {}
    for name in TABLES:
        file = path / f"{name}.csv"
        if file.exists():
            content = file.read_bytes()
            frames[name], hashes[file.name] = _frame_from_csv(content, file.name), hashlib.sha256(content).hexdigest()
        elif name not in OPTIONAL:
            raise InvalidData(f"{file.name} is missing from the folder.")
    return _data(frames, hashes)


def _data(frames, hashes):
    if ("adults" in frames) != ("adult_codebook" in frames):
        raise InvalidData("adults and adult_codebook belong together: one of the two is missing.")
    return EvaluationData(
        pupils=frames["pupils"],
        ht=frames["ht"],
        codebook=frames["codebook"],
        schools=frames.get("schools"),
        adults=frames.get("adults"),
        adult_codebook=frames.get("adult_codebook"),
        input_hashes=hashes,
    )


def _frame_from_csv(content, name):
    if b"\x00" in content:
        raise InvalidData(f"{name} is not a text file. Save it as CSV (UTF-8) and try again.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = len(content[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))
        raise InvalidData(f"{name}, row {row}: not UTF-8 text. Save it as CSV (UTF-8) and try again.") from error
    if not text or text.isspace():
        raise InvalidData(f"{name} is empty: the first row must name the columns.")
    header = FIRST_LINE.match(text).group()
    if not header.strip():
        raise InvalidData(f"{name}, row 1: this row is blank, and must name the columns.")
    separator = ";" if header.count(";") > header.count(",") else ","
    lines = io.StringIO(text, newline="")
    names = _names(lines, separator, name)
    lines.seek(0)
    # The fast reader does most files; only where a row does not fit are rows walked one by one, to say which. Blank rows are
    # left out afterwards: a reader that skips them would number the rows below too low.
    try:
        frame = pd.read_csv(
            lines,
            sep=separator,
            dtype=_text_of(names, name),
            keep_default_na=False,
            index_col=False,
            skip_blank_lines=False,
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise InvalidData(_first_bad_row(text, separator, len(names), name)) from error
    return _tidied(frame, names, name)


def _names(lines, separator, name):
    """The names of the columns; these and the row below them, which the fast reader does not measure, are found to be in order."""
    reader = csv.reader(lines, delimiter=separator)
    found = []
    try:
        found += islice(reader, 2)
    except csv.Error as error:
        raise InvalidData(_too_long(name, len(found) + 1)) from error
    names, first = [*found, []][:2]
    _refuse_columns(names, name)
    if len(first) > len(names):
        raise InvalidData(_too_wide(name, 2, len(first), len(names)))
    return names


def _tidied(frame, names, file):
    """A table under the names of its columns, without blank rows; the rows that are left keep their numbers (`row_number`)."""
    frame.columns = [name.strip() for name in names]
    # Columns whose distinct texts are known take no time, and the first that is filled everywhere is enough.
    order = sorted(range(len(names)), key=lambda place: not isinstance(frame.dtypes.iloc[place], pd.CategoricalDtype))
    blank = np.ones(len(frame), dtype=bool)
    for place in order:
        if not blank.any():
            break
        blank &= labels(frame.iloc[:, place])[0] < 0
    if blank.any():
        frame = frame[~blank].set_axis(pd.Index(np.flatnonzero(~blank) + 2, name=ROW))
    nameless = [place for place, name in enumerate(frame.columns) if not name]
    for place in nameless:
        filled = np.flatnonzero(labels(frame.iloc[:, place])[0] >= 0)
        if filled.size:
            raise InvalidData(f"{file}, row {row_number(frame, filled[0])}: a cell stands under no heading.")
    return frame.drop(columns="") if nameless else frame


def _text_of(names, file):
    """Every cell as text. In the large table, what repeats from row to row is kept once, which takes a tenth of the memory."""
    return {
        column: "category" if file == "pupils.csv" and column.strip() not in OF_ONE_ROW else str for column in names
    }


def _first_bad_row(text, separator, width, name):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if len(row) > width:
                return _too_wide(name, number, len(row), width)
    except csv.Error:
        return _too_long(name, number + 1)
    return f"{name} cannot be read as a table: a quotation mark is opened and not closed."


def _too_wide(name, row, cells, width):
    return f"{name}, row {row}: {cells:,} cells, but the header names {width:,} columns."


def _too_long(name, row):
    return (
        f"{name}, row {row}: a quotation mark is opened and not closed, or a cell has more than "
        f"{csv.field_size_limit():,} letters."
    )


def _refuse_columns(names, file):
    if len(names) > MOST_COLUMNS:
        raise InvalidData(f"{file} names {len(names):,} columns; no more than {MOST_COLUMNS:,} are read.")
    seen = set()
    for name in (each.strip() for each in names):
        if name in seen:
            raise InvalidData(f"{file}, row 1: the column {short(name)} is there twice.")
        if name:
            seen.add(name)


def _read_workbook(path):
    import_name, content = path.name, path.read_bytes()
    if content[:2] != b"PK":
        raise InvalidData(f"{import_name} is not an Excel workbook (.xlsx).")
    try:
        sheets = pd.read_excel(
            io.BytesIO(content), sheet_name=None, dtype=str, keep_default_na=False, engine="openpyxl"
        )
    except Exception as error:  # openpyxl raises many kinds for a damaged workbook; all mean the same to the person
        raise InvalidData(f"{import_name} cannot be opened: it is damaged, protected, or not a workbook.") from error
    found = {str(name).strip().lower(): frame for name, frame in sheets.items()}
    for name in TABLES:
        if name not in found and name not in OPTIONAL:
            raise InvalidData(f"{import_name} has no sheet named {name}.")
    frames = {name: found[name] for name in TABLES if name in found}
    for name, frame in frames.items():
        columns = ["" if str(column).startswith("Unnamed: ") else str(column) for column in frame]
        _refuse_columns([column.split(".")[0] if column.endswith(".1") else column for column in columns], name)
        frames[name] = _tidied(frame, columns, name)
    return _data(frames, {import_name: hashlib.sha256(content).hexdigest()})


def csv_content(frame):
    """A table as the bytes of its CSV file."""
    return b"".join(csv_chunks(frame))


def csv_chunks(frame):
    """The same piece by piece: each distinct cell of a column is written as CSV once, and then only put in its places."""
    columns = []
    for name in frame.columns:
        codes, cells = pd.factorize(frame[name], use_na_sentinel=True)
        columns.append(
            (codes, np.array([*(_csv_cell(cell) for cell in cells), ""], dtype=object))
        )  # code -1 is missing
    yield (",".join(_csv_cell(str(name)) for name in frame.columns) + "\n").encode()
    for first in range(0, len(frame), ROWS_AT_ONCE):
        part = [cells[codes[first : first + ROWS_AT_ONCE]].tolist() for codes, cells in columns]
        yield "".join([f"{','.join(row)}\n" for row in zip(*part, strict=True)]).encode()


def _csv_cell(value):
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if TO_QUOTE.search(text) else text


def results_text(results):
    """The results as the text of results.json: the same results give the same bytes."""
    return json.dumps(results, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
