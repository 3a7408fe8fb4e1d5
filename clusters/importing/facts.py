"""The facts of a school: what a register row tells, what we hold, and how each is said in words.

Every fact in `School.facts` carries where it came from: {"edition", "kind", "on", "raw", "status"}.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format

from clusters.choices import FactStatus, SchoolStatus, Sector
from clusters.importing.deprivation import fifth_by_share
from clusters.models import LocalAuthority, School
from clusters.registers.cells import ONE_PLACE, URBAN_RURAL, urban_rural_within
from clusters.registers.layouts import STAGES
from clusters.registers.readings import Edition, Figure, Kind, Move, SchoolRecord, Standing, Status

LABELS = {
    "name": "Name",
    "authority": "Authority",
    "postcode": "Postcode",
    "status": "Status",
    "denomination": "Denomination",
    "medium": "Medium of education",
    "urban_rural": "Urban–rural class",
    "roll": "Roll",
    **{stage.upper(): f"Pupils in {stage.upper()}" for stage in STAGES},
    "teachers": "Teachers (full-time equivalent)",
    "deprived_share": "Pupils in the most deprived fifth of areas",
    "listed": "In the latest list",
}
# Whether a school stands in the newest list is a fact with an edition too, but not a field of any list.
LISTED = "listed"

_STRENGTH = {str(kind): strength for strength, kind in enumerate(Kind)}
_BAND = re.compile(r"(\d+) to under (\d+)%")
_TEXTS = ("name", "postcode", "denomination", "medium")
_SHARE_STATUS = {
    Status.KNOWN: FactStatus.EXACT,
    Status.BAND: FactStatus.BAND,
    Status.SUPPRESSED: FactStatus.SUPPRESSED,
    Status.NOT_COLLECTED: FactStatus.NOT_COLLECTED,
}
_STATUS_OF_SHARE = {share: status for status, share in _SHARE_STATUS.items()}
_HIDDEN_WORDS = {
    Status.SUPPRESSED: "[c] suppressed",
    Status.NEAR_ZERO: "[low] close to zero",
    Status.NOT_APPLICABLE: "[z] does not apply",
    Status.NOT_AVAILABLE: "[x] not available",
    Status.NOT_COLLECTED: "–",
}


@dataclass(frozen=True)
class StatusSince:
    """Whether a school is open, since when (None: not known), and the register's own words about it."""

    status: str
    on: datetime.date | None = None
    note: str = ""

    @property
    def words(self) -> str:
        """ "Open", "Open since 18 August 2008", "Closed on 1 November 2023"."""
        label = SchoolStatus(self.status).label
        if self.on is None:
            return label
        return f"{label} {'since' if self.status == SchoolStatus.OPEN else 'on'} {date_format(self.on)}"

    def __str__(self):
        return f"{self.words}: {self.note}" if self.note else self.words


@dataclass(frozen=True)
class UrbanRural:
    """A class of the urban-rural classification: its code, and of how many classes it is one (8, 6, 3 or 2)."""

    code: int
    folds: int

    def __str__(self):
        return f"{URBAN_RURAL[self.folds][self.code - 1].capitalize()} (class {self.code} of {self.folds})".replace(
            "scotland", "Scotland"
        )


@dataclass(frozen=True)
class Band:
    """A share that is published as a band, in per cent: from `low` to under `high`."""

    low: Decimal
    high: Decimal

    def __str__(self):
        return f"{self.low} to under {self.high}%"


@dataclass(frozen=True)
class Fact:
    """One fact: its status, its value (None unless known), the text published.

    A value is text, a number, a LocalAuthority, a bool, a StatusSince, an UrbanRural or a Band.

    Two facts are the same when status and value are; how it was typed does not matter.
    """

    status: Status
    value: object = None
    raw: str = ""

    def same_as(self, other: "Fact") -> bool:
        """Whether both say the same."""
        return (self.status, self.value) == (other.status, other.value)


def told_by(
    record: SchoolRecord, kind: Kind, authority: LocalAuthority | None, move: Move | None = None
) -> Iterator[tuple[str, Fact]]:
    """The facts that a register row tells, by field. What the row leaves blank is not told.

    `move` is what the same file says of the school's opening or closing. A school that stands in a contact list is open,
    whatever closed in its building before.
    """
    for field in _TEXTS:
        if field in record.texts:
            yield field, Fact(Status.KNOWN, record.texts[field], record.texts[field])
    if authority:
        yield "authority", Fact(Status.KNOWN, authority, record.authority_name or record.authority_code)
    if kind is Kind.CONTACT_LIST:
        yield "status", status_after(move if move and move.standing is Standing.OPEN else None)
    folds = next((folds for folds in URBAN_RURAL if f"urban_rural_{folds}" in record.texts), None)
    if folds:
        code = record.texts[f"urban_rural_{folds}"]
        yield "urban_rural", Fact(Status.KNOWN, UrbanRural(int(code), folds), code)
    for field, figure in record.figures.items():
        if field == "teachers_fte":
            yield "teachers", _number(figure, lambda value: value.quantize(ONE_PLACE))
        elif field == "deprived_share":
            yield field, _share(figure)
        else:
            yield field.upper() if field in STAGES else field, _number(figure, int)


def status_after(move: Move | None) -> Fact:
    """A school's status after what last happened to it; open when nothing is known to have happened."""
    if move is None:
        return Fact(Status.KNOWN, StatusSince(str(SchoolStatus.OPEN)), "Open")
    status = str(SchoolStatus(move.standing))
    return Fact(Status.KNOWN, StatusSince(status, move.on, move.note), str(move.standing).capitalize())


def completed(told: Fact, held: Fact) -> Fact:
    """What is told, with the day and the words that we have already when it says the same without them."""
    if isinstance(told.value, StatusSince) and told.value.on is None and told.value.status == held.value.status:
        return Fact(told.status, held.value, told.raw)
    return told


def refines(fine: Fact, coarse: Fact) -> bool:
    """Whether the first says the same as the second, only more exactly: "very remote rural" and "remote rural"."""
    if not (isinstance(fine.value, UrbanRural) and isinstance(coarse.value, UrbanRural)):
        return False
    one, other = fine.value, coarse.value
    return one.folds > other.folds and urban_rural_within(one.code, one.folds, other.folds) == other.code


def _number(figure: Figure, convert) -> Fact:
    value = convert(figure.value) if figure.status is Status.KNOWN else None
    return Fact(figure.status, value, figure.raw)


def _share(figure: Figure) -> Fact:
    value = figure.value
    if figure.status is Status.BAND:
        value = Band(figure.low, figure.high)
    return Fact(figure.status, value, figure.raw)


def _band(text: str) -> Band | str:
    """A band as it is kept on a school; text of another kind stays what it is."""
    match = _BAND.fullmatch(text)
    return Band(Decimal(match[1]), Decimal(match[2])) if match else text


def _fifth(share: Fact) -> int | None:
    if share.status is Status.KNOWN:
        return fifth_by_share(share.value)
    return fifth_by_share(share.value.low, share.value.high) if share.status is Status.BAND else None


def held_by(school: School, field: str) -> Fact:
    """What we hold of one fact now."""
    if field == LISTED:
        return Fact(Status.KNOWN, school.in_latest_list)
    if field == "deprived_share":
        status = _STATUS_OF_SHARE[FactStatus(school.deprived_status)]
        return Fact(status, _band(school.deprived_band) if status is Status.BAND else school.deprived_share)
    if field == "status":
        return Fact(Status.KNOWN, StatusSince(school.status, school.status_on, school.status_note))
    if field == "urban_rural" and school.urban_rural:
        return Fact(Status.KNOWN, UrbanRural(school.urban_rural, school.urban_rural_folds))
    value = school.stage_rolls.get(field) if field.lower() in STAGES else getattr(school, field)
    if value is None or value == "":
        status = Status(school.facts.get(field, {}).get("status", Status.NOT_COLLECTED))
        return Fact(status if status in _HIDDEN_WORDS else Status.NOT_COLLECTED)
    return Fact(Status.KNOWN, value)


def write(school: School, field: str, fact: Fact) -> None:
    """Put a fact's value in its place on the school (not saved). A fact that is not known becomes nothing, never 0."""
    if field == LISTED:
        school.in_latest_list = bool(fact.value)
    elif field == "status":
        school.status, school.status_on, school.status_note = fact.value.status, fact.value.on, fact.value.note
    elif field == "urban_rural":
        school.urban_rural, school.urban_rural_folds = fact.value.code, fact.value.folds
    elif field == "deprived_share":
        school.deprived_status = _SHARE_STATUS[fact.status]
        school.deprived_share = fact.value if fact.status is Status.KNOWN else None
        school.deprived_band = str(fact.value) if fact.status is Status.BAND else ""
        school.simd_quintile = _fifth(fact) if school.sector == Sector.PRIMARY else None
    elif field.lower() in STAGES:
        school.stage_rolls = {stage: count for stage, count in school.stage_rolls.items() if stage != field}
        if fact.value is not None:
            school.stage_rolls[field] = fact.value
    else:
        setattr(school, field, fact.value)


def note_source(school: School, field: str, fact: Fact, edition: Edition) -> None:
    """Write down where a fact came from (not saved)."""
    school.facts[field] = {
        "edition": edition.title,
        "kind": str(edition.kind),
        "on": edition.on.isoformat(),
        "raw": fact.raw,
        "status": str(fact.status),
    }


def rank_of(school: School, field: str) -> tuple[datetime.date, int]:
    """How strong the source of a fact is, to compare with `Edition.rank`; facts without a source are the weakest."""
    note = school.facts.get(field)
    if not note:
        return datetime.date.min, -1
    return datetime.date.fromisoformat(note["on"]), _STRENGTH[note["kind"]]


def words(field: str, fact: Fact) -> str:
    """A fact as people read it."""
    if fact.status in _HIDDEN_WORDS:
        return _HIDDEN_WORDS[fact.status]
    if field == LISTED:
        return "Yes" if fact.value else "No"
    if field == "deprived_share" and isinstance(fact.value, Decimal):
        return f"{fact.value.normalize():f}%"
    return str(fact.value)
