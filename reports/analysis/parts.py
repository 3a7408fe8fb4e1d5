"""The parts that a place is made of, so that no two published tables give away a third by subtraction.

A national result consists of authorities and these of clusters, and each may have a report of its own. Whoever
holds the report of a place and of some of its parts can subtract: what is left is the table of the other parts.
So a place shows a table only where two tables are safe: its own, and *the rest*, which is what remains of it when
every part that shows the same table is taken away.

That is enough. Every difference that can be formed is the rest of some place, with whole parts added that are safe
themselves; and adding safe cells to safe cells leaves them safe. It needs each table to be shown whole or not at
all, and its coarser forms (a share, a base) wherever the finer one is: ``given`` of ``Tree.shown`` sees to that.

A school without a cluster belongs to a part that has no report and so shows nothing.
"""

import numpy as np

from reports.analysis.matching import item_pairs
from reports.analysis.schema import STAGE_GROUPS, WAVES

CODES = 8


def parts_of(sheets, pairs, instruments, rated, high, baseline):
    """The counts of every cluster from which a place's tables are made.

    rated, high   per school: has a rating; is high
    baseline      ``attrition.Baseline``: who was asked at the start and who of them was matched

    returns  {authority: per cluster, the index of its authority; has_report: per cluster;
              authority_has_report: per authority; answers, outcomes, complete, matching, ratings: counts whose
              first axis is the cluster}, in plain lists
    """
    places, leaf = np.unique(np.column_stack([sheets.authority, sheets.cluster]), axis=0, return_inverse=True)
    leaf = leaf.ravel()
    if not len(places):
        places = np.full((1, 2), -1)
    authorities, authority = np.unique(places[:, 0], return_inverse=True)
    found = {
        "authority": authority.ravel(),
        "has_report": places[:, 1] >= 0,
        "authority_has_report": authorities >= 0,
        "answers": {
            name: _answers(sheets, pairs, instruments[name], index, leaf, len(places))
            for index, name in enumerate(STAGE_GROUPS)
        },
    }
    outcome = np.where(pairs.dsum < 0, 0, np.where(pairs.dsum == 0, 1, 2))
    arm = np.where(~rated, 2, np.where(high, 0, 1))
    at = leaf[pairs.school]
    found["outcomes"] = {
        "all": _counted((len(places), 1, 3), at, np.zeros(len(at), dtype=int), outcome),
        "stage": _counted((len(places), 2, 3), at, pairs.group, outcome),
        "arm": _counted((len(places), 3, 3), at, arm[pairs.school], outcome),
    }
    # Per stage group: declined and not, of the pairs with every item and of the others.
    found["complete"] = _counted((len(places), 2, 2, 2), at, pairs.group, ~pairs.complete, ~pairs.declined)
    found["matching"] = {
        "all": _matching(baseline, leaf, len(places), np.zeros(len(leaf), dtype=int)[baseline.school], 1),
        "stage": _matching(baseline, leaf, len(places), baseline.group, 2),
        "arm": _matching(baseline, leaf, len(places), arm[baseline.school], 3),
        "deprivation": _matching(baseline, leaf, len(places), np.digitize(sheets.quintile, [1, 3])[baseline.school], 3),
    }
    compared = np.unique(pairs.school)
    found["ratings"] = np.column_stack(
        [
            *(np.bincount(leaf, rated & (high == is_high), len(places)) for is_high in (True, False)),
            *(
                np.bincount(leaf[compared], (rated & (high == is_high))[compared], len(places))
                for is_high in (True, False)
            ),
            *(found["outcomes"]["arm"][:, row].sum(axis=1) for row in (0, 1)),
        ]
    ).astype(int)
    return found


def _counted(shape, *indexes):
    """A table of counts: how often each combination of indexes occurs."""
    flat = np.ravel_multi_index([np.asarray(index, dtype=int) for index in indexes], shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)


def _answers(sheets, pairs, instrument, index, leaf, places):
    """Counts of one stage group: {pre, post: places x items x codes 0..7; pairs: places x items x 3 outcomes}."""
    rows, answers = sheets.rows[index], sheets.answers[index]
    items = len(instrument.items)
    at, post = leaf[sheets.school[rows]], sheets.post[rows]
    found = {}
    for wave in WAVES:
        here = post == (wave == "post")
        found[wave] = _item_counts(places, items, CODES, at[here], answers[here].astype(int))
        found[wave][..., 0] = 0
    before, after = item_pairs(sheets, pairs, index)
    both = (before > 0) & (after > 0)
    change = np.sign(after.astype(np.int16) - before)
    pair_at = leaf[pairs.school[pairs.group == index]]
    # The fourth outcome, not answered both times, is counted and dropped.
    found["pairs"] = _item_counts(places, items, 4, pair_at, np.where(both, change + 1, 3))[..., :3]
    return found


def _item_counts(places, items, codes, at, answers):
    flat = (at[:, None] * items + np.arange(items)) * codes + answers
    return np.bincount(flat.ravel(), minlength=places * items * codes).reshape(places, items, codes)


def _matching(baseline, leaf, places, row, rows):
    return _counted((places, rows, 2), leaf[baseline.school], row, ~baseline.matched)


class Tree:
    """The clusters of a place, their authorities, and the place itself."""

    def __init__(self, parts):
        authority = np.asarray(parts["authority"], dtype=int)
        has_report = np.asarray(parts["has_report"], dtype=bool)
        authority_has_report = np.asarray(parts["authority_has_report"], dtype=bool)
        # For each level: which part of it every part of the level below belongs to, and which have reports.
        self.levels = [
            (np.arange(len(authority)), has_report),
            (authority, authority_has_report),
            (np.zeros(len(authority_has_report), dtype=int), np.ones(1, dtype=bool)),
        ]

    def shown(self, counts, safe, given=None):
        """Which tables each cluster, each authority and the place may show.

        counts   clusters x tables ... x cells
        safe     function of counts with any first axis: the mask (first axis x tables ...) of safe tables
        given    what this function gave for the coarser form of the same tables
        returns  three masks, of the clusters, the authorities and the place; the last is what counts for a report
        """
        whole = rest = np.asarray(counts)
        masks = []
        for depth, (above, has_report) in enumerate(self.levels):
            whole, rest = (_summed(table, above, len(has_report)) for table in (whole, rest))
            mask = safe(whole) & safe(rest)
            mask &= has_report.reshape(-1, *[1] * (mask.ndim - 1))
            if given is not None:
                mask &= given[depth]
            rest = np.where(mask.reshape(*mask.shape, *[1] * (rest.ndim - mask.ndim)), 0, rest)
            masks.append(mask)
        return masks


def _summed(table, above, size):
    found = np.zeros((size, *table.shape[1:]), dtype=table.dtype)
    np.add.at(found, above, table)
    return found
