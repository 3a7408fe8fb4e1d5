"""A realistic results dictionary, as disclosure control hands it to the renderers; every number is invented.

`sample()` is an evaluation at L3 with one hidden distribution; `sample_at(level)` the same at another level;
`sample_hidden_by_group()` one in which nothing may be shown by rating group.
"""

from copy import deepcopy

FIVE = [
    ("att1", "attitude", "Science lessons are interesting.", 0),
    ("att2", "attitude", "I look forward to science lessons.", 0),
    ("att3", "attitude", "Science lessons are boring.", 1),
    ("eff1", "self-efficacy", "I can plan a fair test.", 0),
    ("eff2", "self-efficacy", "I can explain what I found out.", 0),
    ("fut1", "future", "I would like more science in school.", 0),
    ("fut2", "future", "I can imagine myself being a scientist or engineer when I am older.", 0),
    ("val1", "value", "Science helps people to live better lives.", 0),
]
THREE = [
    ("face1", "attitude", "Doing science at school", 0),
    ("face2", "attitude", "Finding out how things work", 0),
    ("face3", "activities", "Growing plants", 0),
    ("face4", "activities", "Measuring things", 0),
]
SHAPES = {5: ((6, 8, 18, 41, 27), (7, 11, 21, 38, 23)), 3: ((12, 30, 58), (14, 32, 54))}


def _counts(share, base, tilt):
    moved = [max(part + tilt * (place - len(share) // 2), 1) for place, part in enumerate(share)]
    return [round(base * part / sum(moved)) for part in moved]


def _items(rows, points, base_pre, base_post):
    table = {}
    for order, (name, construct, text, reverse) in enumerate(rows, start=1):
        pre = _counts(SHAPES[points][0], base_pre - 3 * order, -order)
        post = _counts(SHAPES[points][1], base_post - 5 * order, -order)
        above = points // 2 + 1
        table[name] = {
            "order": order, "text": text, "construct": construct, "points": points, "reverse": reverse, "scored": True,
            "counts_pre": pre, "counts_post": post, "n_pre": sum(pre), "n_post": sum(post),
            "pos_pre": sum(pre[above:]) / sum(pre), "pos_post": sum(post[above:]) / sum(post),
            "mean_pre": 3.4, "mean_post": 3.3, "n_pair": 600, "declined": 210, "held": 240, "improved": 150,
            "mean_change": -0.07,
        }  # fmt: skip
    return table


def _hide(item):
    for key in ("counts_pre", "counts_post", "n_pre", "n_post", "pos_pre", "pos_post", "mean_pre", "mean_post",
                "n_pair", "declined", "held", "improved", "mean_change"):  # fmt: skip
        item[key] = None
    item["why"] = "hidden"


def _spec(key, label, model, unit, est, lo, hi, *, p=0.004, df=38.2, favourable=True, headline=False, why=""):
    return {
        "key": key, "label": label, "short": label, "model": model, "unit": unit, "est": est, "lo": lo, "hi": hi,
        "df": df if est is not None else None, "p": p if est is not None else None, "se": None,
        "direction_favourable": favourable if est is not None else None, "computed": est is not None, "why": why,
        "headline": headline,
    }  # fmt: skip


def _specifications():
    return [
        _spec("P*", "Headline: all adjustments", "P*", "pp", -7.9, -13.4, -2.4, headline=True),
        _spec("P2", "Straight-line model", "P2", "pp", -8.2, -13.8, -2.6),
        _spec("S6", "Grouped by mentor team", "S6", "pp", -7.9, -14.6, -1.2, df=11.0, p=0.024),
        _spec("P", "Without the school’s average start", "P", "log odds", -0.34, -0.58, -0.1),
        _spec("S3", "For each point of rating", "S3", "log odds", -0.13, -0.31, 0.05, p=0.14),
        _spec("S1", "Follow-up score given the start", "S1", "SD", 0.12, 0.03, 0.21),
        _spec("S2", "Change in score", "S2", "SD", 0.1, 0.01, 0.19, p=0.03),
        _spec(
            "S5", "All pupils, matched or not", "S5", "SD", None, None, None, why="There were too few follow-up sheets."
        ),
    ]


def _checks():
    return [
        {"key": "models", "phrase": "All four models agree and leave out zero", "passed": True, "detail": "largest p = 0.030"},
        {"key": "bootstrap", "phrase": "The wild cluster bootstrap or relabelling of schools agrees", "passed": True,
         "detail": "p = 0.011 and p = 0.009"},
        {"key": "dose", "phrase": "Goes with the rating point by point", "passed": False, "detail": "p = 0.140"},
        {"key": "all_pupils", "phrase": "All pupils, matched or not, point the same way", "passed": False,
         "detail": "not computed"},
        {"key": "alpha", "phrase": "The questions hang together", "passed": True, "detail": "lowest alpha 0.78"},
    ]  # fmt: skip


def _companions():
    def estimate(est, se, p, **extra):
        return {"est": est, "se": se, "df": 38.0, "p": p, "lo": est - 2 * se, "hi": est + 2 * se, **extra}

    return {
        "lpm_adj_cr2_by_pcp_cluster": estimate(-0.079, 0.03, 0.024) | {"df": 11.0},
        "ancova_cr2": estimate(0.12, 0.045, 0.01, hedges_g=0.12, g_lo=0.03, g_hi=0.21),
        "mod_stage_group": estimate(
            -0.03, 0.04, 0.46, q=0.46, m=1, first=estimate(-0.06, 0.03, 0.05), other=estimate(-0.09, 0.03, 0.01)
        ),
        "mod_simd_q1q2": {"est": None, "why": "The deprivation quintile of the schools is not known."},
        "wild_cluster_boot_lpm": {"t": -2.8, "p": 0.011},
        "permutation_school": {"diff": -0.08, "p": 0.009},
        "cut_sensitivity": {
            "3.8": estimate(-0.05, 0.03, 0.1),
            "4.0": estimate(-0.08, 0.03, 0.01),
            "4.2": {"est": None, "why": "Fewer than five schools would be in one of the groups."},
        },
        "cliff_change_high_vs_low": {"P2P4": 0.06, "P5P7": 0.08},
        "did_all_cr2": {"est": None, "why": "There were too few follow-up sheets."},
    }


def _item_models(items):
    """An odds ratio for every question; the first of each questionnaire has q below 0.05, the last could not be computed."""
    table = {}
    for stage_group, group in items.items():
        names = list(group)
        table[stage_group] = {
            name: {"est": 0.05 * place, "lo": 0.05 * place - 0.2, "hi": 0.05 * place + 0.2, "se": 0.1, "df": 40.0,
                   "p": 0.004 if not place else 0.4, "q": 0.03 if not place else 0.5, "n": 600, "m": 12}
            for place, name in enumerate(names)
        }  # fmt: skip
        table[stage_group][names[-1]] = {
            "est": None,
            "lo": None,
            "hi": None,
            "p": None,
            "q": None,
            "why": "Everybody answered alike.",
        }
    return table


def _dose_line():
    return [{"rating": 3 + place / 10, "p": 0.5 - place / 100, "lo": 0.45 - place / 100, "hi": 0.55 - place / 100}
            for place in range(20)]  # fmt: skip


def sample():
    """An evaluation at L3: 46 rated schools, one question of P2–P4 hidden, one specification not computed."""
    items = {"P2P4": _items(THREE, 3, 1100, 1030), "P5P7": _items(FIVE, 5, 1290, 1210)}
    _hide(items["P2P4"]["face4"])
    return {
        "schema": 1,
        "scope": {"kind": "cohort", "title": "Cohort 2024", "place": "all clusters", "cohort": "Cohort 2024",
                  "fieldwork": {"pre": "September 2024", "post": "January 2026"}},
        "flow": {"rows_raw": 4711, "rows_after_dedup": 4680, "out_of_range_values": 17, "blank_code_rows": 118,
                 "ambiguous_rows": 44, "linked_pairs": 1362, "analysable_pairs": 1338, "pre_rows": 2412,
                 "post_rows": 2268, "schools": 50, "schools_rated": 46, "schools_high": 24, "schools_low": 22},
        "items": items,
        "item_models": _item_models(items),
        "dose_response": {"line": _dose_line(), "schools": None, "why": "hidden"},
        "reliability": {key: {"n_complete": n, "alpha_raw": alpha} for key, n, alpha in (
            ("P2P4_pre", 1012, 0.78), ("P2P4_post", 990, 0.79), ("P5P7_pre", 1190, 0.84), ("P5P7_post", 1103, 0.85))},
        "change": {key: {"n": n, "schools": schools, "mean_b": 3.61, "sd_b": 0.62, "mean_y": 3.52, "sd_y": 0.66,
                         "mean_change": -0.09, "cr2_se": 0.03, "df": 40.1, "p": 0.005, "lo": -0.15, "hi": -0.03,
                         "smc_sdpre": -0.145, "srm": -0.13, "declined": 260, "held": 110, "improved": 242,
                         "icc_anova_change": 0.04, "icc_anova_base": 0.07}
                   for key, n, schools in (("P2P4", 612, 44), ("P5P7", 726, 47))},
        "attrition": {"P2P4": {"n_pre": 1120, "match_rate": 0.546, "smd_base_matched_vs_not": 0.05},
                      "P5P7": {"n_pre": 1256, "match_rate": 0.578, "smd_base_matched_vs_not": 0.03},
                      "match_rate_high": 0.58, "match_rate_low": 0.54,
                      "diff_high_low_cr2": {"est": 0.04, "se": 0.02, "df": 37.0, "p": 0.06, "lo": -0.002, "hi": 0.08}},
        "sample": {"n": 1262, "n_high": 664, "n_low": 598, "schools_high": 24, "schools_low": 22,
                   "declined_high": 242, "declined_low": 269},
        "baseline_equiv_g": {"P2P4": 0.11, "P5P7": 0.04},
        "headline": {"est": -0.342, "se": 0.12, "df": 38.2, "p": 0.0068, "lo": -0.585, "hi": -0.099, "or": 0.71,
                     "or_lo": 0.557, "or_hi": 0.906, "rd": -0.079, "rd_se": 0.027, "rd_lo": -0.134, "rd_hi": -0.024, "rd_p": 0.006,
                     "p_high": 0.368, "p_low": 0.447},
        "companions": _companions(),
        "mde": {"mdes_sd": 0.13, "mde_pp": 0.081, "headline_pp": 0.079},
        "school_means": {"unit": "SD", "mean": -0.02, "schools": [
            {"est": step / 20, "lo": step / 20 - 0.2, "hi": step / 20 + 0.2} for step in range(-6, 7)]},
        "change_groups": {
            "all": {"n": 1338, "schools": 50, "declined": 546, "held": 224, "improved": 568},
            "high": {"n": 664, "schools": 24, "declined": 242, "held": 115, "improved": 307},
            "low": {"n": 598, "schools": 22, "declined": 269, "held": 97, "improved": 232},
            "noise_reference": 0.44,
            "noise_base": "A simulation in which no pupil’s attitude changed."},
        "change_by_stage": {"P2P4": {"n": 612, "schools": 44, "declined": 260, "held": 110, "improved": 242},
                            "P5P7": {"n": 726, "schools": 47, "declined": 286, "held": 114, "improved": 326}},
        "specifications": _specifications(),
        "match_table": [
            {"group": "All", "n_pre": 2376, "n_matched": 1338, "rate": 0.563, "smd": 0.04},
            {"group": "P2-P4", "n_pre": 1120, "n_matched": 612, "rate": 0.546, "smd": 0.05},
            {"group": "P5-P7", "n_pre": 1256, "n_matched": 726, "rate": 0.578, "smd": 0.03},
            {"group": "Quintile 1-2", "n_pre": None, "n_matched": None, "rate": None, "smd": None, "why": "hidden"}],
        "attention": ["Pupils of P5–P7 who could be matched began more positive than those who could not (by 0.14 SD)."],
        "checks": _checks(),
        "caveats": [
            "There were no comparison schools outside the programme.",
            "The rating is the headteacher’s own view and may follow the pupils’ response as well as precede it.",
            "56% of the pupils who answered at first could be matched.",
            "Two scales are combined in SD units and by direction only.",
            "The plan was fixed on 3 September 2024 with a cut of 4.0."],
        "ladder": {"level": "L3", "title": "Suggestive", "reasons": ["the 95% interval leaves out zero"],
                   "failed_checks": ["dose", "all_pupils"],
                   "sentence": "Pupils in higher-rated schools were 7.9 percentage points less likely to show a decline "
                               "(95% CI 2.4 to 13.4). This depends on the link point by point of the rating, so treat it "
                               "as tentative."},
        "disclosure": {"threshold": 10, "cells_hidden": 14},
        "hidden_by_group": False,
        "provenance": {"inputs": {"pupils.csv": "4f1c09ab" * 8, "ht.csv": "aa01bb02" * 8, "codebook.csv": "0c0d0e0f" * 8},
                       "data_hash": "4f1c09abdd1177e2" * 4, "cut": 4.0, "cut_fixed_by": "Dr Hannah Osei",
                       "cut_fixed_at": "2024-09-03", "seed": 20150801, "item_set": "scored", "analysis_version": "1.2.0",
                       "libraries": {"numpy": "2.4.6", "pandas": "3.1.1", "scipy": "1.17.1"},
                       "generated_at": "2026-11-16T10:42:00+00:00"},
    }  # fmt: skip


SENTENCES = {
    "L0": ("Not estimable", "This comparison cannot be made because no school was rated."),
    "L1": ("Descriptive", "36% v 45% declined in 4 and 3 schools. With so few schools we cannot say whether this reflects "
                          "anything but chance."),
    "L2": ("Inconclusive", "The difference was −3.0 pp (95% CI −8.0 to 2.0)."),
    "L4": ("Supported association", "Pupils in schools whose headteacher rated the impact higher were less likely. This is an "
                                    "association: it does not show that PCP caused the difference."),
}  # fmt: skip


def sample_at(level):
    """The sample at another level of the ladder, with that level's title and sentence."""
    results = sample()
    title, sentence = SENTENCES[level]
    results["ladder"] = {"level": level, "title": title, "reasons": [], "failed_checks": [], "sentence": sentence}
    if level == "L0":
        results["headline"] = {
            "est": None,
            "se": None,
            "df": None,
            "p": None,
            "lo": None,
            "hi": None,
            "why": "no rated school",
        }
        results["sample"] = {"n": 0, "n_high": 0, "n_low": 0, "schools_high": 0, "schools_low": 0}
        results["change_groups"] |= {"high": None, "low": None}
        results["specifications"] = []
    return results


def sample_hidden_by_group():
    """The sample as a cluster sees it that has too few schools in a rating group: nothing is left of the groups."""
    results = deepcopy(sample())
    hidden = {"est": None, "why": "hidden"}
    results |= {"hidden_by_group": True, "hidden_reason": "One rating group has fewer than 3 schools.",
                "headline": hidden, "companions": None, "item_models": {}, "dose_response": {"line": None}, "specifications": [], "checks": [], "mde": None,
                "baseline_equiv_g": None}  # fmt: skip
    results["sample"] = {"n": 1262, "n_high": None, "n_low": None, "schools_high": None, "schools_low": None}
    results["flow"] |= {"schools_high": None, "schools_low": None}
    results["change_groups"] |= {"high": None, "low": None, "why": "hidden"}
    results["attrition"] |= {"match_rate_high": None, "match_rate_low": None, "diff_high_low_cr2": None}
    results["ladder"] = {"level": "L0", "title": "Not estimable", "reasons": [], "failed_checks": [],
                         "sentence": "Nothing may be shown by rating group here."}  # fmt: skip
    return results
