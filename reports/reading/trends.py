"""What may be read of a trend: its series and their points in words."""

from reports.numbers import decimal, interval, is_number
from reports.reading import mark, points_words, share_words


def trend_series(trend, keys):
    """The series of a trend with these keys, in the order of the keys; those without any figure are not there."""
    found = {each["key"]: each for each in trend.get("series") or []}
    return [found[key] for key in keys if key in found]


def trend_rows(trend, keys):
    """One row for each point of these series: {series, short, cohort, period, n, words, mark, breaks}, in the order of the years."""
    rows = []
    for each in trend_series(trend, keys):
        for point in each["points"]:
            words = trend_words(each["unit"], point)
            rows.append({"series": each["title"], "short": each["short"], "mark": "" if words else mark(point), "words": words,
                         **{key: point[key] for key in ("cohort", "period", "n", "breaks")}})  # fmt: skip
    return rows


def trend_words(unit, point):
    """A point's figure with its interval in the unit of its series, or nothing."""
    if unit == "share":
        return share_words(point)
    if unit == "pp":
        return points_words(point)
    if not is_number(point["est"]):
        return ""
    words = decimal(point["est"], 2)
    known = is_number(point["lo"]) and is_number(point["hi"])
    return f"{words} ({interval(point['lo'], point['hi'], 2)})" if known else words
