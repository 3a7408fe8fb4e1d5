"""A school's sheet in words and rows: the same for its page and its PDF. Plain words, nothing that ranks, nothing that explains.

Takes the stored figures (`analysis.school_sheets`), in which a hidden number is None.
"""

from statistics import median

from reports import wording
from reports.numbers import HIDDEN, NOT_AVAILABLE, count, percent
from reports.reading import CHANGES, STAGES, WAVES, short_question

PLACES = (("School", "own"), ("Cluster", "around"), ("All schools", "cohort"))


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
        "reading": "The share of positive answers, and in brackets how many pupils answered the question, matched or not.",
        "outcomes": _outcomes(figures, shared["noise"]),
        "shows": _shows(shared["questions"], results["own"]),
        "careful": _careful(results["own"]),
        "hidden": (
            f"{HIDDEN} is hidden, so that no pupil can be recognised: fewer than {wording.in_words(shared['minimum_base'])} answered, "
            f"or fewer than {wording.in_words(shared['small_cell'])} were positive or were not"
            f"{'' if shared.get('rule') == 'health_census' else ', or all answered alike'}, or it could be worked out from other "
            "published figures."
        ),
        "footer": f"Data {shared['data_hash'][:12]}, analysis {shared['analysis_version']}.",
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
    stages = STAGES.get(name, name)
    columns = [f"{place}, {time}" for place, _ in PLACES for time, _ in WAVES]
    rows = []
    for question in questions:
        if question["scored"]:
            words = short_question(question["text"] or question["item"])
            cells = [
                _cell(figures[place]["items"][name][question["item"]], wave) for _, place in PLACES for _, wave in WAVES
            ]
            rows.append(_row(f"{words} (not agreed)" if question["reverse"] else words, columns, cells))
    return {
        "id": name.lower(),
        "heading": f"What pupils of {stages} said about science",
        "columns": columns,
        "rows": rows,
    }


def _row(first, columns, cells):
    """A row whose cells know their column, so that a narrow screen can show it as a card."""
    return {
        "first": first,
        "cells": [{"column": column, "text": text} for column, text in zip(columns, cells, strict=True)],
    }


def _cell(item, wave):
    if not item[f"n_{wave}"]:
        return HIDDEN if item[f"n_{wave}"] is None else NOT_AVAILABLE
    share = _share(item, wave)
    return HIDDEN if share is None else f"{wording.percent(share)} ({count(item[f'n_{wave}'])})"


def _share(item, wave):
    """The positive share of one question, or None where it is hidden or nobody answered."""
    n, positive = item[f"n_{wave}"], item[f"pos_{wave}"]
    return positive / n if n and positive is not None else None


def shares_of(figures):
    """Every positive share of a place that may be shown."""
    shares = (_share(item, wave) for items in figures["items"].values() for item in items.values() for _, wave in WAVES)
    return [share for share in shares if share is not None]


def _outcomes(figures, noise):
    columns = [*(kind.capitalize() for kind in CHANGES), "Matched pupils"]
    rows = []
    for name, place in PLACES:
        found, n = figures[place]["outcomes"], figures[place]["matched"]
        whole = sum(found[kind] or 0 for kind in CHANGES)
        cells = [percent(found[kind], whole) if whole or found[kind] is None else NOT_AVAILABLE for kind in CHANGES]
        rows.append(_row(name, columns, [*cells, count(n)]))
    return {
        "heading": "How the answers of matched pupils changed",
        "columns": columns,
        "rows": rows,
        "note": (
            f"Never read “declined” alone. If no pupil’s view had changed at all, about {wording.percent(noise)} would still answer "
            "a little lower the second time, as answers waver."
        ),
    }


def _shows(questions, own):
    """What stands out in the school's own answers, from the later time that may be shown."""
    found = []
    for name in sorted(questions):
        for time, wave in reversed(WAVES):
            shares = [
                (share, -number, short_question(question["text"] or question["item"]))
                for number, question in enumerate(questions[name])
                if question["scored"] and not question["reverse"]
                and (share := _share(own["items"][name][question["item"]], wave)) is not None
            ]  # fmt: skip
            if len(shares) > 1:
                most, least = max(shares), min(shares, key=lambda each: (each[0], -each[1]))
                found.append(
                    f"{STAGES.get(name, name)}, {time}: most positive on “{most[2]}” ({wording.percent(most[0])}), "
                    f"least on “{least[2]}” ({wording.percent(least[0])})."
                )
                break
    if not found:
        return [
            "Your own answers are too few to be shown. What your cluster and all schools said can still start a talk with your pupils."
        ]
    return [*found, "Ask your pupils what they make of it: they know what they meant."]


def _careful(own):
    bases = [item[f"n_{wave}"] for items in own["items"].values() for item in items.values() for _, wave in WAVES]
    bases = [n for n in bases if n]
    found = []
    if bases:
        n = round(median(bases))
        found.append(f"Few pupils. Of about {n} answers one moves a share by {max(1, round(100 / n))} points.")
    else:
        found.append("Few pupils. One answer would move a share by many points.")
    return [
        *found,
        "Other pupils may have answered the second time. Only the matched ones are the same.",
        "This is no league table. Differences between schools of this size are mostly chance.",
        "It describes answers. It does not say what they come from.",
    ]
