"""What pupils of one cluster said, for its mentors: the same figures as the cluster's report, and nothing by rating group."""

from reports.noise_wording import never_alone
from reports.presentation import answers, sections
from reports.presentation.blocks import Numbering, paragraph, section
from reports.reading import noise_reference, readable, without_absent_stages

CARE = (
    "These are the answers of pupils who happened to be there. Different pupils may have answered the second time; only matched "
    "pupils are compared with themselves. The figures cannot show what brought a change about. Small numbers are hidden."
)
RATED = ("Higher-rated", "Lower-rated")


def pack_sections(results, charts):
    """The sections of a pack from a stored cluster report: who answered, change, and each question before and after."""
    results, charts, numbering = without_ratings(without_absent_stages(readable(results))), charts or {}, Numbering()
    shown = {name: chart for name, chart in charts.items() if name.startswith(("items_", "positive_"))}
    words = [CARE, never_alone(noise_reference(results))]
    return [
        section("care", "Read with care", [paragraph(text) for text in words]),
        sections.matched(results, numbering),
        section("change", "Declined, held, improved", answers.by_stage(results, numbering)),
        answers.before_and_after(results, shown, numbering),
    ]


def without_ratings(results):
    """The results as if no headteacher had rated anything."""
    return results | {"match_table": [row for row in results.get("match_table") or [] if row.get("group") not in RATED]}
