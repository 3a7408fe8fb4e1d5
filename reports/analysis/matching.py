"""Cleaning the answer sheets and linking baseline to follow-up.

1. Codes: inner and outer space and hyphens dropped, upper case; a blank code cannot be linked.
2. Rows that are identical after that keep one (``response_id``, when present, keeps them distinct).
3. The link key is (school, stage, code). A key seen more than once in a wave is ambiguous: its rows are
   never linked, are counted, and still serve where no link is needed. Never is there fuzzy matching.
4. A pupil who answers other questions the second time must not "change" because of that: a pair uses the
   scale items answered both times, and needs at least half of the scale (``analysable``).
   The difference of the two sums is a whole number, so that "held" is exact:
   ``d = (sum after - sum before) / items answered both times``.
5. Rows are put in an order of their own first (school, stage, code, wave, answers), so that the order
   of the input never matters, not even in the last decimal.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.analysis.bands import AREAS
from reports.analysis.coding import labels, pack, short
from reports.analysis.scales import raw_cells, recoded, scores
from reports.analysis.schema import STAGE_GROUPS, STAGES, row_number

FIFTHS = ("1", "2", "3", "4", "5")

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
SPACES = " \t\r\f\v\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000"
NOT_IN_A_CODE = dict.fromkeys(map(ord, DASHES + SPACES))


@dataclass(frozen=True)
class Sheets:
    """The answer sheets after cleaning, one element a sheet, in canonical order.

    schools          sorted ids; ``school`` indexes them
    authority, cluster, quintile  per school: authority and cluster index (or -1), quintile 1..5 (or 0)
    authorities, clusters  the names that ``authority`` and ``cluster`` index
    area             per school: 0 urban or town, 1 rural, 2 not known
    group            0 for P2-P4, 1 for P5-P7; ``post`` is True at follow-up
    rows, answers    per stage group: the sheets that use it and their recoded answers (0 missing)
    unscored         per stage group: schools x waves x items, how many answers were "not sure" and the like
    score            the sheet's score, NaN when too little was answered
    """

    schools: list
    authority: np.ndarray
    cluster: np.ndarray
    quintile: np.ndarray
    school: np.ndarray
    group: np.ndarray
    post: np.ndarray
    rows: list
    answers: list
    unscored: list
    score: np.ndarray
    links: tuple
    flow: dict
    data_hash: str
    authorities: list
    clusters: list
    area: np.ndarray


@dataclass(frozen=True)
class Pairs:
    """The analysable pairs, ordered by school; each array has one element a pair.

    b, y, d          mean before, mean after, mean difference over the items answered both times
    dsum             the difference of the sums, a whole number
    complete         every scale item answered both times
    pre, post        the two sheets
    """

    school: np.ndarray
    group: np.ndarray
    b: np.ndarray
    y: np.ndarray
    d: np.ndarray
    dsum: np.ndarray
    complete: np.ndarray
    pre: np.ndarray
    post: np.ndarray

    @property
    def declined(self):
        """Whether the change is below zero."""
        return self.dsum < 0

    def __len__(self):
        return len(self.b)

    def at(self, keep):
        """The pairs that ``keep`` (a mask or positions) picks."""
        return Pairs(**{name: getattr(self, name)[keep] for name in self.__dataclass_fields__})


def clean_code(text):
    """A pupil's code as it is compared."""
    return text.translate(NOT_IN_A_CODE).upper()


def clean(data, instruments):
    """Read, deduplicate and order the sheets.

    returns  (Sheets, source): ``source`` is the row of ``data.pupils`` that each sheet came from
    """
    pupils = data.pupils
    school, schools = labels(pupils["school_id"])
    stage, stages = labels(pupils["stage"], str.upper)
    wave, waves = labels(pupils["wave"], str.lower)
    code, codes = labels(pupils["pupil_code"], clean_code)
    raw = raw_cells(pupils, instruments)
    places = [labels(pupils[column])[0] for column in ("cluster", "la", "simd_quintile")]
    extra = [labels(pupils["response_id"])[0]] if "response_id" in pupils.columns else []
    keys = pack([school, stage, code, wave, *raw.values(), *places, *extra])

    order = np.lexsort(keys[::-1])
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    source = order[np.concatenate([[True], ~same])] if len(order) else order

    school, code = school[source], code[source]
    group = (
        np.array([STAGES[name] for name in stages] or [0], dtype=np.int8)[stage[source]]
        if len(stages)
        else np.zeros(0, np.int8)
    )
    post = np.array([name == "post" for name in waves], dtype=bool)[wave[source]] if waves else np.zeros(0, bool)
    rows, answers, odd, unscored = [], [], 0, []
    score = np.full(len(source), np.nan)
    for index, name in enumerate(STAGE_GROUPS):
        here = np.flatnonzero(group == index)
        values, odd_here, unscored_here = recoded(raw, instruments[name], source[here])
        rows.append(here)
        answers.append(values)
        score[here] = scores(values, instruments[name])
        unscored.append(_counted(unscored_here, school[here] * 2 + post[here], len(schools)))
        odd += odd_here

    blank = code < 0
    key = (school.astype(np.int64) * 8 + stage[source]) * (max(len(codes), 1) + 1) + code
    linked, ambiguous = links(np.where(blank, -1, key), post)
    flow = {
        "rows_raw": len(pupils),
        "rows_after_dedup": len(source),
        "duplicate_rows": len(pupils) - len(source),
        "out_of_range_values": odd,
        "unscored_answers": int(sum(counts.sum() for counts in unscored)),
        "blank_code_rows": int(blank.sum()),
        "ambiguous_rows": int(ambiguous.sum()),
        "linked_pairs": len(linked[0]),
        "pre_rows": int((~post).sum()),
        "post_rows": int(post.sum()),
        "schools": len(schools),
    }
    authority, cluster, quintile, authorities, clusters = _places(data, school, schools, source)
    sheets = Sheets(
        schools,
        authority,
        cluster,
        quintile,
        school,
        group,
        post,
        rows,
        answers,
        unscored,
        score,
        linked,
        flow,
        _hash(schools, school, group, post, answers, linked),
        authorities,
        clusters,
        _areas(data.schools, schools),
    )
    return sheets, source


def _counted(places, at, schools):
    """Counts (schools x waves x items) of sheets, which stand at ``at`` = 2 x school + wave; ``places`` per item picks some."""
    counts = [np.bincount(at[here], minlength=2 * schools) for here in places]
    return np.array(counts, dtype=np.int64).reshape(len(places), schools, 2).transpose(1, 2, 0)


def links(key, post):
    """Sheets to link, and which sheets are ambiguous because their key stands twice at one time.

    key      per sheet a whole number that is the same at both times, -1 where there is none
    returns  ((pre, post), ambiguous): positions of linked sheets in the order of their key; a mask
    """
    ambiguous = np.zeros(len(key), dtype=bool)
    sides = []
    for wave in (False, True):
        here = np.flatnonzero((post == wave) & (key >= 0))
        _, where, count = np.unique(key[here], return_inverse=True, return_counts=True)
        repeated = count[where] > 1 if len(here) else np.zeros(0, dtype=bool)
        ambiguous[here[repeated]] = True
        sides.append(here[~repeated])
    pre, after = sides
    _, in_pre, in_post = np.intersect1d(key[pre], key[after], assume_unique=True, return_indices=True)
    return (pre[in_pre], after[in_post]), ambiguous


def _places(data, school, schools, source):
    """Authority, cluster and quintile of each school: from ``schools`` where it says, else from the sheets."""
    place = {}
    for column in ("la", "cluster", "simd_quintile"):
        said = _by_school(
            data.pupils[column].iloc[source] if len(source) else data.pupils[column], school, len(schools)
        )
        if data.schools is not None:
            codes, names = labels(data.schools["school_id"])
            listed = labels(data.schools[column])
            of = {names[code]: listed[1][value] for code, value in zip(codes, listed[0], strict=True) if value >= 0}
            said = [of.get(name, value) for name, value in zip(schools, said, strict=True)]
        place[column] = said
    quintile = np.array([int(value) if value in FIFTHS else 0 for value in place["simd_quintile"]], dtype=np.int8)
    names = [sorted(set(place[column]) - {""}) for column in ("la", "cluster")]
    return _indexes(place["la"]), _indexes(place["cluster"]), quintile, *names


def _areas(table, schools):
    """Per school its place among ``AREAS``, and one after the last where it is not known."""
    found = np.full(len(schools), len(AREAS), dtype=np.int64)
    if table is None or "urban_rural" not in table.columns:
        return found
    codes, names = labels(table["school_id"])
    areas, known = labels(table["urban_rural"])
    of = {names[code]: AREAS.index(known[area]) for code, area in zip(codes, areas, strict=True) if area >= 0}
    return np.array([of.get(name, len(AREAS)) for name in schools], dtype=np.int64)


def _indexes(names):
    """The position of each name among the sorted names, -1 for blank."""
    positions = {name: index for index, name in enumerate(sorted(set(names) - {""}))}
    return np.array([positions.get(name, -1) for name in names], dtype=np.int64)


def _by_school(column, school, count):
    """The value that most sheets of each school carry (the first in the alphabet of equals)."""
    codes, names = labels(column)
    if not names:
        return [""] * count
    known = codes >= 0
    table = np.bincount(school[known] * len(names) + codes[known], minlength=count * len(names)).reshape(
        count, len(names)
    )
    return [names[best] if row[best] else "" for row, best in zip(table, table.argmax(axis=1), strict=True)]


def analysable(sheets, instruments):
    """The linked pairs with at least half of the scale answered both times."""
    pre, post = sheets.links
    place = np.zeros(len(sheets.school), dtype=np.int64)
    for rows in sheets.rows:
        place[rows] = np.arange(len(rows))
    parts = []
    for index, name in enumerate(STAGE_GROUPS):
        here = sheets.group[pre] == index
        before, after = pre[here], post[here]
        scale = instruments[name].scored
        x0 = sheets.answers[index][place[before]][:, scale]
        x1 = sheets.answers[index][place[after]][:, scale]
        both = (x0 > 0) & (x1 > 0)
        common = both.sum(axis=1)
        enough = (common > 0) & (common >= instruments[name].half())
        sum0 = (x0 * both).sum(axis=1, dtype=np.int64)[enough]
        sum1 = (x1 * both).sum(axis=1, dtype=np.int64)[enough]
        n = common[enough]
        parts.append(
            Pairs(
                school=sheets.school[before][enough],
                group=np.full(len(n), index, dtype=np.int8),
                b=sum0 / n,
                y=sum1 / n,
                d=(sum1 - sum0) / n,
                dsum=sum1 - sum0,
                complete=n == instruments[name].scale_size,
                pre=before[enough],
                post=after[enough],
            )
        )
    together = Pairs(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Pairs.__dataclass_fields__}
    )
    return together.at(np.argsort(together.pre, kind="stable"))


def item_pairs(sheets, pairs, index):
    """The recoded answers of the pairs of stage group ``index``: (before, after), 0 for missing."""
    place = np.zeros(len(sheets.school), dtype=np.int64)
    place[sheets.rows[index]] = np.arange(len(sheets.rows[index]))
    here = pairs.group == index
    return sheets.answers[index][place[pairs.pre[here]]], sheets.answers[index][place[pairs.post[here]]]


def rejected(data, instruments):
    """What was not used of the sheets and why, one dictionary each: file, row, column, value, reason."""
    pupils = data.pupils
    code, codes = labels(pupils["pupil_code"], clean_code)
    stage, stages = labels(pupils["stage"], str.upper)
    _, source = clean(data, instruments)
    kept = np.zeros(len(pupils), dtype=bool)
    kept[source] = True
    found = [(row, "", "", "identical to another row; one was kept") for row in np.flatnonzero(~kept)]
    found += [(row, "pupil_code", "", "no code: cannot be linked") for row in np.flatnonzero(kept & (code < 0))]
    frame = pd.DataFrame(
        {
            "school": labels(pupils["school_id"])[0],
            "stage": stage,
            "code": code,
            "wave": labels(pupils["wave"], str.lower)[0],
        }
    )
    doubled = np.zeros(len(pupils), dtype=bool)
    doubled[kept] = frame[kept].duplicated(keep=False).to_numpy()
    found += [
        (row, "pupil_code", codes[code[row]], "code used more than once in this wave: not linked")
        for row in np.flatnonzero(doubled & (code >= 0))
    ]
    group = np.array([STAGES[name] for name in stages] or [0])[stage]
    raw = raw_cells(pupils, instruments)
    for index, name in enumerate(STAGE_GROUPS):
        for item, points in zip(instruments[name].items, instruments[name].points, strict=True):
            column = raw[item]
            bad = kept & (group == index) & (column != 0) & (column != -1) & ((column < 1) | (column > points))
            cell = pupils[item]
            found += [
                (row, item, str(cell.iloc[row]), f"not an answer from 1 to {points}") for row in np.flatnonzero(bad)
            ]
    found += _doubtful_places(pupils)
    found.sort(key=lambda entry: (entry[0], entry[1]))
    return [
        {"file": "pupils.csv", "row": row_number(pupils, row), "column": column, "value": value, "reason": reason}
        for row, column, value, reason in found
    ]


def _doubtful_places(pupils):
    """What the sheets say of their school and is not used: no fifth, or another place than most sheets of the school."""
    fifth, fifths = labels(pupils["simd_quintile"])
    known = np.array([name in FIFTHS for name in fifths] + [True])
    found = [
        (row, "simd_quintile", fifths[fifth[row]], "not a fifth from 1 to 5") for row in np.flatnonzero(~known[fifth])
    ]
    school, schools = labels(pupils["school_id"])
    for column, what in (("la", "authority"), ("cluster", "cluster"), ("simd_quintile", "fifth")):
        code, names = labels(pupils[column])
        used = np.array([*_by_school(pupils[column], school, len(schools)), ""], dtype=object)[school]
        other = (code >= 0) & (np.array([*names, ""], dtype=object)[code] != used)
        found += [
            (
                row,
                column,
                names[code[row]],
                f"another {what} than most sheets of this school: “{short(used[row])}” is used",
            )
            for row in np.flatnonzero(other)
        ]
    return found


def _hash(schools, school, group, post, answers, linked):
    """sha256 of the cleaned sheets in canonical order: the same for the same data in any order."""
    digest = hashlib.sha256("\n".join(schools).encode())
    for part in (school.astype("<i4"), group, post, *answers, linked[0].astype("<i8"), linked[1].astype("<i8")):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()
