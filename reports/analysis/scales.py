"""From raw codes to scores.

A stage group is an instrument of its own: its items, their number of points and which are reversed come
from the codebook keyed by stage group and item.

* An answer outside 1..points is missing, and counted when the cell was not blank. "Not sure", "not done",
  "prefer not to say" (NS, ND, PN or PNS) and the like are missing too, and counted apart.
* A reversed item is turned round: x' = points + 1 - x, so that high is always positive.
* *Positive* is above the midpoint of the scale: 4 or 5 of 5, 3 of 3.
* The attitude scale uses the items with ``scored`` 1 (every item when the plan's item set is "all").
* A sheet's score is the mean of its answered scale items, if at least half of them are answered.
"""

from dataclasses import dataclass

import numpy as np

from reports.analysis.coding import cells, tidy
from reports.analysis.schema import STAGE_GROUPS


@dataclass(frozen=True)
class Instrument:
    """The items of one stage group in codebook order.

    points, reverse, scored    arrays as long as ``items``; ``scored`` marks the attitude scale
    """

    group: str
    items: tuple
    points: np.ndarray
    reverse: np.ndarray
    scored: np.ndarray
    texts: tuple
    constructs: tuple

    @property
    def scale_size(self):
        """K: how many items make the attitude scale."""
        return int(self.scored.sum())

    def positive_from(self):
        """The lowest recoded answer above the midpoint, per item."""
        return positive_from(self.points)

    def half(self):
        """How many answered items make half of the scale."""
        return self.scale_size / 2


def positive_from(points):
    """The lowest answer above the midpoint of scales with so many points (an array)."""
    return (points + 1) // 2 + 1


def instruments(codebook, item_set="scored"):
    """The two instruments as ``{stage group: Instrument}``; one without rows has no items."""
    rows = codebook.to_dict("records")
    return {
        group: _instrument(group, [row for row in rows if tidy(row["stage_group"]) == group], item_set)
        for group in STAGE_GROUPS
    }


def _instrument(group, rows, item_set):
    def whole(column, default):
        return np.array([int(tidy(row.get(column)) or default) for row in rows], dtype=np.int16)

    scored = whole("scored", 1).astype(bool)
    return Instrument(
        group=group,
        items=tuple(tidy(row["item"]) for row in rows),
        points=whole("points", 0),
        reverse=whole("reverse", 0).astype(bool),
        scored=np.ones(len(rows), dtype=bool) if item_set == "all" else scored,
        texts=tuple(tidy(row.get("text")) for row in rows),
        constructs=tuple(tidy(row.get("construct")) for row in rows),
    )


def raw_cells(pupils, instruments_):
    """Every item column of ``pupils`` read once: ``{item: int16 array}`` (see ``coding.cells``)."""
    items = dict.fromkeys(item for instrument in instruments_.values() for item in instrument.items)
    return {item: cells(pupils[item]) for item in items}


def recoded(raw, instrument, rows):
    """The answers of ``rows`` to one instrument.

    returns  (answers, odd, unscored): int8 rows x items with 0 for missing and high = positive; how many
             cells were out of range; per item, the places in ``rows`` of unscored answers
    """
    answers = np.zeros((len(rows), len(instrument.items)), dtype=np.int8)
    odd, unscored = 0, []
    for position, item in enumerate(instrument.items):
        column = raw[item][rows]
        points = instrument.points[position]
        valid = (column >= 1) & (column <= points)
        unscored.append(np.flatnonzero(column == -1))
        odd += int(((column != 0) & (column != -1) & ~valid).sum())
        value = points + 1 - column if instrument.reverse[position] else column
        answers[:, position] = np.where(valid, value, 0)
    return answers, odd, unscored


def scores(answers, instrument):
    """Mean of the answered scale items per sheet, NaN where fewer than half are answered."""
    scale = answers[:, instrument.scored]
    answered = (scale > 0).sum(axis=1)
    total = scale.sum(axis=1, dtype=np.int64)
    enough = (answered >= instrument.half()) & (answered > 0)
    return np.where(enough, total / np.maximum(answered, 1), np.nan)
