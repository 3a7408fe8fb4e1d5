"""Item tables: each question before and after.

Over all valid answers of each wave, matched or not: the count of each (recoded) answer, the share that is
positive (above the midpoint), the mean; beside them how many said that they were not sure and the like, and how many
left the question blank or gave an answer outside its scale. Over the analysable pairs that answered the question both times:
how many declined, held and improved, their net as a share, and the mean change.
Shares are proportions and stand beside their n. Intervals of the positive shares and of their
difference come from the school bootstrap, where at least ten schools answered this question at this time (for the
difference, at both times): from fewer the ends would come near single schools' own shares.
"""

import numpy as np

from reports.analysis.matching import item_pairs
from reports.analysis.resampling import FEWEST_SCHOOLS, interval_of, ratios, school_weights
from reports.analysis.schema import STAGE_GROUPS, WAVES


def item_tables(sheets, pairs, instruments, seed):
    """``{stage group: {item: table}}`` for the stage groups that have a codebook."""
    schools = len(sheets.schools)
    weights = school_weights(schools, seed) if schools >= FEWEST_SCHOOLS else None
    return {
        name: _group_table(sheets, pairs, instruments[name], index, weights)
        for index, name in enumerate(STAGE_GROUPS)
        if instruments[name].items
    }


def _group_table(sheets, pairs, instrument, index, weights):
    rows, answers = sheets.rows[index], sheets.answers[index]
    both_times = item_pairs(sheets, pairs, index)
    table = question_tables(answers, sheets.school[rows], sheets.post[rows], both_times, instrument, weights)
    came = np.bincount(sheets.post[rows], minlength=len(WAVES)).tolist()
    unscored = sheets.unscored[index].sum(axis=0).tolist()
    for wave, sheets_of_wave, counts in zip(WAVES, came, unscored, strict=True):
        for entry, number in zip(table.values(), counts, strict=True):
            entry[f"n_unscored_{wave}"] = number
            entry[f"n_blank_{wave}"] = sheets_of_wave - entry[f"n_{wave}"] - number
    return table


def question_tables(answers, school, post, pairs, instrument, weights):
    """``{item: table}`` of one instrument.

    answers   sheets x items, recoded, 0 for missing; the sheets ordered by school
    school    per sheet the number of its school, which is also its column of ``weights``
    post      per sheet whether it is from the second time
    pairs     (before, after): the recoded answers of those who answered both times
    weights   ``resampling.school_weights``, or None for no intervals
    """
    schools = weights.shape[1] if weights is not None else int(school.max(initial=-1)) + 1
    waves = [_wave(answers[post == wave], school[post == wave], instrument, schools) for wave in (False, True)]
    before, after = pairs
    both = (before > 0) & (after > 0)
    change = np.where(both, after.astype(np.int16) - before, 0)
    limits = _intervals(waves, weights) if weights is not None else {}
    table = {}
    for order, item in enumerate(instrument.items):
        entry = {
            "order": order + 1,
            "text": instrument.texts[order],
            "construct": instrument.constructs[order],
            "points": int(instrument.points[order]),
            "reverse": int(instrument.reverse[order]),
            "scored": bool(instrument.scored[order]),
        }
        for name, wave in zip(("pre", "post"), waves, strict=True):
            entry |= _described(name, wave, order, instrument.points[order])
        if entry["n_pre"] and entry["n_post"]:
            entry["pos_change"] = entry["pos_post"] - entry["pos_pre"]
        entry |= _paired(both[:, order], change[:, order])
        entry |= {key: float(values[order]) for key, values in limits.items() if np.isfinite(values[order])}
        table[item] = entry
    return table


def _wave(answers, school, instrument, schools):
    """Counts of one wave: per item and answer, and per school and item."""
    positive = (answers >= instrument.positive_from()).astype(np.int8)
    answered = (answers > 0).astype(np.int8)
    codes = answers.astype(np.int64) + 8 * np.arange(answers.shape[1])
    counts = np.bincount(codes.ravel(), minlength=8 * answers.shape[1]).reshape(answers.shape[1], 8)
    by_school = []
    for marks in (positive, answered):
        cumulated = np.zeros((schools, answers.shape[1]))
        if len(school):
            starts = np.flatnonzero(np.concatenate([[True], np.diff(school) != 0]))
            cumulated[school[starts]] = np.add.reduceat(marks, starts, axis=0, dtype=np.int64)
        by_school.append(cumulated)
    return {"counts": counts, "positive": by_school[0], "answered": by_school[1]}


def _described(name, wave, order, points):
    counts = wave["counts"][order][1 : points + 1]
    n = int(counts.sum())
    found = {f"n_{name}": n, f"counts_{name}": counts.tolist(), f"pos_{name}": None, f"mean_{name}": None}
    if n:
        positive = int(wave["positive"][:, order].sum())
        mean = float((counts * np.arange(1, points + 1)).sum() / n)
        found |= {f"pos_{name}": positive / n, f"n_pos_{name}": positive, f"mean_{name}": mean}
    return found


def _paired(both, change):
    n = int(both.sum())
    found = {"n_pair": n, "declined": None, "held": None, "improved": None, "mean_change": None}
    if n:
        declined, improved = int((change < 0).sum()), int((change > 0).sum())
        found |= {
            "declined": declined,
            "held": n - declined - improved,
            "improved": improved,
            "net": (improved - declined) / n,
            "mean_change": float(change.sum(dtype=np.int64) / n),
        }
    return found


def _intervals(waves, weights):
    """Bootstrap intervals of the positive shares and their difference: {key: array along items, NaN where too few schools}."""
    together = ratios(
        weights,
        np.column_stack([wave["positive"] for wave in waves]),
        np.column_stack([wave["answered"] for wave in waves]),
    )
    before, after = np.split(together, 2, axis=1)
    enough = [(wave["answered"] > 0).sum(axis=0) >= FEWEST_SCHOOLS for wave in waves]
    found = {}
    for key, replicates, here in (
        ("pos_pre", before, enough[0]),
        ("pos_post", after, enough[1]),
        ("pos_change", after - before, enough[0] & enough[1]),
    ):
        lo, hi = interval_of(replicates)
        found[f"{key}_lo"], found[f"{key}_hi"] = np.where(here, lo, np.nan), np.where(here, hi, np.nan)
    return found
