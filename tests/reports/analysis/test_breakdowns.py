"""Change by deprivation, area and authority: the right numbers, and nothing that other reports could be taken away from."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from reports.analysis.disclosure import OUTCOMES, suppress
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.safety import safety_of
from reports.analysis.schema import Plan, Rules
from tests.reports.analysis.test_subtraction import inside, place, row_space, unsafe
from tests.reports.programmes import make_programme

SEEDS = range(5)
in_one_process = pytest.mark.xdist_group("kinds")  # which makes each country once
TABLES = ("deprivation", "urban_rural", "authority")


def with_areas(data, seed=0):
    """The programme with its table of schools, of which a third is rural; of some neither area nor fifth is known."""
    random = np.random.default_rng(seed)
    schools = data.pupils.groupby("school_id", as_index=False)[["cluster", "la", "simd_quintile"]].first().astype(str)
    draw = random.random(len(schools))
    schools["urban_rural"] = np.where(draw < 0.33, "rural", np.where(draw < 0.9, "urban or town", ""))
    if seed % 2:
        # As in life: a fifth lies in one kind of area, a cluster in one fifth.
        schools["simd_quintile"] = (schools["cluster"].str[1:].astype(int) % 5 + 1).astype(str)
        schools.loc[schools["simd_quintile"] == "5", "urban_rural"] = "rural"
    told = schools.set_index("school_id")["simd_quintile"]
    pupils = data.pupils.assign(simd_quintile=data.pupils["school_id"].map(told))
    return replace(data, pupils=pupils, schools=schools)


@functools.cache
def reports(seed):
    """Every report of a country in which the whole is large enough for breakdowns."""
    data = make_programme(48, 16 + 4 * seed, seed=seed, schools_per_cluster=3 + seed % 3, share_high=0.3 + 0.08 * seed)
    data = with_areas(replace(data, ht=data.ht.sample(frac=0.9, random_state=seed)), seed)
    whole = parts_of_whole(data, Plan())
    names = [(column, name) for column in ("la", "cluster") for name in sorted(set(data.pupils[column]))]
    return [place(data, whole), *(place(data, whole, column, name) for column, name in names)]


def stored(data, rules=None):
    return suppress(evaluate(data, Plan()), rules or Rules())["breakdowns"]


def test_rows_are_the_counts_of_their_schools():
    data = with_areas(make_programme(60, 60, seed=3))
    complete = evaluate(data, Plan())

    found = suppress(complete, Rules())["breakdowns"]

    schools, fifths = complete["parts"]["by_school"], found["deprivation"]
    assert [row["group"] for row in fifths] == ["1", "2", "3", "4", "5"]
    second = schools["quintile"] == 2
    assert [fifths[1][name] for name in OUTCOMES] == schools["counts"][second].sum(axis=(0, 1, 2)).tolist()
    assert fifths[1]["schools"] == second.sum() == 12
    for rows in filter(None, found.values()):
        assert sum(row["n"] for row in rows) == complete["change_groups"]["all"]["n"]
        for name in OUTCOMES:
            assert sum(row[name] for row in rows) == complete["change_groups"]["all"][name]


def test_mean_change_is_in_sd_of_the_baseline():
    data = with_areas(make_programme(60, 60, seed=3, stage_groups=("P5P7",)))
    complete = evaluate(data, Plan())

    rows = suppress(complete, Rules())["breakdowns"]["deprivation"]

    together = sum(row["n"] * row["mean_change"] for row in rows) / sum(row["n"] for row in rows)
    assert together == pytest.approx(complete["change"]["P5P7"]["smc_sdpre"], abs=0.005)
    assert all(round(row["mean_change"], 2) == row["mean_change"] for row in rows)


def test_authorities_of_few_schools_are_one_row_that_is_not_of_few_either():
    data = make_programme(46, 60, seed=3, schools_per_cluster=4)
    names = {"S0001": "small one", "S0002": "small one", "S0003": "small two"}
    pupils = data.pupils.assign(la=data.pupils["school_id"].map(names).fillna(data.pupils["la"]))
    clusters = pupils["cluster"].where(~pupils["school_id"].isin(names), pupils["la"])

    rows = stored(replace(data, pupils=pupils.assign(cluster=clusters)))["authority"]

    assert "small one" not in {row["group"] for row in rows}
    assert rows[-1]["group"] == ""
    assert all(row["schools"] >= 3 for row in rows)


def test_authority_alone_in_its_smallness_takes_another_with_it():
    data = make_programme(46, 60, seed=3, schools_per_cluster=4)
    small = data.pupils["school_id"] == "S0001"
    pupils = data.pupils.assign(
        la=data.pupils["la"].where(~small, "small"), cluster=data.pupils["cluster"].where(~small, "small")
    )

    rows = stored(replace(data, pupils=pupils))["authority"]

    assert rows[-1]["group"] == ""
    assert rows[-1]["schools"] >= 3
    assert len(rows) < pupils["la"].nunique()


@in_one_process
def test_report_of_one_authority_has_its_clusters_only_and_that_of_a_cluster_nothing():
    for report in reports(3)[1:]:
        found = report.shown["breakdowns"]
        assert [found[name] for name in TABLES] == [None] * len(TABLES)
        assert len(report.clusters) > 1 or found["cluster"] is None
    assert reports(3)[0].clusters > reports(3)[1].clusters


@in_one_process
def test_row_of_a_cluster_is_what_its_own_report_shows_and_the_others_make_up_the_rest():
    rows_seen = 0
    for seed in SEEDS:
        own = {next(iter(report.clusters)): report.shown for report in reports(seed) if len(report.clusters) == 1}
        for report in reports(seed)[1:]:
            rows = report.shown["breakdowns"]["cluster"] or []
            rows_seen += len(rows)
            for row in rows:
                assert row["schools"] >= 3
                assert "mean_change" not in row
                if row["group"]:
                    assert [row[name] for name in OUTCOMES] == [
                        own[row["group"]]["change_groups"]["all"][name] for name in OUTCOMES
                    ]
            if rows:
                whole = report.shown["change_groups"]["all"]
                assert [sum(row[name] for row in rows) for name in OUTCOMES] == [whole[name] for name in OUTCOMES]
    assert rows_seen > 10


def test_fifths_that_are_too_fine_give_way_to_two_groups():
    data = make_programme(30, 40, seed=3)
    few = {f"S{number:04d}": "1" for number in (1, 2)}
    told = data.pupils["school_id"].map(few).fillna(data.pupils["simd_quintile"].astype(str).replace("1", "2"))

    rows = stored(replace(data, pupils=data.pupils.assign(simd_quintile=told)))["deprivation"]

    assert [row["group"] for row in rows] == ["1-2", "3-5"]


def test_area_stands_beside_deprivation_only_where_every_combination_is_large():
    data = with_areas(make_programme(120, 30, seed=4))
    areas = data.schools["urban_rural"].replace("", "rural")
    one_combination = data.schools["simd_quintile"].eq("1") & areas.eq("rural")
    few = replace(data, schools=data.schools.assign(urban_rural=areas.where(~one_combination, "urban or town")))
    two = data.schools[one_combination].index[:2]
    few.schools.loc[two, "urban_rural"] = "rural"
    rich = replace(data, schools=data.schools.assign(urban_rural=areas))

    both, alone = stored(rich), stored(few)

    assert both["deprivation"]
    assert both["urban_rural"]
    assert alone["deprivation"]
    assert alone["urban_rural"] is None


@in_one_process
@pytest.mark.parametrize("seed", SEEDS)
def test_breakdowns_beside_all_other_reports_determine_no_small_group(seed):
    """All published outcomes of every report, and of school sheets that could show theirs, as equations."""
    found = reports(seed)

    attempts, broken = attack(found, found[0].shown["breakdowns"])

    assert attempts > 100
    assert broken == []


@in_one_process
def test_some_of_these_countries_show_breakdowns_by_kind_and_all_by_authority():
    """Otherwise the attack above would have nothing to attack."""
    shown = [reports(seed)[0].shown["breakdowns"] for seed in SEEDS]

    assert sum(bool(each["deprivation"] or each["urban_rural"]) for each in shown) >= 3
    assert sum(bool(each["authority"]) for each in shown) >= 3


@in_one_process
def test_attack_succeeds_on_breakdowns_that_are_shown_as_they_are():
    broken = []
    for seed in SEEDS:
        schools = reports(seed)[0].complete["parts"]["by_school"]
        rows = [raw(schools, schools["quintile"] == fifth, str(fifth or "")) for fifth in range(6)]
        areas = [raw(schools, schools["area"] == number, name) for number, name in enumerate(AREAS)]
        open_tables = {"deprivation": rows, "urban_rural": areas, "authority": None}
        broken += attack(reports(seed), open_tables)[1]

    assert broken


AREAS = ("urban or town", "rural", "")


def raw(schools, here, name):
    counts = schools["counts"][here].sum(axis=(0, 1, 2))
    return {"group": name, "n": int(counts.sum()), **dict(zip(OUTCOMES, counts.tolist(), strict=True))}


def attack(found, breakdowns):
    """How many small groups of pupils were tried, and those whose outcome what is published determines."""
    parts = found[0].complete["parts"]
    schools = parts["by_school"]
    counts = schools["counts"].sum(axis=2)  # schools x stage groups x outcomes
    arms = schools["counts"].sum(axis=(1, 3)).argmax(axis=1)
    ids = {index: school for school, index in zip(sorted(parts["clusters"]), range(len(counts)), strict=True)}
    of_cluster = np.array([found_cluster(parts, ids[number]) for number in range(len(counts))])
    equations = []
    stages = np.arange(2)
    for report in found:
        leaves = [parts["clusters"][school] for school in report.complete["schools"]]
        here = np.isin(of_cluster, leaves)
        rows = {"all": report.shown["change_groups"]["all"]}
        for row, mask in (
            (rows["all"], here[:, None] & (stages >= 0)),
            *((report.shown["change_by_stage"][name], here[:, None] & (stages == i)) for i, name in enumerate(("P2P4", "P5P7"))),
            *((report.shown["change_groups"][arm], here[:, None] & (arms == i)[:, None] & (stages >= 0)) for i, arm in enumerate(("high", "low"))),
        ):  # fmt: skip
            equations += said(row, mask)
    safety = safety_of(Rules())
    for number in np.flatnonzero(safety.spread(counts.sum(axis=1))):
        own = dict(zip(OUTCOMES, counts[number].sum(axis=0).tolist(), strict=True)) | {"n": int(counts[number].sum())}
        equations += said(own, (np.arange(len(counts)) == number)[:, None] & (stages >= 0))
    before = row_space(np.array(equations))
    equations += [each for row, mask in kinds(parts, breakdowns) for each in said(row, mask)]
    names = np.array(parts["cluster_names"])[of_cluster]
    for report in found:
        rows = report.shown["breakdowns"]["cluster"] or []
        rest = np.isin(names, sorted(report.clusters - {row["group"] for row in rows}))
        for row in rows:
            equations += said(row, both_stages(names == row["group"] if row["group"] else rest))
    space = row_space(np.array(equations))
    attempts, broken = 0, []
    for group in groups_of(schools, of_cluster, parts):
        cells = counts[group].sum(axis=(0, 1))
        if not cells.sum():
            continue
        for cell in range(3):
            if unsafe(cells[cell], cells.sum()):
                attempts += 1
                wanted = functional(group[:, None] & (stages >= 0), [cell])
                # What could be told without the breakdowns is not theirs to hide.
                if inside(space, wanted) and not inside(before, wanted):
                    broken.append((np.flatnonzero(group).tolist(), cell))
    return attempts, broken


def found_cluster(parts, school):
    return parts["clusters"][school]


def kinds(parts, breakdowns):
    """Each row of the breakdowns with the mask of its schools."""
    schools = parts["by_school"]
    fifths = {"": [0], **{str(n): [n] for n in range(1, 6)}, "1-2": [1, 2], "3-5": [3, 4, 5]}
    fifths["3-5 or not known"] = [0, 3, 4, 5]
    authority = np.array(parts["authority_names"])[np.asarray(parts["authority"])[schools["cluster"]]]
    named = {row["group"] for row in breakdowns["authority"] or []}
    for row in breakdowns["deprivation"] or []:
        yield row, both_stages(np.isin(schools["quintile"], fifths[row["group"]]))
    for row in breakdowns["urban_rural"] or []:
        yield row, both_stages(schools["area"] == AREAS.index(row["group"]))
    for row in breakdowns["authority"] or []:
        here = authority == row["group"] if row["group"] else ~np.isin(authority, sorted(named - {""}))
        yield row, both_stages(here)


def both_stages(here):
    return np.repeat(here[:, None], 2, axis=1)


def said(row, mask):
    if not row:
        return []
    found = [functional(mask, range(3))] if row["n"] is not None else []
    return found + [functional(mask, [cell]) for cell, name in enumerate(OUTCOMES) if row[name] is not None]


def functional(mask, cells):
    found = np.zeros((*mask.shape, 3))
    found[..., list(cells)] = mask[..., None]
    return found.ravel()


def groups_of(schools, of_cluster, parts):
    """Groups that somebody could want to know of: schools, kinds, clusters and authorities, and what two have in common or not."""
    authority = np.asarray(parts["authority"])[of_cluster]
    one = [np.arange(len(of_cluster)) == number for number in range(len(of_cluster))]
    single = [schools["quintile"] == fifth for fifth in range(6)] + [schools["area"] == area for area in range(3)]
    places = [of_cluster == leaf for leaf in np.unique(of_cluster)] + [
        authority == name for name in np.unique(authority)
    ]
    yield from one
    for kind in single:
        for other in [*places, *single]:
            yield kind & other
            yield kind & ~other
            yield other & ~kind
