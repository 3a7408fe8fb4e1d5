"""The body of the report, section by section. Headings name subjects; only the ladder's sentence states a finding."""

from reports.numbers import capital, count, counted
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    SHARE,
    bullets,
    column,
    count_cell,
    number_cell,
    paragraph,
    section,
    share_cell,
    text_cell,
)
from reports.reading import arms, in_rated_schools, left_out, part

FLOW = "How many answer sheets came"
# How the rows of the match table are named; fifths are the words for deprivation everywhere in a report.
GROUPS = {
    "P2-P4": "P2–P4",
    "P5-P7": "P5–P7",
    "Quintile 1-2": "Schools of the two most deprived fifths",
    "Quintile 3-5": "Schools of fifths 3 to 5",
    "Quintile not known": "Schools whose fifth is not known",
}


def who_answered(results, charts, numbering):
    """The flow of answer sheets."""
    flow, sample, reasons = part(results, "flow"), part(results, "sample"), left_out(results)
    steps = [
        ("Sheets received", flow.get("rows_raw"), ""),
        ("Baseline sheets", flow.get("pre_rows"), ""),
        ("Follow-up sheets", flow.get("post_rows"), ""),
        ("Linked before and after", flow.get("linked_pairs"), reasons["linked"]),
        ("Enough answers to compare", flow.get("analysable_pairs"), reasons["analysable"]),
        (capital(in_rated_schools(results)), sample.get("n"), reasons["compared"]),
    ]
    steps += [
        (f"In rated schools, {name}", pupils, counted(schools, "school")) for name, pupils, schools in arms(results)
    ]
    odd = flow.get("out_of_range_values")
    outside = f" {count(odd)} answers outside their scale are left out one by one." if odd else ""
    figure = numbering.figure(
        "Flow of answer sheets",
        charts.get("flow"),
        caption=f"Pupils are linked by a picture code; no name is stored.{outside}",
        columns=[column("Step"), column("Number", numeric=True), column("Left out, and why")],
        rows=[[text_cell(step), count_cell(number), text_cell(why)] for step, number, why in steps],
    )
    return section("who", FLOW, [figure])


def matched(results, numbering):
    """Who could be matched, and whether they began where the others began."""
    rows = results.get("match_table") or []
    if not rows:
        return section("matched", "Who could be matched", [paragraph("No baseline sheet could be counted.")])
    table = numbering.table(
        "Matched pupils and their start",
        [
            column("Group"),
            column("Baseline sheets", numeric=True),
            column("Matched", numeric=True),
            column("Share matched", numeric=True, formats=[SHARE]),
            column("Start, matched less the others, SD", numeric=True, formats=[NUMBER_FORMATS[2]]),
        ],
        [
            [
                text_cell(GROUPS.get(row.get("group"), row.get("group") or "")),
                count_cell(row.get("n_pre")),
                count_cell(row.get("n_matched")),
                share_cell(row.get("n_matched"), row.get("n_pre")),
                number_cell(row.get("smd"), 2, plus=True, why=row.get("why") or ""),
            ]
            for row in rows
        ],
    )
    return section("matched", "Who could be matched", [table])


def limits(results):
    """What the evaluation cannot show."""
    return section("limits", "What this cannot show", [bullets(limit_sentences(results))])


def limit_sentences(results):
    """The mandatory caveats of the results, and what holds for every evaluation of this kind."""
    return [
        "What is found here is an association between schools: it does not show that the programme brought a difference about.",
        *(results.get("caveats") or []),
        "A rating that goes with something nobody measured, such as new staff, would look the same in every way of "
        "making this comparison.",
    ]
