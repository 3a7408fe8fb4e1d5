"""The section on what mentors, teachers and headteachers say: confidence before and after, agreement side by side, what was ticked."""

from itertools import groupby

from reports.numbers import NOT_AVAILABLE, count, is_number, percent
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    SHARE,
    WHOLE,
    column,
    count_cell,
    counts_cell,
    paragraph,
    section,
    text_cell,
)
from reports.reading import AREAS, before_after, bound_words, captions, in_order, mark, part, points_words, share_words
from reports.wording import not_the_same_adults

HEADING = "What mentors, teachers and headteachers say"
GROUPS = {"mentor": "Mentors", "teacher": "Teachers", "head": "Headteachers"}
TIMES = {"pre": "before", "post": "after"}
HEADINGS = {"impact rating": "The impact of the programme, as headteachers rate it"}
ENDS = ("est", "lo", "hi")
NOT_ASKED = "not asked"
POSITIVE = (
    "Positive is above the middle of the scale: agree and strongly agree, confident and very confident, high and very high. "
    "“Cannot say” and the like are left out of it; their own share is of all who gave any answer. Where fewer than five people "
    "differ from all others the share is said to be over or under a round figure."
)


def adults(results, charts, numbering):
    """The section in a list, which is empty where the report has no answers of adults: a part of the cohort, or a cohort without."""
    reading = part(results, "adults")
    # A database may give the keys of a result back in another order than it got them.
    groups = in_order(part(reading, "groups"), GROUPS)
    if not groups:
        return []
    blocks = [_who(groups, part(results, "scope", "asked"), numbering), paragraph(POSITIVE)]
    blocks += [paragraph(counts["note"]) for counts in groups.values() if counts.get("note")]
    apart = _apart(groups)
    for group, areas in in_order(part(reading, "confidence"), GROUPS).items():
        if areas:
            rows = [
                row for area, table in in_order(areas, AREAS).items() for row in _both_ways(area.capitalize(), table)
            ]
            blocks.append(
                _before_after(
                    f"Confidence in teaching, {GROUPS[group].lower()}",
                    charts.get(f"confidence_{group}"),
                    rows,
                    captions.confidence(reading, group),
                    numbering,
                )
            )
    for construct, questions in groupby(reading.get("agreement") or [], key=lambda question: question["construct"]):
        blocks.append(_agreement(construct, list(questions), apart, numbering))
    blocks += [_choices(question, apart, numbering) for question in reading.get("choices") or []]
    return [section("adults", HEADING, blocks)]


def _apart(groups):
    """{group: sentences} where most of a group asked twice are not the same people at the two times, or nobody knows."""
    said = {group: not_the_same_adults(counts) for group, counts in groups.items() if counts.get("basis") != "once"}
    return {group: [f"{GROUPS[group]}: {words}."] for group, words in said.items() if words}


def _before_and_after_of(asked, apart):
    """What stands under a table in which groups were asked at both times; `asked` are these groups."""
    return [sentence for group in GROUPS if group in asked for sentence in apart.get(group, [])]


def _who(groups, asked, numbering):
    """How many sheets came, and beside them how many people had been asked where that is known (`asked`, by group)."""
    columns = [
        column("Who"),
        *([column("Asked before, after", numeric=True, sheet=["Asked before", "Asked after"])] if asked else []),
        *(
            column(name, numeric=True)
            for name in ("Sheets before", "Sheets after", "Schools", "Linked before and after")
        ),
    ]
    keys = ("sheets_pre", "sheets_post", "schools", "linked")
    rows = [
        [
            text_cell(GROUPS[group]),
            *([_asked_cell(asked.get(group))] if asked else []),
            *(_who_cell(counts, key) for key in keys),
        ]
        for group, counts in groups.items()
    ]
    note = (
        "A school counts once for each group. Linked are people whose two sheets came by their own personal links. "
        f"{NOT_AVAILABLE} stands where a group was not asked at that time, or is not counted by school."
    )
    if asked:
        note += " Asked are people with a link of their own; teachers may also come by their school’s link. Headteachers are asked once, by school."
    return numbering.table("Adults who answered", columns, rows, note=note)


def _asked_cell(number):
    """How many of a group were asked: {pre, post}, or one number where a group is asked once."""
    times = number if isinstance(number, dict) else {"post": number}
    return counts_cell([times.get(wave) for wave in TIMES], why="")


def _who_cell(counts, key):
    """A count, or the mark where there was nothing to count: 0 would say that everybody who was asked kept silent."""
    nothing = counts.get(key) == 0
    once = key != "schools" and counts.get("basis") == "once"
    return count_cell(None, why="") if nothing and (once or key == "schools") else count_cell(counts.get(key))


def _both_ways(name, table):
    """All answers of each time, and below them those of the people who answered both times, where they are shown."""
    answered = [table.get("n_pre"), table.get("n_post")]
    yield name, "all who answered", before_after(name, table), answered, ", ".join(map(count, answered))
    if is_number(table.get("n_pair")) and table["n_pair"]:
        n = table["n_pair"]
        yield name, "the same people", before_after(name, table, linked=True), [n, n], count(n)


def _before_after(heading, chart, rows, drawn, numbering):
    share = [SHARE] * 3
    columns = [
        column("Subject"),
        column("Whose answers"),
        *(
            column(when, numeric=True, sheet=[f"{when}, {end}" for end in ("share", "from", "to")], formats=share)
            for when in ("Before", "After")
        ),
        column("Change, pp", numeric=True, sheet=["Change, pp", "from", "to"], formats=[NUMBER_FORMATS[1]] * 3),
        column("Answered before, after", numeric=True, sheet=["Answered before", "Answered after"]),
    ]
    return numbering.figure(
        heading,
        chart,
        caption=f"The share who are confident or very confident. {drawn} {captions.BOOTSTRAP} where ten schools or more answered. "
        "Nothing is tested.",
        columns=columns,
        rows=[_row(*row) for row in rows],
    )


def _row(name, whose, row, answered, words):
    cells = [text_cell(name), text_cell(whose)]
    for place in ("before", "after"):
        cells.append(_ends(share_words(row[place]) or row["bounds"][place] or row["mark"], row[place], 1))
    cells.append(_ends(points_words(row["change"]) or row["mark"], row["change"], 100))
    return [*cells, counts_cell(answered, words)]


def _ends(text, value, scale):
    values = [scale * value[end] if is_number(value[end]) else "" for end in ENDS]
    return {"text": text, "values": values, "tag": ""}


def _agreement(construct, questions, apart, numbering):
    """The statements on one matter: side by side where they were asked once, before and after where they were asked twice."""
    if any(table.get("asked_pre") for question in questions for table in question["groups"].values()):
        return _twice(construct, questions, apart, numbering)
    groups = [group for group in GROUPS if any(group in question["groups"] for question in questions)]
    columns = [column("Statement")]
    for group in groups:
        name = GROUPS[group]
        columns.append(
            column(
                f"{name}, positive",
                numeric=True,
                sheet=[f"{name}, positive", f"{name}, answered"],
                formats=[SHARE, WHOLE],
            )
        )
        columns.append(column(f"{name}, cannot say", numeric=True, formats=[SHARE]))
    rows = []
    for question in questions:
        cells = [text_cell(question["text"])]
        for group in groups:
            cells += _positive_and_cannot_say(question["groups"].get(group), "post")
        rows.append(cells)
    heading = HEADINGS.get(construct) or construct.capitalize()
    return numbering.table(heading, columns, rows, note="In brackets, how many answered on the scale.")


def _twice(construct, questions, apart, numbering):
    columns = [column("Statement"), column("Who")]
    for when in ("Before", "After"):
        columns.append(
            column(when, numeric=True, sheet=[f"{when}, positive", f"{when}, answered"], formats=[SHARE, WHOLE])
        )
    columns.append(
        column(
            "Change of the same people, pp",
            numeric=True,
            sheet=["Change, pp", "Same people"],
            formats=[NUMBER_FORMATS[1], WHOLE],
        )
    )
    columns.append(column("Cannot say, after", numeric=True, formats=[SHARE]))
    rows = []
    for question in questions:
        for group, table in in_order(question["groups"], GROUPS).items():
            before, _ = _positive_and_cannot_say(table, "pre")
            after, cannot_say = _positive_and_cannot_say(table, "post")
            rows.append(
                [text_cell(question["text"]), text_cell(GROUPS[group]), before, after, _change(table), cannot_say]
            )
    asked = {group for question in questions for group, table in question["groups"].items() if table.get("asked_pre")}
    note = [
        "In brackets, how many answered on the scale, or how many people are compared.",
        *_before_and_after_of(asked, apart),
    ]
    return numbering.table(construct.capitalize(), columns, rows, note=" ".join(note))


def _positive_and_cannot_say(table, wave):
    if not table or not table.get(f"asked_{wave}"):
        empty = {"text": NOT_ASKED, "values": ["", ""], "tag": ""}
        return [empty, {**empty, "values": [""]}]
    share, n, outside = (table.get(f"{key}_{wave}") for key in ("pos", "n", "cannot_say_share"))
    bound = bound_words(table, wave)
    return [
        {
            "text": told_share(table, wave) or mark(table),
            "values": [share if is_number(share) else bound or mark(table), n if is_number(n) else mark(table)],
            "tag": "",
        },
        {
            "text": percent(outside, 1) if is_number(outside) else mark(table),
            "values": [outside if is_number(outside) else mark(table)],
            "tag": "",
        },
    ]


def told_share(table, wave):
    """The positive share with its base, “78% (212)” or “over 90% (54)”; nothing where neither may be shown."""
    share, n = table.get(f"pos_{wave}"), table.get(f"n_{wave}")
    words = percent(share, 1) if is_number(share) else bound_words(table, wave)
    return f"{words} ({count(n)})" if words and is_number(n) else ""


def _change(table):
    change, n = table.get("pos_change_pair"), table.get("n_pair")
    if not is_number(change) or not n:
        return {"text": mark(table), "values": [mark(table), mark(table)], "tag": ""}
    words = f"{points_words({'est': change, 'lo': None, 'hi': None})} ({count(n)})"
    return {"text": words, "values": [100 * change, n], "tag": ""}


def _choices(question, apart, numbering):
    """What was ticked of one list: each option's share of those who ticked anything."""
    asked, twice = [], set()
    for group, times in in_order(question["groups"], GROUPS).items():
        here = {when: ticks for when, ticks in in_order(times, TIMES).items() if ticks["asked"]}
        twice |= {group} if len(here) > 1 else set()
        names = {when: f"{GROUPS[group]}, {TIMES[when]}" if len(here) > 1 else GROUPS[group] for when in here}
        asked += [(names[when], ticks) for when, ticks in here.items()]
    columns = [column("Answer")]
    columns += [
        column(
            f"{name} (of {count(ticks['n'])})",
            numeric=True,
            sheet=[f"{name}, share", f"{name}, ticked"],
            formats=[SHARE, WHOLE],
        )
        for name, ticks in asked
    ]
    labels = {option["code"]: option["label"] for _, ticks in asked for option in ticks["options"]}
    rows = [[text_cell(label), *(_tick(ticks, code) for _, ticks in asked)] for code, label in labels.items()]
    note = ["Shares of those who ticked anything. They need not sum to 100%.", *_before_and_after_of(twice, apart)]
    return numbering.table(question["text"], columns, rows, note=" ".join(note))


def _tick(ticks, code):
    option = next((option for option in ticks["options"] if option["code"] == code), None)
    if option is None:
        return {"text": "not offered", "values": ["", ""], "tag": ""}
    known = is_number(option["share"])
    words = percent(option["share"], 1) if known else mark(option)
    return {"text": words, "values": [option["share"], option["count"]] if known else [words, words], "tag": ""}
