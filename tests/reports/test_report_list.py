"""The list of reports: found by place, cohort and state, sorted, and no more than one may see."""

import pytest
from django.urls import reverse

from tests import make
from tests.reports.access import make_report


@pytest.fixture
def reports(world):
    earlier = make.cohort("Cohort 2023")
    by = world.people["staff"]
    return {
        "own": make_report(world.cohort, world.own_cluster, by=by),
        "foreign": make_report(world.cohort, world.foreign_cluster, by=by),
        "whole": make_report(earlier, by=by),
        "draft": make_report(world.cohort, world.sibling_cluster),
    }


def listed(client, reports, query=""):
    page = client.get(f"{reverse('report-list')}?{query}")
    assert page.status_code == 200
    found = [report.pk for report in page.context["object_list"]]
    return {name for name, report in reports.items() if report.pk in found}


def test_list_of_reports_is_searched_and_filtered(world, sign_in, reports):
    staff = sign_in(world.people["staff"])

    assert listed(staff, reports) == {"own", "foreign", "whole", "draft"}
    assert listed(staff, reports, "q=ownclus") == {"own"}
    assert listed(staff, reports, "q=foreignsh") == {"foreign"}
    assert listed(staff, reports, "cohort=cohort-2023") == {"whole"}
    assert listed(staff, reports, "place_kind=cohort") == {"whole"}
    assert listed(staff, reports, "state=draft") == {"draft"}


def test_list_of_reports_that_finds_nothing_leads_back(world, sign_in, reports):
    page = sign_in(world.people["staff"]).get(f"{reverse('report-list')}?q=nowhere").content.decode()

    assert "No report matches" in page
    assert 'href="?"' in page


def test_officer_filters_among_what_is_published_and_has_no_state_to_choose(world, sign_in, reports):
    officer = sign_in(world.people["qio"])

    page = officer.get(f"{reverse('report-list')}?q=shire").content.decode()

    assert listed(officer, reports, "q=shire") == {"own"}
    assert listed(officer, reports, "state=draft") == {"own"}
    assert 'name="state"' not in page
    assert "Foreigncluster" not in page


def test_list_of_reports_is_sorted_by_a_column(world, sign_in, reports):
    staff = sign_in(world.people["staff"])

    first, last = (
        staff.get(f"{reverse('report-list')}?sort={sort}").context["object_list"][0] for sort in ("built", "-built")
    )

    assert first.built_at <= last.built_at
