"""Reports and school sheets where they are read: on a phone, down a long page, and printed from the browser."""

import re

import pytest
from django.urls import reverse

from reports.charts import render_all
from tests.reports.access import make_report
from tests.reports.sample_sheets import make_sheet_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
WIDER = """[...document.querySelectorAll('.scroll')].filter(each => each.scrollWidth > each.clientWidth + 1)
    .map(each => each.previousElementSibling.innerText)"""


@pytest.fixture
def report(world):
    made = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    schools = made.results["school_means"]["schools"]
    # So many schools that their table is too long for cards.
    made.results["school_means"]["schools"] = [row | {"est": row["est"] + n / 100} for n in range(2) for row in schools]
    made.charts = render_all(made.results)
    made.save()
    return made


@pytest.fixture
def sheet(world):
    make_sheet_set(world.cohort, [world.own_school, world.second_school], by=world.people["staff"])
    return reverse("school-sheet", args=[world.own_school.key])


def test_table_that_scrolls_sideways_on_a_phone_says_so_and_can_be_focused(world, report, browser_page):
    page = browser_page(world.people["staff"], width=320)
    page.goto(report.get_absolute_url())
    page.evaluate(UNFOLD)
    page.wait_for_function(f"({WIDER}).length > 0 && ({WIDER}).every(words => words)")

    region = page.get_by_role("region", name=re.compile("as a table. Schools’ average change"))

    assert set(page.evaluate(WIDER)) == {"Scroll sideways for more columns."}
    assert region.get_attribute("tabindex") == "0"


def test_table_that_fits_has_no_line_on_scrolling(world, report, browser_page):
    page = browser_page(world.people["staff"], width=1280)
    page.goto(report.get_absolute_url())
    page.evaluate(UNFOLD)

    assert page.get_by_text("Scroll sideways for more columns.").filter(visible=True).count() == 0


def test_contents_of_a_report_stay_in_sight_and_every_section_leads_back_to_them(world, report, browser_page):
    page = browser_page(world.people["staff"], width=1280, height=700)
    page.goto(report.get_absolute_url())
    sections = page.locator("section.panel[aria-labelledby]").count() - 1  # the key finding stands beside the contents
    page.evaluate("window.scrollTo({top: 5000, behavior: 'instant'})")

    box = page.get_by_role("navigation", name="In this report").locator(".toc").bounding_box()

    assert 0 <= box["y"] < 10
    assert box["y"] + box["height"] <= 700
    assert page.get_by_role("link", name="Back to contents").count() == sections
    page.emulate_media(media="print")
    assert page.get_by_role("link", name="Back to contents").filter(visible=True).count() == 0


def test_school_sheet_on_a_phone_shows_every_number_without_scrolling_sideways(world, sheet, browser_page):
    page = browser_page(world.people["head"], width=390)
    page.goto(sheet)

    cells = page.locator("td.num")
    boxes = [box for box in (cells.nth(place).bounding_box() for place in range(cells.count())) if box]

    assert boxes
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    assert (
        page.locator("td.num").first.evaluate("each => getComputedStyle(each, '::before').content")
        == '"School, before: "'
    )
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(each => each.scrollWidth <= each.clientWidth + 1)"
    )


def test_school_sheet_printed_from_its_page_is_one_page_that_names_the_pdf(world, sheet, browser_page):
    page = browser_page(world.people["head"])
    page.goto(sheet)
    page.emulate_media(media="print")

    printed = page.pdf(format="A4")

    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") <= 1
    assert page.get_by_text("For paper there is its PDF").is_visible()
    assert not page.get_by_role("heading", name="What the answers show").is_visible()
