"""The evidence ladder: how much may be said, worked out from the results by fixed rules.

L0 not estimable   no rated school, one arm empty, no matched pupils, or an outcome that does not vary
L1 descriptive     fewer than 5 schools or 50 matched pupils in an arm, or Satterthwaite df below 4.
                   No p value, no interval
L2 inconclusive    the 95 % interval of the headline's risk difference includes 0
L3 suggestive      it excludes 0, but at least one check fails; every failed one is named
L4 supported       it excludes 0 and all checks pass

The checks are in ``checks``. The rules read the same in the unfavourable direction. All sentences come from ``reports.wording``.
"""

from reports import wording
from reports.analysis.checks import FEWEST_DF, LOWEST_ALPHA, checks, lowest_alpha
from reports.analysis.schema import STAGE_GROUPS

FEWEST_SCHOOLS = 5
FEWEST_PUPILS = 50
MODEST_ALPHA = 0.70


def climb(results):
    """The ladder, checks and attention of complete results.

    results   the dictionary of ``pipeline.evaluate`` without these three
    returns   {"ladder": ..., "checks": [...], "attention": [...]}
    """
    level, finding, about, found = _found(results)
    told = {
        "level": level,
        "title": wording.LEVELS[level],
        "finding": finding,
        **about,
        "failed_checks": [check["key"] for check in found if check["passed"] is False],
    }
    told["reasons"] = reasons(told, found)
    told["sentence"] = sentence(told, results)
    return {"ladder": told, "checks": found, "attention": attention(results)}


def _found(results):
    """(level, the finding, what else the reasons need, the checks)."""
    sample, head = results["sample"], results["headline"]
    reason = not_estimable(results)
    scarce, shortage = _scarcity(sample, head) if reason is None else (None, [])
    if reason is None and scarce is None and head["rd"] is None:
        reason = _no_interval(sample)
    if reason:
        return "L0", wording.cannot_compare(reason), {"shortage": [f"{reason[0].upper()}{reason[1:]}."]}, []
    if scarce:
        finding = wording.descriptive(*shares_declined(sample), sample["schools_high"], sample["schools_low"], scarce)
        return "L1", finding, {"scarce": scarce, "shortage": shortage}, []

    found = checks(results)
    rd, lo, hi, fallback = head["rd"], head["rd_lo"], head["rd_hi"], bool(head.get("fallback"))
    failed = [check for check in found if check["passed"] is False]
    scale = all(check["key"] != "alpha" for check in failed)
    if lo <= 0 <= hi:
        return "L2", wording.inconclusive(rd, lo, hi, results["mde"]["headline_pp"], fallback, scale), {}, found
    if failed:
        names = [check["phrase_failed"] for check in failed]
        return "L3", wording.suggestive(rd, lo, hi, names, scale, fallback), {}, found
    return "L4", supported(head), {}, found


def supported(head):
    """The finding of L4 from the headline, whose two shares may be hidden."""
    ends = (head[key] for key in ("rd", "rd_lo", "rd_hi"))
    return wording.supported(*ends, head["p_high"], head["p_low"], head["or"], bool(head.get("fallback")))


def reasons(told, found):
    """Why the ladder stands where it stands, as sentences.

    told, found   the ladder without its reasons, and the checks
    """
    level = told["level"]
    if level in {"L0", "L1"}:
        return told["shortage"]
    if level == "L2":
        return ["The 95% interval of the difference includes zero."]
    excluded = "The 95% interval of the difference excludes zero."
    if level == "L4":
        return [excluded, "Every check was passed."]
    return [
        excluded,
        *(f"Not passed: {check['phrase']} ({check['detail']})." for check in found if check["passed"] is False),
    ]


def sentence(told, results):
    """The finding, followed from L2 on by what must be said in the same breath about the matching."""
    said = attention_to_matching(results) if told["level"] in {"L2", "L3", "L4"} else []
    return " ".join([told["finding"], *said])


def not_estimable(results):
    """Why no comparison can be made at all, as the end of a sentence, or None."""
    flow, sample = results["flow"], results["sample"]
    if not (flow["pre_rows"] and flow["post_rows"]):
        return unanswered(flow)
    if not flow["schools_rated"]:
        return "no school has a headteacher’s rating"
    if not flow["schools_high"] or not flow["schools_low"]:
        return f"every rated school is in the {'higher' if flow['schools_high'] else 'lower'}-rated group"
    if missing := unanswered(flow):
        return missing
    if not sample["n"]:
        return "no matched pupil is in a rated school"
    if not sample["n_high"] or not sample["n_low"]:
        return f"no matched pupil is in a {'lower' if sample['n_high'] else 'higher'}-rated school"
    declined = sample["declined_high"] + sample["declined_low"]
    if declined == 0:
        return "no matched pupil declined, so that there is nothing to compare"
    if declined == sample["n"]:
        return "every matched pupil declined, so that there is nothing to compare"
    return None


def unanswered(flow):
    """What pupils' answers there are too few of for any comparison, whatever the ratings; as the end of a sentence, or None."""
    if not flow["pre_rows"] and not flow["post_rows"]:
        return "nobody has answered yet"
    if not flow["post_rows"]:
        return "nobody has answered the follow-up yet"
    if not flow["pre_rows"]:
        return "nobody answered before"
    if not flow["analysable_pairs"] and flow["linked_pairs"]:
        return "nobody answered enough of the same questions both times"
    if not flow["analysable_pairs"]:
        return "no answer sheet from before could be matched with one from after; different pupils may have answered"
    return None


def _scarcity(sample, head):
    """What there is too little of for any claim ("schools", "df" or "pupils", or None), and why in sentences."""
    scarce, reasons = None, []
    if min(sample["n_high"], sample["n_low"]) < FEWEST_PUPILS:
        scarce = "pupils"
        reasons.append(f"A group has fewer than {FEWEST_PUPILS} matched pupils.")
    if head["df"] is not None and head["df"] < FEWEST_DF:
        scarce = "df"
        reasons.append("The schools are too few, or too unequal, for a test (fewer than four degrees of freedom).")
    if min(sample["schools_high"], sample["schools_low"]) < FEWEST_SCHOOLS:
        scarce = "schools"
        reasons.append("A group has fewer than five schools.")
    return scarce, reasons


def _no_interval(sample):
    """Why neither the headline nor the straight-line model gave an interval."""
    if set(shares_declined(sample)) == {0, 1}:
        return (
            "everybody in one group declined and nobody in the other, which leaves nothing to work out an interval from"
        )
    return "the headline model could not be fitted to these answers"


def shares_declined(sample):
    """The shares that declined in the two arms, as proportions."""
    return [sample[f"declined_{arm}"] / sample[f"n_{arm}"] for arm in ("high", "low")]


def attention(results):
    """What must stand beside the finding: bias in matching, and weak or suspicious scales."""
    return [*attention_to_matching(results), *_attention_to_scales(results["reliability"])]


def attention_to_matching(results):
    """Matched pupils who differ from the others, arms that were matched unequally."""
    attrition, said = results["attrition"], []
    biases = {name: attrition[name]["smd_base_matched_vs_not"] or 0 for name in STAGE_GROUPS}
    biases = {name: bias for name, bias in biases.items() if abs(bias) > wording.SMD_TO_MENTION}
    if biases:
        said.append(wording.match_bias(biases))
    high, low = attrition["match_rate_high"], attrition["match_rate_low"]
    if high is not None and low is not None and abs(high - low) > wording.GAP_TO_MENTION:
        said.append(wording.match_gap(high, low))
    return said


def _attention_to_scales(reliability):
    said, alpha = [], lowest_alpha(reliability)
    if alpha is not None and LOWEST_ALPHA <= alpha < MODEST_ALPHA:
        said.append(wording.modest_alpha(alpha))
    flagged = sorted({item for scale in reliability.values() for item in scale.get("flagged") or []})
    return [*said, wording.flagged_items(flagged)] if flagged else said
