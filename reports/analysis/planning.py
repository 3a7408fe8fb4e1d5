"""What a planned evaluation could detect (for the plan, before any data).

    MDE = M sqrt( ICC (1 - R2b) / (P (1 - P) J) + (1 - ICC)(1 - R2w) / (P (1 - P) J nbar) )

with J schools of nbar matched pupils, P the share of them rated high, R2b and R2w the share of the variance between
and within schools that the baseline explains, and M = t(.975) + t(.80) with J - 2 degrees of freedom: the
difference that has an 80 % chance of an interval without zero (Bloom 1995; Dong & Maynard 2013).
"""

import numpy as np

from reports.analysis.chance import t_quantile


def detectable_difference(
    schools, pupils_per_school, icc, share_high=0.5, r2_between=0.0, r2_within=0.0, base_share=None
):
    """The minimum detectable difference: in SD units, or as a proportion when ``base_share`` is given.

    base_share   the share that declines, which sets the SD of the outcome
    """
    arms = share_high * (1 - share_high) * schools
    variance = icc * (1 - r2_between) / arms + (1 - icc) * (1 - r2_within) / (arms * pupils_per_school)
    multiple = t_quantile(0.975, schools - 2) + t_quantile(0.80, schools - 2)
    sd = 1.0 if base_share is None else np.sqrt(base_share * (1 - base_share))
    return float(multiple * np.sqrt(variance) * sd)
