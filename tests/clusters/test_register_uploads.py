"""A register that was sent is read in the background: once, with its progress, and never half."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from clusters import actions, tasks
from clusters.importing import uploads
from clusters.models import RegisterImport, School
from clusters.registers.readings import Edition, Kind
from tests import make
from tests.clusters import register_files as files

pytestmark = pytest.mark.django_db

EDITION = Edition(Kind.CONTACT_LIST, timezone.datetime(2024, 10, 31).date())
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def fife():
    return make.authority("Fife", gss_code="S12000047")


@pytest.fixture
def staff(client, fife):
    person = make.person("Fiona Baird", staff=True)
    client.force_login(person)
    return person


def sent(file=None, by=None):
    """A file that waits for a worker."""
    content = (file or files.contact_list()).getvalue()
    return actions.read_register(content, file_name="list.xlsx", edition=EDITION, said_on=None, by=by)


def stopped(run):
    """Its worker took it up and was killed."""
    long_ago = timezone.now() - uploads.STOPPED_AFTER - timedelta(seconds=1)
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=long_ago, progress=40)


def text_of(response):
    return " ".join(response.content.decode().split())


def test_file_is_forgotten_once_it_is_read(staff):
    run = sent()

    tasks.read_register(run_id=run.pk)

    run = RegisterImport.objects.get(pk=run.pk)
    assert (run.state, run.progress, run.upload, run.counts["new"]) == ("read", 100, None, 1)
    assert not School.objects.exists()
    assert actions.apply_register(run, by=staff).applied_at


def test_progress_is_written_down_while_the_rows_are_read(staff, monkeypatch):
    rows = [files.contact_row(9900000 + number) for number in range(300)]
    run = sent(files.contact_list(*rows))
    seen = []
    compare = uploads.compare

    def look(reading):
        seen.append(RegisterImport.objects.values("progress", "state").get(pk=run.pk))
        return compare(reading)

    monkeypatch.setattr(uploads, "SECONDS_BETWEEN", -1)
    monkeypatch.setattr(uploads, "compare", look)
    tasks.read_register(run_id=run.pk)

    assert seen == [{"progress": 80, "state": "reading"}]


@pytest.mark.parametrize(("progress", "step"), [(40, "Reading the rows"), (80, "Comparing with our schools")])
def test_page_shows_how_far_the_reading_is_and_then_the_preview(progress, step, client, staff):
    run = sent(by=staff)
    waiting = text_of(client.get(run.get_absolute_url()))
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now(), progress=progress)

    page = text_of(client.get(run.get_absolute_url()))
    part = client.get(run.get_absolute_url(), **HTMX)
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=None)
    tasks.read_register(run_id=run.pk)
    ready = client.get(run.get_absolute_url(), **HTMX)

    assert "Waiting for its turn" in waiting
    assert (step in page, f'<progress max="100" value="{progress}"' in page, "hx-get" in page) == (True, True, True)
    assert ("<html" in part.content.decode(), "HX-Redirect" in part) == (False, False)
    assert ready["HX-Redirect"] == run.get_absolute_url()
    assert "We recognised the official contact list" in text_of(client.get(run.get_absolute_url()))


def test_same_file_sent_twice_is_read_once(client, staff):
    data = files.contact_list().getvalue()

    first, second = (
        client.post(reverse("register-upload"), {"file": SimpleUploadedFile("list.xlsx", data)}) for _ in range(2)
    )

    assert first.url == second.url
    assert RegisterImport.objects.count() == 1


def test_file_whose_message_was_lost_is_read_when_it_is_sent_again(staff):
    file = files.contact_list()
    lost = sent(file)  # nothing follows the commit, as when the queue is away

    with TestCase.captureOnCommitCallbacks(execute=True):
        again = sent(file)

    assert again.pk == lost.pk
    assert RegisterImport.objects.get().state == "read"


def test_file_that_is_being_read_is_not_asked_for_again(staff, monkeypatch):
    file = files.contact_list()
    run = sent(file)
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now(), progress=40)

    with TestCase.captureOnCommitCallbacks() as asked:
        sent(file)

    assert asked == []


def test_sweep_reads_the_file_whose_message_was_lost_and_no_other(staff):
    lost, new, begun = (sent(files.contact_list(files.contact_row(9900000 + number))) for number in range(3))
    RegisterImport.objects.exclude(pk=new.pk).update(made_at=timezone.now() - timedelta(minutes=2))
    stopped(begun)

    tasks.resume_waiting_registers()

    assert dict(RegisterImport.objects.values_list("pk", "state")) == {
        lost.pk: "read",
        new.pk: "reading",
        begun.pk: "reading",
    }


def test_database_keeps_one_reading_of_a_file_sent_twice_at_the_same_moment(staff):
    run = sent()

    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterImport.objects.create(file_name="list.xlsx", sha256=run.sha256, kind="contact-list", state="reading")


def test_file_that_is_being_read_is_not_read_by_a_second_worker(staff, monkeypatch):
    run = sent()
    RegisterImport.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now(), progress=40)
    monkeypatch.setattr(uploads, "read_register", lambda *args, **options: pytest.fail("read twice"))

    tasks.read_register(run_id=run.pk)

    assert RegisterImport.objects.get(pk=run.pk).progress == 40


def test_killed_worker_leaves_nothing_and_the_page_says_what_to_do(client, staff, monkeypatch):
    file = files.contact_list()  # made once: a workbook carries the second of its making
    run = sent(file)

    def kill(*args, **options):
        raise SystemExit

    monkeypatch.setattr(uploads, "compare", kill)
    with pytest.raises(SystemExit):
        tasks.read_register(run_id=run.pk)
    stopped(run)
    page = text_of(client.get(run.get_absolute_url()))
    monkeypatch.undo()
    with TestCase.captureOnCommitCallbacks(execute=True):
        again = sent(file)

    assert not School.objects.exists()
    assert "The reading has stopped half-way." in page
    assert "Choose the file again" in page
    assert "hx-get" not in page
    assert RegisterImport.objects.get().pk == again.pk
    assert RegisterImport.objects.get().state == "read"


def test_file_that_waits_long_says_so(client, staff):
    run = sent()
    RegisterImport.objects.update(made_at=timezone.now() - timedelta(minutes=5))

    page = text_of(client.get(run.get_absolute_url()))

    assert "This takes longer than usual" in page
    assert "hx-get" in page


def test_rows_that_make_no_list_are_refused_on_the_page_with_the_reason(client, staff):
    run = sent(files.contact_list(files.contact_row("x", "Kirkmorran")))

    tasks.read_register(run_id=run.pk)
    page = text_of(client.get(run.get_absolute_url()))
    listed = text_of(client.get(reverse("register-list")))
    refused = client.post(reverse("register-apply", args=[run.pk]), follow=True)

    assert "has the headings of the official contact list but no school that can be read." in page
    assert "Row 7: SEED code is “x”: it should be seven figures." in page
    assert "Choose another file" in page
    assert "Could not be used" in listed
    assert "has not been read" in text_of(refused)
    assert RegisterImport.objects.get().upload is None
    assert client.get(reverse("register-undo", args=[run.pk])).status_code == 404


def test_fault_of_ours_is_told_with_a_reference(client, staff, monkeypatch):
    run = sent()

    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr(uploads, "compare", fail)
    tasks.read_register(run_id=run.pk)

    assert f"Tell SSERC this reference: import {run.pk}." in text_of(client.get(run.get_absolute_url()))
