"""Staff read an official list in the browser, look at it, apply it and take it back."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from clusters.importing import runs
from clusters.models import RegisterImport, School
from tests import make
from tests.clusters import register_files as files

pytestmark = pytest.mark.django_db


@pytest.fixture
def fife():
    return make.authority("Fife", gss_code="S12000047")


@pytest.fixture
def staff(client):
    person = make.person("Fiona Baird", staff=True)
    client.force_login(person)
    return person


def upload(client, file, name="list.xlsx", **data):
    """Send a file; the worker reads it at once."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return client.post(reverse("register-upload"), {"file": SimpleUploadedFile(name, file.getvalue()), **data})


def text_of(response):
    return " ".join(response.content.decode().split())


def test_upload_shows_the_preview_and_saves_nothing_else(client, fife, staff):
    odd = files.contact_row("99OO4", "Kirkmorran Primary")

    response = upload(client, files.contact_list(files.contact_row(), odd))

    run = RegisterImport.objects.get()
    assert (response.status_code, response.url) == (302, reverse("register-import", args=[run.pk]))
    page = text_of(client.get(response.url))
    assert "We recognised the official contact list, edition of 31 October 2024." in page
    assert "Apply 1 new" in page
    assert "Ardlinnie Primary" in page
    assert (run.made_by, run.applied_at) == (staff, None)
    assert not School.objects.exists()
    problems = text_of(client.get(response.url, {"show": "problems"}))
    assert "SEED code is “99OO4”: a letter O where a figure should be" in problems


def test_preview_shows_old_and_new_side_by_side(client, fife, staff):
    make.school("Old Name", fife, seed_code="9900417", roll=None, stage_rolls={}, postcode="ZZ9 4QU")
    upload(client, files.contact_list())

    page = text_of(client.get(RegisterImport.objects.get().get_absolute_url()))

    assert (
        '<del class="muted">Old Name</del></td><td role="cell" data-l="In this file"><b>Ardlinnie Primary</b>' in page
    )
    assert "ZZ9 4QU" in page
    assert "Apply 1 changed" in page


def test_preview_names_the_closing_schools_that_are_in_a_cluster(client, fife, staff):
    leaving = make.school("Leaving Primary", fife, seed_code="9900425")
    make.school("Also Leaving", fife, seed_code="9900433")
    make.cluster("Bayside", fife, [leaving])
    gone = [files.moved_row(seed=seed, closed=date(2023, 11, 1)) for seed in (9900425, 9900433)]

    page = text_of(client.get(upload(client, files.contact_list(moved=gone)).url))

    assert "The sheet “Schools Opened or closed” says what happened to 2 schools." in page
    assert "1 school that this list calls closed or mothballed is in a cluster now." in page
    assert "Closed on 1 November 2023" in page
    assert f'<li><a href="{leaving.get_absolute_url()}">Leaving Primary</a>, Bayside</li>' in page


def test_table_of_changes_can_be_searched(client, fife, staff):
    rows = [files.contact_row(9900000 + number, f"School number {number}") for number in range(30)]
    address = upload(client, files.contact_list(*rows)).url

    second = text_of(client.get(address, {"page": 2}))
    found = text_of(client.get(address, {"q": "number 17"}))
    nothing = text_of(client.get(address, {"q": "<script>"}))

    assert "26 to 30 of 30" in second
    assert ("School number 17" in found, "School number 16" in found) == (True, False)
    assert "No school here matches “&lt;script&gt;”" in nothing


def test_apply_saves_once_and_says_so(client, fife, staff):
    address = upload(client, files.contact_list()).url
    run = RegisterImport.objects.get()

    first = client.post(reverse("register-apply", args=[run.pk]), follow=True)
    second = client.post(reverse("register-apply", args=[run.pk]), follow=True)

    assert "Applied: 1 new." in text_of(first)
    assert "applied already" in text_of(second)
    assert School.objects.get().history.get().history_user == staff
    run.refresh_from_db()
    assert (run.applied_by, run.reading) == (staff, {})
    assert "Take it back" in text_of(client.get(address))


def test_same_file_again_has_nothing_to_change(client, fife, staff):
    runs.apply(files.kept(files.contact_list()), by=staff)

    page = text_of(client.get(upload(client, files.contact_list()).url))

    assert "there is nothing to change" in page
    assert 'action="' + reverse("register-apply", args=[RegisterImport.objects.first().pk]) not in page


def test_import_is_taken_back_after_a_confirmation(client, fife, staff):
    run = files.kept(files.contact_list())
    runs.apply(run, by=staff)

    asked = text_of(client.get(reverse("register-undo", args=[run.pk])))
    done = client.post(reverse("register-undo", args=[run.pk]), follow=True)

    assert "the 1 added schools are removed" in asked
    assert "Taken back: 0 schools as they were, 1 removed." in text_of(done)
    assert not School.objects.exists()


def test_refused_file_says_why_and_changes_nothing(client, fife, staff):
    page = upload(client, files.io.BytesIO(b"<html>not found</html>"))

    assert page.status_code == 422
    assert "“list.xlsx” is a web page, not a workbook." in text_of(page)
    assert not RegisterImport.objects.exists()


def test_list_without_a_year_asks_for_it(client, fife, staff):
    roll = files.school_roll(files.school_roll_row())

    refused = upload(client, roll, "roll.xlsx")
    taken = upload(client, roll, "roll.xlsx", year="2023")

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "does not say which year it describes" in text_of(refused)
    assert RegisterImport.objects.get().edition == "SchoolRoll list, September 2023"


def test_upload_over_the_limit_is_refused(client, fife, staff, settings):
    settings.UPLOAD_LIMIT_BYTES = 2000

    page = upload(client, files.contact_list())

    assert page.status_code == 422
    assert "is larger than" in text_of(page)


def test_text_from_a_file_is_never_markup(client, fife, staff):
    markup = '"><img src=x onerror=alert(1)>'
    rows = [
        files.contact_row(9900417, f"A {markup}", Denomination=markup, **{"Medium of Education": markup}),
        files.contact_row(f"9{markup}", f"B {markup}", **{"LA Name": markup}),
        files.contact_row(9900425, f"C {markup}", **{"LA Name": markup}),
        files.contact_row(9900433, f"D {markup}", **{"Post Code": markup, "Primary Department": markup}),
    ]
    address = upload(client, files.contact_list(*rows), f"a{markup}.xlsx").url
    run = RegisterImport.objects.get()

    pages = [client.get(address, {"show": show}) for show in ("new", "problems")]
    client.post(reverse("register-apply", args=[run.pk]))
    changed = files.contact_row(9900417, f"E {markup}")
    pages.append(client.get(upload(client, files.contact_list(changed)).url))
    pages.append(client.get(reverse("register-list")))

    assert "onerror" in text_of(pages[0])
    assert not any("<img src=x" in text_of(page) for page in pages)


def test_import_list_asks_the_database_the_same_for_one_and_three(client, fife, staff, django_assert_num_queries):
    for count in (1, 2):
        for _ in range(count):
            files.kept(files.contact_list(), by=staff)

        with django_assert_num_queries(5):
            client.get(reverse("register-list"))
