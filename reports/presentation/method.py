"""How it was done: the method in plain words, how each figure is counted, and where the numbers come from."""

import re

from reports.numbers import HIDDEN, NOT_AVAILABLE, count, is_number, long_date
from reports.presentation.blocks import (
    bullets,
    column,
    paragraph,
    section,
    text_cell,
)
from reports.presentation.finding import covers
from reports.presentation.footer import libraries_of
from reports.reading import may_compare, part, stages_absent
from reports.wording import CENSUS_RULE, cut, listed

COUNTED = (
    ("Declined, held, improved", "A matched pupil’s answers are added up over the questions answered both times. A lower sum "
                                 "the second time is a decline, an equal sum held, a higher sum improved."),
    ("Matched", "A baseline sheet and a follow-up sheet with the same code, school and stage, each code used once in each "
                "wave, and at least half of the questions answered both times. Codes are never matched by likeness."),
    ("Positive", "An answer above the middle of its scale: 4 or 5 of five, 3 of three."),
    ("Higher-rated", "The headteacher’s average over at least half of the questions of the rating is at or above the cut."),
    ("Adjusted difference", "The share expected to decline if all schools were higher-rated, less the share if all were "
                            "lower-rated, from the headline model."),
)  # fmt: skip
NOT_COMPARED = {
    "Adjusted difference": "Not worked out, or not shown, in this report: see “Why there is no comparison”.",
}
ADJUSTED = ("the rating group", "the pupil’s own start", "the average start of the pupil’s school", "the stages")
METHOD = (
    "The headline is a logistic model of “declined” on {adjusted}. The rating belongs to a school, so pupils of one school are not separate evidence: errors "
    "are clustered by school (CR2) with Satterthwaite degrees of freedom.",
    "Degrees of freedom, and so the width of the interval, are those of the log odds, also for the difference. {moderators} without the schools’ average start that the headline has: where the groups started apart, "
    "a difference can show there that is none.",
    "There is one main comparison. The other ways of making it, and the checks, were written down beforehand; together they "
    "give the level of evidence by fixed rules. Nobody can choose the level.",
)


WITHOUT_COMPARISON = (
    "Pupils’ answers before and after are counted and set side by side. Higher-rated and lower-rated schools are not compared in "
    "this report: see “Why there is no comparison”.",
    "Which comparison is made, in which ways and with which checks, was written down beforehand, and so were the rules by which "
    "the level of evidence follows. Nobody can choose the level.",
)


def method(results, numbering):
    """How it was done: method, definitions and provenance. What no part of this report uses is not explained in it."""
    compared = may_compare(results)
    one_stage = bool(stages_absent(results))
    words = {
        "adjusted": listed(ADJUSTED[:-1] if one_stage else ADJUSTED),
        "moderators": "The moderator, deprivation, does"
        if one_stage
        else "Two moderators, by stage and by deprivation, do",
    }
    blocks = [paragraph(text.format(**words)) for text in (METHOD if compared else WITHOUT_COMPARISON)]
    counted = COUNTED if compared else [(name, NOT_COMPARED.get(name, words)) for name, words in COUNTED]
    blocks.append(
        numbering.table(
            "How each figure is counted",
            [column("Figure"), column("Definition")],
            [
                [text_cell(name), text_cell(words + (f" {_when_fixed(results)}" if name == "Higher-rated" else ""))]
                for name, words in counted
            ],
        )
    )
    blocks.append(bullets(hidden_words(results)))
    blocks.append(
        numbering.table("Where the numbers come from", [column("What"), column("Value")], provenance_rows(results))
    )
    return section("method", "How it was done", blocks)


def _when_fixed(results):
    """When the cut was fixed, as far as the analysis was told."""
    day = long_date(part(results, "provenance").get("cut_fixed_at"))
    return f"The cut was fixed on {day}." if day else "When the cut was fixed is not known here."


# Each word, how the report uses it, and what it means. A report has those that it uses.
GLOSSARY = (
    (
        "95% interval",
        r"95% (confidence )?interval",
        "A range that would take in the true value in 95 of 100 repetitions. A wide one means that little is known.",
    ),
    (
        "Adjusted",
        r"[Aa]djust",
        "Compared between pupils who began alike, in schools that began alike, of the same stages.",
    ),
    ("Alpha", r"\b[Aa]lpha\b", "How well questions that should measure one thing go together, from 0 to 1."),
    (
        "Association",
        r"[Aa]ssociation",
        "Two things go together. Which brings about the other, or whether a third brings about both, is not known.",
    ),
    (
        "Baseline, follow-up",
        r"[Bb]aseline|[Ff]ollow-up",
        "The answers before the programme’s year of mentoring and after it.",
    ),
    ("Bootstrap", r"[Bb]ootstrap", "The schools drawn again and again by chance, to see how far a figure moves."),
    (
        "Clustered by school",
        r"[Cc]lustered|CR2",
        "Pupils of one school are alike, so they count for less than as many pupils of different schools.",
    ),
    (
        "Degrees of freedom",
        r"[Dd]egrees of freedom",
        "How much independent evidence an interval rests on; fewer than 4 is too little.",
    ),
    (
        "Headteacher’s rating",
        r"[Rr]ating|rated",
        "The headteacher’s own view of the programme’s impact on the school, from 1 to 5.",
    ),
    (
        "Intraclass correlation",
        r"[Ii]ntraclass",
        "How alike the pupils of one school are, from 0, not at all, to 1, entirely.",
    ),
    (
        "Odds ratio",
        r"[Oo]dds ratio",
        "The odds of a decline in one group divided by the odds in the other, where odds are those who declined for each who did not; 1 means equal.",
    ),
    ("p", r"^p$|\bp [=<>]", "How often chance alone would give a difference as large."),
    ("PCP", r"\bPCP\b", "The Primary Cluster Programme in Science and Technology."),
    (
        "Percentage point",
        r"[Pp]ercentage point|\bpp\b",
        "The difference of two percentages: from 40% to 45% is 5 percentage points.",
    ),
    ("q", r"^q$|\bq is\b", "p, made larger because many questions are tested at once."),
    (
        "SD, standard deviation",
        r"\bSD\b",
        "How far pupils’ scores spread; a change of 0.2 SD is small, of 0.8 SD large.",
    ),
    ("Stage", r"", "The year of primary school, P2 to P7."),
)
# Of a figure: drawings, whose words stand in its table, and the table's copy of a caption, which only a spreadsheet prints.
APART = {"wide", "phone", "told"}


def glossary(sections, sentence):
    """Words that a reader may not use every day: those that the `sections` or the finding's `sentence` use."""
    used = "\n".join([sentence, *words_in(sections)])
    lines = [f"{word}: {meaning}" for word, form, meaning in GLOSSARY if re.search(form, used, re.MULTILINE)]
    return section("glossary", "Words used", [bullets(lines)])


def words_in(value):
    """Every text of a part of a presented report."""
    found, left = [], [value]
    while left:
        value = left.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            left += [each for name, each in value.items() if name not in APART]
        elif isinstance(value, list | tuple):
            left += value
    return found


def provenance_rows(results):
    """Scope and provenance as rows of two cells, the same on the title page and in the method."""
    return [[text_cell(name), text_cell(value)] for name, value in provenance(results)]


def provenance(results):
    """[(what, value)] of where the numbers come from; only what is known."""
    made, hidden, flow = part(results, "provenance"), part(results, "disclosure"), part(results, "flow")
    fixed = ", ".join(words for words in (long_date(made.get("cut_fixed_at")), made.get("cut_fixed_by") or "") if words)
    pairs = [
        ("Covers", covers(results)),
        ("Rating cut", f"{cut(made['cut'])} of 5" if is_number(made.get("cut")) else ""),
        ("Cut fixed", fixed),
        ("Questions used", {"scored": "those marked as scored", "all": "all"}.get(made.get("item_set"), made.get("item_set") or "")),
        ("Answer sheets", count(flow.get("rows_raw"), "")),
        ("Data, SHA-256", made.get("data_hash") or ""),
        ("Analysis", ", ".join(
            words for words in (
                f"version {made['analysis_version']}" if made.get("analysis_version") else "",
                f"seed {made['seed']}" if made.get("seed") is not None else "",
            ) if words)),
        ("Libraries", libraries_of(made)),
        ("Built", long_date(made.get("generated_at"))),
        ("Cells without a figure", f"{count(hidden['cells_hidden'])}, where something is hidden" if is_number(hidden.get("cells_hidden")) else ""),
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
