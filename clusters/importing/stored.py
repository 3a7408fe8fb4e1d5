"""A reading as JSON, to be kept between the preview and the decision, so that the file itself need not be kept."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal

from clusters.registers.readings import (
    Edition,
    Figure,
    Kind,
    Move,
    Problem,
    Reading,
    SchoolRecord,
    Standing,
    Status,
)

_NUMBERS = ("value", "low", "high")


def to_json(reading: Reading) -> dict:
    """The reading as values that a JSONField takes."""
    return {
        "kind": str(reading.kind),
        "sheet": reading.sheet,
        "heading_row": reading.heading_row,
        "edition": edition_to_json(reading.edition),
        "rows": reading.rows,
        "records": [_record_to_json(record) for record in reading.records],
        "problems": [asdict(problem) for problem in reading.problems],
        "moves": moves_to_json(reading.moves),
        "moves_sheet": reading.moves_sheet,
    }


def from_json(kept: dict) -> Reading:
    """The reading that `to_json` was given."""
    kind = Kind(kept["kind"])
    return Reading(
        kind=kind,
        sheet=kept["sheet"],
        heading_row=kept["heading_row"],
        edition=edition_from_json(kind, kept["edition"]),
        rows=kept["rows"],
        records=tuple(_record_from_json(record) for record in kept["records"]),
        problems=tuple(Problem(**problem) for problem in kept["problems"]),
        moves=tuple(moves_from_json(kept["moves"])),
        moves_sheet=kept["moves_sheet"],
    )


def moves_to_json(moves: Iterable[Move]) -> list:
    """Moves as short lists that a JSONField takes."""
    return [
        [move.seed_code, move.sector, str(move.standing), move.on and move.on.isoformat(), move.note] for move in moves
    ]


def moves_from_json(kept: list) -> Iterator[Move]:
    """The moves that `moves_to_json` was given."""
    for seed_code, sector, standing, on, note in kept:
        yield Move(seed_code, sector, Standing(standing), on and datetime.date.fromisoformat(on), note)


def edition_to_json(edition: Edition | None) -> dict | None:
    """An edition's date as values that a JSONField takes; its kind is kept elsewhere."""
    return edition and {"on": edition.on.isoformat(), "by_month": edition.by_month}


def edition_from_json(kind: Kind, kept: dict | None) -> Edition | None:
    """The edition that `edition_to_json` was given."""
    return kept and Edition(kind, datetime.date.fromisoformat(kept["on"]), by_month=kept["by_month"])


def _record_to_json(record: SchoolRecord) -> dict:
    figures = {
        name: {"status": str(figure.status), "raw": figure.raw}
        | {part: str(getattr(figure, part)) for part in _NUMBERS if getattr(figure, part) is not None}
        for name, figure in record.figures.items()
    }
    return {
        "row": record.row,
        "seed_code": record.seed_code,
        "sector": record.sector,
        "authority_name": record.authority_name,
        "authority_code": record.authority_code,
        "texts": dict(record.texts),
        "figures": figures,
    }


def _record_from_json(kept: dict) -> SchoolRecord:
    figures = {
        name: Figure(
            Status(figure["status"]),
            figure["raw"],
            **{part: Decimal(figure[part]) for part in _NUMBERS if part in figure},
        )
        for name, figure in kept["figures"].items()
    }
    return SchoolRecord(**{**kept, "figures": figures})
