"""School sheets: what they show, and attacks by headteachers who put their sheets beside published reports."""

import functools
from dataclasses import replace

import numpy as np
import pytest

from reports.analysis import school_sheets as module
from reports.analysis.disclosure import OUTCOMES
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.ratings import is_high, ratings
from reports.analysis.scales import positive_from
from reports.analysis.schema import WAVES, Plan
from reports.analysis.school_sheets import school_sheets
from tests.reports.analysis.test_subtraction import functional, inside, place, row_space, said, tables, unsafe
from tests.reports.programmes import make_programme

SEEDS = [pytest.param(seed, marks=pytest.mark.xdist_group(f"sheets {seed}")) for seed in range(6)]


@functools.cache
def country(seed):
    """Schools of very different sizes in small clusters, with a table of schools; the last school has no answers at all."""
    random = np.random.default_rng(seed)
    data = make_programme(
        int(random.integers(20, 32)),
        int(random.integers(40, 70)),
        seed=seed,
        schools_per_cluster=int(random.integers(2, 6)),
        stage_groups=[("P2P4", "P5P7"), ("P5P7",)][seed % 3 == 2],
        lost=float(random.uniform(0.1, 0.4)),
    )
    schools = data.pupils[["school_id", "cluster", "la", "simd_quintile"]].drop_duplicates("school_id")
    schools = schools.sort_values("school_id", ignore_index=True)
    kept = dict(zip(schools["school_id"], random.uniform(0.15, 1, len(schools)), strict=True))
    kept[schools["school_id"].iloc[-1]] = 0
    # In every fourth school only one stage group answers.
    young = set(schools["school_id"].iloc[::4])
    code = data.pupils["pupil_code"].str[:6].astype(int).to_numpy()
    luck = np.random.default_rng(seed + 100).random(code.max() + 1)[code]
    stays = luck < data.pupils["school_id"].map(kept).to_numpy()
    stays &= ~(data.pupils["school_id"].isin(young) & data.pupils["stage"].isin(["P2", "P3", "P4"])).to_numpy()
    pupils = data.pupils[stays].reset_index(drop=True)
    return replace(data, pupils=pupils, schools=schools, ht=data.ht.sample(frac=0.9, random_state=seed))


def at_schools(data, schools):
    return replace(
        data,
        **{
            name: getattr(data, name)[getattr(data, name)["school_id"].isin(schools)]
            for name in ("pupils", "ht", "schools")
        },
    )


@functools.cache
def reports(seed):
    """Every published report, as (the schools it is about, its tables)."""
    data = country(seed)
    plain = replace(data, schools=None)
    whole = parts_of_whole(plain, Plan())
    names = [(None, None)] + [
        (column, name) for column in ("la", "cluster") for name in sorted(set(data.pupils[column]))
    ]
    found = []
    for column, name in names:
        here = data.schools if column is None else data.schools[data.schools[column] == name]
        found.append((frozenset(here["school_id"]), place(plain, whole, column, name).shown))
    return found


@functools.cache
def truth(seed):
    """What each school's tables hold, unprotected."""
    data = country(seed)
    found = {}
    for school in sorted(set(data.pupils["school_id"])):
        complete = evaluate(replace(at_schools(data, [school]), schools=None), Plan())
        found[school] = complete
    return found


def unions(seed):
    """What an attacker would like to know of: a school, a place without one or two of its schools, any few schools."""
    random, schools = np.random.default_rng(seed), list(truth(seed))
    found = [frozenset([school]) for school in schools]
    for here, _ in reports(seed):
        here = here & set(schools)
        found += [here - {school} for school in here]
        found += [here - set(random.choice(sorted(here), 2, replace=False)) for _ in range(8) if len(here) > 3]
    found += [frozenset(random.choice(schools, random.integers(2, 5), replace=False)) for _ in range(60)]
    return [union for union in dict.fromkeys(found) if union]


def attack_answers(seed, sheets):
    """(small cells tried, those determined) by all reports and all sheets together, question by question."""
    schools = list(truth(seed))
    at = {school: number for number, school in enumerate(schools)}
    known = {school: tables(complete) for school, complete in truth(seed).items()}
    published = [(here & set(schools), tables(shown)) for here, shown in reports(seed)]
    tried, broken = 0, []
    for group, items in next(iter(truth(seed).values()))["items"].items():
        for item, described in items.items():
            points = described["points"]
            positive = range(int(positive_from(np.array(points))) - 1, points)
            for wave in WAVES:
                key = (group, item, wave)
                equations = [row for here, found in published for row in said(here, found[key], at, points)]
                for school in schools:
                    own = sheets["schools"][school]["figures"]["items"][group][item]
                    if own[f"n_{wave}"] is not None:
                        equations.append(functional({school}, range(points), at, points))
                    if own[f"pos_{wave}"] is not None:
                        equations.append(functional({school}, positive, at, points))
                space = row_space(np.array(equations).reshape(len(equations), len(at) * points))
                for union in unions(seed):
                    cells = np.sum([known[school][key]["cells"] for school in union], axis=0)
                    for wanted in [*([cell] for cell in range(points)), positive]:
                        if unsafe(cells[list(wanted)].sum(), cells.sum()):
                            tried += 1
                            if inside(space, functional(union, wanted, at, points)):
                                broken.append((key, sorted(union), list(wanted)))
    return tried, broken


def attack_outcomes(seed, sheets, ratings_known=False):
    """The same for declined, held and improved, by an attacker who knows which stages each school has, or all ratings too."""
    data, schools = country(seed), list(truth(seed))
    at = {school: number for number, school in enumerate(schools)}
    rating, _ = ratings(data.ht, schools)
    high = {
        school: None if np.isnan(own) else bool(is_high(own, 4.0)) for school, own in zip(schools, rating, strict=True)
    }
    counts = np.array(
        [
            [[truth(seed)[school]["change_by_stage"][group][key] for key in OUTCOMES] for group in ("P2P4", "P5P7")]
            for school in schools
        ]
    )

    def row(union, stages, outcomes):
        found = np.zeros(counts.shape)
        found[np.ix_([at[school] for school in union], stages, outcomes)] = 1
        return found.ravel()

    equations = [
        row([school], [s], [o])
        for school in schools
        for s in (0, 1)
        if not counts[at[school], s].any()
        for o in range(3)
    ]
    for here, shown in reports(seed):
        here = here & set(schools)
        arms = {"high": True, "low": False}
        rows = [(shown["change_groups"]["all"], here, (0, 1))]
        rows += [(shown["change_by_stage"][group], here, (s,)) for s, group in enumerate(("P2P4", "P5P7"))]
        rows += [
            (shown["change_groups"][arm], [school for school in here if high[school] is is_high], (0, 1))
            for arm, is_high in arms.items()
            if shown["change_groups"][arm] and ratings_known
        ]
        for table, of, stages in rows:
            equations.append(row(of, stages, (0, 1, 2)))
            equations += [row(of, stages, [o]) for o, key in enumerate(OUTCOMES) if table[key] is not None]
    for school in schools:
        own = sheets["schools"][school]["figures"]["outcomes"]
        equations += [row([school], (0, 1), [o]) for o, key in enumerate(OUTCOMES) if own[key] is not None]
    space = row_space(np.array(equations))
    tried, broken = 0, []
    for union in unions(seed):
        here = [at[school] for school in union]
        for stages in ((0, 1), (0,), (1,)):
            cells = counts[here][:, stages].sum(axis=(0, 1))
            for cell in range(3):
                if unsafe(cells[cell], cells.sum()) and cells.sum():
                    tried += 1
                    if inside(space, row(union, stages, [cell])):
                        broken.append((sorted(union), stages, OUTCOMES[cell]))
    return tried, broken


@pytest.mark.parametrize("seed", SEEDS)
def test_all_sheets_and_all_reports_together_determine_no_small_cell(seed):
    sheets = school_sheets(country(seed), Plan())

    for attack in (attack_answers, attack_outcomes):
        tried, broken = attack(seed, sheets)

        assert tried > 100
        assert broken == []


@pytest.mark.parametrize("seed", SEEDS)
def test_sheets_tell_nothing_new_to_somebody_who_knows_every_rating(seed):
    sheets = school_sheets(country(seed), Plan())
    _, broken = attack_outcomes(seed, sheets, ratings_known=True)
    for school in sheets["schools"].values():
        school["figures"]["outcomes"] = dict.fromkeys(OUTCOMES)

    _, without_sheets = attack_outcomes(seed, sheets, ratings_known=True)

    assert broken == without_sheets


@pytest.mark.xdist_group("sheets 0")
@pytest.mark.parametrize("attack", [attack_answers, attack_outcomes])
def test_attack_succeeds_on_sheets_that_are_protected_one_by_one(attack, monkeypatch):
    """Otherwise the test above would show nothing."""
    monkeypatch.setattr(module._Programme, "give_way", lambda self, shown, *around: shown)

    assert any(attack(seed, school_sheets(country(seed), Plan()))[1] for seed in (0, 6))


@pytest.mark.xdist_group("sheets 0")
def test_cluster_and_cohort_show_on_a_sheet_exactly_what_their_reports_show():
    data = country(0)
    sheets = school_sheets(data, Plan())
    names = dict(zip(data.schools["school_id"], data.schools["cluster"], strict=True))
    compared = 0

    for here, shown in reports(0):
        clusters = {names[school] for school in here}
        if len(here) == len(data.schools):
            figures = sheets["cohort"]
        elif len(clusters) == 1:
            figures = sheets["clusters"][clusters.pop()]
        else:
            continue
        for group, items in shown["items"].items():
            for item, table in items.items():
                for wave in WAVES:
                    own = figures["items"][group][item]
                    assert own[f"n_{wave}"] == table[f"n_{wave}"]
                    assert own[f"pos_{wave}"] == (
                        table.get(f"n_pos_{wave}") if table[f"n_{wave}"] else table[f"n_{wave}"]
                    )
                    compared += 1
        for key in OUTCOMES:
            published = shown["change_groups"]["all"][key]
            assert figures["outcomes"][key] in (None, published)

    assert compared > 100


@pytest.mark.xdist_group("sheets 0")
def test_own_figures_are_those_of_the_schools_own_pupils():
    data = country(0)
    sheets, shown = school_sheets(data, Plan()), 0

    for school, complete in truth(0).items():
        figures = sheets["schools"][school]["figures"]
        assert figures["answered"] == {"pre": complete["flow"]["pre_rows"], "post": complete["flow"]["post_rows"]}
        assert figures["matched"] in (None, complete["flow"]["analysable_pairs"])
        for group, items in complete["items"].items():
            for item, table in items.items():
                own = figures["items"][group][item]
                for wave in WAVES:
                    assert own[f"n_{wave}"] in (None, table[f"n_{wave}"])
                    assert own[f"pos_{wave}"] in (None, table.get(f"n_pos_{wave}", 0))
                    shown += own[f"pos_{wave}"] is not None

    assert shown > 50


def test_every_school_has_figures_also_one_where_nobody_answered():
    data = country(0)

    sheets = school_sheets(data, Plan())

    silent = data.schools["school_id"].iloc[-1]
    assert set(sheets["schools"]) == set(data.schools["school_id"])
    assert sheets["schools"][silent]["figures"]["answered"] == {"pre": 0, "post": 0}


def test_order_of_the_rows_changes_nothing():
    data = country(1)
    mixed = replace(data, pupils=data.pupils.sample(frac=1, random_state=3), schools=data.schools.iloc[::-1])

    assert school_sheets(mixed, Plan()) == school_sheets(data, Plan())
