"""Clusters: found, read, made and changed; schools join and leave them on a day; cohorts and their steps."""

from datetime import date

import pytest
from django.urls import reverse

from clusters.choices import MilestoneKind, ParticipationState
from clusters.models import Cluster, ClusterMembership, Cohort, Milestone, Participation, Phase, School
from tests import make


def names(response):
    return [str(row) for row in response.context["object_list"]]


@pytest.fixture
def staff(sign_in, world):
    return sign_in(world.people["staff"])


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Foreigncluster", "Owncluster", "Siblingcluster"]),
        ("?q=own", ["Owncluster", "Siblingcluster"]),  # the words are looked for in the authority too
        ("?q=siblingc", ["Siblingcluster"]),
        ("?state=active", ["Foreigncluster", "Owncluster", "Siblingcluster"]),
        ("?state=withdrawn", []),
        ("?sort=-name", ["Siblingcluster", "Owncluster", "Foreigncluster"]),
        ("?sort=-schools", ["Owncluster", "Siblingcluster", "Foreigncluster"]),
        ("?sort=nonsense", ["Foreigncluster", "Owncluster", "Siblingcluster"]),
    ],
)
@pytest.mark.django_db
def test_cluster_list_finds_and_sorts(query, found, staff):
    assert names(staff.get(f"/clusters/{query}")) == found


@pytest.mark.django_db
def test_cluster_list_asks_cohort_and_state_of_the_same_participation(staff, world):
    earlier = make.cohort("Cohort 2023", starts_on=date(2023, 8, 16), ends_on=date(2025, 6, 30))
    make.participation(world.own_cluster, earlier, state=ParticipationState.ALUMNI)

    now_alumni = staff.get(f"/clusters/?cohort={world.cohort.pk}&state=alumni")
    then_alumni = staff.get(f"/clusters/?cohort={earlier.pk}&state=alumni")

    assert (names(now_alumni), names(then_alumni)) == ([], ["Owncluster"])


@pytest.mark.parametrize(("role", "found"), [("qio", ["Owncluster", "Siblingcluster"]), ("mentor", ["Owncluster"])])
@pytest.mark.django_db
def test_cluster_list_shows_only_what_the_person_may_see(role, found, sign_in, world):
    response = sign_in(world.people[role]).get("/clusters/")

    assert names(response) == found
    assert "authority" not in response.context["filter"].form.fields
    assert "New cluster" not in response.content.decode()


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.django_db
def test_cluster_list_asks_the_database_the_same_for_few_and_many(more, staff, world, django_assert_num_queries):
    for _ in range(more):
        cluster = make.cluster(None, world.own_authority, [make.school(authority=world.own_authority)])
        make.participation(cluster, world.cohort)

    with django_assert_num_queries(9):
        staff.get("/clusters/")


@pytest.mark.django_db
def test_cluster_detail_shows_schools_people_cohorts_and_the_local_word(sign_in, world):
    world.own_authority.cluster_word = "Learning Community"
    world.own_authority.save()
    participation = world.own_cluster.participations.get()
    Milestone.objects.create(participation=participation, kind=MilestoneKind.RESIDENTIAL_1, on=date(2025, 9, 16))
    left = make.school("Leftschool Primary", world.own_authority)
    make.membership(world.own_cluster, left, ends_on=date(2025, 12, 1))

    response = sign_in(world.people["qio"]).get("/clusters/owncluster/")

    page = response.content.decode()
    assert [held.school for held in response.context["now_in"]] == [world.own_school, world.second_school]
    assert [held.school for held in response.context["left_or_coming"]] == [left]
    assert all(
        word in page
        for word in ("Learning Community", "Morag Mentor", "Hamish Head", "16 September 2025", "Cohort 2025")
    )
    assert all(word not in page for word in ("Add a school", "End membership", world.people["mentor"].email))


@pytest.mark.django_db
def test_cluster_create_makes_an_address_of_its_own(staff, world):
    for authority in (world.own_authority, world.foreign_authority):
        staff.post("/clusters/new/", {"authority": authority.pk, "name": "New"})

    made = Cluster.objects.filter(name="New").order_by("pk")
    assert [cluster.slug for cluster in made] == ["new-ownshire", "new-foreignshire"]
    assert made[0].history.get().history_user == world.people["staff"]


@pytest.mark.django_db
def test_cluster_create_refuses_a_name_that_the_authority_has(staff, world):
    response = staff.post("/clusters/new/", {"authority": world.own_authority.pk, "name": "owncluster"})

    assert response.status_code == 422
    assert "Ownshire has a cluster called owncluster already" in response.content.decode()


@pytest.mark.django_db
def test_cluster_change_keeps_authority_and_address(staff, world):
    staff.post("/clusters/owncluster/change/", {"name": "Ownname", "authority": world.foreign_authority.pk})

    world.own_cluster.refresh_from_db()
    assert (world.own_cluster.name, world.own_cluster.slug) == ("Ownname", "owncluster")
    assert world.own_cluster.authority == world.own_authority


@pytest.mark.django_db
def test_school_joins_a_cluster_on_a_day(staff, world):
    school = make.school("Newschool Primary", world.own_authority)

    staff.post("/clusters/owncluster/add-school/", {"school": school.pk, "starts_on": "2026-01-05"})

    assert ClusterMembership.objects.get(school=school).starts_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("ends_on", "sentence"),
    [
        (None, "Siblingschool Primary belongs to Siblingcluster since 18 August 2025. End that membership first"),
        (date(2026, 6, 26), "Siblingschool Primary belongs to Siblingcluster until 26 June 2026. Choose a later day."),
    ],
)
@pytest.mark.django_db
def test_school_is_in_one_cluster_at_a_time(ends_on, sentence, staff, world):
    world.sibling_school.memberships.update(ends_on=ends_on)

    asked = {"school": world.sibling_school.pk, "starts_on": "2026-06-26"}
    response = staff.post("/clusters/owncluster/add-school/", asked)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert world.sibling_school.memberships.get().cluster == world.sibling_cluster


@pytest.mark.django_db
def test_school_of_another_authority_is_not_offered(staff, world):
    asked = {"school": world.foreign_school.pk, "starts_on": "2026-06-26"}

    assert staff.post("/clusters/owncluster/add-school/", asked).status_code == 422


@pytest.mark.django_db
def test_closed_school_is_not_offered_and_cannot_be_put_in_a_cluster(staff, world):
    told = {"status": {"edition": "Official contact list, 31 October 2024", "status": "known"}}
    closed = make.school(
        "Closed Primary", world.own_authority, status="closed", status_on=date(2023, 11, 1), facts=told
    )

    page = staff.get("/clusters/owncluster/add-school/").content.decode()
    response = staff.post("/clusters/owncluster/add-school/", {"school": closed.pk, "starts_on": "2026-01-05"})

    assert ("Siblingschool Primary" in page, "Closed Primary" in page) == (True, False)
    assert response.status_code == 422
    assert (
        "Closed Primary cannot join a cluster: it is closed on 1 November 2023, says the official contact list, "
        "31 October 2024."
    ) in response.content.decode()
    assert not closed.memberships.exists()


@pytest.mark.django_db
def test_closed_school_of_a_cluster_is_flagged_and_waits_for_staff(staff, world):
    School.objects.filter(pk=world.own_school.pk).update(status="mothballed")
    make.school("Elsewhere Primary", world.own_authority, status="closed")

    cluster, school, home, found = (
        page.content.decode()
        for page in (
            staff.get("/clusters/owncluster/"),
            staff.get(world.own_school.get_absolute_url()),
            staff.get("/", follow=True),
            staff.get("/schools/?status=shut&cluster=yes"),
        )
    )

    assert "Mothballed" in cluster
    assert "This school is mothballed but still in Owncluster." in school
    assert "1 school is closed or mothballed but still in a cluster" in home
    assert ("Ownschool Primary" in found, "Elsewhere Primary" in found) == (True, False)


@pytest.mark.django_db
def test_school_moves_after_its_membership_ends(staff, world):
    membership = world.sibling_school.memberships.get()

    staff.post(reverse("membership-end", args=[membership.pk]), {"on": "2026-06-26"})
    staff.post("/clusters/owncluster/add-school/", {"school": world.sibling_school.pk, "starts_on": "2026-06-27"})

    held = world.sibling_school.memberships.order_by("starts_on").values_list("cluster__name", "starts_on", "ends_on")
    assert list(held) == [
        ("Siblingcluster", date(2025, 8, 18), date(2026, 6, 26)),
        ("Owncluster", date(2026, 6, 27), None),
    ]


@pytest.mark.parametrize(("on", "status"), [("2025-08-17", 422), ("2025-08-18", 302)])
@pytest.mark.django_db
def test_membership_ends_no_earlier_than_it_began(on, status, staff, world):
    membership = world.sibling_school.memberships.get()

    assert staff.post(reverse("membership-end", args=[membership.pk]), {"on": on}).status_code == status


@pytest.mark.django_db
def test_cluster_joins_a_cohort_and_changes_state(staff, world):
    cohort = make.cohort("Cohort 2027", starts_on=date(2027, 8, 16), ends_on=date(2029, 6, 30))
    joining = {"cohort": cohort.pk, "state": "nominated", "state_since": "2026-01-05"}

    staff.post("/clusters/owncluster/join/", joining)
    again = staff.post("/clusters/owncluster/join/", joining)
    part = Participation.objects.get(cluster=world.own_cluster, cohort=cohort)
    staff.post(reverse("participation-state", args=[part.pk]), {"state": "agreed", "state_since": "2026-03-02"})

    part.refresh_from_db()
    assert again.status_code == 422
    assert (part.state, part.state_since) == ("agreed", date(2026, 3, 2))
    assert [version.state for version in part.history.order_by("history_id")] == ["nominated", "agreed"]


@pytest.mark.django_db
def test_step_is_dated_once_and_can_move(staff, world):
    part = world.own_cluster.participations.get()
    add = reverse("milestone-add", args=[part.pk])

    first = staff.post(add, {"kind": "residential_1", "on": "2025-09-16"})
    second = staff.post(add, {"kind": "residential_1", "on": "2025-10-01"})
    step = part.milestones.get()
    staff.post(reverse("milestone-change", args=[step.pk]), {"kind": "residential_1", "on": "2025-09-23"})

    step.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 422)
    assert step.on == date(2025, 9, 23)


@pytest.mark.django_db
def test_cohort_detail_shows_only_clusters_that_the_person_may_see(sign_in, world):
    shown = {
        role: [
            str(part.cluster)
            for part in sign_in(world.people[role]).get("/cohorts/cohort-2025/").context["participations"]
        ]
        for role in ("staff", "qio", "mentor")
    }

    assert shown == {
        "staff": ["Foreigncluster", "Owncluster", "Siblingcluster"],
        "qio": ["Owncluster", "Siblingcluster"],
        "mentor": ["Owncluster"],
    }


@pytest.mark.django_db
def test_cohort_and_phase_are_made_and_changed(staff):
    staff.post("/cohorts/phases/new/", {"name": "Phase 3", "starts_on": "2028-04-01", "ends_on": "2031-03-31"})
    phase = Phase.objects.get(name="Phase 3")
    period = {"phase": phase.pk, "starts_on": "2028-08-14", "ends_on": "2030-06-28"}
    made = staff.post("/cohorts/new/", {"name": "Cohort 2028"} | period)
    backwards = staff.post("/cohorts/cohort-2028/change/", {"name": "Cohort 2028"} | period | {"ends_on": "2028-08-14"})

    cohort = Cohort.objects.get(slug="cohort-2028")
    assert made["Location"] == cohort.get_absolute_url()
    assert backwards.status_code == 422
    assert "The last day must be after the first day" in backwards.content.decode()
