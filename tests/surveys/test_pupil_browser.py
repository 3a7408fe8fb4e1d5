"""Children at phones and tablets, in a real browser: without scripts, on the smallest screen, one after the other."""

import contextlib
from pathlib import Path

import pytest
from playwright.sync_api import Error

from surveys.actions.classes import create_class
from surveys.models import Response
from tests.surveys import make_surveys
from tests.surveys.test_pupil_pages import FOR_YEARS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()


@pytest.fixture
def group(world):
    make_surveys.wave(world.cohort, [world.own_school], **FOR_YEARS)
    return create_class(
        school=world.own_school, cohort=world.cohort, name="P4/5", slips={"P4": 2, "P5": 2}, by=world.people["teacher"]
    )


def slip_of(group, stage, number=0):
    return group.pupil_codes.filter(stage=stage)[number].code


def type_code(page, group):
    page.goto("/s/")
    page.get_by_label("Type the class code").fill(f"{group.code[:4].lower()} {group.code[4:]}")
    page.get_by_role("button", name="Go").click()


def show_slip(page, slip):
    first, second, number = slip.split("-")
    page.get_by_role("button", name=first, exact=True).click()
    page.get_by_role("button", name=second, exact=True).click()
    page.get_by_label("Type the number on your slip").fill(number)
    page.get_by_role("button", name="Next").click()


def answer_all(page, words):
    """Answer every question with the card of these words until the thank-you; returns how many there were."""
    asked = 0
    while not page.get_by_role("heading", name="Thank you").count():
        page.get_by_role("radio", name=words[asked % len(words)], exact=True).check()
        page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Finish")).click()
        asked += 1
    return asked


def violations(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [(violation["id"], violation["nodes"][0]["html"]) for violation in found]


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_youngest_answer_on_a_phone_without_scripts(group, browser_page):
    page = browser_page(width=390, height=844, java_script_enabled=False)
    type_code(page, group)
    show_slip(page, slip_of(group, "P4"))
    page.get_by_role("button", name="Yes, start").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Try it.")
    page.get_by_role("radio", name="A lot").check()
    page.get_by_role("button", name="Next").click()

    asked = answer_all(page, ["A lot", "A bit", "Not really", "Not sure"])

    stored = Response.objects.get()
    assert stored.pupil_code == slip_of(group, "P4")
    keys = stored.version.items.order_by("order").values_list("key", flat=True)
    assert stored.answers == {key: [3, 2, 1, "NS"][number % 4] for number, key in enumerate(keys)}
    assert asked == stored.version.items.count()
    assert page.context.cookies() == []


def test_older_answer_on_a_phone_without_scripts_and_with_the_keyboard(group, browser_page):
    page = browser_page(width=390, height=844, java_script_enabled=False)
    type_code(page, group)
    show_slip(page, slip_of(group, "P5"))
    page.get_by_role("button", name="Yes, start").press("Enter")
    page.get_by_role("radio").first.press("Space")
    page.keyboard.press("Enter")  # the form's own button is Next, not Back
    page.get_by_role("img", name="Question 2 of").wait_for()
    page.get_by_role("button", name="Back").click()
    assert page.get_by_role("radio").first.is_checked()
    page.get_by_role("button", name="Next").click()

    answer_all(page, ["Prefer not to say"])

    stored = Response.objects.get()
    assert (stored.stage, list(stored.answers.values())[:2]) == ("P5", [1, "PN"])


def test_double_tap_on_finish_stores_one_sheet(group, browser_page):
    page = browser_page(width=390, height=844)
    type_code(page, group)
    show_slip(page, slip_of(group, "P5"))
    page.get_by_role("button", name="Yes, start").click()
    while not page.get_by_role("button", name="Finish").count():
        page.get_by_role("button", name="Next").click()

    page.get_by_role("button", name="Finish").dblclick(no_wait_after=True)
    page.get_by_role("heading", name="Thank you").wait_for()
    page.reload()

    assert page.get_by_role("heading", name="Thank you").count() == 1
    assert Response.objects.count() == 1


def test_two_children_share_a_tablet_and_back_shows_nothing(group, browser_page):
    page = browser_page(width=820, height=1100)
    type_code(page, group)
    for number in (0, 1):
        show_slip(page, slip_of(group, "P5", number))
        page.get_by_role("button", name="Yes, start").click()
        assert page.locator("input:checked").count() == 0
        page.get_by_role("radio", name="Agree", exact=True).check()
        while not page.get_by_role("heading", name="Thank you").count():
            page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Finish")).click()
        with contextlib.suppress(Error):  # the browser has not kept the page, and says so
            page.go_back()
        assert page.locator("input").count() == 0
        with contextlib.suppress(
            Error
        ):  # asked to, it sends the page before again: a finished sheet shows only the thank-you
            page.reload()
        assert page.locator("input").count() == 0
        page.goto(f"/s/{group.code}/done/")
        page.get_by_role("link", name="I am the next person").click()

    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    codes = Response.objects.order_by("pk").values_list("pupil_code", flat=True)
    assert list(codes) == [slip_of(group, "P5"), slip_of(group, "P5", 1)]


@pytest.mark.parametrize("width", [320, 820])
def test_every_pupil_page_is_accessible_fits_and_stays_at_home(width, group, browser_page, live_server):
    page = browser_page(width=width, height=740)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    found = {}

    def look(name):
        found[name] = (violations(page), overflow(page))

    first, second, number = slip_of(group, "P4").split("-")
    page.goto("/s/")
    look("class code")
    assert len([url for url in asked if not url.startswith("data:")]) <= 5
    page.get_by_role("button", name="Go").click()
    look("class code, wrong")
    type_code(page, group)
    look("first picture")
    page.get_by_role("button", name=first, exact=True).click()
    look("second picture")
    page.get_by_role("button", name=second, exact=True).click()
    look("number")
    page.get_by_label("Type the number on your slip").fill("10" if number != "10" else "11")
    page.get_by_role("button", name="Next").click()
    look("slip, wrong")
    show_slip(page, slip_of(group, "P4"))
    look("ready")
    page.get_by_role("button", name="Yes, start").click()
    look("practice")
    page.get_by_role("button", name="Next").click()
    look("faces")
    type_code(page, group)
    page.get_by_role("button", name="I have no slip").click()
    look("stage")
    page.get_by_role("button", name="P5").click()
    look("ready without a slip")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("radio").first.check()
    look("bars")
    page.goto(f"/s/{group.code}/done/")
    look("thank you")

    assert {name: result for name, result in found.items() if result != ([], 0)} == {}
    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()


def test_targets_are_big_enough_for_small_hands(group, browser_page):
    page = browser_page(width=320, height=740)
    type_code(page, group)
    smallest = {"pictures": min(card.bounding_box()["height"] for card in page.locator(".pick").all())}
    show_slip(page, slip_of(group, "P5"))
    page.get_by_role("button", name="Yes, start").click()
    smallest["answers"] = min(card.bounding_box()["height"] for card in page.locator(".set .pick").all())
    smallest["moving on"] = min(button.bounding_box()["height"] for button in page.locator(".nav .btn").all())

    assert {name: height >= 72 for name, height in smallest.items()} == dict.fromkeys(smallest, True)
