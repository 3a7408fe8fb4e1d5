"""Trends: several cohorts side by side, from their stored results.

In go the results of one place as they are stored, after disclosure control, one for each cohort, with the facts of
their scope; out come series of points, year by year, in academic sessions (August to July) or financial years (April
to March). A point stands in the year of its answers: what pupils said before in the year of the baseline, what they
said after and how they changed in the year of the follow-up. So in financial years the two ends of one cohort, autumn
and early summer, stand in different years.

matched      change of the pupils who could be matched: the shares that declined, held and improved (all stages); the
             mean change in SD of the baseline (each stage group); for each question the net, improved less declined
unmatched    all answers of each time, matched or not: for each question the share that is positive, before and after;
             for each stage group their average over the questions of the scale (no interval: the questions of one
             pupil hang together in a way that the stored result does not tell)
comparison   the headline difference of the rating groups, where the cohort's level allows an interval

Points are joined by a line only where a line means something: both are shown, their years follow each other, one
cohort stands in each, and the method is the same. What breaks a line is named with the point: another version of the
analysis; another version of the questionnaire, or other questions in it; another set of scale questions; and, for the
comparison, another cut. Cohorts are never pooled.

Nothing hidden comes back. A point is one stored cell, or is computed from cells that are all shown. Nor can one cohort
be taken from another: a sheet belongs to one wave and a wave to one cohort, so no two cohorts have a sheet in common,
and the difference of two tables is the table of no group of pupils. For the same reason a cohort or a place may not
stand in a trend twice (two results of one cohort do have sheets in common): that raises ``InvalidData``.
"""

from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from reports import trend_wording, wording
from reports.analysis.disclosure import HIDDEN, OUTCOMES
from reports.analysis.schema import STAGE_GROUPS, WAVES, InvalidData

FIRST_MONTH = {"session": 8, "financial_year": 4}
COMPARABLE = {"L2", "L3", "L4"}
EVERYTHING = "analysis"
WHOLE = (EVERYTHING, "item_set", "cut", *(f"form:{name}" for name in STAGE_GROUPS))


@dataclass(frozen=True)
class Frozen:
    """One cohort's stored result and what has to be known of it.

    results      the results dictionary after ``disclosure.suppress``
    cohort       the cohort's name
    place        what names the place ("cohort", "authority-3"): the same for all of one trend
    before_on, after_on   the days on which baseline and follow-up opened
    instruments  {stage group: version of its questionnaire}, as far as known
    """

    results: dict
    cohort: str
    place: str
    before_on: date
    after_on: date
    instruments: dict = field(default_factory=dict)


@dataclass(frozen=True)
class _Series:
    """What one series shows and what breaks its line.

    titles     the title, and a short name for beside its mark
    wave       "pre" or "post": which day of the cohort the points stand at
    point      function of a result: {n, est, lo, hi, why}
    breaks     the names of ``_method`` whose change breaks the line
    """

    key: str
    titles: tuple
    kind: str
    unit: str
    wave: str
    point: object
    breaks: tuple
    stage_group: str = ""
    item: str = ""


def trends(frozen, calendar="session"):
    """The trend of one place over its cohorts, as plain values.

    frozen     list of Frozen, in any order
    calendar   "session" or "financial_year"

    returns  {calendar, periods: every year from the first to the last point, cohorts: [{cohort, before, after,
             level, noise}], series: [{key, title, short, kind, unit, stage_group, item, wave, points}], change_points: [{before,
             after, what}], caveats}; a point is {cohort, period, n, est, lo, hi, why, joined, method_changed,
             breaks}, where ``joined`` says whether a line may lead to it from the point before, and ``breaks`` why
             not. Shares and differences of shares ("share", "pp") are proportions

    Raises ``InvalidData`` for results that have not been through disclosure control, and for a cohort that stands
    twice or a place that is not the same.
    """
    frozen = sorted(frozen, key=lambda one: (one.after_on, one.cohort))
    _check(frozen)
    month = FIRST_MONTH[calendar]
    methods = {one.cohort: _method(one) for one in frozen}
    series = [_drawn(each, frozen, methods, month) for each in _series(frozen)]
    years = [year(day, month) for one in frozen for day in (one.before_on, one.after_on)]
    return {
        "calendar": calendar,
        "periods": [label(start) for start in range(min(years), max(years) + 1)] if years else [],
        "cohorts": [
            {
                "cohort": one.cohort,
                "before": label(year(one.before_on, month)),
                "after": label(year(one.after_on, month)),
                "level": one.results["ladder"]["level"],
                "noise": one.results["change_groups"].get("noise_reference"),
            }
            for one in frozen
        ],
        "series": [each for each in series if any(_known(point) for point in each["points"])],
        "change_points": [
            {"before": first.cohort, "after": second.cohort, "what": changed}
            for first, second in zip(frozen, frozen[1:], strict=False)
            if (changed := _changes(WHOLE, methods[first.cohort], methods[second.cohort]))
        ],
        "caveats": list(trend_wording.caveats(calendar)),
    }


def year(day, first_month):
    """The calendar year in which the year of ``day`` begins, when years begin with ``first_month``."""
    return day.year if day.month >= first_month else day.year - 1


def label(start):
    """A year that spans two calendar years, as people write it: 2025/26."""
    return f"{start}/{(start + 1) % 100:02d}"


def _check(frozen):
    for one in frozen:
        if "parts" in one.results or "alike_base" not in one.results.get("disclosure", {}):
            raise InvalidData(f"The result of {one.cohort} has not been through disclosure control.")
    names = [one.cohort for one in frozen]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InvalidData(f"{twice} stands in this trend twice; a trend takes one result of a cohort.")
    if len({one.place for one in frozen}) > 1:
        raise InvalidData("The results of a trend must be of one place.")


def _method(one):
    """What the line of a series rests on: {name: (value, how its change is said)}."""
    made, items = one.results["provenance"], one.results["items"]
    found = {
        EVERYTHING: (made["analysis_version"], trend_wording.ANALYSIS),
        "item_set": (made["item_set"], trend_wording.ITEM_SET),
        "cut": (made["cut"], trend_wording.CUT),
    }
    for group in STAGE_GROUPS:
        questions = items.get(group) or {}
        asked = tuple((item, row["scored"], _asked(row)) for item, row in sorted(questions.items()))
        found[f"form:{group}"] = ((one.instruments.get(group), asked), trend_wording.questionnaire(group))
        found[f"version:{group}"] = (one.instruments.get(group), trend_wording.questionnaire(group))
        for item, row in questions.items():
            found[f"item:{group}:{item}"] = (_asked(row), trend_wording.QUESTION)
    return found


def _asked(row):
    """What makes a question the same question."""
    return row["text"], row["points"], row["reverse"]


def _series(frozen):
    """Every series that any of the results has, in the order of the report."""
    groups = [name for name in STAGE_GROUPS if any(one.results["items"].get(name) for one in frozen)]
    forms = (EVERYTHING, "item_set", *(f"form:{name}" for name in groups))
    yield from (
        _Series(outcome, trend_wording.OUTCOMES[outcome], "matched", "share", "post", _outcome(outcome), forms)
        for outcome in OUTCOMES
    )
    for name in groups:
        scale = (EVERYTHING, "item_set", f"form:{name}")
        stages = wording.stages(name)
        titles = f"{trend_wording.CHANGE}, {stages}", stages
        yield _Series(f"{name}.change", titles, "matched", "SD", "post", _change(name), scale, name)
        for wave in WAVES:
            titles = f"{trend_wording.AVERAGE}, {stages}", trend_wording.TIMES[wave]
            yield _Series(
                f"{name}.positive.{wave}", titles, "unmatched", "share", wave, _average(name, wave), scale, name
            )
    for name in groups:
        for item, text in _questions(frozen, name).items():
            own, key = (EVERYTHING, f"version:{name}", f"item:{name}:{item}"), f"{name}.{item}"
            for wave in WAVES:
                point = _positive(name, item, wave)
                titles = text, trend_wording.TIMES[wave]
                yield _Series(f"{key}.{wave}", titles, "unmatched", "share", wave, point, own, name, item)
            titles = text, trend_wording.NET
            yield _Series(f"{key}.net", titles, "matched", "pp", "post", _net(name, item), own, name, item)
    yield _Series("headline", trend_wording.HEADLINE, "comparison", "pp", "post", _headline, (*forms, "cut"))


def _questions(frozen, group):
    """{item: text} of every question that any cohort was asked; the latest wording."""
    found = {}
    for one in frozen:
        table = one.results["items"].get(group) or {}
        found |= {item: row["text"] or item for item, row in sorted(table.items(), key=lambda pair: pair[1]["order"])}
    return found


def _drawn(series, frozen, methods, month):
    """One series with its points, in the order of their days."""
    day = attrgetter({"pre": "before_on", "post": "after_on"}[series.wave])
    frozen = sorted(frozen, key=lambda one: (day(one), one.cohort))
    years = [year(day(one), month) for one in frozen]
    points = []
    for place, one in enumerate(frozen):
        point = series.point(one.results)
        changed = _changes(series.breaks, methods[frozen[place - 1].cohort], methods[one.cohort]) if place else []
        breaks = changed + (_gaps(years, place) if place else [])
        points.append(
            {
                "cohort": one.cohort,
                "period": label(years[place]),
                **point,
                "joined": bool(place) and not breaks and _known(point) and _known(points[-1]),
                "method_changed": bool(changed),
                "breaks": breaks,
            }
        )
    title, short = series.titles
    keys = ("key", "kind", "unit", "stage_group", "item", "wave")
    return {"title": title, "short": short, **{key: getattr(series, key) for key in keys}, "points": points}


def _changes(names, first, second):
    """What changed between two methods, as sentences; ``names`` are the parts that must be the same."""
    known = [name for name in names if name in second]
    said = [second[name][1] for name in known if name not in first or first[name][0] != second[name][0]]
    return list(dict.fromkeys(said))


def _gaps(years, place):
    """Why no line may lead to the point at ``place`` whatever the method, as sentences."""
    if years.count(years[place]) > 1 or years.count(years[place - 1]) > 1:
        return [trend_wording.SAME_YEAR]
    return [trend_wording.GAP] if years[place] - years[place - 1] > 1 else []


def _known(point):
    return point["est"] is not None


def _point(row, n, est, lo=None, hi=None):
    """A point of a part of a result; ``why`` is that part's when there is nothing to show."""
    if est is None:
        return {"n": n, "est": None, "lo": None, "hi": None, "why": (row or {}).get("why") or trend_wording.NOTHING}
    return {"n": n, "est": est, "lo": lo, "hi": hi, "why": ""}


def _outcome(outcome):
    def point(results):
        row = results["change_groups"]["all"]
        ends = [_hundredth(row.get(f"{outcome}{end}")) for end in ("_pct", "_lo", "_hi")]
        return _point(row, row["n"], *ends)

    return point


def _hundredth(value):
    return None if value is None else value / 100


def _change(group):
    def point(results):
        row = results["change"][group]
        sd = row["sd_b"]
        ends = [None if row[end] is None or not sd else row[end] / sd for end in ("lo", "hi")]
        return _point(row, row["n"], row["smc_sdpre"], *ends)

    return point


def _average(group, wave):
    """The average share of positive answers; None as soon as one of its questions is hidden."""

    def point(results):
        rows = [row for row in (results["items"].get(group) or {}).values() if row["scored"]]
        shares = [row.get(f"pos_{wave}") for row in rows]
        if not shares or None in shares:
            hidden = any(row.get("why") == HIDDEN for row in rows)
            return _point({"why": HIDDEN if hidden else ""}, None, None)
        return _point(None, min(row[f"n_{wave}"] for row in rows), sum(shares) / len(shares))

    return point


def _positive(group, item, wave):
    def point(results):
        row = (results["items"].get(group) or {}).get(item) or {}
        ends = [row.get(f"pos_{wave}{end}") for end in ("", "_lo", "_hi")]
        return _point(row, row.get(f"n_{wave}"), *ends)

    return point


def _net(group, item):
    def point(results):
        row = (results["items"].get(group) or {}).get(item) or {}
        return _point(row, row.get("n_pair"), row.get("net"))

    return point


def _headline(results):
    if results["hidden_by_group"]:
        return _point({"why": HIDDEN}, None, None)
    if results["ladder"]["level"] not in COMPARABLE:
        return _point({"why": trend_wording.TOO_FEW}, None, None)
    row = results["headline"]
    return _point(row, results["sample"]["n"], row["rd"], row["rd_lo"], row["rd_hi"])
