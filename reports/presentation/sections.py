"""The body of the report, section by section. Headings name subjects; only the ladder's sentence states a finding."""

import math
import re

from reports.numbers import HIDDEN, count, decimal, is_number, percent
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    SHARE,
    blank_cells,
    bullets,
    column,
    count_cell,
    interval_cell,
    interval_column,
    number_cell,
    p_cell,
    paragraph,
    section,
    share_cell,
    text_cell,
)
from reports.reading import NO_CHECKS, STAGES, arms, item_blocks, left_out, may_compare, part, reason_for_no_comparison
from reports.reading.comparing import (
    FEWEST_DF,
    dose_line,
    headline_of,
    holds,
    item_model_rows,
    places_of,
    specifications,
)

DOSE_ROWS = 9
PASSED = {True: ("Passed", "ok"), False: ("Not passed", "late"), None: ("Does not apply", "off")}


def who_answered(results, charts, numbering):
    """The flow of answer sheets."""
    flow, sample, reasons = part(results, "flow"), part(results, "sample"), left_out(results)
    steps = [
        ("Sheets received", flow.get("rows_raw"), ""),
        ("Baseline sheets", flow.get("pre_rows"), ""),
        ("Follow-up sheets", flow.get("post_rows"), ""),
        ("Linked before and after", flow.get("linked_pairs"), " ".join(reasons["linked"])),
        ("Enough answers to compare", flow.get("analysable_pairs"), " ".join(reasons["analysable"])),
        ("In rated schools", sample.get("n"), " ".join(reasons["compared"])),
    ]
    steps += [
        (f"In rated schools, {name}", pupils, f"{count(schools)} schools") for name, pupils, schools in arms(results)
    ]
    figure = numbering.figure(
        "Flow of answer sheets",
        charts.get("flow"),
        caption="Pupils are linked by a picture code; no name is stored. "
        f"Answers outside their scale are left out one by one: {count(flow.get('out_of_range_values'), '')} of them.",
        columns=[column("Step"), column("Number", numeric=True), column("Left out, and why")],
        rows=[[text_cell(step), count_cell(number), text_cell(why)] for step, number, why in steps],
    )
    return section("who", "Who answered", [figure])


def comparison(results, numbering):
    """The comparison of the rating groups with its interval; words only below L2."""
    if not may_compare(results):
        return section("comparison", "The comparison", [paragraph(reason_for_no_comparison(results))])
    headline, teams = part(results, "headline"), part(results, "companions", "lpm_adj_cr2_by_pcp_cluster")
    rows = [
        _share_row("Expected to decline, higher-rated", headline.get("p_high")),
        _share_row("Expected to decline, lower-rated", headline.get("p_low")),
        _estimate_row("Difference, percentage points", headline, "rd", scale=100, places=1),
        _estimate_row("Odds ratio", headline, "or", places=2),
    ]
    if is_number(teams.get("df")) and teams["df"] >= FEWEST_DF:
        rows.append(_estimate_row("The same, grouped by mentor team", teams, "", 100, 1))
    columns = [
        column("What"),
        column("Estimate", numeric=True, formats=[NUMBER_FORMATS[2]]),
        interval_column(places=2),
        column("p", numeric=True, formats=[NUMBER_FORMATS[3]]),
        column("Degrees of freedom", numeric=True, formats=[NUMBER_FORMATS[1]]),
    ]
    blocks = [
        paragraph(
            "Pupils of higher-rated and lower-rated schools, made alike in their own start, in the average start of "
            "their school and in stage. Higher-rated minus lower-rated: a minus means fewer declines where rated higher."
        ),
        numbering.table("The comparison and its interval", columns, rows),
    ]
    detectable = part(results, "mde").get("mde_pp")
    if is_number(detectable):
        blocks.append(
            paragraph(
                f"A difference smaller than about {decimal(100 * detectable, 0)} percentage points could not have been "
                "found reliably with this many schools and pupils."
            )
        )
    return section("comparison", "The comparison", blocks)


def _share_row(words, share):
    cell = share_cell(share, 1, why="") if is_number(share) else number_cell(None)
    return [text_cell(words), cell, *blank_cells(3, "")]


def _estimate_row(words, estimate, prefix, scale=1, places=1):
    """A row for `prefix`, `prefix_lo`, `prefix_hi` of an estimate, or for est, lo, hi without a prefix."""
    keys = (prefix, f"{prefix}_lo", f"{prefix}_hi") if prefix else ("est", "lo", "hi")
    value, low, high = (estimate[key] * scale if is_number(estimate.get(key)) else None for key in keys)
    return [
        text_cell(words),
        number_cell(value, places),
        interval_cell(low, high, places),
        p_cell(estimate.get("p")) if is_number(value) else p_cell(None),
        number_cell(estimate.get("df"), 1),
    ]


def ways(results, charts, numbering):
    """The same comparison made in several ways, and the checks of the evidence ladder."""
    rows = specifications(results)
    headline = headline_of(rows)
    columns = [
        column("Model"),
        column("Unit"),
        column("Difference", numeric=True, formats=[NUMBER_FORMATS[2]]),
        interval_column(places=2),
        column("p", numeric=True, formats=[NUMBER_FORMATS[3]]),
        column("Leaves out zero, same direction"),
    ]
    figure = numbering.figure(
        "The comparison, made in several ways",
        charts.get("specifications"),
        caption="Higher-rated minus lower-rated, or for each point of the rating; 95% intervals allow for pupils of one "
        "school being alike (CR2). A filled square: the interval leaves out zero on the same side as the headline. An open "
        "circle and a dashed line: it does not. Each unit has an axis of its own."
        if rows
        else "",
        columns=columns,
        rows=[_specification_row(row, headline) for row in rows],
    )
    return section("ways", "The comparison, made in several ways", [figure, *_dose(results, charts, numbering)])


def _dose(results, charts, numbering):
    """The share expected to decline along the rating, where the level allows it."""
    line = dose_line(results)
    if not line:
        return []
    shown = (
        line
        if len(line) <= DOSE_ROWS
        else [line[round(place * (len(line) - 1) / (DOSE_ROWS - 1))] for place in range(DOSE_ROWS)]
    )
    columns = [
        column("Rating", formats=[NUMBER_FORMATS[2]]),
        column("Expected to decline", numeric=True, formats=[SHARE]),
        column("95% interval", numeric=True, sheet=["95% interval, from", "95% interval, to"], formats=[SHARE, SHARE]),
    ]
    rows = [
        [
            number_cell(each["rating"], 2),
            share_cell(each["p"], 1),
            {
                "text": f"{percent(each['lo'], 1)} to {percent(each['hi'], 1)}",
                "values": [each["lo"], each["hi"]],
                "tag": "",
            },
        ]
        for each in shown
    ]
    caption = (
        "From the model with the rating itself in place of the two groups; the band is the 95% interval, which allows for "
        "pupils of one school being alike (CR2). Schools are not drawn, because ratings are confidential."
    )
    return [
        numbering.figure(
            "Share expected to decline, along the rating",
            charts.get("dose"),
            caption=caption,
            columns=columns,
            rows=rows,
        )
    ]


def questions(results, charts, numbering):
    """Each question's own comparison of the rating groups."""
    found = item_model_rows(results)
    if not found:
        reason = paragraph(reason_for_no_comparison(results))
        return section("questions", "Each question, by rating group", [reason])
    columns = [
        column("Question"),
        column("Odds ratio", numeric=True, formats=[NUMBER_FORMATS[2]]),
        interval_column(places=2),
        column("p", numeric=True, formats=[NUMBER_FORMATS[3]]),
        column("q", numeric=True, formats=[NUMBER_FORMATS[3]]),
        column("Pupils", numeric=True),
    ]
    caption = (
        "Odds ratio of a more positive answer at follow-up in higher-rated schools, given the answer before, with 95% "
        "intervals clustered by school, on a logarithmic axis. q is p after the Benjamini–Hochberg correction over all "
        "questions; a filled square marks q below 0.05."
    )
    figures = [
        numbering.figure(
            f"Each question by rating group, {STAGES.get(stage_group, stage_group)}{words}",
            charts.get(f"item_models_{stage_group}_{number}"),
            caption=caption,
            columns=columns,
            rows=[_question_row(row) for row in shown],
        )
        for stage_group, rows in found.items()
        for number, (words, shown) in enumerate(item_blocks(rows), start=1)
    ]
    return section("questions", "Each question, by rating group", figures)


def _question_row(row):
    ratio, low, high = (math.exp(row[key]) if row[key] is not None else None for key in ("est", "lo", "hi"))
    why = row["why"]
    return [
        text_cell(row["name"]),
        number_cell(ratio, 2, why=why),
        interval_cell(low, high, 2, why),
        p_cell(row["p"], why),
        p_cell(row["q"], why),
        count_cell(row["n"], why),
    ]


def _specification_row(row, headline):
    places, why = places_of(row), row.get("why") or ""
    verdict = ("Yes" if holds(row, headline) else "No") if is_number(row.get("lo")) else why or "No interval"
    return [
        text_cell(row.get("label") or row.get("short") or row.get("model")),
        text_cell(row.get("unit") or ""),
        number_cell(row.get("est"), places),
        interval_cell(row.get("lo"), row.get("hi"), places),
        p_cell(row.get("p")),
        text_cell(verdict),
    ]


def checks(results, numbering):
    """The checks behind the level, by name."""
    rows = results.get("checks") or []
    if not rows or not may_compare(results):
        reason = reason_for_no_comparison(results) if results.get("hidden_by_group") else NO_CHECKS
        return section("checks", "The checks", [paragraph(reason)])
    table = numbering.table(
        "Checks for the top level",
        [column("Check"), column("Result"), column("Detail")],
        [_check_row(row) for row in rows],
        note="A check that could not be computed counts as not passed.",
    )
    return section("checks", "The checks", [table])


def _check_row(row):
    words, tag = PASSED.get(row.get("passed"), PASSED[None])
    phrase = row.get("phrase") or row.get("key") or ""
    return [
        text_cell(_sentence(phrase)),
        text_cell(words, tag),
        text_cell(_sentence(row.get("detail"))),
    ]


def _sentence(words):
    """Words with a capital at the beginning; the p of a p value stays small."""
    words = words or ""
    if words == "hidden":
        return HIDDEN
    return words if words.startswith("p ") else words[:1].upper() + words[1:]


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
                text_cell(_with_dash(row.get("group") or "")),
                count_cell(row.get("n_pre")),
                count_cell(row.get("n_matched")),
                share_cell(row.get("n_matched"), row.get("n_pre")),
                number_cell(row.get("smd"), 2, plus=True, why=row.get("why") or ""),
            ]
            for row in rows
        ],
    )
    return section("matched", "Who could be matched", [table])


def _with_dash(group):
    """P2-P4 and 1-2 with the dash of a range."""
    return re.sub(r"(?<=\d)-(?=P?\d)", "–", group)


def limits(results):
    """What the evaluation cannot show."""
    return section("limits", "What this cannot show", [bullets(limit_sentences(results))])


def limit_sentences(results):
    """The mandatory caveats of the results, and one that holds for every evaluation of this kind."""
    return [
        *(results.get("caveats") or []),
        "A rating that goes with something nobody measured, such as new staff, would look the same in every way of "
        "making this comparison.",
    ]
