"""Invented answers of adults, small enough to count by hand."""

import pandas as pd

from reports.analysis.adults import AREAS, AdultData, Question

CONFIDENCE = tuple(
    Question(f"conf_{area}", f"How confident are you in teaching {area}?", area=area, construct="confidence")
    for area in AREAS
)
QUALITY = Question("quality", "The learning was of high quality.", construct="quality")
TOPICS = Question(
    "topics",
    "Which of these would you like more of?",
    points=0,
    options=(("space", "Space"), ("forces", "Forces"), ("code", "Computing")),
)
QUESTIONS = (*CONFIDENCE, QUALITY, TOPICS)


def sheet(group, wave, person="", school="", **answers):
    """One adult's sheet as a row."""
    blank = {question.key: "" for question in QUESTIONS}
    return {"group": group, "wave": wave, "person": person, "school_id": school, **blank, **answers}


def adult_data(rows, questions=QUESTIONS):
    """AdultData of some rows."""
    columns = ["group", "wave", "person", "school_id", *(question.key for question in questions)]
    return AdultData(pd.DataFrame(rows, columns=columns), tuple(questions))


def mentors(before, after, key="conf_science", linked=True):
    """Mentors' answers to one question before and after, person by person; each in a school of their own."""
    rows = []
    for wave, answers in (("pre", before), ("post", after)):
        for number, answer in enumerate(answers):
            if answer is not None:
                person = f"m{number}" if linked else ""
                rows.append(sheet("mentor", wave, person, f"S{number:02d}", **{key: answer}))
    return rows


def only(group, wave, answers, key="quality"):
    """Sheets without a link that answer one question."""
    return [sheet(group, wave, school=f"S{number:02d}", **{key: answer}) for number, answer in enumerate(answers)]
