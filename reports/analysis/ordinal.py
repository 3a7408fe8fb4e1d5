"""Item models: proportional odds of the follow-up answer, one question at a time.

For the answers of pairs in rated schools that answered a question both times,

    logit Pr(Y <= c) = th_c - t H - l pre,        pre = the baseline answer, linear,

so that t is the log odds ratio of a higher answer in higher-rated schools. Maximum likelihood by Newton's
method with the observed information; the step is halved while a threshold would pass its neighbour or the
likelihood would fall. Answers that nobody gave are no category of their own. Errors are CR1 by school,
G/(G - 1) times the cluster sandwich, with t(G - 1); q is Benjamini-Hochberg over all questions of both stage
groups together, leaving out those that could not be computed (their number is m).

The likelihood needs only the counts of the at most 2 x 7 x 7 kinds of pupil, and the sandwich only how many of
each kind a school has: no pass over pupils is made but one count.

Checked against ordinal::clm with a sandwich from its own scores (R) in tests/reports/analysis/golden.
"""

import numpy as np
from scipy.special import expit

from reports.analysis.chance import corrected
from reports.analysis.clustered import TOO_FEW, inverse
from reports.analysis.logistic import LARGEST_COEFFICIENT, SEPARATED
from reports.analysis.matching import item_pairs
from reports.analysis.results import Estimate, NotEstimable, attempt, computed
from reports.analysis.schema import STAGE_GROUPS

MOST_ITERATIONS = 60
CODES = 8  # answers 1 to 7, and 0 for missing
NOT_ON_SCALE = "Reported, but no part of the attitude scale, so it is not tested."


class Kinds:
    """The kinds of pupil of one question (rating group, baseline answer, follow-up answer) and their counts."""

    def __init__(self, high, before, after, count):
        self.levels, self.y = np.unique(after, return_inverse=True)
        self.x = np.column_stack([high, before]).astype(float)
        self.count = count.astype(float)
        self.cuts = len(self.levels) - 1
        # What each parameter adds to the upper and the lower end of the kind's interval.
        ends = np.eye(self.cuts + 1, self.cuts)
        shifted = np.vstack([np.zeros(self.cuts), np.eye(self.cuts)])
        self.upper = np.hstack([ends[self.y], -self.x])
        self.lower = np.hstack([shifted[self.y], -self.x])
        self.first, self.last = self.y == 0, self.y == self.cuts

    def start(self):
        """Thresholds of the margins, no slopes."""
        share = np.bincount(self.y, weights=self.count).cumsum()[:-1] / self.count.sum()
        return np.concatenate([np.log(share / (1 - share)), np.zeros(2)])

    def likelihood(self, theta):
        """(log likelihood, scores of the kinds, Hessian); -inf when thresholds are out of order."""
        if (np.diff(theta[: self.cuts]) <= 0).any():
            return -np.inf, None, None
        up, low = self.upper @ theta, self.lower @ theta
        f_up, f_low = np.where(self.last, 1.0, expit(up)), np.where(self.first, 0.0, expit(low))
        p = f_up - f_low
        if (p <= 0).any():
            return -np.inf, None, None
        d_up, d_low = f_up * (1 - f_up), f_low * (1 - f_low)
        g_up, g_low = d_up / p, -d_low / p
        h_up = d_up * (1 - 2 * f_up) / p - g_up**2
        h_low = -d_low * (1 - 2 * f_low) / p - g_low**2
        scores = g_up[:, None] * self.upper + g_low[:, None] * self.lower
        cross = self.upper.T @ ((-g_up * g_low * self.count)[:, None] * self.lower)
        hessian = self.upper.T @ ((h_up * self.count)[:, None] * self.upper) + cross + cross.T
        hessian += self.lower.T @ ((h_low * self.count)[:, None] * self.lower)
        return float(self.count @ np.log(p)), scores, hessian

    def fit(self):
        """(theta, scores of the kinds, inverse information) at the maximum."""
        theta = self.start()
        value, scores, hessian = self.likelihood(theta)
        for _ in range(MOST_ITERATIONS):
            step = np.linalg.solve(-hessian, self.count @ scores)
            size = 1.0
            trial = self.likelihood(theta + step)
            while trial[0] < value - 1e-9 and size > 1e-6:
                size /= 2
                trial = self.likelihood(theta + size * step)
            theta = theta + size * step
            value, scores, hessian = trial
            if scores is None or np.abs(theta[self.cuts :]).max() > LARGEST_COEFFICIENT:
                raise NotEstimable(SEPARATED)
            if np.abs(step).max() < 1e-10:
                return theta, scores, inverse(-hessian)
        raise NotEstimable(SEPARATED)


def proportional_odds(high, before, after, school):
    """The log odds ratio of a higher follow-up answer, high against low.

    high, before, after, school   one element a pupil; answers 1 to 7, schools as sorted whole numbers
    """
    _, index = np.unique(school, return_inverse=True)
    schools = int(index.max()) + 1 if len(index) else 0
    if schools < 2:
        raise NotEstimable(TOO_FEW)
    if len(np.unique(high)) < 2:
        raise NotEstimable("Only one rating group answered this question.")
    if len(np.unique(after)) < 2:
        raise NotEstimable("Everybody gave the same answer at follow-up.")
    if len(np.unique(before)) < 2:
        raise NotEstimable("Everybody gave the same answer at baseline.")
    kind = (high.astype(np.int64) * CODES + before) * CODES + after
    codes, where = np.unique(kind, return_inverse=True)
    table = np.bincount(index * len(codes) + where, minlength=schools * len(codes)).reshape(schools, len(codes))
    kinds = Kinds(codes // CODES**2, codes // CODES % CODES, codes % CODES, table.sum(axis=0))
    theta, scores, information = kinds.fit()
    by_school = table @ scores
    cov = schools / (schools - 1) * information @ (by_school.T @ by_school) @ information
    slope = kinds.cuts
    return Estimate.from_t(
        theta[slope], np.sqrt(max(cov[slope, slope], 0.0)), schools - 1, n=len(high), schools=schools
    )


def item_models(sheets, pairs, rating, high, instruments):
    """``{stage group: {item: estimate with q}}`` over the pairs in rated schools."""
    pairs = pairs.at(~np.isnan(rating[pairs.school]))
    found = {}
    for index, name in enumerate(STAGE_GROUPS):
        instrument = instruments[name]
        if not instrument.items:
            continue
        here = pairs.group == index
        before, after = item_pairs(sheets, pairs, index)
        school = pairs.school[here]
        found[name] = {
            item: attempt(_item, before[:, order], after[:, order], school, high, instrument.scored[order], q=None)
            for order, item in enumerate(instrument.items)
        }
    _add_q([model for table in found.values() for model in table.values() if computed(model)])
    return found


def _item(before, after, school, high, scored):
    if not scored:
        raise NotEstimable(NOT_ON_SCALE)
    both = (before > 0) & (after > 0)
    if not both.any():
        raise NotEstimable("Nobody answered this question both times.")
    estimate = proportional_odds(high[school[both]], before[both], after[both], school[both])
    return estimate.with_extra(odds_ratio=float(np.exp(estimate.est)))


def _add_q(models):
    """Benjamini-Hochberg over these estimates."""
    if models:
        adjusted = corrected([model["p"] for model in models])
        for model, q in zip(models, adjusted, strict=True):
            model |= {"q": float(q), "m": len(models)}
