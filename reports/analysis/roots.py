"""The first root of the logit's CR2, A_g X_g, in three ways that give the same numbers.

With Phi = mu(1 - mu), M = (X'Phi X)^-1 = L L', W = Phi^(1/2) X L and X_d = Phi X,

    A_g = Phi^(1/2) B_g^(-1/2) Phi^(1/2),   B_g = Phi^(1/2) (Phi - X_d M X_d') Phi^(1/2) = Phi^2 - U U',  U = Phi W.

``by_eigenvectors``  decomposes each B_g (n x n); schools of equal size together. Right for small schools and for
                     those in which B_g has no full rank: eigenvalues below 1e-12 are left out
``by_quadrature``    B^(-1/2) v = sum_j c_j (B + t_j)^-1 v, the trapezium rule after an elliptic change of variable
                     (Hale, Higham & Trefethen 2008, method 3), each term by Woodbury with k x k matrices. Its error
                     falls like exp(-2 pi^2 N / (log(largest / smallest eigenvalue) + 3)); N is set for 1e-13
"""

import numpy as np
from scipy import special

from reports.analysis.clustered import gram_by_group

BATCH_CELLS = 4_000_000  # of n x n matrices decomposed at once
TOLERANCE = 1e-13
SMALLEST_REST = 1e-7  # below it 1 - leverage is too close to 0 for the quadrature


def by_eigenvectors(x, phi, bread, groups, chosen):
    """A_g X_g of the ``chosen`` schools (positions): pairs of (positions, rows, schools x size x k)."""
    for size in np.unique(groups.sizes[chosen]):
        equal = chosen[groups.sizes[chosen] == size]
        step = max(1, BATCH_CELLS // int(size) ** 2)
        for first in range(0, len(equal), step):
            part = equal[first : first + step]
            rows = groups.starts[part][:, None] + np.arange(size)
            yield part, rows, _decomposed(x[rows], phi[rows], bread)


def _decomposed(xs, ps, bread):
    half = np.sqrt(ps)
    scaled = (half * ps)[:, :, None] * xs
    b = -(scaled @ bread @ scaled.transpose(0, 2, 1))
    diagonal = np.arange(b.shape[1])
    b[:, diagonal, diagonal] += ps**2
    values, vectors = np.linalg.eigh(b)
    power = np.where(values > 1e-12, 1 / np.sqrt(np.maximum(values, 1e-12)), 0.0)
    inner = vectors.transpose(0, 2, 1) @ (half[:, :, None] * xs)
    return half[:, :, None] * (vectors @ (power[:, :, None] * inner))


def leverage_left(white, bread, groups):
    """1 - the largest leverage of each school; ``white`` is Phi^(1/2) X."""
    low = np.linalg.cholesky(bread)
    return 1 - np.linalg.eigvalsh(low.T @ gram_by_group(white, groups) @ low)[:, -1]


def by_quadrature(x, phi, bread, groups, left):
    """A_g X_g of all schools of ``groups``, as rows x k.

    x, phi   sorted by the groups
    left     ``leverage_left`` of these schools, all above ``SMALLEST_REST``
    """
    v = np.sqrt(phi)[:, None] * x
    u = phi[:, None] * (v @ np.linalg.cholesky(bread))
    least = np.minimum.reduceat(phi, groups.starts) ** 2 * left
    weights, shifts = _nodes(float(least.min()), float(phi.max() ** 2))
    total = np.empty_like(v)
    # Schools of equal size together: no table is longer than the rows of these schools times the nodes.
    for size in np.unique(groups.sizes):
        rows = groups.starts[groups.sizes == size][:, None] + np.arange(size)
        total[rows] = _integrated(u[rows], v[rows], phi[rows] ** 2, weights, shifts)
    return np.sqrt(phi)[:, None] * total


def _integrated(u, v, square, weights, shifts):
    """sum_j c_j (B + t_j)^-1 v of schools of equal size: schools x size x k."""
    k = u.shape[2]
    d = 1 / (square + shifts[:, None, None])  # nodes x schools x size
    weighted = (d[..., None] * u).swapaxes(2, 3)
    inner = np.linalg.solve(np.eye(k) - weighted @ u, weighted @ v)
    d *= weights[:, None, None]
    return d.sum(axis=0)[..., None] * v + (d[..., None] * (u @ inner)).sum(axis=0)


def _nodes(smallest, largest):
    """Weights c_j and shifts t_j for spectra between ``smallest`` and ``largest``."""
    ratio = smallest / largest
    count = int(np.ceil(-np.log(TOLERANCE) * (3 - np.log(ratio)) / (2 * np.pi**2)))
    quarter = special.ellipkm1(ratio)
    sn, cn, dn, _ = special.ellipj((np.arange(count) + 0.5) * quarter / count, 1 - ratio)
    return 2 * quarter * np.sqrt(smallest) / (np.pi * count) * dn / cn**2, smallest * (sn / cn) ** 2
