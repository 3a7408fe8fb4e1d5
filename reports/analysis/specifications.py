"""The comparison in all its specifications, in one fixed order, for the forest and its table.

Each row has the unit of its axis: percentage points (difference in the share that declined, or per point of
the rating) or SD units (higher is better). ``direction_favourable`` says whether the estimate favours
higher-rated schools. p of a risk difference is its own (``rd_p``), not that of the odds ratio. The two tests S7 have
no interval, and one of them no estimate. Below level L2 a row carries no interval and no p value: nothing there may be read as
a test. A specification that could not be computed stays in the list with its reason. ``n`` counts matched pupils, but sheets
where all pupils are compared (``of`` says which).
"""

ROWS = (
    # key, label, short, model, unit, field of the estimate ("rd" for risk differences, "" for none)
    ("headline", "Headline: all adjustments", "Headline", "P*", "pp", "rd"),
    ("primary_logit_cr2", "Without the schools’ average start", "No school start", "P", "pp", "rd"),
    ("lpm_sm_cr2", "Straight-line model, all adjustments", "Straight line", "LPM*", "pp", "est"),
    (
        "lpm_adj_cr2",
        "Straight-line model, without the schools’ average start",
        "Straight line, no school start",
        "LPM",
        "pp",
        "est",
    ),
    ("lpm_adj_cr2_by_pcp_cluster", "Pupils grouped by mentor team", "By mentor team", "S6", "pp", "est"),
    ("dose_sm_logit_cr2", "For each point of the rating", "Per rating point", "S3", "pp", "rd"),
    ("headline_complete_items", "Complete answers only", "Complete answers", "P* complete", "pp", "rd"),
    ("headline_weighted", "Weighted for unmatched pupils", "Weighted", "P* weighted", "pp", "rd"),
    ("gee_exchangeable", "Exchangeable GEE", "GEE", "S9", "pp", "rd"),
    ("permutation_school", "Relabelling of schools, straight-line residuals", "Relabelling", "S7", "pp", "diff"),
    ("wild_cluster_boot_lpm", "Wild cluster bootstrap of the straight line", "Wild bootstrap", "S7", "pp", ""),
    ("ancova_sm_cr2", "Follow-up score, all adjustments", "Score, school start", "S1*", "SD", "est"),
    ("ancova_cr2", "Follow-up score given the start", "Score", "S1", "SD", "est"),
    ("change_score_cr2", "Change in score", "Change", "S2", "SD", "est"),
    ("did_all_cr2", "All pupils, matched or not", "All pupils", "S5", "SD", "est"),
    ("ancova_lmer", "Follow-up score, random school effect", "Random school", "S8", "SD", "est"),
)
ALL_PUPILS = "did_all_cr2"
TESTS = {"diff", ""}
WITHOUT_INTERVALS = {"L0", "L1"}


def specifications(headline, companions, level, matched):
    """The rows for the results; see the module. ``matched`` is the number of pupils who are compared."""
    models = {"headline": headline, **companions}
    return [_row(models.get(key), key, *about, level, matched) for key, *about in ROWS]


def _row(model, key, label, short, name, unit, field, level, matched):
    model = model or {"why": "Not computed."}
    scale = 100 if unit == "pp" else 1
    value = model.get(field)
    known = value is not None or (not field and model.get("p") is not None)
    row = {
        "key": key,
        "label": label,
        "short": short,
        "model": name,
        "n": model.get("n", matched) if known else None,
        "of": "sheets" if key == ALL_PUPILS else "pupils",
        "unit": unit,
        "est": None if value is None else scale * value,
        "se": None,
        "lo": None,
        "hi": None,
        "df": None,
        "p": None,
        "direction_favourable": None if not value else (value < 0) == (unit == "pp"),
        "computed": known,
        "why": "" if known else model.get("why", "Not computed."),
        "headline": key == "headline",
    }
    if known and level in WITHOUT_INTERVALS:
        row["why"] = "No interval is shown: there are too few schools or pupils."
    elif known and field in TESTS:
        row |= {"p": model["p"], "why": "A test, without an interval"}
    elif known:
        se, lo, hi, p = ("rd_se", "rd_lo", "rd_hi", "rd_p") if field == "rd" else ("se", "lo", "hi", "p")
        row |= {
            "se": scale * model[se],
            "lo": scale * model[lo],
            "hi": scale * model[hi],
            "df": model["df"],
            "p": model[p],
        }
    return row
