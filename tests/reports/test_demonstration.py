"""The demonstration is built on any day of the year, and whoever its sign-in page offers has something to do."""

from datetime import date
from statistics import mean

import pytest
from django.core.management import call_command

from clusters import demonstration
from clusters.access import Permission
from clusters.choices import Role
from clusters.due import due_items
from clusters.middleware import access_for
from clusters.models import Cohort, SchoolGrant
from clusters.views.account import personas
from reports.building import place_key_of
from reports.choices import PlaceKind
from reports.management.commands import seed_demo
from reports.management.demonstration import adults, fieldwork
from reports.models import DataExport, Report, SchoolSheet
from reports.selection import trend_reports
from surveys.choices import Audience, Moment
from surveys.feedback import at_place
from surveys.models import Response, SessionFeedback, Wave, WaveSchool

pytestmark = pytest.mark.django_db

IN_PROGRESS = {
    "authorities": 2,
    "kinds": ["current"],
    "clusters": {"current": 2},
    "primaries": [4],
    "size": fieldwork.Size(pupils=14, both=0.64, before_only=0.2, after_only=0.13, ratings=0.95),
    "adults": adults.Size(mentors=3, on_record=0.5, by_link=3),
    "sessions": 3,
    "sheets": False,
}
WITH_EVALUATED = IN_PROGRESS | {
    "kinds": ["effect", "current"],
    "clusters": {"effect": 2, "current": 1},
    "sheets": True,
    "earlier": {"clusters": 1, "pupils": 12},
}


@pytest.fixture
def build(monkeypatch):
    """build(scale, today) makes a demonstration of this size as of a date."""
    monkeypatch.setattr(demonstration, "_known", {})

    def _build(scale, today):
        monkeypatch.setitem(seed_demo.SCALES, "tiny", scale)
        call_command("load_reference", verbosity=0)
        call_command("seed_demo", scale="tiny", today=today)
        return personas(today)

    return _build


@pytest.mark.parametrize(
    "today", [date(2026, 8, 1), date(2026, 9, 2), date(2026, 10, 31), date(2027, 1, 4), date(2027, 7, 31)]
)
def test_whoever_is_offered_has_something_to_do(build, today):
    offered = build(IN_PROGRESS, today)

    busy = {
        entry["role"]: bool(due_items(access_for(entry["person"], on=today), entry["person"], today))
        for entry in offered
    }
    assert set(busy) == set(Role.labels)
    assert [role.label for role in (Role.QIO, Role.MENTOR, Role.HEAD, Role.TEACHER) if not busy[role.label]] == []


def test_evaluated_cohort_is_over_and_each_role_finds_what_came_of_it(build):
    """One build, which takes seconds, and all that is looked for in it."""
    today = date(2026, 10, 20)  # the headteachers of the cohort before this one are still being asked

    offered = build(WITH_EVALUATED, today)

    officer_has_reports_and_surveys_to_follow(offered, today)
    headteacher_has_a_sheet_and_evaluator_has_data(offered, today)
    adults_were_heard_before_and_after()
    grants_have_come_to_different_steps(today)
    officer_sees_two_cohorts_side_by_side(offered, today)


def officer_has_reports_and_surveys_to_follow(offered, today):
    _, evaluated, current = Cohort.objects.order_by("starts_on")
    over = Wave.objects.filter(cohort=evaluated)
    assert {wave.closes_on < today and wave.closed_at is not None for wave in over} == {True}
    (asked,) = Wave.objects.filter(cohort=current, audience=Audience.HEAD)
    sheets = Response.objects.filter(wave=asked)
    assert 0 < sheets.exclude(invitation__answered_at=None).count() < sheets.count() < asked.invitations.count()
    (officer,) = [entry for entry in offered if entry["role"] == Role.QIO.label]
    reports = Report.objects.allowed_to(access_for(officer["person"], on=today), Permission.REPORT_VIEW)
    assert {report.place_kind for report in reports} == {"authority", "cluster"}
    assert WaveSchool.objects.open(today).filter(cluster__authority=officer["place"]).exists()


def officer_sees_two_cohorts_side_by_side(offered, today):
    earlier, evaluated, _ = Cohort.objects.order_by("starts_on")
    (officer,) = [entry for entry in offered if entry["role"] == Role.QIO.label]
    found = trend_reports(place_key_of(PlaceKind.AUTHORITY, officer["place"], None))
    assert [report.cohort for report in found.order_by("cohort__starts_on")] == [earlier, evaluated]


def grants_have_come_to_different_steps(today):
    _, evaluated, current = Cohort.objects.order_by("starts_on")
    grants = SchoolGrant.objects.with_state(today).order_by()
    over = set(grants.filter(scheme__cohort=evaluated).values_list("state", flat=True))
    running = set(grants.filter(scheme__cohort=current).values_list("state", flat=True))
    assert over == {"reported", "overdue", "declined"}
    assert running == {"paid", "applied", "invited", "awarded"}


def headteacher_has_a_sheet_and_evaluator_has_data(offered, today):
    people = {entry["role"]: entry for entry in offered}
    head, evaluator = (people[role.label] for role in (Role.HEAD, Role.EVALUATOR))
    seen = SchoolSheet.objects.allowed_to(access_for(head["person"], on=today), Permission.SHEET_VIEW)
    assert [sheet.sheet_set.state for sheet in seen] == ["published"]
    assert set(seen.get().files.values_list("name", flat=True)) == {"sheet", "picture"}
    assert WaveSchool.objects.open(today).filter(school=head["place"]).exists()
    exports = DataExport.objects.allowed_to(access_for(evaluator["person"], on=today), Permission.EXPORT_TAKE)
    assert exports.count() == 1


def adults_were_heard_before_and_after():
    _, evaluated, current = Cohort.objects.order_by("starts_on")
    heard = Response.objects.counted().filter(wave__cohort=evaluated, invitation__isnull=False)
    confidence = {
        (audience, moment): mean(sheet["confidence_engineering"] for sheet in found if _on_scale(sheet))
        for audience in (Audience.MENTOR, Audience.TEACHER)
        for moment in (Moment.BASELINE, Moment.FOLLOW_UP)
        if (found := heard.filter(wave__audience=audience, wave__moment=moment).values_list("answers", flat=True))
    }
    assert confidence[Audience.MENTOR, Moment.BASELINE] < confidence[Audience.MENTOR, Moment.FOLLOW_UP]
    assert confidence[Audience.TEACHER, Moment.BASELINE] < confidence[Audience.TEACHER, Moment.FOLLOW_UP]
    teachers = heard.filter(wave__audience=Audience.TEACHER)
    assert teachers.filter(invitation__person=None).exists()
    assert teachers.exclude(invitation__person=None).exists()
    (head, *_) = heard.filter(wave__audience=Audience.HEAD).values_list("answers", flat=True)
    assert {"programme_quality", "headteacher_impact_rating_1"} <= set(head)
    still_open = Wave.objects.filter(cohort=current, audience__in=[Audience.MENTOR, Audience.TEACHER], closed_at=None)
    assert still_open.count() == 2


def test_most_who_were_at_the_sessions_found_them_good(build):
    build(IN_PROGRESS, date(2027, 7, 31))

    said = [sheet["session_quality"] for sheet in SessionFeedback.objects.values_list("answers", flat=True)]
    on_scale = [code for code in said if isinstance(code, int)]
    assert at_place(date(2027, 7, 31)).sheets == len(said) >= 10
    assert sum(code >= 4 for code in on_scale) > len(on_scale) / 2


def _on_scale(sheet):
    return isinstance(sheet.get("confidence_engineering"), int)
