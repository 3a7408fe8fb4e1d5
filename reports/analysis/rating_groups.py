"""A result in which nothing may be shown by rating group: the same whatever the ratings are.

A headteacher's rating is confidential, and whoever knows one of them must not learn the others. So everything that rests on the
ratings is replaced by one shape, not emptied key by key: which keys there are, how many numbers were hidden, or why a
model could not be computed would tell whether all ratings lie on one side.
"""

from reports import wording
from reports.analysis.cells import HIDDEN
from reports.analysis.comparison import ODDS_KEYS, RISK_KEYS
from reports.analysis.results import EMPTY

MODEL = {**EMPTY, **ODDS_KEYS, **RISK_KEYS, "n": None, "why": HIDDEN}
OTHER_SHAPES = {
    "cut_sensitivity": {},
    "cliff_change_high_vs_low": {},
    "cles_change_high_vs_low": {},
    "wild_cluster_boot_lpm": {"t": None, "p": None, "why": HIDDEN},
    "permutation_school": {"diff": None, "p": None, "why": HIDDEN},
}
ARMS = ("Higher-rated", "Lower-rated")


def hide_rating_groups(results, rules):
    """Replace in `results` all that rests on the ratings."""
    results["hidden_by_group"] = True
    results["hidden_reason"] = wording.hidden_by_group(rules.group_schools, rules.group_pupils)
    results["headline"] = dict(MODEL)
    results["companions"] = {key: dict(OTHER_SHAPES.get(key, MODEL)) for key in results["companions"]}
    results["item_models"] = {
        group: {item: {**EMPTY, "q": None, "why": HIDDEN} for item in items}
        for group, items in results["items"].items()
    }
    for key in ("baseline_equiv_g", "mde"):
        results[key] = _nothing(key for key in results[key] if key != "why")
    results["sample"] |= _nothing(key for key in results["sample"] if key.endswith(("_high", "_low")))
    results["flow"] |= _nothing(("schools_high", "schools_low"))
    results["attrition"] |= _nothing(("match_rate_high", "match_rate_low", "diff_high_low_cr2"))
    for row in results["match_table"]:
        if row["group"] in ARMS:
            row |= _nothing(("n_pre", "n_matched", "rate", "smd"))
    results["change_groups"] |= _nothing(("high", "low"))
    results["dose_response"] = _nothing(("line", "schools"))
    results["checks"], results["specifications"] = [], []


def _nothing(keys):
    return {**dict.fromkeys(keys), "why": HIDDEN}
