"""Do the items of a scale hang together, and how alike are pupils of one school?

alpha_raw           Cronbach's alpha of the recoded scale items, listwise (``n_complete`` sheets):
                    k/(k-1) (1 - sum of item variances / variance of the sum)
item-total r        the correlation of an item with the sum of the others; below 0 means that a reversed
                    item was probably not marked as such (``flagged``)
alpha_unreversed    alpha if the reversed items had not been turned round: a check of the codebook, which
                    it should pass by being lower than ``alpha_raw``
icc                 one-way ANOVA: (MSB - MSW) / (MSB + (n0 - 1) MSW),
                    n0 = (N - sum n^2 / N) / (J - 1); printed raw, taken as 0 where negative
design effect       1 + ((1 + CV^2) nbar - 1) ICC, CV the coefficient of variation of school sizes

Below .60 nothing is said of attitudes as a scale; .60 to .70 is called modest.
"""

import numpy as np


def alpha(values):
    """Cronbach's alpha of complete rows (n x k), or None."""
    n, k = values.shape
    if n < 2 or k < 2:
        return None
    total = values.sum(axis=1).var(ddof=1)
    if total <= 0:
        return None
    return float(k / (k - 1) * (1 - values.var(axis=0, ddof=1).sum() / total))


def item_total(values):
    """Corrected item-total correlations of complete rows; None for an item that does not vary."""
    if len(values) < 3:
        return [None] * values.shape[1]
    rest = values.sum(axis=1, keepdims=True) - values
    x, r = values - values.mean(axis=0), rest - rest.mean(axis=0)
    size = np.sqrt((x**2).sum(axis=0) * (r**2).sum(axis=0))
    return [float(cross / s) if s > 0 else None for cross, s in zip((x * r).sum(axis=0), size, strict=True)]


def scale_reliability(answers, instrument):
    """The reliability of one stage group at one wave.

    answers   sheets x items, recoded, 0 missing
    """
    scale = answers[:, instrument.scored]
    items = [item for item, scored in zip(instrument.items, instrument.scored, strict=True) if scored]
    values = scale[(scale > 0).all(axis=1)].astype(float) if scale.shape[1] else np.zeros((0, 0))
    turned = np.where(instrument.reverse[instrument.scored], instrument.points[instrument.scored] + 1 - values, values)
    correlations = item_total(values)
    found = {
        "n_complete": len(values),
        "alpha_raw": alpha(values),
        "alpha_unreversed": alpha(turned) if instrument.reverse[instrument.scored].any() else None,
        "item_total": dict(zip(items, correlations, strict=True)),
        "flagged": [item for item, r in zip(items, correlations, strict=True) if r is not None and r < 0],
    }
    if found["alpha_raw"] is None:
        found["why"] = "Too few sheets answer every item, or their answers do not vary."
    return found, values


def icc(values, groups):
    """The ANOVA intraclass correlation, untruncated, or None.

    groups    ``clustered.grouped`` of the schools of ``values``
    """
    values = groups.sort(values)
    n, j = len(values), len(groups)
    if j < 2 or n <= j:
        return None
    means = groups.means(values)
    between = (groups.sizes * (means - values.mean()) ** 2).sum() / (j - 1)
    within = ((values - np.repeat(means, groups.sizes)) ** 2).sum() / (n - j)
    n0 = (n - (groups.sizes**2).sum() / n) / (j - 1)
    bottom = between + (n0 - 1) * within
    return float((between - within) / bottom) if bottom > 0 else None


def design_effect(correlation, groups):
    """How much the variance of a mean grows because pupils come by schools."""
    if correlation is None or not len(groups):
        return None
    size = groups.sizes.mean()
    spread = groups.sizes.var(ddof=0) / size**2
    return float(1 + ((1 + spread) * size - 1) * max(correlation, 0.0))
