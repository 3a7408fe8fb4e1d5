"""The pupils' sheets as an SPSS file (.sav): the rows of pupils.csv with labels, and every kind of no answer told apart.

Answers are numbers. What stands outside the scale is a number from 95 to 99 that SPSS takes for missing (`OUTSIDE`); a question
that was skipped, or that the pupil's questionnaire does not ask, is empty (system-missing). The same sheets give the same bytes.
"""

import re
import tempfile
from pathlib import Path

import pyreadstat

from reports.documents.data_package import COLUMNS, WAVE_WORDS

OUTSIDE = {"CS": 95, "TE": 96, "NS": 97, "ND": 98, "PN": 99, "PNS": 99}
NUMBERS = ("response_id", "simd_quintile")
# Where the header says when it was written: nine letters of the date, then eight of the time.
WRITTEN_AT, WRITTEN = 92, b"01 Jan 8000:00:00"
LONGEST_LABEL, LONGEST_WORDS = 255, 120  # bytes that SPSS keeps of a variable's label and of an answer's words


def pupils_sav(pupils, questions, label):
    """The bytes of pupils.sav.

    pupils      the frame of pupils.csv, all cells text
    questions   {(stage group, item): a question with ``text``, ``points`` and ``outside`` as (value, label) pairs}
    label       what the file calls itself, at most 64 letters
    """
    asked = {item: question for (_, item), question in questions.items()}
    names = dict(zip(pupils.columns, variable_names(pupils.columns), strict=True))
    frame = pupils.astype(str)
    for column in (*NUMBERS, *asked):
        frame[column] = _numbers(frame[column])
    frame = frame.rename(columns=names)
    words = {names[item]: _answer_words(question) for item, question in asked.items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pupils.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=label,
            column_labels=[_short(_label(column, asked), LONGEST_LABEL) for column in pupils.columns],
            variable_value_labels=words | {names["wave"]: WAVE_WORDS},
            missing_ranges={
                names[item]: [{"lo": min(OUTSIDE.values()), "hi": max(OUTSIDE.values())}] for item in asked
            },
            variable_measure={names[column]: _measure(column, asked) for column in pupils.columns},
            variable_format={names[column]: "F8.0" for column in (*NUMBERS, *asked)},
        )
        content = bytearray(path.read_bytes())
    content[WRITTEN_AT : WRITTEN_AT + len(WRITTEN)] = WRITTEN
    return bytes(content)


def variable_names(columns):
    """The names of columns as SPSS allows them: letters, figures and underscores, beginning with a letter, each once."""
    found = []
    for column in columns:
        name = plain = re.sub(r"^(?=[^A-Za-z])", "q", re.sub(r"[^A-Za-z0-9_]", "_", column))
        while name.lower() in {other.lower() for other in found}:
            name = f"{plain}_{len(found)}"
        found.append(name)
    return found


def _numbers(column):
    """Cells of text as numbers, NaN where blank."""
    meaning = {text: float("nan") if text == "" else float(OUTSIDE.get(text, text)) for text in column.unique()}
    return column.map(meaning).astype(float)


def _answer_words(question):
    known = [*question.points, *((OUTSIDE[code], label) for code, label in question.outside)]
    return {float(value): _short(label, LONGEST_WORDS) for value, label in known}


def _label(column, asked):
    return asked[column].text if column in asked else COLUMNS[column][1]


def _measure(column, asked):
    return "ordinal" if column in asked or column == "simd_quintile" else "nominal"


def _short(text, limit):
    return text.encode()[:limit].decode(errors="ignore")
