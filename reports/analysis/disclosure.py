"""Disclosure control: what of the results may be stored, shown and exported.

Applied once, to the whole results dictionary, before anything renders it: page, chart, alt text, PDF,
spreadsheet and JSON see only what ``suppress`` gives. A hidden number is None with ``why: "hidden"`` beside it.

A base below ``minimum_base`` hides everything computed from it. A cell is unsafe when it counts 1 to 4 pupils,
or all but 1 to 4, or none or all of fewer than 20 (everybody answered alike).

Answers       one unsafe answer of a question hides its whole distribution and mean of that wave; the share
              that is positive stays if it is safe itself
Outcomes      declined, held and improved stand in two tables over the same pupils: by stage group and by
              rating group, and both have the same totals. An unsafe outcome is hidden in every row of its table,
              and a second one with it (held or improved before declined), so that neither the base nor the
              totals give it back. The pupils of unrated schools, which the totals have and the rating groups
              have not, count as one more row
Matching      stage groups, rating groups and deprivation groups each make up the whole (with the pupils outside
              them as one more part): one unsafe part hides all parts. Rating groups are hidden as well where few
              choices of schools could make up a group: an officer sees how many sheets came from each school,
              and a sum that only few choices reach tells whose rating was low
Rating groups outside SSERC and the evaluator nothing is shown by rating group unless each group has 3 schools
              and 10 pupils: a headteacher's rating is as confidential as a pupil's answer

The thresholds are ``schema.Rules``; none can be set below 5 pupils.
"""

from copy import deepcopy
from math import comb

from reports import wording
from reports.analysis import ladder
from reports.analysis.checks import NOT_COMPUTED
from reports.analysis.results import EMPTY
from reports.analysis.schema import STAGE_GROUPS, WAVES
from reports.analysis.schema import Rules as Rules
from reports.analysis.specifications import specifications

HIDDEN = "hidden"
OUTCOMES = ("declined", "held", "improved")
LEVELS_WITH_SCARCE_DATA = {"L0", "L1"}
# Sheets of a group spread over some hundred sums, so that each sum is then shared by dozens of choices.
FEW_CHOICES = 5000


class Cells:
    """Hides numbers and counts how many it hid."""

    def __init__(self, rules):
        self.rules = rules
        self.hidden = 0

    def hide(self, place, *keys):
        """Empty these keys of a dictionary (those that hold something) and say why."""
        for key in keys:
            if place.get(key) is not None:
                place[key] = None
                place["why"] = HIDDEN
                self.hidden += 1

    def hide_all(self, place, keep=()):
        """Empty every number of a dictionary, but keep its keys."""
        keys = [key for key, value in place.items() if isinstance(value, (int, float, list, dict)) and key not in keep]
        self.hide(place, *keys)

    def small(self, base):
        """Whether a base is too small for anything computed from it."""
        return 0 < base < self.rules.minimum_base

    def unsafe(self, part, whole):
        """Whether the count ``part`` of ``whole`` could point at a few pupils."""
        rest = whole - part
        few = 0 < part < self.rules.small_cell or 0 < rest < self.rules.small_cell
        alike = 0 < whole < self.rules.alike_base and (part == 0 or rest == 0)
        return few or alike


def suppress(results, rules):
    """The copy of complete ``results`` that may be stored and shown under ``rules``."""
    results = deepcopy(results)
    cells = Cells(rules)
    for table in results["items"].values():
        for item in table.values():
            _item(item, cells)
    for scale in results["reliability"].values():
        if cells.small(scale["n_complete"]):
            cells.hide_all(scale, keep=("n_sheets",))
    _outcomes(results, cells)
    _matching(results, cells)
    _schools(results, cells)
    if rules.guard_rating_groups and _groups_too_small(results, rules):
        _hide_rating_groups(results, cells)
    _retell(results, rules)
    results["disclosure"] |= {
        "threshold": rules.minimum_base,
        "small_cell": rules.small_cell,
        "alike_base": rules.alike_base,
        "group_schools": rules.group_schools,
        "group_pupils": rules.group_pupils,
        "cells_hidden": cells.hidden,
    }
    return results


def _item(item, cells):
    for wave in WAVES:
        n, counts = item[f"n_{wave}"], item[f"counts_{wave}"]
        if cells.small(n):
            cells.hide(item, f"n_{wave}", f"counts_{wave}", f"mean_{wave}")
        elif n and any(cells.unsafe(part, n) for part in counts):
            cells.hide(item, f"counts_{wave}", f"mean_{wave}")
        if cells.small(n) or (n and cells.unsafe(item[f"n_pos_{wave}"], n)):
            cells.hide(item, f"pos_{wave}", f"n_pos_{wave}", f"pos_{wave}_lo", f"pos_{wave}_hi")
            cells.hide(item, "pos_change", "pos_change_lo", "pos_change_hi")
    pairs = item["n_pair"]
    if cells.small(pairs):
        cells.hide(item, "n_pair")
    if pairs and (cells.small(pairs) or any(cells.unsafe(item[outcome], pairs) for outcome in OUTCOMES)):
        cells.hide(item, *OUTCOMES, "net", "mean_change")


def _outcomes(results, cells):
    """The tables of declined, held and improved; see the module."""
    groups, stages = results["change_groups"], results["change_by_stage"]
    everybody = groups["all"]
    by_stage = [stages[name] for name in STAGE_GROUPS]
    by_arm = [groups[arm] for arm in ("high", "low") if groups[arm]]
    unrated = {key: everybody[key] - sum(row[key] for row in by_arm) for key in ("n", *OUTCOMES)}

    columns = _columns_to_hide([*by_stage, everybody], cells)
    for name, row in zip(STAGE_GROUPS, by_stage, strict=True):
        _hide_outcomes(row, columns, cells)
        _hide_outcomes(results["change"][name], columns, cells)
        if columns:
            cells.hide(results["change"][name], "net", "declined_complete_items")
        _change(results["change"][name], row["n"], cells)
    arm_columns = _columns_to_hide([*by_arm, unrated, everybody], cells) if by_arm else set()
    for row in by_arm:
        _hide_outcomes(row, arm_columns, cells)
    if "declined" in arm_columns:
        cells.hide(results["sample"], "declined_high", "declined_low")
        if results["headline"].get("fallback"):
            cells.hide(results["headline"], "p_high", "p_low")
    own = _columns_to_hide([everybody], cells)
    _hide_outcomes(everybody, own, cells)


def _columns_to_hide(rows, cells):
    """The outcomes that these rows may not show, at least two if any."""
    rows = [row for row in rows if row["n"]]
    columns = {
        outcome for row in rows for outcome in OUTCOMES if cells.small(row["n"]) or cells.unsafe(row[outcome], row["n"])
    }
    if len(columns) == 1:
        others = [outcome for outcome in OUTCOMES if outcome not in columns]
        totals = {outcome: sum(row[outcome] for row in rows) for outcome in others}
        columns.add(min(others, key=lambda outcome: (outcome == "declined", totals[outcome])))
    return columns


def _hide_outcomes(row, columns, cells):
    for outcome in columns:
        cells.hide(row, outcome, f"{outcome}_pct", f"{outcome}_lo", f"{outcome}_hi")


def _change(row, n, cells):
    """One stage group's change: nothing of a small base, nothing of a small difference."""
    if cells.small(n):
        cells.hide_all(row, keep=("n", "schools"))
    elif n and (cells.unsafe(row["n_complete_items"] or 0, n) or cells.small(row["n_complete_items"] or 0)):
        cells.hide(row, "declined_complete_items", "n_complete_items")


def _matching(results, cells):
    table = {row["group"]: row for row in results["match_table"]}
    attrition, everybody = results["attrition"], table["All"]
    for group, names in (
        ("stage", ("P2-P4", "P5-P7")),
        ("arm", ("Higher-rated", "Lower-rated")),
        ("deprivation", ("Quintile 1-2", "Quintile 3-5")),
    ):
        rows = [table[name] for name in names]
        outside = {key: everybody[key] - sum(row[key] for row in rows) for key in ("n_pre", "n_matched")}
        tells = group == "arm" and cells.rules.guard_rating_groups and _few_choices(results["flow"])
        if tells or any(_unsafe_match(row, cells) for row in [*rows, outside]):
            for row in rows:
                cells.hide(row, "n_pre", "n_matched", "rate", "smd")
            if group == "stage":
                for name in STAGE_GROUPS:
                    cells.hide(attrition[name], "n_pre", "n_matched", "match_rate", "smd_base_matched_vs_not")
            if group == "arm":
                cells.hide(attrition, "match_rate_high", "match_rate_low", "diff_high_low_cr2")
    if _unsafe_match(everybody, cells):
        cells.hide(everybody, "n_pre", "n_matched", "rate", "smd")


def _few_choices(flow):
    """Whether few choices of as many schools as were rated higher could make up the higher-rated group."""
    return flow["schools_rated"] > 0 and comb(flow["schools_rated"], flow["schools_high"]) < FEW_CHOICES


def _unsafe_match(row, cells):
    n, matched = row["n_pre"], row["n_matched"]
    few = 0 < matched < cells.rules.small_cell or 0 < n - matched < cells.rules.small_cell
    return bool(n) and (cells.small(n) or few)


def _schools(results, cells):
    """School means have no names, but a few schools recognise themselves."""
    means = results.get("school_means")
    if means and means.get("schools"):
        shown = [row for row in means["schools"] if row["n"] >= cells.rules.minimum_base]
        cells.hidden += len(means["schools"]) - len(shown)
        means["schools"] = shown if len(shown) >= cells.rules.minimum_base else None
        if means["schools"] is None:
            means["why"] = HIDDEN
            cells.hidden += len(shown)
    points = results.get("dose_response")
    if points and points.get("schools") and cells.rules.guard_rating_groups:
        cells.hidden += len(points["schools"])
        points["schools"], points["why"] = None, HIDDEN


def _groups_too_small(results, rules):
    """Whether a rating group that exists is too small to be shown."""
    if not results["flow"]["schools_rated"]:
        return False
    sample, flow = results["sample"], results["flow"]
    schools = [sample["schools_high"], sample["schools_low"], flow["schools_high"], flow["schools_low"]]
    return min(schools) < rules.group_schools or min(sample["n_high"], sample["n_low"]) < rules.group_pupils


def _hide_rating_groups(results, cells):
    """Leave nothing from which a rating group could be told."""
    results["hidden_by_group"] = True
    rules, few = cells.rules, results["ladder"]["level"] in LEVELS_WITH_SCARCE_DATA
    results["hidden_reason"] = wording.hidden_by_group(rules.group_schools, rules.group_pupils, few)
    results["headline"] = _emptied(results["headline"], cells)
    results["companions"] = {key: _emptied(model, cells) for key, model in results["companions"].items()}
    results["item_models"] = {
        group: {item: _emptied(model, cells) for item, model in table.items()}
        for group, table in results.get("item_models", {}).items()
    }
    for key in ("baseline_equiv_g", "mde"):
        cells.hide_all(results[key])
    cells.hide(results["sample"], *[key for key in results["sample"] if key.endswith(("_high", "_low"))])
    cells.hide(results["flow"], "schools_high", "schools_low")
    cells.hide(results["attrition"], "match_rate_high", "match_rate_low", "diff_high_low_cr2")
    for row in results["match_table"]:
        if row["group"] in {"Higher-rated", "Lower-rated"}:
            cells.hide(row, "n_pre", "n_matched", "rate", "smd")
    cells.hide(results["change_groups"], "high", "low")
    if results.get("dose_response"):
        cells.hide_all(results["dose_response"])
    results["checks"] = []


def _emptied(model, cells):
    """A model's dictionary with nothing in it but its keys."""
    if not isinstance(model, dict):
        return None
    hidden = {key: _emptied(value, cells) if isinstance(value, dict) else None for key, value in model.items()}
    cells.hidden += sum(value is not None and not isinstance(value, (dict, str)) for value in model.values())
    return {**EMPTY, **hidden, "why": HIDDEN}


def _retell(results, rules):
    """Say again what is said, from what may be shown."""
    told = results["ladder"]
    results["attention"] = ladder.attention(results)
    if results["hidden_by_group"]:
        told |= {
            "sentence": results["hidden_reason"],
            "finding": results["hidden_reason"],
            "reasons": [results["hidden_reason"]],
            "failed_checks": [],
        }
        told |= {"scarce": None, "shortage": []}
        results["specifications"] = []
    else:
        if told["level"] == "L1" and results["sample"]["declined_high"] is None:
            told["finding"] = wording.hidden_figures(told["scarce"])
        if results["attrition"]["match_rate_high"] is None:
            for check in results["checks"]:
                if check["key"] in {"match_rate", "match_gap"} and check["detail"] != NOT_COMPUTED:
                    check["detail"] = HIDDEN
        told["reasons"] = ladder.reasons(told, results["checks"])
        told["sentence"] = ladder.sentence(told, results)
        results["specifications"] = specifications(results["headline"], results["companions"], told["level"])
    matched = next(row["rate"] for row in results["match_table"] if row["group"] == "All")
    results["caveats"] = wording.caveats(matched, results["provenance"])
