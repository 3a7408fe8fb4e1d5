"""How exactly figures are stored where the exact ones could be solved for the counts behind them.

An estimate that is told to fifteen digits is an equation: of counts between 0 and some hundred few or one solve it. So of what is made
of single schools, of outcomes or of draws that anybody can repeat (the seed is printed), no more is stored than is read.

Whoever may see the ratings and has the data (SSERC, the evaluator) gets all of it whole.
"""

from reports.analysis.cells import OUTCOMES, hide

FEWEST_SCHOOLS = 10  # below it how alike schools are, beside their sizes, tells each of them
OF_SCHOOLS = ("icc_anova_change", "icc_anova_base", "icc_anova_follow_up", "icc_reml_change", "icc_reml_base")
LIKENESS = (*OF_SCHOOLS, "icc_anova_declined", "design_effect")
UNCERTAIN = ("cr2_se", "df", "p", "lo", "hi")


def coarsen(results, rules):
    """Round or hide in ``results`` what is more exact than it may be."""
    guarded = rules.guard_rating_groups
    if guarded or results["sample"]["declined_high"] is None:
        for key in ("cliff_change_high_vs_low", "cles_change_high_vs_low"):
            two_decimals(results["companions"].get(key) or {})
    if not guarded:
        return
    for model in (results["companions"].get("cut_sensitivity") or {}).values():
        hide(model, "schools_high", "schools_low")
    for change in (*results["change"].values(), *results["change_of_all"].values()):
        if change["schools"] is not None and change["schools"] < FEWEST_SCHOOLS:
            hide(change, *LIKENESS, *UNCERTAIN)
        two_decimals(change)
    for scale in results["reliability"].values():
        two_decimals(scale)
        two_decimals(scale["item_total"] or {})
    # The degrees of freedom of this model follow from the sheets of each school and from which schools are rated higher, and p, beside
    # estimate and error, tells them. Nothing else of it is hidden, so there is no reason beside the estimate.
    of_all = results["companions"]["did_all_cr2"]
    of_all |= {"df": None, "p": None}
    two_decimals(of_all)
    flow, sample = results["flow"], results["sample"]
    if any(flow[key] != sample[key] for key in ("schools_high", "schools_low")):
        # What is left over are schools that nobody answered for a second time, and everybody knows which.
        hide(flow, "schools_high", "schools_low")
    means = results["school_means"] or {}
    if len(means.get("schools") or []) < FEWEST_SCHOOLS:
        hide(means, "var_school", "var_pupil", "icc")
    two_decimals(means, ("mean", "var_school", "var_pupil", "icc"))
    for group in results["change_groups"].values():
        if isinstance(group, dict):
            _whole(group, [f"{outcome}_{end}" for outcome in OUTCOMES for end in ("lo", "hi")])
    for items in results["items"].values():
        for item in items.values():
            two_decimals(item, [f"pos_{part}_{end}" for part in ("pre", "post", "change") for end in ("lo", "hi")])


def two_decimals(estimates, keys=None):
    """Leave two decimals of these numbers of a dictionary, or of all that it has."""
    for name in list(estimates) if keys is None else keys:
        if isinstance(estimates.get(name), float):
            estimates[name] = round(estimates[name], 2)


def _whole(estimates, keys):
    for name in keys:
        if isinstance(estimates.get(name), float):
            estimates[name] = float(round(estimates[name]))
