"""A school's sheet in words and rows: the same for its page and its PDF. Plain words, nothing that ranks, nothing that explains.

Takes the stored figures (`analysis.school_sheets`), in which a hidden number is None.
"""

from statistics import median

from reports import wording
from reports.noise_wording import NO_REFERENCE
from reports.numbers import HIDDEN, count, percent
from reports.presentation.footer import sheets_line
from reports.presentation.shown import among_shown
from reports.reading import CHANGES, STAGES, WAVES, short_question

PLACES = (("School", "own"), ("Cluster", "around"), ("All schools", "cohort"))
NAMES = {"own": "Your school", "around": "Cluster", "cohort": "All schools"}
# Of the PDF, which has room on one side for the later answers of the other places.
LEFT_OUT = "What the others said before is on this sheet’s page in PCP."
NEAR = 0.1  # two shares that are less than this apart are said to be alike
# Where a share of nothing and of all stand in a row's little chart, in per cent of its width.
FIRST, LAST = 4, 96


def present_sheet(results, shared):
    """Everything that a rendering of one school's sheet prints, as plain types.

    results   {school, cluster, own, around}: names, and the figures of the school and of its cluster
    shared    what all sheets of the cohort share
    """
    figures = {"own": results["own"], "around": results["around"], "cohort": shared["cohort"]}
    tables = [_table(name, questions, figures) for name, questions in sorted(shared["questions"].items())]
    when = shared["fieldwork"]
    times = [time for time in (when["pre"], when["post"]) if time]
    return {
        "title": results["school"],
        "kicker": f"School sheet, {shared['title']}",
        "facts": f"{results['cluster']}. For the headteacher of this school only.",
        "times": f"Pupils answered in {wording.listed(times)}." if times else "",
        "lead": _lead(results["own"], when),
        "tables": tables,
        "reading": _reading(figures),
        "left-out": LEFT_OUT,
        "outcomes": _outcomes(figures, shared["noise"]),
        "shows": _shows(shared["questions"], results["own"]),
        "careful": _careful(results["own"]),
        "hidden": (
            f"{HIDDEN} is hidden, so that no pupil can be recognised: fewer than {wording.in_words(shared['minimum_base'])} answered, "
            f"or fewer than {wording.in_words(shared['small_cell'])} were positive or were not"
            f"{'' if shared.get('rule') == 'health_census' else ', or all answered alike'}, or it could be worked out from other "
            "published figures."
        ),
        "ask": "Questions? Ask your mentors or SSERC.",
        "footer": sheets_line(shared),
    }


def _lead(own, when):
    asked = own["answered"]
    if not asked["pre"] and not asked["post"]:
        return ["Nobody of your school answered. What the other schools said stands here all the same."]
    before, after = when["pre"] or "the first survey", when["post"] or "the second survey"
    found = [f"{count(asked['pre'])} of your pupils answered in {before} and {count(asked['post'])} in {after}."]
    if own["matched"] is None:
        found.append(
            "How many of them answered both times is hidden: it is few, or all but a few, or could be worked out."
        )
    elif own["matched"]:
        found.append(f"{count(own['matched'])} of them could be matched: they answered both times under the same code.")
    else:
        found.append("None could be matched from one time to the other.")
    if not shares_of(own):
        found.append("These are too few to show your own answers question by question.")
    return found


def _table(name, questions, figures):
    """One questionnaire: a row a question with a little chart of the later answers; columns in which nothing may be shown are left out."""
    scored = [question for question in questions if question["scored"]]
    asked = {place: [figures[place]["items"][name][question["item"]] for question in scored] for place in figures}
    columns = [
        {"place": place, "wave": wave, "name": f"{words}, {time}", "group": words, "time": time}
        for words, place in PLACES
        for time, wave in WAVES
        if any(_share(item, wave) is not None for item in asked[place])
    ]
    time, wave = next(
        (pair for pair in reversed(WAVES) if any(column["wave"] == pair[1] for column in columns)), WAVES[-1]
    )
    rows = []
    for number, question in enumerate(scored):
        cells = [
            {"column": column["name"], "text": _cell(asked[column["place"]][number], column)} for column in columns
        ]
        marks = [
            {"place": place, "at": round(FIRST + (LAST - FIRST) * round(share, 2), 1)}
            for place in ("cohort", "around", "own")
            if (share := _share(asked[place][number], wave)) is not None
        ]
        rows.append({"first": _words_of(question), "cells": cells, "marks": marks})
    return {
        "id": name.lower(),
        "heading": f"What pupils of {STAGES.get(name, name)} said about science",
        "columns": [column["name"] for column in columns],
        "groups": _groups(columns),
        "time": time,
        "places": [
            {"place": place, "name": NAMES[place]}
            for _, place in PLACES
            if any(mark["place"] == place for row in rows for mark in row["marks"])
        ],
        "sentence": _compared(rows, asked, wave, time),
        "rows": rows,
    }


def _words_of(question):
    """A question in few words, with a mark where it is put the other way round, so that nobody reads its share as agreement."""
    words = short_question(question["text"] or question["item"])
    return f"{words} (not agreed)" if question["reverse"] else words


def _groups(columns):
    """The columns of each place together, for a head of two lines: [{"name", "times"}]."""
    names = dict.fromkeys(column["group"] for column in columns)
    return [
        {"name": name, "times": [column["time"] for column in columns if column["group"] == name]} for name in names
    ]


def _compared(rows, asked, wave, time):
    """The school beside its cluster in words, or beside all schools where the cluster's answers may not be shown."""
    shares = {place: [_share(item, wave) for item in items] for place, items in asked.items()}
    if not any(share is not None for share in shares["own"]):
        return "Your own pupils’ answers to these questions are too few to be shown, or could be worked out."
    place = "around" if any(share is not None for share in shares["around"]) else "cohort"
    beside = "the cluster" if place == "around" else "all schools"
    apart = {
        number: own - other
        for number, (own, other) in enumerate(zip(shares["own"], shares[place], strict=True))
        if own is not None and other is not None
    }
    if not apart:
        return ""
    higher = [number for number, gap in apart.items() if gap >= NEAR]
    lower = [number for number, gap in apart.items() if gap <= -NEAR]
    found = [f"{time.capitalize()}, beside {beside}: {_near_and_far(len(apart), len(higher), len(lower))}."]
    # A share that is hidden may lie further away than any that is shown.
    among = " of those shown" if len(apart) < len(rows) else ""
    for words, numbers, sign in ((f"Furthest above{among}", higher, 1), (f"Furthest below{among}", lower, -1)):
        if numbers:
            most = max(numbers, key=lambda number: (sign * apart[number], -number))
            found.append(
                f"{words}: “{rows[most]['first']}” ({wording.percent(shares['own'][most])}, {beside} "
                f"{wording.percent(shares[place][most])})."
            )
    return " ".join(found)


def _near_and_far(number, higher, lower):
    """How many of the shares are near and how many are not; nothing is said of what there is none of."""
    near = number - higher - lower
    places = [(near, "less than 10 points away")] if near else []
    for how_many, word in ((higher, "higher"), (lower, "lower")):
        if how_many:
            places.append((how_many, word if places else f"10 points or more {word}"))
    if len(places) == 1:
        who = {1: "the one share", 2: "both shares"}.get(number, f"all {wording.in_words(number)} shares")
        return f"{who} of positive answers {'is' if number == 1 else 'are'} {places[0][1]}"
    told = (f"{wording.in_words(some)} {'is' if some == 1 else 'are'} {where}" for some, where in places)
    return f"of {wording.in_words(number)} shares of positive answers, {wording.listed(told)}"


def _reading(figures):
    """How to read the tables, with how many answered where a cell does not say it."""
    found = ["The share of positive answers of all who answered, matched or not; for your school in brackets how many."]
    for words, place in (("In the cluster", "around"), ("In all schools", "cohort")):
        bases = [n for item in _items(figures[place]) for _, wave in WAVES if (n := item[f"n_{wave}"])]
        if bases:
            found.append(f"{words} {count(min(bases))} to {count(max(bases))} answered a question.")
    return " ".join(found)


def _items(figures):
    return [item for items in figures["items"].values() for item in items.values()]


def _cell(item, column):
    """A share; what is hidden looks like what nobody answered, since "nobody" would tell it from "a few"."""
    share = _share(item, column["wave"])
    if share is None:
        return HIDDEN
    words, answered = wording.percent(share), item[f"n_{column['wave']}"]
    return f"{words} ({count(answered)})" if column["place"] == "own" else words


def _share(item, wave):
    """The positive share of one question, or None where it is hidden or nobody answered."""
    n, positive = item[f"n_{wave}"], item[f"pos_{wave}"]
    return positive / n if n and positive is not None else None


def shares_of(figures):
    """Every positive share of a place that may be shown."""
    shares = (_share(item, wave) for item in _items(figures) for _, wave in WAVES)
    return [share for share in shares if share is not None]


def _outcomes(figures, noise):
    """Declined, held, improved: a row, and a bar of 100 per cent, for each place where they may be shown."""
    columns = [*(kind.capitalize() for kind in CHANGES), "Matched pupils"]
    rows = []
    for name, place in PLACES:
        found, n = figures[place]["outcomes"], figures[place]["matched"]
        if whole := sum(found[kind] or 0 for kind in CHANGES):
            cells = [*(percent(found[kind], whole) for kind in CHANGES), count(n)]
            cells = [{"column": column, "text": text} for column, text in zip(columns, cells, strict=True)]
            rows.append({"first": name, "cells": cells, "bar": _bar([found[kind] / whole for kind in CHANGES], cells)})
    own = any(row["first"] == PLACES[0][0] for row in rows)
    return {
        "heading": "How the answers of matched pupils changed",
        "columns": columns,
        "rows": rows,
        "note": (
            ""
            if own
            else "How your own matched pupils changed cannot be shown: they are too few, or it could be worked out. "
        )
        + (
            NO_REFERENCE
            if noise is None
            else f"Never read “declined” alone. If views had not changed on the whole, about {wording.percent(noise)} would still "
            "answer a little lower the second time, as answers waver."
        ),
    }


def _bar(parts, cells):
    """The three parts of a bar in per cent of its width: [{"kind", "begin", "width", "text", "share"}]; a narrow part has
    no text, and a narrow screen room for the share alone."""
    found, begin = [], 0.0
    for kind, share, cell in zip(CHANGES, parts, cells, strict=False):
        width = 100 * share
        text = f"{cell['text']} {kind}" if width >= 22 else cell["text"] if width >= 9 else ""
        found.append({"kind": kind, "begin": round(begin, 2), "width": round(width, 2), "text": text,
                      "share": cell["text"] if text else "", "middle": round(begin + width / 2, 2)})  # fmt: skip
        begin += width
    return found


def _shows(questions, own):
    """What stands out in the school's own answers, from the later time that may be shown."""
    found = []
    for name in sorted(questions):
        for time, wave in reversed(WAVES):
            scored = [question for question in questions[name] if question["scored"]]
            shares = [
                (share, -number, _words_of(question))
                for number, question in enumerate(scored)
                if (share := _share(own["items"][name][question["item"]], wave)) is not None
            ]
            if shares:
                if words := _ends(shares):
                    among, others = among_shown(len(shares), len(scored) - len(shares))
                    opening = ", ".join(filter(None, [STAGES.get(name, name), time, among]))
                    found.append(" ".join(filter(None, [f"{opening}: {words}.", others])))
                break
    if not found and not shares_of(own):
        return [
            "Your own answers are too few to be shown. What your cluster and all schools said can still start a talk with your pupils."
        ]
    return [*found, "Ask your pupils what they make of it: they know what they meant."]


def _ends(shares):
    """Which question of [(share, place, words)] stands out at the top and at the bottom; of shares that print alike none does."""
    ordered = sorted(shares, key=lambda each: (-each[0], -each[1]))
    if len(ordered) < 2:
        return ""
    printed = [wording.percent(share) for share, *_ in ordered]
    most = f"most positive on “{ordered[0][2]}” ({printed[0]})" if printed[0] != printed[1] else ""
    least = f"least positive on “{ordered[-1][2]}” ({printed[-1]})" if printed[-1] != printed[-2] else ""
    return ", ".join(filter(None, [most, least]))


def _careful(own):
    bases = [item[f"n_{wave}"] for items in own["items"].values() for item in items.values() for _, wave in WAVES]
    bases = [n for n in bases if n]
    found = []
    if bases:
        n = round(median(bases))
        moved = max(1, round(100 / n))
        found.append(
            f"Few pupils. With about {n} answers to a question, one pupil who answers otherwise moves its share by about "
            f"{moved} percentage point{'' if moved == 1 else 's'}."
        )
    else:
        found.append("Few pupils. One answer would move a share by many points.")
    return [
        *found,
        "Other pupils may have answered the second time. Only the matched ones are the same.",
        "This is no league table. Differences between schools of this size are mostly chance.",
        "It describes answers. It does not say what they come from.",
    ]
