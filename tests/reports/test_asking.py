"""Asking for reports, sheets and data on the page: what is refused in words, and what asking again leads to."""

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.actions import NotNow
from reports import actions, selection, tasks
from reports.choices import PlaceKind, ReportKind, ReportState, RunStatus
from reports.models import AnalysisPlan, ReportRun, SheetSet
from surveys.models import WaveSchool
from tests import make
from tests.reports.access import make_export, make_report
from tests.reports.sample_sheets import make_sheet_set
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make.person("Stella Staff", staff=True)


@pytest.fixture
def client_of_staff(staff, sign_in, monkeypatch):
    """A client of staff; what is asked for waits, since the message to the queue is held back."""
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    return sign_in(staff)


def ready_run(cohort, kind=ReportKind.EVALUATION, **fields):
    """A run that has answered the question that staff ask next."""
    key = selection.run_key(kind, cohort, PlaceKind.COHORT, None, None)
    return ReportRun.objects.create(
        kind=kind, place_kind=PlaceKind.COHORT, cohort=cohort, key=key, status=RunStatus.READY, **fields
    )


def words_of(answer):
    return answer.content.decode().split("<main")[1]


@pytest.mark.parametrize("kind", ["authority", "cluster"])
def test_report_form_without_the_place_says_which_to_choose(world, sign_in, kind):
    answer = sign_in(world.people["staff"]).post(
        reverse("report-request"), {"cohort": world.cohort.pk, "place_kind": kind}
    )

    assert answer.status_code == 422
    assert f"Choose the {kind} that the report is about." in words_of(answer)


def test_report_form_with_a_place_of_another_cohort_says_so_once(world, sign_in):
    elsewhere = make.cluster("Elsewhere", world.own_authority)

    answer = sign_in(world.people["staff"]).post(
        reverse("report-request"), {"cohort": world.cohort.pk, "place_kind": "cluster", "cluster": elsewhere.pk}
    )

    assert answer.context["form"].errors == {"cluster": ["Elsewhere is not in Cohort 2025."]}


def test_report_form_says_of_no_place_that_it_is_optional(world, sign_in):
    page = words_of(sign_in(world.people["staff"]).get(reverse("report-request")))

    assert "Only for a report about one cluster." in page
    assert "(optional)" not in page


def test_cluster_of_two_schools_has_no_report_of_its_own(client_of_staff, staff):
    cohort, cluster = finished_cohort(by=staff, schools=2, pupils=4)
    larger = [make.school(authority=cluster.authority) for _ in range(2)]
    sibling = make.cluster("Sibling", cluster.authority, larger)
    wave = cohort.waves.first()
    for school in larger:
        WaveSchool.objects.create(
            wave=wave, school=school, cluster=sibling, opens_on=wave.opens_on, closes_on=wave.closes_on
        )

    answer = client_of_staff.post(
        reverse("report-request"), {"cohort": cohort.pk, "place_kind": "cluster", "cluster": cluster.pk}
    )

    assert answer.context["form"].non_field_errors() == [
        f"{cluster} has two schools in {cohort}. A report of its own needs three, so that no school can be told by it. Its "
        f"answers are in the reports on {cluster.authority} and on the whole cohort."
    ]
    assert not ReportRun.objects.exists()


def test_authority_of_two_schools_has_no_report_of_its_own_and_the_cohort_has(client_of_staff, staff):
    cohort, cluster = finished_cohort(by=staff, schools=2, pupils=4)
    asked = {"cohort": cohort, "by": staff}

    with pytest.raises(NotNow, match=r"has two schools .* Its answers are in the report on the whole cohort\."):
        actions.request_report(**asked, place_kind=PlaceKind.AUTHORITY, authority=cluster.authority)
    _, made = actions.request_report(**asked, place_kind=PlaceKind.COHORT)

    assert made


def test_cluster_of_three_schools_has_a_report_of_its_own(client_of_staff, staff):
    cohort, cluster = finished_cohort(by=staff, schools=3, pupils=4)

    _, made = actions.request_report(cohort=cohort, place_kind=PlaceKind.CLUSTER, cluster=cluster, by=staff)

    assert made


def test_cohort_without_a_plan_leads_to_its_plan(world, sign_in):
    answer = sign_in(world.people["staff"]).post(
        reverse("report-request"), {"cohort": world.cohort.pk, "place_kind": "cohort"}
    )

    assert f'Fix its plan first. <a href="{reverse("plan-fix", args=["cohort-2025"])}">' in words_of(answer)


def test_report_asked_for_again_says_that_nothing_has_changed(client_of_staff, staff):
    cohort, _ = finished_cohort(by=staff, schools=3, pupils=4)
    report = make_report(cohort)
    ready_run(cohort, report=report)

    answer = client_of_staff.post(reverse("report-request"), {"cohort": cohort.pk, "place_kind": "cohort"}, follow=True)

    assert answer.redirect_chain[-1][0] == report.get_absolute_url()
    assert "Nothing has changed since this report was made, so here it is." in words_of(answer)


def test_withdrawn_report_asked_for_again_says_what_a_new_one_takes(client_of_staff, staff):
    cohort, _ = finished_cohort(by=staff, schools=3, pupils=4)
    report = make_report(cohort, by=staff)
    actions.withdraw_report(report, by=staff, site="", reason="A wrong cut.")
    ready_run(cohort, report=report)

    answer = client_of_staff.post(reverse("report-request"), {"cohort": cohort.pk, "place_kind": "cohort"}, follow=True)

    day = f"{timezone.localtime(report.state_since):%-d %B %Y}"
    assert f"This report was withdrawn on {day}. Nothing has changed since" in words_of(answer)
    assert "that takes other answers or another plan" in words_of(answer)


def test_report_that_is_being_made_says_so_when_it_is_asked_for_again(client_of_staff, staff):
    cohort, _ = finished_cohort(by=staff, schools=3, pupils=4)
    question = {"cohort": cohort.pk, "place_kind": "cohort"}
    first = client_of_staff.post(reverse("report-request"), question, follow=True)

    again = client_of_staff.post(reverse("report-request"), question, follow=True)

    assert "asked for already" not in words_of(first)
    assert "This has been asked for already. Here is how far it is." in words_of(again)


def test_sheets_asked_for_again_say_that_nothing_has_changed(client_of_staff, staff):
    cohort, _ = finished_cohort(by=staff, schools=3, pupils=4)
    key = selection.run_key(ReportKind.SHEETS, cohort, PlaceKind.COHORT, None, None)
    make_sheet_set(cohort, [make.school()], key=key)

    same = client_of_staff.post(reverse("sheets-request"), {"cohort": cohort.pk}, follow=True)
    SheetSet.objects.update(state=ReportState.WITHDRAWN, state_by=staff, state_since=timezone.now(), state_reason="x")
    withdrawn = client_of_staff.post(reverse("sheets-request"), {"cohort": cohort.pk}, follow=True)

    assert "Nothing has changed since these sheets were made, so here they are." in words_of(same)
    assert "These sheets were withdrawn on" in words_of(withdrawn)


def test_data_asked_for_again_say_that_nothing_has_changed(staff, sign_in):
    cohort, _ = finished_cohort(by=staff, schools=3, pupils=4)
    export = make_export(cohort)
    key = selection.run_key(ReportKind.EXPORT, cohort, PlaceKind.COHORT, None, None)
    ReportRun.objects.filter(pk=export.run_id).update(key=key)
    evaluator = sign_in(make.person("Eve Evaluator", evaluator=True))

    answer = evaluator.post(reverse("export-request"), {"cohort": cohort.pk}, follow=True)

    assert answer.redirect_chain[-1][0] == export.get_absolute_url()
    assert "Nothing has changed since these data were made, so here they are." in words_of(answer)


def test_plan_that_is_missing_is_named_with_its_cohort(world):
    AnalysisPlan.objects.all().delete()

    with pytest.raises(actions.NoPlan) as refused:
        actions.check_report_may_be_asked(world.cohort)

    assert refused.value.cohort == world.cohort


def test_form_that_lacks_a_day_asks_for_it_in_a_whole_sentence(world, sign_in):
    answer = sign_in(world.people["staff"]).post(reverse("quote-create"), {"text": "Grand."})

    assert "On which day? Choose a day." in words_of(answer)
