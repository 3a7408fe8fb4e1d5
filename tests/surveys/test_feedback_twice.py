"""Session feedback counts each person once: a cookie of that one address says that this device has sent a sheet."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from surveys.links import feedback_link
from surveys.models import SessionFeedback
from tests.mentors.making import session
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

ANSWERS = {"session_quality": "5"}


@pytest.fixture
def held(world):
    make_surveys.instruments()
    return hold(world)


def hold(world):
    today = timezone.localdate()
    return session(world.own_cluster, {world.own_school: 12}, by=world.people["mentor"], held_on=today, today=today)


def hidden(page, name):
    """The value of a hidden field or of the button of that name, or None where the page has none."""
    _, found, rest = page.content.decode().partition(f'name="{name}" value="')
    return rest.partition('"')[0] if found else None


def send(phone, link, **more):
    """Open the form, as far as it is given, and send it; `more` is put in the place of what the form had."""
    page = phone.get(link)
    form = {"form": hidden(page, "form") or str(uuid.uuid4())}
    return phone.post(link, form | ANSWERS | more)


def for_somebody_else(phone, link):
    """Press the button for the next person; returns the hidden fields of the form that comes."""
    page = phone.post(link, {"another": hidden(phone.get(link), "another")})
    return {name: hidden(page, name) for name in ("form", "after")}


def test_going_back_after_sending_says_so_and_another_form_stores_nothing(held, client):
    link = feedback_link(held)
    sent = send(client, link)

    back = client.get(link).content.decode()
    again = send(client, link)

    assert sent.url == f"{link}thanks/"
    assert "Your answers have been sent from this phone" in back
    assert 'type="radio"' not in back
    assert again.url == link
    assert SessionFeedback.objects.count() == 1


def test_cookie_holds_the_number_of_the_sheet_for_this_address_and_half_a_day(held, client, settings):
    settings.SESSION_COOKIE_SECURE = True

    cookies = send(client, feedback_link(held)).cookies

    (cookie,) = cookies.values()
    assert cookie.value == str(SessionFeedback.objects.get().uuid)
    assert (cookie["path"], cookie["max-age"], cookie["samesite"]) == (feedback_link(held), 12 * 60 * 60, "Lax")
    assert (cookie["httponly"], cookie["secure"]) == (True, True)


def test_form_that_is_only_opened_sets_no_cookie(held, client):
    assert not client.get(feedback_link(held)).cookies


def test_somebody_else_at_the_same_phone_is_given_an_empty_form_and_counts(held, client):
    link = feedback_link(held)
    send(client, link)

    form = for_somebody_else(client, link)
    unanswered = client.post(link, form)
    second = client.post(link, {name: hidden(unanswered, name) for name in form} | ANSWERS)

    assert unanswered.status_code == 422
    assert second.url == f"{link}thanks/"
    assert SessionFeedback.objects.count() == 2


def test_somebody_else_who_goes_back_counts_once_too(held, client):
    link = feedback_link(held)
    send(client, link)
    pressed = hidden(client.get(link), "another")
    form = for_somebody_else(client, link)
    client.post(link, form | ANSWERS)

    asked_again = client.post(link, {"another": pressed})
    sent_again = client.post(link, form | ANSWERS | {"form": str(uuid.uuid4())})
    twice = client.post(link, form | ANSWERS)

    assert asked_again.url == sent_again.url == link
    assert twice.url == f"{link}thanks/"
    assert SessionFeedback.objects.count() == 2


def test_phone_that_keeps_no_cookies_sends_as_before(held):
    for _ in range(2):
        assert send(Client(), feedback_link(held)).url == f"{feedback_link(held)}thanks/"

    assert SessionFeedback.objects.count() == 2


@pytest.mark.parametrize("value", ["", "x", "6f0c2b6e-3a52-4b0e-9f0b-0d6a3c1f2e11"])
def test_cookie_of_no_sheet_of_this_session_is_as_none(held, client, value):
    client.cookies["sent"] = value

    assert send(client, feedback_link(held)).url == f"{feedback_link(held)}thanks/"
    assert SessionFeedback.objects.count() == 1


def test_two_sessions_are_answered_from_one_phone(held, world, client):
    send(client, feedback_link(held))

    send(client, feedback_link(hold(world)))  # the test client sends each cookie everywhere, a browser does not

    assert SessionFeedback.objects.count() == 2


def test_link_in_small_letters_leads_to_the_address_of_the_cookie(held, client):
    link = feedback_link(held)

    assert client.get(link.lower()).url == link
    assert client.get(f"{link.lower()}thanks/").url == f"{link}thanks/"
