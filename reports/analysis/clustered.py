"""Linear models with school-clustered CR2 errors and Satterthwaite degrees of freedom.

Pupils of one school are alike, so the school is the unit of evidence. CR2 ("bias-reduced
linearisation", Bell & McCaffrey 2002; Pustejovsky & Tipton 2018) corrects the cluster sandwich for the
leverage of each school, and its degrees of freedom follow from the design, not from the number of pupils.

With M = (X'X)^-1, L its Cholesky factor and S_g = X_g'X_g per school, let V diag(s) V' be the
eigen-decomposition of L'S_gL and f(s) = (1 - s)^(-1/2), 0 where 1 - s < 1e-10. Then
T_g = L V diag(f) V' L^-1 gives A_g X_g = X_g T_g, so that nothing larger than k x k is ever made:

    Var(b) = M [ sum_g (T_g' X_g' e_g) (T_g' X_g' e_g)' ] M

For a contrast c let t_g = T_g M c, u_g = t_g' S_g t_g, v_g = S_g t_g and P = diag(u) - V' M V:
df = (tr P)^2 / ||P||_F^2. The norm is computed without P: ||P||^2 = sum u^2 - 2 sum u v'Mv + ||M VV'||^2.

Checked against clubSandwich (R) in tests/reports/analysis/golden.
"""

from dataclasses import dataclass

import numpy as np

from reports.analysis.results import Estimate, NotEstimable

MANY_ROWS = 20  # a school; from there on one matrix product for each school is quicker than one table of all products
TOO_FEW = "There are too few schools for this model."


@dataclass(frozen=True)
class Groups:
    """Rows in blocks, one block a school (or cluster): ``order`` sorts them, ``starts`` begins each."""

    order: np.ndarray | None
    starts: np.ndarray
    sizes: np.ndarray
    values: np.ndarray

    def __len__(self):
        return len(self.starts)

    def sort(self, rows):
        """``rows`` in the order of the blocks."""
        return rows if self.order is None else rows[self.order]

    def sums(self, rows):
        """Sum of (already sorted) ``rows`` in each block."""
        return np.add.reduceat(rows, self.starts, axis=0)

    def part(self, chosen):
        """Some of the blocks: (their sorted rows, the blocks as ``Groups`` of their own)."""
        sizes = self.sizes[chosen]
        ends = np.cumsum(sizes)
        rows = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.starts[chosen] - ends + sizes, sizes)
        return rows, Groups(None, ends - sizes, sizes, self.values[chosen])

    def means(self, rows):
        """Mean of (already sorted) ``rows`` in each block."""
        return self.sums(rows) / self.sizes


def grouped(labels):
    """The blocks of equal ``labels``, in the order of the labels."""
    order = None
    if len(labels) and (np.diff(labels) < 0).any():
        order = np.argsort(labels, kind="stable")
        labels = labels[order]
    starts = np.flatnonzero(np.concatenate([[True], np.diff(labels) != 0])) if len(labels) else np.zeros(0, dtype=int)
    sizes = np.diff(np.append(starts, len(labels)))
    return Groups(order, starts, sizes, labels[starts])


class Design:
    """A model matrix by named columns; constant, repeated and dependent columns are left out.

    columns     {name: array}; an intercept goes first unless ``intercept`` is False. The earlier of two
                columns that say the same is kept, so the term of interest belongs at the front
    """

    def __init__(self, columns, intercept=True):
        rows = len(next(iter(columns.values())))
        offered = {"1": np.ones(rows), **columns} if intercept else columns
        x = np.empty((rows, len(offered)))
        for place, column in enumerate(offered.values()):
            x[:, place] = column
        names = list(offered)
        kept = range(len(names)) if _clearly_independent(x) else _independent(x)
        self.names = [names[place] for place in kept]
        self.x = x if len(kept) == len(names) else x[:, kept].copy()

    def contrast(self, name):
        """The contrast that picks the coefficient of ``name``; raises when it was left out."""
        if name not in self.names:
            raise NotEstimable("This term does not vary in these data.")
        return np.eye(len(self.names))[self.names.index(name)]


def _clearly_independent(x):
    """Whether the cross products alone show that no column is near to depending on those before it."""
    gram = x.T @ x
    size = np.sqrt(np.diagonal(gram))
    if not (size > 0).all():
        return False
    try:
        root = np.linalg.cholesky(gram / np.outer(size, size))
    except np.linalg.LinAlgError:
        return False
    return bool((np.diagonal(root) > 1e-3).all())


def _independent(x):
    """The columns that do not depend on those before them, by orthogonalisation, which sees what cross products cannot."""
    basis, kept = np.empty((x.shape[1], len(x))), []
    for place in range(x.shape[1]):
        k = len(kept)
        rest, size = x[:, place].copy(), np.linalg.norm(x[:, place])
        for _ in range(2):  # twice, so that rounding does not hide a dependence
            rest -= (basis[:k] @ rest) @ basis[:k]
        left = np.linalg.norm(rest)
        if left > 1e-7 * size:
            basis[k] = rest / left
            kept.append(place)
    return kept


@dataclass(frozen=True)
class Fit:
    """A fitted model with what CR2 needs to test any contrast.

    beta, bread, cov   coefficients, M and the CR2 covariance
    u, w               per school k x k: G'Phi G and X'Phi G with G = A_g X_g
    """

    beta: np.ndarray
    bread: np.ndarray
    cov: np.ndarray
    u: np.ndarray
    w: np.ndarray

    def variance(self, contrast):
        """The CR2 variance of ``contrast @ beta``."""
        return float(contrast @ self.cov @ contrast)

    def df(self, contrast):
        """Satterthwaite degrees of freedom of that variance."""
        a = self.bread @ contrast
        u = np.einsum("i,gij,j->g", a, self.u, a)
        v = self.w @ a
        mv = v @ self.bread
        cross = self.bread @ (v.T @ v)
        squares = (u**2).sum() - 2 * (u * np.einsum("gi,gi->g", v, mv)).sum() + np.trace(cross @ cross)
        trace = u.sum() - np.einsum("gi,gi->", v, mv)
        if squares <= 0 or trace <= 0:
            raise NotEstimable(TOO_FEW)
        return float(trace**2 / squares)

    def estimate(self, contrast, **extra):
        """The contrast with standard error, degrees of freedom, p and interval."""
        return Estimate.from_t(
            float(contrast @ self.beta), np.sqrt(max(self.variance(contrast), 0.0)), self.df(contrast), **extra
        )


def inverse(gram):
    """The inverse of X'X, and an error when the columns do not allow it."""
    bread = np.linalg.inv(gram)
    return (bread + bread.T) / 2


def leverage_roots(bread, gram):
    """T_g for each school: ``gram`` is S_g, G x k x k; see the module."""
    low = np.linalg.cholesky(bread)
    s, v = np.linalg.eigh(low.T @ gram @ low)
    rest = 1 - s
    f = np.where(rest < 1e-10, 0.0, 1 / np.sqrt(np.maximum(rest, 1e-10)))
    return low @ ((v * f[:, None, :]) @ v.transpose(0, 2, 1)) @ np.linalg.inv(low)


def gram_by_group(x, groups):
    """S_g = X_g'X_g per school for sorted ``x``: G x k x k."""
    k = x.shape[1]
    if len(x) > MANY_ROWS * len(groups):
        found = np.empty((len(groups), k, k))
        for part, start, size in zip(found, groups.starts.tolist(), groups.sizes.tolist(), strict=True):
            rows = x[start : start + size]
            np.matmul(rows.T, rows, out=part)
        return found
    return groups.sums((x[:, :, None] * x[:, None, :]).reshape(len(x), k * k)).reshape(len(groups), k, k)


def ols(x, y, groups):
    """Least squares with CR2 by ``groups``.

    x, y    n x k (full rank) and n, in the row order of the labels that made ``groups``
    """
    if len(groups) < 2 or len(y) <= x.shape[1]:
        raise NotEstimable(TOO_FEW)
    x, y = groups.sort(x), groups.sort(y)
    gram = gram_by_group(x, groups)
    bread = inverse(gram.sum(axis=0))
    beta = bread @ (x.T @ y)
    score = groups.sums(x * (y - x @ beta)[:, None])
    return adjusted(beta, bread, gram, score)


def adjusted(beta, bread, gram, score):
    """The CR2 fit from per-school cross products and scores X_g'e_g."""
    t = leverage_roots(bread, gram)
    adjusted_score = np.einsum("gji,gj->gi", t, score)
    cov = bread @ (adjusted_score.T @ adjusted_score) @ bread
    w = gram @ t
    return Fit(beta, bread, cov, t.transpose(0, 2, 1) @ w, w)


def mean_change(d, groups):
    """The mean of ``d`` with its CR2 interval: the model ``d ~ 1``."""
    return ols(np.ones((len(d), 1)), d, groups).estimate(np.ones(1))
