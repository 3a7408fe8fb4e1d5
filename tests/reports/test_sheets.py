"""School sheets through the queue: each made once, by any number of workers, all of them or none; and what is stored is safe."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.middleware import access_for
from clusters.models import Demonstration, NamedEvent
from reports import actions, jobs, sheets, tasks
from reports.choices import RunStatus
from reports.models import ReportRun, SchoolSheet, SheetFile, SheetSet
from surveys.models import Response
from tests import make
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db
SCHOOLS = 4


@pytest.fixture
def staff():
    return make.person("Stella Staff", staff=True)


@pytest.fixture
def asked(staff, monkeypatch):
    """A cohort whose sheets were asked for: the message to the queue is held back."""
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    cohort, cluster = finished_cohort(by=staff, schools=SCHOOLS, pupils=24)
    run, made = actions.request_sheets(cohort=cohort, by=staff)
    assert made
    return run, cohort, cluster


def seen_by(person):
    return SchoolSheet.objects.allowed_to(access_for(person), Permission.SHEET_VIEW).count()


def fall_silent(run, settings):
    """What a killed worker leaves: no heartbeat for longer than the limit, on the run and on the sheets it held."""
    long_ago = timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1)
    ReportRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    SchoolSheet.objects.filter(status=RunStatus.RUNNING).update(claimed_at=long_ago)


def test_every_school_of_the_cohort_gets_a_sheet_with_both_files(asked):
    run, _, cluster = asked

    tasks.build_report(run_id=run.pk)

    run.refresh_from_db()
    assert (run.status, run.failure) == (RunStatus.READY, "")
    made = SchoolSheet.objects.select_related("school")
    assert {sheet.school for sheet in made} == set(cluster.schools.all())
    for sheet in made:
        files = dict(sheet.files.values_list("name", "content"))
        assert set(files) == {"sheet", "picture"}
        assert all(bytes(content).startswith(b"%PDF") for content in files.values())
    assert NamedEvent.objects.filter(event="school sheets made").count() == 1


def test_sheets_of_a_demonstration_say_so_in_what_they_share(asked):
    run, _, _ = asked
    Demonstration.objects.create(seed=1, scale="small")

    tasks.build_report(run_id=run.pk)

    assert SheetSet.objects.get().shared["invented"] == "Invented data, for demonstration"


def test_asking_twice_for_the_same_data_makes_one_set(asked, staff):
    run, cohort, _ = asked
    tasks.build_report(run_id=run.pk)

    again, made = actions.request_sheets(cohort=cohort, by=staff)
    tasks.build_report(run_id=again.pk)

    assert (again.pk, made) == (run.pk, False)
    assert SheetSet.objects.count() == 1


def test_nobody_sees_a_sheet_before_the_last_is_made(asked, staff):
    run, _, _ = asked
    left = jobs.build(run.pk)

    seen = []
    for sheet in left:
        seen.append(seen_by(staff))
        sheets.make(sheet)

    assert seen == [0] * SCHOOLS
    assert seen_by(staff) == SCHOOLS


def test_message_that_comes_twice_makes_nothing_twice(asked):
    run, _, _ = asked
    left = jobs.build(run.pk)

    for sheet in [*left, *left]:
        sheets.make(sheet)

    assert SheetFile.objects.count() == 2 * SCHOOLS
    assert jobs.build(run.pk) == []


def test_sheet_that_another_worker_holds_is_left_alone(asked):
    run, _, _ = asked
    first, *_ = jobs.build(run.pk)
    SchoolSheet.objects.filter(pk=first).update(status=RunStatus.RUNNING, claimed_at=timezone.now())

    sheets.make(first)

    assert SheetFile.objects.count() == 0


def test_sheets_of_a_killed_worker_are_taken_up_and_the_others_are_not_made_again(asked, settings):
    run, _, _ = asked
    first, second, *_ = jobs.build(run.pk)
    sheets.make(first)
    kept = SheetFile.objects.get(sheet=first, name="sheet").pk
    SchoolSheet.objects.filter(pk=second).update(status=RunStatus.RUNNING)
    fall_silent(run, settings)

    tasks.resume_stale_reports()

    run.refresh_from_db()
    assert run.status == RunStatus.READY
    assert SheetFile.objects.count() == 2 * SCHOOLS
    assert SheetFile.objects.filter(pk=kept).exists()
    assert SheetSet.objects.count() == 1


def test_old_attempt_that_lost_its_claim_stores_nothing(asked, monkeypatch):
    run, _, _ = asked
    first, *_ = jobs.build(run.pk)
    real = sheets.renderings

    def slow(*arguments):
        SchoolSheet.objects.filter(pk=first).update(claim="00000000-0000-4000-8000-000000000000")
        return real(*arguments)

    monkeypatch.setattr(sheets, "renderings", slow)

    sheets.make(first)

    assert SheetFile.objects.count() == 0


def test_cancelling_between_two_schools_leaves_nothing(asked, staff):
    run, _, _ = asked
    first, *left = jobs.build(run.pk)
    sheets.make(first)

    actions.cancel_run(run, by=staff)
    for sheet in left:
        sheets.make(sheet)

    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    assert (SheetSet.objects.count(), SheetFile.objects.count()) == (0, 0)


def test_cancelling_while_the_last_sheet_is_drawn_leaves_nothing(asked, staff, monkeypatch):
    run, _, _ = asked
    *first, last = jobs.build(run.pk)
    for sheet in first:
        sheets.make(sheet)
    real = sheets.renderings

    def cancelled_meanwhile(*arguments):
        actions.cancel_run(ReportRun.objects.get(pk=run.pk), by=staff)
        return real(*arguments)

    monkeypatch.setattr(sheets, "renderings", cancelled_meanwhile)
    sheets.make(last)

    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    assert SheetSet.objects.count() == 0


def test_school_whose_sheet_cannot_be_drawn_fails_the_run_with_a_reference(asked, monkeypatch):
    run, _, _ = asked
    first, *left = jobs.build(run.pk)
    monkeypatch.setattr(sheets, "renderings", lambda *arguments: 1 / 0)

    for sheet in [first, *left]:
        sheets.make(sheet)

    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.failure == (
        "The sheet of one school could not be made. Ask again. If it fails again, give whoever looks after the server this "
        f"reference: sheet {first}."
    )
    assert SheetSet.objects.count() == 0


def test_stored_figures_hold_no_small_cell_and_no_rating(asked):
    run, _, _ = asked
    tasks.build_report(run_id=run.pk)

    made = SheetSet.objects.get()
    shown = 0
    for results in [*SchoolSheet.objects.values_list("results", flat=True)]:
        for place in (results["own"], results["around"], made.shared["cohort"]):
            for items in place["items"].values():
                for item in items.values():
                    for wave in ("pre", "post"):
                        n, positive = item[f"n_{wave}"], item[f"pos_{wave}"]
                        assert n is None or n == 0 or n >= 10
                        if n and positive is not None:
                            shown += 1
                            others = n - positive
                            assert min(positive, others) >= 5 or (min(positive, others) == 0 and n >= 20)
        text = json.dumps(results)
        assert "rating" not in text
        assert "high" not in text
    assert shown > 0


def test_same_data_give_the_same_bytes(asked, staff):
    run, cohort, _ = asked
    tasks.build_report(run_id=run.pk)
    before = dict(SheetFile.objects.values_list("sheet__school__name", "sha256").filter(name="sheet"))

    # The first run and its sheets are forgotten, so that the same question is asked anew and is version 1 again.
    SheetSet.objects.all().delete()
    ReportRun.objects.filter(pk=run.pk).update(key="forgotten")
    again, made = actions.request_sheets(cohort=cohort, by=staff)
    tasks.build_report(run_id=again.pk)

    newer = SheetFile.objects.filter(name="sheet", sheet__sheet_set__run=again)
    assert made
    assert dict(newer.values_list("sheet__school__name", "sha256")) == before


def test_job_page_counts_the_sheets(asked, staff, sign_in):
    run, _, _ = asked
    first, *_ = jobs.build(run.pk)
    sheets.make(first)

    page = sign_in(staff).get(run.get_absolute_url()).content.decode()

    assert f"1 of {SCHOOLS} sheets" in page
    assert "Making the sheets" in page


def test_sheets_wait_until_somebody_has_answered(asked, staff):
    run, cohort, _ = asked
    Response.objects.filter(wave__cohort=cohort).delete()

    with pytest.raises(NotNow, match="No pupil of"):
        actions.request_sheets(cohort=cohort, by=staff)
