"""Which subjects and which activities pupils like best.

Read from the item tables of a result after disclosure control, so that nothing hidden can come back as a rank: a
question whose share is hidden stands at the end without one, and the others are ranked among themselves. A share is hidden
where nearly all were positive too, so a rank is one among those shown: whoever prints it says so where one is hidden.

For each stage group and time, the questions of one construct by the share of positive answers of all pupils who
answered, most first. Equal shares have the same rank, and the next rank counts them all (1, 2, 2, 4). ``level_with``
names the neighbours below whose interval reaches that of the row, for which the order may be chance; without
intervals (fewer than ten schools) it says so by being None.
"""

from reports.analysis.cells import HIDDEN
from reports.analysis.schema import WAVES

SUBJECTS = "subject liking"
ACTIVITIES = "science activity enjoyment"


def popularity(items):
    """``{subjects: {stage group: {pre, post: rows}}, activities: ...}`` from ``results["items"]``.

    A row has item, text, n, share (a proportion), lo, hi, rank (None when hidden or not answered), of (how many are
    ranked), level_with (items, or None) and why.
    """
    return {
        name: {group: {wave: _ranked(table, construct, wave) for wave in WAVES} for group, table in items.items()}
        for name, construct in (("subjects", SUBJECTS), ("activities", ACTIVITIES))
    }


def _ranked(table, construct, wave):
    questions = [(item, row) for item, row in table.items() if row.get("construct") == construct]
    rows = [_row(item, row, wave) for item, row in sorted(questions, key=lambda pair: pair[1]["order"])]
    shown = sorted((row for row in rows if row["share"] is not None), key=lambda row: -row["share"])
    for place, row in enumerate(shown):
        before = shown[place - 1] if place else None
        row["rank"] = before["rank"] if before and before["share"] == row["share"] else place + 1
        row["of"] = len(shown)
        row["level_with"] = _level_with(row, shown[place + 1 :])
    return shown + [row for row in rows if row["share"] is None]


def _row(item, row, wave):
    share = row.get(f"pos_{wave}")
    if share is not None:
        why = ""
    else:
        why = HIDDEN if row.get("why") == HIDDEN and row.get(f"n_{wave}") != 0 else "Nobody answered this question."
    return {
        "item": item,
        "text": row.get("text") or item,
        "n": row.get(f"n_{wave}"),
        "share": share,
        "lo": row.get(f"pos_{wave}_lo"),
        "hi": row.get(f"pos_{wave}_hi"),
        "rank": None,
        "of": None,
        "level_with": None,
        "why": why,
    }


def _level_with(row, below):
    """The items below whose interval reaches this one's; None without intervals."""
    if row["lo"] is None:
        return None
    return [other["item"] for other in below if other["hi"] is not None and other["hi"] >= row["lo"]]
