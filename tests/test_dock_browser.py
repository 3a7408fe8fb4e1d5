"""Whoever goes through a page by the keyboard sees where they are: nothing that sticks to the bottom lies over it (WCAG 2.4.11)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.choices import Audience, Moment
from surveys.links import personal_link
from surveys.models import Invitation
from tests import make
from tests.surveys import make_surveys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The focused element with its ring of five pixels, and what sticks to the bottom of the window around it.
COVERED = """() => {
  const focused = document.activeElement, at = focused.getBoundingClientRect();
  return [...document.querySelectorAll(".dock, .tabbar")]
    .filter((bar) => bar.getClientRects().length && !bar.contains(focused))
    .filter((bar) => at.bottom + 5 > bar.getBoundingClientRect().top && at.top < bar.getBoundingClientRect().bottom)
    .map((bar) => `${bar.className} over ${focused.name || focused.textContent}`);
}"""


def gone_through(page, address):
    """What lies over the focused element at any stop of the Tab key through a page, and how many stops there were."""
    page.emulate_media(reduced_motion="reduce")  # otherwise the page still glides when it is looked at
    page.goto(address, wait_until="networkidle")
    covered, stops = [], 0
    while stops < 90:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops += 1
        covered += page.evaluate(COVERED)
    return covered, stops


@pytest.mark.parametrize(("width", "height"), [(390, 600), (1280, 600)])
def test_focus_is_never_under_the_save_bar_of_the_session_form(world, browser_page, width, height):
    for number in range(5):
        make.membership(world.own_cluster, make.school(f"School {number}", world.own_authority))

    covered, stops = gone_through(browser_page(world.people["mentor"], width=width, height=height), "/sessions/new/")

    assert covered == []
    assert stops > 15


@pytest.mark.parametrize("width", [390, 1280])
def test_focus_is_never_under_the_buttons_of_a_survey_form(world, browser_page, width):
    today = timezone.localdate()
    days = {"opens_on": today - timedelta(days=7), "closes_on": today + timedelta(days=7)}
    wave = make_surveys.wave(world.cohort, [world.own_school], audience=Audience.HEAD, moment=Moment.ONCE, **days)
    invitation = Invitation.objects.create(wave=wave, school=world.own_school, person=world.people["head"])

    covered, stops = gone_through(browser_page(width=width, height=600), f"{personal_link(invitation)}1/")

    assert covered == []
    assert stops > 5


def test_focus_is_never_under_the_tabs_of_a_phone(world, browser_page):
    covered, stops = gone_through(browser_page(world.people["mentor"], width=390, height=500), "/more/")

    assert covered == []
    assert stops > 5
