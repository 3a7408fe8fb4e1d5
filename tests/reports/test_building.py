"""The job that builds a report: once for the same data, after a killed worker, never half, and cancelled when asked."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from clusters.actions import NotNow
from clusters.models import Demonstration, NamedEvent
from reports import actions, building, jobs, tasks
from reports.apps import disclosure_is_safe
from reports.charts import render_all
from reports.choices import PlaceKind, RunStatus
from reports.models import AnalysisPlan, Report, ReportFile, ReportRun
from reports.presentation import present
from surveys.models import Response
from tests import make
from tests.reports.access import make_report
from tests.reports.sample_results import sample
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.person("Stella Staff", staff=True)


@pytest.fixture
def asked(staff, monkeypatch):
    """A cohort with a run that waits: its message to the queue is held back."""
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    cohort, cluster = finished_cohort(by=staff)
    run, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)
    assert made
    return run, cohort, cluster


def test_run_ends_with_one_report_and_its_files(asked):
    run, cohort, _ = asked

    jobs.build(run.pk)

    run.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.READY, 1)
    assert run.report.cohort == cohort
    assert run.report.results["flow"]["schools"] == 8
    assert set(run.report.files.values_list("name", flat=True)) == {"pdf", "docx", "xlsx", "csv", "json", "zip"}
    assert bytes(run.report.files.get(name="pdf").content).startswith(b"%PDF")
    assert json.loads(bytes(run.report.files.get(name="json").content)) == run.report.results


@pytest.mark.parametrize("marked", [True, False])
def test_report_of_a_demonstration_says_so_in_its_result(asked, marked):
    run, _, _ = asked
    if marked:
        Demonstration.objects.create(seed=1, scale="small")

    jobs.build(run.pk)

    run.refresh_from_db()
    assert ("demonstration" in run.report.results["scope"]) == marked


def test_asking_twice_for_the_same_data_gives_the_same_run(asked, staff):
    run, cohort, _ = asked

    again, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)
    jobs.build(run.pk)
    after, made_after = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)

    assert (again.pk, made) == (run.pk, False)
    assert (after.pk, made_after) == (run.pk, False)
    assert Report.objects.count() == 1


def test_new_answers_make_a_new_version(asked, staff):
    run, cohort, _ = asked
    jobs.build(run.pk)
    Response.objects.filter(wave__cohort=cohort, wave__moment="post").order_by("pk").first().delete()

    second, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)
    jobs.build(second.pk)

    assert made
    assert sorted(Report.objects.values_list("version", flat=True)) == [1, 2]


def test_files_carry_the_version_of_their_report_though_another_was_ready_first(asked, monkeypatch):
    run, cohort, _ = asked
    begun = []

    def slow(results, charts, version, number):
        if not begun:
            make_report(cohort)  # another run of the same place ends in the meantime
        begun.append(version)
        return {"pdf": f"report {number}, version {version}".encode()}

    monkeypatch.setattr(building, "renderings", slow)

    jobs.build(run.pk)

    run.refresh_from_db()
    assert begun == [1, 2]
    assert run.report.version == 2
    assert bytes(run.report.files.get(name="pdf").content) == f"report {run.report.pk}, version 2".encode()


def test_files_carry_the_number_of_their_report_though_one_of_another_place_took_it(asked, monkeypatch):
    run, cohort, cluster = asked
    begun = []

    def slow(results, charts, version, number):
        if not begun:
            make_report(cohort, cluster)
        begun.append(number)
        return {"pdf": f"report {number}".encode()}

    monkeypatch.setattr(building, "renderings", slow)

    jobs.build(run.pk)

    run.refresh_from_db()
    assert bytes(run.report.files.get(name="pdf").content) == f"report {run.report.pk}".encode()
    assert (
        Report.objects.count() == Report.history.values("id").distinct().count() == 2
    )  # nothing of the reserved rows is left


def test_another_disclosure_rule_makes_a_new_report_that_names_it(asked, staff, settings):
    run, cohort, _ = asked
    jobs.build(run.pk)
    settings.DISCLOSURE_RULE = "health_census"

    second, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)
    jobs.build(second.pk)

    second.refresh_from_db()
    assert made
    assert second.report.results["disclosure"]["rule"] == "health_census"
    assert "Health and Wellbeing Census" in " ".join(present(second.report.results, {})["marks"])


def test_second_delivery_of_the_message_builds_nothing_more(asked):
    run, _, _ = asked

    jobs.build(run.pk)
    jobs.build(run.pk)

    run.refresh_from_db()
    assert run.attempts == 1
    assert Report.objects.count() == 1


def test_run_of_a_worker_that_is_alive_is_left_alone(asked):
    run, _, _ = asked
    ReportRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, heartbeat_at=timezone.now(), attempts=1)

    jobs.build(run.pk)

    assert Report.objects.count() == 0


def test_run_of_a_killed_worker_is_taken_up_again(asked, settings):
    run, _, _ = asked
    silent_since = timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1)
    ReportRun.objects.filter(pk=run.pk).update(status=RunStatus.RUNNING, heartbeat_at=silent_since, attempts=1, step=3)

    tasks.resume_stale_reports()

    run.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.READY, 2)
    assert Report.objects.count() == 1


def test_run_whose_message_was_lost_is_sent_again(asked):
    run, _, _ = asked
    ReportRun.objects.filter(pk=run.pk).update(requested_at=timezone.now() - timedelta(minutes=2))

    tasks.resume_stale_reports()

    run.refresh_from_db()
    assert run.status == RunStatus.READY


def test_run_fails_with_a_sentence_after_three_killed_workers(asked, settings):
    run, _, _ = asked
    silent_since = timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1)
    ReportRun.objects.filter(pk=run.pk).update(
        status=RunStatus.RUNNING, heartbeat_at=silent_since, attempts=settings.REPORT_MAX_ATTEMPTS
    )

    tasks.resume_stale_reports()

    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.failure.startswith("The worker stopped three times")
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    ("attempts", "asked_to_stop", "heading", "words"),
    [(3, False, "Not made", "The worker stopped three times"), (1, True, "Stopped", "Nothing was stored")],
)
def test_whoever_asked_hears_of_a_run_that_the_sweep_ends(
    asked, staff, settings, django_capture_on_commit_callbacks, attempts, asked_to_stop, heading, words
):
    run, _, _ = asked
    silent_since = timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1)
    ReportRun.objects.filter(pk=run.pk).update(
        status=RunStatus.RUNNING,
        heartbeat_at=silent_since,
        attempts=attempts,
        tell_from="https://pcp.example.org/",
        cancel_asked_at=silent_since if asked_to_stop else None,
    )

    with django_capture_on_commit_callbacks(execute=True):
        tasks.resume_stale_reports()
        tasks.resume_stale_reports()

    run.refresh_from_db()
    assert run.status == (RunStatus.CANCELLED if asked_to_stop else RunStatus.FAILED)
    assert [(letter.to, letter.subject.startswith(heading), words in letter.body) for letter in mail.outbox] == [
        ([staff.email], True, True)
    ]


def test_every_threshold_of_disclosure_is_a_setting_with_a_floor(settings):
    settings.DISCLOSURE_ALIKE_BASE, settings.DISCLOSURE_GROUP_SCHOOLS, settings.DISCLOSURE_GROUP_PUPILS = 30, 5, 25
    higher, quiet = building.rules(), disclosure_is_safe(None)
    settings.DISCLOSURE_GROUP_SCHOOLS = 2

    found = disclosure_is_safe(None)

    assert (higher.alike_base, higher.group_schools, higher.group_pupils) == (30, 5, 25)
    assert quiet == []
    assert [(error.id, "group_schools may not be below 3" in error.msg) for error in found] == [("reports.E001", True)]


def test_another_threshold_of_disclosure_makes_a_new_report(asked, staff, settings):
    run, cohort, _ = asked
    settings.DISCLOSURE_GROUP_PUPILS = 30

    second, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)

    assert made
    assert second.key != run.key


def test_old_attempt_that_lost_its_claim_stores_nothing(asked, monkeypatch):
    run, _, _ = asked
    real = building.render_all

    def slow_charts(results):
        # While this attempt draws, the sweep gave the run to another worker.
        ReportRun.objects.filter(pk=run.pk).update(claim="00000000-0000-4000-8000-000000000000")
        return real(results)

    monkeypatch.setattr(building, "render_all", slow_charts)

    jobs.build(run.pk)

    assert Report.objects.count() == 0
    assert ReportFile.objects.count() == 0


def test_cancelled_run_stops_at_its_next_step_and_leaves_nothing(asked, staff, monkeypatch):
    run, _, _ = asked
    real = building.evaluate

    def cancelled_meanwhile(*arguments):
        actions.cancel_run(ReportRun.objects.get(pk=run.pk), by=staff)
        return real(*arguments)

    monkeypatch.setattr(building, "evaluate", cancelled_meanwhile)

    jobs.build(run.pk)

    run.refresh_from_db()
    assert run.status == RunStatus.CANCELLED
    assert Report.objects.count() == 0


def test_waiting_run_is_cancelled_at_once_and_may_be_asked_for_again(asked, staff):
    run, cohort, _ = asked

    actions.cancel_run(run, by=staff)
    jobs.build(run.pk)
    again, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)

    assert run.status == RunStatus.CANCELLED
    assert made
    assert again.pk != run.pk
    assert Report.objects.count() == 0


def test_report_that_is_ready_cannot_be_cancelled_and_no_event_says_so(asked, staff):
    run, _, _ = asked
    jobs.build(run.pk)

    actions.cancel_run(run, by=staff)

    assert run.status == RunStatus.READY
    assert run.cancel_asked_at is None
    assert not NamedEvent.objects.filter(event="report cancelled").exists()


def test_unexpected_error_fails_the_run_with_a_reference_and_no_details(asked, monkeypatch):
    run, _, _ = asked
    monkeypatch.setattr(building, "evaluate", lambda *arguments: 1 / 0)

    jobs.build(run.pk)

    run.refresh_from_db()
    assert run.status == RunStatus.FAILED
    assert run.failure.endswith(f"run {run.pk}.")
    assert "division" not in run.failure


def test_report_waits_until_the_surveys_are_over(staff):
    cohort, _ = finished_cohort(by=staff, schools=2, pupils=4)
    cohort.waves.update(closes_on=timezone.localdate() + timedelta(days=3))
    for wave in cohort.waves.all():
        wave.schools.update(closes_on=timezone.localdate() + timedelta(days=3))

    with pytest.raises(NotNow, match="Nobody sees answers while a survey is open"):
        actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)


def test_report_needs_a_plan(staff):
    cohort, _ = finished_cohort(by=staff, schools=2, pupils=4, plan=False, followed_up=False)

    with pytest.raises(NotNow, match="Fix its plan first"):
        actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)


def test_plan_cannot_be_changed_once_the_follow_up_opened(staff):
    cohort, _ = finished_cohort(by=staff, schools=2, pupils=4)

    with pytest.raises(NotNow, match="Its plan is fixed for good"):
        actions.fix_plan(cohort=cohort, cut=3, item_set="all", seed=9, by=staff)

    assert AnalysisPlan.objects.get(cohort=cohort).cut == 4


def test_follow_up_cannot_open_before_the_plan_is_fixed(staff):
    with pytest.raises(NotNow, match="Fix the analysis plan"):
        finished_cohort(by=staff, schools=2, pupils=4, plan=False)


def test_report_of_a_cluster_uses_only_its_schools(asked, staff):
    _, cohort, cluster = asked
    run, _ = actions.request_report(cohort=cohort, place_kind=PlaceKind.CLUSTER, cluster=cluster, by=staff)

    jobs.build(run.pk)

    report = Report.objects.get()
    assert report.cluster == cluster
    assert report.authority == cluster.authority
    assert report.results["scope"]["place"] == str(cluster)


def test_stored_report_names_no_school_and_no_person(asked):
    run, cohort, cluster = asked

    jobs.build(run.pk)

    text = json.dumps(Report.objects.get().results)
    for school in cluster.schools.all():
        assert school.name not in text
        assert school.seed_code not in text


def test_the_same_figures_are_drawn_once_and_come_out_the_same_to_the_last_byte(monkeypatch):
    first = building.drawn(sample())
    calls = []
    monkeypatch.setattr(building, "render_all", lambda results: calls.append(results) or render_all(results))
    later = sample()
    later["provenance"]["generated_at"] = "2027-01-01T10:00:00+00:00"

    again = building.drawn(later)
    other = building.drawn({**sample(), "sample": {}})

    assert first == render_all(sample())
    assert json.dumps(again) == json.dumps(first)
    assert [each["sample"] for each in calls] == [{}]
    assert other["flow"] != first["flow"]
