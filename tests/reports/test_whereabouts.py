"""Each sentence of a page of key findings leads to the very table of the report that its figures stand in."""

import re

import pytest

from reports import actions
from reports.presentation import present
from reports.presentation.key_findings import draft
from reports.presentation.whereabouts import table_of
from tests.reports.access import form_at, make_report
from tests.reports.sample_results import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(world):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    return actions.draft_key_findings(report, by=world.people["staff"])


def test_every_drafted_sentence_leads_to_a_table_with_its_figures_on_the_reports_page(page, world, sign_in):
    client = sign_in(world.people["staff"])
    report = client.get(page.report.get_absolute_url()).content.decode()
    links = re.findall(r'href="[^"]*#(at-[^"]+)"', client.get(page.get_absolute_url()).content.decode())

    assert links == [each["table"] for each in page.sentences if "table" in each]
    assert len(links) >= 4
    assert [link for link in links if report.count(f'id="{link}"') != 1] == []


def test_sentence_on_a_question_leads_to_the_figure_that_holds_the_question():
    sections = present(sample(), {})["sections"]
    blocks = {block["id"]: block for section in sections for block in section["blocks"] if block["kind"] == "figure"}
    found = [each for each in draft(sample()) if each["anchor"] == "items"]

    assert found
    for each in found:
        question = each["text"].split("“")[1].split("”")[0]
        rows = blocks[each["table"]]["table"]["rows"]
        assert any(
            question in (row[0]["text"], *(str(value).rstrip(".") for value in row[0]["values"])) for row in rows
        )


def test_edited_sentence_keeps_its_table_until_it_is_moved_to_another_section(page, world, sign_in):
    staff = sign_in(world.people["staff"])
    address = f"{page.get_absolute_url()}edit/"
    change = next(each for each in page.sentences if each["anchor"] == "change")
    number = [each for each in page.sentences if each["part"] == "findings"].index(change) + 1
    form = form_at(staff, address)
    written = {f"findings_{number}": change["text"].replace("matched pupils", "pupils who could be matched")}

    staff.post(address, form | written)
    page.refresh_from_db()
    kept = next(each for each in page.sentences if each["anchor"] == "change")
    moved = form_at(staff, address) | {f"findings_{number}_anchor": "", "knowing": "on"}
    moved["doubted"] = staff.post(address, moved).context["form"].data["doubted"]
    staff.post(address, moved)
    page.refresh_from_db()

    assert kept["table"] == change["table"]
    assert [each.get("table") for each in page.sentences if each["text"] == kept["text"]] == [None]


def test_table_that_is_not_there_has_no_address():
    sections = present(sample(), {})["sections"]

    assert table_of(sections, "change", row="Nobody") == ""
    assert table_of(sections, "nowhere") == ""
