"""The parts that a place is made of, so that no two published tables give away a third by subtraction.

A national result consists of authorities and these of clusters, and each may have a report of its own. Whoever
holds the report of a place and of some of its parts can subtract: what is left is the table of the other parts.
So wherever a place shows a table, *the rest* must be safe as well: what remains of it when every part that shows
the same table is taken away. Where it is not, the smallest parts give way and hide the table too, until it is: the
table of a larger place tells more people more.

That is enough. Every difference that can be formed is the rest of some place, with whole parts added that are safe
themselves; and adding safe cells to safe cells leaves them safe. It needs each table to be shown whole or not at
all, and its coarser forms (a share, a base) wherever the finer one is: ``given`` of ``Tree.shown`` sees to that.

Schools count as well as pupils: whoever knows one or two schools knows whose figures they are. So a place shows a table only
where at least three schools stand behind each of its rows, and what is left of a larger place is none or at least three
schools (``Rules.place_schools``). Table by table: a school that sent no follow-up does not stand behind the follow-up's. The
schools without a rating are a row of the table by rating group, since all pupils less the two groups are theirs.

A school without a cluster belongs to a part that has no report and so shows nothing.
"""

import itertools
from dataclasses import dataclass

import numpy as np

from reports.analysis.matching import item_pairs
from reports.analysis.schema import STAGE_GROUPS, WAVES

CODES, WHOLE = 8, 2


@dataclass(frozen=True)
class Counts:
    """Tables of counts of every cluster.

    cells     clusters x tables ... x cells
    schools   clusters x tables ...: how many schools have anything in each table
    """

    cells: np.ndarray
    schools: np.ndarray

    def of(self, cells):
        """Other cells made of these, cluster by cluster and table by table: the same schools stand behind them."""
        schools = self.schools.reshape(*self.schools.shape, *[1] * (cells.ndim - self.cells.ndim))
        return Counts(cells, np.broadcast_to(schools, cells.shape[:-1]))


def parts_of(sheets, pairs, instruments, rated, high, baseline):
    """The counts of every cluster, from which the tables of all places are made.

    rated, high   per school: has a rating; is high
    baseline      ``attrition.Baseline``: who was asked at the start and who of them was matched

    returns  {clusters: {school id: the index of its cluster}; authority: per cluster, the index of its authority;
              has_report: per cluster; authority_has_report: per authority;
              sheets, missing, answers, outcomes, complete, matching, ratings: ``Counts``;
              authority_names: per authority; cluster_names: per cluster; by_school: what ``_by_school`` gives}
    """
    places, leaf = np.unique(np.column_stack([sheets.authority, sheets.cluster]), axis=0, return_inverse=True)
    leaf = leaf.ravel()
    if not len(places):
        places = np.full((1, 2), -1)  # no sheet at all: one place with nothing in it
    authorities, authority = np.unique(places[:, 0], return_inverse=True)
    found = {
        "clusters": dict(zip(sheets.schools, leaf.tolist(), strict=True)),
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
    at, number = pairs.school, len(leaf)

    def gathered(shape, *indexes):
        return _gathered(_counted((number, *shape), *indexes), leaf, len(places))

    found["outcomes"] = {
        "all": gathered((1, 3), at, np.zeros(len(at), dtype=int), outcome),
        "stage": gathered((2, 3), at, pairs.group, outcome),
        "arm": gathered((3, 3), at, arm[at], outcome),
    }
    # Stage groups x waves: sheets that came with a score, and without.
    unscored = np.isnan(sheets.score).astype(int)
    found["sheets"] = gathered(
        (len(STAGE_GROUPS), len(WAVES), 2), sheets.school, sheets.group, sheets.post.astype(int), unscored
    )
    missing = _missing(sheets, instruments, leaf, len(places))
    # How many schools a mean needs, ``sheets`` says.
    found["missing"] = Counts(missing[..., None], np.zeros(missing.shape, dtype=int))
    # Per stage group: declined and not, of the pairs with every item and of the others.
    found["complete"] = gathered((2, 2, 2), at, pairs.group, ~pairs.complete, ~pairs.declined)
    asked = baseline.school
    rows = {
        "all": (np.zeros(len(asked), dtype=int), 1),
        "stage": (baseline.group, 2),
        "arm": (arm[asked], 3),
        "deprivation": (np.digitize(sheets.quintile, [1, 3])[asked], 3),
    }
    found["matching"] = {
        name: gathered((width, 2), asked, row, ~baseline.matched) for name, (row, width) in rows.items()
    }
    compared = np.unique(at)
    ratings = np.column_stack(
        [
            *(np.bincount(leaf, rated & (high == is_high), len(places)) for is_high in (True, False)),
            *(
                np.bincount(leaf[compared], (rated & (high == is_high))[compared], len(places))
                for is_high in (True, False)
            ),
            *(found["outcomes"]["arm"].cells[:, row].sum(axis=1) for row in (0, 1)),
        ]
    ).astype(int)
    # How many schools each group needs, the rule for ratings itself says (``safety``).
    found["ratings"] = Counts(ratings, np.zeros(len(places), dtype=int))
    found["by_school"] = _by_school(sheets, pairs, leaf, arm)
    found["cluster_names"] = [sheets.clusters[name] if name >= 0 else "" for name in places[:, 1].tolist()]
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


def _gathered(schools, leaf, places):
    """The tables of schools (schools x tables ... x cells) as ``Counts`` of their clusters."""
    cells = np.zeros((places, *schools.shape[1:]), dtype=int)
    behind = np.zeros((places, *schools.shape[1:-1]), dtype=int)
    np.add.at(cells, leaf, schools)
    np.add.at(behind, leaf, (schools > 0).any(axis=-1))
    return Counts(cells, behind)


def _answers(sheets, pairs, instrument, index, leaf, places):
    """``Counts`` of one stage group: {pre, post: places x items x codes 0..7; pairs: places x items x 3 outcomes;
    unscored_pre, unscored_post: places x items x 1}."""
    rows, answers = sheets.rows[index], sheets.answers[index]
    items, number = len(instrument.items), len(leaf)
    at, post = sheets.school[rows], sheets.post[rows]
    found = {}
    for wave in WAVES:
        here = post == (wave == "post")
        counts = _item_counts(number, items, CODES, at[here], answers[here].astype(int))
        counts[..., 0] = 0
        found[wave] = _gathered(counts, leaf, places)
        found[f"unscored_{wave}"] = _gathered(sheets.unscored[index][:, WAVES.index(wave), :, None], leaf, places)
    before, after = item_pairs(sheets, pairs, index)
    both = (before > 0) & (after > 0)
    change = np.sign(after.astype(np.int16) - before)
    pair_at = pairs.school[pairs.group == index]
    # The fourth outcome, not answered both times, is counted and dropped.
    counts = _item_counts(number, items, 4, pair_at, np.where(both, change + 1, 3))[..., :3]
    found["pairs"] = _gathered(counts, leaf, places)
    return found


def _missing(sheets, instruments, leaf, places):
    """How many answers to the questions of the scale are missing on sheets with a score: clusters x stage groups x waves.

    A sheet without a score is no part of a mean, so what it leaves out keeps nothing open.
    """
    found = np.zeros((places, len(STAGE_GROUPS), len(WAVES)), dtype=int)
    for index, name in enumerate(STAGE_GROUPS):
        rows = sheets.rows[index]
        blank = (sheets.answers[index][:, instruments[name].scored] == 0).sum(axis=1)
        blank[np.isnan(sheets.score[rows])] = 0
        np.add.at(found, (leaf[sheets.school[rows]], index, sheets.post[rows].astype(int)), blank)
    return found


def _item_counts(places, items, codes, at, answers):
    flat = (at[:, None] * items + np.arange(items)) * codes + answers
    return np.bincount(flat.ravel(), minlength=places * items * codes).reshape(places, items, codes)


class Tree:
    """The clusters of a programme, their authorities and the whole; and the place among them that is reported on.

    parts        what ``parts_of`` gives for the whole programme
    schools      the ids of the schools of the place
    fewest       schools that must stand behind a row of a place, and behind what is left of one (``Rules.place_schools``)
    guard_whole  whether that holds for the rows of the whole programme too; not for an evaluator, who has its data
    """

    def __init__(self, parts, schools, fewest, guard_whole=True):
        self.authority, self.fewest = np.asarray(parts["authority"], dtype=int), fewest
        self.guard_whole = guard_whole
        self.has_report = [
            np.asarray(parts["has_report"], dtype=bool),
            np.asarray(parts["authority_has_report"], dtype=bool),
            np.ones(1, dtype=bool),
        ]
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

    def authority_here(self):
        """The position of the authority that is the place, or the only one of the whole; None for any other place."""
        level, position = self.place
        if level == WHOLE:
            return 0 if len(self.has_report[1]) == 1 else None
        return position if level == 1 else None

    def levels(self, table):
        """The cells of all clusters, of all authorities and of the whole."""
        return self._sums(table.cells)

    def _sums(self, clusters):
        authorities = np.zeros((len(self.has_report[1]), *clusters.shape[1:]), dtype=clusters.dtype)
        np.add.at(authorities, self.authority, clusters)
        return [clusters, authorities, authorities.sum(axis=0, keepdims=True)]

    def _every(self, clusters):
        """Whether a mask holds of every cluster, of every cluster of an authority, and of all."""
        authorities = np.ones((len(self.has_report[1]), *clusters.shape[1:]), dtype=bool)
        np.logical_and.at(authorities, self.authority, clusters)
        return [clusters, authorities, authorities.all(axis=0, keepdims=True)]

    def at(self, masks):
        """What ``shown`` gave for the place itself."""
        level, position = self.place
        return masks[level][position]

    def shown(self, counts, safe, given=None, known=None):
        """Which tables each cluster, each authority and the whole may show.

        counts   ``Counts``
        safe     function of cells with any first axis: the mask (first axis x tables ...) of safe tables
        given    what this function gave for the coarser form of the same tables
        known    masks of the same form: which tables tell nothing new, since all of it is shown elsewhere. Nor does what is left
                 of such a place when only such parts are taken away, or where only such clusters are left
        returns  three masks, of the clusters, the authorities and the whole
        """
        sums, behind = self._sums(counts.cells), self._sums(counts.schools)
        masks = [safe(table) for table in sums]
        known = [np.zeros_like(mask) for mask in masks] if known is None else known
        for level, has_report in enumerate(self.has_report):
            mask = masks[level] | known[level]
            mask &= has_report.reshape(-1, *[1] * (mask.ndim - 1))
            if level < WHOLE or self.guard_whole:
                mask &= ~self._few(behind[level], mask.ndim)
            masks[level] = mask if given is None else mask & given[level]
        clusters, authorities, whole = masks
        smallest_first = np.argsort(sums[0].reshape(len(self.authority), -1).sum(axis=1), kind="stable")

        def tells(level, hidden, taken):
            """Whether what is left of the places of a level, the tables of clusters that ``hidden`` picks, is unsafe or of too few schools.

            taken   per cluster: whether the part that it is taken away with is known
            """
            rest, schools = (self._sums(_only(each, hidden))[level] for each in (sums[0], behind[0]))
            nothing_new = known[level] & self._every(taken | hidden)[level] | self._every(known[0] | ~hidden)[level]
            return ~(safe(rest) | nothing_new) | self._few(schools, clusters.ndim)

        unsafe = authorities & tells(1, ~clusters, known[0])
        # One part of which not all is known leaves enough by itself; one that counts nothing would give way for nothing.
        counted = sums[0].reshape(*clusters.shape, -1).any(axis=-1)
        for first, cluster in itertools.product((True, False), smallest_first):
            if not unsafe.any():
                break
            above = self.authority[cluster]
            give = unsafe[above] & clusters[cluster] & (~known[0][cluster] if first else counted[cluster])
            if give.any():
                clusters[cluster] &= ~give
                unsafe = authorities & tells(1, ~clusters, known[0])

        def left_of_whole():
            """Per cluster whether the part that it is taken away with, its authority or itself, is known; and what is unsafe then."""
            by_authority = authorities[self.authority]
            taken = np.where(by_authority, known[1][self.authority], known[0])
            return taken, (whole & tells(WHOLE, ~(clusters | by_authority), taken))[0]

        taken, unsafe = left_of_whole()
        for first, cluster in itertools.product((True, False), smallest_first):
            if not unsafe.any():
                break
            above = self.authority[cluster]
            give = unsafe & (~taken[cluster] if first else counted[cluster]) & (clusters[cluster] | authorities[above])
            if give.any():
                # While its authority shows the table, a cluster that hides it changes nothing: both give way.
                clusters[cluster] &= ~give
                authorities[above] &= ~give
                taken, unsafe = left_of_whole()
        return masks

    def _few(self, schools, axes):
        """Whether one or two schools, but not none, stand behind any row of a table; tables are the first ``axes`` axes."""
        few = (schools > 0) & (schools < self.fewest)
        return few.reshape(*few.shape[:axes], -1).any(axis=-1)


def _only(counts, mask):
    """The counts of the tables that a mask picks, 0 for the others."""
    return np.where(mask.reshape(*mask.shape, *[1] * (counts.ndim - mask.ndim)), counts, 0)
