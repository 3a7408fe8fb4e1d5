"""Children at phones and tablets, in a real browser: without scripts, on the smallest screen, one after the other."""

import contextlib

import pytest
from playwright.sync_api import Error

from surveys.actions.classes import create_class
from surveys.models import Response
from tests.browsing import go_on, overflow, violations
from tests.surveys import make_surveys
from tests.surveys.test_pupil_pages import FOR_YEARS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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
    go_on(page, page.get_by_role("button", name="Go"))


def show_slip(page, slip):
    first, second, number = slip.split("-")
    go_on(page, page.get_by_role("button", name=first, exact=True))
    go_on(page, page.get_by_role("button", name=second, exact=True))
    page.get_by_label("Type the number on your slip").fill(number)
    go_on(page, page.get_by_role("button", name="Next"))


def answer_all(page, words):
    """Answer every question with the card of these words until the thank-you; returns how many there were."""
    asked = 0
    while not page.get_by_role("heading", name="Thank you").count():
        page.get_by_role("radio", name=words[asked % len(words)], exact=True).check()
        go_on(page, page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Finish")))
        asked += 1
    return asked


def test_youngest_answer_on_a_phone_without_scripts(group, browser_page):
    page = browser_page(width=390, height=844, java_script_enabled=False)
    type_code(page, group)
    show_slip(page, slip_of(group, "P4"))
    go_on(page, page.get_by_role("button", name="Yes, start"))
    assert page.get_by_role("heading", level=1).inner_text().startswith("Try it.")
    page.get_by_role("radio", name="A lot").check()
    go_on(page, page.get_by_role("button", name="Next"))

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
    go_on(page, page.get_by_role("button", name="Back"))
    assert page.get_by_role("radio").first.is_checked()
    go_on(page, page.get_by_role("button", name="Next"))

    answer_all(page, ["Prefer not to say"])

    stored = Response.objects.get()
    assert (stored.stage, list(stored.answers.values())[:2]) == ("P5", [1, "PN"])


def test_double_tap_on_finish_stores_one_sheet(group, browser_page):
    page = browser_page(width=390, height=844)
    type_code(page, group)
    show_slip(page, slip_of(group, "P5"))
    go_on(page, page.get_by_role("button", name="Yes, start"))
    while not page.get_by_role("button", name="Finish").count():
        go_on(page, page.get_by_role("button", name="Next"))

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
        go_on(page, page.get_by_role("button", name="Yes, start"))
        assert page.locator("input:checked").count() == 0
        page.get_by_role("radio", name="Agree", exact=True).check()
        while not page.get_by_role("heading", name="Thank you").count():
            go_on(page, page.get_by_role("button", name="Next").or_(page.get_by_role("button", name="Finish")))
        with contextlib.suppress(Error):  # the browser has not kept the page, and says so
            page.go_back()
        assert page.locator("input").count() == 0
        with contextlib.suppress(
            Error
        ):  # asked to, it sends the page before again: a finished sheet shows only the thank-you
            page.reload()
        assert page.locator("input").count() == 0
        with contextlib.suppress(Error):  # the page that was asked for again may still be on its way
            page.goto(f"/s/{group.code}/done/")
        page.wait_for_load_state()
        go_on(page, page.get_by_role("link", name="I am the next person"))

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
    go_on(page, page.get_by_role("button", name="Go"))
    look("class code, wrong")
    type_code(page, group)
    look("first picture")
    go_on(page, page.get_by_role("button", name=first, exact=True))
    look("second picture")
    go_on(page, page.get_by_role("button", name=second, exact=True))
    look("number")
    page.get_by_label("Type the number on your slip").fill("10" if number != "10" else "11")
    go_on(page, page.get_by_role("button", name="Next"))
    look("slip, wrong")
    show_slip(page, slip_of(group, "P4"))
    look("ready")
    go_on(page, page.get_by_role("button", name="Yes, start"))
    look("practice")
    go_on(page, page.get_by_role("button", name="Next"))
    look("faces")
    type_code(page, group)
    go_on(page, page.get_by_role("button", name="I have no slip"))
    look("stage")
    go_on(page, page.get_by_role("button", name="P5"))
    look("ready without a slip")
    go_on(page, page.get_by_role("button", name="Start"))
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
    go_on(page, page.get_by_role("button", name="Yes, start"))
    smallest["answers"] = min(card.bounding_box()["height"] for card in page.locator(".set .pick").all())
    smallest["moving on"] = min(button.bounding_box()["height"] for button in page.locator(".nav .btn").all())

    assert {name: height >= 72 for name, height in smallest.items()} == dict.fromkeys(smallest, True)
