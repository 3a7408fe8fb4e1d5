"""Signing in with an e-mailed code: what a person sees, and what a stranger must not learn."""

import re
from html import unescape

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from clusters import demonstration
from clusters.models import Demonstration, KeptLetter, Person
from tests import make

SIGN_IN = "/accounts/sign-in/"
CODE = "/accounts/sign-in/code/"


def ask_for_code(client, email):
    return client.post(SIGN_IN, {"email": email})


def code_in_mail():
    return re.search(r"^ +(\d{6})$", mail.outbox[-1].body, re.M).group(1)


def without_secrets(html):
    """A page without what differs from visit to visit: the CSRF token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


@pytest.mark.django_db
def test_sign_in_sends_a_code_that_signs_in(client, world):
    head = world.people["head"]

    asked = ask_for_code(client, head.email.upper())
    entered = client.post(CODE, {"code": code_in_mail()})

    assert (asked.status_code, asked["Location"]) == (302, CODE)
    assert (entered.status_code, entered["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(head.pk)
    assert mail.outbox[0].to == [head.email]
    assert mail.outbox[0].subject == "Your code for the Primary Cluster Programme"


@pytest.mark.django_db
def test_sign_in_goes_on_to_the_page_that_was_asked_for(client, world):
    refused = client.get("/schools/")
    client.post(refused["Location"], {"email": world.people["head"].email})

    entered = client.post(f"{CODE}?next=/schools/", {"code": code_in_mail()})

    assert refused["Location"] == f"{SIGN_IN}?next=/schools/"
    assert entered["Location"] == "/schools/"


@pytest.mark.django_db
def test_sign_in_answers_known_and_unknown_addresses_alike():
    make.person(email="known@example.org")
    answers = []

    for email in ("known@example.org", "nobody@example.org"):
        client = Client()
        asked = ask_for_code(client, email)
        shown = client.get(CODE)
        wrong = client.post(CODE, {"code": "000000"})
        answers.append(
            (asked.status_code, asked["Location"], shown.status_code, wrong.status_code)
            + tuple(without_secrets(page.content.decode()).replace(email, "") for page in (shown, wrong))
        )

    assert answers[0] == answers[1]
    assert [message.to for message in mail.outbox] == [["known@example.org"]]


@pytest.mark.django_db
def test_sign_in_does_the_same_work_for_known_and_unknown_addresses(monkeypatch):
    make.person(email="known@example.org")
    make.person(email="closed@example.org")
    Person.objects.filter(email="closed@example.org").update(is_active=False)
    queued = []
    monkeypatch.setattr("clusters.tasks.deliver_mail.delay", lambda **message: queued.append(message))
    work = {}

    for email in ("known@example.org", "nobody@example.org", "closed@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask_for_code(Client(), email)
        work[email] = len(queries)

    assert set(work.values()) == {work["known@example.org"]}
    assert [message["to"] for message in queued] == [["known@example.org"], [], []]
    assert len({re.sub(r"\d{6}", "", message["body"]) for message in queued}) == 1


@pytest.mark.django_db
def test_sign_in_refuses_what_is_no_address(client):
    response = ask_for_code(client, "not an address")

    assert response.status_code == 422
    assert "Write an e-mail address" in response.content.decode()


@pytest.mark.django_db
def test_third_wrong_code_ends_the_attempt(client):
    make.person(email="known@example.org")
    ask_for_code(client, "known@example.org")
    right = code_in_mail()
    wrong = "000000" if right != "000000" else "111111"

    answers = [client.post(CODE, {"code": wrong}).status_code for _ in range(3)]
    too_late = client.post(CODE, {"code": right})

    assert answers == [200, 200, 302]
    assert (too_late.status_code, too_late["Location"]) == (302, SIGN_IN)
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_code_works_once(client):
    make.person(email="known@example.org")
    ask_for_code(client, "known@example.org")
    code = code_in_mail()
    client.post(CODE, {"code": code})
    client.post("/accounts/sign-out/")

    again = client.post(CODE, {"code": code})

    assert again.status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["known@example.org", "nobody@example.org"])
@pytest.mark.django_db
def test_codes_for_one_address_are_limited(email):
    make.person(email="known@example.org")

    answers = [ask_for_code(Client(), email).status_code for _ in range(4)]

    assert answers == [302, 302, 302, 422]


@pytest.mark.django_db
def test_person_whose_account_is_closed_cannot_enter(client):
    person = make.person(email="known@example.org", staff=True)
    ask_for_code(client, person.email)
    Person.objects.update(is_active=False)

    entered = client.post(CODE, {"code": code_in_mail()})

    assert entered["Location"] == reverse("account_inactive")
    assert client.get("/")["Location"].startswith(SIGN_IN)


@pytest.mark.django_db
def test_person_whose_account_is_closed_is_out_at_once(sign_in, world):
    client = sign_in(world.people["head"])
    Person.objects.update(is_active=False)

    assert client.get("/schools/").status_code == 302


@pytest.mark.django_db
def test_nobody_can_sign_up(client):
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")

    ask_for_code(client, "new@example.org")

    assert not Person.objects.filter(email="new@example.org").exists()


@pytest.mark.django_db
def test_sign_out_ends_the_session(sign_in, world):
    client = sign_in(world.people["head"])

    asked = client.get("/accounts/sign-out/")
    client.post("/accounts/sign-out/")

    assert asked.status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.fixture
def demonstration_site(settings, monkeypatch, world):
    settings.DEMO = True
    monkeypatch.setattr(demonstration, "_known", {})
    Demonstration.objects.create(seed=1, scale="small", complete=True).people.set(world.people.values())


@pytest.mark.django_db
def test_demonstration_offers_one_person_of_each_role(client, demonstration_site, world):
    page = client.get(SIGN_IN).content.decode()

    assert all(person.full_name in page for person in world.people.values())


@pytest.mark.django_db
def test_demonstration_signs_in_with_one_click(client, demonstration_site, world):
    response = client.post(reverse("persona-sign-in", args=[world.people["mentor"].pk]))

    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(world.people["mentor"].pk)


@pytest.mark.django_db
def test_demonstration_leads_to_the_page_that_was_asked_for(client, demonstration_site, world):
    asked = "/evaluation/reports/2/?page=1&part=2"
    page = client.get(asked, follow=True).content.decode()
    form = page.split(f'action="{reverse("persona-sign-in", args=[world.people["staff"].pk])}"')[1].partition(
        "</form>"
    )[0]
    carried = unescape(form.split('name="next" value="')[1].partition('"')[0])

    entered = client.post(reverse("persona-sign-in", args=[world.people["staff"].pk]), {"next": carried})

    assert entered["Location"] == asked


@pytest.mark.parametrize("strange", ["https://example.com/", "//example.com/", "javascript:alert(1)", ""])
@pytest.mark.django_db
def test_demonstration_leads_to_no_other_site(client, demonstration_site, world, strange):
    entered = client.post(reverse("persona-sign-in", args=[world.people["staff"].pk]), {"next": strange})

    assert entered["Location"] == "/"


@pytest.mark.django_db
def test_demonstration_offers_nobody_but_its_people(client, demonstration_site, world):
    second = make.person("Second Mentor", mentor=world.own_cluster)

    assert client.post(reverse("persona-sign-in", args=[second.pk])).status_code == 404


@pytest.mark.django_db
def test_real_site_never_offers_people(client, settings, world):
    settings.DEMO = True  # asked for, but the database carries no mark

    page = client.get(SIGN_IN).content.decode()
    entered = client.post(reverse("persona-sign-in", args=[world.people["staff"].pk]))

    assert "Stella Staff" not in page
    assert entered.status_code == 404


@pytest.mark.django_db
def test_sign_in_sends_no_more_codes_without_redis_than_with_it(no_redis):
    make.person(email="known@example.org")

    answers = [ask_for_code(Client(), "known@example.org").status_code for _ in range(10)]

    assert answers == [302] * 3 + [422] * 7
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_sign_in_answers_known_and_unknown_addresses_alike_when_nothing_can_be_sent(no_redis, no_mail_server):
    make.person(email="known@example.org")

    answers = [ask_for_code(Client(), email) for email in ("known@example.org", "nobody@example.org")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, CODE)}
    assert no_mail_server == [["known@example.org"]]
    assert not KeptLetter.objects.exists()
