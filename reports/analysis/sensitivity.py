"""The headline asked in other ways: none of these decides anything, all of them are shown.

headline_complete_items   P* among pupils who answered every scale item both times
headline_weighted         P* with each matched pupil weighted by 1 / Pr(matched), normed to a mean of 1;
                          Pr(matched) from a logit on the baseline score (SD units), stage group, quintile and
                          rating group over the baseline sheets of rated schools. CR2 by the whitened root
gee_exchangeable          S9: P* by GEE with an exchangeable working correlation (moment estimate over pairs of
                          pupils), cluster sandwich with G/(G - 1), t(G - 1)
dose_response             Pr(declined) along the rating from S3, with its band, and each school's share
"""

import numpy as np
from scipy.special import expit

from reports.analysis.attrition import standardised
from reports.analysis.clustered import TOO_FEW, Design, Fit, gram_by_group, inverse
from reports.analysis.comparison import NO_SAMPLE, RATING_ORIGIN, logit_high, sample_of, varies
from reports.analysis.logistic import SEPARATED, coefficients, logit, risk_difference, with_odds_ratio, with_risk
from reports.analysis.results import Estimate, NotEstimable, half_width

UNKNOWN_QUINTILE = 3
STEP = 0.05


def complete_items(pairs, sheets, rating, high):
    """P* among the pairs with every item answered both times."""
    complete = pairs.at(pairs.complete)
    sample = sample_of(complete, sheets, rating, high)
    return logit_high(sample, True).with_extra(n=len(complete))


def match_weights(sheets, pairs, sample, rating, high):
    """The weight of each pupil of the sample; the mean is 1."""
    baseline = np.flatnonzero(~sheets.post & ~np.isnan(sheets.score) & ~np.isnan(rating[sheets.school]))
    matched = np.isin(baseline, pairs.pre).astype(float)
    school, group = sheets.school[baseline], sheets.group[baseline]
    if matched.all():
        return np.ones(len(sample.school))
    quintile = np.where(sheets.quintile > 0, sheets.quintile, UNKNOWN_QUINTILE)
    columns = {
        "b": standardised(sheets.score[baseline], group),
        "G": group,
        "quintile": quintile[school],
        "unknown": sheets.quintile[school] == 0,
        "high": high[school],
    }
    x = Design(columns).x
    chance = np.full(len(sheets.school), np.nan)
    chance[baseline] = expit(x @ coefficients(x, matched))
    weights = 1 / chance[sample.pre]
    return weights / weights.mean()


def weighted(sheets, pairs, sample, rating, high):
    """P* weighted for the pupils who could not be matched."""
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline(True)})
    weights = match_weights(sheets, pairs, sample, rating, high)
    fit = logit(design.x, varies(sample.declined), sample.by_school, weights=weights)
    estimate = with_odds_ratio(fit.estimate(design.contrast("high")))
    risk = risk_difference(fit, design.x, design.names.index("high"), weights)
    return with_risk(estimate, risk).with_extra(largest_weight=float(weights.max()))


def exchangeable(x, y, groups):
    """GEE logit with exchangeable working correlation.

    returns  (beta, CR0 covariance, alpha); arguments as ``clustered.ols``
    """
    x, y = groups.sort(x), groups.sort(y)
    beta, sizes = coefficients(x, y), groups.sizes.astype(float)
    pairs = (sizes * (sizes - 1)).sum()
    if not pairs:
        raise NotEstimable(TOO_FEW)
    for _ in range(100):
        mu = expit(x @ beta)
        root = np.sqrt(mu * (1 - mu))
        r = (y - mu) / root
        sums = groups.sums(r)
        alpha = (sums @ sums - r @ r) / pairs / (r @ r / len(r))
        alpha = min(max(alpha, -0.99 / max(sizes.max() - 1, 1)), 0.99)
        white = root[:, None] * x
        shrink = alpha / (1 + (sizes - 1) * alpha)
        totals = groups.sums(white)
        bread = inverse(gram_by_group(white, groups).sum(axis=0) - totals.T @ (shrink[:, None] * totals))
        score = groups.sums(white * r[:, None]) - (shrink * sums)[:, None] * totals
        step = bread @ score.sum(axis=0)
        if np.abs(step).max() < 1e-11:
            return beta, bread @ (score.T @ score) @ bread, float(alpha)
        beta = beta + step
    raise NotEstimable(SEPARATED)


def gee(sample):
    """S9."""
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline(True)})
    contrast = design.contrast("high")
    beta, cov, alpha = exchangeable(design.x, varies(sample.declined), sample.by_school)
    schools = len(sample.by_school)
    cov = schools / (schools - 1) * cov
    estimate = Estimate.from_t(contrast @ beta, np.sqrt(contrast @ cov @ contrast), schools - 1, alpha=alpha)
    fit = Fit(beta, None, cov, None, None)
    return with_risk(with_odds_ratio(estimate), risk_difference(fit, design.x, design.names.index("high")))


def steps(lowest, highest):
    """Ratings along which the line is drawn: multiples of ``STEP``, so that they do not tell where the range ends."""
    return np.round(np.arange(np.ceil(lowest / STEP), np.floor(highest / STEP) + 1) * STEP, 2)


def dose_response(sample):
    """The share that declined along the rating: the line of S3 with its band, and the schools.

    returns  {line: [{rating, p, lo, hi}], schools: [{rating, n, declined}]}; p, lo, hi, declined as proportions
    """
    if not len(sample.school):
        raise NotEstimable(NO_SAMPLE)
    design = Design({"rating": sample.rating - RATING_ORIGIN, **sample.baseline(True)})
    fit = logit(design.x, varies(sample.declined), sample.by_school)
    contrast = design.contrast("rating")
    column, df = design.names.index("rating"), fit.df(contrast)
    line = []
    for rating in steps(sample.rating.min(), sample.rating.max()):
        at = design.x.copy()
        at[:, column] = rating - RATING_ORIGIN
        mu = expit(at @ fit.beta)
        gradient = (mu * (1 - mu)) @ at / len(mu)
        reach = half_width(np.sqrt(gradient @ fit.cov @ gradient), df)
        p = float(mu.mean())
        line.append({"rating": float(rating), "p": p, "lo": max(p - reach, 0.0), "hi": min(p + reach, 1.0)})
    groups = sample.by_school
    schools = [
        {"rating": float(rating), "n": int(n), "declined": float(share)}
        for rating, n, share in zip(
            sample.rating[groups.starts], groups.sizes, groups.means(sample.declined), strict=True
        )
    ]
    schools.sort(key=lambda school: (school["rating"], school["n"], school["declined"]))
    return {"line": line, "schools": schools}
