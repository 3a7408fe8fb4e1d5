"""The reading "adults": what mentors, teachers and headteachers say.

Three kinds of table, each question in exactly one of them:

confidence   before and after, separately for science, technology, engineering and mathematics and for each group;
             never one figure for all four
agreement    every other question with a scale, the groups side by side
choices      questions where all that applies is ticked: shares of the people who ticked anything, which need not sum
             to 100

Of every question and time: ``base``, the sheets on which it was asked; ``n``, how many answered on the scale;
``cannot_say``, how many gave an answer outside it (cannot say, too early to say, not applicable, prefer not to say),
which is left out of every share and is itself a share of all who gave any answer; ``blank``, the rest of the base.
*Positive* is above the midpoint: agree and strongly agree of five. A question that was not asked at a time has no base
there, which is not the same as a question that nobody answered.

Before and after stand beside each other in two ways. All answers of each time, matched or not; and, where a person's
sheets carry the same opaque id both times, that person's own change. An id that stands twice at one time is never
linked, a person who changed group is not either, and a group without any link says that it is unmatched.

Intervals are 95 %, by school (a person without a school counts as one of their own), and need ten of them: school
bootstrap for shares, CR2 for the mean change. Nothing is tested: these tables describe.

A reading is made for a whole cohort only. A cluster has two mentors, so no smaller place could be shown, and no two
readings have people in common that subtracting one from the other could single out. ``read`` applies the same
thresholds as everywhere (``schema.Rules``) before it hands anything over; see ``adult_disclosure``.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import wording
from reports.analysis import adult_disclosure
from reports.analysis.clustered import grouped, mean_change
from reports.analysis.coding import cells, labels, pack, short, tidy
from reports.analysis.descriptives import question_tables
from reports.analysis.matching import links
from reports.analysis.resampling import FEWEST_SCHOOLS, interval_of, ratios, school_weights
from reports.analysis.results import attempt, plain
from reports.analysis.scales import Instrument, recoded
from reports.analysis.schema import WAVES, InvalidData, row_number

GROUPS = ("mentor", "teacher", "head")
AREAS = ("science", "technology", "engineering", "mathematics")
TIMES = {"pre": "pre", "post": "post", "once": "post"}  # whoever is asked once is asked afterwards
ASKED_ONCE = {"head"}


@dataclass(frozen=True)
class Question:
    """One question that adults are asked.

    points    answers 1 to ``points`` on a scale, high is positive unless ``reverse``; 0 where all that applies is ticked
    options   of a question to tick: ((code, label), ...)
    area      one of AREAS for the questions on confidence, else blank
    asked     ((group, "pre" or "post"), ...): of whom and when; empty means of everybody, both times
    """

    key: str
    text: str
    points: int = 5
    reverse: bool = False
    construct: str = ""
    area: str = ""
    options: tuple = ()
    asked: tuple = ()

    def is_asked(self, group, wave):
        """Whether this group was asked at this time."""
        if group in ASKED_ONCE and wave == "pre":
            return False
        return not self.asked or (group, wave) in self.asked


@dataclass(frozen=True)
class AdultData:
    """The adults' answers of one cohort.

    sheets      one row a sheet: ``group`` (GROUPS), ``wave`` (TIMES), ``person`` (an opaque id, blank when there is no
                link), ``school_id``, and one column a question: the raw code, or the codes that were ticked with
                semicolons between them
    questions   in the order of the questionnaires
    """

    sheets: pd.DataFrame
    questions: tuple


@dataclass(frozen=True)
class _Sheets:
    """The sheets of one group, ordered by school; ``rows`` are their places in the data.

    unit   per sheet the number of its school, or of its person where no school is known
    """

    group: str
    schools: int
    rows: np.ndarray
    unit: np.ndarray
    post: np.ndarray
    person: np.ndarray
    weights: np.ndarray | None


def read(data, rules, seed=20150801):
    """The reading of one cohort's adults as plain JSON types, after disclosure control.

    data     AdultData; raises ``InvalidData`` with a sentence when it cannot be read
    rules    schema.Rules
    seed     of the school bootstrap

    returns  {groups: {group: counts and links}, confidence: {group: {area: table}}, agreement: [{item, text, ...,
             groups: {group: table}}], choices: [{item, text, groups: {group: {pre, post}}}], disclosure}; a table has
             the keys of the pupils' item tables and base_, cannot_say_, cannot_say_share_, blank_ and asked_ of both
             times, and what its pairs say. A group that handed in no sheet has no tables
    """
    return adult_disclosure.suppress(plain(describe(data, seed)), rules)


def describe(data, seed):
    """The same before disclosure control; for tests and for ``read``."""
    group, wave = _checked(data)
    scales = [question for question in data.questions if not question.options]
    ticked = [question for question in data.questions if question.options]
    raw = {question.key: cells(data.sheets[question.key]) for question in scales}
    found = {"groups": {}, "confidence": {}, "agreement": [], "choices": []}
    tables = {}
    for name in GROUPS:
        sheets = _sheets_of(name, data, group, wave, raw, seed)
        if not len(sheets.rows):
            continue
        linked, ambiguous = links(sheets.person, sheets.post)
        found["groups"][name] = _counts(sheets, linked, ambiguous)
        tables[name] = _scale_tables(sheets, scales, raw, linked)
        areas = {q.area: tables[name][q.key] for q in scales if q.area and _asked(q, name)}
        found["confidence"][name] = {area: areas[area] for area in AREAS if area in areas}
    for question in scales:
        if not question.area:
            of = {name: tables[name][question.key] for name in tables if _asked(question, name)}
            found["agreement"].append({**_named(question), "points": question.points, "groups": of})
    for question in ticked:
        of = {
            name: {when: _ticks(data.sheets[question.key], question, name, when, group, wave) for when in WAVES}
            for name in tables
            if _asked(question, name)
        }
        found["choices"].append({**_named(question), "groups": of})
    return found


def _checked(data):
    """The group and the time of every sheet; raises ``InvalidData`` for what cannot be read."""
    for column in ("group", "wave", "person", "school_id", *(question.key for question in data.questions)):
        if column not in data.sheets.columns:
            raise InvalidData(f"The adults’ answers have no column {short(column)}.")
    found = []
    for column, known in (("group", dict.fromkeys(GROUPS)), ("wave", TIMES)):
        values = [tidy(value).lower() for value in data.sheets[column].tolist()]
        wrong = next((row for row, value in enumerate(values) if value not in known), None)
        if wrong is not None:
            raise InvalidData(
                f"The adults’ answers, row {row_number(data.sheets, wrong)}, column {column}: “{short(values[wrong])}” is not "
                f"{' or '.join(known)}."
            )
        found.append(np.array([known[value] or value for value in values], dtype=object))
    return found


def _named(question):
    return {"item": question.key, "text": question.text, "construct": question.construct}


def _asked(question, group):
    return any(question.is_asked(group, wave) for wave in WAVES)


def _sheets_of(name, data, group, wave, raw, seed):
    rows = np.flatnonzero(group == name)
    post = wave[rows] == "post"
    person, people = labels(data.sheets["person"].iloc[rows])
    school, schools = labels(data.sheets["school_id"].iloc[rows])
    keys = pack([school, person, post, *(column[rows] for column in raw.values())])
    order = np.lexsort(keys[::-1]) if len(rows) else rows
    rows, post, person, school = rows[order], post[order], person[order].astype(np.int64), school[order]
    # Without a school, the person; without either, the sheet.
    alone = np.where(person >= 0, person, len(people) + np.arange(len(rows)))
    _, unit = np.unique(np.where(school >= 0, school, len(schools) + alone), return_inverse=True)
    order = np.argsort(unit, kind="stable")
    units = int(unit.max(initial=-1)) + 1
    weights = school_weights(units, seed) if units >= FEWEST_SCHOOLS else None
    return _Sheets(name, len(schools), rows[order], unit[order], post[order], person[order], weights)


def _counts(sheets, linked, ambiguous):
    pairs, both = len(linked[0]), sheets.post.any() and not sheets.post.all()
    return {
        "sheets_pre": int((~sheets.post).sum()),
        "sheets_post": int(sheets.post.sum()),
        "schools": sheets.schools,
        "linked": pairs,
        "without_link": int((sheets.person < 0).sum()),
        "ambiguous": int(ambiguous.sum()),
        "basis": ("matched" if pairs else "unmatched") if both else "once",
        "note": wording.adults_unmatched(sheets.group) if both and not pairs else "",
    }


def _scale_tables(sheets, questions, raw, linked):
    """{item: table} of one group."""
    instrument = _instrument(sheets.group, questions)
    answers, _, _ = recoded(raw, instrument, sheets.rows)
    outside = np.column_stack([raw[question.key][sheets.rows] == -1 for question in questions] or [answers > 0])
    for column, question in enumerate(questions):
        for wave in WAVES:
            if not question.is_asked(sheets.group, wave):
                answers[sheets.post == (wave == "post"), column] = 0
    both_times = answers[linked[0]], answers[linked[1]]
    tables = question_tables(answers, sheets.unit, sheets.post, both_times, instrument, sheets.weights)
    paired = _pair_tables(*both_times, sheets, sheets.unit[linked[0]], instrument)
    for column, (question, table) in enumerate(zip(questions, tables.values(), strict=True)):
        for wave in WAVES:
            here = sheets.post == (wave == "post")
            asked = question.is_asked(sheets.group, wave)
            table |= _bases(wave, asked, int(here.sum()), table[f"n_{wave}"], int(outside[here, column].sum()))
        table |= paired[column]
    return tables


def _instrument(group, questions):
    return Instrument(
        group=group,
        items=tuple(question.key for question in questions),
        points=np.array([question.points for question in questions], dtype=np.int16),
        reverse=np.array([question.reverse for question in questions], dtype=bool),
        scored=np.zeros(len(questions), dtype=bool),
        texts=tuple(question.text for question in questions),
        constructs=tuple(question.construct for question in questions),
    )


def _bases(wave, asked, sheets, n, outside):
    """What the shares of one time are shares of; nothing where the question was not asked."""
    if not asked:
        empty = dict.fromkeys((f"base_{wave}", f"cannot_say_{wave}", f"cannot_say_share_{wave}", f"blank_{wave}"))
        return {f"asked_{wave}": False, **empty}
    return {
        f"asked_{wave}": True,
        f"base_{wave}": sheets,
        f"cannot_say_{wave}": outside,
        f"cannot_say_share_{wave}": outside / (n + outside) if n + outside else None,
        f"blank_{wave}": sheets - n - outside,
    }


def _pair_tables(before, after, sheets, unit, instrument):
    """Per question what the matched people say: their positive shares both times and their mean change."""
    both, top = (before > 0) & (after > 0), instrument.positive_from()
    positive = [both & (answers >= top) for answers in (before, after)]
    limits = _pair_intervals(both, positive, unit, sheets.weights) if sheets.weights is not None else {}
    found = []
    for column in range(len(instrument.items)):
        n = int(both[:, column].sum())
        counts = [int(marks[:, column].sum()) for marks in positive]
        shares = [count / n if n else None for count in counts]
        entry = {
            "n_pos_pre_pair": counts[0],
            "n_pos_post_pair": counts[1],
            "pos_pre_pair": shares[0],
            "pos_post_pair": shares[1],
            "pos_change_pair": shares[1] - shares[0] if n else None,
            **{key: float(values[column]) for key, values in limits.items() if np.isfinite(values[column])},
        }
        here = both[:, column]
        if len(np.unique(unit[here])) >= FEWEST_SCHOOLS:
            change = (after[here, column] - before[here, column]).astype(float)
            fit = attempt(mean_change, change, grouped(unit[here]))
            entry |= {"mean_change_lo": fit["lo"], "mean_change_hi": fit["hi"]}
        found.append(entry)
    return found


def _pair_intervals(both, positive, unit, weights):
    tables = [np.zeros((weights.shape[1], both.shape[1])) for _ in range(3)]
    for table, marks in zip(tables, (both, *positive), strict=True):
        np.add.at(table, unit, marks)
    base, before, after = tables
    replicates = [ratios(weights, above, base) for above in (before, after)]
    enough = (base > 0).sum(axis=0) >= FEWEST_SCHOOLS
    found = {}
    for key, values in zip(
        ("pos_pre_pair", "pos_post_pair", "pos_change_pair"),
        (*replicates, replicates[1] - replicates[0]),
        strict=True,
    ):
        lo, hi = interval_of(values)
        found[f"{key}_lo"], found[f"{key}_hi"] = np.where(enough, lo, np.nan), np.where(enough, hi, np.nan)
    return found


def _ticks(column, question, name, when, group, wave):
    """Of one group at one time: the base, who ticked anything, and each option's count and share of those."""
    if not question.is_asked(name, when):
        return {"asked": False, "base": None, "n": None, "blank": None, "options": []}
    sheets = [_codes(value) for value in column[(group == name) & (wave == when)].tolist()]
    known = {code for code, _ in question.options}
    ticked = [codes & known for codes in sheets if codes & known]
    options = []
    for code, label in question.options:
        count = sum(code in codes for codes in ticked)
        options.append({"code": code, "label": label, "count": count, "share": count / len(ticked) if ticked else None})
    return {
        "asked": True,
        "base": len(sheets),
        "n": len(ticked),
        "blank": len(sheets) - len(ticked),
        "ticks": sum(option["count"] for option in options),
        "options": options,
    }


def _codes(value):
    return {code.strip() for code in tidy(value).split(";")} - {""}
