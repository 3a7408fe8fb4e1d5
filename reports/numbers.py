"""How a figure of a stored result is printed: the formats of `reports.wording`, with a mark where there is no figure.

Page, PDF, spreadsheet and charts all write their numbers with these functions, so that one figure never appears in
two shapes. Everything takes plain Python numbers or None and returns text; nothing here ever returns "None", "nan"
or "inf".
"""

import math
from datetime import date, datetime

from reports import wording

HIDDEN = "[c]"
NOT_AVAILABLE = "–"


def is_number(value):
    """True for a finite int or float that is not a bool."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def missing(why=""):
    """The mark that stands where a number is absent: `[c]` when it is hidden, a dash when it does not exist."""
    return HIDDEN if why == "hidden" else NOT_AVAILABLE


def count(value, why="hidden"):
    """A whole number with thousands separated: 2440 gives "2,440"; None gives the mark for `why`."""
    return wording.count(round(value)) if is_number(value) else missing(why)


def counted(value, noun):
    """A number of things: "1 school", "2,440 schools"."""
    return f"{count(value)} {noun}{'' if value == 1 else 's'}"


def decimal(value, places=1, plus=False, why=""):
    """A number with fixed decimals and a true minus; `plus` writes the sign of positive numbers too."""
    if not is_number(value):
        return missing(why)
    text = wording.number(value, places)
    return f"+{text}" if plus and value > 0 and text.strip("0.") else text


def percent(part, whole, why="hidden"):
    """A whole percentage of two counts: 242 of 664 gives "36%". Of nobody there is none, which hides nothing."""
    if not (is_number(part) and is_number(whole)):
        return missing(why)
    return wording.percent(part / whole) if whole > 0 else NOT_AVAILABLE


def interval(low, high, places=1, why=""):
    """The two ends of an interval: "−13.4 to −2.4"."""
    if not (is_number(low) and is_number(high)):
        return missing(why)
    return wording.interval(low, high, places)


def p_value(value, why=""):
    """A p value: 0.020, 0.047 or <0.001, and never 0 or 1."""
    return wording.p_value(value) if is_number(value) else missing(why)


def capital(words):
    """Words with a capital at the beginning, and the rest as it is."""
    return words[:1].upper() + words[1:]


def long_date(text):
    """An ISO date or date-time as "3 May 2026"; anything else is handed back unchanged."""
    day = parsed_date(text)
    return f"{day.day} {day:%B %Y}" if day else str(text or "")


def parsed_date(text):
    """The date in an ISO date or date-time string, or None."""
    try:
        return datetime.fromisoformat(str(text)).date()
    except ValueError:
        pass
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
