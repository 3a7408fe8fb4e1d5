"""A file of pupils' answers (the layout of pupils.csv) read into plain rows for one wave; nothing is stored here.

Columns: school_id, stage, pupil_code, wave, and one for each item; order is free, others are ignored and named. A school is its SEED
code with or without the sector ("9900417-P", "9900417"). A row that cannot belong to the wave is left out with its row, column and
reason. An answer outside the scale is data: it is kept as it stands and counted, and the analysis sets it aside.
"""

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field

from clusters.registers.cells import tidy
from clusters.registers.reader import open_sheets
from clusters.registers.readings import RegisterRefused
from surveys.choices import GROUP_BY_STAGE, Moment
from surveys.coding import names_nobody
from surveys.models import Response
from surveys.questionnaires import questionnaire

NEEDED = ("school_id", "stage", "pupil_code")
PLACES = ("cluster", "la", "simd_quintile", "response_id", "wave")
MAX_ROWS = 40_000  # three times the largest wave, and still read or brought in well within one request
MAX_REJECTED = 500  # shown and kept; all of them are counted
HEADING_ROWS = 5
LONGEST_CODE = 24
NO_NAMES = (
    "A code is figures with at most two letters beside them, such as P0123 or S12-044, or a picture code, such as owl-boat-37. "
    "Pupils’ names are never brought in."
)
_CODE = re.compile(r"[A-Za-z0-9 ._/-]*")
_NUMBER = re.compile(r"-?\d{1,4}(\.0+)?")
_NAMESPACE = uuid.UUID("6f0a3c1e-7f0e-5c8b-9d55-3f6c1f0f5a10")
_OTHER_MOMENT = {Moment.BASELINE: Moment.FOLLOW_UP, Moment.FOLLOW_UP: Moment.BASELINE}


class AnswerFileRefused(Exception):
    """The file cannot be used at all; the message is a sentence for the person who chose it."""


class _RowRefused(Exception):
    """One row cannot be used: (column, reason)."""


@dataclass
class AnswersReading:
    """What a file says: `rows` as [uuid, row number, school pk, stage, pupil code, answers], `rejected` as dicts, and counts."""

    sheet: str = ""
    rows: list = field(default_factory=list)
    rejected: list = field(default_factory=list)
    ignored: list = field(default_factory=list)
    counts: Counter = field(default_factory=Counter)

    def reject(self, row, column, reason, whole=True):
        """Write down a row (or with `whole=False` only one cell of it) that is left out."""
        self.counts["rejected" if whole else "unreadable"] += 1
        if len(self.rejected) < MAX_REJECTED:
            self.rejected.append({"row": row, "column": column, "reason": reason, "whole": whole})


def read_answers(file, name, wave, *, max_bytes):
    """Read a CSV or XLSX file (open for bytes, can seek) for a pupil wave. Raises AnswerFileRefused when it cannot be used."""
    try:
        sheet, heading_row, columns = _choose(open_sheets(file, name, max_bytes), name)
        return _Reader(wave, columns).read(sheet, heading_row, name)
    except RegisterRefused as refused:
        raise AnswerFileRefused(str(refused)) from refused


def _choose(sheets, name):
    """The sheet with the headings, its heading row and {heading: column}; the one that misses least is named when none fits."""
    best = None
    for sheet in sorted(sheets, key=lambda each: each.name != "pupils"):
        for number, cells in sheet.rows():
            if number > HEADING_ROWS:
                break
            headings = {column: tidy(text).lower() for column, text in cells.items()}
            missing = [needed for needed in NEEDED if needed not in headings.values()]
            if best is None or len(missing) < len(best[0]):
                best = (missing, sheet, number, headings)
    if best is None or best[0]:
        missing = ", ".join(f"“{each}”" for each in (best[0] if best else NEEDED))
        raise AnswerFileRefused(
            f"“{name}” has no column {missing} in its first {HEADING_ROWS} rows. Nothing was changed."
        )
    _, sheet, number, headings = best
    twice = [heading for heading, times in Counter(headings.values()).items() if times > 1]
    if twice:
        raise AnswerFileRefused(f"“{name}” has the column “{twice[0][:60]}” twice. Remove one. Nothing was changed.")
    return sheet, number, {heading: column for column, heading in headings.items()}


class _Reader:
    """Reads rows for one wave."""

    def __init__(self, wave, columns):
        self.wave = wave
        self.columns = columns
        self.reading = AnswersReading()
        self.seen = set()
        self.schools = {}
        for row in wave.schools.select_related("school").order_by("school__sector"):
            self.schools[row.school.key] = row.school
            self.schools.setdefault(row.school.seed_code, row.school)
        asked = [questionnaire(version) for version in wave.versions.select_related("instrument")]
        self.questions = {form.stage_group: self._present(form.questions) for form in asked}
        known = {question.key for form in asked for question in form.questions}
        self.reading.ignored = sorted(set(columns) - known - set(NEEDED) - set(PLACES))[:50]

    def _present(self, questions):
        return [
            (question.key, self.columns[question.key], _codes(question))
            for question in questions
            if question.key in self.columns
        ]

    def read(self, sheet, heading_row, name):
        """All rows below the headings."""
        if not any(self.questions.values()):
            raise AnswerFileRefused(f"“{name}” has no column of this survey’s questions. Nothing was changed.")
        self.reading.sheet = sheet.name
        counts = self.reading.counts
        for number, cells in sheet.rows():
            if number <= heading_row:
                continue
            counts["rows"] += 1
            if counts["rows"] > MAX_ROWS:
                raise AnswerFileRefused(f"“{name}” has more than {MAX_ROWS:,} rows. Split it. Nothing was changed.")
            try:
                self._row(number, cells)
            except _RowRefused as refused:
                self.reading.reject(number, *refused.args)
        counts["ready"] = len(self.reading.rows)
        if not counts["rows"]:
            raise AnswerFileRefused(f"“{name}” has headings and no rows. Nothing was changed.")
        return self.reading

    def _cell(self, cells, heading):
        return tidy(cells.get(self.columns.get(heading, 0), ""))

    def _row(self, number, cells):
        if not self._is_of_this_wave(self._cell(cells, "wave").lower()):
            self.reading.counts["other_wave"] += 1
            return
        school = self._school(self._cell(cells, "school_id"))
        stage = self._cell(cells, "stage").upper()
        group = GROUP_BY_STAGE.get(stage)
        if group not in self.questions:
            raise _RowRefused(
                "stage", f"{_quoted(stage)} is not a stage from P2 to P7." if stage else "The stage is blank."
            )
        # A slip prints its code with commas: "otter, kite, 52".
        code = re.sub(r"\s*,\s*", "-", self._cell(cells, "pupil_code"))
        if len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
            raise _RowRefused("pupil_code", f"A code has at most {LONGEST_CODE} letters, figures, hyphens and spaces.")
        if code and not names_nobody(code):
            raise _RowRefused("pupil_code", NO_NAMES)
        answers = self._answers(number, cells, self.questions[group])
        self._keep(number, school, stage, code, answers, self._cell(cells, "response_id"))

    def _is_of_this_wave(self, said):
        if "wave" not in self.columns or said == self.wave.moment:
            return True
        if said == _OTHER_MOMENT.get(self.wave.moment):
            return False
        raise _RowRefused("wave", f"{_quoted(said)} is neither pre nor post." if said else "The wave is blank.")

    def _school(self, said):
        school = self.schools.get(said.upper().removesuffix(".0"))
        if school is None:
            raise _RowRefused(
                "school_id",
                f"{_quoted(said)} is not the SEED code of a school of this survey." if said else "The school is blank.",
            )
        return school

    def _answers(self, number, cells, questions):
        answers = {}
        for key, column, codes in questions:
            text = cells.get(column, "")
            if text in codes:  # nearly every cell: nothing to tidy
                answers[key] = codes[text]
                continue
            text = tidy(text).upper()
            if not text:
                continue
            if _NUMBER.fullmatch(text):
                text = text.partition(".")[0]
            if text in codes:
                answers[key] = codes[text]
            elif _NUMBER.fullmatch(text):
                answers[key] = int(text)
                self.reading.counts["out_of_range"] += 1
            else:
                # Never kept: a word in an answer's cell could be a name.
                self.reading.reject(
                    number,
                    key,
                    "This answer is not a number or a code of the form. The rest of the row is kept.",
                    False,
                )
        return answers

    def _keep(self, number, school, stage, code, answers, response_id):
        said = sorted(answers.items())
        mark = uuid.uuid5(_NAMESPACE, repr((self.wave.pk, school.key, stage, code, said, response_id)))
        if mark in self.seen:
            self.reading.counts["identical"] += 1
            return
        self.seen.add(mark)
        self.reading.counts["blank_codes"] += not code
        self.reading.counts[stage] += 1
        self.reading.rows.append([str(mark), number, school.pk, stage, code, answers])


def _quoted(said):
    # What is written down about a row is kept: a word in the wrong column could be a name.
    return f"“{said}”" if len(said) <= LONGEST_CODE and names_nobody(said) else "This"


def _codes(question):
    return {text.upper(): code for text, code in question.codes.items()}


def stored_already(marks):
    """Which of these uuids (as text) are stored, as a set; asked for in portions that every database takes."""
    marks, found = list(marks), set()
    for first in range(0, len(marks), 900):
        rows = Response.objects.filter(uuid__in=marks[first : first + 900])
        found |= {str(mark) for mark in rows.values_list("uuid", flat=True)}
    return found
