"""Grants in a real browser: no accessibility fault, no sideways scroll, and a headteacher's way on a phone."""

import pytest
from django.utils import timezone

from clusters.choices import GrantState
from clusters.models import SchoolGrant
from mentors import actions
from tests.browsing import faults_at, go_on, violations
from tests.mentors import make_grants
from tests.mentors.making import session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STEPS = {
    "apply": GrantState.INVITED,
    "award": GrantState.APPLIED,
    "decline": GrantState.APPLIED,
    "pay": GrantState.AWARDED,
    "due": GrantState.PAID,
    "spend": GrantState.PAID,
    "report": GrantState.SPENT,
    "back": GrantState.REPORTED,
}


@pytest.fixture
def scheme(world):
    """A scheme for the cohort, whose own cluster has had a session about forces."""
    session(world.own_cluster, {world.own_school: 4}, by=world.people["staff"], topic="forces")
    return make_grants.scheme(world.cohort, by=world.people["staff"])


def faults(page, addresses):
    found = []
    for address in addresses:
        answer = page.goto(address)
        if answer.status != 200:
            found.append((address, answer.status))
        found += [(address, *each) for each in faults_at(page, (1280, 390))]
    return found


def test_grant_pages_for_staff_have_no_faults(browser_page, world, scheme):
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    addresses = [
        *("/grants/", "/grants/?q=nobody", "/grants/schemes/", "/grants/schemes/new/"),
        *(f"/grants/schemes/{scheme.pk}/change/", f"/grants/schemes/{scheme.pk}/invite/"),
        *("/clusters/owncluster/grants/", "/clusters/owncluster/grants/?state=overdue"),
        f"/clusters/owncluster/grants/invite/?scheme={scheme.pk}",
    ]
    for name, state in STEPS.items():
        other = make_grants.scheme(world.cohort, funder=f"Funder {name}", by=world.people["staff"])
        grant = make_grants.grant(other, world.own_school, state)
        addresses += [grant.get_absolute_url(), f"{grant.get_absolute_url()}{name}/"]

    assert faults(browser_page(world.people["staff"]), addresses) == []


def test_national_sums_stay_within_their_tiles(browser_page, world):
    staff = world.people["staff"]
    scheme = make_grants.scheme(world.cohort, amount=8_491_413, by=staff)
    for school in (world.own_school, world.second_school, world.sibling_school, world.foreign_school):
        grant = make_grants.grant(scheme, school)
        make_grants.awarded(make_grants.applied(grant, staff, asked=8_491_413), staff, amount=8_491_413)
    page, beyond = browser_page(staff), []
    page.goto("/grants/")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        beyond += page.locator(".tiles .fig").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
        )

    assert page.locator(".tiles .fig").nth(1).inner_text() == "£339,657"
    assert beyond == []


@pytest.mark.parametrize("role", ["qio", "mentor", "head"])
def test_grant_pages_of_each_role_have_no_faults(role, browser_page, world, scheme):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)
    of_cluster = ["/clusters/owncluster/grants/", "/clusters/owncluster/progress/"]
    addresses = {
        "qio": ["/", "/grants/", grant.get_absolute_url(), *of_cluster],
        "mentor": ["/", *of_cluster],
        "head": ["/", "/grants/", grant.get_absolute_url()],
    }

    assert faults(browser_page(world.people[role]), addresses[role]) == []


def test_headteacher_applies_and_later_reports_on_a_phone(browser_page, world):
    staff, today = world.people["staff"], timezone.localdate()
    scheme = make_grants.scheme(world.cohort, report_due_on=None, report_weeks=26, by=staff)
    grant = make_grants.grant(scheme, world.own_school)
    page = browser_page(world.people["head"], width=390)
    page.goto("/")

    go_on(page, page.get_by_role("link", name="Apply for the grant"))
    go_on(page, page.get_by_role("button", name="Send the application"))
    refused, broken = page.get_by_role("alert").inner_text(), violations(page)
    page.get_by_label("What will you buy").fill("Ramps for P5")
    page.get_by_label("Forces").check()
    go_on(page, page.get_by_role("button", name="Send the application"))
    make_grants.awarded(SchoolGrant.objects.get(pk=grant.pk), staff, on=today)
    actions.pay(grant, paid=50_000, paid_on=today, by=staff, on=today)
    page.goto(grant.get_absolute_url())
    go_on(page, page.get_by_role("link", name="Say what was bought"))
    page.get_by_label("What did you buy?").fill("12 ramps")
    page.get_by_label("How is it used?").fill("P5 rolls cars")
    go_on(page, page.get_by_role("button", name="Keep it"))
    go_on(page, page.get_by_role("link", name="Hand in the report"))
    go_on(page, page.get_by_role("button", name="Hand in the report"))

    assert "Say what you will buy and what for." in refused
    assert broken == []
    grant.refresh_from_db()
    assert (grant.last_step, grant.topics, grant.spent) == (GrantState.REPORTED, ["forces"], 50_000)
