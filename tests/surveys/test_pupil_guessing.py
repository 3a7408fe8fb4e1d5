"""Wrong class codes are limited; right ones always pass, whoever else is guessing."""

import logging

import pytest
from django.test import Client

from surveys.actions.classes import create_class
from surveys.views import guessing
from tests.surveys import make_surveys
from tests.surveys.test_pupil_pages import FOR_YEARS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_long_minute(monkeypatch):
    monkeypatch.setattr(guessing.time, "time", lambda: 1_000_000.0)


@pytest.fixture
def code(world):
    make_surveys.wave(world.cohort, [world.own_school], **FOR_YEARS)
    group = create_class(
        school=world.own_school, cohort=world.cohort, name="P5", slips={"P5": 1}, by=world.people["teacher"]
    )
    return group.code


def guess(number, address):
    return Client(REMOTE_ADDR=address).post("/s/", {"code": f"ZZZZ{number:04d}".replace("0", "Z").replace("1", "Y")})


def test_one_address_gets_sixty_answers_to_wrong_codes_a_minute(code):
    statuses = [guess(number, "198.51.100.7").status_code for number in range(70)]

    assert statuses == [422] * 60 + [429] * 10


def test_many_addresses_together_get_a_hundred(code):
    statuses = [guess(number, f"198.51.100.{number % 50}").status_code for number in range(130)]

    assert statuses == [422] * 100 + [429] * 30


def test_wrong_codes_are_counted_without_redis_too(code, no_redis):
    statuses = [guess(number, "198.51.100.7").status_code for number in range(70)]

    assert statuses == [422] * 60 + [429] * 10


def test_right_codes_pass_while_wrong_ones_are_refused(code):
    for number in range(130):
        guess(number, f"198.51.100.{number % 50}")

    answers = [Client(REMOTE_ADDR="198.51.100.7").post("/s/", {"code": code}).status_code for _ in range(5)]

    assert answers == [303] * 5


def test_a_whole_authority_behind_one_address_is_never_held_up(code):
    statuses = {Client(REMOTE_ADDR="198.51.100.7").post("/s/", {"code": code}).status_code for _ in range(300)}

    assert statuses == {303}


def test_scanned_wrong_codes_count_as_well(code):
    statuses = [Client(REMOTE_ADDR="198.51.100.7").get("/s/ZZZZ9999/").status_code for _ in range(61)]

    assert statuses == [404] * 60 + [429]


def test_guessing_is_said_once_in_the_log_and_names_no_address(code, caplog):
    with caplog.at_level(logging.WARNING, logger="surveys"):
        for number in range(130):
            guess(number, f"198.51.100.{number % 50}")

    said = [record.getMessage() for record in caplog.records if record.name == "surveys"]
    assert said == ["More than 100 wrong class codes in one minute: somebody may be guessing."]


def test_behind_our_proxy_the_address_that_it_saw_counts(code, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    statuses = [
        Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=f"203.0.113.9, 198.51.100.{n % 2}")
        .post("/s/", {"code": "ZZZZ9999"})
        .status_code
        for n in range(62)
    ]

    assert statuses == [422] * 62
