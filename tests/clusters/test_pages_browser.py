"""Pages of people and places in a real browser: no accessibility fault, no sideways scroll, no script or style refused."""

from datetime import date

import pytest

from clusters.choices import MilestoneKind
from clusters.models import Milestone
from tests.browsing import overflow, violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STAFF_PAGES = [
    "/clusters/",
    "/clusters/?q=nothing+matches",
    "/clusters/new/",
    "/clusters/owncluster/",
    "/clusters/owncluster/add-school/",
    "/clusters/owncluster/join/",
    "/schools/",
    "{school}",
    "/authorities/",
    "/cohorts/",
    "/cohorts/cohort-2025/",
    "/people/",
    "{person}",
    "{person}close/",
    "/people/invite/",
    "/search/?q=own",
    "/setup/",
    "/history/",
    "/history/cluster/{cluster}/",
    "/me/",
    "/accounts/second-factor/",
    "/accounts/second-factor/app/",
    "/accounts/sign-out/",
]
PUBLIC_PAGES = ["/accounts/sign-in/", "/accounts/inactive/", "/nowhere/"]


def faults(page, addresses):
    """What is wrong with each page on a small phone; tables are cards there, with the same markup as at a desk."""
    said, found = [], []
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    for address in addresses:
        page.goto(address)
        found += [(address, *each) for each in violations(page)]
        if overflow(page):
            found.append((address, "scrolls sideways"))
    return found + said


def test_pages_for_staff_have_no_faults(browser_page, world):
    part = world.own_cluster.participations.get()
    Milestone.objects.create(participation=part, kind=MilestoneKind.RESIDENTIAL_1, on=date(2025, 9, 16))
    places = {
        "school": world.own_school.get_absolute_url(),
        "person": world.people["head"].get_absolute_url(),
        "cluster": world.own_cluster.pk,
    }

    found = faults(
        browser_page(world.people["staff"], width=320), [address.format(**places) for address in STAFF_PAGES]
    )

    assert found == []


def test_public_pages_have_no_faults(browser_page, world):
    assert faults(browser_page(width=320), PUBLIC_PAGES) == []


def test_invitation_asks_only_for_the_place_that_the_role_needs(browser_page, world):
    page = browser_page(world.people["admin"])
    page.goto("/people/invite/")
    shown = {}

    for role in ("staff", "qio", "mentor", "teacher"):
        page.check(f"input[value={role}]")
        shown[role] = [place for place in ("authority", "cluster", "school") if page.is_visible(f"#div_id_{place}")]

    assert shown == {"staff": [], "qio": ["authority"], "mentor": ["cluster"], "teacher": ["school"]}
