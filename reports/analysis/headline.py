"""The headline P*, the one primary test, and what it could have found.

``p`` is that of the odds ratio (the log odds over their standard error), ``rd_p`` that of the risk difference; both use the
Satterthwaite degrees of freedom of the log odds. The interval of the risk difference decides the level, so that ``rd_p`` always
agrees with it; near .05 ``p`` need not.

At separation P* has no odds ratio. Its risk difference, interval and ``rd_p`` then come from LPM*, ``p`` from the relabelling of
schools, and ``p_high`` and ``p_low`` are the shares as counted: they need not differ by ``rd``. ``fallback`` says so.

MDE   (t.975,df + t.80,df) x SE: the smallest difference that this design had an 80 % chance to detect.
      ``mde_pp`` of LPM and ``mdes_sd`` of S1, as the specification of the files has them; ``headline_pp`` of the headline's own
      risk difference, which is the one that may stand beside its interval: always wider than half of it
"""

from reports.analysis.chance import t_quantile
from reports.analysis.comparison import ODDS_KEYS, RISK_KEYS, logit_high
from reports.analysis.results import attempt, computed


def headline(sample, lpm, permuted):
    """P*: the primary test.

    lpm, permuted   the results of LPM* and of the permutation, which take over at separation
    """
    found = attempt(logit_high, sample, True, **ODDS_KEYS, **RISK_KEYS)
    if found["est"] is None and computed(lpm):
        found |= {
            "rd": lpm["est"],
            "rd_se": lpm["se"],
            "rd_lo": lpm["lo"],
            "rd_hi": lpm["hi"],
            "rd_p": lpm["p"],
            "df": lpm["df"],
            "p": permuted.get("p"),
            "fallback": "LPM",
        }
        found["p_high"], found["p_low"] = (float(sample.declined[arm].mean()) for arm in (sample.high, ~sample.high))
    return found


def detectable(found, models):
    """The smallest differences that this design had an 80 % chance to detect; see the module.

    found, models   the headline and the companions; an estimate that there is not has None
    """
    sizes = {
        "mdes_sd": (models["ancova_cr2"], "se"),
        "mde_pp": (models["lpm_adj_cr2"], "se"),
        "headline_pp": (found, "rd_se"),
    }
    return {
        name: (t_quantile(0.975, fit["df"]) + t_quantile(0.80, fit["df"])) * fit[se] if fit.get(se) else None
        for name, (fit, se) in sizes.items()
    }
