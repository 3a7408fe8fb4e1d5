"""The sections that show the answers themselves: change by rating group and by stage, and question by question."""

from reports.noise_wording import never_alone
from reports.numbers import count, is_number, long_date, percent
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    SHARE,
    WHOLE,
    blank_cells,
    column,
    count_cell,
    counts_cell,
    interval_cell,
    interval_column,
    number_cell,
    paragraph,
    question_cell,
    section,
    share_cell,
    text_cell,
)
from reports.reading import (
    CHANGES,
    GROUP_NAMES,
    STAGES,
    WAVES,
    before_after_rows,
    captions,
    change_heading,
    complete,
    item_blocks,
    items_of,
    mark,
    noise_reference,
    part,
    point_words,
    points_words,
    positive,
    question_name,
    share_words,
    short_question,
    shown_groups,
    total,
    turned_note,
)
from reports.wording import cut

ANSWERED = (("Answered", "n"), ("Not sure", "n_unscored"), ("Blank", "n_blank"))
NOT_ANSWERED = "“Not sure” are answers such as “not sure”, “not done” or “prefer not to say”; “Blank” is no answer, or one that is not on the scale."
SHORTENED = "Words that many questions begin with, such as “How much do you like this”, are left out here."


def change(results, charts, numbering):
    """Declined, held and improved by rating group, and the average change by stages."""
    groups = part(results, "change_groups")
    figure = numbering.figure(
        change_heading(results),
        charts.get("change"),
        caption=_change_caption(results, groups),
        columns=_change_columns("Group"),
        rows=[_change_row(GROUP_NAMES[key], group) for key, group in _groups_in_table(results)],
        note=never_alone(noise_reference(results)),
    )
    basis = [paragraph(groups["noise_base"])] if groups.get("noise_base") else []
    if figure["instead"] and any(complete(row) for row in part(results, "change_by_stage").values()):
        basis.insert(
            0, paragraph(never_alone(noise_reference(results)))
        )  # a sentence in the figure's place has no caption
    return section("change", "Declined, held, improved", [figure, *basis, *by_stage(results, numbering)])


def _change_caption(results, groups):
    shown = shown_groups(results)
    # Where their outcomes are hidden, how many they are may still be shown, as in the table.
    pupils = count(sum(total(group) for _, group in shown) if shown else part(groups, "all").get("n"))
    if len(shown) > 1:
        made = part(results, "provenance")
        whose = f"Matched pupils of rated schools, n = {pupils}"
        everybody = (groups.get("all") or {}).get("n")
        whose += f", of {count(everybody)} matched pupils. " if is_number(everybody) else ". "
        if is_number(made.get("cut")):
            whose += f"Higher-rated: headteacher’s average rating of {cut(made['cut'])} or more{_fixed(made)}. "
        whose += f"{captions.NO_INTERVALS} {captions.evidence(results)}"
    else:
        whose = f"All matched pupils, n = {pupils}."
        if any(groups.get(arm) for arm in ("high", "low")):
            whose += " Not by rating group: those counts could be traced to a few pupils, or to one or two schools without a rating."
    return whose


def by_stage(results, numbering):
    """Declined, held and improved by stage, and the average change: nothing of it is by rating group."""
    blocks = []
    stages = part(results, "change_by_stage")
    if stages:
        rows = [_change_row(STAGES.get(key, key), stages[key] or {}) for key in sorted(stages)]
        blocks.append(numbering.table("Declined, held and improved by stage", _change_columns("Stages"), rows))
    if part(results, "change"):
        blocks.append(_average_table(results, numbering))
    return blocks


def _fixed(made):
    if not made.get("cut_fixed_by"):
        return ""
    day = f" on {long_date(made['cut_fixed_at'])}" if made.get("cut_fixed_at") else ""
    return f", a cut fixed by {made['cut_fixed_by']}{day}"


def _groups_in_table(results):
    groups = part(results, "change_groups")
    keys = ("all",) if results.get("hidden_by_group") else ("high", "low", "all")
    return [(key, groups[key]) for key in keys if groups.get(key)]


def _change_columns(first):
    return [column(first), *_outcome_columns(), column("Pupils", numeric=True), column("Schools", numeric=True)]


def _outcome_columns():
    """Declined, held and improved, each with its share, and their net."""
    changes = [
        column(
            kind.capitalize(),
            numeric=True,
            sheet=[kind.capitalize(), f"{kind.capitalize()}, share"],
            formats=[WHOLE, SHARE],
        )
        for kind in CHANGES
    ]
    return [*changes, column("Net, pp", numeric=True, formats=[NUMBER_FORMATS[0]])]


def _change_row(name, group):
    base = group.get("n")
    return [text_cell(name), *_outcome_cells(group, base), count_cell(base), count_cell(group.get("schools"))]


def _outcome_cells(group, base):
    """Each outcome of a group with its share where it may be shown, and their net where both may."""
    why, cells = (group.get("why") or "hidden") if base else "", []
    for kind in CHANGES:
        value = group.get(kind)
        if not is_number(value) or not base:
            cells.append(number_cell(None, why=why))
            continue
        words = f"{count(value)} ({percent(value, base)})"
        cells.append({"text": words, "values": [value, round(value / base, 4)], "tag": ""})
    net = 100 * (group["improved"] - group["declined"]) / base if base and complete(group) else None
    return [*cells, number_cell(net, 0, plus=True, why=why)]


def _average_table(results, numbering):
    """The matched pupils of each stage group, and beneath them all who answered, who are partly other pupils each time."""
    two = NUMBER_FORMATS[2]
    columns = [
        column("Stages"),
        column("Pupils before, after", numeric=True, sheet=["Pupils before", "Pupils after"]),
        column("Schools", numeric=True),
        column("Before", numeric=True, formats=[two]),
        column("After", numeric=True, formats=[two]),
        column("Change", numeric=True, formats=[two]),
        interval_column(places=2),
        column("Change in SD", numeric=True, formats=[two]),
    ]
    matched, everybody = part(results, "change"), part(results, "change_of_all")
    rows = []
    for key in sorted(matched):
        stages, row = STAGES.get(key, key), matched[key] or {}
        of_pairs = ("mean_b", "mean_y", "mean_change", "smc_sdpre")
        rows.append(_average_row(f"{stages}, matched", row, [row.get("n")] * 2, of_pairs))
        if row := everybody.get(key):
            answered, of_all = (
                [row.get("n_pre"), row.get("n_post")],
                ("mean_pre", "mean_post", "difference", "smc_sdpre"),
            )
            rows.append(_average_row(f"{stages}, all who answered", row, answered, of_all))
    return numbering.table("Average change by stage", columns, rows, note=AVERAGE_NOTE)


FEWEST_SCHOOLS = 10  # for an interval of one group's own average
AVERAGE_NOTE = (
    "Average score on the scale of the own questionnaire, and its change also in SD of all scores before of the same row. The matched are the same "
    "pupils both times; all who answered are partly other pupils each time. Intervals take account of schools; there is none with fewer than ten."
)


def _average_row(name, row, pupils, keys):
    """One row: `keys` name the means before and after, their difference and that in SD."""
    before, after, change, size = keys
    why = row.get("why") or ""
    enough = is_number(row.get("schools")) and row["schools"] >= FEWEST_SCHOOLS
    return [
        text_cell(name), counts_cell(pupils), count_cell(row.get("schools")),
        *[number_cell(row.get(key), why=why) for key in (before, after, change)],
        interval_cell(row.get("lo") if enough else None, row.get("hi"), 2, why if enough else ""),
        number_cell(row.get(size), why=why),
    ]  # fmt: skip


def _question_changes(stage_group, items, numbering):
    """How the answers of the same pupils to each question changed."""
    columns = [
        column("Question"),
        *_outcome_columns(),
        column("Mean change", numeric=True, formats=[NUMBER_FORMATS[2]]),
        column("Pupils", numeric=True),
    ]
    rows = []
    for item in items:
        base = item.get("n_pair")
        mean = number_cell(item.get("mean_change"), 2, plus=True, why=item.get("why") or "")
        rows.append([question_cell(question_name(item)), *_outcome_cells(item, base), mean, count_cell(base)])
    stages = STAGES.get(stage_group, stage_group)
    note = " ".join(filter(None, ["Pupils who answered the question both times.", turned_note(items)]))
    return numbering.table(f"Change of each question, {stages}", columns, rows, note=note)


def before_and_after(results, charts, numbering):
    """Answers to every question before and after, one figure for each questionnaire."""
    blocks = []
    if any(short_question(words) != words.rstrip(".") for words in _questions(results)):
        blocks.append(paragraph(SHORTENED))
    for stage_group in sorted(part(results, "items")):
        items = items_of(results, stage_group)
        stages = STAGES.get(stage_group, stage_group)
        if not any(item.get(f"n_{wave}") for item in items for _, wave in WAVES):
            blocks.append(
                paragraph(
                    f"{stages}: no question may be shown. Nobody answered, or so few that a pupil could be recognised."
                )
            )
            continue
        points = max((int(item.get("points") or 0) for item in items), default=0)
        for number, (words, shown) in enumerate(item_blocks(items), start=1):
            blocks.append(
                numbering.figure(
                    f"Answers before and after, {stages}{words}",
                    charts.get(f"items_{stage_group}_{number}"),
                    caption=f"{_asked(shown)} Per cent of all pupils who answered, matched or not. Bars are centred on the middle answer, and the "
                    "right-hand side is always the more positive. Narrow parts carry no number; the table has them all.",
                    note=turned_note(shown),
                    columns=_item_columns(points),
                    rows=[row for item in shown for row in _item_rows(item, points)],
                )
            )
            blocks.append(
                _positive(stage_group, stages, words, shown, charts.get(f"positive_{stage_group}_{number}"), numbering)
            )
        if any(is_number(item.get("n_pair")) and item["n_pair"] for item in items):
            blocks.append(_question_changes(stage_group, items, numbering))
    return section(
        "items", "Before and after, question by question", blocks or [paragraph("No question may be shown.")]
    )


def _questions(results):
    return [question_name(item) for group in part(results, "items") for item in items_of(results, group)]


def _asked(items):
    return captions.of_each([item.get(f"n_{wave}") for item in items for _, wave in WAVES])


def _positive(stage_group, stages, words, items, chart, numbering):
    """The share of positive answers of each question before and after, with intervals."""
    share = [SHARE] * 3
    columns = [
        column("Question"),
        *[
            column(when, numeric=True, sheet=[f"{when}, {end}" for end in ("share", "from", "to")], formats=share)
            for when in ("Before", "After")
        ],
        column("Change, pp", numeric=True, sheet=["Change, pp", "from", "to"], formats=[NUMBER_FORMATS[1]] * 3),
        *[
            column(f"{words} before, after", numeric=True, sheet=[f"{words} before", f"{words} after"])
            for words, _ in ANSWERED
        ],
    ]
    rows = []
    for item, row in zip(items, before_after_rows(items), strict=True):
        cells = [question_cell(row["name"])]
        cells += [_ends_cell(share_words(row[when]) or row["mark"], row[when], 1) for when in ("before", "after")]
        cells.append(_ends_cell(points_words(row["change"]) or row["mark"], row["change"], 100))
        cells += [counts_cell([item.get(f"{key}_{wave}") for _, wave in WAVES]) for _, key in ANSWERED]
        rows.append(cells)
    return numbering.figure(
        f"Positive answers before and after, {stages}{words}",
        chart,
        caption=f"{_asked(items)} The share of positive answers (above the middle of the scale) of all pupils who answered, matched or not, with "
        "95% intervals from a bootstrap of schools; none where fewer than ten schools answered. With 10 to 20 schools such intervals are "
        "a little too narrow.",
        note=" ".join(filter(None, [NOT_ANSWERED, turned_note(items)])),
        columns=columns,
        rows=rows,
    )


def _ends_cell(text, value, scale):
    """A figure with its interval: one cell to read, three to calculate with."""
    return {
        "text": text,
        "values": [scale * value[end] if is_number(value[end]) else "" for end in ("est", "lo", "hi")],
        "tag": "",
    }


def _item_columns(points):
    answers = [column(word, numeric=True, formats=[SHARE]) for word in point_words(points)]
    return [column("Question"), column("When"), *answers, column("Positive", numeric=True, formats=[SHARE]),
            column("Pupils", numeric=True)]  # fmt: skip


def _item_rows(item, points):
    rows = []
    for word, wave in WAVES:
        counts, base = item.get(f"counts_{wave}"), item.get(f"n_{wave}")
        name = [question_cell(question_name(item)), text_cell(word)]
        if counts and base:
            cells = [share_cell(number, base) for number in counts] + blank_cells(points - len(counts), "")
        else:
            cells = blank_cells(points, mark(item))
        share = positive(item, wave)
        cells.append(share_cell(share, 100) if share is not None else number_cell(None, why=item.get("why") or ""))
        rows.append([*name, *cells, count_cell(item.get(f"n_{wave}"))])
    return rows
