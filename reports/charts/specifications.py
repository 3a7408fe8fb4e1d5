"""Every way in which the comparison was made, one row each, with those that did not hold and those that failed."""

from reports.charts import forest
from reports.charts.chart import Chart
from reports.charts.drawing import PHONE, WIDE, ticks_around_zero
from reports.numbers import decimal, is_number
from reports.reading import captions, reason_for_no_comparison
from reports.reading.comparing import headline_of, holds, places_of, specifications, value_words

TITLE = "The comparison, made in several ways"
# Each unit is a panel with an axis of its own; the words stand over the two sides of zero.
UNITS = {
    "pp": ("Share who declined, percentage points", "fewer decline where rated higher", "more decline"),
    "log odds": ("Odds of a decline, log odds", "lower odds where rated higher", "higher odds"),
    "SD": ("Scores, standard deviations", "lower scores where rated higher", "higher scores"),
}


def build(results):
    """The forest of `results["specifications"]`; a sentence when no interval may be printed."""
    rows = specifications(results)
    if not rows:
        return Chart(TITLE, instead=reason_for_no_comparison(results))
    panels = [_panel(unit, rows) for unit in _units(rows)]
    wide, phone = forest.draw(panels, WIDE), forest.draw(panels, PHONE)
    return Chart(
        TITLE,
        _describe(rows),
        wide,
        phone,
        slides=lambda: forest.draw_slides(panels),
        base=captions.of_ways(results, rows),
    )


def _describe(rows):
    words = [f"{row.get('short') or row.get('label')}: {value_words(row)}." for row in rows]
    return f"{len(rows)} specifications. " + " ".join(words)


def _units(rows):
    known = [unit for unit in UNITS if any(row.get("unit") == unit for row in rows)]
    return known + sorted({row.get("unit") or "" for row in rows} - set(known))


def _panel(unit, rows):
    headline = headline_of(rows)
    drawn = [_row(row, headline) for row in rows if (row.get("unit") or "") == unit]
    words = UNITS.get(unit, (unit, "lower where rated higher", "higher"))
    return forest.Panel(*words, drawn, ticks_around_zero(*forest.ends(drawn)))


def _row(row, headline):
    label, short = row.get("label") or row.get("short") or "", row.get("short") or row.get("label") or ""
    brief = decimal(row["est"], places_of(row)) if is_number(row.get("est")) else value_words(row)
    return forest.Row(
        label, short, row.get("est"), row.get("lo"), row.get("hi"), value_words(row), brief,
        filled=holds(row, headline), bold=bool(row.get("headline")),
    )  # fmt: skip
