"""Reliability of ordered answers: ordinal alpha and omega.

Answers are taken as cuts of a normal trait. For each pair of items the polychoric correlation is the maximum
of the likelihood of their table, the cuts taken from the margins (two-step; Olsson 1979). The bivariate
normal distribution is integrated by 24-point Gauss-Legendre over the correlation:

    Phi2(h, k; r) = Phi(h) Phi(k) + 1/(2 pi) int_0^asin(r) exp(-(h2 + k2 - 2 h k sin t) / (2 cos2 t)) dt

and all pairs are solved at once by Fisher scoring. From the matrix R (k x k):

ordinal alpha   k/(k - 1) (1 - k / sum R)
omega           one factor by minimal residuals (MINRES): (sum l)^2 / ((sum l)^2 + sum(1 - l^2))

Checked against psych (R) in tests/reports/analysis/golden.
"""

import numpy as np
from scipy.special import ndtr, ndtri

NODES, WEIGHTS = np.polynomial.legendre.leggauss(24)
ROWS_AT_ONCE = 8_192
FAR = 9.0  # a cut without answers beyond it
ITERATIONS = 40
LARGEST = 0.9999
FEWEST_SHEETS = 30


def bivariate_normal(h, k, r):
    """Pr(X <= h, Y <= k) of standard normals with correlation ``r``; arrays of one shape."""
    angle = np.arcsin(r)[..., None] * (NODES + 1) / 2
    sine, cosine = np.sin(angle), np.cos(angle) ** 2
    squares, product = (h * h + k * k)[..., None], 2 * (h * k)[..., None]
    inner = np.exp(-(squares - product * sine) / (2 * cosine)) @ WEIGHTS
    return ndtr(h) * ndtr(k) + inner * np.arcsin(r) / (4 * np.pi)


def density(h, k, r):
    """The density of the bivariate normal: the derivative of its distribution by ``r``."""
    rest = 1 - r * r
    return np.exp(-(h * h + k * k - 2 * r * h * k) / (2 * rest)) / (2 * np.pi * np.sqrt(rest))


def correlations(values, points):
    """The polychoric correlation matrix of complete answers 1..points (n x k).

    points    the largest number of points of any item
    """
    n, k = values.shape
    tables = _crossed(values, points)
    share = np.diagonal(np.diagonal(tables), axis1=0, axis2=1).cumsum(axis=1)[:, :-1] / n
    cuts = np.clip(ndtri(np.clip(share, 0, 1)), -FAR, FAR)
    first, second = np.triu_indices(k, 1)
    counts = tables[first, second]
    edges = np.pad(cuts, ((0, 0), (1, 1)), constant_values=((0, 0), (-FAR, FAR)))
    h = np.broadcast_to(edges[first][:, :, None], (len(first), points + 1, points + 1))
    g = np.broadcast_to(edges[second][:, None, :], h.shape)
    r = np.clip(np.corrcoef(values, rowvar=False)[first, second], -0.95, 0.95)
    for _ in range(ITERATIONS):
        at = np.broadcast_to(r[:, None, None], h.shape)
        p = np.maximum(_cells(bivariate_normal(h, g, at)), 1e-12)
        slope = _cells(density(h, g, at))
        information = n * (slope**2 / p).sum(axis=(1, 2))
        step = (counts * slope / p).sum(axis=(1, 2)) / information
        moved = np.clip(r + np.clip(step, -0.3, 0.3), -LARGEST, LARGEST)
        done = np.abs(moved - r).max() < 1e-9
        r = moved
        if done:
            break
    matrix = np.eye(k)
    matrix[first, second] = matrix[second, first] = r
    return matrix


def _crossed(values, points):
    """How many rows give each pair of answers to each pair of items: k x k x points x points."""
    n, k = values.shape
    tables = np.zeros((k, points, k, points))
    columns = np.ascontiguousarray(values.T)
    marks = np.empty((k, points, min(n, ROWS_AT_ONCE)), dtype=np.float32)  # which counts exactly to 16 million
    for first in range(0, n, ROWS_AT_ONCE):
        rows = columns[:, first : first + ROWS_AT_ONCE]
        part = marks[:, :, : rows.shape[1]]
        for answer in range(points):
            np.equal(rows, answer + 1, out=part[:, answer], casting="unsafe")
        flat = part.reshape(k * points, -1)
        tables += (flat @ flat.T).reshape(tables.shape)
    return tables.transpose(0, 2, 1, 3)


def _cells(corners):
    """Probabilities of the cells from the distribution at their corners."""
    return np.diff(np.diff(corners, axis=1), axis=2)


def ordinal_alpha(matrix):
    """Alpha of a correlation matrix."""
    k = len(matrix)
    return float(k / (k - 1) * (1 - k / matrix.sum()))


def omega(matrix):
    """Omega total of one MINRES factor of a correlation matrix."""
    communality = np.full(len(matrix), 0.5)
    for _ in range(2000):
        reduced = matrix.copy()
        np.fill_diagonal(reduced, communality)
        values, vectors = np.linalg.eigh(reduced)
        loading = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
        moved = np.minimum(loading**2, 0.995)
        done = np.abs(moved - communality).max() < 1e-10
        communality = moved
        if done:
            break
    total = loading.sum() ** 2
    return float(total / (total + (1 - loading**2).sum()))


def ordinal_reliability(values, points):
    """{alpha_ordinal, omega_ordinal} of complete rows, None where they cannot be computed."""
    found = {"alpha_ordinal": None, "omega_ordinal": None}
    n, k = values.shape
    if n < FEWEST_SHEETS or k < 3 or (values.min(axis=0) == values.max(axis=0)).any():
        return found
    matrix = correlations(values, points)
    if not np.isfinite(matrix).all() or matrix.sum() <= 0:
        return found
    return {"alpha_ordinal": ordinal_alpha(matrix), "omega_ordinal": omega(matrix)}
