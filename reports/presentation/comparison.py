"""The comparison of the rating groups: its interval, every other way of making it, the checks, and each question by itself.

Where no interval may be printed one section says so, once, and the others are left out (None).
"""

import math

from reports.numbers import HIDDEN, capital, is_number, percent
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    P_FORMAT,
    SHARE,
    blank_cells,
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
    without_empty,
)
from reports.reading import (
    STAGES,
    captions,
    item_blocks,
    level_of,
    may_compare,
    part,
    stages_absent,
    turned_note,
)
from reports.reading.comparing import (
    FEWEST_DF,
    cut_rows,
    dose_line,
    headline_of,
    holds,
    item_model_rows,
    places_of,
    specifications,
)
from reports.wording import all_pupils, listed

DOSE_ROWS = 9
FEWEST_SCHOOLS = 5
PASSED = {True: ("Passed", "ok"), False: ("Not passed", "late"), None: ("Does not apply", "off")}
ALREADY_SAID = "does not apply: "  # how the detail of such a check begins in results of before
HIDDEN_HERE = (
    "What all pupils answered, and how it changed, follows. Only what would set the two groups of schools beside each other is left out: "
    "the comparison, the ways of making it, its checks, and the questions by rating group."
)
NEEDED = "The comparison needs five schools and 50 matched pupils in each group, and four degrees of freedom."
LEFT_OUT = (
    "The comparison, the other ways of making it, its checks and the questions by rating group are left out here."
)
READ = (
    "Pupils of higher-rated and lower-rated schools, made alike {what}. "
    "Higher-rated minus lower-rated: a minus means fewer declines where rated higher."
)
ALIKE = ("in their own start", "in the average start of their school", "in stage")
DECIDES = (
    "The interval of the difference decides the level of evidence, and its p always agrees with it. The odds ratio is the same "
    "model on another scale; near 0.05 its p may fall on the other side."
)
FALLBACK = (
    "Nearly all pupils of one group have the same result, so that the logistic model has no odds ratio. The difference is that of a "
    "straight-line model with the same adjustments: it need not equal the difference of the two shares as counted. The relabelling "
    "is a test of its own, without an interval; the interval of the difference decides the level of evidence."
)
MARKS = (
    "A filled square: the interval leaves out zero on the same side "
    "as the headline. An open circle and a dashed line: it does not. An open diamond: there is no interval."
)


def comparison(results, numbering):
    """The comparison of the rating groups with its interval; below L2 why there is none."""
    if not may_compare(results):
        return section("comparison", "Why there is no comparison", _no_comparison(results))
    headline, teams = part(results, "headline"), part(results, "companions", "lpm_adj_cr2_by_pcp_cluster")
    rows = _fallback_rows(headline, results) if headline.get("fallback") else _headline_rows(headline)
    if is_number(teams.get("df")) and teams["df"] >= FEWEST_DF:
        rows.append(
            _row("Straight-line model, grouped by mentor team", teams, ("est", "lo", "hi"), teams.get("p"), 100)
        )
    columns = [
        column("What"),
        column("Estimate", numeric=True, formats=[NUMBER_FORMATS[2]]),
        interval_column(places=2),
        column("p", numeric=True, formats=[P_FORMAT]),
        column("Degrees of freedom", numeric=True, formats=[NUMBER_FORMATS[1]]),
    ]
    note = FALLBACK if headline.get("fallback") else DECIDES
    table = numbering.table("The comparison and its interval", columns, rows, note=note)
    return section("comparison", "The comparison", [paragraph(_read(results)), table])


def _read(results):
    return READ.format(what=listed(ALIKE[:-1] if stages_absent(results) else ALIKE))


def _no_comparison(results):
    """The reasons, also where the finding has said them: who comes here from the contents has not read it."""
    reasons = part(results, "ladder").get("reasons") or []
    if results.get("hidden_by_group"):
        told = dict.fromkeys([*reasons, results.get("hidden_reason"), HIDDEN_HERE])
    else:
        told = [*reasons, _all_pupils(results), NEEDED if level_of(results) == "L1" else "", LEFT_OUT]
    return [paragraph(words) for words in told if words]


def _all_pupils(results):
    """S5 in words where nobody could be matched but enough schools answered both times; "" otherwise."""
    found, flow = part(results, "companions", "did_all_cr2"), part(results, "flow")
    matched, schools = part(results, "sample").get("n"), [flow.get("schools_high"), flow.get("schools_low")]
    enough = all(is_number(number) and number >= FEWEST_SCHOOLS for number in schools)
    known = is_number(found.get("est")) and is_number(found.get("df")) and found["df"] >= FEWEST_DF
    if level_of(results) != "L0" or matched != 0 or not (enough and known and flow.get("post_rows")):
        return ""
    return all_pupils(found["est"], found["lo"], found["hi"], found.get("n"))


def _headline_rows(headline):
    return [
        _share_row("Expected to decline, higher-rated", headline.get("p_high")),
        _share_row("Expected to decline, lower-rated", headline.get("p_low")),
        _row("Difference, percentage points", headline, ("rd", "rd_lo", "rd_hi"), headline.get("rd_p"), 100),
        _row("Odds ratio", headline, ("or", "or_lo", "or_hi"), headline.get("p"), places=2),
    ]


def _fallback_rows(headline, results):
    relabelled = part(results, "companions", "permutation_school").get("p")
    return [
        _share_row("Declined as counted, higher-rated", headline.get("p_high")),
        _share_row("Declined as counted, lower-rated", headline.get("p_low")),
        _row("Difference from a straight-line model, percentage points", headline, ("rd", "rd_lo", "rd_hi"), headline.get("rd_p"), 100),
        [text_cell("Relabelling of schools"), *blank_cells(2, ""), p_cell(relabelled), *blank_cells(1, "")],
    ]  # fmt: skip


def _share_row(words, share):
    cell = share_cell(share, 1, why="") if is_number(share) else number_cell(None)
    return [text_cell(words), cell, *blank_cells(3, "")]


def _row(words, estimate, keys, p, scale=1, places=1):
    """A row for the estimate and the ends that stand under ``keys``."""
    value, low, high = (estimate[key] * scale if is_number(estimate.get(key)) else None for key in keys)
    known = is_number(value)
    return [
        text_cell(words),
        number_cell(value, places),
        interval_cell(low, high, places),
        p_cell(p if known else None),
        number_cell(estimate.get("df") if known else None, 1),
    ]


def ways(results, charts, numbering):
    """The same comparison made in several ways, at other cuts, and along the rating."""
    rows = specifications(results)
    if not rows:
        return None
    headline = headline_of(rows)
    columns, shown = without_empty(
        _way_columns(column("Model"), column("Pupils or sheets", numeric=True), column("Unit")),
        [_specification_row(row, headline) for row in rows],
    )
    figure = numbering.figure(
        "The comparison, made in several ways",
        charts.get("specifications"),
        caption=f"Higher-rated minus lower-rated, or for each point of the rating; each unit has an axis of its own. "
        f"{captions.compared(results)} {captions.other_bases(rows)} {captions.WAYS} {MARKS} A way that could not be computed stays in the "
        f"list. {captions.evidence(results)}",
        columns=columns,
        rows=shown,
    )
    blocks = [figure, *_cuts(results, headline, charts, numbering), *_dose(results, charts, numbering)]
    return section("ways", "The comparison, made in several ways", blocks)


def _way_columns(*first):
    return [
        *first,
        column("Difference", numeric=True, formats=[NUMBER_FORMATS[2]]),
        interval_column(places=2),
        column("p", numeric=True, formats=[P_FORMAT]),
        column("Leaves out zero, same direction"),
    ]


def _specification_row(row, headline):
    return [
        text_cell(row.get("label") or row.get("short") or row.get("model")),
        _base_cell(row),
        text_cell(row.get("unit") or ""),
        *_way_cells(row, headline),
    ]


def _base_cell(row):
    """How many pupils or sheets a way rests on; nothing in a report of before, which did not say it."""
    if "n" not in row:
        return text_cell("")
    return count_cell(row["n"], "hidden" if row["computed"] else "")


def _way_cells(row, headline):
    places, why = places_of(row), row.get("why") or ""
    verdict = ("Yes" if holds(row, headline) else "No") if is_number(row.get("lo")) else why or "No interval"
    return [
        number_cell(row.get("est"), places),
        interval_cell(row.get("lo"), row.get("hi"), places),
        # An interval without its p: that p would tell what is hidden.
        p_cell(row.get("p"), "hidden" if is_number(row.get("lo")) else ""),
        text_cell(verdict),
    ]


def _cuts(results, headline, charts, numbering):
    """The comparison at every cut of the rating."""
    rows = cut_rows(results)
    if not rows:
        return []
    return [
        numbering.figure(
            "The comparison at other cuts of the rating",
            charts.get("cuts"),
            caption="Higher-rated minus lower-rated in percentage points when a school counts as higher-rated from another rating on, from a "
            f"straight-line model without the schools’ average start. The plan’s cut is in bold; the others only show how much hangs on it. "
            f"{captions.compared(results, groups=False)} {captions.CR2} {MARKS} {captions.evidence(results)}",
            columns=_way_columns(column("Higher-rated means a rating of")),
            rows=[[text_cell(row["label"]), *_way_cells(row, headline)] for row in rows],
        )
    ]


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
        f"pupils of one school being alike (CR2). {captions.compared(results)} Schools are not drawn, because ratings are "
        f"confidential. {captions.evidence(results)}"
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
        return None
    columns = [
        column("Question"),
        column("Odds ratio", numeric=True, formats=[NUMBER_FORMATS[2]]),
        interval_column(places=2),
        column("p", numeric=True, formats=[P_FORMAT]),
        column("q", numeric=True, formats=[P_FORMAT]),
        column("Pupils", numeric=True),
    ]
    caption = (
        "Odds ratio of a more positive answer at follow-up in higher-rated schools, given the answer before, with 95% "
        "intervals clustered by school (CR1), on a logarithmic axis. q is p after the Benjamini–Hochberg correction over all "
        "questions; a filled square marks q below 0.05. With fewer than 20 schools these intervals are too narrow and p too small."
    )
    figures = [
        numbering.figure(
            f"Each question by rating group, {STAGES.get(stage_group, stage_group)}{words}",
            charts.get(f"item_models_{stage_group}_{number}"),
            caption=f"{captions.of_each([row['n'] for row in shown])} {caption} {captions.evidence(results)}".strip(),
            columns=columns,
            rows=[_question_row(row) for row in shown],
            note=" ".join(filter(None, [turned_note(shown), _not_computed(shown)])),
        )
        for stage_group, rows in found.items()
        for number, (words, shown) in enumerate(item_blocks(rows), start=1)
    ]
    return section("questions", "Each question, by rating group", figures)


def _not_computed(rows):
    """Which questions have no model, and why: “Everybody gave the same answer at follow-up: “Growing plants”.”."""
    named = {}
    for row in rows:
        if row["est"] is None and row["may_say_why"]:
            named.setdefault(row["why"].rstrip("."), []).append(f"“{row['name'].rstrip('.')}”")
    return " ".join(f"{why}: {listed(names)}." for why, names in named.items())


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


def checks(results, numbering):
    """The checks behind the level, by name."""
    rows = results.get("checks") or []
    if not rows or not may_compare(results):
        return None
    table = numbering.table(
        "Checks for the top level",
        [column("Check"), column("Result"), column("Detail")],
        [_check_row(row) for row in rows],
        note="A check that could not be computed counts as not passed. pp: percentage points.",
    )
    return section("checks", "The checks", [table])


def _check_row(row):
    words, tag = PASSED.get(row.get("passed"), PASSED[None])
    phrase = row.get("phrase") or row.get("key") or ""
    return [
        text_cell(_sentence(phrase)),
        text_cell(words, tag),
        text_cell(_sentence((row.get("detail") or "").removeprefix(ALREADY_SAID))),
    ]


def _sentence(words):
    """Words with a capital at the beginning; the p of a p value stays small."""
    words = words or ""
    if words == "hidden":
        return HIDDEN
    return words if words.startswith("p ") else capital(words)
