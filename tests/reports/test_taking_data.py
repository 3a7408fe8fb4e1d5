"""De-identified data as people meet them: made once, taken with a purpose that is kept, never half there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from clusters.actions import NotNow
from clusters.models import NamedEvent
from reports import actions, deidentifying, jobs, tasks
from reports.choices import RunStatus
from reports.models import DataExport, ReportRun
from surveys.models import Response
from tests import make
from tests.reports.waves import exported, files_of, finished_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluator():
    return make.person("Eve Evaluator", evaluator=True)


@pytest.fixture
def cohort(evaluator, monkeypatch):
    """A small cohort; messages to the queue are held back."""
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    return finished_cohort(by=evaluator, schools=2, pupils=6)[0]


def test_same_data_are_the_same_bytes_and_the_same_file(cohort, evaluator):
    first = exported(cohort, evaluator)
    run, made = actions.request_export(cohort=cohort, by=evaluator)
    sav = files_of(first)["pupils.sav"]
    sha256 = first.sha256
    first.delete()
    ReportRun.objects.filter(pk=run.pk).update(status=RunStatus.WAITING)

    again = exported(cohort, evaluator)

    assert not made
    assert again.run == run
    assert again.sha256 == sha256
    assert sav[92:109] == b"01 Jan 8000:00:00"


def test_new_answers_make_new_data_beside_the_old(cohort, evaluator, sign_in):
    first = exported(cohort, evaluator)
    Response.objects.filter(wave__cohort=cohort, wave__moment="post").order_by("pk").first().delete()

    second = exported(cohort, evaluator)
    client = sign_in(evaluator)

    assert (second.pk != first.pk, second.sheets) == (True, first.sheets - 1)
    assert "Older data" in client.get("/evaluation/exports/").content.decode()
    assert second.get_absolute_url() in client.get(first.get_absolute_url()).content.decode()


def test_killed_worker_leaves_nothing_and_another_makes_the_data(cohort, evaluator, settings, monkeypatch):
    run, _ = actions.request_export(cohort=cohort, by=evaluator)
    real = deidentifying.packed

    def lost_meanwhile(contents):
        ReportRun.objects.filter(pk=run.pk).update(
            claim="00000000-0000-4000-8000-000000000000",
            heartbeat_at=timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1),
        )
        return real(contents)

    monkeypatch.setattr(deidentifying, "packed", lost_meanwhile)
    jobs.build(run.pk)
    left = DataExport.objects.count()
    monkeypatch.setattr(deidentifying, "packed", real)
    tasks.resume_stale_reports()

    run.refresh_from_db()
    assert left == 0
    assert (run.status, run.attempts, DataExport.objects.count()) == (RunStatus.READY, 2, 1)


def test_data_wait_for_a_plan_for_closed_surveys_and_for_answers(evaluator, cohort):
    unplanned = make.cohort()
    planned = make.cohort()
    actions.fix_plan(cohort=planned, cut=4, item_set="scored", seed=5, by=evaluator)
    wave = cohort.waves.get(audience="pupil", moment="post")
    wave.schools.update(closes_on=timezone.localdate() + timedelta(days=3))

    for asked, reason in ((unplanned, "no analysis plan"), (planned, "No pupil of"), (cohort, "is still open")):
        with pytest.raises(NotNow, match=reason):
            actions.request_export(cohort=asked, by=evaluator)


def test_taking_gives_the_file_and_writes_down_who_when_and_why(cohort, evaluator, sign_in):
    export = exported(cohort, evaluator)
    address = f"{export.get_absolute_url()}take/"
    sent = {"purpose": "Checking the models of the report.", "read": "on"}
    client = sign_in(evaluator)

    file = client.post(address, sent)
    client.post(address, sent)

    taking = export.takings.get()
    assert file.content == bytes(export.content)
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/zip", "private, no-store")
    assert (taking.person, taking.purpose) == (evaluator, sent["purpose"])
    assert taking.history.get().history_user == evaluator
    assert NamedEvent.objects.filter(event="data taken", by=evaluator).count() == 1
    assert sent["purpose"] in client.get(export.get_absolute_url()).content.decode()


def test_each_later_taking_is_written_down(cohort, evaluator):
    export = exported(cohort, evaluator)
    purpose = "Checking the models of the report."
    first = actions.take_export(export, purpose=purpose, by=evaluator)
    first.at -= timedelta(minutes=2)
    first.save()

    actions.take_export(export, purpose=purpose, by=evaluator)

    assert export.takings.count() == 2


@pytest.mark.parametrize("sent", [{}, {"purpose": "Checking the models."}, {"purpose": "  ", "read": "on"}])
def test_data_are_not_given_without_a_purpose_and_the_review(cohort, evaluator, sign_in, sent):
    export = exported(cohort, evaluator)

    page = sign_in(evaluator).post(f"{export.get_absolute_url()}take/", sent)

    assert page.status_code == 422
    assert not export.takings.exists()


def test_staff_see_the_log_and_cannot_take(cohort, evaluator, sign_in):
    export = exported(cohort, evaluator)
    actions.take_export(export, purpose="Checking the models of the report.", by=evaluator)
    client = sign_in(make.person("Stella Staff", staff=True))

    page = client.get(export.get_absolute_url()).content.decode()
    taken = client.post(f"{export.get_absolute_url()}take/", {"purpose": "I would like to see them.", "read": "on"})

    assert "Checking the models of the report." in page
    assert "Take the data" not in page
    assert taken.status_code == 403
    assert export.takings.count() == 1


def test_evaluator_is_led_from_home_to_the_data(cohort, evaluator, sign_in):
    client = sign_in(evaluator)

    home = client.get("/").content.decode()
    empty = client.get("/evaluation/exports/").content.decode()
    asked = client.post("/evaluation/exports/new/", {"cohort": cohort.pk})

    assert 'href="/evaluation/exports/"' in home
    assert "No data made yet" in empty
    assert asked["Location"] == ReportRun.objects.get(kind="export").get_absolute_url()


@pytest.mark.parametrize(
    ("small", "cells", "words"),
    [
        (17, 96, "The 10 smallest of 17 groups with fewer than 5 sheets"),
        (4, 96, "The 10 smallest of 96 groups"),
        (8, 10, "All groups, the smallest first"),
    ],
)
def test_page_says_how_many_small_groups_its_list_leaves_out(cohort, evaluator, sign_in, small, cells, words):
    data = exported(cohort, evaluator)
    listed = [{"school": f"S{number}", "stage": "P4", "wave": "post", "sheets": number} for number in range(1, 11)]
    data.review |= {"threshold": 5, "small_cells": small, "cells": cells, "smallest": listed}
    data.save()

    page = sign_in(evaluator).get(data.get_absolute_url()).content.decode()

    assert f"<summary>{words}</summary>" in page
