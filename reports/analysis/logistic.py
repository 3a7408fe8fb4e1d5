"""Logistic regression with school-clustered CR2 errors, and risk differences by g-computation.

The point estimate is the ordinary logit (GEE with independence). For CR2 let Phi = mu(1 - mu),
M = (X'Phi X)^-1 and X_d = Phi X. The root that clubSandwich takes is

    A_g = Phi^(1/2) B_g^(-1/2) Phi^(1/2),   B_g = Phi^(1/2) (Phi - X_d M X_d') Phi^(1/2),

with eigenvalues below 1e-12 left out (``roots`` computes it). For schools of more than 600 rows the other valid
root is taken (whiten by Phi^(1/2), then as for least squares): it differs in the fourth decimal of the
standard error.

Separation (a coefficient beyond 10, 60 iterations, a singular Hessian) raises ``NotEstimable``; what is
said then is decided in ``comparison``.

Risk difference: RD = mean[p(H=1)] - mean[p(H=0)] over the sample, its standard error by the delta method
from the CR2 covariance, with the degrees of freedom of the coefficient.
"""

import numpy as np
from scipy.special import expit

from reports.analysis import roots
from reports.analysis.chance import two_sided_p
from reports.analysis.clustered import TOO_FEW, Fit, gram_by_group, inverse, leverage_roots
from reports.analysis.results import NotEstimable, half_width

SEPARATED = "One group has (almost) only one kind of result, so that an odds ratio cannot be computed."
MOST_ROWS_FIRST_ROOT = 600
MOST_ITERATIONS = 60
LARGEST_COEFFICIENT = 10.0
SMALL_SCHOOL = 16  # up to this size decomposing n x n matrices is quicker than integrating


def coefficients(x, y, weights=None):
    """Maximum likelihood by Newton's method; raises ``NotEstimable`` at separation.

    weights   optional non-negative weights of the rows
    """
    weights = np.ones(len(y)) if weights is None else weights
    beta = np.zeros(x.shape[1])
    for _ in range(MOST_ITERATIONS):
        mu = expit(x @ beta)
        phi = weights * mu * (1 - mu)
        try:
            step = np.linalg.solve(x.T @ (phi[:, None] * x), x.T @ (weights * (y - mu)))
        except np.linalg.LinAlgError:
            raise NotEstimable(SEPARATED) from None
        beta = beta + step
        if not np.isfinite(beta).all() or np.abs(beta).max() > LARGEST_COEFFICIENT:
            raise NotEstimable(SEPARATED)
        if np.abs(step).max() < 1e-12:
            return beta
    if np.abs(step).max() < 1e-8:
        return beta
    raise NotEstimable(SEPARATED)


def logit(x, y, groups, most_rows=MOST_ROWS_FIRST_ROOT, weights=None):
    """Logistic regression with CR2 by ``groups``; arguments as ``clustered.ols``.

    most_rows   the largest school for which the first root is taken
    weights     optional weights of the rows; with them the whitened root is taken
    """
    if len(groups) < 2 or len(y) <= x.shape[1]:
        raise NotEstimable(TOO_FEW)
    x, y = groups.sort(x), groups.sort(y).astype(float)
    if weights is not None:
        weights, most_rows = groups.sort(weights), 0
    beta = coefficients(x, y, weights)
    mu = expit(x @ beta)
    phi = mu * (1 - mu)
    pull = y - mu if weights is None else weights * (y - mu)
    white = np.sqrt(phi if weights is None else weights * phi)[:, None] * x
    gram = gram_by_group(white, groups)
    bread = inverse(gram.sum(axis=0))
    k = x.shape[1]
    score, u, w = np.zeros((len(groups), k)), np.zeros((len(groups), k, k)), np.zeros((len(groups), k, k))

    large = groups.sizes > most_rows
    if large.any():
        t = leverage_roots(bread, gram[large])
        score[large] = np.einsum("gji,gj->gi", t, groups.sums(x * pull[:, None])[large])
        w[large] = gram[large] @ t
        u[large] = t.transpose(0, 2, 1) @ w[large]
    for part, rows, root in _roots(x, phi, bread, white, groups, np.flatnonzero(~large)):
        score[part] = np.einsum("gik,gi->gk", root, pull[rows])
        weighted = phi[rows][:, :, None] * root
        u[part] = root.transpose(0, 2, 1) @ weighted
        w[part] = x[rows].transpose(0, 2, 1) @ weighted
    return Fit(beta, bread, bread @ (score.T @ score) @ bread, u, w)


def _roots(x, phi, bread, white, groups, chosen):
    """A_g X_g of the chosen schools: (positions, rows as schools x size, schools x size x k)."""
    if not len(chosen):
        return
    large = groups.sizes[chosen] > SMALL_SCHOOL
    few, many = chosen[~large], chosen[large]
    if len(many):
        rows, part = groups.part(many)
        left = roots.leverage_left(white[rows], bread, part)
        plain = left > roots.SMALLEST_REST
        few = np.concatenate([few, many[~plain]])
        rows, part = groups.part(many[plain])
        if len(part):
            found = roots.by_quadrature(x[rows], phi[rows], bread, part, left[plain])
            for size in np.unique(part.sizes):
                equal = np.flatnonzero(part.sizes == size)
                inside = part.starts[equal][:, None] + np.arange(size)
                yield many[plain][equal], rows[inside], found[inside]
    yield from roots.by_eigenvectors(x, phi, bread, groups, few)


def risk_difference(fit, x, high, weights=None):
    """g-computation of the risk difference for the 0/1 column ``high`` of ``x``.

    weights  optional weights of the rows, in the order of ``x``
    returns  {rd, rd_se, p_high, p_low}: as proportions
    """
    ones, zeros = x.copy(), x.copy()
    ones[:, high], zeros[:, high] = 1.0, 0.0
    p1, p0 = expit(ones @ fit.beta), expit(zeros @ fit.beta)
    share = np.full(len(x), 1 / len(x)) if weights is None else weights / weights.sum()
    gradient = (share * p1 * (1 - p1)) @ ones - (share * p0 * (1 - p0)) @ zeros
    p_high, p_low = float(share @ p1), float(share @ p0)
    return {
        "rd": p_high - p_low,
        "rd_se": float(np.sqrt(max(gradient @ fit.cov @ gradient, 0.0))),
        "p_high": p_high,
        "p_low": p_low,
    }


def average_slope(fit, x, column):
    """The mean change in probability for one more unit of ``column``: {rd, rd_se}."""
    mu = expit(x @ fit.beta)
    phi = mu * (1 - mu)
    gradient = fit.beta[column] * ((phi * (1 - 2 * mu)) @ x) / len(x)
    gradient[column] += phi.mean()
    return {
        "rd": float(fit.beta[column] * phi.mean()),
        "rd_se": float(np.sqrt(max(gradient @ fit.cov @ gradient, 0.0))),
    }


def with_odds_ratio(estimate):
    """The estimate on the log scale with its odds ratio and interval."""
    odds = np.exp([estimate.est, estimate.lo, estimate.hi])
    if not np.isfinite(odds).all():
        raise NotEstimable(SEPARATED)
    return estimate.with_extra(**{"or": float(odds[0]), "or_lo": float(odds[1]), "or_hi": float(odds[2])})


def with_risk(estimate, risk):
    """The estimate with its risk difference, the interval of that and its own p (``rd_p``)."""
    rd, se = risk["rd"], risk["rd_se"]
    reach = half_width(se, estimate.df)
    rd_p = two_sided_p(rd / se, estimate.df) if se > 0 else None
    return estimate.with_extra(**risk, rd_lo=rd - reach, rd_hi=rd + reach, rd_p=rd_p)
