"""The technical appendix: reliability, likeness within schools, sizes of effect, what could be found, and the test of matching."""

from reports.numbers import is_number
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    P_FORMAT,
    column,
    count_cell,
    interval_cell,
    interval_column,
    number_cell,
    p_cell,
    paragraph,
    section,
    text_cell,
)
from reports.reading import STAGES, items_of, may_compare, part, question_name

WAVES = {"pre": "before", "post": "after"}
TWO = NUMBER_FORMATS[2]
ALL_STAGES = "All"
RELIABILITY_NOTE = (
    "Cronbach’s alpha, and alpha and omega from polychoric correlations, of pupils with every answer; reversed questions are turned round. "
    "Below 0.60 the questions are not spoken of as one scale. “Not turned” is alpha if that had been forgotten: it should be lower. The lowest "
    "correlation is that of one question with the rest of its scale; below 0 it is flagged beside the key finding."
)
LIKENESS = (
    ("icc_anova_base", "Intraclass correlation, before"),
    ("icc_anova_follow_up", "Intraclass correlation, after"),
    ("icc_anova_change", "Intraclass correlation, change"),
    ("icc_anova_declined", "Intraclass correlation, declined"),
    ("icc_reml_base", "Intraclass correlation, before (REML)"),
    ("icc_reml_change", "Intraclass correlation, change (REML)"),
    ("design_effect", "Design effect of the average change"),
)
LIKENESS_NOTE = (
    "From an analysis of variance by school unless REML is named, and not cut off at 0. The design effect is how many times larger the variance of the "
    "average change is because pupils come by schools."
)
CHANGE_NOTE = "Change in SD of the baseline is the main size; divided by the SD of the change it may not be compared between questionnaires."
EFFECTS_NOTE = (
    f"{CHANGE_NOTE} Cliff’s delta and the "
    "chance that of two pupils the one of a higher-rated school has the better change compare pupils as counted, without adjustment or interval. Hedges’ g is the "
    "adjusted follow-up score, higher-rated less lower-rated, with school-clustered intervals."
)
DETECTABLE_NOTE = (
    "The smallest true difference that had an 80% chance of being found with these schools and pupils, (t.975 + t.80) × SE. The first is that of the "
    "headline and stands in the finding; the others are those of the models by which other evaluations report it."
)


def technical(results, numbering):
    """The section, with the tables of what is known."""
    blocks = [
        _reliability(results, numbering),
        *_item_totals(results, numbering),
        _likeness(results, numbering),
        _effects(results, numbering),
        _detectable(results, numbering),
        _matching(results, numbering),
    ]
    blocks = [block for block in blocks if block]
    return section(
        "technical", "Reliability and effect sizes", blocks or [paragraph("Nothing of this can be computed.")]
    )


def _reliability(results, numbering):
    scales = part(results, "reliability")
    if not scales:
        return None
    columns = [
        column("Stages"),
        column("When"),
        column("Every answer", numeric=True),
        *[column(words, numeric=True, formats=[TWO]) for words in ("Alpha", "Ordinal alpha", "Omega", "Not turned")],
        column("Lowest correlation", numeric=True, formats=[TWO]),
        column("of the question"),
    ]
    rows = []
    for key in sorted(scales, key=lambda name: (name.split("_")[0], name.endswith("post"))):
        stage_group, _, wave = key.partition("_")
        scale = scales[key] or {}
        why = scale.get("why") or ""
        question, lowest = _lowest(results, stage_group, scale)
        rows.append([
            text_cell(STAGES.get(stage_group, stage_group)), text_cell(WAVES.get(wave, wave)),
            count_cell(scale.get("n_complete"), why or "hidden"),
            *[number_cell(scale.get(name), 2, why=why) for name in ("alpha_raw", "alpha_ordinal", "omega_ordinal")],
            number_cell(scale.get("alpha_unreversed"), 2), number_cell(lowest, 2), text_cell(question),
        ])  # fmt: skip
    return numbering.table("How well the questions hang together", columns, rows, note=RELIABILITY_NOTE)


def _lowest(results, stage_group, scale):
    """The question that goes least with the rest of its scale, and its correlation."""
    known = {name: value for name, value in (scale.get("item_total") or {}).items() if is_number(value)}
    if not known:
        return "", None
    name = min(known, key=known.get)
    item = next((item for item in items_of(results, stage_group) if item["name"] == name), {"name": name})
    return question_name(item), known[name]


def _item_totals(results, numbering):
    """How each question of a scale goes with the rest of it, a table for each questionnaire."""
    tables = []
    for stage_group in sorted(part(results, "items")):
        scales = [part(results, "reliability", f"{stage_group}_{wave}") for wave in WAVES]
        found = [scale.get("item_total") or {} for scale in scales]
        items = [item for item in items_of(results, stage_group) if any(item["name"] in each for each in found)]
        if not items:
            continue
        columns = [
            column("Question"),
            *[column(words.capitalize(), numeric=True, formats=[TWO]) for words in WAVES.values()],
        ]
        rows = [
            [
                text_cell(question_name(item)),
                *[
                    number_cell(each.get(item["name"]), 2, why="hidden" if item["name"] in each else "")
                    for each in found
                ],
            ]
            for item in items
        ]
        stages = STAGES.get(stage_group, stage_group)
        tables.append(
            numbering.table(f"How each question goes with its scale, {stages}", columns, rows, note=ITEM_TOTAL_NOTE)
        )
    return tables


ITEM_TOTAL_NOTE = "The correlation of a question with the sum of the others of its scale, of pupils with every answer; reversed questions are turned round."


def _likeness(results, numbering):
    change = part(results, "change")
    groups = [key for key in sorted(change) if any(is_number((change[key] or {}).get(name)) for name, _ in LIKENESS)]
    if not groups:
        return None
    columns = [column("What"), *[column(STAGES.get(key, key), numeric=True, formats=[TWO]) for key in groups]]
    rows = [
        [text_cell(words), *[number_cell(change[key].get(name), 2, why=change[key].get("why") or "") for key in groups]]
        for name, words in LIKENESS
    ]
    return numbering.table("Likeness of pupils within schools", columns, rows, note=LIKENESS_NOTE)


def _effects(results, numbering):
    rows = []
    for key, change in sorted(part(results, "change").items()):
        stages, why = STAGES.get(key, key), (change or {}).get("why") or ""
        for name, words in (
            ("smc_sdpre", "Change, in SD of the baseline"),
            ("srm", "Change, in SD of the change"),
        ):
            if is_number((change or {}).get(name)):
                rows.append(
                    [text_cell(words), text_cell(stages), number_cell(change[name], 2, why=why), *_no_interval()]
                )
    compared = may_compare(results)
    if compared:
        rows += _compared_effects(results)
    if not rows:
        return None
    columns = [
        column("Size"),
        column("Stages"),
        column("Value", numeric=True, formats=[TWO]),
        interval_column(places=2),
        column("p", numeric=True, formats=[P_FORMAT]),
    ]
    if not compared:  # only changes are left, which have neither interval nor p
        columns, rows = columns[:3], [row[:3] for row in rows]
    return numbering.table("Sizes of effect", columns, rows, note=EFFECTS_NOTE if compared else CHANGE_NOTE)


def _no_interval():
    return [interval_cell(None, None), p_cell(None)]


def _compared_effects(results):
    models, rows = part(results, "companions"), []
    for name, words in (
        ("cliff_change_high_vs_low", "Cliff’s delta of the change"),
        ("cles_change_high_vs_low", "Chance of the better change (CLES)"),
    ):  # fmt: skip
        for key, value in sorted(part(models, name).items()):
            if is_number(value):
                rows.append([text_cell(words), text_cell(STAGES.get(key, key)), number_cell(value, 2), *_no_interval()])
    for key, value in sorted(part(results, "baseline_equiv_g").items()):
        if is_number(value):
            words = "Start, higher-rated less lower-rated, SD"
            rows.append([text_cell(words), text_cell(STAGES.get(key, key)), number_cell(value, 2), *_no_interval()])
    for name, words in (
        ("ancova_cr2", "Hedges’ g, given each pupil’s start"),
        ("ancova_sm_cr2", "Hedges’ g, given the schools’ average start too"),
    ):
        model = part(models, name)
        if is_number(model.get("hedges_g")):
            ends = interval_cell(model.get("g_lo"), model.get("g_hi"), 2)
            rows.append([text_cell(words), text_cell(ALL_STAGES), number_cell(model["hedges_g"], 2), ends, p_cell(model.get("p"))])  # fmt: skip
    return rows


def _detectable(results, numbering):
    sizes = part(results, "mde") if may_compare(results) else {}
    rows = []
    for name, words, unit, scale, places in (
        ("headline_pp", "Difference in the share that declined, headline", "pp", 100, 1),
        ("mde_pp", "The same, straight-line model without the schools’ average start", "pp", 100, 1),
        ("mdes_sd", "Follow-up score given the start", "SD", 1, 2),
    ):
        if is_number(sizes.get(name)):
            rows.append([text_cell(words), number_cell(scale * sizes[name], places), text_cell(unit)])
    columns = [column("What"), column("Smallest difference", numeric=True, formats=[TWO]), column("Unit")]
    return numbering.table("What could have been found", columns, rows, note=DETECTABLE_NOTE) if rows else None


def _matching(results, numbering):
    test = part(results, "attrition", "diff_high_low_cr2")
    if not may_compare(results) or not is_number(test.get("est")):
        return None
    columns = [
        column("What"),
        column("Difference, pp", numeric=True, formats=[NUMBER_FORMATS[1]]),
        interval_column(places=1),
        column("p", numeric=True, formats=[P_FORMAT]),
        column("Degrees of freedom", numeric=True, formats=[NUMBER_FORMATS[1]]),
    ]
    row = [
        text_cell("Share matched, higher-rated less lower-rated"),
        number_cell(100 * test["est"], 1),
        interval_cell(100 * test["lo"], 100 * test["hi"], 1),
        p_cell(test.get("p")),
        number_cell(test.get("df"), 1),
    ]
    return numbering.table("Whether the groups could be matched alike", columns, [row])
