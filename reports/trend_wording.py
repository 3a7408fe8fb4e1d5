"""The words of a trend: what each series is called, why its line is broken, and what stands under every trend.

As in `reports.wording`, nothing here computes.
"""

from reports.wording import stages

# Each series: its title, and a short name for beside its mark.
OUTCOMES = {
    "declined": ("Matched pupils who declined", "declined"),
    "held": ("Matched pupils who held", "held"),
    "improved": ("Matched pupils who improved", "improved"),
}
CHANGE = "Mean change of matched pupils"
AVERAGE = "Positive answers, average of the questions"
TIMES = {"pre": "before", "post": "after"}
NET = "improved less declined, matched"
HEADLINE = ("Share who declined, higher-rated less lower-rated schools", "higher less lower")
ANALYSIS = "The analysis has another version."
ITEM_SET = "Other questions make up the scale."
CUT = "Another cut divides higher from lower ratings."
QUESTION = "The question was asked in another way, or not at all."
GAP = "There is no cohort in the year between."
SAME_YEAR = "Two cohorts stand in one year."
NOTHING = "There is no figure of this cohort."
TOO_FEW = "The comparison does not reach the level at which intervals may be printed."


def questionnaire(stage_group):
    """The questionnaire of a stage group changed between two cohorts."""
    return f"The questionnaire of {stages(stage_group)} has another version or other questions."


def caveats(calendar):
    """What stands under every trend; ``calendar`` is session or financial_year."""
    yield (
        "Each cohort has pupils and schools of its own. A line shows what one year’s pupils said beside what the next year’s "
        "said; nobody was followed from year to year, and no difference between years has been tested."
    )
    yield (
        "No sheet belongs to two cohorts, so taking one cohort’s figures from another’s leaves no group of pupils that "
        "could be recognised."
    )
    yield "Where the method changed, the line is broken, and figures on its two sides should not be compared."
    if calendar == "financial_year":
        yield (
            "Answers before fall in autumn and answers after in early summer, so those of one cohort stand in two "
            "financial years, which run from April to March."
        )
