"""Attacks on published reports: those of a country, its authorities and its clusters, subtracted from each other.

Every report is made as the site makes it. The attacker holds all of them.
"""

import functools
import itertools
from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import pytest

from reports.analysis.disclosure import OUTCOMES, suppress
from reports.analysis.parts import Counts
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.schema import STAGE_GROUPS, WAVES, Plan, Rules
from tests.reports.programmes import make_programme

SEEDS = range(18)
OURS, CENSUS = Rules(), Rules(rule="health_census", minimum_base=5)
UNCOUNTED = {"sizes", "others", "unsure"}  # tables whose cells are not parts of a base of their own
TABLES = ("sheets", "missing", "answers", "outcomes", "complete", "matching", "ratings")
PROGRAMMES = [pytest.param(seed, marks=pytest.mark.xdist_group(f"country {seed}")) for seed in SEEDS]


@dataclass(frozen=True)
class Place:
    """A place with a report: its clusters, what the report shows and what it would show without protection."""

    clusters: frozenset
    shown: dict
    complete: dict


def place(data, whole, column=None, name=None):
    here = np.ones(len(data.pupils), dtype=bool) if column is None else (data.pupils[column] == name).to_numpy()
    pupils = data.pupils[here]
    own = replace(data, pupils=pupils, ht=data.ht[data.ht["school_id"].isin(pupils["school_id"])])
    complete = evaluate(own, Plan(), whole=whole)
    return Place(frozenset(pupils["cluster"]), suppress(complete, OURS), complete)


def under(report, rules):
    """The same report, published by another rule."""
    return replace(report, shown=suppress(report.complete, rules))


def country(seed):
    """An invented country: schools of very different sizes, some of them without a rating."""
    random = np.random.default_rng(seed)
    data = make_programme(
        int(random.integers(30, 60)),
        int(random.integers(6, 26)),
        seed=seed,
        schools_per_cluster=int(random.integers(1, 5)),
        stage_groups=[("P2P4", "P5P7"), ("P5P7",)][seed % 2],
        share_high=float(random.uniform(0.2, 0.8)),
    )
    return replace(data, ht=data.ht.sample(frac=0.9, random_state=seed))


@functools.cache
def places(seed, rules):
    """The reports of a country, of each of its authorities and of each cluster. They are evaluated once for both rules."""
    if rules is not OURS:
        return [under(report, rules) for report in places(seed, OURS)]
    data = country(seed)
    whole = parts_of_whole(data, Plan())
    names = [(column, name) for column in ("la", "cluster") for name in sorted(set(data.pupils[column]))]
    return [place(data, whole), *(place(data, whole, column, name) for column, name in names)]


def tables(results, complete=False):
    """Every published table of counts: {name: (cells, those shown)}; a hidden cell is None."""
    found = {}
    for group, items in results["items"].items():
        for name, item in items.items():
            for wave in WAVES:
                answers = item[f"counts_{wave}"] or [None] * item["points"]
                found[("unsure", group, name, wave)] = {"n": None, "cells": [item[f"n_unscored_{wave}"]]}
                found[(group, name, wave)] = {
                    "n": item[f"n_{wave}"],
                    "cells": answers,
                    "n_pos": item.get(f"n_pos_{wave}"),
                }
            found[(group, name, "pairs")] = {"n": item["n_pair"], "cells": [item[key] for key in OUTCOMES]}
    rows = {"all": results["change_groups"]["all"], **results["change_by_stage"]}
    rows |= {arm: results["change_groups"][arm] for arm in ("high", "low") if results["change_groups"][arm]}
    for name, row in rows.items():
        found[("outcomes", name)] = {"n": row["n"], "cells": [row[key] for key in OUTCOMES]}
    return found | sizes(results) | answers_of_the_others(results, complete)


def sizes(results):
    """How many sheets and pairs each stage group, and each group of fifths, has."""
    found = {}
    for groups in (("P2-P4", "P5-P7"), ("Quintile 1-2", "Quintile 3-5", "Quintile not known")):
        for key in ("n_pre", "n_matched"):
            rows = {row["group"]: row[key] for row in results["match_table"]}
            found[("sizes", groups[0], key)] = {"n": None, "cells": [rows.get(group, 0) for group in groups]}
    scales = results["reliability"]
    for wave in WAVES:
        found[("sizes", wave)] = {"n": None, "cells": [scales[f"{name}_{wave}"]["n_sheets"] for name in STAGE_GROUPS]}
    pairs = [results["change_by_stage"][name]["n"] for name in STAGE_GROUPS]
    return found | {("sizes", "pairs"): {"n": None, "cells": pairs}}


def answers_of_the_others(results, complete):
    """What is published of the matched beside what is published of all, so that what the others answered can be had.

    The cells count the matched and the others; they are None where the figure that gives the answers away is hidden.
    Of `complete` results all are counted, also where there is no such figure because there is nobody to compare.
    """
    found = {}

    def add(key, told, matched, count):
        known = (told or complete) and None not in (matched, count)
        cells = [matched, count - matched] if known else [None, None]
        found[("others", *key)] = {"n": None, "cells": cells}

    for row in results["match_table"]:
        add(("start", row["group"]), row["smd"] is not None, row["n_matched"], row["n_pre"])
    for name in STAGE_GROUPS:
        change, pairs = results["change"][name], results["change_by_stage"][name]["n"]
        everybody = results["change_of_all"][name]
        for wave, mean in zip(WAVES, ("mean_b", "mean_y"), strict=True):
            sheets, scored = results["reliability"][f"{name}_{wave}"]["n_sheets"], everybody[f"n_{wave}"]
            told = any(change[key] is not None for key in (mean, "mean_change", "p"))
            add(("mean", name, wave), told, pairs, sheets)
            told_of_all = any(everybody[key] is not None for key in (f"mean_{wave}", "difference", "p"))
            add(("mean of all", name, wave), told_of_all, scored, sheets)
            add(("mean beside all", name, wave), told and told_of_all, pairs, scored)
        for item, table in results["items"].get(name, {}).items():
            told = table["mean_change"] is not None or (table["points"] == 2 and table.get("net") is not None)
            told = told and None not in (table["mean_pre"], table["mean_post"])
            sheets = [table["n_pre"], table["n_post"], table["n_pair"]]
            add(
                ("question", name, item),
                told,
                sheets[2],
                sheets[0] + sheets[1] - sheets[2] if None not in sheets else None,
            )
    return found


def unsafe(cell, n, key=("outcomes",), rules=OURS):
    if key[0] == "sizes":
        return 0 < cell < rules.minimum_base
    if key[0] in UNCOUNTED or rules is CENSUS:
        return 0 < cell < 5
    return 0 < cell < 5 or 0 < n - cell < 5 or (0 < n < 20 and cell in (0, n))


@pytest.mark.parametrize("rules", [OURS, CENSUS], ids=["ours", "census"])
@pytest.mark.parametrize("seed", PROGRAMMES)
def test_no_report_subtracted_from_another_shows_a_few_pupils(seed, rules):
    found = 0
    for larger, smaller in nested(places(seed, rules)):
        above, below = tables(larger.shown), tables(smaller.shown)
        for key in above.keys() & below.keys():
            one, other = above[key], below[key]
            counted = key[0] not in UNCOUNTED
            if counted and None in (one["n"], other["n"]):
                continue
            n = one["n"] - other["n"] if counted else 0
            for name, whole, part in cells_of(one, other):
                found += 1
                assert n == 0 or n >= rules.minimum_base, (key, name)
                assert not unsafe(whole - part, n, key, rules=rules), (key, name)
    assert found > 50


def nested(reports):
    return [(a, b) for a, b in itertools.permutations(reports, 2) if b.clusters < a.clusters]


def cells_of(one, other):
    pairs = [
        *enumerate(zip(one["cells"], other["cells"], strict=True)),
        ("n_pos", (one.get("n_pos"), other.get("n_pos"))),
    ]
    return [(name, a, b) for name, (a, b) in pairs if a is not None and b is not None]


def test_a_thousand_pairs_of_reports_are_attacked():
    """Each cluster lies in an authority and in the country, each authority in the country."""
    pupils = [country(seed).pupils for seed in SEEDS]

    assert sum(2 * frame["cluster"].nunique() + frame["la"].nunique() for frame in pupils) >= 1000


@pytest.mark.parametrize("seed", PROGRAMMES)
def test_no_rating_group_left_over_is_small(seed):
    """Whatever reports that compare rating groups are taken away, three schools of each group remain, or none."""
    reports = places(seed, OURS)
    compared = [report for report in reports if not report.shown["hidden_by_group"]]
    for report in compared:
        inside = [other for other in compared if other.clusters < report.clusters]
        largest = [one for one in inside if not any(one.clusters < other.clusters for other in inside)]
        for taken in itertools.chain(itertools.combinations(largest, 1), [largest]):
            for key in ("schools_high", "schools_low"):
                left = report.complete["flow"][key] - sum(other.complete["flow"][key] for other in taken)
                other_key = "schools_low" if key == "schools_high" else "schools_high"
                rest = report.complete["flow"][other_key] - sum(other.complete["flow"][other_key] for other in taken)
                assert left >= 3 or (left == 0 and rest == 0)


@pytest.mark.parametrize("rules", [OURS, CENSUS], ids=["ours", "census"])
@pytest.mark.parametrize("seed", PROGRAMMES[:4])
def test_all_reports_together_determine_no_small_cell(seed, rules):
    """The strongest attack by subtraction: all published numbers of a table as equations, solved for any part."""
    attempts, broken = attack(
        places(seed, rules), lambda report: report.shown, random=np.random.default_rng(seed), rules=rules
    )

    assert attempts > 100
    assert broken == []


def test_attack_succeeds_on_reports_that_are_protected_one_by_one():
    """Otherwise the test above would show nothing."""

    def alone(report):
        parts, schools = report.complete["parts"], report.complete["schools"]
        here = np.isin(range(len(parts["authority"])), [parts["clusters"][school] for school in schools])
        counts = {key: together(parts[key], here) for key in TABLES}
        one = {
            "clusters": dict.fromkeys(schools, 0),
            "schools": [len(schools)],
            "authority": [0],
            "has_report": [0],
            "authority_has_report": [0],
        }
        one |= {"by_school": {"counts": np.zeros((0, 2, 3, 3), dtype=int)}}
        return suppress(report.complete | {"parts": one | counts}, Rules())

    _, broken = attack(places(1, OURS), alone, random=np.random.default_rng(1))

    assert broken


def together(parts, here):
    """The counts of a place as if it had one cluster and nothing were around it."""
    if isinstance(parts, dict):
        return {key: together(value, here) for key, value in parts.items()}
    return Counts(*(each[np.asarray(here)].sum(axis=0, keepdims=True) for each in (parts.cells, parts.schools)))


def attack(reports, published, random, rules=OURS):
    """How many small cells were tried, and those that what is published determines."""
    leaves = sorted({name for report in reports for name in report.clusters})
    truth = {
        next(iter(report.clusters)): tables(report.complete, complete=True)
        for report in reports
        if len(report.clusters) == 1
    }
    unions = [frozenset([leaf]) for leaf in leaves] + [report.clusters for report in reports]
    unions += [frozenset(random.choice(leaves, random.integers(2, 6), replace=False)) for _ in range(50)]
    shown = [(report.clusters, tables(published(report))) for report in reports]
    attempts, broken = 0, []
    for key, known in shown[0][1].items():
        size = len(known["cells"])
        at = {leaf: number for number, leaf in enumerate(leaf for leaf in leaves if key in truth[leaf])}
        equations = [row for clusters, found in shown if key in found for row in said(clusters, found[key], at, size)]
        space = row_space(np.array(equations).reshape(len(equations), len(at) * size))
        for union in (union for union in unions if union <= at.keys()):
            cells = np.sum([[cell or 0 for cell in truth[leaf][key]["cells"]] for leaf in union], axis=0)
            for cell in range(size):
                if unsafe(cells[cell], cells.sum(), key, rules=rules):
                    attempts += 1
                    if inside(space, functional(union, [cell], at, size)):
                        broken.append((key, sorted(union), cell))
    return attempts, broken


def said(clusters, table, at, size):
    """The published numbers of one table as equations over the cells of all clusters."""
    if table["n"] is not None:
        yield functional(clusters, range(size), at, size)
    if table.get("n_pos") is not None:
        yield functional(clusters, range((size + 1) // 2, size), at, size)
    for cell, value in enumerate(table["cells"]):
        if value is not None:
            yield functional(clusters, [cell], at, size)


def functional(clusters, cells, at, size):
    found = np.zeros(len(at) * size)
    for leaf in clusters & at.keys():
        found[[at[leaf] * size + cell for cell in cells]] = 1
    return found


def row_space(equations):
    """An orthonormal basis of what the equations determine."""
    _, values, rows = np.linalg.svd(equations, full_matrices=False)
    return rows[values > 1e-9]


def inside(space, row):
    return np.linalg.norm(row - space.T @ (space @ row)) < 1e-6


@pytest.mark.xdist_group("country 1")
def test_census_rule_shows_some_answers_of_a_question_and_hides_others():
    """Otherwise the attacks on that rule would find nothing because there is nothing to find."""
    answers = [
        item[f"counts_{wave}"]
        for report in places(1, CENSUS)
        for table in report.shown["items"].values()
        for item in table.values()
        for wave in WAVES
        if item[f"counts_{wave}"]
    ]

    partly = [counts for counts in answers if None in counts]
    assert len(partly) > 50
    assert all(counts.count(None) >= 2 for counts in partly)
    assert len(partly) < len(answers)


@pytest.mark.xdist_group("country 1")
def test_attack_succeeds_where_each_small_answer_hides_only_itself():
    def alone(report):
        shown = deepcopy(report.complete)
        for table in shown["items"].values():
            for item in table.values():
                for wave in WAVES:
                    item[f"counts_{wave}"] = [None if 0 < count < 5 else count for count in item[f"counts_{wave}"]]
        return shown

    _, broken = attack(places(1, CENSUS), alone, random=np.random.default_rng(1), rules=CENSUS)

    assert any(name[-1] in WAVES for name, *_ in broken)


@pytest.mark.xdist_group("country 0")
@pytest.mark.parametrize(("table", "key"), [("change", "mean"), ("match_table", "start"), ("items", "question")])
def test_attack_succeeds_where_means_beside_all_sheets_are_not_hidden(table, key):
    _, broken = attack(
        places(0, OURS), lambda report: report.shown | {table: report.complete[table]}, random=np.random.default_rng(0)
    )

    assert {("others", key)} <= {name[:2] for name, *_ in broken}
