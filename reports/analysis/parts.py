"""The parts that a place is made of, so that no two published tables give away a third by subtraction.

A national result consists of authorities and these of clusters, and each may have a report of its own. Whoever
holds the report of a place and of some of its parts can subtract: what is left is the table of the other parts.
So wherever a place shows a table, *the rest* must be safe as well: what remains of it when every part that shows
the same table is taken away. Where it is not, the smallest parts give way and hide the table too, until it is: the
table of a larger place tells more people more.

That is enough. Every difference that can be formed is the rest of some place, with whole parts added that are safe
themselves; and adding safe cells to safe cells leaves them safe. It needs each table to be shown whole or not at
all, and its coarser forms (a share, a base) wherever the finer one is: ``given`` of ``Tree.shown`` sees to that.

Schools count as well as pupils: a cluster or an authority of one or two schools has no report of its own, since whoever knows
them knows whose figures they are, and what is left of a larger place is none or at least three schools (``Rules.place_schools``).

A school without a cluster belongs to a part that has no report and so shows nothing.
"""

import numpy as np

from reports.analysis.matching import item_pairs
from reports.analysis.schema import STAGE_GROUPS, WAVES

CODES = 8


def parts_of(sheets, pairs, instruments, rated, high, baseline):
    """The counts of every cluster, from which the tables of all places are made.

    rated, high   per school: has a rating; is high
    baseline      ``attrition.Baseline``: who was asked at the start and who of them was matched

    returns  {clusters: {school id: the index of its cluster}; authority: per cluster, the index of its authority;
              schools: per cluster, how many of its schools answered;
              has_report: per cluster; authority_has_report: per authority;
              answers, outcomes, complete, matching, ratings: counts whose first axis is the cluster;
              authority_names: per authority; by_school: what ``_by_school`` gives}
    """
    places, leaf = np.unique(np.column_stack([sheets.authority, sheets.cluster]), axis=0, return_inverse=True)
    leaf = leaf.ravel()
    if not len(places):
        places = np.full((1, 2), -1)  # no sheet at all: one place with nothing in it
    authorities, authority = np.unique(places[:, 0], return_inverse=True)
    found = {
        "clusters": dict(zip(sheets.schools, leaf.tolist(), strict=True)),
        "authority": authority.ravel(),
        "schools": np.bincount(leaf[np.unique(sheets.school)], minlength=len(places)),
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
    found["by_school"] = _by_school(sheets, pairs, leaf, arm)
    found["authority_names"] = [sheets.authorities[name] if name >= 0 else "" for name in authorities.tolist()]
    return found


def _by_school(sheets, pairs, leaf, arm):
    """The outcomes of each school and what is known of it, for tables that cut across clusters (``breakdowns``).

    returns  {cluster: its index; quintile: 0 to 5; area: 0 urban or town, 1 rural, 2 not known; counts: schools x stage
              groups x rating groups x outcomes; change: the sum of the changes in SD of the baseline of their stage group}
    """
    sd = [pairs.b[pairs.group == index].std(ddof=1) if (pairs.group == index).sum() > 1 else 0.0 for index in range(2)]
    sd = np.array([value if value > 0 else np.inf for value in sd])
    outcome = np.where(pairs.dsum < 0, 0, np.where(pairs.dsum == 0, 1, 2))
    number = len(sheets.schools)
    return {
        "cluster": leaf,
        "quintile": sheets.quintile.astype(int),
        "area": sheets.area,
        "counts": _counted((number, 2, 3, 3), pairs.school, pairs.group, arm[pairs.school], outcome),
        "change": np.bincount(pairs.school, pairs.d / sd[pairs.group], number),
    }


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
    """The clusters of a programme, their authorities and the whole; and the place among them that is reported on.

    parts    what ``parts_of`` gives for the whole programme
    schools  the ids of the schools of the place
    fewest   schools that a place needs for a report of its own, and that the rest of a place needs (``Rules.place_schools``)
    """

    def __init__(self, parts, schools, fewest):
        self.authority, self.fewest = np.asarray(parts["authority"], dtype=int), fewest
        self.has_report = [
            np.asarray(parts["has_report"], dtype=bool),
            np.asarray(parts["authority_has_report"], dtype=bool),
            np.ones(1, dtype=bool),
        ]
        self.schools = np.asarray(parts["schools"], dtype=int)
        for level in (0, 1):
            self.has_report[level] = self.has_report[level] & (self._sums(self.schools)[level] >= fewest)
        here = np.zeros(len(self.authority), dtype=bool)
        here[[parts["clusters"][school] for school in schools]] = True
        self.place = self._place(here)

    def _place(self, here):
        """(level, position) of the place: 0 a cluster, 1 an authority, 2 the whole."""
        if here.all() or not here.any():
            return 2, 0
        authorities = np.unique(self.authority[here])
        if len(authorities) == 1 and here[self.authority == authorities[0]].all():
            return 1, int(authorities[0])
        (cluster,) = np.flatnonzero(here)
        return 0, int(cluster)

    def counts(self, table):
        """The counts of the place: its clusters' added up."""
        return self._sums(np.asarray(table))[self.place[0]][self.place[1]]

    def _sums(self, clusters):
        authorities = np.zeros((len(self.has_report[1]), *clusters.shape[1:]), dtype=clusters.dtype)
        np.add.at(authorities, self.authority, clusters)
        return [clusters, authorities, authorities.sum(axis=0, keepdims=True)]

    def _per_cluster(self, axes):
        """The number of schools of each cluster, to go with tables that have so many axes."""
        return self.schools.reshape(-1, *[1] * (axes - 1))

    def at(self, masks):
        """What ``shown`` gave for the place itself."""
        level, position = self.place
        return masks[level][position]

    def shown(self, counts, safe, given=None):
        """Which tables each cluster, each authority and the whole may show.

        counts   clusters x tables ... x cells
        safe     function of counts with any first axis: the mask (first axis x tables ...) of safe tables
        given    what this function gave for the coarser form of the same tables
        returns  three masks, of the clusters, the authorities and the whole
        """
        sums = self._sums(np.asarray(counts))
        masks = []
        for level, (table, has_report) in enumerate(zip(sums, self.has_report, strict=True)):
            mask = safe(table)
            mask &= has_report.reshape(-1, *[1] * (mask.ndim - 1))
            masks.append(mask if given is None else mask & given[level])
        clusters, authorities, whole = masks
        smallest_first = np.argsort(sums[0].reshape(len(self.authority), -1).sum(axis=1), kind="stable")
        # How many schools stand behind each table of each cluster.
        behind = np.where(sums[0].reshape(*clusters.shape, -1).any(axis=-1), self._per_cluster(clusters.ndim), 0)

        def tells(rest, schools):
            """Whether what is left of a place (tables x cells, and the schools behind them) is unsafe, or of too few schools."""
            return ~safe(rest[None])[0] | ((schools > 0) & (schools < self.fewest))

        def left(hidden, here=slice(None)):
            """What the tables that ``hidden`` picks add up to."""
            return _only(sums[0], hidden)[here].sum(axis=0), np.where(hidden, behind, 0)[here].sum(axis=0)

        unsafe = np.zeros_like(authorities)
        for above in range(len(authorities)):
            unsafe[above] = authorities[above] & tells(*left(~clusters, self.authority == above))
        for cluster in smallest_first:
            above = self.authority[cluster]
            give = unsafe[above] & clusters[cluster]
            if give.any():
                clusters[cluster] &= ~give
                unsafe[above] = authorities[above] & tells(*left(~clusters, self.authority == above))
        for cluster in smallest_first:
            above = self.authority[cluster]
            unsafe = whole[0] & tells(*left(~(clusters | authorities[self.authority])))
            if not unsafe.any():
                break
            # While its authority shows the table, a cluster that hides it changes nothing: both give way.
            clusters[cluster] &= ~unsafe
            authorities[above] &= ~unsafe
        return masks


def _only(counts, mask):
    """The counts of the tables that a mask picks, 0 for the others."""
    return np.where(mask.reshape(*mask.shape, *[1] * (counts.ndim - mask.ndim)), counts, 0)
