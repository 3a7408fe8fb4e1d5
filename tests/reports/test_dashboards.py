"""The figures of the dashboards, what they count, and that their cost does not grow with what they show."""

import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.choices import GrantState, Topic
from mentors.actions import log_session
from mentors.choices import Leader, Mode
from mentors.models import Came
from reports import summaries
from tests import make
from tests.mentors import make_grants

TODAY = date(2025, 11, 21)

pytestmark = pytest.mark.django_db


def hold(cluster, came, *, by, held_on=date(2025, 11, 3), minutes=60):
    return log_session(
        cluster=cluster,
        held_on=held_on,
        minutes=minutes,
        mode=Mode.TWILIGHT,
        topic=Topic.FORCES,
        leader=Leader.MENTOR,
        note="",
        came={school.pk: Came(number) for school, number in came.items()},
        submission=uuid.uuid4(),
        by=by,
        today=TODAY,
    )


def figure(label, **place):
    return next(each for each in summaries.figures(TODAY, **place) if each.label == label)


def test_teachers_reached_counts_the_largest_head_count_of_each_school(world):
    mentor = world.people["mentor"]
    hold(world.own_cluster, {world.own_school: 5, world.second_school: 2}, by=mentor)
    hold(world.own_cluster, {world.own_school: 3}, by=mentor, held_on=date(2025, 11, 10))
    hold(world.foreign_cluster, {world.foreign_school: 9}, by=mentor)

    assert figure("Teachers reached", cluster=world.own_cluster).value == "7"
    assert figure("Teachers reached", authority=world.own_authority).value == "7"
    assert figure("Teachers reached").value == "16"


def test_learning_is_the_same_figure_for_officer_and_staff(world):
    hold(world.own_cluster, {world.own_school: 5}, by=world.people["mentor"], minutes=90)

    assert figure("Teachers’ learning", authority=world.own_authority).value == "8 h"
    assert figure("Teachers’ learning").value == "8 h"
    assert figure("Sessions held").value == 1


def test_session_of_last_year_is_not_in_this_years_figures(world):
    hold(world.own_cluster, {world.own_school: 5}, by=world.people["mentor"], held_on=date(2025, 8, 20))

    assert figure("Sessions held").value == 1
    assert next(each for each in summaries.figures(date(2026, 9, 1)) if each.label == "Sessions held").value == 0


def test_primary_school_is_reached_once_however_many_cohorts_its_cluster_joined(world):
    make.participation(world.own_cluster, make.cohort())

    assert summaries.schools_reached(authority=world.own_authority) == (3, 3)
    assert summaries.schools_reached() == (4, 4)


def test_grants_are_the_same_figure_for_cluster_and_authority_and_shown_once_somebody_is_invited(world):
    before = [each.label for each in summaries.figures(TODAY, cluster=world.own_cluster)]
    scheme = make_grants.scheme(world.cohort, by=world.people["staff"])
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    make_grants.grant(scheme, world.foreign_school, GrantState.AWARDED)

    own = figure("Schools with a grant", cluster=world.own_cluster)

    assert "Schools with a grant" not in before
    assert (own.value, own.base) == (1, "of 2 schools; £500 awarded, £500 paid; 0 reports overdue")
    assert figure("Schools with a grant", authority=world.own_authority).base.startswith(
        "of 3 schools; £500 awarded, £500 paid;"
    )
    assert figure("Schools with a grant").base == "of 4 schools; £1,000 awarded, £500 paid; 0 reports overdue"


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("qio", "/"),
        ("qio", "/authorities/ownshire/"),
        ("qio", "/clusters/owncluster/progress/"),
        ("mentor", "/clusters/owncluster/progress/"),
    ],
)
def test_overdue_report_on_a_grant_is_told_where_its_cluster_is_shown(role, address, world, sign_in):
    scheme = make_grants.scheme(world.cohort, by=world.people["staff"])
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    make_grants.grant(scheme, world.foreign_school, GrantState.PAID)

    told = sign_in(world.people[role]).get(address).content.decode()

    assert "/clusters/owncluster/grants/" in told
    assert "1 report overdue" in told
    assert "/clusters/foreigncluster/grants/" not in told


def test_every_figure_says_how_it_is_counted(world, sign_in):
    make_grants.grant(make_grants.scheme(world.cohort, by=world.people["staff"]), world.own_school)
    shown = [*summaries.figures(TODAY), *summaries.figures(TODAY, cluster=world.own_cluster)]

    told = sign_in(world.people["qio"]).get("/counted/").content.decode()

    assert [each.anchor for each in shown if f'id="{each.anchor}"' not in told] == []


@pytest.mark.parametrize("role", ["staff", "qio"])
def test_home_asks_the_database_the_same_for_few_and_many_clusters(role, world, sign_in):
    client = sign_in(world.people[role])
    client.get("/")  # the first page also fills the caches
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/")
    for _ in range(3):
        school = make.school(authority=world.own_authority)
        make.participation(make.cluster(schools=[school]), world.cohort)

    with CaptureQueriesContext(connection) as many:
        page = client.get("/")

    assert page.status_code == 200
    assert len(many) == len(few)
