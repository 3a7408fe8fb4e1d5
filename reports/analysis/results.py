"""How estimates are carried from a model to the results dictionary.

An estimate is ``{est, se, df, p, lo, hi}`` and whatever its model adds; p is two-sided, the interval 95 %.
An estimate that cannot be computed is ``{"est": null, ..., "why": "a sentence"}``: models raise
``NotEstimable`` with that sentence and ``attempt`` turns it into the dictionary. ``plain`` makes a whole
result into plain JSON types, in which there is never a NaN or an infinity.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from reports.analysis.chance import t_quantile, two_sided_p

PLAIN = frozenset({str, int, bool})
ROUNDING = 1e-7
EMPTY = {"est": None, "se": None, "df": None, "p": None, "lo": None, "hi": None}


class NotEstimable(Exception):
    """A model that these data do not allow; the message says why in a sentence."""


@dataclass(frozen=True)
class Estimate:
    """One estimate with its uncertainty.

    est, se   in the unit of the model
    df        Satterthwaite (or G - 1) degrees of freedom of ``se``
    p, lo, hi two-sided p value and 95 % interval from the t distribution with ``df``
    extra     further keys of this model, such as the odds ratio
    """

    est: float
    se: float
    df: float
    p: float
    lo: float
    hi: float
    extra: dict = field(default_factory=dict)

    @classmethod
    def from_t(cls, est, se, df, **extra):
        """The estimate whose test and interval use t with ``df`` degrees of freedom.

        All estimates here are proportions, SDs, points or log odds, so a standard error below ``ROUNDING`` is what rounding left of none.
        """
        if not (np.isfinite(est) and np.isfinite(se) and np.isfinite(df) and se > ROUNDING and df > 0):
            raise NotEstimable("The schools do not vary enough to say how uncertain this estimate is.")
        reach = half_width(se, df)
        return cls(float(est), float(se), float(df), two_sided_p(est / se, df), est - reach, est + reach, extra)

    def with_extra(self, **extra):
        """The same estimate with further keys."""
        return Estimate(self.est, self.se, self.df, self.p, self.lo, self.hi, {**self.extra, **extra})

    def to_json(self):
        """As a dictionary for the results."""
        return {"est": self.est, "se": self.se, "df": self.df, "p": self.p, "lo": self.lo, "hi": self.hi, **self.extra}


def half_width(se, df):
    """Half of a 95 % t interval."""
    return float(t_quantile(0.975, df) * se)


def missing(why, **extra):
    """The dictionary of an estimate that could not be computed."""
    return {**EMPTY, **extra, "why": why}


def attempt(model, *arguments, **empty):
    """``model(*arguments)`` as a dictionary, or the reason why there is none.

    empty   keys that the dictionary has besides the usual six when there is no estimate
    """
    try:
        found = model(*arguments)
    except NotEstimable as reason:
        return missing(str(reason), **empty)
    except np.linalg.LinAlgError:
        return missing("The data do not vary enough for this model.", **empty)
    return found.to_json() if isinstance(found, Estimate) else found


def computed(estimate):
    """Whether a dictionary of the results holds an estimate."""
    return bool(estimate) and estimate.get("est") is not None


def plain(value):
    """``value`` in plain JSON types; NaN and infinities become None."""
    kind = type(value)
    if kind is float:
        return value if math.isfinite(value) else None
    if value is None or kind in PLAIN:
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value
