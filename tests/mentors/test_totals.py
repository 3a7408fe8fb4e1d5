"""One count of sessions, hours and units, whatever is asked."""

from datetime import date
from decimal import Decimal

import pytest

from clusters.models import Cluster, ClusterMembership
from mentors import summaries
from mentors.models import LearningSession
from mentors.querysets import SessionTotals
from mentors.wording import hours_figure, length, teacher_hours
from tests import make
from tests.mentors.making import session

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)


@pytest.fixture
def three(world):
    """Two sessions of the own cluster (90 and 60 minutes), one of the foreign cluster (120)."""
    mentor, staff = world.people["mentor"], world.people["staff"]
    session(world.own_cluster, {world.own_school: 10, world.second_school: 8}, by=mentor)
    session(
        world.own_cluster, {world.own_school: 4}, by=mentor, minutes=60, held_on=date(2025, 9, 10), topic="sound_light"
    )
    session(world.foreign_cluster, {world.foreign_school: 5}, by=staff, minutes=120)
    return world


def test_totals_count_lengths_heads_and_schools(three):
    totals = LearningSession.objects.filter(cluster=three.own_cluster).totals()

    assert totals == SessionTotals(sessions=2, minutes=150, attendances=22, teacher_minutes=18 * 90 + 4 * 60, schools=2)
    assert totals.hours == Decimal("2.5")
    assert totals.teacher_hours == 31
    assert totals.units == Decimal("6.2")


def test_totals_of_nothing_are_zero(world):
    assert LearningSession.objects.totals() == SessionTotals()


def test_totals_count_a_session_once_however_often_a_join_repeats_it(three):
    plain = LearningSession.objects.filter(cluster=three.own_cluster)
    joined = plain.filter(attendances__headcount__gte=1, cluster__memberships__isnull=False)
    assert joined.count() > plain.count()

    assert joined.totals() == plain.totals()


def test_totals_survive_the_largest_session(world):
    session(world.own_cluster, {world.own_school: 200}, by=world.people["mentor"], minutes=600)

    assert LearningSession.objects.totals().teacher_minutes == 120_000


def test_units_follow_the_setting_and_round_half_up(world, settings):
    an_hour_and_a_quarter = 75  # 0.25 of a unit of five hours
    session(world.own_cluster, {world.own_school: 1}, by=world.people["mentor"], minutes=an_hour_and_a_quarter)
    totals = LearningSession.objects.totals()

    assert totals.units == Decimal("0.3")
    settings.HOURS_PER_UNIT = 1
    assert totals.units == Decimal("1.3")


def test_totals_by_place_agree_with_totals_of_each_place(three):
    by_cluster = summaries.totals_by_cluster(Cluster.objects.all())
    by_authority = summaries.totals_by_authority()

    assert by_cluster == {
        three.own_cluster.pk: summaries.totals_for(cluster=three.own_cluster),
        three.foreign_cluster.pk: summaries.totals_for(cluster=three.foreign_cluster),
    }
    assert by_authority[three.own_authority.pk] == summaries.totals_for(authority=three.own_authority)
    assert sum(totals.teacher_minutes for totals in by_authority.values()) == summaries.totals_for().teacher_minutes


@pytest.mark.parametrize("sessions", [1, 3])
def test_totals_take_two_queries_whatever_their_number(world, sessions, django_assert_num_queries):
    for _ in range(sessions):
        session(world.own_cluster, {world.own_school: 3}, by=world.people["mentor"])

    with django_assert_num_queries(2):
        LearningSession.objects.totals()
    with django_assert_num_queries(2):
        LearningSession.objects.totals_by("cluster")


def test_dates_are_both_included(three):
    totals = summaries.totals_for(cluster=three.own_cluster, starts_on=date(2025, 9, 10), ends_on=date(2025, 9, 10))

    assert (totals.sessions, totals.minutes) == (1, 60)


def test_cohort_counts_only_its_clusters_while_it_ran(three):
    other = make.cohort("Another", starts_on=date(2025, 10, 1))
    make.participation(three.own_cluster, other)

    totals = LearningSession.objects.for_cohort(other).totals()

    assert (totals.sessions, totals.attendances) == (1, 18)


def test_schools_of_a_cluster_add_up_to_the_cluster_and_unmet_stand_first(three):
    unmet = make.school("Never Primary", three.own_authority)
    make.membership(three.own_cluster, unmet)

    rows = summaries.schools_of_cluster(three.own_cluster, on=ON)
    whole = summaries.totals_for(cluster=three.own_cluster)

    assert [row.school for row in rows] == [unmet, three.own_school, three.second_school]
    assert [row.met for row in rows] == [False, True, True]
    assert sum(row.learning.teacher_minutes for row in rows) == whole.teacher_minutes
    assert sum(row.learning.attendances for row in rows) == whole.attendances
    assert rows[1].learning.last_on == date(2026, 2, 11)


def test_unmet_schools_are_those_of_today_with_nobody_in_the_time_asked(three):
    gone = make.school("Gone Primary", three.own_authority)
    make.membership(three.own_cluster, gone, ends_on=date(2025, 12, 1))

    always = summaries.unmet_schools([three.own_cluster.pk], on=ON)
    autumn = summaries.unmet_schools([three.own_cluster.pk], on=ON, ends_on=date(2025, 12, 31))
    everywhere = summaries.unmet_schools(Cluster.objects.all(), on=ON)

    assert list(always) == []
    assert list(autumn) == [three.second_school]
    assert list(everywhere) == [three.sibling_school]


def test_a_past_session_keeps_the_school_that_has_left(three):
    ClusterMembership.objects.filter(school=three.second_school).update(ends_on=date(2026, 2, 20))

    rows = summaries.schools_of_cluster(three.own_cluster, on=ON)

    assert [row.school for row in rows] == [three.own_school]
    assert summaries.totals_for(cluster=three.own_cluster).schools == 2


def test_last_session_is_the_latest_that_the_person_logged(three):
    mentor = three.people["mentor"]

    assert summaries.last_session_by(mentor).held_on == date(2026, 2, 11)
    assert summaries.last_session_by(three.people["qio"]) is None


@pytest.mark.parametrize(
    ("minutes", "figure", "words"),
    [
        (0, "0", "0 teacher-hours"),
        (45, "¾", "¾ teacher-hour"),
        (60, "1", "1 teacher-hour"),
        (75, "1¼", "1¼ teacher-hours"),
        (1620, "27", "27 teacher-hours"),
        (72_000, "1,200", "1,200 teacher-hours"),
    ],
)
def test_hours_are_written_in_quarters(minutes, figure, words):
    assert hours_figure(minutes) == figure
    assert teacher_hours(minutes) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(45, "45 min"), (60, "1 h"), (90, "1½ h"), (100, "100 min"), (120, "2 h")]
)
def test_lengths_are_written_as_people_say_them(minutes, words):
    assert length(minutes) == words
