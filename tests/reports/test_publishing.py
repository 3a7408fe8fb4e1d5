"""A report goes out when somebody named has approved it, and can be taken back."""

import pytest
from django.core import mail
from django.utils import timezone

from clusters import letters
from clusters.actions import NotNow
from clusters.models import KeptLetter
from reports import actions, jobs
from reports.choices import PlaceKind, ReportState
from reports.models import ReportNotice, ReportRun
from surveys.models import Response, WaveSchool
from tests.reports.access import make_report
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db
SITE = "https://pcp.example.org/"


@pytest.fixture
def report(world):
    return make_report(world.cohort, world.own_cluster)


def publish(report, world, **how):
    actions.publish_report(report, by=world.people["staff"], site=SITE, **how)


def test_officer_sees_a_report_only_while_it_is_published(world, report, sign_in):
    seen = []
    for step in ("draft", "published", "withdrawn", "published again"):
        if step.startswith("published"):
            publish(report, world)
        if step == "withdrawn":
            actions.withdraw_report(report, by=world.people["staff"], site=SITE, reason="A wrong cut.")
        officer = sign_in(world.people["qio"])
        seen.append(
            [
                officer.get(report.get_absolute_url()).status_code,
                officer.get(f"{report.get_absolute_url().rstrip('/')}.pdf").status_code,
                str(report) in officer.get("/").content.decode(),
                report.get_absolute_url() in officer.get("/evaluation/").content.decode(),
            ]
        )

    hidden, shown = [404, 404, False, False], [200, 200, False, True]
    assert seen == [hidden, shown, hidden, shown]


def test_publishing_names_who_approved_and_tells_the_officer_once(
    world, report, sign_in, django_capture_on_commit_callbacks
):
    staff = sign_in(world.people["staff"])
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            answer = staff.post(f"{report.get_absolute_url()}publish/", follow=True)

    assert "Approved by Stella Staff" in answer.content.decode()
    assert "Told by e-mail: Quentin Officer." in answer.content.decode()
    assert [(letter.to, report.get_absolute_url() in letter.body) for letter in mail.outbox] == [
        ([world.people["qio"].email], True)
    ]
    assert list(ReportNotice.objects.values_list("person__full_name", "state")) == [("Quentin Officer", "published")]
    assert [version.state for version in report.history.order_by("history_id")] == ["draft", "published"]


def test_page_says_whose_email_has_not_gone_out_yet(world, report, sign_in):
    publish(report, world)
    letters.keep(subject="Published", body="Read it.", to=[world.people["qio"].email])
    staff = sign_in(world.people["staff"])

    waiting = staff.get(report.get_absolute_url()).content.decode()
    KeptLetter.objects.all().delete()
    gone = staff.get(report.get_absolute_url()).content.decode()

    assert "Told by e-mail: Quentin Officer (the e-mail has not gone out yet)." in waiting
    assert "Told by e-mail: Quentin Officer." in gone


def test_withdrawing_needs_a_reason_and_tells_it(world, report, sign_in, django_capture_on_commit_callbacks):
    publish(report, world)
    staff = sign_in(world.people["staff"])

    refused = staff.post(f"{report.get_absolute_url()}withdraw/", {"reason": ""})
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(f"{report.get_absolute_url()}withdraw/", {"reason": "One school was counted twice."})

    report.refresh_from_db()
    assert (refused.status_code, report.state) == (422, ReportState.WITHDRAWN)
    assert "One school was counted twice." in mail.outbox[-1].body
    assert "One school was counted twice." in staff.get(report.get_absolute_url()).content.decode()


def test_draft_cannot_be_withdrawn(world, report):
    with pytest.raises(NotNow, match="is a draft"):
        actions.withdraw_report(report, by=world.people["staff"], site=SITE, reason="No.")


def test_version_that_differs_by_few_pupils_needs_a_reason(world, sign_in):
    """A late sheet: who holds both versions could subtract one from the other and read its answers."""
    staff = world.people["staff"]
    cohort, _ = finished_cohort(by=staff)
    first = built(cohort, staff)
    publish(first, world)
    Response.objects.filter(wave__cohort=cohort, wave__moment="post").order_by("pk").first().delete()
    second = built(cohort, staff)

    with pytest.raises(NotNow, match="Only a few sheets"):
        publish(second, world)
    page = sign_in(staff).get(f"{second.get_absolute_url()}publish/").content.decode()
    publish(second, world, reason="The sheet was another school's.")

    assert "Why it must go out all the same" in page
    assert (second.state, second.state_reason) == (ReportState.PUBLISHED, "The sheet was another school's.")


def test_version_of_which_no_earlier_one_went_out_needs_no_reason(world):
    cohort, _ = finished_cohort(by=world.people["staff"])
    built(cohort, world.people["staff"])
    Response.objects.filter(wave__cohort=cohort, wave__moment="post").order_by("pk").first().delete()

    second = built(cohort, world.people["staff"])
    publish(second, world)

    assert second.state == ReportState.PUBLISHED


def built(cohort, by):
    run, _ = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=by)
    jobs.build(run.pk)
    run.refresh_from_db()
    return run.report


def test_page_leads_to_every_figure_of_the_result(world, report, sign_in):
    page = sign_in(world.people["evaluator"]).get(report.get_absolute_url()).content.decode()

    assert f'href="{report.get_absolute_url().rstrip("/")}.json"' in page


def test_staff_are_told_that_a_draft_waits(world, report, sign_in):
    page = sign_in(world.people["staff"]).get("/").content.decode()

    assert "Read and publish the report on Owncluster" in page
    publish(report, world)
    assert "Read and publish the report" not in sign_in(world.people["staff"]).get("/").content.decode()


def test_who_asked_is_mailed_when_the_report_is_ready(world, django_capture_on_commit_callbacks):
    cohort, _ = finished_cohort(by=world.people["staff"])
    asked = {"cohort": cohort, "place_kind": PlaceKind.COHORT, "by": world.people["evaluator"]}

    with django_capture_on_commit_callbacks(execute=True):
        run, _ = actions.request_report(**asked, tell_from=SITE)
        jobs.build(run.pk)
        jobs.build(run.pk)

    assert [letter.to for letter in mail.outbox] == [[world.people["evaluator"].email]]
    run.refresh_from_db()
    assert f"https://pcp.example.org{run.report.get_absolute_url()}\n\nSSERC\n" in mail.outbox[0].body


def test_other_place_is_asked_for_a_reason_when_a_late_sheet_came_in_between(world):
    """The officer holds the authority's report; the cluster's new one less the old would be the late pupil's sheet."""
    staff = world.people["staff"]
    cohort, cluster = finished_cohort(by=staff)
    publish(built(cohort, staff), world)
    late = Response.objects.filter(wave__cohort=cohort, wave__moment="post").first()
    Response.objects.filter(pk=late.pk).update(received_at=timezone.now())
    run, _ = actions.request_report(cohort=cohort, place_kind=PlaceKind.CLUSTER, cluster=cluster, by=staff)
    jobs.build(run.pk)
    run.refresh_from_db()

    with pytest.raises(NotNow, match="Only a few sheets"):
        publish(run.report, world)


def test_run_of_a_survey_that_was_opened_again_builds_nothing(world):
    staff = world.people["staff"]
    cohort, _ = finished_cohort(by=staff)
    finished = built(cohort, staff)
    Response.objects.filter(wave__cohort=cohort, wave__moment="post").first().delete()
    run, _ = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)
    WaveSchool.objects.filter(wave__cohort=cohort).update(closes_on=timezone.localdate(), closed_at=None)

    jobs.build(run.pk)

    run.refresh_from_db()
    assert (run.status, run.report) == ("failed", None)
    assert "is open again" in run.failure
    with pytest.raises(NotNow, match="still open"):
        publish(finished, world)


def test_evaluator_neither_follows_nor_stops_the_making_of_school_sheets(world, sign_in):
    run = ReportRun.objects.create(place_kind=PlaceKind.COHORT, cohort=world.cohort, key="k", kind="sheets")

    evaluator = sign_in(world.people["evaluator"])
    answers = [
        evaluator.get(run.get_absolute_url()).status_code,
        evaluator.post(f"{run.get_absolute_url()}cancel/").status_code,
    ]

    assert answers == [404, 404]
    assert sign_in(world.people["staff"]).get(run.get_absolute_url()).status_code == 200


def test_place_and_cohort_stand_wherever_a_report_is_named(world, report, sign_in):
    publish(report, world)
    place = f"{report.cluster or report.authority}, {report.cohort}"

    staff = sign_in(world.people["staff"])
    pages = [staff.get(f"{report.get_absolute_url()}{step}") for step in ("", "withdraw/")]
    pages.append(sign_in(world.people["qio"]).get(report.get_absolute_url()))

    assert [place in page.content.decode() for page in pages] == [True, True, True]


def test_evaluators_home_marks_a_report_that_is_not_out(world, report, sign_in):
    evaluator = sign_in(world.people["evaluator"])
    draft = evaluator.get("/").content.decode()
    publish(report, world)
    published = evaluator.get("/").content.decode()

    assert "Draft</span>" in draft
    assert "Draft</span>" not in published


def test_key_findings_of_a_report_that_is_not_out_cannot_be_approved_and_say_why(world, report, sign_in):
    page = actions.draft_key_findings(report, by=world.people["staff"])
    staff = sign_in(world.people["staff"])
    waiting = staff.get(page.get_absolute_url()).content.decode()
    publish(report, world)
    ready = staff.get(page.get_absolute_url()).content.decode()

    assert "This page can go out once its report is published." in waiting
    assert "Approve and publish" not in waiting
    assert "Approve and publish" in ready
