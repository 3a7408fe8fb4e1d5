"""The year as Scottish schools count it: an academic session runs from 1 August to 31 July and is written 2025/26."""

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, order=True)
class AcademicSession:
    """One school year, known by the calendar year in which it starts."""

    start_year: int

    def __str__(self):
        return self.label

    @property
    def label(self):
        """As people write it: 2025/26."""
        return f"{self.start_year}/{(self.start_year + 1) % 100:02d}"

    @property
    def slug(self):
        """As it stands in an address: 2025-26."""
        return self.label.replace("/", "-")

    @property
    def starts_on(self):
        """1 August."""
        return date(self.start_year, 8, 1)

    @property
    def ends_on(self):
        """31 July of the following year."""
        return date(self.start_year + 1, 7, 31)


def academic_session(on):
    """The academic session that a date falls in."""
    return AcademicSession(on.year if on.month >= 8 else on.year - 1)


def academic_session_named(words):
    """The academic session written 2025/26 or 2025-26. Raises ValueError for anything else, 2025/27 included."""
    match = re.fullmatch(r"(20\d\d)[/-](\d\d)", words.strip(), flags=re.ASCII)
    if not match or (int(match[1]) + 1) % 100 != int(match[2]):
        raise ValueError(f"{words!r} is not an academic session such as 2025/26.")
    return AcademicSession(int(match[1]))


def academic_sessions(first_on, last_on):
    """Every academic session from the one of `first_on` to the one of `last_on`, newest first."""
    first, last = academic_session(first_on), academic_session(last_on)
    return [AcademicSession(year) for year in range(last.start_year, first.start_year - 1, -1)]
