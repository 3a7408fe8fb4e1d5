"""Change of the matched pupils, and beside it of all who answered.

For each stage group, over all analysable pairs (rated school or not): the means before and after, the
mean change with a CR2 interval by school (the model ``d ~ 1``), two standardised sizes, the shares that
declined, held and improved, and the intraclass correlations.

smc_sdpre   mean(d) / SD(b), "SD units of baseline" (primary)
srm         mean(d) / SD(d) (secondary; not to be compared across scales)
cliff       Cliff's delta of d, high against low: P(d_H > d_L) - P(d_H < d_L); CLES = (delta + 1) / 2;
            ties are decided after rounding d to 9 decimals

Beside it stand all scores of the stage group, matched or not: their mean each time and the difference of the two, with a CR2
interval by school (the model ``score ~ after``). These are partly other pupils, so nothing of one pupil is compared.

The share that declined is never shown alone: ``noise`` says how many would decline with no change on the whole.
"""

import numpy as np

from reports.analysis import mixed
from reports.analysis.clustered import Design, grouped, mean_change, ols
from reports.analysis.reliability import design_effect, icc
from reports.analysis.resampling import FEWEST_SCHOOLS, interval_of, ratios, school_weights
from reports.analysis.results import attempt
from reports.analysis.schema import STAGE_GROUPS

KEYS = (
    *("mean_b", "sd_b", "mean_y", "sd_y", "mean_change", "cr2_se", "df", "p", "lo", "hi", "smc_sdpre", "srm"),
    *("declined", "held", "improved", "net", "icc_anova_change", "icc_anova_base", "icc_anova_follow_up"),
    *("icc_anova_declined", "icc_reml_change", "icc_reml_base", "design_effect"),
    *("n_complete_items", "declined_complete_items"),
)


def spread(values):
    """The standard deviation with n - 1, None when there is none."""
    return float(values.std(ddof=1)) if len(values) > 1 else None


def ratio(above, below):
    """A quotient, or None without a denominator."""
    return float(above / below) if below else None


def outcome_counts(dsum):
    """How many declined, held and improved."""
    return {"declined": int((dsum < 0).sum()), "held": int((dsum == 0).sum()), "improved": int((dsum > 0).sum())}


def change_of(pairs):
    """The description of one stage group's change."""
    n = len(pairs)
    if not n:
        return {"n": 0, "schools": 0, **dict.fromkeys(KEYS), "why": "No pupil of these stages could be matched."}
    groups = grouped(pairs.school)
    counts = outcome_counts(pairs.dsum)
    test = attempt(mean_change, pairs.d, groups)
    sd_b, sd_d = spread(pairs.b), spread(pairs.d)
    mean = float(pairs.d.mean())
    base = icc(pairs.b, groups)
    return {
        "n": n,
        "schools": len(groups),
        "mean_b": float(pairs.b.mean()),
        "sd_b": sd_b,
        "mean_y": float(pairs.y.mean()),
        "sd_y": spread(pairs.y),
        "mean_change": mean,
        "cr2_se": test["se"],
        "df": test["df"],
        "p": test["p"],
        "lo": test["lo"],
        "hi": test["hi"],
        "smc_sdpre": ratio(mean, sd_b),
        "srm": ratio(mean, sd_d),
        **counts,
        "net": (counts["improved"] - counts["declined"]) / n,
        "icc_anova_change": icc(pairs.d, groups),
        "icc_anova_base": base,
        "icc_anova_follow_up": icc(pairs.y, groups),
        "icc_anova_declined": icc(pairs.declined.astype(float), groups),
        "icc_reml_change": mixed.icc(pairs.d, groups),
        "icc_reml_base": mixed.icc(pairs.b, groups),
        "design_effect": design_effect(icc(pairs.d, groups), groups),
        "n_complete_items": int(pairs.complete.sum()),
        "declined_complete_items": ratio(int((pairs.declined & pairs.complete).sum()), int(pairs.complete.sum())),
    }


ALL_KEYS = ("mean_pre", "sd_pre", "mean_post", "difference", "cr2_se", "df", "p", "lo", "hi", "smc_sdpre")


def difference_of_all(score, post, school):
    """All scores of one stage group before and after, matched or not.

    score, post, school   per sheet: its score, NaN where too little was answered; whether it came after; the number of its school
    returns               {n_pre, n_post, schools, and ALL_KEYS}, None where there are no scores of both times
    """
    scored = ~np.isnan(score)
    score, post, school = score[scored], post[scored], school[scored]
    before, after = score[~post], score[post]
    found = {"n_pre": len(before), "n_post": len(after), "schools": len(np.unique(school)), **dict.fromkeys(ALL_KEYS)}
    if not len(before) or not len(after):
        return found
    design = Design({"after": post})
    test = attempt(lambda: ols(design.x, score, grouped(school)).estimate(design.contrast("after")))
    difference, sd = float(after.mean() - before.mean()), spread(before)
    return found | {
        "mean_pre": float(before.mean()),
        "sd_pre": sd,
        "mean_post": float(after.mean()),
        "difference": difference,
        "cr2_se": test["se"],
        **{key: test[key] for key in ("df", "p", "lo", "hi")},
        "smc_sdpre": ratio(difference, sd),
    }


def change_by_stage(pairs):
    """The counts of each stage group."""
    found = {}
    for index, name in enumerate(STAGE_GROUPS):
        here = pairs.at(pairs.group == index)
        found[name] = {"n": len(here), "schools": len(np.unique(here.school)), **outcome_counts(here.dsum)}
    return found


def change_groups(pairs, rated, high, seed):
    """Declined, held and improved of all matched pupils and of the two rating groups, with bootstrap intervals.

    rated, high   per school: has a rating; is high
    """
    in_high, in_low = (rated & high)[pairs.school], (rated & ~high)[pairs.school]
    found = {"all": _arm(pairs), "high": None, "low": None}
    if in_high.any() and in_low.any():
        found["high"], found["low"] = _arm(pairs.at(in_high)), _arm(pairs.at(in_low))
    _add_intervals(found, pairs, rated, high, seed)
    return found


def _arm(pairs):
    counts, n = outcome_counts(pairs.dsum), len(pairs)
    shares = {f"{name}_pct": 100 * count / n if n else None for name, count in counts.items()}
    return {"n": n, "schools": len(np.unique(pairs.school)), **counts, **shares}


def _add_intervals(found, pairs, rated, high, seed):
    """School-bootstrap intervals of the shares (per cent) of groups with at least ten schools.

    With three, one draw in 27 is the same school three times, and the interval would end at that school's own share.
    """
    groups = grouped(pairs.school)
    if len(groups) < FEWEST_SCHOOLS:
        return
    is_high, is_low = (rated & high)[groups.values], (rated & ~high)[groups.values]
    outcomes = np.column_stack([pairs.dsum < 0, pairs.dsum == 0, pairs.dsum > 0]).astype(float)
    counts, sizes = groups.sums(outcomes), groups.sizes.astype(float)
    # Schools are drawn within their rating groups, but for all together without looking at a rating: their interval is shown
    # where no rating may be told.
    for parts, strata in (
        ({"all": np.ones(len(groups), dtype=bool)}, None),
        ({"high": is_high, "low": is_low}, is_high + 2 * is_low),
    ):
        parts = {name: here for name, here in parts.items() if found[name] and here.sum() >= FEWEST_SCHOOLS}
        if not parts:
            continue
        above = np.column_stack([counts * here[:, None] for here in parts.values()])
        below = np.column_stack([sizes * here for here in parts.values()])
        weights = school_weights(len(groups), seed, strata)
        lo, hi = interval_of(ratios(weights, above, np.repeat(below, 3, axis=1)))
        keys = [(name, outcome) for name in parts for outcome in ("declined", "held", "improved")]
        for (name, outcome), low, top in zip(keys, lo, hi, strict=True):
            found[name][f"{outcome}_lo"], found[name][f"{outcome}_hi"] = float(100 * low), float(100 * top)


def cliff(high, low):
    """Cliff's delta of two sets of changes in n log n: {delta, cles, n_high, n_low}."""
    if not len(high) or not len(low):
        return {"delta": None, "cles": None, "why": "One rating group has no matched pupils of these stages."}
    high, low = np.round(high, 9), np.sort(np.round(low, 9))
    below = np.searchsorted(low, high, "left").sum(dtype=np.int64)
    above = (len(low) - np.searchsorted(low, high, "right")).sum(dtype=np.int64)
    delta = float((below - above) / (len(high) * len(low)))
    return {"delta": delta, "cles": (delta + 1) / 2, "n_high": len(high), "n_low": len(low)}
