"""The checks between "suggestive" and "supported": every way in which the finding could fail to hold.

P, S1*, S1 and S2 point the same way with intervals that exclude 0; the wild cluster bootstrap
or the permutation has p < .05; S3 (the headline with the rating itself) points the same way with p < .10;
S5 (all pupils) points the same way; S6 (clustered by mentor team) has p < .05 if its df >= 4; the direction
is the same at every cut that can be computed (S4); |g| at baseline <= .25 in each stage group; at least
half of the baseline pupils matched in both arms, and the two rates at most 10 points apart; alpha >= .60
(the lowest raw alpha of the stage groups present, both waves).

"The same way": fewer declines go with higher scores. A check that could not be computed counts as failed.
"""

from reports import wording
from reports.analysis.results import computed
from reports.analysis.schema import STAGE_GROUPS, WAVES

FEWEST_DF = 4
LARGEST_BASELINE_G = 0.25
LOWEST_MATCH_RATE = 0.50
LARGEST_MATCH_GAP = 0.10
LOWEST_ALPHA = 0.60
NOT_COMPUTED = "could not be computed"
# The unit in which the estimate that decides a check is told; logits are told as odds ratios.
UNITS = {"p": "odds ratio", "s1_star": "SD", "s1": "SD", "s2": "SD", "s3": "odds ratio a point", "s5": "SD", "s6": "pp"}


def checks(results):
    """Every check as {key, phrase, phrase_failed, passed, detail}, in the order of ``wording.CHECKS``."""
    sign = 1 if results["headline"]["rd"] > 0 else -1
    models = _model_checks(results["companions"], sign, results["sample"]["schools_high"])
    found = {**models, **_sample_checks(results)}
    return [
        {"key": key, "phrase": phrase, "phrase_failed": failed, "passed": found[key][0], "detail": found[key][1]}
        for key, (phrase, failed) in wording.CHECKS.items()
    ]


def _model_checks(models, sign, schools_high):
    """The checks that read other models; ``sign`` is +1 when higher-rated schools decline more."""
    found = {}
    for key, name, direction in (
        ("p", "primary_logit_cr2", sign),
        ("s1_star", "ancova_sm_cr2", -sign),
        ("s1", "ancova_cr2", -sign),
        ("s2", "change_score_cr2", -sign),
    ):
        model = models[name]
        agrees = computed(model) and model["est"] * direction > 0 and (model["lo"] > 0 or model["hi"] < 0)
        found[key] = (bool(agrees), detail(model, UNITS[key]))
    wild, dealt = models["wild_cluster_boot_lpm"].get("p"), models["permutation_school"].get("p")
    passed = any(p is not None and p < 0.05 for p in (wild, dealt))
    found["resampling"] = (passed, f"bootstrap {wording.p_is(wild)}, relabelling {wording.p_is(dealt)}")
    dose = models["dose_sm_logit_cr2"]
    found["s3"] = (bool(computed(dose) and dose["est"] * sign > 0 and dose["p"] < 0.10), detail(dose, UNITS["s3"]))
    everyone = models["did_all_cr2"]
    found["s5"] = (bool(computed(everyone) and everyone["est"] * sign < 0), detail(everyone, UNITS["s5"]))
    found["s6"] = _mentor_team_check(models["lpm_adj_cr2_by_pcp_cluster"])
    found["s4"] = _cut_check(models["cut_sensitivity"], schools_high, sign)
    return found


def _cut_check(models, schools_high, sign):
    """The direction at every cut; how many of them divide the schools in another way than the headline's is told."""
    models = {cut: model for cut, model in models.items() if computed(model)}
    against = [cut for cut, model in models.items() if model["est"] * sign <= 0]
    if not models:
        return False, NOT_COMPUTED
    if against:
        return False, f"direction differs at {wording.listed(against)}"
    others = len({model["schools_high"] for model in models.values()} - {schools_high})
    told = f"{wording.in_words(others)} other division{'' if others == 1 else 's'} of the schools"
    return (
        True,
        f"{wording.in_words(len(models))} cut{'' if len(models) == 1 else 's'}, {told if others else 'no other division of the schools'}",
    )


def _mentor_team_check(model):
    """Passed when p < .05; below four degrees of freedom it does not apply."""
    if not computed(model):
        return False, NOT_COMPUTED
    if model["df"] < FEWEST_DF:
        return None, "fewer than 4 degrees of freedom"
    return model["p"] < 0.05, detail(model, UNITS["s6"])


def detail(model, unit):
    """An estimate in its unit with its interval, and with its p where that may be told."""
    if not computed(model):
        return NOT_COMPUTED
    scale, places = (100, 1) if unit == "pp" else (1, 2)
    odds = unit.startswith("odds ratio")
    est, lo, hi = (scale * model[key] for key in (("or", "or_lo", "or_hi") if odds else ("est", "lo", "hi")))
    said = wording.number(est, places)
    said = f"{unit} {said}" if odds else f"{said} {unit}"
    said = f"{said}, 95% interval {wording.interval(lo, hi, places)}"
    return said if model["p"] is None else f"{said}, {wording.p_is(model['p'])}"


def _sample_checks(results):
    """The checks that read the sample: baseline, matching, reliability."""
    found = {}
    apart = list(results["baseline_equiv_g"].values())
    known = bool(apart) and None not in apart
    largest = max((abs(g) for g in apart), default=None) if known else None
    found["baseline"] = (
        known and largest <= LARGEST_BASELINE_G,
        f"{wording.number(largest)} SD apart; 0.25 allowed" if known else NOT_COMPUTED,
    )
    high, low = results["attrition"]["match_rate_high"], results["attrition"]["match_rate_low"]
    known = high is not None and low is not None
    detail = f"{wording.percent(high)} and {wording.percent(low)}" if known else NOT_COMPUTED
    found["match_rate"] = (known and min(high, low) >= LOWEST_MATCH_RATE, detail)
    found["match_gap"] = (
        known and abs(high - low) <= LARGEST_MATCH_GAP + 1e-9,
        f"gap {wording.points(abs(high - low))} pp; 10 allowed" if known else NOT_COMPUTED,
    )
    alpha = lowest_alpha(results["reliability"])
    found["alpha"] = (
        alpha is not None and alpha >= LOWEST_ALPHA,
        f"lowest alpha {wording.number(alpha)}; 0.60 needed" if alpha is not None else NOT_COMPUTED,
    )
    return found


def stages_present(reliability):
    """The stage groups with sheets at either time, in their order."""
    return [name for name in STAGE_GROUPS if any(reliability[f"{name}_{wave}"].get("n_sheets") for wave in WAVES)]


def lowest_alpha(reliability):
    """The lowest raw alpha of the stage groups and waves with sheets; None if one could not be computed."""
    present = [scale for scale in reliability.values() if scale.get("n_sheets")]
    alphas = [scale["alpha_raw"] for scale in present]
    return None if not alphas or None in alphas else min(alphas)
