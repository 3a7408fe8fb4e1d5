"""The pages of school sheets in a browser: no accessibility fault, no sideways scroll, made and published by clicks."""

import pytest
from django.urls import reverse

from reports.models import SheetSet
from tests.browsing import faults_at, go_on
from tests.reports.sample_sheets import make_sheet_set

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sheet_pages_have_no_faults(world, browser_page):
    sheets = make_sheet_set(world.cohort, [world.own_school, world.second_school], by=world.people["staff"])
    school = [reverse(name, args=[world.own_school.key]) for name in ("school-sheet", "school-picture")]
    pages = {
        "staff": [
            reverse("sheet-index"),
            reverse("sheets-request"),
            sheets.get_absolute_url(),
            reverse("sheets-withdraw", args=[sheets.pk]),
        ],
        "head": school,
        "teacher": school[1:],
    }

    found = []
    for role, addresses in pages.items():
        page = browser_page(world.people[role])
        page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
        for address in addresses:
            assert page.goto(address).status == 200
            found.extend((address, *each) for each in faults_at(page, (1280, 390)))

    assert found == []


def test_staff_publish_all_sheets_and_the_head_reads_the_own_and_its_pdf(world, browser_page):
    sheets = make_sheet_set(world.cohort, [world.own_school, world.second_school])
    staff = browser_page(world.people["staff"])
    staff.goto(sheets.get_absolute_url())
    go_on(staff, staff.get_by_role("link", name="Publish all"))
    go_on(staff, staff.get_by_role("button", name="Publish all"))

    head = browser_page(world.people["head"], width=390)
    head.goto("/")
    go_on(head, head.get_by_role("link", name="Read the sheet"))
    with head.expect_download() as download:
        head.get_by_role("link", name="PDF (one A4)").click()

    assert SheetSet.objects.get().state == "published"
    assert head.get_by_role("heading", level=1).inner_text() == world.own_school.name
    assert download.value.suggested_filename == "sheet-ownschool-primary-cohort-2025.pdf"
