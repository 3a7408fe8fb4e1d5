"""Which fifth of Scotland's primary schools a school belongs to by deprivation: our own grouping of an official share.

No official file gives a school a deprivation quintile. The statistics count its pupils by the fifth of areas they live in,
SchoolRoll gives the share in the most deprived fifth as a band, and the percentile in SchoolRoll is of the area where the
building stands, which says little of the pupils. So schools are grouped by the share of their pupils who live in the most
deprived fifth of areas, as the 1,668 primary schools with a published share stood in September 2023:

    fifth    share of pupils      schools       would be exactly
    1        50% or more          324 (19%)     48.5% or more
    2        15% to under 50%     366 (22%)     16.6% to 48.4%
    3        over 0, under 15%    296 (18%)
    4 and 5  0%                   682 (41%)     they cannot be told apart, and are kept as 4

The limits are rounded to SchoolRoll's bands of five points, so that a school falls in the same fifth by either publication
(all but two, whose share rounds up to 15.0%). They are fixed: a school does not change its fifth because other lists were
imported or other schools changed.

What it cannot do: 320 of 1,988 schools have a hidden share and so no fifth; their numbers are small, so most of them are
among the less deprived. The groups are of schools, not of pupils or areas.
"""

from decimal import Decimal

FIRST, SECOND = Decimal(50), Decimal(15)
NAMES = {
    1: "First of five: the most deprived fifth of primary schools",
    2: "Second of five",
    3: "Third of five",
    4: "Fourth and fifth of five: the least deprived",
}
RULE = {
    1: "half of the pupils or more live in the most deprived fifth of areas",
    2: "15% to under 50% of pupils live in the most deprived fifth of areas",
    3: "fewer than 15% of pupils live in the most deprived fifth of areas",
    4: "no pupil lives in the most deprived fifth of areas",
}


def fifth_by_share(low: Decimal, high: Decimal | None = None) -> int | None:
    """The fifth (1 the most deprived, to 4 for the last two) of a primary school.

    `low` is the per cent of its pupils who live in the most deprived fifth of areas; with `high` it is a band from `low` to
    under `high`, and one that begins at 0 means some pupils, since none is published as 0%. None when the band crosses a limit.
    """
    if high is None:
        return _fifth(low)
    lowest, highest = _fifth(max(low, Decimal("0.1"))), _fifth(high - Decimal("0.1"))
    return lowest if lowest == highest else None


def _fifth(share: Decimal) -> int:
    if share >= FIRST:
        return 1
    if share >= SECOND:
        return 2
    return 3 if share > 0 else 4
