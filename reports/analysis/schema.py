"""What goes in: four tables, the plan, and a check that fails with a sentence.

pupils    one row per answer sheet: ``school_id, cluster, la, simd_quintile, stage`` (P2 to P7),
          ``pupil_code, wave`` (pre or post) and one column per item of the codebook holding the RAW code.
          A column ``response_id``, when present, makes otherwise identical rows distinct.
          Any other column is ignored (``extra_columns`` names them).
ht        one row per rated school: ``school_id, ht1 ... htM``, answers 1 to 5.
codebook  one row per stage group and item: ``stage_group`` (P2P4 or P5P7), ``item, points`` (2 to 7),
          ``reverse`` (0 or 1); optional ``construct, text, scored`` (1 unless said otherwise: an item
          with 0 is shown in the item tables but is no part of the attitude scale).
schools   optional: ``school_id, cluster, la, simd_quintile``, one row per school that was asked; optional
          ``roll_band`` and ``urban_rural`` (``bands``), blank where they are not known.

Bad cells (an answer outside the scale, a code used twice) are data, not errors: they are counted by
``matching`` and listed by ``pipeline.rejected``. What makes the tables unreadable is an error, and
raises ``InvalidData`` with one sentence that names the file, the row and the column. Rows are counted
as a spreadsheet shows them: the header is row 1.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from reports.analysis.bands import AREAS, ROLL_BANDS
from reports.analysis.coding import labels, short, tidy
from reports.analysis.rules import Rules as Rules

STAGE_GROUPS = ("P2P4", "P5P7")
STAGES = {"P2": 0, "P3": 0, "P4": 0, "P5": 1, "P6": 1, "P7": 1}
WAVES = ("pre", "post")
SCHOOL_COLUMNS = ("cluster", "la", "simd_quintile")
SCHOOL_FACTS = {"roll_band": ROLL_BANDS, "urban_rural": AREAS}
PUPIL_COLUMNS = ("school_id", *SCHOOL_COLUMNS, "stage", "pupil_code", "wave")
CODEBOOK_COLUMNS = ("stage_group", "item", "points", "reverse")
ROW = "row of the file"
HT_ITEM = re.compile(r"ht\d+")


class InvalidData(ValueError):
    """The tables cannot be read as evaluation data; the message is a sentence for a person."""


@dataclass(frozen=True)
class EvaluationData:
    """The tables of an evaluation and the sha256 of the files they came from; those of the adults as ``adult_files`` says."""

    pupils: pd.DataFrame
    ht: pd.DataFrame
    codebook: pd.DataFrame
    schools: pd.DataFrame | None = None
    adults: pd.DataFrame | None = None
    adult_codebook: pd.DataFrame | None = None
    input_hashes: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What was fixed before the data were opened, and for whom the result is made.

    cut           a rating at or above it is "high" (compared with 1e-9 slack)
    item_set      "scored": the items that the codebook scores; "all": every item
    scope         goes into the results as it is: kind, title, place, cohort, fieldwork, asked (how many could have answered)
    generated_at  the caller's clock, since the analysis has none
    """

    cut: float = 4.0
    seed: int = 20150801
    item_set: str = "scored"
    fixed_by: str = ""
    fixed_at: str = ""
    scope: dict = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    generated_at: str = ""


def row_number(frame, position):
    """The row of a file, as a spreadsheet counts rows, of what stands at ``position`` in its table.

    Where blank rows were left out, the index of the table is named ``ROW`` and holds the numbers of the others.
    """
    return int(frame.index[position]) if frame.index.name == ROW else int(position) + 2


def ht_items(ht):
    """The headteacher items among the columns of ``ht``, in the order of their numbers."""
    return sorted((name for name in ht.columns if HT_ITEM.fullmatch(str(name))), key=lambda name: int(name[2:]))


def extra_columns(data):
    """The columns of ``pupils`` that the analysis ignores, for the log."""
    known = {*PUPIL_COLUMNS, "response_id", *(tidy(item) for item in data.codebook["item"])}
    return [str(name) for name in data.pupils.columns if name not in known]


def validate(data):
    """Raise ``InvalidData`` with a sentence unless the tables can be analysed."""
    _check_codebook(data.codebook)
    _check_columns("pupils.csv", data.pupils, PUPIL_COLUMNS)
    for item in dict.fromkeys(tidy(value) for value in data.codebook["item"]):
        if item not in data.pupils.columns:
            raise InvalidData(f"pupils.csv has no column {short(item)}, which codebook.csv lists.")
    _check_filled("pupils.csv", data.pupils, "school_id")
    _check_known("pupils.csv", data.pupils, "stage", STAGES, str.upper, "P2 to P7")
    _check_known("pupils.csv", data.pupils, "wave", WAVES, str.lower, "pre or post")
    _check_columns("ht.csv", data.ht, ("school_id",))
    if not ht_items(data.ht):
        raise InvalidData("ht.csv has no column of headteacher answers (ht1, ht2 and so on).")
    _check_filled("ht.csv", data.ht, "school_id")
    _check_once("ht.csv", data.ht)
    if data.schools is not None:
        _check_columns("schools.csv", data.schools, ("school_id", *SCHOOL_COLUMNS))
        _check_filled("schools.csv", data.schools, "school_id")
        for column, known in SCHOOL_FACTS.items():
            if column in data.schools.columns:
                _check_fact(data.schools, column, known)
        _check_once("schools.csv", data.schools)
        _check_same_schools(data.pupils, data.schools)


def _check_columns(file, frame, names):
    for name in names:
        if name not in frame.columns:
            raise InvalidData(f"{file} has no column {name}.")
        if isinstance(frame[name], pd.DataFrame):
            raise InvalidData(f"{file} has the column {name} twice.")


def _check_fact(schools, column, known):
    codes, names = labels(schools[column])
    wrong = np.flatnonzero(~np.isin(np.append(np.array(names, dtype=object), "")[codes], ["", *known]))
    if wrong.size:
        raise InvalidData(
            f"schools.csv, row {row_number(schools, wrong[0])}, column {column}: “{short(names[codes[wrong[0]]])}” is not "
            f"{', '.join(known)} or blank."
        )


def _check_filled(file, frame, column):
    codes, _ = labels(frame[column])
    blank = np.flatnonzero(codes < 0)
    if blank.size:
        raise InvalidData(f"{file}, row {row_number(frame, blank[0])}, column {column}: this cell is empty.")


def _check_known(file, frame, column, known, fold, described):
    codes, names = labels(frame[column])
    wrong = np.array([fold(name) not in known for name in names] + [True])
    rows = np.flatnonzero(wrong[codes])
    if rows.size:
        row = rows[0]
        value = names[codes[row]] if codes[row] >= 0 else ""
        raise InvalidData(
            f"{file}, row {row_number(frame, row)}, column {column}: “{short(value)}” is not {described}."
        )


def _check_once(file, frame):
    codes, names = labels(frame["school_id"])
    repeated = pd.Series(codes).duplicated().to_numpy()
    if repeated.any():
        row = int(np.flatnonzero(repeated)[0])
        place = f"{file}, row {row_number(frame, row)}, column school_id"
        raise InvalidData(f"{place}: school {short(names[codes[row]])} has two rows.")


def _check_codebook(codebook):
    _check_columns("codebook.csv", codebook, CODEBOOK_COLUMNS)
    if not len(codebook):
        raise InvalidData("codebook.csv lists no items.")
    seen = set()
    allowed = {"points": {"2", "3", "4", "5", "6", "7"}, "reverse": {"0", "1"}, "scored": {"0", "1", ""}}
    for position, row in enumerate(codebook.to_dict("records")):
        place = f"codebook.csv, row {row_number(codebook, position)}, column"
        group, item = tidy(row["stage_group"]), tidy(row["item"])
        if group not in STAGE_GROUPS:
            raise InvalidData(f"{place} stage_group: “{short(group)}” is not P2P4 or P5P7.")
        if not item:
            raise InvalidData(f"{place} item: this cell is empty.")
        if item in PUPIL_COLUMNS or item == "response_id":
            raise InvalidData(f"{place} item: “{short(item)}” is the name of another column of pupils.csv.")
        if (group, item) in seen:
            raise InvalidData(f"{place} item: {short(item)} is listed twice for {group}.")
        seen.add((group, item))
        for column, values in allowed.items():
            if column in row and tidy(row[column]) not in values:
                described = "a whole number from 2 to 7" if column == "points" else "0 or 1"
                raise InvalidData(f"{place} {column}: “{short(tidy(row[column]))}” is not {described}.")


def _check_same_schools(pupils, schools):
    """Where both tables say where a school is, they must say the same."""
    pupil_codes, pupil_names = labels(pupils["school_id"])
    table_codes, table_names = labels(schools["school_id"])
    row_of = {table_names[code]: row for row, code in enumerate(table_codes)}
    table_row = np.array([row_of.get(name, -1) for name in pupil_names], dtype=int)[pupil_codes]
    for column in SCHOOL_COLUMNS:
        said, said_names = labels(pupils[column])
        listed, listed_names = labels(schools[column])
        here = np.append(np.asarray(said_names, dtype=object), "")[said]
        there = np.append(np.asarray(listed_names, dtype=object), "")[listed]
        there = np.where(table_row >= 0, there[table_row], "") if len(there) else np.full(len(here), "")
        wrong = np.flatnonzero((here != "") & (there != "") & (here != there))
        if wrong.size:
            row = wrong[0]
            raise InvalidData(
                f"pupils.csv, row {row_number(pupils, row)}, column {column}: school {short(pupil_names[pupil_codes[row]])} "
                f"has “{short(here[row])}” here and “{short(there[row])}” in schools.csv."
            )
