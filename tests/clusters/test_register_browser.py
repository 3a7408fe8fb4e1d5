"""The register pages in a real browser: the page follows the reading by itself, and a double click sends and saves once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clusters import actions
from clusters.importing import uploads
from clusters.models import RegisterImport, School
from clusters.registers.readings import Edition, Kind
from tests import make
from tests.browsing import overflow, violations
from tests.clusters import register_files as files

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def fife():
    return make.authority("Fife", gss_code="S12000047")


@pytest.fixture
def staff(fife):
    return make.person("Fiona Baird", staff=True)


@pytest.fixture
def without_worker(monkeypatch):
    """Files wait: nothing takes them up."""
    monkeypatch.setattr("clusters.tasks.read_register.delay_on_commit", lambda **options: None)


def sent(file=None):
    content = (file or files.contact_list()).getvalue()
    edition = Edition(Kind.CONTACT_LIST, date(2024, 10, 31))
    return actions.read_register(content, file_name="list.xlsx", edition=edition, said_on=None, by=None)


def test_register_pages_have_no_faults_in_any_state(browser_page, fife, staff, without_worker):
    leaving = make.school("Leaving Primary", fife, seed_code="9900425")
    make.cluster("Bayside", fife, [leaving])
    preview = files.kept(files.contact_list(moved=[files.moved_row(closed=date(2023, 11, 1))]))
    waiting, stopped, refused = (
        sent(files.contact_list(files.contact_row(name=name))) for name in ("Waiting", "Stopped", "Refused")
    )
    runs = RegisterImport.objects
    runs.filter(pk=waiting.pk).update(made_at=timezone.now() - timedelta(minutes=5))
    runs.filter(pk=stopped.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5), progress=40)
    runs.filter(pk=refused.pk).update(state="refused", refusal="“list.xlsx” has no school that can be read.")
    addresses = ["/setup/register/", "/setup/register/new/", *(
        run.get_absolute_url() for run in (preview, waiting, stopped, refused)
    )]  # fmt: skip
    page = browser_page(staff, width=320)
    found = []

    for address in addresses:
        page.goto(address)
        found += [(address, *each) for each in violations(page)]
        found += [(address, "scrolls sideways")] if overflow(page) else []

    assert found == []


def test_page_follows_the_reading_to_the_preview_by_itself(browser_page, staff, without_worker):
    run = sent()
    page = browser_page(staff, width=390)
    page.goto(run.get_absolute_url())
    waiting = page.inner_text("#reading-step")
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now(), progress=40)
    page.wait_for_selector("progress[value='40']")
    during = page.inner_text("#reading-step")
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=None)

    uploads.read(run.pk)

    page.wait_for_selector("text=We recognised the official contact list")
    assert (waiting, during) == ("Waiting for its turn", "Reading the rows")


def test_double_clicks_send_and_save_once(browser_page, staff, tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(files.contact_list().getvalue())
    page = browser_page(staff)
    page.goto("/setup/register/new/")
    page.set_input_files("input[type=file]", path)

    page.get_by_role("button", name="Read the list").dblclick()
    page.get_by_role("button", name="Apply 1 new").dblclick()
    page.wait_for_selector("text=Applied: 1 new.")

    assert (RegisterImport.objects.count(), School.objects.count(), School.history.count()) == (1, 1, 1)
    assert "applied already" not in page.inner_text("main")
