"""People: found, invited, given and taken roles, closed accounts; and the first administrator of a new site."""

from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from clusters.choices import Role
from clusters.models import NamedEvent, Person, RoleAssignment
from tests import make

INVITE = "/people/invite/"


def invitation(**fields):
    return {
        "full_name": "New Person",
        "email": "new@example.org",
        "role": "teacher",
        "starts_on": "2026-01-05",
    } | fields


@pytest.mark.django_db
def test_person_list_finds_by_name_address_and_role(sign_in, world):
    client = sign_in(world.people["staff"])
    address = world.people["mentor"].email

    by_name = client.get("/people/?q=hamish").context["object_list"]
    by_address = client.get(f"/people/?q={address}").context["object_list"]
    by_role = client.get("/people/?role=qio").context["object_list"]

    assert [list(found) for found in (by_name, by_address, by_role)] == [
        [world.people["head"]],
        [world.people["mentor"]],
        [world.people["qio"]],
    ]


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.django_db
def test_person_list_asks_the_database_the_same_for_few_and_many(more, sign_in, world, django_assert_num_queries):
    for _ in range(more):
        make.person(teacher=world.own_school)
    client = sign_in(world.people["staff"])

    with django_assert_num_queries(6):
        client.get("/people/")


@pytest.mark.django_db
def test_person_detail_shows_roles_now_and_before(sign_in, world):
    make.give_role(world.people["head"], Role.TEACHER, world.second_school, ends_on=date(2025, 12, 1))

    page = sign_in(world.people["staff"]).get(f"/people/{world.people['head'].pk}/")

    assert [role.place for role in page.context["roles"]] == [world.own_school]
    assert [role.place for role in page.context["past_roles"]] == [world.second_school]


@pytest.mark.django_db
def test_invite_makes_a_person_and_writes_to_them(sign_in, world, django_capture_on_commit_callbacks):
    client = sign_in(world.people["staff"])

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(INVITE, invitation(email="New@Example.org", school=world.own_school.key))

    person = Person.objects.get(email="new@example.org")
    assert response["Location"] == person.get_absolute_url()
    assert [(role.role, role.school) for role in person.role_assignments.all()] == [("teacher", world.own_school)]
    assert [message.to for message in mail.outbox] == [["new@example.org"]]
    assert "http://testserver/accounts/sign-in/" in mail.outbox[0].body


@pytest.mark.django_db
def test_invite_twice_changes_nothing(sign_in, world, django_capture_on_commit_callbacks):
    client = sign_in(world.people["staff"])
    asked = invitation(school=world.own_school.seed_code)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(INVITE, asked)
        second = client.post(INVITE, asked, follow=True)

    assert RoleAssignment.objects.filter(person__email="new@example.org").count() == 1
    assert len(mail.outbox) == 1
    assert "Nothing was changed" in second.content.decode()


@pytest.mark.django_db
def test_invite_gives_a_second_role_to_somebody_who_is_here(sign_in, world):
    client = sign_in(world.people["staff"])

    client.post(INVITE, invitation(email=world.people["head"].email, role="mentor", cluster=world.own_cluster.pk))

    roles = world.people["head"].role_assignments.values_list("role", "school", "cluster")
    assert set(roles) == {("head", world.own_school.pk, None), ("mentor", None, world.own_cluster.pk)}


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("qio", "Choose the authority of the officer"),
        ("mentor", "Choose the cluster of the mentor"),
        ("head", "Name the school of the headteacher or teacher"),
    ],
)
@pytest.mark.django_db
def test_invite_asks_for_the_place_that_the_role_needs(role, sentence, sign_in, world):
    response = sign_in(world.people["staff"]).post(INVITE, invitation(role=role))

    assert response.status_code == 422
    assert sentence in response.content.decode()


@pytest.mark.django_db
def test_invite_drops_a_place_that_the_role_does_not_need(sign_in, world):
    client = sign_in(world.people["admin"])

    client.post(INVITE, invitation(role="evaluator", authority=world.own_authority.pk, school="no such school"))

    role = RoleAssignment.objects.get(person__email="new@example.org")
    assert (role.role, role.place) == ("evaluator", None)


@pytest.mark.parametrize(
    ("words", "sentence"), [("Nowhere", "We have no school “Nowhere”"), ("school", "More than one school matches")]
)
@pytest.mark.django_db
def test_invite_says_which_school_it_could_not_tell(words, sentence, sign_in, world):
    response = sign_in(world.people["staff"]).post(INVITE, invitation(school=words))

    assert response.status_code == 422
    assert sentence in response.content.decode()


@pytest.mark.django_db
def test_invite_leaves_a_closed_account_closed(sign_in, world):
    closed = make.person("Closed Person", "closed@example.org")
    Person.objects.filter(pk=closed.pk).update(is_active=False)

    response = sign_in(world.people["staff"]).post(INVITE, invitation(email=closed.email, school=world.own_school.key))

    assert response.status_code == 422
    assert "The account of Closed Person is closed" in response.content.decode()
    assert not closed.role_assignments.exists()


@pytest.mark.django_db
def test_role_ends_on_the_day_and_stays_in_the_record(sign_in, world):
    role = world.people["head"].role_assignments.get()
    client = sign_in(world.people["staff"])

    client.post(reverse("role-end", args=[role.pk]), {"on": "2026-01-09"})

    role.refresh_from_db()
    assert role.ends_on == date(2026, 1, 9)
    assert role.history.first().history_user == world.people["staff"]
    client.force_login(world.people["head"])
    assert client.get("/schools/").status_code == 403


@pytest.mark.django_db
def test_account_is_closed_and_opened_again(sign_in, world):
    client, head = sign_in(world.people["staff"]), world.people["head"]

    client.post(reverse("person-close", args=[head.pk]))
    head.refresh_from_db()
    closed = head.is_active
    client.post(reverse("person-open", args=[head.pk]))
    head.refresh_from_db()

    assert (closed, head.is_active) == (False, True)
    assert list(NamedEvent.objects.values_list("event", "by__full_name")) == [
        ("account opened", "Stella Staff"),
        ("account closed", "Stella Staff"),
    ]


@pytest.mark.django_db
def test_nobody_closes_the_own_account(sign_in, world):
    admin = world.people["admin"]

    response = sign_in(admin).post(reverse("person-close", args=[admin.pk]))

    admin.refresh_from_db()
    assert response.status_code == 422
    assert admin.is_active


@pytest.mark.django_db
def test_make_admin_makes_the_first_administrator_once(capsys):
    for _ in range(2):
        call_command("make_admin", "ada@example.org", "Ada Lovelace")

    role = RoleAssignment.objects.get()
    assert (role.role, role.person.full_name, role.person.email) == ("admin", "Ada Lovelace", "ada@example.org")
    assert capsys.readouterr().out.splitlines()[::2] == [
        "Ada Lovelace is now SSERC administrator.",
        "Ada Lovelace was already SSERC administrator.",
    ]
    assert mail.outbox == []


@pytest.mark.django_db
def test_make_admin_refuses_what_is_no_address():
    with pytest.raises(CommandError, match="is not an e-mail address"):
        call_command("make_admin", "ada", "Ada Lovelace")


@pytest.mark.parametrize("role", ["admin", "staff", "evaluator"])
def test_staff_give_nobody_a_national_role_but_an_administrator_does(world, sign_in, role):
    asked = {"full_name": "Nora New", "email": "nora@school.example", "role": role, "starts_on": "2026-01-05"}

    refused = sign_in(world.people["staff"]).post("/people/invite/", asked)
    made = sign_in(world.people["admin"]).post("/people/invite/", asked)

    assert (refused.status_code, made.status_code) == (422, 302)
    assert RoleAssignment.objects.get(person__email="nora@school.example").role == role


def test_staff_end_no_national_role_and_close_no_such_account(world, sign_in):
    admin = world.people["admin"]
    role = admin.role_assignments.get()
    client = sign_in(world.people["staff"])

    assert client.get(f"/people/roles/{role.pk}/end/").status_code == 404
    assert client.post(f"/people/{admin.pk}/close/").status_code == 404
    assert "Close the account" not in client.get(admin.get_absolute_url()).content.decode()
    admin.refresh_from_db()
    assert admin.is_active


def test_nobody_gives_a_role_to_themselves(world, sign_in):
    staff = world.people["staff"]
    asked = {
        "full_name": "S",
        "email": staff.email,
        "role": "head",
        "school": world.own_school.key,
        "starts_on": "2026-01-05",
    }

    answer = sign_in(staff).post("/people/invite/", asked)

    assert answer.status_code == 422
    assert "Nobody gives a role to themselves." in answer.content.decode()
    assert not RoleAssignment.objects.filter(person=staff, role="head").exists()


@pytest.mark.parametrize("address", ["/clusters/a%00b/", "/search/?page=a%00", "/evaluation/new/?cohort=%00"])
def test_address_with_a_nul_is_not_found(address, world, sign_in):
    assert sign_in(world.people["staff"]).get(address).status_code == 404
