"""Pages of jobs and of key findings in a browser: no fault, and a job moves on by itself and leaves the keyboard where it is."""

import pytest

from reports import actions
from reports.choices import PlaceKind
from reports.models import ReportRun
from tests.browsing import faults_at
from tests.reports.access import make_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_keyboard_stays_on_stop_while_the_progress_moves_on(world, browser_page):
    run = ReportRun.objects.create(place_kind=PlaceKind.COHORT, cohort=world.cohort, key="k")
    page = browser_page(world.people["staff"])
    page.goto(run.get_absolute_url())
    stop = page.get_by_role("link", name="Stop making it")
    stop.focus()

    ReportRun.objects.filter(pk=run.pk).update(stage="Reading the answers")
    page.get_by_role("heading", name="Reading the answers").wait_for()
    ReportRun.objects.filter(pk=run.pk).update(stage="Hiding small cells")
    page.get_by_role("heading", name="Hiding small cells").wait_for()

    assert page.evaluate("document.activeElement.textContent") == "Stop making it"
    assert page.evaluate("document.activeElement.isConnected")


def test_job_page_has_no_faults(world, browser_page):
    run = ReportRun.objects.create(place_kind=PlaceKind.COHORT, cohort=world.cohort, key="k")
    page = browser_page(world.people["staff"])
    page.goto(run.get_absolute_url())

    assert faults_at(page, (1280, 390)) == []


def test_key_findings_pages_have_no_faults_before_and_after_they_went_out(world, browser_page):
    staff = world.people["staff"]
    found = actions.draft_key_findings(make_report(world.cohort, world.own_cluster, by=staff), by=staff)
    page, address, faults = browser_page(staff), found.get_absolute_url(), []

    for ending in ("", "edit/", "publish/"):
        page.goto(f"{address}{ending}")
        faults.extend((ending, *each) for each in faults_at(page, (1280, 390)))
    actions.publish_key_findings(found, by=staff)
    page.goto(f"{address}withdraw/")
    faults.extend(("withdraw/", *each) for each in faults_at(page, (1280, 390)))

    assert faults == []
