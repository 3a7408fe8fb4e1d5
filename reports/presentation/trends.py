"""A stored trend into what its page and its files print: what may be chosen, one figure with its table, every row of it."""

from reports import trend_wording
from reports.noise_wording import never_alone_by_cohort
from reports.numbers import count, is_number
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    SHARE,
    Numbering,
    column,
    count_cell,
    text_cell,
    without_empty,
)
from reports.reading import STAGES, captions
from reports.reading.trends import trend_series, trend_words

CALENDARS = {"session": "Academic sessions, August to July", "financial_year": "Financial years, April to March"}
CHART_UNIT = {"share": "per cent of pupils", "pp": "percentage points", "SD": "SD of the baseline"}
CAPTIONS = {
    "matched": "Pupils who could be matched, in the year of their follow-up.",
    "unmatched": "All pupils who answered, matched or not: before in the year of the baseline, after in that of the follow-up.",
    "comparison": "Higher-rated less lower-rated schools, in percentage points, where the evidence level allows an interval: each is "
    + captions.ASSOCIATION,
}
INTERVALS = "Lines up and down are 95% intervals where there are any."


def choices(trend):
    """[(word in the address, words on the page, keys of the series)] of what a trend has figures for."""
    found = [("outcomes", "Declined, held and improved (matched pupils)", list(trend_wording.OUTCOMES))]
    groups = [name for name in STAGES if any(each["stage_group"] == name for each in trend["series"])]
    found.append(("change", "Mean change by stage (matched pupils)", [f"{name}.change" for name in groups]))
    for name in groups:
        keys = [f"{name}.positive.{wave}" for wave in ("pre", "post")]
        found.append((f"positive-{name}", f"Positive answers on average, {STAGES[name]} (all pupils)", keys))
    found.append(("comparison", "Higher-rated less lower-rated schools (comparison)", ["headline"]))
    for name in groups:
        items = {
            each["item"]: each["title"] for each in trend["series"] if each["stage_group"] == name and each["item"]
        }
        found += [
            (
                f"question-{name}.{item}",
                f"{STAGES[name]}: {title}",
                [f"{name}.{item}.{wave}" for wave in ("pre", "post")],
            )
            for item, title in items.items()
        ]
    return [each for each in found if trend_series(trend, each[2])]


def figure(trend, chosen, chart):
    """The figure of one choice (an entry of `choices`), with the same numbers in a table."""
    _, words, keys = chosen
    series = trend_series(trend, keys)
    shown, cells = without_empty(columns(series[0]["unit"]), rows(series))
    caption = f"{CAPTIONS[series[0]['kind']]} {_people(series)}{INTERVALS}"
    return Numbering().figure(words, chart, caption=caption, columns=shown, rows=cells, note=never_alone(trend, keys))


def never_alone(trend, keys):
    """What stands beside the shares that declined, where they are among these series; "" otherwise."""
    if not trend_series(trend, [key for key in keys if key == "declined"]):
        return ""
    # A trend that was drawn before its cohorts had their references has none of them.
    return never_alone_by_cohort([(each["cohort"], each.get("noise")) for each in trend["cohorts"]])


def _people(series):
    """How many pupils stand behind a point: "n = 538 to 1,262 pupils. "; nothing where all are hidden."""
    ends = captions.ends([point["n"] for each in series for point in each["points"]])
    return f"n = {ends} pupils. " if ends else ""


def columns(unit):
    """The columns of a table of one unit."""
    form = SHARE if unit == "share" else NUMBER_FORMATS[2 if unit == "SD" else 1]
    sheet = [CHART_UNIT[unit].capitalize(), "95% interval, from", "95% interval, to"]
    return [
        column("What"),
        column("Cohort"),
        column("Year"),
        column("Pupils", numeric=True),
        column("Figure, with its 95% interval", numeric=True, sheet=sheet, formats=[form] * 3),
        column("Why it is not joined to the one before"),
    ]


def rows(series, full=False):
    """One row for each point, the cohorts of one series after each other; `full` names a series so that it stands alone."""
    return [
        [
            text_cell(f"{each['title']}, {each['short']}" if full else each["short"][:1].upper() + each["short"][1:]),
            text_cell(point["cohort"]),
            text_cell(point["period"]),
            count_cell(point["n"], point["why"]),
            _figure_cell(each["unit"], point),
            text_cell(" ".join(point["breaks"])),
        ]
        for each in series
        for point in each["points"]
    ]


def _figure_cell(unit, point):
    words = trend_words(unit, point)
    if not words:
        mark = count(None, point["why"])
        return {"text": mark, "values": [mark, "", ""], "tag": ""}
    return {"text": words, "values": _in_files(unit, point), "tag": ""}


def _in_files(unit, point):
    """A point's figure and the ends of its interval as every file has them: shares as proportions, differences in percentage points."""
    scale = 100 if unit == "pp" else 1
    return [scale * point[end] if is_number(point[end]) else "" for end in ("est", "lo", "hi")]


SHEETS = (
    ("matched", "share", "Matched pupils"),
    ("matched", "SD", "Mean change"),
    ("unmatched", "share", "Positive answers"),
    ("matched", "pp", "Improved less declined"),
    ("comparison", "pp", "Comparison of ratings"),
)


def tables(trend):
    """Every figure of a trend in tables of one unit each, for a workbook."""
    numbering = Numbering()
    chosen = [
        (words, unit, [each for each in trend["series"] if (each["kind"], each["unit"]) == (kind, unit)])
        for kind, unit, words in SHEETS
    ]
    return [
        numbering.table(words, *without_empty(columns(unit), rows(series, full=True)))
        for words, unit, series in chosen
        if series
    ]


def changes(trend):
    """The method's change points as sentences: "Between Cohort 2024 and Cohort 2026: The analysis has another version."."""
    return [
        f"Between {each['before']} and {each['after']}: {' '.join(each['what'])}" for each in trend["change_points"]
    ]


def flat(trend):
    """Every point of every series as a row of plain values under `FLAT`, for a file."""
    for each in trend["series"]:
        for point in each["points"]:
            yield [
                each["title"],
                each["short"],
                each["kind"],
                STAGES.get(each["stage_group"], ""),
                each["unit"],
                point["cohort"],
                point["period"],
                point["n"],
                *_in_files(each["unit"], point),
                "hidden" if point["why"] == "hidden" else point["why"],
                "yes" if point["joined"] else "no",
                " ".join(point["breaks"]),
            ]


FLAT = (
    *(
        "what",
        "series",
        "kind",
        "stages",
        "unit",
        "cohort",
        "year",
        "pupils",
        "estimate",
        "interval_from",
        "interval_to",
    ),
    *("why_missing", "joined_to_the_one_before", "why_not_joined"),
)
