"""The authenticator app: required for SSERC roles on a real site, asked for at sign-in, removable."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core import mail
from django.urls import reverse

from clusters.choices import Role
from tests import make


def app_code(secret):
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def with_app(person):
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return secret


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED_FOR_SSERC = True


@pytest.mark.parametrize("role", ["admin", "staff"])
@pytest.mark.parametrize("address", ["/", "/people/", "/schools/", "/me/"])
@pytest.mark.django_db
def test_sserc_roles_must_set_up_the_app_first(role, address, required, sign_in, world):
    response = sign_in(world.people[role]).get(address)

    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))


@pytest.mark.parametrize("role", ["qio", "head", "teacher", "mentor"])
@pytest.mark.django_db
def test_other_roles_need_no_app(role, required, sign_in, world):
    assert sign_in(world.people[role]).get("/schools/").status_code == 200


@pytest.mark.django_db
def test_mentor_who_joins_sserc_must_set_up_the_app(required, sign_in, world):
    client = sign_in(world.people["mentor"])
    make.give_role(world.people["mentor"], Role.STAFF)

    assert client.get("/schools/")["Location"] == reverse("mfa_activate_totp")


@pytest.mark.django_db
def test_app_is_set_up_with_its_first_code(required, sign_in, world):
    client = sign_in(world.people["staff"])
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r'key-text">([A-Z2-7]+)<', page).group(1)

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "not it"})
    right = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})

    assert wrong.status_code == 200
    assert "That is not what the app shows now" in wrong.content.decode()
    assert right["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get("/people/").status_code == 200
    assert "data:image/svg+xml;base64," in page


@pytest.mark.django_db
def test_app_is_asked_for_at_sign_in(required, client, world):
    secret = with_app(world.people["staff"])
    client.post("/accounts/sign-in/", {"email": world.people["staff"].email})
    code = re.search(r"^ +(\d{6})$", mail.outbox[-1].body, re.M).group(1)

    after_mail = client.post("/accounts/sign-in/code/", {"code": code})
    before_app = client.get("/people/")
    after_app = client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})

    assert after_mail["Location"] == reverse("mfa_authenticate")
    assert before_app["Location"].startswith("/accounts/sign-in/")
    assert after_app["Location"] == "/"
    assert client.get("/people/").status_code == 200


@pytest.mark.django_db
def test_recovery_code_signs_in_once(required, client, world):
    person = world.people["staff"]
    with_app(person)
    recovery = RecoveryCodes.activate(person).get_unused_codes()[0]
    client.post("/accounts/sign-in/", {"email": person.email})
    code = re.search(r"^ +(\d{6})$", mail.outbox[-1].body, re.M).group(1)
    client.post("/accounts/sign-in/code/", {"code": code})

    entered = client.post(reverse("mfa_authenticate"), {"code": recovery})

    assert entered["Location"] == "/"
    assert recovery not in Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


@pytest.mark.django_db
def test_app_is_removed_only_after_asking_for_its_code(sign_in, world):
    person = world.people["mentor"]
    secret = with_app(person)
    client = sign_in(person)

    asked = client.get(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_reauthenticate"), {"code": app_code(secret)})
    shown = client.get(reverse("mfa_deactivate_totp"))
    client.post(reverse("mfa_deactivate_totp"))

    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert "Remove the authenticator app?" in shown.content.decode()
    assert not Authenticator.objects.filter(user=person, type="totp").exists()


@pytest.mark.django_db
def test_second_step_page_says_what_is_set_up(sign_in, world):
    client = sign_in(world.people["mentor"])

    before = client.get(reverse("mfa_index")).content.decode()
    with_app(world.people["mentor"])
    after = client.get(reverse("mfa_index")).content.decode()

    assert "Not set up" in before
    assert "Remove the app" in after
