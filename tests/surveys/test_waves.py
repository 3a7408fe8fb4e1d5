"""Waves planned for the right schools, opened once, closed and extended with a reason; pages for those who may."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.choices import ParticipationState
from clusters.middleware import access_for
from clusters.models import ClusterMembership, NamedEvent, Participation
from surveys import actions
from surveys.choices import Audience, Moment
from surveys.closing import close_ended_waves
from surveys.loading import load_instruments
from surveys.models import InstrumentVersion, Wave, WaveSchool
from tests import make
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 9, 10, 10, tzinfo=UTC)
SITE = "https://pcp.example.org/"


@pytest.fixture
def staff(world):
    return world.people["staff"]


@pytest.fixture
def plan(world, staff):
    """plan(moment=…) plans a pupil wave of the world's cohort in September 2025."""
    load_instruments()

    def _plan(
        audience=Audience.PUPIL, moment=Moment.BASELINE, opens_on=make_surveys.OPENS, closes_on=make_surveys.CLOSES
    ):
        return actions.create_wave(
            cohort=world.cohort, audience=audience, moment=moment, opens_on=opens_on, closes_on=closes_on, by=staff
        )

    return _plan


def test_wave_asks_the_schools_of_the_day_and_remembers_their_cluster(world, plan):
    secondary = make.school("Ownhigh", world.own_authority, sector="S")
    make.membership(world.own_cluster, secondary)
    Participation.objects.filter(cluster=world.sibling_cluster).update(state=ParticipationState.WITHDRAWN)
    ClusterMembership.objects.filter(school=world.second_school).update(ends_on=date(2025, 8, 31))

    wave = plan()

    asked = {row.school: row.cluster for row in wave.schools.select_related("school", "cluster")}
    assert asked == {world.own_school: world.own_cluster, world.foreign_school: world.foreign_cluster}


def test_wave_keeps_its_cluster_when_the_school_moves_later(world, plan):
    wave = plan()
    ClusterMembership.objects.filter(school=world.own_school).update(ends_on=date(2025, 12, 1))
    make.membership(world.sibling_cluster, world.own_school, starts_on=date(2025, 12, 2))

    assert wave.schools.get(school=world.own_school).cluster == world.own_cluster


def test_wave_is_planned_once(plan):
    plan()

    with pytest.raises(NotNow):
        plan()


def test_follow_up_asks_the_versions_of_the_baseline(plan, staff, settings):
    settings.WAVE_OPENING_CHECKS = []
    before = plan()
    actions.open_wave(before, now=NOW, site=SITE, by=staff)
    newer = InstrumentVersion.objects.create(
        instrument=before.versions.first().instrument, number=2, source_sha256="new", scales={}
    )

    after = plan(moment=Moment.FOLLOW_UP, opens_on=date(2026, 5, 1), closes_on=date(2026, 5, 31))

    assert set(after.versions.all()) == set(before.versions.all())
    assert newer not in after.versions.all()


def test_opening_freezes_the_questionnaires_and_is_recorded(plan, staff):
    wave = plan()

    actions.open_wave(wave, now=NOW, site=SITE, by=staff)

    assert set(wave.versions.values_list("frozen_at", flat=True)) == {NOW}
    assert NamedEvent.objects.get(event="wave opened").by == staff
    with pytest.raises(NotNow):
        actions.open_wave(wave, now=NOW, site=SITE, by=staff)


def test_wave_opened_before_its_first_day_begins_at_once(world, plan, staff):
    wave = plan(opens_on=date(2025, 9, 15))

    actions.open_wave(wave, now=NOW, site=SITE, by=staff)

    assert set(WaveSchool.objects.open(NOW.date()).values_list("school", flat=True)) == {
        world.own_school.pk,
        world.second_school.pk,
        world.sibling_school.pk,
        world.foreign_school.pk,
    }


def test_wave_whose_last_day_has_passed_is_not_opened(plan, staff):
    wave = plan()

    with pytest.raises(NotNow, match="30 September 2025"):
        actions.open_wave(wave, now=datetime(2025, 10, 1, 9, tzinfo=UTC), site=SITE, by=staff)


def test_follow_up_waits_for_what_later_apps_ask(plan, staff, settings):
    settings.WAVE_OPENING_CHECKS = ["tests.surveys.test_waves.never"]
    wave = plan(moment=Moment.FOLLOW_UP)

    with pytest.raises(NotNow, match="Not before the plan"):
        actions.open_wave(wave, now=NOW, site=SITE, by=staff)

    wave.refresh_from_db()
    assert wave.opened_at is None
    assert not wave.versions.filter(frozen_at__isnull=False).exists()


def never(wave):
    return "Not before the plan."


def test_page_says_beforehand_why_a_wave_may_not_open(plan, staff, sign_in, settings):
    settings.WAVE_OPENING_CHECKS = ["tests.surveys.test_waves.never"]
    wave = plan(
        moment=Moment.FOLLOW_UP, opens_on=timezone.localdate(), closes_on=timezone.localdate() + timedelta(days=9)
    )

    page = sign_in(staff).get(wave.get_absolute_url()).content.decode()

    assert "Not before the plan." in page
    assert "Open this survey" not in page


def test_follow_up_waits_until_the_baseline_is_closed_everywhere(world, plan, staff, settings):
    """A class code leads to one survey: pupils who have not answered the first would be asked the second."""
    settings.WAVE_OPENING_CHECKS = []
    baseline = actions.open_wave(plan(), now=NOW, site=SITE, by=staff)
    follow_up = plan(moment=Moment.FOLLOW_UP)

    with pytest.raises(NotNow, match="“Pupils, baseline, .*” is still open until"):
        actions.open_wave(follow_up, now=NOW, site=SITE, by=staff)
    actions.close_wave(baseline, now=NOW, reason="All have answered.", by=staff)
    actions.open_wave(follow_up, now=NOW, site=SITE, by=staff)

    follow_up.refresh_from_db()
    assert follow_up.opened_at == NOW


def test_school_is_closed_and_opened_again_with_a_reason(world, plan, staff):
    wave = actions.open_wave(plan(), now=NOW, site=SITE, by=staff)
    row = wave.schools.select_related("wave").get(school=world.own_school)

    actions.close_school(row, now=NOW, reason="Flooded", by=staff)

    assert not row.is_open(NOW.date())
    with pytest.raises(NotNow):
        actions.close_school(row, now=NOW, reason="Again", by=staff)

    actions.change_dates(
        row, opens_on=row.opens_on, closes_on=date(2025, 10, 10), reason="Dry again", now=NOW, by=staff
    )

    row.refresh_from_db()
    assert row.is_open(date(2025, 10, 10))
    assert [each.reason for each in row.history.order_by("history_id")] == ["", "Flooded", "Dry again"]
    assert row.history.latest().history_user == staff


def test_closing_a_wave_closes_its_open_schools_and_extending_one_opens_it_there_alone(world, plan, staff):
    wave = actions.open_wave(plan(), now=NOW, site=SITE, by=staff)

    wave = actions.close_wave(wave, now=NOW, reason="All in", by=staff)

    assert not WaveSchool.objects.open(NOW.date()).exists()
    row = wave.schools.select_related("wave").get(school=world.own_school)
    actions.change_dates(
        row, opens_on=row.opens_on, closes_on=row.closes_on, reason="One more class", now=NOW, by=staff
    )
    assert [each.school for each in WaveSchool.objects.open(NOW.date())] == [world.own_school]
    assert Wave.objects.with_state(NOW.date()).get().state == "open"


def test_ended_wave_is_written_down_as_closed_once_and_not_while_a_school_has_longer(world, plan, staff):
    wave = actions.open_wave(plan(), now=NOW, site=SITE, by=staff)
    row = wave.schools.select_related("wave").get(school=world.own_school)
    actions.change_dates(row, opens_on=row.opens_on, closes_on=date(2025, 10, 10), reason="Late", now=NOW, by=staff)
    after = datetime(2025, 10, 1, 0, 5, tzinfo=UTC)

    assert close_ended_waves(now=after, on=date(2025, 10, 1)) == 0
    assert close_ended_waves(now=after, on=date(2025, 10, 11)) == 1
    assert close_ended_waves(now=after, on=date(2025, 10, 11)) == 0

    assert Wave.objects.get().closed_at == after
    assert NamedEvent.objects.filter(event="wave ended").count() == 1


def test_waves_are_cut_to_the_schools_that_each_role_reaches(world, plan):
    plan()
    elsewhere = make_surveys.wave(make.cohort("Cohort 2024"), [world.foreign_school])

    seen = {
        role: set(Wave.objects.allowed_to(access_for(person), Permission.WAVE_VIEW).values_list("pk", flat=True))
        for role, person in world.people.items()
    }

    everything = set(Wave.objects.values_list("pk", flat=True))
    assert seen["staff"] == everything
    assert seen["qio"] == seen["head"] == everything - {elsewhere.pk}
    assert seen["teacher"] == seen["mentor"] == seen["evaluator"] == set()


def test_planning_page_makes_a_wave(world, sign_in, staff):
    load_instruments()
    sent = {
        "cohort": world.cohort.pk,
        "kind": "pupils-baseline",
        "opens_on": "2025-09-01",
        "closes_on": "30 September 2025",
    }

    response = sign_in(staff).post(reverse("wave-create"), sent)

    wave = Wave.objects.get()
    assert response.status_code == 302
    assert response.url == wave.get_absolute_url()
    assert (wave.audience, wave.moment, wave.closes_on) == ("pupil", "pre", date(2025, 9, 30))


def test_planning_page_says_what_is_wrong(world, sign_in, staff):
    load_instruments()
    sent = {"cohort": world.cohort.pk, "kind": "headteachers", "opens_on": "2025-09-10", "closes_on": "2025-09-01"}

    response = sign_in(staff).post(reverse("wave-create"), sent)

    assert response.status_code == 422
    assert "The last day lies before the first day." in response.content.decode()
    assert not Wave.objects.exists()


def test_dates_page_of_a_school_outside_the_wave_is_not_found(world, sign_in, staff):
    wave = make_surveys.wave(world.cohort, [world.own_school])
    address = reverse("wave-school-dates", args=[wave.pk, world.foreign_school.key])

    assert sign_in(staff).get(address).status_code == 404


def test_wave_page_shows_an_officer_only_the_own_authority(world, sign_in):
    wave = make_surveys.wave(world.cohort, [world.own_school, world.foreign_school])
    row = wave.schools.select_related("wave").get(school=world.foreign_school)
    make_surveys.sheet(row)

    page = sign_in(world.people["qio"]).get(wave.get_absolute_url())

    told = page.content.decode()
    assert page.context["totals"].schools == 1
    assert page.context["totals"].sheets == 0
    assert "Ownschool" in told
    assert "Foreignschool" not in told


def test_counts_are_fetched_alone_while_the_page_is_open(world, sign_in, staff):
    wave = make_surveys.wave(world.cohort, [world.own_school], closes_on=date(2099, 9, 30))
    client = sign_in(staff)
    make_surveys.sheet(wave.schools.select_related("wave").get())

    whole = client.get(wave.get_absolute_url()).content.decode()
    part = client.get(wave.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="every 15s"' in whole
    assert part.lstrip().startswith('<div id="counts"')
    assert "<html" not in part
    assert "Without a class: 1" in part


@pytest.mark.parametrize("page", ["wave-list", "wave-detail"])
def test_query_count_of_wave_pages_does_not_grow(world, sign_in, staff, page, django_assert_num_queries):
    client = sign_in(staff)
    first = make_surveys.wave(world.cohort, [world.own_school])
    make_surveys.class_group(world.own_school, world.cohort)
    address = reverse(page, args=[first.pk] if page == "wave-detail" else [])
    queries = {"wave-list": 8, "wave-detail": 12}[page]
    client.get(address)

    with django_assert_num_queries(queries):
        client.get(address)

    for number, school in enumerate([world.second_school, world.foreign_school]):
        make_surveys.wave(make.cohort(), [school])
        WaveSchool.objects.create(
            wave=first, school=school, cluster=world.own_cluster, opens_on=first.opens_on, closes_on=first.closes_on
        )
        make_surveys.class_group(school, world.cohort, code=f"KTRM482{number}")
    with django_assert_num_queries(queries):
        client.get(address)


def test_baseline_is_not_opened_again_at_a_school_where_the_follow_up_is_open(world, plan, staff, settings):
    settings.WAVE_OPENING_CHECKS = []
    baseline = actions.open_wave(plan(), now=NOW, site=SITE, by=staff)
    actions.close_wave(baseline, now=NOW, reason="All have answered.", by=staff)
    actions.open_wave(plan(moment=Moment.FOLLOW_UP), now=NOW, site=SITE, by=staff)
    row = baseline.schools.select_related("wave").get(school=world.own_school)

    with pytest.raises(NotNow, match="is open at this school in these days"):
        actions.change_dates(
            row, opens_on=NOW.date(), closes_on=NOW.date() + timedelta(days=5), reason="Late.", now=NOW, by=staff
        )
