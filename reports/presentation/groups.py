"""The sections on parts of the whole: stages and deprivation, and the schools in a row."""

from collections import Counter

from reports.numbers import capital, decimal, is_number
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
from reports.reading import NO_SCHOOLS, captions, may_compare, part, school_places, school_rows, stages_absent
from reports.wording import RANKS, listed

MODERATORS = (
    ("mod_stage_group", "Stages", "P2–P4", "P5–P7"),
    ("mod_simd_q1q2", "Deprivation", "Schools of fifths 3 to 5", "Schools of the two most deprived fifths"),
)

BESIDE = {"below": "below", "around": "takes it in", "above": "above"}


def subgroups(results, numbering):
    """Whether the comparison differs between stages and by deprivation: the interaction tests, and each group beside them.

    None where no interval may be printed.
    """
    if not may_compare(results):
        return None
    rows, moderators = [], MODERATORS[1:] if stages_absent(results) else MODERATORS
    by = listed(f"by {name.lower().removesuffix('s')}" for _, name, *_ in moderators)
    for key, name, first, other in moderators:
        model = part(results, "companions", key)
        rows.append(_moderator_row(f"{name}: {first}", model.get("first"), model, test=False))
        rows.append(_moderator_row(f"{name}: {other}", model.get("other"), model, test=False))
        rows.append(_moderator_row(f"{name}: difference between the two", model, model, test=True))
    columns = [
        column("Group"),
        column("Higher-rated less lower-rated, pp", numeric=True, formats=[NUMBER_FORMATS[1]]),
        interval_column(places=1),
        column("p", numeric=True, formats=[P_FORMAT]),
        column("q", numeric=True, formats=[P_FORMAT]),
    ]
    table = numbering.table(
        f"The comparison {by}",
        columns,
        rows,
        note=f"{captions.compared(results, groups=False)} From straight-line models of “declined” with CR2 errors by school. q is p corrected for the number of "
        "differences tested. The schools’ average start, which the headline has, is not in these models.",
    )
    words = [
        "Only the difference between two groups, tested as such, can show that one gained more than the other. That one group’s "
        "interval leaves out zero and the other’s does not shows nothing.",
        "Deprivation is the school’s, not the pupil’s: primaries are grouped by the official share of their pupils who live in "
        "the most deprived fifth of areas. Schools whose share is not published take no part.",
    ]
    return section("subgroups", capital(by), [*map(paragraph, words), table])


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
    if not rows or not is_number(mean):
        return section("schools", "Schools", [paragraph(NO_SCHOOLS)])
    figure = numbering.figure(
        "Schools’ average change",
        charts.get("schools"),
        caption=f"Average change of each school’s matched pupils in SD of the baseline, drawn towards the average of all, "
        f"{decimal(mean, 2)} (a school of few pupils most), rounded to 0.05. {captions.of_schools(results)} {RANKS}",
        columns=[
            column("Average change, SD", formats=[NUMBER_FORMATS[2]]),
            interval_column(places=2),
            column("Interval beside the average"),
            column("Schools", numeric=True),
        ],
        rows=[_school_row(row, number, mean) for row, number in _alike(rows)],
    )
    return section("schools", "Schools", [figure])


def _alike(rows):
    """The schools from lowest to highest, those with the same figures together: [(row, how many)]."""
    counted = Counter((row["est"], row["lo"], row["hi"]) for row in rows)
    return [(dict(zip(("est", "lo", "hi"), key, strict=True)), number) for key, number in sorted(counted.items())]


def _school_row(row, number, mean):
    place = next(place for place, schools in school_places([row], mean).items() if schools)
    return [
        number_cell(row["est"], 2),
        interval_cell(row["lo"], row["hi"], 2),
        text_cell(BESIDE[place]),
        count_cell(number),
    ]
