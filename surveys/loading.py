"""Questionnaires from the repository's files (surveys/instruments/*.toml) into the database.

Safe to repeat. A file that has not changed does nothing. A changed file rewrites the latest version while that is still a
draft, and makes the next version once it is frozen. A file that is gone retires its instrument; nothing is ever deleted.
"""

import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path

from django.db import transaction

from surveys.choices import MOMENTS_OF, SCORED, Area, Audience, StageGroup
from surveys.models import Instrument, InstrumentVersion, Item

FOLDER = Path(__file__).with_name("instruments")
LOOKS = {"faces", "bars", "words"}
TICKS = "ticks"  # all that applies
OUTSIDE_CODES = {"NS", "ND", "PN", "TE", "CS"}
OPTION_CODE = re.compile(r"[a-z][a-z_]{1,19}")


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
        if reason := _scale_fault(scale):
            raise BadInstrument(f"{name}: {reason}")
    keys = [item["key"] for item in data["items"]]
    if len(set(keys)) != len(keys):
        raise BadInstrument(f"{name}: an item key stands twice.")
    if any(item["scale"] not in data["scales"] for item in data["items"]):
        raise BadInstrument(f"{name}: an item names a scale that is not there.")
    for item in data["items"]:
        if reason := _item_fault(item, data["scales"][item["scale"]]["look"] == TICKS, data["audience"]):
            raise BadInstrument(f"{name}, {item['key']}: {reason}")
    areas = [item["area"] for item in data["items"] if item.get("area")]
    if len(set(areas)) != len(areas):
        raise BadInstrument(f"{name}: an area stands twice. Each has one question, since each has one figure.")


def _scale_fault(scale):
    """What is wrong with a scale, as a sentence, or None."""
    if scale.get("look") == TICKS:
        options = scale.get("options", [])
        codes = [option.get("code", "") for option in options]
        sound = all(OPTION_CODE.fullmatch(code) for code in codes) and all(option.get("label") for option in options)
        if len(codes) < 2 or len(set(codes)) != len(codes) or not sound or "points" in scale or "outside" in scale:
            return "what is ticked needs two options or more, each with a label and a code of its own in small letters."
        return None
    codes = {outside["code"] for outside in scale.get("outside", [])}
    if scale.get("look") not in LOOKS or len(scale.get("points", [])) < 2 or not codes <= OUTSIDE_CODES:
        return f"a scale needs a look, two points or more, and only the codes {sorted(OUTSIDE_CODES)}."
    return None


def _item_fault(item, ticks, audience):
    """What is wrong with an item for an audience, as a sentence, or None; `ticks` says that all that applies is ticked."""
    if audience == Audience.PUPIL and (ticks or "moments" in item or "area" in item):
        return "pupils are asked the same each time, one answer to a question: no ticks, no moments, no area."
    if "moments" in item and (not item["moments"] or not set(item["moments"]) <= set(MOMENTS_OF[audience])):
        return f"moments is a list of {', '.join(MOMENTS_OF[audience])}."
    if item.get("area", "") not in ["", *Area.values]:
        return f"area is one of {', '.join(Area.values)}."
    if ticks and (item.get("area") or item.get("reverse") or item.get("scored")):
        return "what is ticked has no area, is not reversed and is in no score."
    if item.get("scored") and audience not in SCORED:
        return "what teachers and mentors say is in no score."
    return None


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
        name: {"look": TICKS, "options": scale["options"]}
        if scale["look"] == TICKS
        else {"look": scale["look"], "points": scale["points"], "outside": scale.get("outside", [])}
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
            points=len(data["scales"][item["scale"]].get("points", [])),
            reverse=item.get("reverse", False),
            scored=item.get("scored", _is_scored(data, item)),
            area=item.get("area", ""),
            moments=item.get("moments", []),
        )
        for order, item in enumerate(data["items"], start=1)
    )


def _is_scored(data, item):
    return data["audience"] in SCORED and data["scales"][item["scale"]]["look"] != TICKS
