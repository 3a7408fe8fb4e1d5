"""Who was matched, and whether they differ from those who were not.

Baseline sheets with a score; a sheet is matched when it is in an analysable pair. The match rate and the
standardised difference of the baseline score (matched minus not, over the pooled SD) per stage group,
per rating group and per deprivation group; and the test whether the match rate differs between high- and
low-rated schools: least squares ``matched ~ high + stage group``, CR2 by school, rated schools only.

Standardised differences above 0.10, or match rates of the two arms more than 10 points apart, are said in
the finding's own sentence.
"""

from dataclasses import dataclass

import numpy as np

from reports.analysis.clustered import Design, grouped, ols
from reports.analysis.results import NotEstimable, attempt
from reports.analysis.schema import STAGE_GROUPS

GROUP_NAMES = {"P2P4": "P2-P4", "P5P7": "P5-P7"}


@dataclass(frozen=True)
class Baseline:
    """The baseline sheets with a score, one element a sheet: where, which stage group, how high, matched or not."""

    school: np.ndarray
    group: np.ndarray
    score: np.ndarray
    matched: np.ndarray


def baseline_of(sheets, pairs):
    """The ``Baseline`` of these sheets."""
    here = np.flatnonzero(~sheets.post & ~np.isnan(sheets.score))
    return Baseline(sheets.school[here], sheets.group[here], sheets.score[here], np.isin(here, pairs.pre))


def pooled_difference(first, second):
    """Mean of ``first`` minus mean of ``second`` over their pooled SD, or None."""
    n, m = len(first), len(second)
    if n < 1 or m < 1 or n + m < 3:
        return None
    squares = ((first - first.mean()) ** 2).sum() + ((second - second.mean()) ** 2).sum()
    sd = np.sqrt(squares / (n + m - 2))
    return float((first.mean() - second.mean()) / sd) if sd > 0 else None


def attrition(baseline, rated, high, quintile):
    """The match rates, their table, and the test between the arms.

    rated, high   per school: has a rating; is high
    quintile      per school: 1 to 5, or 0
    returns       (attrition, match_table)
    """
    group, school, score, matched = baseline.group, baseline.school, baseline.score, baseline.matched
    in_rated = rated[school]
    in_high = high[school] & in_rated
    quintile = quintile[school]

    found = {}
    for index, name in enumerate(STAGE_GROUPS):
        here = group == index
        n = int(here.sum())
        found[name] = {
            "n_pre": n,
            "n_matched": int(matched[here].sum()),
            "match_rate": float(matched[here].mean()) if n else None,
            "smd_base_matched_vs_not": pooled_difference(score[here & matched], score[here & ~matched]),
        }
    arms = {"high": in_high, "low": in_rated & ~in_high}
    for name, here in arms.items():
        found[f"match_rate_{name}"] = float(matched[here].mean()) if here.any() else None
    found["diff_high_low_cr2"] = attempt(
        _arm_test, matched[in_rated], in_high[in_rated], group[in_rated], school[in_rated]
    )

    standard = standardised(score, group)
    rows = [("All", np.ones(len(school), dtype=bool))]
    rows += [(GROUP_NAMES[name], group == index) for index, name in enumerate(STAGE_GROUPS)]
    rows += [("Higher-rated", arms["high"]), ("Lower-rated", arms["low"])]
    rows += [("Quintile 1-2", (quintile > 0) & (quintile <= 2)), ("Quintile 3-5", quintile >= 3)]
    if (quintile == 0).any() and (quintile > 0).any():
        rows.append(("Quintile not known", quintile == 0))
    table = [
        {
            "group": name,
            "n_pre": int(here.sum()),
            "n_matched": int((here & matched).sum()),
            "rate": float(matched[here].mean()) if here.any() else None,
            "smd": pooled_difference(standard[here & matched], standard[here & ~matched]),
        }
        for name, here in rows
    ]
    return found, table


def standardised(score, group):
    """Scores in SD units of their stage group, so that groups may be put together."""
    standard = np.zeros(len(score))
    for index in np.unique(group):
        here = group == index
        sd = score[here].std(ddof=1) if here.sum() > 1 else 0.0
        standard[here] = (score[here] - score[here].mean()) / sd if sd > 0 else 0.0
    return standard


def _arm_test(matched, high, group, school):
    if not len(matched) or high.all() or not high.any():
        raise NotEstimable("All rated schools are in one rating group.")
    if matched.all() or not matched.any():
        raise NotEstimable(
            "Every baseline pupil could be matched." if matched.all() else "No baseline pupil could be matched."
        )
    design = Design({"high": high, "G": group})
    return ols(design.x, matched.astype(float), grouped(school)).estimate(design.contrast("high"))
