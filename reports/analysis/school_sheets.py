"""The figures of school sheets: each school's own beside those of its cluster and of the whole cohort.

What a cluster and the cohort show here is what their reports may show: the masks of ``disclosure`` for the same
tables. A school is one more part below the clusters (``parts``), so its sheet must pass two tests:

Own        the school's table is safe by the same rules as every published one
The rest   a headteacher may take the own figures away from those of the cluster, the authority and the cohort, and
           headteachers may put theirs together. So for each place that shows a table, what remains of it when every
           part that shows it is taken away, schools now among the parts, must be safe as well. Where it is not,
           the smallest schools give way and hide the table too, until it is. A published figure never changes for it

Outcomes (declined, held, improved) of a school stand for all its matched pupils together. A school whose matched
pupils are of one stage group thereby shows a row of the table by stage, and every headteacher knows in which
rating group the own school is: those two tables are among those of which the rest must be safe.

No rating and nothing by rating group is part of a sheet.
"""

from dataclasses import replace

import numpy as np

from reports.analysis import attrition, matching, noise, parts
from reports.analysis.disclosure import OUTCOMES
from reports.analysis.ratings import is_high, ratings
from reports.analysis.safety import (
    against_the_rest,
    answer_masks,
    every_row,
    outcome_masks,
    positive_or_not,
    safety_of,
)
from reports.analysis.scales import instruments as read_instruments
from reports.analysis.schema import STAGE_GROUPS, WAVES, validate

NOWHERE = -1


def school_sheets(data, plan):
    """The figures of every school of a cohort, hidden where they must be, as plain types.

    data    schema.EvaluationData with its table of schools: a school where nobody answered has a sheet as well
    plan    schema.Plan

    returns  {questions: {stage group: [{item, text, construct, points, reverse, scored}]},
              noise: the share that would decline if nothing had changed,
              cohort: figures, clusters: {cluster: figures}, schools: {school id: {cluster, figures}},
              data_hash}
             where figures are {answered: {pre, post}, matched, outcomes: {declined, held, improved},
             items: {stage group: {item: {n_pre, pos_pre, n_post, pos_post}}}}; numbers count pupils, ``pos`` those
             whose answer was positive; None is hidden
    """
    validate(data)
    instruments = read_instruments(data.codebook, plan.item_set)
    sheets, _ = matching.clean(data, instruments)
    pairs = matching.analysable(sheets, instruments)
    rating, _ = ratings(data.ht, sheets.schools)
    rated, high = ~np.isnan(rating), is_high(rating, plan.cut)
    baseline = attrition.baseline_of(sheets, pairs)
    by_cluster = parts.parts_of(sheets, pairs, instruments, rated, high, baseline)
    # Every school as a cluster of its own: the same counts, one level finer.
    alone = replace(sheets, cluster=np.arange(len(sheets.schools)), clusters=sheets.schools)
    by_school = parts.parts_of(alone, pairs, instruments, rated, high, baseline)
    programme = _Programme(by_cluster, by_school, sheets.schools, safety_of(plan.rules))

    places = {"cohort": 1, "clusters": len(programme.tree.authority), "schools": len(sheets.schools)}
    found = {level: [{"items": {}} for _ in range(number)] for level, number in places.items()}
    for name in STAGE_GROUPS:
        if instruments[name].items:
            programme.add_items(found, name, instruments[name])
    programme.add_outcomes(found)
    programme.add_answered(found, sheets)
    for level in found.values():
        for place in level:
            _nobody_looks_hidden(place)
    outcomes = by_cluster["outcomes"]["stage"]
    told = noise.may_be_shown(outcomes, programme.tree, programme.safety)
    return _named(found, data, sheets, by_cluster, instruments) | {
        "noise": noise.reference(outcomes, pairs.group, instruments)["noise_reference"] if told else None,
        "data_hash": sheets.data_hash,
    }


def _named(found, data, sheets, by_cluster, instruments):
    cluster_of = dict(zip(data.schools["school_id"], data.schools["cluster"], strict=True))
    clusters = {cluster_of[school]: found["clusters"][leaf] for school, leaf in by_cluster["clusters"].items()}
    of_school = dict(zip(sheets.schools, found["schools"], strict=True))
    empty = _nobody(instruments)
    return {
        "questions": {name: _questions(instruments[name]) for name in STAGE_GROUPS if instruments[name].items},
        "cohort": found["cohort"][0],
        "clusters": {cluster: clusters.get(cluster, empty) for cluster in sorted(set(cluster_of.values()))},
        "schools": {
            school: {"cluster": cluster_of[school], "figures": of_school.get(school, empty)}
            for school in sorted(cluster_of)
        },
    }


def _nobody_looks_hidden(place):
    """A question that nobody answered looks as one that few answered, unless it is known that no sheet came in."""
    for wave in (wave for wave in WAVES if place["answered"][wave]):
        for items in place["items"].values():
            for item in items.values():
                if not item[f"n_{wave}"]:
                    item |= {f"n_{wave}": None, f"pos_{wave}": None}


def _nobody(instruments):
    """The figures of a place where nobody answered."""
    none = {"n_pre": 0, "pos_pre": 0, "n_post": 0, "pos_post": 0}
    return {
        "answered": {"pre": 0, "post": 0},
        "matched": 0,
        "outcomes": dict.fromkeys(OUTCOMES, 0),
        "items": {
            name: dict.fromkeys(instruments[name].items, none) for name in STAGE_GROUPS if instruments[name].items
        },
    }


def _questions(instrument):
    columns = zip(
        instrument.items,
        instrument.texts,
        instrument.constructs,
        instrument.points.tolist(),
        instrument.reverse.tolist(),
        instrument.scored.tolist(),
        strict=True,
    )
    names = ("item", "text", "construct", "points", "reverse", "scored")
    return [dict(zip(names, row, strict=True)) for row in columns]


class _Programme:
    """The counts of clusters and of schools, and which of them may be shown."""

    def __init__(self, by_cluster, by_school, schools, safety):
        self.by_cluster, self.by_school, self.safety = by_cluster, by_school, safety
        self.tree = parts.Tree(by_cluster, schools, safety.rules.place_schools)
        self.order = [by_school["clusters"][school] for school in schools]
        self.cluster = np.array([by_cluster["clusters"][school] for school in schools], dtype=int)

    def of_schools(self, table):
        """The cells of a table of the schools, in their own order."""
        return table.cells[self.order]

    def add_items(self, found, name, instrument):
        """Bases and positive answers of one stage group's questions, both times."""
        for wave in WAVES:
            answers = self.by_cluster["answers"][name][wave]
            clusters, schools = answers.cells, self.of_schools(self.by_school["answers"][name][wave])
            bases, shares, _ = answer_masks(answers, instrument.points, self.tree, self.safety)
            cells = positive_or_not(schools, instrument.points)
            base = self.give_way(self.safety.base(cells), cells, bases, self.safety.base)
            share = self.give_way(base & self.safety.spread(cells), cells, shares, self.safety.spread)
            tables = {
                "cohort": (
                    positive_or_not(clusters.sum(axis=0, keepdims=True), instrument.points),
                    bases[2],
                    shares[2],
                ),
                "clusters": (positive_or_not(clusters, instrument.points), bases[0], shares[0]),
                "schools": (cells, base, share),
            }
            for level, (counts, base_shown, share_shown) in tables.items():
                n = np.where(base_shown, counts.sum(axis=-1), None).tolist()
                positive = np.where(share_shown, counts[..., 0], None).tolist()
                for place, ns, positives in zip(found[level], n, positive, strict=True):
                    items = place["items"].setdefault(name, {item: {} for item in instrument.items})
                    for item, count, pos in zip(instrument.items, ns, positives, strict=True):
                        items[item] |= {f"n_{wave}": count, f"pos_{wave}": pos}

    def add_outcomes(self, found):
        """How many were matched; and declined, held and improved where all three may be shown."""
        counts = self.by_cluster["outcomes"]
        masks = {name: outcome_masks(counts[name], self.tree, self.safety) for name in ("all", "stage")}
        groups = self.tree.shown(self.by_cluster["ratings"], self.safety.ratings)
        masks["arm"] = outcome_masks(counts["arm"], self.tree, self.safety, given=groups)
        matched = self.matched()
        schools = {name: self.of_schools(table) for name, table in self.by_school["outcomes"].items()}
        shown = matched & self.safety.spread(schools["all"][:, 0])
        for name, (declined, whole) in masks.items():
            rows = schools[name]
            # A school shows a row when all its matched pupils are in it.
            known = rows.sum(axis=-1) == schools["all"].sum(axis=-1)
            for table, mask in ((against_the_rest(rows), declined), (rows, whole)):
                given = [np.repeat(level[:, None], rows.shape[1], axis=1) for level in mask]
                kept = self.give_way(shown[:, None] & known, table, given, self.safety.spread)
                shown &= (kept | ~known).all(axis=1)
        whole_of_all = masks["all"][1]
        tables = {
            "cohort": (counts["all"].cells.sum(axis=0), whole_of_all[2]),
            "clusters": (counts["all"].cells[:, 0], whole_of_all[0]),
            "schools": (schools["all"][:, 0], shown),
        }
        for level, (outcomes, may_show) in tables.items():
            # Of a cluster and of the cohort the report tells it too, however few.
            may_count = matched if level == "schools" else np.ones(len(outcomes), dtype=bool)
            for place, row, counted, whole in zip(found[level], outcomes.tolist(), may_count, may_show, strict=True):
                place["matched"] = sum(row) if counted else None
                place["outcomes"] = dict(zip(OUTCOMES, row if whole else [None] * 3, strict=True))

    def matched(self):
        """The schools of which may be said how many of those who answered before were matched."""
        table = self.by_cluster["matching"]["all"]
        masks = self.tree.shown(table, every_row(self.safety.matched))
        cells = self.of_schools(self.by_school["matching"]["all"])
        shown = self.give_way(self.safety.matched(cells), cells, [mask[:, None] for mask in masks], self.safety.matched)
        return shown[:, 0]

    def add_answered(self, found, sheets):
        """How many sheets came in each time: known from the day they came, so never hidden."""
        per_school = {
            wave: np.bincount(sheets.school[sheets.post == (wave == "post")], minlength=len(self.cluster))
            for wave in WAVES
        }
        for wave, counts in per_school.items():
            clusters = np.bincount(self.cluster, counts, len(found["clusters"])).astype(int)
            levels = {"cohort": [int(counts.sum())], "clusters": clusters.tolist(), "schools": counts.tolist()}
            for level, numbers in levels.items():
                for place, number in zip(found[level], numbers, strict=True):
                    place.setdefault("answered", {})[wave] = number

    def give_way(self, shown, counts, masks, safe):
        """The tables that schools may show beside what is published of the places around them.

        shown    schools x tables: those that are safe themselves
        counts   schools x tables x cells
        masks    which tables clusters, authorities and the whole show, as ``Tree.shown`` gives it
        safe     as for ``Tree.shown``
        """
        shown, place = shown.copy(), self._nearest(masks)
        tables = np.arange(counts.shape[1])
        rest = np.zeros((place.max(initial=0) + 1, *counts.shape[1:]), dtype=counts.dtype)
        for school in range(len(counts)):
            left = ~shown[school] & (place[school] != NOWHERE)
            rest[place[school][left], tables[left]] += counts[school][left]
        unsafe = ~safe(rest)
        for school in np.argsort(counts.reshape(len(counts), -1).sum(axis=1), kind="stable"):
            at = place[school]
            give = shown[school] & (at != NOWHERE) & unsafe[at, tables] & (counts[school].sum(axis=-1) > 0)
            if give.any():
                shown[school] &= ~give
                rest[at[give], tables[give]] += counts[school][give]
                unsafe[at[give], tables[give]] = ~safe(rest[at[give], tables[give]][None])[0]
        return shown

    def _nearest(self, masks):
        """Per school and table the smallest place around it that shows the table: a number for each place, or NOWHERE."""
        clusters, authorities, whole = masks
        authority = self.tree.authority[self.cluster]
        found = np.where(whole, len(clusters) + len(authorities), NOWHERE)
        found = np.where(authorities[authority], len(clusters) + authority[:, None], found)
        return np.where(clusters[self.cluster], self.cluster[:, None], found)
