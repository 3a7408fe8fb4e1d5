"""Questionnaires from the repository's files (surveys/instruments/*.toml) into the database.

Safe to repeat. A file that has not changed does nothing. A changed file rewrites the latest version while that is still a
draft, and makes the next version once it is frozen. A file that is gone retires its instrument; nothing is ever deleted.
"""

import hashlib
import tomllib
from collections import Counter
from pathlib import Path

from django.db import transaction

from surveys.choices import Audience, StageGroup
from surveys.models import Instrument, InstrumentVersion, Item

FOLDER = Path(__file__).with_name("instruments")
LOOKS = {"faces", "bars", "words"}
OUTSIDE_CODES = {"NS", "ND", "PN", "TE"}


class BadInstrument(Exception):
    """An instrument file that cannot be loaded; the message names the file and the fault."""


@transaction.atomic
def load_instruments(folder=FOLDER):
    """Load every instrument file of a folder; returns {"new", "draft changed", "new version", "same", "retired": how many}."""
    counts = Counter()
    keys = []
    for path in sorted(folder.glob("*.toml")):
        data, sha256 = _parse(path)
        keys.append(data["key"])
        counts[_load(data, sha256)] += 1
    gone = Instrument.objects.exclude(key__in=keys).filter(retired=False)
    counts["retired"] += gone.update(retired=True)
    return +counts


def load_reference():
    """Load the instruments that come with the programme; returns a sentence for the command that asked."""
    counts = load_instruments()
    return "Questionnaires: " + (", ".join(f"{number} {what}" for what, number in counts.items()) or "none") + "."


def _parse(path):
    content = path.read_bytes()
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInstrument(f"{path.name}: {error}") from error
    _check(data, path.name)
    return data, hashlib.sha256(content).hexdigest()


def _check(data, name):
    """Refuse a file that would make a form nobody could answer."""
    for needed in ("key", "title", "audience", "scales", "items"):
        if not data.get(needed):
            raise BadInstrument(f"{name}: {needed} is missing.")
    if data["audience"] not in Audience.values or data.get("stage_group", "") not in ["", *StageGroup.values]:
        raise BadInstrument(f"{name}: audience or stage_group is not one we know.")
    for scale in data["scales"].values():
        codes = {outside["code"] for outside in scale.get("outside", [])}
        if scale.get("look") not in LOOKS or len(scale["points"]) < 2 or not codes <= OUTSIDE_CODES:
            raise BadInstrument(
                f"{name}: a scale needs a look, two points or more, and only the codes {sorted(OUTSIDE_CODES)}."
            )
    keys = [item["key"] for item in data["items"]]
    if len(set(keys)) != len(keys):
        raise BadInstrument(f"{name}: an item key stands twice.")
    if any(item["scale"] not in data["scales"] for item in data["items"]):
        raise BadInstrument(f"{name}: an item names a scale that is not there.")


def _load(data, sha256):
    instrument, _ = Instrument.objects.update_or_create(
        key=data["key"],
        defaults={
            "title": data["title"],
            "audience": data["audience"],
            "stage_group": data.get("stage_group", ""),
            "retired": False,
        },
    )
    latest = instrument.versions.order_by("-number").first()
    if latest and latest.source_sha256 == sha256:
        return "same"
    if latest and latest.frozen_at is None:
        _write(latest, data, sha256)
        return "draft changed"
    _write(InstrumentVersion(instrument=instrument, number=latest.number + 1 if latest else 1), data, sha256)
    return "new version" if latest else "new"


def _write(version, data, sha256):
    version.intro = data.get("intro", "")
    version.scales = {
        name: {"look": scale["look"], "points": scale["points"], "outside": scale.get("outside", [])}
        for name, scale in data["scales"].items()
    }
    version.source_sha256 = sha256
    version.save()
    version.items.all().delete()
    Item.objects.bulk_create(
        Item(
            version=version,
            key=item["key"],
            order=order,
            text=item["text"],
            construct=item["construct"],
            scale=item["scale"],
            points=len(data["scales"][item["scale"]]["points"]),
            reverse=item.get("reverse", False),
            scored=item.get("scored", True),
        )
        for order, item in enumerate(data["items"], start=1)
    )
