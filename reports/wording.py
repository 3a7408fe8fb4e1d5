"""The words of the evaluation: every number format and every sentence that states a finding.

Nothing here computes; everything takes numbers (proportions unless the name says otherwise) and gives
text. The ladder's sentences, the checks' names and the caveats are here once, and page, PDF, spreadsheet
and chart text all take them from the stored result, so that no rendering can claim more than another.

What no sentence may say, at any level: that the programme brought the difference about, that something
was proved, "no effect", "trend towards significance", or "significant" without size and interval.
"""

import re

MINUS = "\u2212"
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

LEVELS = {
    "L0": "Not estimable",
    "L1": "Descriptive",
    "L2": "Inconclusive",
    "L3": "Suggestive",
    "L4": "Supported association",
}

# Each check of the ladder: how it is named in a list of checks, and how a failed one is named in a sentence.
CHECKS = {
    "p": ("Agrees without the schools’ average start", "the model without the schools’ average start"),
    "s1_star": (
        "The follow-up score agrees, with the schools’ average start",
        "the follow-up score adjusted for the schools’ average start",
    ),
    "s1": ("The follow-up score agrees", "the follow-up score adjusted for each pupil’s start"),
    "s2": ("The change in score agrees", "the change in score"),
    "resampling": (
        "Holds under the wild cluster bootstrap or relabelling of schools",
        "the tests that deal the schools again",
    ),
    "s3": ("Goes with the rating point by point", "the link with the rating point by point"),
    "s5": ("All pupils, matched or not, point the same way", "the answers of all pupils, matched or not"),
    "s6": ("Holds when pupils are grouped by mentor team", "the grouping of pupils by mentor team"),
    "s4": ("Keeps its direction at other cuts of the rating", "the cut between higher and lower ratings"),
    "baseline": ("The groups started alike", "how alike the groups were at the start"),
    "match_rate": ("At least half of each group could be matched", "the share of pupils who could be matched"),
    "match_gap": ("Both groups could be matched about equally", "the gap in matching between the groups"),
    "alpha": ("The questions hang together as a scale", "how well the questions hang together as a scale"),
}

ADULTS = {"mentor": "mentor", "teacher": "teacher", "head": "headteacher"}
SMD_TO_MENTION = 0.10
GAP_TO_MENTION = 0.10
SMALL_DIFFERENCE = 0.05
ROUNDING_ERROR = 1e-9  # of a share that a computer worked out


# What no sentence may say at any level; "significant" alone is kept for the ladder, which always gives size and interval with it.
CLAIMS = (
    "caused",
    "led to",
    "leads to",
    *("because of", "improved because", "thanks to", "as a result of", "resulted in"),
    "proves",
    "proved",
    "no effect",
    "trend towards significance",
    "significant",
    "significantly",
)


def claims_in(text):
    """The words of a text that claim more than an association can show, in the order of the list."""
    return [words for words in CLAIMS if re.search(rf"\b{words}\b", text, re.IGNORECASE)]


# Numbers


def number(value, places=2):
    """A number with a true minus sign; “–” when there is none. Never “−0.0”."""
    if value is None:
        return "–"
    text = f"{value:,.{places}f}"
    if not text.strip("-0.,"):
        return text.lstrip("-")
    return text.replace("-", MINUS)


def count(value):
    """A count with thousands separated: 2,440."""
    return "–" if value is None else f"{value:,}"


def in_words(value):
    """Words under ten, figures from ten: three, 12."""
    return NUMBERS[value] if 0 <= value < len(NUMBERS) else count(value)


def per_cent(share):
    """A proportion in hundredths, without a sign: 36. Only all is 100 (334 of 335 is “over 99”), and only nobody is 0."""
    if share is None:
        return "–"
    text = number(100 * share, 0)
    if text == "100" and share < 1 - ROUNDING_ERROR:
        return "over 99"
    return "under 1" if text == "0" and share > ROUNDING_ERROR else text


def percent(share):
    """A proportion as a whole per cent: 36%, and never 0% or 100% where that is not true."""
    return "–" if share is None else f"{per_cent(share)}%"


def share_of(part, whole):
    """“54 of 74 (73%)”."""
    return f"{count(part)} of {count(whole)} ({percent(part / whole)})" if whole else "–"


def cut(value):
    """A cut of the rating, with as many decimals as it has and at least one: 4.0, 3.75."""
    return number(value, 1 if abs(value - round(value, 1)) < ROUNDING_ERROR else 2)


def points(difference):
    """A difference of proportions in percentage points, without its unit: 7.9."""
    return number(None if difference is None else 100 * difference, 1)


def interval(lo, hi, places=2):
    """“2.4 to 13.4”; “–” when there is none."""
    return "–" if lo is None or hi is None else f"{number(lo, places)} to {number(hi, places)}"


def p_value(p):
    """A p value with three decimals, 0.020, or <0.001; never 0."""
    if p is None:
        return "–"
    if p < 0.001:
        return "<0.001"
    if p > 0.999:
        return ">0.999"
    return f"{p:.3f}"


def p_is(p):
    """“p = 0.020”, “p < 0.001”."""
    text = p_value(p)
    return f"p {text[0]} {text[1:]}" if text[0] in "<>" else f"p = {text}"


def listed(parts):
    """“a”, “a and b”, “a, b and c”."""
    parts = list(parts)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


# The ladder


IS_ASSOCIATION = "It is an association: it does not show that the programme brought the difference about."
WOULD_BE_ASSOCIATION = (
    "Even a clear difference would be an association, and would not show that the programme brought it about."
)
STRAIGHT_LINE = "One group has almost only one kind of result, so that the difference comes from a straight-line model."


def cannot_compare(reason):
    """L0."""
    return f"This comparison cannot be made because {reason}."


def descriptive(share_high, share_low, schools_high, schools_low, scarce):
    """L1; ``scarce`` is what there is too little of, “schools”, “pupils” or “df” (degrees of freedom)."""
    return (
        f"{percent(share_high)} of the matched pupils in higher-rated schools and {percent(share_low)} in lower-rated schools declined, "
        f"in {_two_counts(schools_high, schools_low)}. {_with_so_few(scarce)} we cannot say whether this reflects anything but chance."
    )


def _with_so_few(scarce):
    """How the last sentence of L1 begins: enough schools may still be too unequal."""
    return "With schools too few or too unequal for a test," if scarce == "df" else f"With so few {scarce}"


def _two_counts(first, second):
    """“four schools each”, “three and four schools”, “one school and six schools”."""
    if first == second:
        return f"{in_words(first)} {'school' if first == 1 else 'schools'} each"
    if 1 not in (first, second):
        return f"{in_words(first)} and {in_words(second)} schools"
    return " and ".join(f"{in_words(n)} {'school' if n == 1 else 'schools'}" for n in (first, second))


def inconclusive(rd, lo, hi, detectable, fallback=False, scale=True):
    """L2; the first four as proportions, ``detectable`` may be None; ``fallback``: from the straight-line model; ``scale`` as at L3."""
    whose = "whose attitudes declined" if scale else "who declined on the items"
    text = (
        f"The difference in the share of pupils {whose} was {points(rd)} percentage points (95% interval {points(lo)} to {points(hi)}), "
        "higher-rated minus lower-rated schools. "
        f"The data are compatible with {_as_range_end(lo)} and with {_as_range_end(hi)} in higher-rated schools"
    )
    text += (
        f"; differences smaller than about {points(detectable)} percentage points could not be detected."
        if detectable is not None
        else "."
    )
    if lo >= -SMALL_DIFFERENCE and hi <= SMALL_DIFFERENCE:
        text += " Any difference is likely smaller than 5 percentage points."
    return f"{_with_fallback(text, fallback)} {WOULD_BE_ASSOCIATION}"


def _with_fallback(text, fallback):
    return f"{text} {STRAIGHT_LINE}" if fallback else text


def _as_range_end(difference):
    if abs(difference) < 0.0005:
        return "as many declines"
    return f"{points(abs(difference))} percentage points {'fewer' if difference < 0 else 'more'} declines"


def _size(rd, lo, hi):
    """“7.9”, “2.4 to 13.4”: size and interval without a sign, and less or more likely."""
    low, high = sorted((abs(lo), abs(hi)))
    return points(abs(rd)), f"{points(low)} to {points(high)}", "less" if rd < 0 else "more"


def suggestive(rd, lo, hi, failed, scale, fallback=False):
    """L3; ``failed`` names the failed checks; ``scale`` is False when only the items may be spoken of; ``fallback`` as at L2."""
    size, reach, word = _size(rd, lo, hi)
    subject = "in attitudes" if scale else "on the items"
    checks = (
        "a check that was not passed" if len(failed) == 1 else f"{in_words(len(failed))} checks that were not passed"
    )
    text = (
        f"Pupils in higher-rated schools were {size} percentage points {word} likely than those in lower-rated schools to show a decline {subject} "
        f"(95% interval {reach}). "
        f"This depends on {checks}, {listed(failed)}, so treat it as tentative."
    )
    return f"{_with_fallback(text, fallback)} {IS_ASSOCIATION}"


def supported(rd, lo, hi, p_high, p_low, odds_ratio, fallback=False):
    """L4; shares and odds ratio may be None; with ``fallback`` the two shares are as counted and need not differ by ``rd``."""
    size, reach, word = _size(rd, lo, hi)
    odds = f"; odds ratio {number(odds_ratio)}" if odds_ratio is not None else ""
    counted, adjusted = (" as counted", "adjusted ") if fallback else ("", "")
    shares = f"{percent(p_high)} v {percent(p_low)}{counted}; " if p_high is not None and p_low is not None else ""
    text = (
        f"Pupils in schools whose headteacher rated PCP’s impact higher were {word} likely ({shares}"
        f"{adjusted}difference {size} percentage points, 95% interval {reach}{odds}) than pupils in lower-rated schools to report less positive attitudes at follow-up."
    )
    return f"{_with_fallback(text, fallback)} This is an association: it does not show that PCP caused the difference."


def hidden_by_group(schools, pupils):
    """What stands in place of a comparison that could show one headteacher's rating: the same whatever the ratings are."""
    return (
        "Groups of schools are not compared here, because a headteacher’s rating could be recognised: a group would have fewer than "
        f"{in_words(schools)} schools or {in_words(pupils)} pupils, or what other reports leave over of it would."
    )


def hidden_figures(scarce):
    """L1 when the two percentages themselves are too small to show."""
    return f"The percentages are not shown, because some of their counts are small. {_with_so_few(scarce)} we cannot say whether any difference reflects anything but chance."


# Beside the finding


def match_bias(biases):
    """Matched and unmatched pupils differed at the start; ``biases`` {stage group: matched minus not, in SD units}."""
    return " ".join(
        f"Pupils of {stages(group)} who could be matched began {'more' if bias > 0 else 'less'} positive than those who could not "
        f"(by {number(abs(bias))} SD)."
        for group, bias in biases.items()
    )


def match_gap(rate_high, rate_low):
    """The two groups were matched unequally."""
    return f"{percent(rate_high)} of pupils in higher-rated and {percent(rate_low)} in lower-rated schools could be matched."


def modest_alpha(alpha):
    """Reliability between .60 and .70."""
    return f"The questions hang together only modestly (alpha {number(alpha)})."


def flagged_items(items):
    """Items that run against the rest of their scale."""
    return (
        f"These questions run against the others, so check in the codebook whether they are reversed: {listed(items)}."
    )


def adults_unmatched(group):
    """A group of adults of whom nobody's sheets could be linked; ``group`` is mentor, teacher or head."""
    return (
        f"No {ADULTS[group]}’s answers could be linked from before to after, so the two times show two sets of people."
    )


def not_the_same_adults(counts):
    """How far the two times of a group of adults show the same people, as words inside a sentence; "" where most are the same.

    counts   {sheets_pre, sheets_post, linked}, each None where it is hidden
    """
    linked, times = counts.get("linked"), [counts.get("sheets_pre"), counts.get("sheets_post")]
    if linked == 0:
        return "nobody’s two answers could be linked, so these are two sets of people"
    if linked is None or None in times:
        return "how many are the same people cannot be shown"
    if all(2 * linked > sheets for sheets in times):
        return ""
    return f"most are not the same people: {count(linked)} answered both times"


TURNED = "(turned round)"
TURNED_NOTE = (
    f"A question marked {TURNED} is put the other way: its positive answers are those of pupils who disagreed with it."
)


def all_pupils(est, lo, hi, sheets):
    """S5 where nobody could be matched; the first three in SD units, ``sheets`` how many scores were used."""
    return (
        "No pupil could be followed, so this sets all answers of one time beside all answers of the other. From before to after, "
        f"scores in higher-rated schools moved {number(abs(est))} SD {'up' if est > 0 else 'down'} against those in lower-rated schools "
        f"(95% interval {interval(lo, hi)}; {count(sheets)} sheets). Different pupils may have answered the two times."
    )


CENSUS_RULE = (
    "Small numbers are hidden by the rule of Scotland’s Health and Wellbeing Census: an answer that one to four pupils gave, and the "
    "next lowest with it. That nobody or everybody gave it is shown."
)
RANKS = (
    "The order of the schools is not reliable: with so few pupils in each, most would stand elsewhere if the same pupils "
    "answered again."
)


def stages(stage_group):
    """P2P4 as people write it: P2–P4."""
    return f"{stage_group[:2]}–{stage_group[2:]}"


def caveats(matched_share, plan, stage_groups):
    """The caveats that stand under every comparison: five, or four where only one questionnaire was answered.

    stage_groups   those of which there are sheets
    plan           {cut, fixed_by, fixed_at, seed, analysis_version, libraries, data_hash}
    """
    fixed = " ".join(
        part
        for part in (
            f"on {plan['fixed_at']}" if plan["fixed_at"] else "",
            f"by {plan['fixed_by']}" if plan["fixed_by"] else "",
        )
        if part
    )
    libraries = ", ".join(f"{name} {version}" for name, version in plan["libraries"].items())
    return [
        "There were no comparison schools outside the programme.",
        "The rating is the headteacher’s own view, and may follow the pupils’ response as well as precede it.",
        _matched_caveat(matched_share),
        *[
            f"The questions of {both} differ: their two scales are combined only in SD units or by the direction of change."
            for both in ([listed(map(stages, stage_groups))] if len(stage_groups) > 1 else [])
        ],
        f"Analysis plan {'fixed ' + fixed if fixed else 'not dated'}: rating cut {cut(plan['cut'])}, seed {plan['seed']}; "
        f"analysis {plan['analysis_version']}, {libraries}; data {plan['data_hash'][:12]}.",
    ]


def _matched_caveat(share):
    if share == 0:
        return "No pupil who answered at baseline could be matched."
    return f"Matched pupils are {'only part' if share is None else percent(share)} of those who answered at baseline."
