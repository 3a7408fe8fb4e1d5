"""Questionnaire files become versions; loading twice changes nothing and a frozen version is never changed."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from surveys.loading import FOLDER, BadInstrument, load_instruments
from surveys.models import Instrument, InstrumentVersion, Item

pytestmark = pytest.mark.django_db

FILE = """
key = "pupils-p2p4"
title = "Pupils"
audience = "pupil"
stage_group = "P2P4"
[scales.faces3]
look = "faces"
points = [{ value = 1, label = "No" }, { value = 2, label = "Yes" }]
outside = [{ code = "NS", label = "Not sure" }]
[[items]]
key = "one"
text = "I like school."
construct = "school liking"
scale = "faces3"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pupils.toml").write_text(FILE)
    return tmp_path


def test_programme_has_three_instruments():
    load_instruments()

    versions = {version.instrument.key: version for version in InstrumentVersion.objects.select_related("instrument")}
    assert {key: version.items.count() for key, version in versions.items()} == {
        "pupils-p2p4": 20,
        "pupils-p5p7": 26,
        "headteacher-impact": 10,
    }
    assert versions["pupils-p5p7"].items.filter(reverse=True).count() == 1


def test_liking_of_school_and_subjects_is_not_scored():
    load_instruments()

    unscored = set(Item.objects.filter(scored=False).values_list("construct", flat=True))
    assert unscored == {"school liking", "subject liking"}
    assert not Item.objects.filter(scored=True, construct__in=unscored).exists()


def test_each_scale_offers_its_codes_outside():
    load_instruments()

    offered = {
        name: [code["code"] for code in scale["outside"]]
        for version in InstrumentVersion.objects.all()
        for name, scale in version.scales.items()
    }
    assert offered == {
        "faces3": ["NS"],
        "faces3_done": ["NS", "ND"],
        "agree5": ["PN"],
        "enjoy5": ["ND", "PN"],
        "impact5": ["TE"],
    }


def test_load_reference_twice_changes_nothing(capsys):
    call_command("load_reference")
    before = list(InstrumentVersion.objects.values_list("pk", "number", "source_sha256"))

    call_command("load_reference")

    assert list(InstrumentVersion.objects.values_list("pk", "number", "source_sha256")) == before
    assert "Questionnaires: 3 same." in capsys.readouterr().out


def test_changed_file_rewrites_a_draft(folder):
    load_instruments(folder)
    (folder / "pupils.toml").write_text(FILE.replace("I like school.", "I like coming to school."))

    counts = load_instruments(folder)

    assert counts == {"draft changed": 1}
    assert list(Item.objects.values_list("version__number", "text")) == [(1, "I like coming to school.")]


def test_changed_file_leaves_a_frozen_version_and_makes_the_next(folder):
    load_instruments(folder)
    InstrumentVersion.objects.update(frozen_at=datetime(2025, 9, 1, tzinfo=UTC))
    (folder / "pupils.toml").write_text(FILE.replace("I like school.", "I like coming to school."))

    counts = load_instruments(folder)

    assert counts == {"new version": 1}
    assert list(Item.objects.order_by("version__number").values_list("version__number", "text")) == [
        (1, "I like school."),
        (2, "I like coming to school."),
    ]


def test_missing_file_retires_its_instrument_and_deletes_nothing(folder):
    load_instruments(folder)
    (folder / "pupils.toml").unlink()

    load_instruments(folder)

    assert Instrument.objects.get().retired
    assert Item.objects.count() == 1
    assert not InstrumentVersion.objects.latest_of_each().exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('scale = "faces3"', 'scale = "faces9"'),
        ('code = "NS"', 'code = "XX"'),
        ('audience = "pupil"', 'audience = "parents"'),
        ("[scales.faces3]", "[scales.faces3"),
    ],
)
def test_faulty_file_is_refused_with_its_name(folder, old, new):
    (folder / "pupils.toml").write_text(FILE.replace(old, new))

    with pytest.raises(BadInstrument, match=r"pupils\.toml"):
        load_instruments(folder)

    assert not Instrument.objects.exists()


def test_item_keys_are_unique_across_the_programmes_forms():
    load_instruments(FOLDER)

    keys = list(Item.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
