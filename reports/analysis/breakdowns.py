"""Change by kind of school, for a whole cohort: deprivation, kind of area, authority; and for one authority by cluster.

Described, never tested.

Each row counts the matched pupils who declined, held and improved, and their mean change in SD of the baseline of their
stage group. Deprivation and area are facts of the school; the authority is that of its cluster.

The first three are made for the whole alone and from counts of single schools (``parts``), because they cut across what other
reports show: a fifth of deprivation is a set of schools, and so is a cluster, and one may lie within the other. What is
shown has passed this:

Rows          at least ``group_schools`` schools, and safe as any published table (``safety``)
Two tables    deprivation and area are shown together only where every combination of the two is such a row itself: what
              is left of a row of one when rows of the other are taken away consists of whole combinations
Other reports for every set of rows, or of combinations: what remains when every part of the programme that lies within
              the set and may show its own outcomes is taken away. The parts are the rests of nested places (clusters,
              authorities, the whole) and the schools whose own sheet might show them; they overlap nowhere, and of two
              partitions all that can be worked out is such a remainder, with parts added. What remains must be solid:
              enough of each outcome. Then it stays safe whatever is added, so it does not matter which of those
              reports and sheets were ever made. By stage group and by rating group as well. ``_Beside`` tries all sets
Authorities   an authority has a row where its own report shows the same three counts; all others, and those of fewer
              schools, are one row. So this table says nothing that reports of authorities do not. It has no means, which
              those reports may hide
Clusters      stand in the report of their authority (in that of the whole, where it has but one), by the same rule

Where a fine table does not pass, a coarser one is tried, then none.
"""

import numpy as np

from reports.analysis.cells import OUTCOMES
from reports.analysis.safety import against_the_rest, outcome_masks

# Fifth 0 is not known. Each grouping: its name, and the row of fifths 0 to 5.
GROUPINGS = {
    "fifths": (("1", "2", "3", "4", "5", ""), (5, 0, 1, 2, 3, 4)),
    "two": (("1-2", "3-5", ""), (2, 0, 0, 1, 1, 1)),
    "two and not known": (("1-2", "3-5 or not known"), (1, 0, 0, 1, 1, 1)),
}
AREA_ROWS = ("urban or town", "rural", "")
TRIED = [(name, areas) for name in GROUPINGS for areas in (True, False)] + [(None, True)]
MOST_ROWS = 12  # of which every set is tried
WHOLE = 2


def breakdowns(parts, tree, safety, rules):
    """{deprivation, urban_rural, authority: rows, or None}; a row is {group, schools, n, declined, held, improved}, of deprivation and
    area also mean_change.

    parts, tree   as in ``disclosure.suppress``; the tables are None unless the tree's place is the whole, or an authority for
                  the clusters
    """
    schools = parts["by_school"]
    found = {"deprivation": None, "urban_rural": None, "authority": None, "cluster": None}
    if schools["counts"].sum() and (here := tree.authority_here()) is not None:
        found["cluster"] = _clusters(parts, tree, here, safety, rules)
    if tree.place[0] != WHOLE or not schools["counts"].sum():
        return found
    beside = _Beside(parts, tree, safety)
    area = np.asarray(schools["area"], dtype=int)
    for name, areas in TRIED:
        names, rows = GROUPINGS.get(name, ((), (0,) * 6))
        fifth = np.asarray(rows)[schools["quintile"]]
        joint = fifth * len(AREA_ROWS) + area if areas else fifth
        parted = _parted(schools, fifth) or not name, _parted(schools, area) or not areas
        if len(names) + areas > 1 and all(parted) and _enough(schools, joint, rules) and beside.safe(joint):
            found["deprivation"] = _rows(schools, fifth, names) if name else None
            found["urban_rural"] = _rows(schools, area, AREA_ROWS) if areas else None
            break
    found["authority"] = _authorities(parts, tree, safety, rules)
    return found


def _parted(schools, blocks):
    """Whether the schools with matched pupils stand in more than one row: a table of one row says nothing."""
    return len(np.unique(blocks[schools["counts"].sum(axis=(1, 2, 3)) > 0])) > 1


def _enough(schools, blocks, rules):
    """Whether there is more than one row, not too many to try, and each has enough schools with matched pupils."""
    there = schools["counts"].sum(axis=(1, 2, 3)) > 0
    _, numbers = np.unique(blocks[there], return_counts=True)
    return 1 < len(numbers) <= MOST_ROWS and numbers.min() >= rules.group_schools


def _rows(schools, blocks, names):
    found = []
    for number, name in enumerate(names):
        here = blocks == number
        if schools["counts"][here].sum():
            found.append({"group": name, **_row(schools, here)})
    return found


def _row(schools, here):
    found = _counted(schools, here)
    # Two decimals: finer, it could be solved for single answers.
    return found | {"mean_change": round(float(schools["change"][here].sum() / found["n"]), 2) + 0.0}


def _counted(schools, here):
    counts = schools["counts"][here].sum(axis=(1, 2))
    outcomes = counts.sum(axis=0)
    return {
        "schools": int((counts.sum(axis=1) > 0).sum()),
        "n": int(outcomes.sum()),
        **{name: int(count) for name, count in zip(OUTCOMES, outcomes, strict=True)},
    }


def _authorities(parts, tree, safety, rules):
    """The rows of the authorities, or None where only one row would be left."""
    schools = parts["by_school"]
    authority = tree.authority[schools["cluster"]]
    _, masks = outcome_masks(parts["outcomes"]["all"], tree, safety)
    everywhere = np.ones(len(authority), dtype=bool)
    return (
        _of_places(schools, everywhere, authority, masks[1], parts["authority_names"], rules)
        if tree.at(masks)
        else None
    )


def _clusters(parts, tree, authority, safety, rules):
    """The rows of the clusters of one authority, or None where only one row would be left."""
    schools = parts["by_school"]
    here = tree.authority[schools["cluster"]] == authority
    _, masks = outcome_masks(parts["outcomes"]["all"], tree, safety)
    if not tree.at(masks):
        return None
    return _of_places(schools, here, schools["cluster"], masks[0], parts["cluster_names"], rules)


def _of_places(schools, here, place, shown, names, rules):
    """One row for each place that shows its outcomes itself, and one for all the others; None where only one row is left.

    here, place   per school: belongs to the table; the number of its place
    shown         per place: its own report shows the three counts
    """
    counts = np.where(here, schools["counts"].sum(axis=(1, 2, 3)), 0)
    pupils, number = (np.bincount(place, each, len(shown)) for each in (counts, counts > 0))
    own = shown & (number >= rules.group_schools)
    # Those without a row make up one that needs as many schools: the smallest join it until it has them.
    for one in np.argsort(pupils, kind="stable"):
        left = number[~own].sum()
        if own[one] and 0 < left < rules.group_schools:
            own[one] = False
    groups = [(names[one], here & (place == one)) for one in np.flatnonzero(own)]
    rest = here & ~own[place]
    if (counts[rest] > 0).any():
        groups.append(("", rest))
    return [{"group": name, **_counted(schools, each)} for name, each in groups] if len(groups) > 1 else None


class _Beside:
    """What of sets of schools can be worked out beside everything else that is published about outcomes."""

    def __init__(self, parts, tree, safety):
        schools = parts["by_school"]
        self.safety = safety
        counts = schools["counts"]
        cells = {"all": counts.sum(axis=(1, 2))[:, None], "stage": counts.sum(axis=2), "arm": counts.sum(axis=1)}
        groups = tree.shown(parts["ratings"], safety.ratings)
        # A sheet might show the outcomes of these schools; that some give way only makes remainders larger.
        self.alone = safety.spread(cells["all"][:, 0])
        self.tables = []
        for name, table in cells.items():
            masks = outcome_masks(parts["outcomes"][name], tree, safety, groups if name == "arm" else None)
            for mask, coarse in zip(masks, (against_the_rest, lambda cells: cells), strict=True):
                self.tables.append((name, coarse(table), _nearest(schools["cluster"], tree, mask)))

    def safe(self, blocks):
        """Whether whatever remains of any set of blocks (one number a school) is safe."""
        _, blocks = np.unique(blocks, return_inverse=True)
        return all(self._remainders_safe(*table, blocks) for table in self.tables)

    def _remainders_safe(self, name, table, place, blocks):
        schools, rows, width = table.shape
        sets = _sets(blocks.max() + 1)
        there = table.sum(axis=-1) > 0
        # A sheet shows a row where all of the school's matched pupils are in it.
        alone = self.alone[:, None] & (there.sum(axis=1) == 1)[:, None] & there
        part = np.where(place[:, None] < 0, NOWHERE, place[:, None] * rows + np.arange(rows))
        part = np.where(alone, -1 - np.arange(schools)[:, None], part)
        names, part = np.unique(part[there], return_inverse=True)
        block = np.broadcast_to(blocks[:, None], there.shape)[there]
        held = np.zeros((len(names), sets.shape[1], width), dtype=np.int64)
        np.add.at(held, (part, block), table[there])
        outside = held.sum(axis=-1) @ (~sets).T.astype(np.int64)
        # What no report shows can never be taken away.
        left = ((outside > 0) | (names == NOWHERE)[:, None]).T
        remain = np.einsum("sp,sb,pbw->sw", left, sets, held, optimize=True)
        solid = (remain >= self.safety.rules.small_cell).all(axis=-1) & self.safety.base(remain)
        # All rows together are the whole; and schools that are safe themselves are so in any sum.
        fine = sets.all(axis=1) & (remain.sum(axis=-1) == 0)
        if name == "all":
            doubtful = np.bincount(blocks, ~self.alone & there.any(axis=1), sets.shape[1])
            fine |= sets @ doubtful == 0
        return bool((solid | fine).all())


NOWHERE = np.iinfo(np.int64).min


def _nearest(cluster, tree, masks):
    """Per school the smallest place around it that shows the table: a number for each place, or -1."""
    clusters, authorities, whole = (np.asarray(mask) for mask in masks)
    authority = tree.authority[cluster]
    found = np.full(len(cluster), len(clusters) + len(authorities) if whole[0] else -1)
    found = np.where(authorities[authority], len(clusters) + authority, found)
    return np.where(clusters[cluster], cluster, found)


def _sets(number):
    """Every set of blocks but the empty one, as rows of a boolean array."""
    return (np.arange(1, 2**number)[:, None] >> np.arange(number)) & 1 == 1
