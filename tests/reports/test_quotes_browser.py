"""The quotes bank and the aims in a real browser: no accessibility fault and no sideways scroll."""

import pytest
from django.urls import reverse

from reports import actions
from tests.browsing import faults_at
from tests.reports.access import make_quote, make_report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_edit_page_that_was_changed_meanwhile_has_no_faults(world, browser_page):
    staff = world.people["staff"]
    page_of = actions.draft_key_findings(make_report(world.cohort, world.own_cluster, by=staff), by=staff)
    page = browser_page(staff)
    page.goto(f"{page_of.get_absolute_url()}edit/")
    actions.edit_key_findings(page_of, sentences=page_of.sentences[:2], by=staff)

    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_text("Somebody has changed this page since you opened it").wait_for()

    assert page.get_by_text("What the page says now", exact=True).is_visible()
    assert faults_at(page, (1280, 390)) == []


def test_pages_of_quotes_and_aims_have_no_faults(world, browser_page):
    staff = world.people["staff"]
    page_of = actions.draft_key_findings(make_report(world.cohort, world.own_cluster, by=staff), by=staff)
    quote = make_quote(world.own_cluster)
    actions.choose_quotes(page_of, quotes=[quote], by=staff)
    actions.tag_key_findings(page_of, aims=[["A1", "D34"]] * len(page_of.sentences), by=staff)
    page, found, address = browser_page(staff), [], page_of.get_absolute_url()

    for asked in [
        *(address, f"{address}edit/", f"{address}aims/", f"{address}publish/", reverse("findings-by-aim")),
        *(reverse("quote-list"), reverse("quote-create"), quote.get_absolute_url()),
        reverse("quote-withdraw", args=[quote.pk]),
    ]:
        page.goto(asked)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        found += [(asked, *each) for each in faults_at(page, (1280, 390))]

    assert found == []
