"""The adults' answers as two tables of text, the way the evaluation files hold them.

adults          one row a sheet: ``group`` (mentor, teacher, head), ``wave`` (pre, post, once), ``person`` (an opaque id,
                blank when there is no link), ``school_id``, and one column a question: the raw code, or the codes that
                were ticked with semicolons between them
adult_codebook  one row a question: ``item``, ``text``, ``construct``, ``points`` (2 to 7, or 0 where all that applies is
                ticked), ``reverse`` (0 or 1), ``area`` (science, technology, engineering, mathematics or blank),
                ``options`` ("code=words|code=words" of a question to tick) and ``asked`` ("mentor pre;teacher post": of
                whom and when; blank means of everybody, both times)
"""

import pandas as pd

from reports.analysis.adults import AREAS, GROUPS, AdultData, Question
from reports.analysis.coding import cells, short, tidy
from reports.analysis.schema import WAVES, InvalidData, row_number

CODEBOOK_COLUMNS = ("item", "text", "construct", "points", "reverse", "area", "options", "asked")
SHEET_COLUMNS = ("group", "wave", "person", "school_id")
POINTS = frozenset(str(points) for points in (0, *range(2, 8)))


def adult_data(data):
    """The AdultData of an EvaluationData; None when it has no adults. Raises ``InvalidData`` naming file, row and column."""
    if data.adults is None or data.adult_codebook is None:
        return None
    for column in CODEBOOK_COLUMNS:
        if column not in data.adult_codebook.columns:
            raise InvalidData(f"adult_codebook.csv has no column {column}.")
    if not len(data.adult_codebook):
        raise InvalidData("adult_codebook.csv lists no questions.")
    questions = []
    for position, row in enumerate(data.adult_codebook.to_dict("records")):
        number = row_number(data.adult_codebook, position)
        question = _question({key: tidy(row[key]) for key in CODEBOOK_COLUMNS}, number)
        if any(question.key == other.key for other in questions):
            raise InvalidData(f"adult_codebook.csv, row {number}, column item: {short(question.key)} is listed twice.")
        if question.area and any(question.area == other.area for other in questions):
            raise InvalidData(
                f"adult_codebook.csv, row {number}, column area: another question is on {question.area} too."
            )
        questions.append(question)
    return AdultData(data.adults, tuple(questions))


def rejected(data):
    """The adults' answers that are counted as blank because the question does not have them, as ``pipeline.rejected`` lists them."""
    told = adult_data(data)
    found = []
    for question in told.questions if told else ():
        if question.key not in told.sheets.columns:
            continue
        known = {code for code, _ in question.options}
        for position, value in enumerate(map(tidy, told.sheets[question.key].tolist())):
            if known:
                bad = {code.strip() for code in value.split(";")} - {""} - known
            else:
                answer = cells(pd.Series([value]))[0] if value else 0
                bad = answer < -1 or answer > question.points
            if bad:
                reason = "no such option" if known else f"not an answer from 1 to {question.points}"
                row = row_number(told.sheets, position)
                found.append(
                    {"file": "adults.csv", "row": row, "column": question.key, "value": value, "reason": reason}
                )
    return found


def options_text(options):
    """The cell of the options of a question to tick."""
    return "|".join(f"{code}={label}" for code, label in options)


def asked_text(asked):
    """The cell of who was asked when."""
    return ";".join(f"{group} {wave}" for group, wave in asked)


def _question(row, number):
    place = f"adult_codebook.csv, row {number}, column"
    if not row["item"]:
        raise InvalidData(f"{place} item: this cell is empty.")
    if row["item"] in SHEET_COLUMNS:
        raise InvalidData(f"{place} item: “{short(row['item'])}” is the name of another column of adults.csv.")
    for column, known in (("points", POINTS), ("reverse", {"0", "1"}), ("area", {"", *AREAS})):
        if row[column] not in known:
            raise InvalidData(
                f"{place} {column}: “{short(row[column])}” is not one of {', '.join(sorted(known - {''}))}."
            )
    options = [tuple(part.strip() for part in text.split("=", 1)) for text in row["options"].split("|") if text.strip()]
    if bool(options) != (row["points"] == "0") or any(len(option) != 2 for option in options):
        raise InvalidData(
            f"{place} options: a question with 0 points, and no other, has options as “code=words|code=words”."
        )
    if len({code for code, _ in options}) < len(options):
        raise InvalidData(f"{place} options: a code stands twice.")
    asked = [tuple(text.split()) for text in row["asked"].split(";") if text.strip()]
    if any(len(each) != 2 or each[0] not in GROUPS or each[1] not in WAVES for each in asked):
        raise InvalidData(f"{place} asked: “{short(row['asked'])}” does not read like “mentor pre;teacher post”.")
    return Question(
        key=row["item"],
        text=row["text"] or row["item"],
        points=int(row["points"]),
        reverse=row["reverse"] == "1",
        construct=row["construct"],
        area=row["area"],
        options=tuple(options),
        asked=tuple(asked),
    )
