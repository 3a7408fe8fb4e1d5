"""Home, dashboards and evaluation in a real browser for each role: no accessibility fault, no sideways scroll, nothing refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clusters.choices import Role
from reports.charts import render_all
from reports.choices import PlaceKind
from reports.models import DataTaking, ReportRun
from surveys.choices import Audience, Moment
from surveys.models import Invitation
from tests import make
from tests.browsing import faults_at, go_on, violations
from tests.reports.access import make_export, make_report
from tests.surveys import make_surveys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
# Each role's home, and every other page once, as somebody who does the most on it.
PAGES = {
    "admin": ["/"],
    "staff": ["/", "/counted/", "/clusters/owncluster/progress/", "/authorities/ownshire/", "{run}"],
    "qio": ["/", "{report}"],
    "mentor": ["/", "/more/"],
    "head": ["/", "/my-surveys/"],
    "teacher": ["/"],
    "evaluator": [
        *("/", "/evaluation/", "/evaluation/new/", "/evaluation/plan/", "/evaluation/plan/cohort-2025/"),
        *("/evaluation/exports/", "/evaluation/exports/new/", "{export}", "{export}take/"),
    ],
}


@pytest.fixture
def busy_world(world):
    """The small world with two open surveys, a class, a report about the own cluster, and one that is being made."""
    today = timezone.localdate()
    window = {"opens_on": today - timedelta(days=7), "closes_on": today + timedelta(days=7)}
    make_surveys.wave(world.cohort, [world.own_school, world.second_school], **window)
    heads = make_surveys.wave(world.cohort, [world.own_school], audience=Audience.HEAD, moment=Moment.ONCE, **window)
    Invitation.objects.create(wave=heads, school=world.own_school, person=world.people["head"])
    make_surveys.class_group(world.own_school, world.cohort)
    world.report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    world.report.charts = render_all(world.report.results)
    world.report.save()
    world.run = ReportRun.objects.create(
        place_kind=PlaceKind.CLUSTER,
        cohort=world.cohort,
        authority=world.own_authority,
        cluster=world.own_cluster,
        key="k",
    )
    world.export = make_export(world.cohort, by=world.people["evaluator"])
    DataTaking.objects.create(
        export=world.export, person=world.people["evaluator"], purpose="Checking the models.", at=timezone.now()
    )
    return world


def faults(page, address):
    """What is wrong with a page, its folded parts opened; on a phone tables are cards, with the same markup as at a desk."""
    found = []
    answer = page.goto(address)
    if answer.status != 200:
        found.append((address, answer.status))
    page.evaluate(UNFOLD)
    return found + [(address, *each) for each in faults_at(page, (1280, 390))]


@pytest.mark.parametrize("role", PAGES)
def test_pages_of_each_role_have_no_faults(busy_world, browser_page, role):
    made = {"report": busy_world.report, "run": busy_world.run, "export": busy_world.export}
    places = {name: each.get_absolute_url() for name, each in made.items()}
    page, said = browser_page(busy_world.people[role]), []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

    found = [each for address in PAGES[role] for each in faults(page, address.format(**places))]

    assert found + said == []


def test_home_of_a_headteacher_of_two_schools_has_no_faults(busy_world, browser_page):
    make.give_role(busy_world.people["head"], Role.HEAD, busy_world.second_school)

    assert faults(browser_page(busy_world.people["head"]), "/") == []


def test_open_section_is_in_sight_on_a_phone(busy_world, browser_page):
    page = browser_page(busy_world.people["staff"], width=390)

    for address in ("/", "/clusters/", "/setup/"):
        page.goto(address)
        box = page.locator(".site-nav [aria-current]").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_evaluator_takes_data_after_saying_what_for(busy_world, browser_page):
    page = browser_page(busy_world.people["evaluator"], width=390)
    page.goto(f"{busy_world.export.get_absolute_url()}take/")
    button = page.get_by_role("button", name="Write it down and download")

    go_on(page, button)
    refused, broken = page.get_by_role("alert").inner_text(), violations(page)
    page.get_by_label("What you take the data for").fill("Comparing the cuts.")
    page.get_by_label("I have read the review above").check()
    with page.expect_download() as came:
        button.click()

    assert "Say what you take the data for." in refused
    assert broken == []
    assert came.value.suggested_filename == "deidentified-cohort-2025-11111111.zip"
    assert busy_world.export.takings.filter(purpose="Comparing the cuts.").count() == 1
