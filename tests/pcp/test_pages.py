"""Pages that belong to no app: health, errors, and the page of building blocks."""

from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.test.signals import template_rendered

from clusters.access import Access
from pcp.celery import app as celery_app
from pcp.components import components
from reports.views.home import Home

ROOT = Path(__file__).resolve().parents[2]


class _Inspect:
    def __init__(self, answers):
        self.answers = answers

    def __call__(self, **options):
        return self

    def ping(self):
        return self.answers


@pytest.fixture
def worker(monkeypatch):
    """A worker that answers; worker(None) makes it silent."""

    def _worker(answers):
        monkeypatch.setattr(celery_app.control, "inspect", _Inspect(answers))

    _worker({"celery@here": {"ok": "pong"}})
    return _worker


def _refuse(*args, **kwargs):
    raise OSError("secret host name")


@pytest.mark.django_db
def test_health_is_200_when_database_broker_and_worker_answer(client, worker):
    response = client.get("/health/")

    assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "ok", "worker": "ok"})


@pytest.mark.django_db
def test_health_is_503_without_a_worker(client, worker):
    worker(None)

    response = client.get("/health/")

    assert (response.status_code, response.json()) == (503, {"database": "ok", "broker": "ok", "worker": "no answer"})


@pytest.mark.django_db
def test_health_is_503_without_a_broker_and_tells_no_details(client, worker, monkeypatch):
    monkeypatch.setattr(celery_app, "connection_for_write", _refuse)

    response = client.get("/health/")

    assert (response.status_code, response.json()["broker"]) == (503, "no answer")
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_health_is_503_without_a_database(client, worker, monkeypatch):
    def refuse():
        raise OperationalError("secret host name")

    monkeypatch.setattr("pcp.errors._database_answers", refuse)

    response = client.get("/health/")

    assert (response.status_code, response.json()["database"]) == (503, "no answer")
    assert "secret" not in response.content.decode()


@pytest.mark.parametrize("who", [None, "head"])
@pytest.mark.django_db
def test_unknown_address_is_explained(who, client, world):
    if who:
        client.force_login(world.people[who])

    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.django_db
def test_page_of_another_role_is_explained(sign_in, world):
    response = sign_in(world.people["head"]).get("/people/")

    assert response.status_code == 403
    assert "This page is not for your role" in response.content.decode()


@pytest.mark.django_db
def test_our_fault_is_explained(sign_in, world, monkeypatch):
    monkeypatch.setattr(Home, "get_context_data", _refuse)
    client = sign_in(world.people["head"])
    client.raise_request_exception = False

    response = client.get("/")

    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_form_from_elsewhere_is_explained(world):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/accounts/sign-in/", {"email": "somebody@example.org"})

    assert response.status_code == 403
    assert "This form was open too long" in response.content.decode()


@pytest.mark.parametrize("address", ["/accounts/sign-in/", "/schools/", "/nowhere/", "/accounts/second-factor/app/"])
@pytest.mark.django_db
def test_every_page_forbids_inline_style_and_script(address, sign_in, world):
    policy = sign_in(world.people["staff"]).get(address, follow=True)["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
    assert "script-src 'self'" in policy


@pytest.mark.django_db
def test_components_page_shows_every_component(world):
    request = RequestFactory().get("/components/")
    request.user, request.access = AnonymousUser(), Access()
    rendered = set()

    def note(sender, template, **kwargs):
        rendered.add(template.name)

    template_rendered.connect(note)
    try:
        response = components(request)
    finally:
        template_rendered.disconnect(note)

    files = {f"components/{path.name}" for path in (ROOT / "templates/components").glob("*.html")}
    assert response.status_code == 200
    assert files - rendered == set(), "show these on templates/components.html"
