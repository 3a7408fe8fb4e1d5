"""The comparison of higher- and lower-rated schools: the headline and its companions.

Pupil i of school j; every pair in a rated school. H: the school's rating is at or above the cut;
R = rating - 4; G = 1 for P5-P7; zb: the baseline in SD units within the stage group (over this sample);
zbar: the school's mean of zb; ys = follow-up / sdp and ds = change / sdp, sdp the within-arm SD of the
follow-up pooled over the arms by stage group. Columns that are constant or repeat others are dropped
from every model (one stage group only: no G). All errors are CR2 by school unless said otherwise.

P*      logit declined ~ H + G + zb + G:zb + zbar        the one primary test; risk difference by g-computation
P       the same without zbar                            LPM, LPM*: the same two by least squares
S1, S1* ys ~ H + G + zb + G:zb (+ zbar)                  Hedges g = J x coefficient, J = 1 - 3 / (4(N - 2) - 1)
S2      ds ~ H + G
S3      P* and P with R for H (per rating point)
S4      LPM with [rating >= c] for H, c = 3.4, 3.6 ... 4.6, where both arms have at least five schools
S5      all scores of rated schools, matched or not, over the baseline SD: ``~ post + post:H + post:G``,
        everything demeaned within school x stage group
S6      LPM with CR2 by cluster (mentor team)
S7      wild cluster bootstrap of LPM; permutation of schools on residuals of ``declined ~ G*zb``
mod     LPM + H:G; LPM + H:m + m (m: the school is in quintile 1 or 2): the product term

P* itself, and what the design could detect, are put together in ``headline``.
"""

from dataclasses import dataclass

import numpy as np

from reports.analysis import resampling
from reports.analysis.attrition import pooled_difference
from reports.analysis.chance import corrected
from reports.analysis.change import cliff
from reports.analysis.clustered import Design, grouped, ols
from reports.analysis.logistic import average_slope, logit, risk_difference, with_odds_ratio, with_risk
from reports.analysis.ratings import SLACK
from reports.analysis.results import NotEstimable, attempt, computed
from reports.analysis.schema import STAGE_GROUPS

CUTS = (3.4, 3.6, 3.8, 4.0, 4.2, 4.4, 4.6)
FEWEST_PER_ARM = 5
RATING_ORIGIN = 4.0
ODDS_KEYS = {"or": None, "or_lo": None, "or_hi": None}
RISK_KEYS = {"rd": None, "rd_se": None, "rd_lo": None, "rd_hi": None, "rd_p": None, "p_high": None, "p_low": None}
ONE_ARM = "All rated schools are in one rating group."
NO_SAMPLE = "No matched pupil is in a rated school."
CONSTANT = "Every matched pupil declined, or none did, so that there is nothing to compare."


@dataclass(frozen=True)
class Sample:
    """The comparison sample, one element a pair, ordered by school; names as in the module."""

    school: np.ndarray
    cluster: np.ndarray
    clusters_known: bool
    high: np.ndarray
    rating: np.ndarray
    group: np.ndarray
    quintile: np.ndarray
    b: np.ndarray
    d: np.ndarray
    dsum: np.ndarray
    zb: np.ndarray
    zbar: np.ndarray
    ys: np.ndarray
    ds: np.ndarray
    complete: np.ndarray
    pre: np.ndarray
    by_school: object

    @property
    def declined(self):
        """1.0 where the pupil declined."""
        return (self.dsum < 0).astype(float)

    def baseline(self, school_mean=False):
        """The adjustment columns G, zb, G:zb (and zbar)."""
        columns = {"G": self.group, "zb": self.zb, "G:zb": self.group * self.zb}
        return {**columns, "zbar": self.zbar} if school_mean else columns

    def check_arms(self):
        """Raise unless both arms have pupils."""
        if not len(self.school):
            raise NotEstimable(NO_SAMPLE)
        if self.high.all() or not self.high.any():
            raise NotEstimable(ONE_ARM)

    def schools_per_arm(self):
        """(high, low): how many schools are in each arm."""
        arms = self.high[self.by_school.starts]
        return int(arms.sum()), int((~arms).sum())


def sample_of(pairs, sheets, rating, high):
    """The analysable pairs in rated schools, with their derived variables."""
    keep = ~np.isnan(rating[pairs.school])
    pairs = pairs.at(keep)
    arm = high[pairs.school]
    zb, sdp = np.zeros(len(pairs)), np.full(len(pairs), np.nan)
    for index in range(len(STAGE_GROUPS)):
        here = pairs.group == index
        sd = pairs.b[here].std(ddof=1) if here.sum() > 1 else 0.0
        if sd > 1e-12:
            zb[here] = (pairs.b[here] - pairs.b[here].mean()) / sd
        sdp[here] = pooled_sd(pairs.y[here & arm], pairs.y[here & ~arm])
    groups = grouped(pairs.school)
    zbar = np.repeat(groups.means(zb), groups.sizes) if len(pairs) else zb
    cluster = sheets.cluster[pairs.school]
    return Sample(
        school=pairs.school,
        cluster=np.where(cluster >= 0, cluster, sheets.cluster.max(initial=-1) + 1 + pairs.school),
        clusters_known=bool((cluster >= 0).any()),
        high=arm,
        rating=rating[pairs.school],
        group=pairs.group,
        quintile=sheets.quintile[pairs.school],
        b=pairs.b,
        d=pairs.d,
        dsum=pairs.dsum,
        zb=zb,
        zbar=zbar,
        ys=pairs.y / sdp,
        ds=pairs.d / sdp,
        complete=pairs.complete,
        pre=pairs.pre,
        by_school=groups,
    )


def pooled_sd(first, second):
    """The SD of two sets pooled around their own means; NaN when there is none."""
    n = len(first) + len(second) - (len(first) > 0) - (len(second) > 0)
    if n < 1:
        return np.nan
    squares = sum(((part - part.mean()) ** 2).sum() for part in (first, second) if len(part))
    sd = np.sqrt(squares / n)
    return sd if sd > 1e-12 else np.nan


def describe(sample):
    """How many pupils and schools each arm has, and how many of them declined."""
    declined = sample.declined
    found = {"n": len(sample.school)}
    schools = sample.schools_per_arm() if len(sample.school) else (0, 0)
    for name, here, count in (("high", sample.high, schools[0]), ("low", ~sample.high, schools[1])):
        found[f"n_{name}"] = int(here.sum())
        found[f"schools_{name}"] = count
        found[f"declined_{name}"] = int(declined[here].sum())
    return found


def baseline_equivalence(sample):
    """High minus low over the pooled SD of the baseline, per stage group present (uncorrected)."""
    found = {}
    for index, name in enumerate(STAGE_GROUPS):
        here = sample.group == index
        if here.any():
            found[name] = pooled_difference(sample.b[here & sample.high], sample.b[here & ~sample.high])
    return found


def companions(sample, seed):
    """Every other model of this module as ``{key: result}``."""
    cuts = {f"{cut:.1f}": attempt(_cut, sample, cut) for cut in CUTS}
    found = {
        "primary_logit_cr2": attempt(logit_high, sample, False, **ODDS_KEYS, **RISK_KEYS),
        "lpm_adj_cr2": attempt(linear, sample, False),
        "lpm_sm_cr2": attempt(linear, sample, True),
        "lpm_adj_cr2_by_pcp_cluster": attempt(_lpm_by_cluster, sample),
        "ancova_cr2": attempt(ancova, sample, False, hedges_g=None, g_lo=None, g_hi=None),
        "ancova_sm_cr2": attempt(ancova, sample, True, hedges_g=None, g_lo=None, g_hi=None),
        "change_score_cr2": attempt(change_score, sample),
        "dose_sm_logit_cr2": attempt(_dose, sample, True, **ODDS_KEYS),
        "dose_logit_cr2_per_point": attempt(_dose, sample, False, **ODDS_KEYS),
        "wild_cluster_boot_lpm": attempt(_wild, sample, seed, t=None),
        "permutation_school": attempt(_permutation, sample, seed, diff=None),
        "mod_stage_group": attempt(_by_stage, sample),
        "mod_simd_q1q2": attempt(_by_deprivation, sample),
        "cut_sensitivity": cuts,
    }
    effects = {}
    for index, name in enumerate(STAGE_GROUPS):
        here = sample.group == index
        effects[name] = cliff(sample.d[here & sample.high], sample.d[here & ~sample.high])
    _correct({name: found[name] for name in ("mod_stage_group", "mod_simd_q1q2")})
    found["cliff_change_high_vs_low"] = {name: effect["delta"] for name, effect in effects.items()}
    found["cles_change_high_vs_low"] = {name: effect["cles"] for name, effect in effects.items()}
    return found


def varies(outcome):
    """An outcome that is not the same for everybody; raises otherwise."""
    if outcome.min() == outcome.max():
        raise NotEstimable(CONSTANT)
    return outcome


def logit_high(sample, school_mean):
    """P*, or P without the school mean: the logit with its risk difference."""
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline(school_mean)})
    fit = logit(design.x, varies(sample.declined), sample.by_school)
    estimate = with_odds_ratio(fit.estimate(design.contrast("high")))
    return with_risk(estimate, risk_difference(fit, design.x, design.names.index("high")))


def linear(sample, school_mean):
    """LPM* (with the school mean) or LPM."""
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline(school_mean)})
    return ols(design.x, varies(sample.declined), sample.by_school).estimate(design.contrast("high"))


def _lpm_by_cluster(sample):
    sample.check_arms()
    if not sample.clusters_known:
        raise NotEstimable("The cluster of the schools is not known.")
    design = Design({"high": sample.high, **sample.baseline()})
    groups = grouped(sample.cluster)
    return ols(design.x, varies(sample.declined), groups).estimate(design.contrast("high"), clusters=len(groups))


def ancova(sample, school_mean):
    """S1* (with the school mean) or S1, with Hedges g."""
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline(school_mean)})
    estimate = ols(design.x, scaled(sample.ys), sample.by_school).estimate(design.contrast("high"))
    j = 1 - 3 / (4 * (len(sample.ys) - 2) - 1)
    return estimate.with_extra(hedges_g=j * estimate.est, g_lo=j * estimate.lo, g_hi=j * estimate.hi)


def scaled(values):
    """Outcomes in SD units, unless a stage group has no spread to measure them by."""
    if np.isnan(values).any():
        raise NotEstimable("The follow-up scores of a stage group do not vary.")
    return values


def change_score(sample):
    """S2."""
    sample.check_arms()
    design = Design({"high": sample.high, "G": sample.group})
    return ols(design.x, scaled(sample.ds), sample.by_school).estimate(design.contrast("high"))


def _dose(sample, school_mean):
    sample.check_arms()
    design = Design({"rating": sample.rating - RATING_ORIGIN, **sample.baseline(school_mean)})
    fit = logit(design.x, varies(sample.declined), sample.by_school)
    estimate = with_odds_ratio(fit.estimate(design.contrast("rating")))
    return with_risk(estimate, average_slope(fit, design.x, design.names.index("rating")))


def _cut(sample, cut):
    if not len(sample.school):
        raise NotEstimable(NO_SAMPLE)
    high = sample.rating >= cut - SLACK
    arms = high[sample.by_school.starts]
    if min(arms.sum(), (~arms).sum()) < FEWEST_PER_ARM:
        raise NotEstimable("Fewer than five schools would be in one of the groups.")
    design = Design({"high": high, **sample.baseline()})
    fit = ols(design.x, varies(sample.declined), sample.by_school)
    return fit.estimate(design.contrast("high"), schools_high=int(arms.sum()), schools_low=int((~arms).sum()))


def _wild(sample, seed):
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline()})
    design.contrast("high")
    return resampling.wild_cluster(
        design.x, varies(sample.declined), design.names.index("high"), sample.by_school, seed
    )


def _permutation(sample, seed):
    sample.check_arms()
    design, declined = Design(sample.baseline()), sample.declined
    beta = np.linalg.lstsq(design.x, declined, rcond=None)[0]
    means = sample.by_school.means(declined - design.x @ beta)
    return resampling.permutation(means, sample.high[sample.by_school.starts], seed)


def _correct(moderators):
    """Add q, the p value corrected for the number of moderators tested (Benjamini-Hochberg), and m, that number."""
    tested = [model for model in moderators.values() if computed(model)]
    if tested:
        for model, q in zip(tested, corrected([model["p"] for model in tested]), strict=True):
            model |= {"q": float(q), "m": len(tested)}


def _by_stage(sample):
    sample.check_arms()
    if len(np.unique(sample.group)) < 2:
        raise NotEstimable("Only one stage group answered.")
    design = Design({"high": sample.high, **sample.baseline(), "high:G": sample.high * sample.group})
    fit = ols(design.x, varies(sample.declined), sample.by_school)
    return _moderated(fit, design.contrast("high"), design.contrast("high:G"))


def _by_deprivation(sample):
    sample.check_arms()
    known = sample.quintile > 0
    if not known.any():
        raise NotEstimable("The deprivation quintile of the schools is not known.")
    poor, high = (sample.quintile[known] <= 2).astype(float), sample.high[known].astype(float)
    adjust = {name: column[known] for name, column in sample.baseline().items()}
    design = Design({"high": high, "m": poor, **adjust, "high:m": high * poor})
    fit = ols(design.x, varies(sample.declined[known]), grouped(sample.school[known]))
    return _moderated(fit, design.contrast("high"), design.contrast("high:m"))


def _moderated(fit, first, product):
    """The product term, with the difference in the group without the mark (`first`) and with it (`other`)."""
    groups = {"first": fit.estimate(first).to_json(), "other": fit.estimate(first + product).to_json()}
    return fit.estimate(product).with_extra(**groups)


def difference_in_differences(sheets, rating, high):
    """S5: all scores of rated schools, matched or not."""
    return attempt(_did, sheets, rating, high)


def _did(sheets, rating, high):
    rated = ~np.isnan(rating[sheets.school]) & ~np.isnan(sheets.score)
    school, group, post = sheets.school[rated], sheets.group[rated], sheets.post[rated]
    score = sheets.score[rated].copy()
    for index in np.unique(group):
        here = group == index
        base = score[here & ~post]
        sd = base.std(ddof=1) if len(base) > 1 else 0.0
        if not sd > 1e-12:
            raise NotEstimable("The baseline scores of a stage group do not vary.")
        score[here] /= sd
    if not len(score):
        raise NotEstimable("No rated school has scores.")
    if len(np.unique(high[school])) < 2:
        raise NotEstimable(ONE_ARM)
    cells = grouped(school.astype(np.int64) * 2 + group)
    columns = {"post:high": post * high[school], "post": post, "post:G": post * group}
    within = {name: _demeaned(column.astype(float), cells) for name, column in columns.items()}
    design = Design(within, intercept=False)
    fit = ols(design.x, _demeaned(score, cells), grouped(school))
    return fit.estimate(design.contrast("post:high"), n=len(score))


def _demeaned(values, cells):
    """``values`` minus the mean of their cell, in the row order of the cells' labels."""
    means = np.empty(len(values))
    order = np.arange(len(values)) if cells.order is None else cells.order
    means[order] = np.repeat(cells.means(cells.sort(values)), cells.sizes)
    return values - means
