"""What the papers print that are made on request: the key findings of a report, and the pack of a cluster's mentors.

Plain values in, plain values out: what the database holds is handed over by the views.
"""

from reports.numbers import HIDDEN, count
from reports.presentation.blocks import Numbering, column, count_cell, text_cell
from reports.presentation.finding import level
from reports.presentation.key_findings import PARTS

NOBODY = "nobody yet"
SO_FAR = "Sessions by school, all sessions so far"
NOT_YET = "This appears when SSERC has published a report on this cluster. It follows the second survey."


def present_key_findings(results, sentences, quotes, covers, source, provenance, approved, withdrawn=""):
    """The page of key findings as plain types.

    results     the stored results of the report, for the level of evidence
    sentences   [{"part", "text"}] in their order
    quotes      [(what somebody said, who)]
    covers      the place and cohort in words
    source      who approved them, and where to read more
    provenance  which report they are from, and how its figures came about (`footer.report_line`)
    approved    False for a draft, which then says so
    withdrawn   the day on which it was withdrawn, which it then says instead
    """
    found = level(results)
    return {
        "kicker": "SSERC Primary Cluster Programme in Science and Technology (PCP)",
        "title": "Key findings",
        "covers": covers,
        "notice": f"Withdrawn on {withdrawn}. Please do not use it any longer."
        if withdrawn
        else ""
        if approved
        else "Draft. Nobody has approved this page yet.",
        "level": {key: found[key] for key in ("code", "title", "rungs")},
        "parts": [
            {"heading": heading, "sentences": texts}
            for part, heading in PARTS.items()
            if (texts := [each["text"] for each in sentences if each["part"] == part])
        ],
        "quotes": [{"text": f"“{text}”", "who": who} for text, who in quotes],
        "source": source,
        "provenance": provenance,
    }


def present_pack(place, kicker, facts, tiles, learning, schools, statements, source, provenance, sections):
    """The pack of a cluster as plain types.

    tiles       [(label, figure, base)]
    learning    how many sessions there were since the beginning, and from which schools nobody came
    schools     [(school, sessions, places taken, whether anybody came)] since the beginning
    statements  [(statement, who agree, who cannot say, answered or None where that is hidden)] of the feedback on sessions
    source      which report the sections come from, or "" where none is published
    provenance  how the figures of that report came about (`footer.report_line`), or ""
    sections    what `presentation.pack.pack_sections` gives
    """
    numbering = Numbering()
    progress = []
    if schools:
        columns = [column("School"), column("Sessions", numeric=True), column("Places taken", numeric=True)]
        rows = [
            [text_cell(name if met else f"{name} ({NOBODY})"), count_cell(sessions), count_cell(places)]
            for name, sessions, places, met in schools
        ]
        progress.append(numbering.table(SO_FAR, columns, rows))
    if statements:
        columns = [column("Statement"), *(column(name, numeric=True) for name in ("Agree", "Cannot say", "Answered"))]
        rows = [
            [text_cell(text), text_cell(agree), text_cell(unsure), count_cell(answered)]
            for text, agree, unsure, answered in statements
        ]
        note = f"{HIDDEN} is hidden, because too few said it. “Answered” is how many the share who agree is of."
        progress.append(numbering.table("What people say of the sessions", columns, rows, note=note))
    return {
        "title": f"{place}: pack for the second residential",
        "kicker": kicker,
        "facts": facts,
        "tiles": [
            {"label": label, "figure": figure if isinstance(figure, str) else count(figure), "unit": "", "base": base}
            for label, figure, base in tiles
        ],
        "learning": learning,
        "progress": [table | {"label": f"{chr(64 + number)}"} for number, table in enumerate(progress, start=1)],
        "source": source or NOT_YET,
        "provenance": provenance,
        "sections": sections,
    }
