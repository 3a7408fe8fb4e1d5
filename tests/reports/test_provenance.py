"""The small line at the foot of what is printed for itself: the same on the page and on paper, and all that a report must say."""

import pytest
from django.urls import reverse

from reports import actions
from reports.documents.sheets import picture_pdf, sheet_pdf
from reports.presentation.footer import provenance_line, report_line, sheets_line
from reports.presentation.picture import present_picture
from reports.presentation.sheet import present_sheet
from tests.reports.access import make_report
from tests.reports.documents.printed import words_of
from tests.reports.sample_results import sample
from tests.reports.sample_sheets import make_sheet_set, results, shared

LIBRARIES = {"Python": "3.11.7", "numpy": "2.4.6"}


def test_line_of_a_report_says_which_it_is_whom_it_covers_and_how_its_figures_came_about():
    found = sample()
    found["provenance"] |= {
        "data_hash": "73e8f40c" * 8, "analysis_version": "1.4.0", "libraries": LIBRARIES, "item_set": "scored",
        "cut": 4.0, "cut_fixed_at": "2026-03-12", "cut_fixed_by": "Maria Shaw",
    }  # fmt: skip
    found["flow"]["rows_raw"] = 8057

    assert report_line(found, 4, 1, "All clusters, Cohort 2025") == (
        "Report 4, version 1: All clusters, Cohort 2025, 8,057 answer sheets, questions marked as scored. Data 73e8f40c…, "
        "analysis 1.4.0, Python 3.11.7, numpy 2.4.6; rating cut 4.0 fixed on 12 March 2026 by Maria Shaw."
    )


def test_line_of_a_sheet_says_whose_data_they_are_and_names_no_cut():
    found = shared() | {"version": 2, "libraries": LIBRARIES, "made_on": "2026-11-29"}

    assert sheets_line(found) == (
        "School sheets, Cohort 2025, version 2. Data (pupils’ sheets) 01234567…, analysis 1, Python 3.11.7, numpy 2.4.6; "
        "made 29 November 2026."
    )


def test_line_leaves_out_what_is_not_known():
    assert provenance_line({}, "Report 4, version 1") == "Report 4, version 1."


@pytest.mark.parametrize("make", [
    lambda common: sheet_pdf(present_sheet(results(), common), common),
    lambda common: picture_pdf(present_picture(results(), common), common),
], ids=["sheet", "picture"])  # fmt: skip
def test_sheet_and_picture_print_their_line(make):
    common = shared() | {"version": 1, "libraries": LIBRARIES}

    assert sheets_line(common).replace(" ", "") in words_of(make(common))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["school-sheet", "school-picture"])
def test_pages_of_a_school_have_the_line_of_its_papers(name, world, sign_in):
    make_sheet_set(world.cohort, [world.own_school], by=world.people["staff"])

    page = sign_in(world.people["head"]).get(reverse(name, args=[world.own_school.key]))

    assert "Data (pupils’ sheets) 01234567…" in page.content.decode()


@pytest.mark.django_db
def test_key_findings_have_the_line_of_their_report_on_page_and_paper(world, sign_in):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    actions.draft_key_findings(report, by=world.people["staff"])
    client = sign_in(world.people["staff"])

    page, paper = (client.get(reverse(each, args=[report.pk])) for each in ("key-findings", "key-findings-file"))

    said = page.context["provenance"]
    assert said.startswith(f"Report {report.pk}, version 1: ")
    assert f"Data {report.results['provenance']['data_hash'][:8]}…" in said
    assert said in page.content.decode()
    assert said.replace(" ", "") in words_of(paper.content)


@pytest.mark.django_db
def test_pack_has_the_line_of_its_report_on_page_and_paper(world, sign_in):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    client = sign_in(world.people["mentor"])

    page, paper = (
        client.get(reverse(each, args=[world.own_cluster.slug])) for each in ("cluster-pack", "cluster-pack-file")
    )

    said = page.context["provenance"]
    assert said.startswith(f"Report {report.pk}, version 1: ")
    assert said in page.content.decode()
    assert said.replace(" ", "") in words_of(paper.content)
