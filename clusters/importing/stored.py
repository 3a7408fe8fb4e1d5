"""A reading as JSON, to be kept between the preview and the decision, so that the file itself need not be kept."""

import datetime
from dataclasses import asdict
from decimal import Decimal

from clusters.registers.readings import Edition, Figure, Kind, Problem, Reading, SchoolRecord, Status

_NUMBERS = ("value", "low", "high")


def to_json(reading: Reading) -> dict:
    """The reading as values that a JSONField takes."""
    return {
        "kind": str(reading.kind),
        "sheet": reading.sheet,
        "heading_row": reading.heading_row,
        "edition": reading.edition and {"on": reading.edition.on.isoformat(), "by_month": reading.edition.by_month},
        "rows": reading.rows,
        "records": [_record_to_json(record) for record in reading.records],
        "problems": [asdict(problem) for problem in reading.problems],
    }


def from_json(kept: dict) -> Reading:
    """The reading that `to_json` was given."""
    kind = Kind(kept["kind"])
    edition = kept["edition"]
    return Reading(
        kind=kind,
        sheet=kept["sheet"],
        heading_row=kept["heading_row"],
        edition=edition and Edition(kind, datetime.date.fromisoformat(edition["on"]), by_month=edition["by_month"]),
        rows=kept["rows"],
        records=tuple(_record_from_json(record) for record in kept["records"]),
        problems=tuple(Problem(**problem) for problem in kept["problems"]),
    )


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
