"""What stands beside every share that declined: how many would have answered lower with no change on the whole.

As in `reports.wording`, nothing here computes. The share comes from `analysis.noise`.
"""

from reports.wording import in_words, listed, percent, stages

# Where the reference may not be shown this stands in its place, word for word the same in every report, page and file.
NO_REFERENCE = (
    "Even if nothing changed, many pupils would answer a little lower the second time and as many a little higher. So the share "
    "that declined says little by itself: read it beside the share that improved."
)


def never_alone(noise):
    """What stands beside every share that declined; ``noise`` is the reference, or None where it is hidden."""
    if noise is None:
        return NO_REFERENCE
    return (
        f"Never read “declined” alone: with no change on the whole, about {percent(noise)} of pupils would still answer lower the "
        "second time."
    )


def never_alone_by_cohort(references):
    """The same for several cohorts side by side; ``references`` are [(cohort, its reference or None)], and one is not enough."""
    if any(noise is None for _, noise in references):
        return NO_REFERENCE
    shares = listed(f"about {percent(noise)} ({cohort})" for cohort, noise in references)
    return (
        f"Never read “declined” alone: with no change on the whole, {shares} would still answer lower the second time."
    )


def noise_base(stage_groups):
    """How the share that would decline with no change on the whole was got; ``stage_groups`` as ``analysis.noise`` has them."""
    parts = listed(
        f"{percent(row['share'])} on {in_words(row['questions'])} questions of {in_words(row['points'])} answers ({stages(name)})"
        for name, row in stage_groups.items()
    )
    weighted = ", weighted by the pupils here" if len(stage_groups) > 1 else ""
    return (
        "With no change on the whole, as many pupils would answer lower as higher. So it is half of those who did not answer exactly "
        f"alike both times, among all matched pupils of the programme: {parts}{weighted}."
    )
