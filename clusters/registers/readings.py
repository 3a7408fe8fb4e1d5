"""What a register says, as values: figures with their status, one record per school and sector, rows left out."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class RegisterRefused(Exception):
    """The file cannot be used at all. The message is a sentence for the person who chose the file."""


class Kind(StrEnum):
    """Which publication a file is. The order is the order of trust for facts of the same date."""

    CONTACT_LIST = "contact-list"
    SCHOOL_ROLL = "school-roll"
    STATISTICS = "statistics"

    @property
    def title(self) -> str:
        """The publication's name in words."""
        return {
            Kind.CONTACT_LIST: "official contact list",
            Kind.SCHOOL_ROLL: "SchoolRoll list",
            Kind.STATISTICS: "school-level statistics",
        }[self]


class Status(StrEnum):
    """How much a published figure tells. Only KNOWN and BAND carry numbers; nothing is ever read as 0 for want of one."""

    KNOWN = "known"
    BAND = "band"
    SUPPRESSED = "suppressed"
    NEAR_ZERO = "near-zero"
    NOT_APPLICABLE = "not-applicable"
    NOT_AVAILABLE = "not-available"
    NOT_COLLECTED = "not-collected"


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number.

    `value` is set for KNOWN (pupils, full-time equivalents or per cent); `low` and `high` (per cent, closed below
    and open above) for BAND; `raw` is the cell's text as published.
    """

    status: Status
    raw: str = ""
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """Which issue of a publication: what people call it, and the day that its facts describe.

    A census is known by month, so its day is the first of that month.
    """

    kind: Kind
    on: datetime.date
    by_month: bool = False

    @property
    def words(self) -> str:
        """The edition's date as people say it: "31 October 2024", "September 2023"."""
        month = self.on.strftime("%B %Y")
        return month if self.by_month else f"{self.on.day} {month}"

    @property
    def title(self) -> str:
        """Publication and date: "Official contact list, 31 October 2024"."""
        return f"{self.kind.title[0].upper()}{self.kind.title[1:]}, {self.words}"

    @property
    def rank(self) -> tuple[datetime.date, int]:
        """Sorts editions from weak to strong: later wins; of one date, exact figures win over bands."""
        return self.on, list(Kind).index(self.kind)


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    """One school in one sector, as one row tells it.

    `texts` and `figures` hold only what this publication has a column for *and* the row fills in (texts) or marks
    (figures), so that a fact which is missing here is never mistaken for an empty one.

    texts: name, postcode, denomination, medium, centre_type, urban_rural_8, _6, _3, _2 (code as a digit).
    figures: roll, teachers_fte, p1 ... p7, deprived_share (per cent of pupils in the most deprived fifth).
    """

    row: int
    seed_code: str
    sector: str
    authority_name: str
    authority_code: str
    texts: Mapping[str, str]
    figures: Mapping[str, Figure]

    @property
    def key(self) -> tuple[str, str]:
        """SEED code and sector: all-through schools share one SEED code."""
        return self.seed_code, self.sector

    @property
    def name(self) -> str:
        """The school's name in this edition."""
        return self.texts["name"]


class Standing(StrEnum):
    """Whether a school takes pupils. A mothballed school has closed for now and may open again."""

    OPEN = "open"
    MOTHBALLED = "mothballed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Move:
    """What last happened to a school in one sector: it opened, was mothballed or closed.

    `on` is the day, None when the list does not say it; `note` the list's own words about it, such as a merger.
    """

    seed_code: str
    sector: str
    standing: Standing
    on: datetime.date | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """SEED code and sector, as of a record."""
        return self.seed_code, self.sector


@dataclass(frozen=True, slots=True)
class Problem:
    """A row, or one cell of it, that was left out: the row number, the school as far as known, and why.

    `sheet` names the sheet when it is not the one with the schools.
    """

    row: int
    school: str
    reason: str
    whole_row: bool = True
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file, read. `rows` counts the school rows of the sheet, readable or not.

    `moves` is what a contact list says on its other sheet, `moves_sheet`, of schools that opened or closed; empty and ""
    when the file has no such sheet.
    """

    kind: Kind
    sheet: str
    heading_row: int
    edition: Edition | None
    rows: int
    records: tuple[SchoolRecord, ...]
    problems: tuple[Problem, ...] = field(default=())
    moves: tuple[Move, ...] = field(default=())
    moves_sheet: str = ""

    @property
    def unreadable(self) -> tuple[Problem, ...]:
        """Rows of schools left out as a whole."""
        return tuple(problem for problem in self.problems if problem.whole_row and not problem.sheet)

    @property
    def doubtful(self) -> tuple[Problem, ...]:
        """Single cells left out of rows that were otherwise read."""
        return tuple(problem for problem in self.problems if not problem.whole_row)

    def count(self, sector: str) -> int:
        """Number of records of one sector ("P", "S" or "SP")."""
        return sum(record.sector == sector for record in self.records)
