"""Which schools answered, beside all that were asked: are they like the others?

For each fact of a school that the table ``schools`` carries (deprivation fifth, band of the roll, kind of area): how many
schools of each kind were asked, how many sent sheets at baseline, and how many have matched pupils. Schools are counted, not
pupils. No test is made: a few dozen schools would hardly ever show a difference that matters.

Kinds of fewer schools than the rule are hidden (``hide``), and never one kind alone, since the kinds make up all schools.
"""

import numpy as np

from reports.analysis.bands import AREAS, ROLL_BANDS
from reports.analysis.cells import HIDDEN
from reports.analysis.coding import labels

FIFTHS = ("1", "2", "3", "4", "5")
FACTS = {"simd_quintile": FIFTHS, "roll_band": ROLL_BANDS, "urban_rural": AREAS}
COUNTS = ("asked", "before", "matched")


def representativeness(data, sheets, pairs):
    """{asked, before, after, matched: numbers of schools; facts: {fact: rows}}; a row is {group, asked, before, matched}.

    ``asked`` is None and ``facts`` empty where there is no table of schools. The last row of a fact, "", are the schools of
    which it is not known; a fact that is known of no school is left out.
    """
    before, after = (
        np.isin(np.arange(len(sheets.schools)), sheets.school[sheets.post == wave]) for wave in (False, True)
    )
    matched = np.isin(np.arange(len(sheets.schools)), pairs.school)
    found = {"asked": None, "before": int(before.sum()), "after": int(after.sum()), "matched": int(matched.sum())}
    if data.schools is None:
        return found | {"facts": {}}
    codes, names = labels(data.schools["school_id"])
    of = {name: number for number, name in enumerate(sheets.schools)}
    at = np.array([of.get(names[code], -1) for code in codes], dtype=int)
    here = at >= 0
    marks = {
        "asked": np.ones(len(at), dtype=bool),
        "before": here & np.append(before, False)[at],
        "matched": here & np.append(matched, False)[at],
    }
    facts = {fact: _rows(data.schools[fact], kinds, marks) for fact, kinds in FACTS.items() if fact in data.schools}
    return found | {"asked": len(at), "facts": {fact: rows for fact, rows in facts.items() if rows}}


def _rows(column, kinds, marks):
    codes, names = labels(column)
    values = np.append(np.array(names, dtype=object), "")[codes]
    if not np.isin(values, kinds).any():
        return []
    rows = []
    for kind in (*kinds, ""):
        here = values == kind if kind else ~np.isin(values, kinds)
        if kind or here.any():
            rows.append({"group": kind, **{name: int((here & mark).sum()) for name, mark in marks.items()}})
    return rows


def hide(found, rules):
    """Empty, in place, the rows of kinds that count 1 to ``rules.group_schools`` - 1 schools."""
    for rows in found["facts"].values():
        there = sorted((row for row in rows if row["asked"]), key=lambda row: row["asked"])
        few = sum(row["asked"] < rules.group_schools for row in there)
        # One alone could be had from the total: the next smallest goes with it.
        for row in there[: 2 if few == 1 else few]:
            row.update(dict.fromkeys(COUNTS), why=HIDDEN)
