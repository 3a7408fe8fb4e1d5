"""Every question's own comparison of the rating groups: odds ratios of a more positive answer, in the questionnaire's order."""

import math

from reports.charts import forest
from reports.charts.chart import Chart
from reports.charts.drawing import PHONE, WIDE
from reports.numbers import decimal
from reports.reading import STAGES, captions, turned_note
from reports.reading.comparing import odds_words

FINE = (0.5, 0.67, 0.8, 1, 1.25, 1.5, 2)
COARSE = (0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 100)


def title(stage_group, words=""):
    """The chart's name for one stage group; `words` say which of its questions where there are several charts."""
    return f"Each question by rating group, {STAGES.get(stage_group, stage_group)}{words}"


def build(results, stage_group, rows, words=""):
    """The forest of some questions of one stage group, as `reading.item_model_rows` gives them of these results."""
    drawn = [_row(row) for row in rows]
    panel = forest.Panel(
        "Odds ratio of a more positive answer",
        "less positive where rated higher",
        "more positive",
        drawn,
        _ticks(*forest.ends(drawn)),
    )
    said = " ".join(f"{row['name']}: {odds_words(row)}." for row in rows)
    said = f"{said} {turned_note(rows)}".strip()
    wide, phone = forest.draw([panel], WIDE), forest.draw([panel], PHONE)
    return Chart(
        title(stage_group, words),
        said,
        wide,
        phone,
        slides=lambda: forest.draw_slides([panel]),
        base=captions.of_questions(results, rows),
    )


def _row(row):
    brief = decimal(math.exp(row["est"]), 2) if row["est"] is not None else odds_words(row)
    return forest.Row(
        row["name"], row["name"], row["est"], row["lo"], row["hi"], odds_words(row), brief, filled=row["below"]
    )


def _ticks(low, high):
    """Odds ratios on a logarithmic axis that reaches past every interval, 1 among them."""
    ratios = FINE if low >= math.log(FINE[0]) and high <= math.log(FINE[-1]) else COARSE
    first = max((ratio for ratio in ratios if math.log(ratio) <= low and ratio < 1), default=ratios[0])
    last = min((ratio for ratio in ratios if math.log(ratio) >= high and ratio > 1), default=ratios[-1])
    return [(math.log(ratio), f"{ratio:g}") for ratio in ratios if first <= ratio <= last]
