"""Which subjects and activities pupils like best, as tables."""

from reports.presentation.blocks import SHARE, column, number_cell, paragraph, section, share_cell, text_cell
from reports.reading import STAGES, part

NAMES = {"subjects": "Subjects", "activities": "Science activities"}
WAVES = (("before", "pre"), ("after", "post"))
NOTE = (
    "Ranked by the share of positive answers of all pupils who answered, matched or not; equal shares have one rank. “Level with” "
    "counts those below whose 95% interval reaches this one’s, so that their order may be chance; it needs ten schools."
)
# A share is hidden where nearly all were positive as well as where nearly nobody was, so it may be the first of all or the last.
AMONG_SHOWN = "A hidden share has no rank and may lie higher or lower, so the ranks are among those shown."


def favourites(results, numbering):
    """The subjects and activities of each stage group in the order of the answers after; None where none was asked."""
    found, blocks = part(results, "popularity"), []
    for name, title in NAMES.items():
        for group, waves in sorted(part(found, name).items()):
            if waves["post"]:
                stages = STAGES.get(group, group)
                hidden = any(_some_hidden(waves[wave]) for _, wave in WAVES)
                note = f"{NOTE} {AMONG_SHOWN}" if hidden else NOTE
                caption = f"{title} that pupils like, {stages}"
                blocks.append(numbering.table(caption, _columns(title, waves), _rows(waves), note=note))
    if not blocks and not any(waves[wave] for name in NAMES for waves in part(found, name).values() for wave in waves):
        return None
    return section(
        "favourites",
        "Which subjects and activities pupils like best",
        blocks or [paragraph("No question about subjects or activities may be shown.")],
    )


def _some_hidden(rows):
    """Whether some of the questions of one time are ranked and some are hidden."""
    return any(row["rank"] for row in rows) and any(row["why"] == "hidden" for row in rows)


def _columns(title, waves):
    found = [column(title)]
    for when, wave in WAVES:
        rank = f"Rank {when}{', of those shown' if _some_hidden(waves[wave]) else ''}"
        found += [column(rank, numeric=True), column(f"Positive {when}", numeric=True, formats=[SHARE])]
    return [*found, column("Level with, after", numeric=True)]


def _rows(waves):
    before = {row["item"]: row for row in waves["pre"]}
    return [
        [text_cell(row["text"]), *_cells(before.get(row["item"])), *_cells(row), _level(row)] for row in waves["post"]
    ]


def _cells(row):
    row = row or {"rank": None, "share": None, "why": ""}
    share = share_cell(row["share"], 1) if row["share"] is not None else number_cell(None, why=row["why"])
    return [number_cell(row["rank"], 0), share]


def _level(row):
    return number_cell(len(row["level_with"]) if row.get("level_with") is not None else None, 0)
