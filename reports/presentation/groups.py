"""The sections on parts of the whole: stages and deprivation, and the schools in a row."""

from reports.numbers import is_number
from reports.presentation.blocks import (
    NUMBER_FORMATS,
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
from reports.reading import may_compare, part, school_places, school_rows
from reports.wording import RANKS

MODERATORS = (
    ("mod_stage_group", "Stages", "P2–P4", "P5–P7"),
    ("mod_simd_q1q2", "Deprivation", "Schools of fifths 3 to 5", "Schools of the two most deprived fifths"),
)


def subgroups(results, numbering):
    """Whether the comparison differs between stages and by deprivation: the interaction tests, and each group beside them.

    None where no interval may be printed.
    """
    if not may_compare(results):
        return None
    rows = []
    for key, name, first, other in MODERATORS:
        model = part(results, "companions", key)
        rows.append(_moderator_row(f"{name}: {first}", model.get("first"), model, test=False))
        rows.append(_moderator_row(f"{name}: {other}", model.get("other"), model, test=False))
        rows.append(_moderator_row(f"{name}: difference between the two", model, model, test=True))
    columns = [
        column("Group"),
        column("Higher-rated less lower-rated, pp", numeric=True, formats=[NUMBER_FORMATS[1]]),
        interval_column(places=1),
        column("p", numeric=True, formats=[NUMBER_FORMATS[3]]),
        column("q", numeric=True, formats=[NUMBER_FORMATS[3]]),
    ]
    table = numbering.table(
        "The comparison by stage and by deprivation",
        columns,
        rows,
        note="From straight-line models of “declined” with CR2 errors by school. q is p corrected for the number of "
        "differences tested. The schools’ average start, which the headline has, is not in these models.",
    )
    words = [
        "Only the difference between two groups, tested as such, can show that one gained more than the other. That one group’s "
        "interval leaves out zero and the other’s does not shows nothing.",
        "Deprivation is the school’s, not the pupil’s: primaries are grouped by the official share of their pupils who live in "
        "the most deprived fifth of areas. Schools whose share is not published take no part.",
    ]
    return section("subgroups", "By stage and by deprivation", [*map(paragraph, words), table])


def _moderator_row(words, estimate, model, *, test):
    """One row in percentage points; only the difference of two groups carries p and q."""
    estimate, why = estimate or {}, model.get("why") or ""
    value, low, high = (100 * estimate[key] if is_number(estimate.get(key)) else None for key in ("est", "lo", "hi"))
    return [
        text_cell(words),
        number_cell(value, 1, why=why),
        interval_cell(low, high, 1, why),
        p_cell(estimate.get("p"), why) if test else p_cell(None),
        p_cell(estimate.get("q"), why) if test else p_cell(None),
    ]


def schools(results, charts, numbering):
    """The schools in a row, without names, and how many lie apart from the average."""
    rows, mean = school_rows(results), part(results, "school_means").get("mean")
    table = []
    if rows and is_number(mean):
        places = school_places(rows, mean)
        table = [
            ("Interval below the average", places["below"]),
            ("Interval takes in the average", places["around"]),
            ("Interval above the average", places["above"]),
        ]
    figure = numbering.figure(
        "Schools’ average change",
        charts.get("schools"),
        caption=f"Average change of each school’s matched pupils in SD of the baseline, drawn towards the average of all (a "
        f"school of few pupils most), with 95% intervals, rounded to 0.05. Schools with fewer than ten matched pupils are left out. {RANKS}",
        columns=[column("Schools"), column("Number", numeric=True)],
        rows=[[text_cell(words), count_cell(number)] for words, number in table],
    )
    return section("schools", "Schools", [figure])
