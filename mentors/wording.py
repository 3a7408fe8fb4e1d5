"""Counts of people and hours, and the next step of a grant, as the programme writes them.

`static/pcp/session-log.js` says the same of people and hours while a form is filled in.
"""

from clusters.choices import GrantState


def counted(number, one, many=None):
    """A number with its noun: 1 teacher, 18 teachers."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def have(number):
    """The verb after so many of several, which goes with the first number: 1 of 2 classes has, 0 of 2 and 2 of 2 have."""
    return "has" if number == 1 else "have"


def hours_figure(minutes):
    """Minutes as hours to the nearest quarter, without the unit: 27, 13½, ¾."""
    quarters = (minutes + 7) // 15
    whole, rest = divmod(quarters, 4)
    part = ("", "¼", "½", "¾")[rest]
    return f"{whole:,}{part}" if whole or not part else part


def teacher_hours(minutes):
    """Teacher-minutes as words: 27 teacher-hours."""
    return f"{hours_figure(minutes)} teacher-hour{'' if 0 < minutes <= 67 else 's'}"


def length(minutes):
    """The length of a session: 45 min, 1½ h."""
    if minutes % 15 or minutes < 60:
        return f"{minutes} min"
    return f"{hours_figure(minutes)} h"


def day(on):
    """A date as written everywhere: 3 May 2026."""
    return f"{on.day} {on:%B %Y}"


NEXT = {
    GrantState.ELIGIBLE: "SSERC invites the school",
    GrantState.INVITED: "The headteacher applies",
    GrantState.APPLIED: "SSERC decides",
    GrantState.AWARDED: "SSERC pays",
    GrantState.PAID: "The school buys, and says what",
    GrantState.SPENT: "The headteacher hands in the report",
    GrantState.OVERDUE: "The headteacher hands in the report",
}  # what comes next with a grant in this state, and who does it; nothing after the last two
