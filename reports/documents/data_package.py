"""What the columns of the evaluation files mean, as a Data Package (datapackage.org, version 2): JSON that a program can read.

Fields with types, constraints, answer words and missing values; keys between the files. The same data give the same bytes.
"""

import hashlib
import json

from reports.analysis.adults import AREAS as DISCIPLINES
from reports.analysis.adults import GROUPS
from reports.analysis.bands import AREAS, ROLL_BANDS
from reports.analysis.schema import STAGES, WAVES

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
ASKED = {"": "headteachers", "adults": "those whom adult_codebook.csv names"}
STAGE_GROUPS = {"P2P4": "P2 to P4", "P5P7": "P5 to P7"}
WAVE_WORDS = {"pre": "Before, the baseline", "post": "After, the follow-up"}
# Column: (type, label, description, constraints).
COLUMNS = {
    "response_id": (
        "integer",
        "Answer sheet",
        "A running number that says nothing else.",
        {"required": True, "unique": True},
    ),
    "school_id": (
        "string",
        "School",
        "A pseudonym, the same in every file and report of this cohort.",
        {"required": True},
    ),
    "cluster": (
        "string",
        "Cluster of schools",
        "A pseudonym: the cluster the school belonged to when first asked.",
        {},
    ),
    "la": ("string", "Local authority", "A pseudonym.", {}),
    "simd_quintile": (
        "integer",
        "Deprivation fifth of the school, 1 most deprived",
        "The fifth of Scotland’s primary schools that the school belongs to by the share of its pupils who live in the most "
        "deprived areas. Blank where the official share is hidden or not known.",
        {"minimum": 1, "maximum": 5},
    ),
    "roll_band": (
        "string",
        "Band of the school’s roll",
        "Coarse, so that no school is known by its size. Blank where the roll is not known.",
        {"enum": list(ROLL_BANDS)},
    ),
    "urban_rural": (
        "string",
        "Kind of area of the school",
        "Two kinds, from the official urban-rural classification. Blank where it is not known.",
        {"enum": list(AREAS)},
    ),
    "stage": ("string", "Stage of the pupil", "", {"required": True, "enum": list(STAGES)}),
    "pupil_code": (
        "string",
        "Pupil",
        "A pseudonym: the same at both waves of one school, so that two sheets can be linked. Blank where the slip was lost.",
        {},
    ),
    "wave": ("string", "Wave", "", {"required": True, "enum": list(WAVES)}),
    "stage_group": ("string", "Stage group", "Which questionnaire.", {"required": True, "enum": list(STAGE_GROUPS)}),
    "item": ("string", "Question", "The name of its column in pupils.csv.", {"required": True}),
    "points": ("integer", "Points of the scale", "", {"required": True, "minimum": 2, "maximum": 7}),
    "reverse": (
        "integer",
        "Turned round",
        "1 where agreeing is a negative answer.",
        {"required": True, "enum": [0, 1]},
    ),
    "scored": ("integer", "Part of the attitude scale", "", {"required": True, "enum": [0, 1]}),
    "construct": ("string", "What the question is about", "", {}),
    "text": ("string", "Wording", "", {}),
    "group": ("string", "Who", "Mentors, teachers or headteachers.", {"required": True, "enum": list(GROUPS)}),
    "person": (
        "string",
        "Person",
        "A pseudonym, the same both times. Blank for headteachers, who are asked once, and for teachers who answered by their "
        "school’s link.",
        {},
    ),
    "area": ("string", "Confidence in which discipline", "", {"enum": list(DISCIPLINES)}),
    "options": ("string", "What can be ticked", "code=words, a bar between one and the next.", {}),
    "asked": ("string", "Of whom and when", "Group and time, a semicolon between one and the next.", {}),
}
# What a column means differently in one table.
IN_TABLE = {
    ("adults", "school_id"): ("string", "School", "A pseudonym. Blank where none is known.", {}),
    ("adult_codebook", "item"): (
        "string",
        "Question",
        "The name of its column in adults.csv.",
        {"required": True, "unique": True},
    ),
    ("adult_codebook", "points"): (
        "integer",
        "Points of the scale",
        "0 where all that applies is ticked.",
        {"required": True, "enum": [0, *range(2, 8)]},
    ),
}
KEYS = {
    "pupils": ["response_id"],
    "ht": ["school_id"],
    "codebook": ["stage_group", "item"],
    "schools": ["school_id"],
    "adult_codebook": ["item"],
}
TITLES = {
    "pupils": "Pupils’ answer sheets, one row each, with the answers as they were given",
    "ht": "Headteachers’ ratings, one row for each rated school",
    "codebook": "The pupils’ questions",
    "schools": "The schools, under pseudonyms",
    "adults": "Sheets of mentors, teachers and headteachers, one row each",
    "adult_codebook": "The questions that adults were asked",
}


def data_package(tables, contents, questions, ratings, adult_questions, name, title, description):
    """The bytes of datapackage.json.

    tables      {the name of each file: data frame}
    contents    {the same names: bytes of the CSV file}
    questions   {(stage group, item): a question with ``text``, ``points`` and ``outside`` as (value, label) pairs}
    ratings     the headteachers' questions in the order of the columns ht1, ht2, ...
    adult_questions   {item: (such a question with ``options`` as well, [(group, time)])}
    """
    asked = {item: (group, question) for (group, item), question in questions.items()}
    asked |= {f"ht{number}": ("", question) for number, question in enumerate(ratings, start=1)}
    adults = {item: ("adults", question) for item, (question, _) in adult_questions.items()}
    package = {
        "$schema": PROFILE,
        "name": name,
        "title": title,
        "description": description,
        "resources": [
            _resource(table, frame, contents[table], adults if table == "adults" else asked)
            for table, frame in tables.items()
        ],
    }
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


def _resource(table, frame, content, asked):
    schema = {
        "fields": [_field(table, column, asked) for column in frame.columns],
        "fieldsMatch": "exact",
        "missingValues": _missing([asked[column][1] for column in frame.columns if column in asked]),
    }
    if table in KEYS:
        schema["primaryKey"] = KEYS[table]
    if table in ("pupils", "ht", "adults"):
        schema["foreignKeys"] = [
            {"fields": ["school_id"], "reference": {"resource": "schools", "fields": ["school_id"]}}
        ]
    return {
        "$schema": RESOURCE,
        "name": table,
        "title": TITLES[table],
        "path": f"{table}.csv",
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _missing(questions):
    """Every value that stands for no answer, with what it means."""
    outside = {code: label for question in questions for code, label in question.outside}
    return [{"value": "", "label": "No answer"}] + [
        {"value": code, "label": label} for code, label in sorted(outside.items())
    ]


def _field(table, column, asked):
    if column not in asked:
        kind, label, description, constraints = IN_TABLE.get((table, column)) or COLUMNS[column]
        field = {"name": column, "type": kind, "title": label}
        return field | ({"description": description} if description else {}) | {"constraints": constraints}
    group, question = asked[column]
    if not question.points:
        ticked = "; ".join(f"{code}: {label}" for code, label in question.options)
        description = f"All that applies, a semicolon between one and the next. {ticked}."
        return {"name": column, "type": "string", "title": question.text, "description": description}
    values = [value for value, _ in question.points]
    return {
        "name": column,
        "type": "integer",
        "title": question.text,
        "description": f"Asked of {ASKED.get(group) or STAGE_GROUPS[group]}.",
        "categories": [{"value": value, "label": label} for value, label in question.points],
        "categoriesOrdered": True,
        "constraints": {"minimum": min(values), "maximum": max(values)},
    }
