"""Which subjects and activities pupils like best, as tables."""

from reports.presentation.blocks import SHARE, column, number_cell, paragraph, section, share_cell, text_cell
from reports.reading import STAGES, part

NAMES = {"subjects": "Subjects", "activities": "Science activities"}
WAVES = (("before", "pre"), ("after", "post"))
NOTE = (
    "Ranked by the share of positive answers of all pupils who answered, matched or not; equal shares have one rank. A hidden "
    "share has none. “Level with” counts those below whose 95% interval reaches this one’s, so that their order may be chance; "
    "it needs ten schools."
)


def favourites(results, numbering):
    """The subjects and activities of each stage group in the order of the answers after; None where none was asked."""
    found, blocks = part(results, "popularity"), []
    for name, title in NAMES.items():
        for group, waves in sorted(part(found, name).items()):
            if waves["post"]:
                stages = STAGES.get(group, group)
                blocks.append(
                    numbering.table(f"{title} that pupils like, {stages}", _columns(title), _rows(waves), note=NOTE)
                )
    if not blocks and not any(waves[wave] for name in NAMES for waves in part(found, name).values() for wave in waves):
        return None
    return section(
        "favourites",
        "Which subjects and activities pupils like best",
        blocks or [paragraph("No question about subjects or activities may be shown.")],
    )


def _columns(title):
    found = [column(title)]
    for when, _ in WAVES:
        found += [column(f"Rank {when}", numeric=True), column(f"Positive {when}", numeric=True, formats=[SHARE])]
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
