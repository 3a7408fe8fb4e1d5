"""Three kinds of chance, all at the level of the school, none with a loop over replicates.

School bootstrap          per school the sufficient statistics c_g (counts, sums); weights
                          W ~ Multinomial(G, 1/G); all replicates are W @ C. Percentile interval of 1,000
                          replicates; only with at least 10 schools; by arm when there are fewer than 20;
                          a replicate in which a denominator is empty does not count.
Wild cluster bootstrap    of a linear model: the null imposed, Rademacher signs a school, bootstrap-t with
                          the CR0 standard error (Cameron, Gelbach & Miller 2008). All sign patterns up to
                          16 schools, otherwise 9,999 draws.
Permutation of schools    residuals of the model without the rating are averaged by school; the labels
                          high and low are dealt again among all schools: every way of dealing them up
                          to 16 schools, otherwise 9,999.

p is the share of replicates at least as extreme as the data; among random draws the data count as one
more, so that p is never 0. Draws are made for schools in the order of their ids from a fixed seed.
"""

from itertools import combinations

import numpy as np

from reports.analysis.clustered import inverse
from reports.analysis.results import NotEstimable

EXACT_SCHOOLS = 16
DRAWS = 9_999
REPLICATES = 1_000
FEWEST_SCHOOLS = 10
STRATIFY_BELOW = 20
BLOCK_CELLS = 400_000
TIE = 1e-9  # relative slack within which two statistics are equally extreme
STREAMS = {"bootstrap": 1, "wild": 2, "permutation": 3}


def generator(seed, stream):
    """The random numbers of one purpose, so that no analysis shifts the draws of another."""
    return np.random.default_rng([seed, STREAMS[stream]])


def signs(schools, seed):
    """Rademacher signs, in blocks of draws x schools: every pattern when that is feasible."""
    if schools <= EXACT_SCHOOLS:
        patterns = np.arange(2**schools)[:, None] >> np.arange(schools) & 1
        yield 1.0 - 2.0 * patterns
        return
    random = generator(seed, "wild")
    for draws in blocks(schools):
        yield 1.0 - 2.0 * random.integers(0, 2, (draws, schools), dtype=np.int8)


def blocks(schools):
    """The 9,999 draws cut into pieces that fit into the processor's cache."""
    size = max(1, BLOCK_CELLS // schools)
    return [min(size, DRAWS - first) for first in range(0, DRAWS, size)]


def p_value(statistic, replicates, exact):
    """The share of replicates at least as extreme as ``statistic``."""
    extreme = int((np.abs(replicates) >= abs(statistic) * (1 - TIE)).sum())
    return extreme / len(replicates) if exact else (extreme + 1) / (len(replicates) + 1)


def wild_cluster(x, y, term, groups, seed):
    """The wild cluster bootstrap of coefficient ``term`` of least squares.

    x, y     as in ``clustered.ols``; ``term`` is the column that is zero under the null
    returns  {t, p}: t with the CR0 standard error
    """
    x, y = groups.sort(x), groups.sort(y)
    bread = inverse(x.T @ x)
    beta = bread @ (x.T @ y)
    pull = x @ bread[term]
    observed = groups.sums(pull * (y - x @ beta))
    if (observed**2).sum() <= 0:
        raise NotEstimable("The schools do not vary enough for this test.")
    t = beta[term] / np.sqrt((observed**2).sum())

    rest = np.delete(x, term, axis=1)
    null = y - rest @ (inverse(rest.T @ rest) @ (rest.T @ y))
    rho = groups.sums(pull * null)
    pulled = groups.sums(pull[:, None] * x)
    sums = groups.sums(x * null[:, None])
    totals = np.column_stack([rho, sums, rho[:, None] * pulled])
    drawn = np.concatenate([w @ totals for w in signs(len(groups), seed)])
    k = x.shape[1]
    b, z, cross = drawn[:, 0], drawn[:, 1 : k + 1] @ bread, drawn[:, k + 1 :]
    variance = (rho**2).sum() - 2 * (z * cross).sum(axis=1) + np.einsum("bi,ij,bj->b", z, pulled.T @ pulled, z)
    replicates = b / np.sqrt(np.maximum(variance, 1e-300))
    return {"t": float(t), "p": p_value(t, replicates, len(groups) <= EXACT_SCHOOLS)}


def dealt(schools, high, seed):
    """Ways of calling ``high`` of the schools high, in blocks of deals x schools of 0 and 1."""
    if schools <= EXACT_SCHOOLS:
        picks = np.array(list(combinations(range(schools), high)))
        deals = np.zeros((len(picks), schools))
        np.put_along_axis(deals, picks, 1.0, axis=1)
        yield deals
        return
    random = generator(seed, "permutation")
    for draws in blocks(schools):
        chances = random.random((draws, schools), dtype=np.float32)
        yield (chances <= np.partition(chances, high - 1, axis=1)[:, high - 1 : high]).astype(float)


def permutation(means, high, seed):
    """Relabelling of schools.

    means    the schools' average residuals
    high     which schools are high
    returns  {diff, p}: mean of the high schools' averages minus the low schools'
    """
    count, n = int(high.sum()), len(means)
    if count == 0 or count == n:
        raise NotEstimable("All schools are in one rating group.")
    diff = means[high].mean() - means[~high].mean()
    top = np.concatenate([deal @ means for deal in dealt(n, count, seed)])
    replicates = top / count - (means.sum() - top) / (n - count)
    return {"diff": float(diff), "p": p_value(diff, replicates, n <= EXACT_SCHOOLS)}


def school_weights(schools, seed, arms=None):
    """How often each school is drawn, replicates x schools; by arm with fewer than 20 schools.

    arms    optional: the number of each school's arm
    """
    random = generator(seed, "bootstrap")
    if arms is None or schools >= STRATIFY_BELOW:
        return _drawn(random, schools)
    weights = np.zeros((REPLICATES, schools))
    for arm in np.unique(arms):
        here = np.flatnonzero(arms == arm)
        weights[:, here] = _drawn(random, len(here))
    return weights


def _drawn(random, schools):
    """Counts of drawing ``schools`` of ``schools`` with replacement, one row a replicate."""
    if not schools:
        return np.zeros((REPLICATES, 0))
    drawn = random.integers(0, schools, (REPLICATES, schools)) + schools * np.arange(REPLICATES)[:, None]
    return np.bincount(drawn.ravel(), minlength=REPLICATES * schools).reshape(REPLICATES, schools).astype(float)


def ratios(weights, above, below):
    """The replicates of sum(above) / sum(below); NaN where the denominator was not drawn."""
    bottom = weights @ below
    return np.divide(weights @ above, bottom, out=np.full(bottom.shape, np.nan), where=bottom > 0)


def interval_of(replicates):
    """2.5 and 97.5 percentiles per column, leaving out replicates without a denominator."""
    ordered = np.sort(replicates, axis=0)  # NaN goes last
    count = (~np.isnan(ordered)).sum(axis=0)
    ends = []
    for share in (0.025, 0.975):
        place = share * np.maximum(count - 1, 0)
        low = np.floor(place).astype(int)
        high = np.minimum(low + 1, np.maximum(count - 1, 0))
        columns = np.arange(ordered.shape[1])
        value = ordered[low, columns] + (place - low) * (ordered[high, columns] - ordered[low, columns])
        ends.append(np.where(count > 0, value, np.nan))
    return ends[0], ends[1]
