"""Disclosure control: what of the results may be stored, shown and exported.

Applied once, to the whole results dictionary, before anything renders it: page, chart, alt text, PDF,
spreadsheet and JSON see only what ``suppress`` gives. A hidden number is None with ``why: "hidden"`` beside it.

A base below ``minimum_base`` hides everything computed from it. Which cells are unsafe, one of two rules says
(``safety``); the programme's own: 1 to 4 pupils, or all but 1 to 4, or none or all of fewer than 20.

Answers       one unsafe answer of a question hides its whole distribution and mean of that wave (or, under the other
              rule, itself and enough others); the share that is positive stays if it is safe itself
Nobody        a question that nobody answered looks as one that a few answered, wherever others answered at that time
Outcomes      declined, held and improved stand in two tables over the same pupils: by stage group and by
              rating group, and both have the same totals. An unsafe row hides that table: all three outcomes,
              or held and improved only where the share that declined is safe in every row. The pupils of
              unrated schools, which the totals have and the rating groups have not, count as one more row
Matching      how many sheets came and how many were matched is told; what the few others answered is not, neither
              by how they began nor by subtracting the matched from all (``unmatched``)
Rating groups outside SSERC and the evaluator nothing is shown by rating group unless each group has 3 schools
              and 10 pupils: a headteacher's rating is as confidential as a pupil's answer
Subtraction   all this holds for the place itself, and for what is left of every place that it belongs to when the
              tables of clusters and authorities are taken away (``parts``)

The thresholds are ``schema.Rules``; none can be set below 5 pupils.
"""

from copy import deepcopy

import numpy as np

from reports import wording
from reports.analysis import adult_disclosure, breakdowns, ladder, noise, precision, representativeness, unmatched
from reports.analysis.cells import HIDDEN as HIDDEN
from reports.analysis.cells import OUTCOMES as OUTCOMES
from reports.analysis.cells import hide, hide_all, hide_some, without_a_figure
from reports.analysis.checks import NOT_COMPUTED, UNITS, detail, stages_present
from reports.analysis.parts import Tree
from reports.analysis.popularity import popularity
from reports.analysis.rating_groups import hide_rating_groups
from reports.analysis.ratings import SLACK
from reports.analysis.rules import Rules as Rules
from reports.analysis.safety import answer_masks, every_row, outcome_masks, safety_of
from reports.analysis.schema import STAGE_GROUPS, WAVES
from reports.analysis.specifications import specifications

SCHOOL_STEP = 0.05  # SD


def suppress(results, rules):
    """The copy of complete ``results`` that may be stored and shown under ``rules``."""
    parts, schools = results["parts"], results["schools"]
    results = deepcopy({key: value for key, value in results.items() if key not in {"parts", "schools"}})
    tree = Tree(parts, schools, rules.place_schools, guard_whole=rules.guard_rating_groups)
    safety = safety_of(rules)
    told = {}  # per stage group: which places show the mean of each question
    for name, table in results["items"].items():
        models = results["item_models"].get(name, {})
        came = parts["sheets"].cells[:, STAGE_GROUPS.index(name)].sum(axis=-1)
        told[name] = _items(table, models, parts["answers"][name], came, results["flow"], tree, safety)
    _reliability(results, safety)
    representativeness.hide(results["representativeness"], rules)
    groups = tree.shown(parts["ratings"], safety.ratings)
    _outcomes(results, parts, groups, tree, safety)
    unmatched.hide_means(results, told, parts, tree, safety)
    unmatched.hide_sizes(results, parts, tree, safety)
    unmatched.hide_starts(results, parts, groups, tree, safety)
    results["breakdowns"] = breakdowns.breakdowns(parts, tree, safety, rules)
    _school_means(results, safety)
    _dose_response(results, safety)
    precision.coarsen(results, rules)
    if not tree.at(groups):
        hide_rating_groups(results, rules)
    _retell(results)
    results["popularity"] = popularity(results["items"])
    if results.get("adults"):
        results["adults"] = adult_disclosure.suppress(results["adults"], rules)
    results["disclosure"] |= {
        "rule": rules.rule,
        "threshold": rules.minimum_base,
        "small_cell": rules.small_cell,
        "alike_base": rules.alike_base,
        "group_schools": rules.group_schools,
        "group_pupils": rules.group_pupils,
    }
    results["disclosure"]["cells_hidden"] = without_a_figure(results)
    return results


def _items(table, models, counts, came, flow, tree, safety):
    """One stage group's questions with their models, each wave and the pairs; a base of nobody looks as one of a few does.

    returns  what ``Tree.shown`` gave for the means of the questions, per wave
    """
    items = sorted(table.values(), key=lambda item: item["order"])
    models = {id(table[name]): model for name, model in models.items() if name in table}
    points = np.array([item["points"] for item in items], dtype=int)
    means = []
    for wave in WAVES:
        bases, shares, answers = answer_masks(counts[wave], points, tree, safety)
        means.append([_whole_questions(mask, points) for mask in answers])
        _unscored(items, wave, counts, came[:, WAVES.index(wave)], bases, flow, tree, safety)
        for item, base, share, shown in zip(items, tree.at(bases), tree.at(shares), tree.at(answers), strict=True):
            if flow[f"{wave}_rows"] and not item[f"n_{wave}"]:
                base, share, shown = False, False, np.zeros_like(shown)
            if not base:
                hide(item, f"n_{wave}", f"n_unscored_{wave}", f"n_blank_{wave}")
            hide_some(item, f"counts_{wave}", shown[1 : item["points"] + 1])
            if not shown[1 : item["points"] + 1].all():
                hide(item, f"mean_{wave}")
            if not share:
                hide(item, f"pos_{wave}", f"n_pos_{wave}", f"pos_{wave}_lo", f"pos_{wave}_hi")
                hide(item, "pos_change", "pos_change_lo", "pos_change_hi")
    pairs = counts["pairs"]
    bases = tree.shown(pairs, safety.base)
    outcomes = tree.shown(pairs, safety.spread, given=bases)
    for item, base, whole in zip(items, tree.at(bases), tree.at(outcomes), strict=True):
        nobody = flow["analysable_pairs"] and not item["n_pair"]
        if nobody or not base:
            hide(item, "n_pair")
        if not whole:
            hide(item, *OUTCOMES, "net", "mean_change")
    both_times = [before & after for before, after in zip(*means, strict=True)]
    unmatched.hide_questions(items, counts, bases, both_times, tree, safety)
    for item in items:
        # An estimate of two answers could be solved for the outcomes, and why there is none tells that all answered alike.
        if (model := models.get(id(item))) and None in (item["declined"], item["mean_pre"], item["mean_post"]):
            hide_all(model)
            model["why"] = HIDDEN
    return means


def _whole_questions(mask, points):
    """Of which questions every answer is shown; ``mask`` places x items x codes."""
    codes = np.arange(mask.shape[-1])
    asked = (codes >= 1) & (codes <= points[:, None])
    return (mask | ~asked).all(axis=-1)


def _unscored(items, wave, counts, came, bases, flow, tree, safety):
    """Hide how many were not sure where these are a few, and how many left the question blank, which would tell it.

    came    per cluster: the sheets of the stage group that came this time
    bases   what ``Tree.shown`` gave for the bases of the questions
    """
    answered, unsure = counts[wave].cells.sum(axis=-1), counts[f"unscored_{wave}"].cells[..., 0]
    # How many did not answer is known from the sheets: were these a few, a hidden "not sure" would be known to be one of them.
    table = counts[wave].of(np.stack([answered, unsure, came[:, None] - answered], axis=-1))
    may_show = tree.shown(table, lambda cells: ~safety.a_few(cells[..., 1:]).any(axis=-1), given=bases)
    for item, shown in zip(items, tree.at(may_show), strict=True):
        if not shown:
            hide(item, f"n_unscored_{wave}", f"n_blank_{wave}")
            hide(flow, "unscored_answers")


def _outcomes(results, parts, groups, tree, safety):
    """The tables of declined, held and improved; see the module."""
    change_groups, stages = results["change_groups"], results["change_by_stage"]
    counts = parts["outcomes"]
    hidden = {name: _hidden_outcomes(table, tree, safety) for name, table in counts.items() if name != "arm"}
    hidden["arm"] = _hidden_outcomes(counts["arm"], tree, safety, given=groups)
    if unmatched.sizes_tell_ratings(parts, groups, tree, safety):
        hidden["arm"] = OUTCOMES
        _hide_group_sizes(results)
    stage_bases = tree.at(tree.shown(counts["stage"], safety.base))
    whole_sheets = tree.at(tree.shown(parts["complete"], every_row(safety.spread)))
    for name, base, complete in zip(STAGE_GROUPS, stage_bases, whole_sheets, strict=True):
        _hide_outcomes(stages[name], hidden["stage"])
        change = results["change"][name]
        _hide_outcomes(change, hidden["stage"])
        if hidden["stage"]:
            hide(change, "net", "declined_complete_items", "icc_anova_declined", "design_effect")
            precision.two_decimals(change)
        if not base or _scale_tells_a_hidden_answer(results["items"].get(name, {})):
            hide_all(change, keep=("n", "schools"))
        elif not complete:
            hide(change, "declined_complete_items", "n_complete_items")
            hide(results["companions"].get("headline_complete_items") or {}, "n", "p_high", "p_low")
    for arm in ("high", "low"):
        if change_groups[arm]:
            _hide_outcomes(change_groups[arm], hidden["arm"])
    if "declined" in hidden["arm"]:
        _hide_levels(results, safety)
    _hide_outcomes(change_groups["all"], hidden["all"])
    if not noise.may_be_shown(counts["stage"], tree, safety):
        hide(change_groups, "noise_reference")
        change_groups |= {"noise_by_stage": {}, "noise_base": ""}


def _hide_levels(results, safety):
    """Hide how many declined in each rating group, and whatever adds up to it: the shares that models expect, and the line."""
    hide(results["sample"], "declined_high", "declined_low")
    if results["headline"].get("fallback"):
        hide(results["headline"], "p_high", "p_low")
    if safety.rules.guard_rating_groups:
        for model in (results["headline"], *results["companions"].values()):
            hide(model, "p_high", "p_low")
        if points := results.get("dose_response"):
            hide(points, "line", "schools")


def _hide_group_sizes(results):
    """Hide how many pupils each rating group has."""
    hide(results["sample"], "n_high", "n_low")
    for arm in ("high", "low"):
        hide(results["change_groups"][arm] or {}, "n")
    for row in results["match_table"]:
        if row["group"] in unmatched.MATCH_ROWS["arm"]:
            hide(row, "n_matched")


def _scale_tells_a_hidden_answer(items):
    """On a scale of one question the means and spreads of the pupils are those of its answers."""
    return len(items) == 1 and any(item[f"mean_{wave}"] is None for item in items.values() for wave in WAVES)


def _hidden_outcomes(counts, tree, safety, given=None):
    """The outcomes that a table (parts x rows x 3) may not show: none, held and improved, or all three."""
    declined, whole = outcome_masks(counts, tree, safety, given)
    if not tree.at(declined):
        return OUTCOMES
    return () if tree.at(whole) else OUTCOMES[1:]


def _hide_outcomes(row, outcomes):
    for outcome in outcomes:
        hide(row, outcome, f"{outcome}_pct", f"{outcome}_lo", f"{outcome}_hi")


def _reliability(results, safety):
    """The reliability of few sheets, or of a time of which no question may be shown; and what each question has to do with its scale.

    That is kept back with the answers of the question: there is none where everybody answered alike.
    """
    for name in STAGE_GROUPS:
        items = results["items"].get(name, {})
        for wave in WAVES:
            scale = results["reliability"][f"{name}_{wave}"]
            nothing_shown = items and all(item[f"n_{wave}"] is None for item in items.values())
            if nothing_shown or 0 < scale["n_complete"] < safety.rules.minimum_base:
                hide_all(scale, keep=("n_sheets",))
                continue
            hidden = {item for item, row in items.items() if row[f"mean_{wave}"] is None}
            scale["item_total"] = {item: None if item in hidden else r for item, r in scale["item_total"].items()}
            scale["flagged"] = [item for item in scale["flagged"] if item not in hidden]


def _school_means(results, safety):
    """School means have no names, but a few schools recognise themselves."""
    means = results.get("school_means")
    if means and means.get("schools"):
        # Its size would name a school, and so would an interval written finer, whose width follows from the size.
        shown = [
            {key: round(round(row[key] / SCHOOL_STEP) * SCHOOL_STEP, 2) for key in ("est", "lo", "hi")}
            for row in means["schools"]
            if row["n"] >= safety.rules.minimum_base
        ]
        means["schools"] = shown if len(shown) >= safety.rules.minimum_base else None
        if means["schools"] is None:
            means["why"] = HIDDEN


def _dose_response(results, safety):
    """The schools along the rating, and where the line ends."""
    points = results.get("dose_response")
    if points and points.get("schools") and safety.rules.guard_rating_groups:
        # The line may not end at the rating of one school: it ends at the mean of the three at either end.
        ratings, few = sorted(school["rating"] for school in points["schools"]), safety.rules.group_schools
        lowest, highest = sum(ratings[:few]) / few, sum(ratings[-few:]) / few
        points["line"] = [point for point in points["line"] if lowest <= point["rating"] <= highest]
        points["schools"], points["why"] = None, HIDDEN
    elif points and points.get("schools"):
        known = results["sample"]["declined_high"] is not None
        shown = _dots(points["schools"], results["provenance"]["cut"], safety) if known else []
        points["schools"] = shown or None
        if not shown:
            points["why"] = HIDDEN


def _dots(schools, cut, safety):
    """The schools whose share that declined may be shown, so that those left out of a rating group are safe together too."""
    n = np.array([school["n"] for school in schools])
    declined = np.round([school["n"] * school["declined"] for school in schools]).astype(int)
    high = np.array([school["rating"] >= cut - SLACK for school in schools])
    cells = np.column_stack([declined, n - declined])
    shown = safety.spread(cells)
    for arm in (high, ~high):
        while (shown & arm).any() and not safety.spread(cells[arm & ~shown].sum(axis=0)):
            smallest = np.flatnonzero(shown & arm)
            shown[smallest[n[smallest].argmin()]] = False
    return [school for school, may in zip(schools, shown, strict=True) if may]


def _retell(results):
    """Say again what is said, from what may be shown."""
    told = results["ladder"]
    results["attention"] = ladder.attention(results)
    if results["hidden_by_group"]:
        # One level for all: another would tell whether every rating here lies on one side, or what the hidden interval leaves out.
        missing = ladder.unanswered(results["flow"])
        level = "L0" if missing else "L1"
        said = wording.cannot_compare(missing) if missing else results["hidden_reason"]
        told |= {"level": level, "title": wording.LEVELS[level], "sentence": said, "finding": said, "reasons": [said]}
        told |= {"failed_checks": [], "scarce": None, "shortage": []}
    else:
        if told["level"] == "L1" and results["sample"]["declined_high"] is None:
            told["finding"] = wording.hidden_figures(told["scarce"])
        if told["level"] == "L4":
            told["finding"] = ladder.supported(results["headline"])
        if results["attrition"]["match_rate_high"] is None:
            for check in results["checks"]:
                if check["key"] in {"match_rate", "match_gap"} and check["detail"] != NOT_COMPUTED:
                    check["detail"] = HIDDEN
        of_all = results["companions"]["did_all_cr2"]
        for check in results["checks"]:
            if check["key"] == "s5" and check["detail"] != NOT_COMPUTED:
                check["detail"] = HIDDEN if of_all.get("why") == HIDDEN else detail(of_all, UNITS["s5"])
        told["reasons"] = ladder.reasons(told, results["checks"])
        told["sentence"] = ladder.sentence(told, results)
        results["specifications"] = specifications(
            results["headline"], results["companions"], told["level"], results["sample"]["n"]
        )
    matched = next(row["rate"] for row in results["match_table"] if row["group"] == "All")
    results["caveats"] = wording.caveats(matched, results["provenance"], stages_present(results["reliability"]))
