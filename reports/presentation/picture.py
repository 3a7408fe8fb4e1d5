"""The picture sheet for the wall: what a school's children said, in ten stars a line. For readers of six to eight.

Only shares that may be shown on the school's sheet, rounded to tenths; no count, no child, no comparison.
"""

import re

from reports.presentation.footer import sheets_line
from reports.reading import short_question

LINES = 3
LIKING = re.compile("How much do you (like|enjoy) ")
CLASSES = {"P2P4": "P2 to P4", "P5P7": "P5 to P7"}


def present_picture(results, shared):
    """Everything that a rendering of one school's picture sheet shows, as plain types.

    Where the school's own answers may not be shown it tells of the children of all schools, and says so.
    """
    for figures, own in ((results["own"], True), (shared["cohort"], False)):
        for wave in ("post", "pre"):
            groups = [
                {"heading": CLASSES.get(name, name), "lines": lines}
                for name, questions in sorted(shared["questions"].items())
                if (lines := _lines(questions, figures["items"][name], wave, own))
            ]
            if groups:
                return _page(results, shared, groups, own, shared["fieldwork"][wave])
    return _page(results, shared, [], own=True, when="")


def _page(results, shared, groups, own, when):
    told = "Here is what we said." if own else "Here is what children in all our schools said."
    return {
        "title": "We talked about science",
        "school": results["school"],
        "told": told if groups else "We said what we think about science.",
        "when": when,
        "groups": groups,
        "thanks": "Thank you for telling us what you think.",
        "footer": sheets_line(shared),
    }


def _lines(questions, items, wave, own):
    """The questions with the most positive answers, most first."""
    found = []
    for number, question in enumerate(questions):
        item = items[question["item"]]
        n, positive = item[f"n_{wave}"], item[f"pos_{wave}"]
        if question["scored"] and not question["reverse"] and n and positive is not None:
            found.append((-positive / n, number, question))
    return [_line(-share, question, own) for share, _, question in sorted(found)[:LINES]]


def _line(share, question, own):
    stars = int(10 * share + 0.5)
    text = question["text"] or question["item"]
    return {
        "text": short_question(text),
        "row": [number < stars for number in range(10)],
        "words": f"{_how_many(share, stars, own)} {_said(text, question['points'])}",
    }


def _said(text, points):
    """What a positive answer was, in the words of the answers: of three faces only “A lot”, of five answers the two at the top."""
    liking = LIKING.match(text)
    if not liking:
        return "say yes"
    return f"{liking[1]} it {'a lot' if points <= 3 else 'quite a lot or a lot'}"


def _how_many(share, stars, own):
    if stars == 10:
        return f"{'All' if share == 1 else 'Nearly all'} of {'us' if own else 'the children'}"
    return f"{stars} out of 10 {'of us' if own else 'children'}"
