"""``manage.py import_schools`` and ``manage.py load_reference``."""

import io

import pytest
from django.core.management import CommandError, call_command

from clusters.importing.authorities import load_authorities
from clusters.importing.comparing import AuthorityNames
from clusters.models import LocalAuthority, RegisterImport, School
from tests import make
from tests.clusters import register_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def fife():
    return make.authority("Fife", gss_code="S12000047")


def run_command(path, *options):
    out = io.StringIO()
    call_command("import_schools", str(path), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def contact_file(tmp_path):
    both = files.contact_row(9900425, "Auchterlee High", **{"Secondary Department": "Yes"})
    path = tmp_path / "list.xlsx"
    path.write_bytes(files.contact_list(files.contact_row(), both, files.contact_row("99OO4", "Kirkmorran")).getvalue())
    return path


def test_command_prints_the_preview_and_saves_nothing(fife, contact_file):
    text = run_command(contact_file)

    assert "the official contact list, edition of 31 October 2024" in text
    assert "3 rows, 2 with a primary department (3 records by SEED code and sector)" in text
    assert "new: 3" in text
    assert "9900417-P Ardlinnie Primary" in text
    assert "row 9, Kirkmorran: SEED code is “99OO4”" in text
    assert "Nothing was saved." in text
    assert not School.objects.exists()
    assert not RegisterImport.objects.exists()


def test_command_applies_once_and_then_has_nothing_to_change(fife, contact_file):
    first = run_command(contact_file, "--apply")
    second = run_command(contact_file, "--apply")

    assert "Applied" in first
    assert "Nothing to change." in second
    assert (School.objects.count(), School.history.count(), RegisterImport.objects.count()) == (3, 3, 1)


def test_command_asks_for_the_year_when_the_file_does_not_tell(fife, tmp_path):
    path = tmp_path / "roll.xlsx"
    path.write_bytes(files.school_roll(files.school_roll_row()).getvalue())

    with pytest.raises(CommandError, match="which year"):
        run_command(path)

    assert "September 2023" in run_command(path, "--edition", "2023")
    with pytest.raises(CommandError, match="neither a year"):
        run_command(path, "--edition", "soon")


def test_command_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="cannot be opened"):
        run_command(tmp_path / "nowhere.xlsx")


def test_load_reference_brings_the_32_councils_and_repeats_without_effect():
    assert load_authorities() == (32, 0)
    assert load_authorities() == (0, 0)
    LocalAuthority.objects.filter(gss_code="S12000047").update(name="Fyfe")
    assert load_authorities() == (0, 1)
    fife = LocalAuthority.objects.get(gss_code="S12000047")
    assert (fife.name, fife.superseded_codes) == ("Fife", ["S12000015"])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Edinburgh City", "City of Edinburgh"), ("Edinburgh, City of", "City of Edinburgh"), ("Glasgow", "Glasgow City"),
        ("Eilean Siar", "Na h-Eileanan Siar"), ("Na h-Eileanan an Iar", "Na h-Eileanan Siar"),
        ("Comhairle nan Eilean Siar", "Na h-Eileanan Siar"), ("Argyll & Bute", "Argyll and Bute"),
        ("Perth & Kinross Council", "Perth and Kinross"), ("Aberdeen City ", "Aberdeen City"), ("Shetland", "Shetland Islands"),
        ("S12000015", "Fife"), ("S12000024", "Perth and Kinross"), ("S12000046", "Glasgow City"), ("S12000044", "North Lanarkshire"),
    ],
)  # fmt: skip
def test_authority_is_found_by_every_name_and_code_that_the_editions_use(said, name):
    load_authorities()
    names = AuthorityNames(LocalAuthority.objects.all())

    found, why = names.find("", said) if said.startswith("S12") else names.find(said, "")

    assert (str(found), why) == (name, "")
