"""Random school intercepts by restricted maximum likelihood (REML), and shrunken school means.

y = X b + u_school + e, var(u) = theta s2, var(e) = s2. Per school V = I + theta J, whose inverse is
I - theta / (1 + n theta) J, so that the profiled criterion

    (N - k) log RSS(theta) + log |X'V^-1 X| + sum log(1 + n_g theta)

needs only the schools' sums. It is minimised over sqrt(theta) >= 0; 0 is a possible answer.
The test uses t with (schools - 2) degrees of freedom: the rating varies between schools only.

Shrunken school mean: u_g = n theta / (1 + n theta) times the school's mean residual, with conditional
variance s2 theta / (1 + n theta). Small schools are drawn towards the whole, so that a table of schools is
not led by chance at both ends; even so their ranks are not reliable.

Checked against lme4 (R) in tests/reports/analysis/golden.
"""

from dataclasses import dataclass

import numpy as np
from scipy import optimize
from scipy.special import ndtri

from reports.analysis.clustered import TOO_FEW, Design, gram_by_group, grouped, inverse
from reports.analysis.results import Estimate, NotEstimable
from reports.analysis.schema import STAGE_GROUPS

LARGEST_ROOT = 20.0
SMALLEST_ROOT = 1e-5  # below it the search has only come close to 0


@dataclass(frozen=True)
class RandomIntercept:
    """A fitted model: coefficients, their covariance, the two variances, and the schools' effects."""

    beta: np.ndarray
    cov: np.ndarray
    var_school: float
    var_pupil: float
    effect: np.ndarray
    effect_var: np.ndarray

    @property
    def icc(self):
        """The share of the variance that lies between schools."""
        whole = self.var_school + self.var_pupil
        return self.var_school / whole if whole > 0 else None


def reml(x, y, groups):
    """The REML fit; arguments as ``clustered.ols``."""
    n, k = x.shape
    if len(groups) < 3 or n <= k + 1 or len(groups) == n:
        raise NotEstimable(TOO_FEW)
    x, y = groups.sort(x), groups.sort(y)
    whole = np.column_stack([x, y])
    total = gram_by_group(whole, groups).sum(axis=0)
    sums, sizes = groups.sums(whole), groups.sizes.astype(float)

    def solved(theta):
        weight = theta / (1 + sizes * theta)
        cross = total - sums.T @ (weight[:, None] * sums)
        bread = inverse(cross[:k, :k])
        beta = bread @ cross[:k, k]
        return bread, beta, max(cross[k, k] - cross[:k, k] @ beta, 1e-300)

    def criterion(root):
        theta = root * root
        bread, _, rss = solved(theta)
        return (n - k) * np.log(rss) - np.linalg.slogdet(bread)[1] + np.log1p(sizes * theta).sum()

    found = optimize.minimize_scalar(criterion, bounds=(0, LARGEST_ROOT), method="bounded", options={"xatol": 1e-9})
    root = found.x if found.x > SMALLEST_ROOT and found.fun < criterion(0.0) else 0.0
    theta = root * root
    bread, beta, rss = solved(theta)
    s2 = rss / (n - k)
    if s2 <= 1e-14 * (1 + y @ y / n):
        raise NotEstimable("The scores do not vary within schools.")
    rest = sums[:, k] - sums[:, :k] @ beta
    shrunk = theta / (1 + sizes * theta)
    return RandomIntercept(beta, s2 * bread, s2 * theta, s2, shrunk * rest, s2 * shrunk)


def ancova(sample, outcome):
    """S8: ``ys ~ H + G*zb`` with a random school intercept.

    outcome   the follow-up in SD units, checked
    """
    sample.check_arms()
    design = Design({"high": sample.high, **sample.baseline()})
    contrast = design.contrast("high")
    fit = reml(design.x, outcome, sample.by_school)
    variance = {"var_school": fit.var_school, "var_pupil": fit.var_pupil}
    return Estimate.from_t(
        contrast @ fit.beta, np.sqrt(contrast @ fit.cov @ contrast), len(sample.by_school) - 2, **variance
    )


def school_means(pairs):
    """The schools' shrunken mean changes in SD units of the baseline, from lowest to highest, without names.

    returns  {unit, mean, var_school, var_pupil, icc, schools: [{n, est, lo, hi}]}
    """
    change = np.zeros(len(pairs))
    for index in range(len(STAGE_GROUPS)):
        here = pairs.group == index
        sd = pairs.b[here].std(ddof=1) if here.sum() > 1 else 0.0
        if here.any() and not sd > 1e-12:
            raise NotEstimable("The baseline scores of a stage group do not vary.")
        change[here] = pairs.d[here] / sd if here.any() else 0.0
    if not len(pairs):
        raise NotEstimable("No pupil could be matched.")
    groups = grouped(pairs.school)
    design = Design({"G": pairs.group - pairs.group.mean()})
    fit = reml(design.x, change, groups)
    mean = float(fit.beta[0])
    reach = ndtri(0.975) * np.sqrt(fit.effect_var)
    rows = [
        {"n": int(n), "est": mean + u, "lo": mean + u - r, "hi": mean + u + r}
        for n, u, r in zip(groups.sizes, fit.effect, reach, strict=True)
    ]
    rows.sort(key=lambda row: (row["est"], row["n"]))
    return {
        "unit": "SD",
        "mean": mean,
        "var_school": fit.var_school,
        "var_pupil": fit.var_pupil,
        "icc": fit.icc,
        "schools": rows,
    }


def icc(values, groups):
    """The REML intraclass correlation, or None."""
    try:
        return reml(np.ones((len(values), 1)), values, groups).icc
    except (NotEstimable, np.linalg.LinAlgError):
        return None
