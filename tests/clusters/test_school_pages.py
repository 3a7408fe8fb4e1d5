"""Schools and authorities: found and read, with hidden figures kept hidden; and the search field."""

from datetime import date

import pytest

from clusters.choices import FactStatus
from clusters.models import School
from tests import make


def names(response):
    return [school.name for school in response.context["object_list"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=own primary", ["Ownschool Primary", "Secondown Primary"]),
        ("?q={own.seed_code}", ["Ownschool Primary"]),
        ("?q=IV2 3AB", ["Secondown Primary"]),
        ("?sector=S", ["Academy"]),
        ("?authority={foreign.authority_id}", ["Foreignschool Primary"]),
        ("?cluster=no", ["Academy", "Closed Primary", "Mothballed Primary"]),
        (
            "?cluster=yes&sort=-name",
            ["Siblingschool Primary", "Secondown Primary", "Ownschool Primary", "Foreignschool Primary"],
        ),
        ("?status=closed", ["Closed Primary"]),
        ("?status=shut", ["Closed Primary", "Mothballed Primary"]),
        ("?status=mothballed", ["Mothballed Primary"]),
        ("?status=unlisted", ["Closed Primary"]),
        ("?status=open&q=secondown", ["Secondown Primary"]),
        ("?status=lost&q=secondown", []),
        ("?sort=roll&q=school", ["Siblingschool Primary", "Ownschool Primary", "Foreignschool Primary"]),
    ],
)
@pytest.mark.django_db
def test_school_list_finds_and_sorts(query, found, sign_in, world):
    make.school("Academy", world.own_authority, sector="S", roll=None)
    make.school("Closed Primary", world.sibling_school.authority, status="closed", in_latest_list=False)
    make.school("Mothballed Primary", world.sibling_school.authority, status="mothballed")
    School.objects.filter(pk=world.second_school.pk).update(postcode="IV2 3AB")
    School.objects.filter(pk=world.sibling_school.pk).update(roll=20)
    School.objects.filter(pk=world.foreign_school.pk).update(roll=None)

    response = sign_in(world.people["staff"]).get(
        "/schools/" + query.format(own=world.own_school, foreign=world.foreign_school)
    )

    assert names(response) == found


@pytest.mark.parametrize(
    ("role", "found"),
    [
        ("qio", ["Ownschool Primary", "Secondown Primary", "Siblingschool Primary"]),
        ("mentor", ["Ownschool Primary", "Secondown Primary"]),
        ("head", ["Ownschool Primary"]),
    ],
)
@pytest.mark.django_db
def test_school_list_shows_only_what_the_person_may_see(role, found, sign_in, world):
    assert names(sign_in(world.people[role]).get("/schools/?q=primary")) == found


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.django_db
def test_school_list_asks_the_database_the_same_for_few_and_many(more, sign_in, world, django_assert_num_queries):
    make.cluster(None, world.own_authority, [make.school(authority=world.own_authority) for _ in range(more)])
    client = sign_in(world.people["staff"])

    with django_assert_num_queries(7):
        client.get("/schools/")


def fact(response, label):
    rows = response.context["figures"] + response.context["texts"]
    return next((row for row in rows if row["label"] == label), None)


@pytest.mark.django_db
def test_school_detail_says_what_is_hidden_missing_and_from_where(sign_in, world):
    source = {"kind": "statistics", "on": "2023-09-01", "raw": "", "edition": "School-level statistics, 2023"}
    school = make.school(
        "Factschool Primary",
        world.own_authority,
        roll=None,
        stage_rolls={"P2": 21},
        deprived_status=FactStatus.BAND,
        deprived_band="20% to under 30%",
        facts={
            "roll": source | {"status": "suppressed", "raw": "[c]"},
            "P2": source | {"status": "known", "raw": "21"},
            "deprived_share": source | {"status": "band"},
        },
    )

    response = sign_in(world.people["staff"]).get(school.get_absolute_url())

    hidden, known, band, missing = (
        fact(response, label)
        for label in (
            "Roll",
            "Pupils in P2",
            "Pupils in the most deprived fifth of areas",
            "Teachers (full-time equivalent)",
        )
    )
    assert (hidden["words"], hidden["hidden"]) == ("[c] suppressed", True)
    assert (known["words"], known["edition"]) == ("21", "School-level statistics, 2023")
    assert (band["words"], band["hidden"]) == ("20% to under 30%", False)
    assert (missing["words"], missing["missing"]) == ("Not collected", True)
    assert fact(response, "Pupils in P3") is None


@pytest.mark.django_db
def test_school_detail_says_since_when_and_from_where_it_is_closed(sign_in, world):
    note = {"kind": "contact-list", "on": "2024-10-31", "raw": "Closed", "status": "known", "edition": "Contact list"}
    school = make.school(
        "Closed Primary", world.own_authority, status="closed", status_on=date(2023, 11, 1),
        status_note="Pupils to Ownschool", in_latest_list=False, facts={"status": note},
    )  # fmt: skip

    response = sign_in(world.people["staff"]).get(school.get_absolute_url())

    assert fact(response, "Status")["words"] == "Closed on 1 November 2023: Pupils to Ownschool"
    assert fact(response, "Status")["edition"] == "Contact list"
    assert "Not in the latest list" in response.content.decode()


@pytest.mark.django_db
def test_school_detail_shows_clusters_over_time_and_people(sign_in, world):
    make.membership(world.sibling_cluster, world.own_school, date(2023, 8, 16), date(2025, 6, 27))

    response = sign_in(world.people["mentor"]).get(world.own_school.get_absolute_url())

    held = [(membership.cluster.name, membership.cluster_id in response.context["linked_clusters"])
            for membership in response.context["memberships"]]  # fmt: skip
    page = response.content.decode()
    assert held == [("Owncluster", True), ("Siblingcluster", False)]
    assert "Hamish Head" in page
    assert world.people["head"].email not in page


@pytest.mark.parametrize("key", ["9900001-S", "9900001", "nonsense", "9900001-P-P"])
@pytest.mark.django_db
def test_school_detail_is_not_found_for_another_key(key, sign_in, world):
    make.school("Keyschool", seed_code="9900001")

    assert sign_in(world.people["staff"]).get(f"/schools/{key}/").status_code == 404


@pytest.mark.django_db
def test_authority_list_counts_clusters_and_open_primaries(sign_in, world):
    make.school("Closed Primary", world.own_authority, status="closed")
    make.school("Academy", world.own_authority, sector="S")

    staff, officer = (
        sign_in(world.people[role]).get("/authorities/").context["object_list"] for role in ("staff", "qio")
    )

    assert [(row.name, row.cluster_count, row.school_count) for row in staff] == [
        ("Foreignshire", 1, 1),
        ("Ownshire", 2, 3),
    ]
    assert [row.name for row in officer] == ["Ownshire"]


@pytest.mark.parametrize(
    ("role", "words", "found"),
    [
        ("staff", "own", {"Schools": 3, "Clusters": 2}),
        ("staff", "hamish", {"People": 1}),
        ("qio", "foreign", {}),
        ("qio", "hamish", {}),
        ("mentor", "sibling", {}),
        ("mentor", "owncluster", {"Clusters": 1}),
        ("head", "primary", {"Schools": 1}),
        ("head", "owncluster", {}),
        ("evaluator", "own", {}),
    ],
)
@pytest.mark.django_db
def test_search_finds_only_what_the_person_may_see(role, words, found, sign_in, world):
    make.school("Another Own Primary", world.own_authority)

    response = sign_in(world.people[role]).get("/search/", {"q": words})

    assert {group["title"]: group["count"] for group in response.context["groups"]} == found
