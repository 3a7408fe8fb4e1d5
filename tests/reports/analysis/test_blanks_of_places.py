"""Attacks on the means of scales, which are equations of the questions wherever hardly any answer is missing.

A place with missing answers may show the mean of its scale beside a hidden question. But if a cluster within it has all of these and
shows the means as well, the rest has none, and the hidden question is what the scales and the other questions leave over.

Each attack puts all published numbers of all places into one linear programme, every mean within its two decimals and every missing
answer anywhere on its scale, and asks how many sums of the answers to a hidden question are still possible.
"""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from reports.analysis import unmatched
from reports.analysis.change import ALL_KEYS
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate, parts_of_whole
from reports.analysis.schema import WAVES, Plan, Rules
from reports.analysis.unmatched import MEANS
from tests.reports.programmes import make_programme

GROUP, POINTS = "P2P4", 3
FEWEST = 5  # sums that must stay possible
HALF = 0.005 + 1e-9  # what rounding leaves open at either side
BLANK, RARE = "C000", "C002"  # the clusters with all missing answers, and with the answers of a few
QUESTIONS = ("item1", "item2", "item3", "item4")


def programme(seed, few=(RARE,), pupils=16, per=4, joined=1, often=3):
    """Clusters of which one has all missing answers; the lowest answer to the first question is that of a few.

    few      in which clusters 3 gave it, of which the last one has ``often`` instead
    joined   of how many clusters the first is made
    """
    data = make_programme(
        32, pupils, seed=seed, lost=0.0, stage_groups=(GROUP,), schools_per_cluster=per, reverse=False
    )
    random, sheets = np.random.default_rng(seed), data.pupils.copy()
    sheets["cluster"] = sheets["cluster"].replace({f"C{number:03d}": BLANK for number in range(joined)})
    items = [name for name in sheets if name.startswith("item")]
    sheets[items] = sheets[items].fillna(2)
    sheets["item1"] = sheets["item1"].replace({1: 2})
    for cluster, number in zip(few, [3] * (len(few) - 1) + [often], strict=True):
        before = sheets.index[sheets["wave"].eq("pre") & sheets["cluster"].eq(cluster)]
        sheets.loc[random.choice(before, number, replace=False), "item1"] = 1
    for wave in WAVES:
        here = sheets.index[sheets["wave"].eq(wave) & sheets["cluster"].eq(BLANK)]
        for row in random.choice(here, 8, replace=False):
            sheets.loc[row, random.choice(QUESTIONS[1:])] = np.nan
    scored = data.codebook["item"].isin(QUESTIONS).astype(int)
    return replace(data, pupils=sheets, codebook=data.codebook.assign(scored=scored))


def reports(data):
    """Of the whole, each authority and each cluster: its clusters, the complete results and those shown."""
    whole, found = parts_of_whole(data, Plan()), {}
    places = [("", slice(None))]
    places += [
        (name, data.pupils[column].eq(name))
        for column in ("la", "cluster")
        for name in sorted(set(data.pupils[column]))
    ]
    for name, here in places:
        pupils = data.pupils[here]
        own = replace(data, pupils=pupils, ht=data.ht[data.ht["school_id"].isin(pupils["school_id"])])
        complete = evaluate(own, Plan(), whole)
        found[name] = (frozenset(pupils["cluster"]), complete, suppress(complete, Rules()))
    return found


class Published:
    """What all reports say of one scale, as a linear programme.

    The unknowns of each cluster: how many gave each answer to each question, and none (0); the sum of the scores of all ("all") and
    that over the questions answered both times ("matched"; everybody of these programmes was matched).
    """

    def __init__(self, places, with_scales=True):
        self.unknown, self.equal, self.below = {}, [], []
        clusters = [(name, complete) for name, (inside, complete, _) in places.items() if inside == {name}]
        for cluster, complete in clusters:
            self._sheets(cluster, complete["reliability"])
        for inside, complete, shown in places.values():
            for name in QUESTIONS:
                self._question(inside, name, shown["items"][GROUP][name])
            if with_scales:
                everybody, matched = shown["change_of_all"][GROUP], shown["change"][GROUP]
                number = complete["change"][GROUP]["n"]
                self._means(inside, "all", number, everybody, ("mean_pre", "mean_post", "difference", "sd_pre"))
                self._means(inside, "matched", number, matched, ("mean_b", "mean_y", "mean_change", "sd_b"))
        self.limits = {}
        for name, rows in (("eq", self.equal), ("ub", self.below)):
            places_of = [(row, self.unknown[key]) for row, (terms, _) in enumerate(rows) for key in terms]
            values = [value for terms, _ in rows for value in terms.values()]
            table = csr_array((values, np.array(places_of).T), shape=(len(rows), len(self.unknown)))
            self.limits |= {f"A_{name}": table, f"b_{name}": [limit for _, limit in rows]}

    def _say(self, rows, terms, limit):
        for key in terms:
            self.unknown.setdefault(key, len(self.unknown))
        rows.append((terms, limit))

    def _sheets(self, cluster, reliability):
        for wave in WAVES:
            came = reliability[f"{GROUP}_{wave}"]["n_sheets"]
            for name in QUESTIONS:
                self._say(self.equal, {(cluster, wave, name, code): 1 for code in range(POINTS + 1)}, came)
            # K times a score is the sum of the answers, and of one mean of the others for each that is missing.
            answers = {(cluster, wave, name, code): code for name in QUESTIONS for code in range(1, POINTS + 1)}
            missing = {when: [(cluster, when, name, 0) for name in QUESTIONS] for when in WAVES}
            (other,) = set(WAVES) - {wave}
            for kind, spread in (("all", 0), ("matched", POINTS - 1)):
                score = {(cluster, wave, kind): len(QUESTIONS)}
                less = {key: -value for key, value in answers.items()} | dict.fromkeys(missing[wave], -POINTS - spread)
                self._say(self.below, score | less | dict.fromkeys(missing[other], -spread), 0)
                more = answers | dict.fromkeys(missing[wave], 1 - spread) | dict.fromkeys(missing[other], -spread)
                self._say(self.below, {(cluster, wave, kind): -len(QUESTIONS)} | more, 0)

    def _question(self, inside, name, told):
        for wave in WAVES:
            known = {tuple(range(1, POINTS + 1)): told[f"n_{wave}"], (POINTS,): told[f"n_pos_{wave}"]}
            known |= {(code + 1,): count for code, count in enumerate(told[f"counts_{wave}"] or [])}
            for codes, count in known.items():
                if count is not None:
                    self._say(self.equal, {(each, wave, name, code): 1 for each in inside for code in codes}, count)

    def _means(self, inside, kind, number, told, keys):
        before, after, difference, sd = (told[key] for key in keys)
        pre, post = ({(each, wave, kind): 1 / number for each in inside} for wave in WAVES)
        change = post | {key: -value for key, value in pre.items()}
        rows = [(pre, before, HALF), (post, after, HALF), (change, difference, HALF)]
        if None not in (told["lo"], told["hi"]):
            rows.append((change, (told["lo"] + told["hi"]) / 2, HALF))
        if None not in (told["smc_sdpre"], sd):
            ends = [(told["smc_sdpre"] + one) * (sd + other) for one in (-HALF, HALF) for other in (-HALF, HALF)]
            rows.append((change, (min(ends) + max(ends)) / 2, (max(ends) - min(ends)) / 2))
        for terms, value, half in rows:
            if value is not None:
                self._say(self.below, terms, value + half)
                self._say(self.below, {key: -each for key, each in terms.items()}, half - value)

    def sums(self, inside, wave="pre", name="item1"):
        """The least and the greatest sum of the answers of these clusters to a question."""
        goal = np.zeros(len(self.unknown))
        for cluster in inside:
            for code in range(1, POINTS + 1):
                goal[self.unknown[cluster, wave, name, code]] = code
        found = [linprog(sign * goal, **self.limits, method="highs") for sign in (1, -1)]
        assert all(each.success for each in found)
        return int(np.ceil(found[0].fun - 1e-6)), int(np.floor(-found[1].fun + 1e-6))

    def possible(self, inside):
        """How many sums are possible."""
        least, greatest = self.sums(inside)
        return greatest - least + 1


def truth(places, inside):
    return sum(
        round(complete["items"][GROUP]["item1"]["mean_pre"] * complete["items"][GROUP]["item1"]["n_pre"])
        for clusters, complete, _ in places.values()
        if len(clusters) == 1 and clusters <= inside
    )


def shows_means(results):
    return results["change_of_all"][GROUP]["mean_pre"] is not None


def hidden(places):
    """Of which places the question is hidden."""
    return {inside for inside, _, shown in places.values() if shown["items"][GROUP]["item1"]["mean_pre"] is None}


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_hidden_question_of_an_authority_is_not_what_the_means_of_its_clusters_leave_over(seed):
    places = reports(programme(seed))
    authority, cluster = (places[name] for name in ("A00", BLANK))

    assert shows_means(authority[2])
    assert authority[0] in hidden(places)
    assert cluster[2]["items"][GROUP]["item1"]["mean_pre"] is not None
    assert {cluster[2]["change_of_all"][GROUP][key] for key in ALL_KEYS} == {None}
    assert {cluster[2]["change"][GROUP][key] for key in MEANS} == {None}
    published = Published(places)
    for inside in hidden(places):
        least, greatest = published.sums(inside)
        assert least <= truth(places, inside) <= greatest
        assert greatest - least + 1 >= FEWEST


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_attack_succeeds_where_each_place_is_asked_only_for_its_own_answers(seed, monkeypatch):
    """Every question of the cluster with missing answers is shown, so its means told nothing new of it; but they told of the others."""
    monkeypatch.setattr(unmatched, "MANY_ANSWERS", 0)

    places = reports(programme(seed))

    assert shows_means(places[BLANK][2])
    assert Published(places).possible({RARE}) < FEWEST
    assert Published(places, with_scales=False).possible({RARE}) > 8 * FEWEST


@pytest.mark.parametrize("large", [True, False])
def test_what_is_left_of_a_large_whole_is_left_open_by_two_decimals_of_its_mean(large, monkeypatch):
    """The whole shows every question, one of its two authorities hides one, the other hides it too for its sake."""
    if not large:
        monkeypatch.setattr(unmatched, "MANY_ANSWERS", 10**6)

    places = reports(programme(0, few=(BLANK, "C004"), pupils=85, often=24))

    assert places[""][0] not in hidden(places)
    assert {places["A00"][0], places["A01"][0]} <= hidden(places)
    assert shows_means(places[""][2])
    assert shows_means(places["A00"][2]) == large
    assert Published(places).possible({"C004"}) >= 3 * FEWEST


@pytest.mark.parametrize("seed", range(3))
def test_hidden_question_of_a_cluster_is_not_what_the_scale_of_its_neighbour_leaves_over(seed):
    """The authority shows every question; one cluster hides one, another hides it too for its sake, and only one has missing answers."""
    places = reports(programme(seed, few=(BLANK, RARE), pupils=22, per=6, joined=2, often=24))

    assert places["A00"][0] not in hidden(places)
    assert {frozenset({BLANK}), frozenset({RARE})} <= hidden(places)
    assert shows_means(places["A00"][2])
    assert not shows_means(places[BLANK][2])
    assert Published(places).possible({RARE}) >= 3 * FEWEST


def test_who_shows_every_question_keeps_the_means_beside_clusters_that_hide_one():
    """Where nothing is hidden of a place nor of the parts that show their means, what is left of it is known in any case."""
    places = reports(programme(3, few=("C001", RARE), often=4))

    assert places["A00"][0] not in hidden(places)
    assert {frozenset({"C001"}), frozenset({RARE})} <= hidden(places)
    shown = {name for name, (_, _, results) in places.items() if shows_means(results)}
    every = {
        name
        for name, (_, _, results) in places.items()
        if all(results["items"][GROUP][item][f"mean_{wave}"] is not None for item in QUESTIONS for wave in WAVES)
    }
    assert {"", "A00", BLANK} <= every
    assert shown >= every


@pytest.mark.parametrize(("left_out", "told"), [(QUESTIONS, False), (QUESTIONS[1:2], True)])
def test_answers_that_are_missing_on_sheets_without_a_score_keep_no_question_hidden(left_out, told):
    """Sheets that were handed in blank are no part of the mean of the scale."""
    data = programme(1)
    pupils = data.pupils.copy()
    pupils[list(QUESTIONS)] = pupils[list(QUESTIONS)].fillna(2)
    for wave in WAVES:
        pupils.loc[pupils.index[pupils["wave"].eq(wave)][:6], list(left_out)] = np.nan

    _, complete, shown = reports(replace(data, pupils=pupils, ht=data.ht))[""]

    assert shown["items"][GROUP]["item1"]["mean_pre"] is None
    assert complete["change_of_all"][GROUP]["n_pre"] == complete["flow"]["pre_rows"] - 6 * (not told)
    assert shows_means(shown) == told
