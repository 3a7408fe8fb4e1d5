"""The class pages in a real browser: accessible, no sideways scroll, slips that fit on A4."""

import pikepdf
import pytest

from surveys.actions.classes import create_class
from tests.browsing import faults_at
from tests.surveys import make_surveys
from tests.surveys.test_pupil_pages import FOR_YEARS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def group(world):
    make_surveys.wave(world.cohort, [world.own_school], **FOR_YEARS)
    return create_class(
        school=world.own_school,
        cohort=world.cohort,
        name="P4/5",
        slips={"P4": 14, "P5": 13},
        by=world.people["teacher"],
    )


def test_every_class_page_is_accessible_and_fits(world, group, browser_page):
    page = browser_page(world.people["teacher"])
    found = []

    for address in ["", "new/", *(f"{group.pk}/{part}" for part in ["", "board/", "slips/", "slips/more/", "retire/"])]:
        page.goto(f"/classes/{address}")
        found += [(address, *each) for each in faults_at(page, (1280, 320))]

    assert found == []


def test_class_of_twenty_seven_prints_on_three_sheets_of_paper(world, group, browser_page, tmp_path):
    page = browser_page(world.people["teacher"])
    page.goto(f"/classes/{group.pk}/slips/")

    page.pdf(path=tmp_path / "slips.pdf", format="A4")

    with pikepdf.open(tmp_path / "slips.pdf") as printed:
        assert len(printed.pages) == 3
