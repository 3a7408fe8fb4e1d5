"""What may be read of the comparison of the rating groups: every way in which it was made, the rating as a scale, each question."""

import math

from reports.numbers import HIDDEN, decimal, interval, is_number, p_value
from reports.reading import WAVES, items_of, may_compare, part, question_name, shares
from reports.wording import p_is

UNIT_PLACES = {"pp": 1, "log odds": 2, "SD": 2}
FEWEST_DF = 4
NOT_RUN = "Not computed."


def specifications(results):
    """The specifications that may be printed, in their fixed order; none below L2 or when groups are hidden.

    A row that failed stays, with its reason; a row that says no more than that it was not computed belongs to a model
    that this version of the analysis does not run.
    """
    rows = (results.get("specifications") or []) if may_compare(results) else []
    return [_with_interval(row) for row in rows if row.get("computed") or row.get("why") not in ("", None, NOT_RUN)]


def _with_interval(row):
    """The row itself, or without its interval when it has too few degrees of freedom to carry one."""
    if not is_number(row.get("df")) or row["df"] >= FEWEST_DF:
        return row
    return {**row, "lo": None, "hi": None, "p": None, "why": "No interval: fewer than four degrees of freedom"}


def headline_of(rows):
    """The headline among the specifications, or None."""
    return next((row for row in rows if row.get("headline")), None)


def holds(row, headline):
    """True when an interval lies on one side of zero and, where directions are known, on the headline's side."""
    if not (is_number(row.get("lo")) and is_number(row.get("hi"))):
        return False
    same = headline is None or row.get("direction_favourable") == headline.get("direction_favourable")
    return same and (row["lo"] > 0 or row["hi"] < 0)


def places_of(row):
    """Decimals for the unit of a specification."""
    return UNIT_PLACES.get(row.get("unit"), 2)


def value_words(row):
    """A specification's estimate with its interval, or what there is instead."""
    p_words = p_is(row["p"]) if is_number(row.get("p")) else ""
    if not is_number(row.get("est")):
        return p_words if row.get("computed") and p_words else "not computed"
    estimate = decimal(row["est"], places_of(row))
    if not (is_number(row.get("lo")) and is_number(row.get("hi"))):
        return f"{estimate}, {p_words}" if p_words else estimate
    return f"{estimate} ({interval(row['lo'], row['hi'], places_of(row))})"


# The rating as a scale, and each question by itself


def cut_rows(results):
    """S4: the comparison at each cut of the rating, in percentage points, as the specifications are; none below L2.

    Each row has cut (3.4), label, est, lo, hi, p, computed, why, and headline where the cut is that of the plan.
    """
    cuts = part(results, "companions", "cut_sensitivity") if may_compare(results) else {}
    fixed = part(results, "provenance").get("cut")
    return [_cut_row(cut, cuts[cut] or {}, fixed) for cut in sorted(cuts)]


def _cut_row(cut, model, fixed):
    numbers = {key: 100 * model[key] if is_number(model.get(key)) else None for key in ("est", "lo", "hi")}
    row = {
        "cut": float(cut),
        "label": f"{cut} or more",
        "unit": "pp",
        **numbers,
        "p": model.get("p"),
        "df": model.get("df"),
        "computed": numbers["est"] is not None,
        "why": model.get("why") or "",
        "direction_favourable": None if not numbers["est"] else numbers["est"] < 0,
        "headline": is_number(fixed) and abs(fixed - float(cut)) < 0.001,
    }
    return _with_interval(row)


def dose_line(results):
    """The points [{rating, p, lo, hi}] of the share expected to decline along the rating; none below L2."""
    line = part(results, "dose_response").get("line") if may_compare(results) else None
    points = [each for each in line or [] if all(is_number(each.get(key)) for key in ("rating", "p", "lo", "hi"))]
    return points if len(points) > 1 else []


def item_model_rows(results):
    """{stage group: rows} of the questions' own comparisons, in the order of the questionnaire; none below L2.

    Each row has name (the question), est, lo, hi on the log scale, p, q, n and `below`: whether q is below 0.05. Where there is no
    estimate, `why`, and whether that may be said.
    """
    if not may_compare(results):
        return {}
    found = {}
    for stage_group, models in sorted(part(results, "item_models").items()):
        rows = [
            _item_model(item, models[item["name"]])
            for item in items_of(results, stage_group)
            if item["name"] in models and item.get("scored", True)
        ]
        if any(row["est"] is not None for row in rows):
            found[stage_group] = rows
    return found


def _item_model(item, model):
    model = model or {}
    numbers = {key: model[key] if is_number(model.get(key)) else None for key in ("est", "lo", "hi", "p", "q", "n")}
    below = numbers["q"] is not None and numbers["q"] < 0.05
    words = {"name": question_name(item), "reverse": bool(item.get("reverse")), "why": model.get("why") or ""}
    # That everybody answered alike would tell the answers where these are hidden.
    told = words["why"] not in ("", "hidden") and all(shares(item, wave) for _, wave in WAVES)
    return {**words, "may_say_why": told, "below": below, **numbers}


def odds_words(row):
    """An item's odds ratio with its interval and q in words, or what stands in their place."""
    if row["est"] is None:
        return HIDDEN if row["why"] == "hidden" else "not computed"
    ends = [math.exp(row[key]) if row[key] is not None else None for key in ("lo", "hi")]
    words = f"{decimal(math.exp(row['est']), 2)} ({interval(*ends, 2)})"
    return f"{words}, q = {p_value(row['q'])}".replace("= <", "< ").replace("= >", "> ")
