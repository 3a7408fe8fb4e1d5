"""The comparison at every cut between higher and lower ratings: how much the answer depends on where the line is drawn."""

from reports.charts import forest
from reports.charts.chart import Chart
from reports.charts.drawing import PHONE, WIDE, ticks_around_zero
from reports.numbers import decimal, is_number
from reports.reading import captions, reason_for_no_comparison
from reports.reading.comparing import cut_rows, holds, value_words

TITLE = "The comparison at other cuts of the rating"


def build(results):
    """One row for each cut of `companions.cut_sensitivity`; a sentence when no interval may be printed."""
    rows = cut_rows(results)
    if not any(row["computed"] for row in rows):
        reason = "At no cut would both groups have five schools." if rows else reason_for_no_comparison(results)
        return Chart(TITLE, instead=reason)
    headline = {"direction_favourable": (results.get("headline") or {}).get("rd", 0) < 0}
    drawn = [_row(row, headline) for row in rows]
    panel = forest.Panel(
        "Share who declined, percentage points",
        "fewer decline where rated higher",
        "more decline",
        drawn,
        ticks_around_zero(*forest.ends(drawn)),
    )
    said = " ".join(f"{row['label']}: {value_words(row)}." for row in rows)
    wide, phone = forest.draw([panel], WIDE), forest.draw([panel], PHONE)
    return Chart(
        TITLE,
        f"Higher-rated means a rating of … {said}",
        wide,
        phone,
        slides=lambda: forest.draw_slides([panel]),
        base=captions.of_cuts(results),
    )


def _row(row, headline):
    label = f"{row['label']} (the plan’s cut)" if row["headline"] else row["label"]
    words = value_words(row)
    brief = decimal(row["est"], 1) if is_number(row["est"]) else words
    return forest.Row(
        label, label, row["est"], row["lo"], row["hi"], words, brief, filled=holds(row, headline), bold=row["headline"]
    )
