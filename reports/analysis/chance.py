"""The distributions behind p values and intervals: Student's t, and the correction for many tests.

The same functions that ``scipy.stats`` calls; that package takes a second to import and these take none.
"""

import numpy as np
from scipy import special


def t_quantile(share, df):
    """The value below which ``share`` of Student's t with ``df`` degrees of freedom lies."""
    return float(special.stdtrit(df, share))


def two_sided_p(t, df):
    """How often |t| is reached by chance with ``df`` degrees of freedom."""
    return float(2 * special.stdtr(df, -abs(t)))


def corrected(p):
    """p values corrected for their number: the false discovery rates of Benjamini and Hochberg (1995)."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)
    steps = p[order] * (len(p) / np.arange(1, len(p) + 1))
    rates = np.empty_like(p)
    rates[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return np.clip(rates, 0, 1)
