"""How it was done: the method in plain words, how each figure is counted, and where the numbers come from."""

from reports.numbers import HIDDEN, NOT_AVAILABLE, count, decimal, is_number, long_date
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    bullets,
    column,
    count_cell,
    number_cell,
    paragraph,
    section,
    text_cell,
)
from reports.presentation.finding import covers
from reports.reading import STAGES, may_compare, part
from reports.wording import CENSUS_RULE

COUNTED = (
    ("Declined, held, improved", "A matched pupil’s answers are added up over the questions answered both times. A lower sum "
                                 "the second time is a decline, an equal sum held, a higher sum improved."),
    ("Matched", "A baseline sheet and a follow-up sheet with the same code, school and stage, each code used once in each "
                "wave, and at least half of the questions answered both times. Codes are never matched by likeness."),
    ("Positive", "An answer above the middle of its scale: 4 or 5 of five, 3 of three."),
    ("Higher-rated", "The headteacher’s average over at least half of the questions of the rating is at or above the cut. The "
                     "cut was fixed before the answers were opened."),
    ("Adjusted difference", "The share expected to decline if all schools were higher-rated, less the share if all were "
                            "lower-rated, from the headline model."),
)  # fmt: skip
METHOD = (
    "The headline is a logistic model of “declined” on the rating group, the pupil’s own start, the average start of the "
    "pupil’s school and the stages. The rating belongs to a school, so pupils of one school are not separate evidence: errors "
    "are clustered by school (CR2) with Satterthwaite degrees of freedom.",
    "There is one main comparison. The other ways of making it, and the checks, were written down beforehand; together they "
    "give the level of evidence by fixed rules. Nobody can choose the level.",
)


def method(results, numbering):
    """The last section: method, definitions, reliability and provenance."""
    blocks = [paragraph(text) for text in METHOD]
    blocks.append(
        numbering.table(
            "How each figure is counted",
            [column("Figure"), column("Definition")],
            [[text_cell(name), text_cell(words)] for name, words in COUNTED],
        )
    )
    reliability = part(results, "reliability")
    if reliability:
        blocks.append(_reliability_table(reliability, numbering))
    strength = strength_rows(results)
    if strength:
        blocks.append(
            numbering.table(
                "Likeness within schools and of the groups at the start",
                [column("What"), column("Stages"), column("Value", numeric=True, formats=[NUMBER_FORMATS[2]])],
                strength,
            )
        )
    blocks.append(bullets(hidden_words(results)))
    blocks.append(
        numbering.table("Where the numbers come from", [column("What"), column("Value")], provenance_rows(results))
    )
    return section("method", "How it was done", blocks)


def _reliability_table(reliability, numbering):
    waves = {"pre": "before", "post": "after"}
    rows = []
    for key in sorted(reliability, key=lambda name: (name.split("_")[0], name.endswith("post"))):
        stage_group, _, wave = key.partition("_")
        row = reliability[key] or {}
        why = row.get("why") or ""
        rows.append([
            text_cell(STAGES.get(stage_group, stage_group)), text_cell(waves.get(wave, wave)),
            count_cell(row.get("n_complete"), why or "hidden"), number_cell(row.get("alpha_raw"), 2, why=why),
        ])  # fmt: skip
    columns = [column("Stages"), column("When"), column("Pupils with every answer", numeric=True),
               column("Alpha", numeric=True, formats=[NUMBER_FORMATS[2]])]  # fmt: skip
    note = "Cronbach’s alpha, with reversed questions turned round. Below 0.60 the questions are not spoken of as one scale."
    return numbering.table("How well the questions hang together", columns, rows, note=note)


def strength_rows(results):
    """Intraclass correlations and the groups' difference at the start, as far as they are known."""
    rows = []
    for key, row in sorted(part(results, "change").items()):
        for name, words in (
            ("icc_anova_base", "Intraclass correlation, baseline"),
            ("icc_anova_change", "Intraclass correlation, change"),
        ):
            if is_number((row or {}).get(name)):
                rows.append([text_cell(words), text_cell(STAGES.get(key, key)), number_cell(row[name], 3)])
    if may_compare(results):
        for key, value in sorted(part(results, "baseline_equiv_g").items()):
            if is_number(value):
                words = "Start of the higher-rated less the lower-rated, SD"
                rows.append([text_cell(words), text_cell(STAGES.get(key, key)), number_cell(value, 2, plus=True)])
    return rows


GLOSSARY = (
    (
        "95% interval",
        "A range that would take in the true value in 95 of 100 repetitions. A wide one means that little is known.",
    ),
    ("Adjusted", "Compared between pupils who began alike, in schools that began alike, of the same stages."),
    ("Alpha", "How well questions that should measure one thing go together, from 0 to 1."),
    (
        "Association",
        "Two things go together. Which brings about the other, or whether a third brings about both, is not known.",
    ),
    ("Baseline, follow-up", "The answers before the programme’s year of mentoring and after it."),
    ("Bootstrap", "The schools drawn again and again by chance, to see how far a figure moves."),
    (
        "Clustered by school",
        "Pupils of one school are alike, so they count for less than as many pupils of different schools.",
    ),
    ("Degrees of freedom", "How much independent evidence an interval rests on; fewer than 4 is too little."),
    ("Headteacher’s rating", "The headteacher’s own view of the programme’s impact on the school, from 1 to 5."),
    ("Intraclass correlation", "How alike the pupils of one school are, from 0, not at all, to 1, entirely."),
    ("Odds ratio", "How much more likely than not one group’s odds are than the other’s; 1 means equal."),
    ("p, q", "How often chance alone would give a difference as large; q allows for many questions being tested."),
    ("Percentage point", "The difference of two percentages: from 40% to 45% is 5 percentage points."),
    ("SD, standard deviation", "How far pupils’ scores spread; a change of 0.2 SD is small, of 0.8 SD large."),
    ("Stage", "The year of primary school, P2 to P7."),
)


def glossary():
    """Words that a reader may not use every day."""
    lines = [f"{word}: {meaning}" for word, meaning in GLOSSARY]
    return section("glossary", "Words used", [bullets(lines)])


def provenance_rows(results):
    """Scope and provenance as rows of two cells, the same on the title page and in the method."""
    return [[text_cell(name), text_cell(value)] for name, value in provenance(results)]


def provenance(results):
    """[(what, value)] of where the numbers come from; only what is known."""
    made, hidden, flow = part(results, "provenance"), part(results, "disclosure"), part(results, "flow")
    fixed = ", ".join(words for words in (long_date(made.get("cut_fixed_at")), made.get("cut_fixed_by") or "") if words)
    libraries = ", ".join(f"{name} {version}" for name, version in sorted(part(made, "libraries").items()))
    pairs = [
        ("Covers", covers(results)),
        ("Rating cut", f"{decimal(made['cut'], 1)} of 5" if is_number(made.get("cut")) else ""),
        ("Cut fixed", fixed),
        ("Questions used", {"scored": "those marked as scored", "all": "all"}.get(made.get("item_set"), made.get("item_set") or "")),
        ("Answer sheets", count(flow.get("rows_raw"), "")),
        ("Data, SHA-256", made.get("data_hash") or ""),
        ("Analysis", ", ".join(
            words for words in (
                f"version {made['analysis_version']}" if made.get("analysis_version") else "",
                f"seed {made['seed']}" if made.get("seed") is not None else "",
            ) if words)),
        ("Libraries", libraries),
        ("Built", long_date(made.get("generated_at"))),
        ("Hidden for small numbers", f"{count(hidden['cells_hidden'])} cells" if is_number(hidden.get("cells_hidden")) else ""),
    ]  # fmt: skip
    pairs += [(f"File {name}, SHA-256", digest) for name, digest in sorted(part(made, "inputs").items()) if digest]
    return [(name, value) for name, value in pairs if value and value != NOT_AVAILABLE]


def hidden_words(results):
    """Why some figures are hidden, as sentences."""
    rules = part(results, "disclosure")
    threshold = rules.get("threshold")
    fewer = f"fewer than {count(threshold)}" if is_number(threshold) else "too few"
    return [
        f"{HIDDEN} stands for a figure that is hidden: {fewer} pupils answered, or so few gave an answer that a pupil could be "
        "recognised. Where one hidden figure could be worked out from others, another is hidden with it."
        + (f" {CENSUS_RULE}" if rules.get("rule") == "health_census" else ""),
        f"{NOT_AVAILABLE} stands for a figure that does not exist or could not be computed.",
    ]
