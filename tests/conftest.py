"""A small world for every test that asks: two authorities that must never see each other, and one person for each role."""

import os
import shutil
from types import SimpleNamespace

import pytest

from tests import make

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop and Django's live server share a thread

# The browser without a window first: it does the same on two thirds of the processor time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_configure(config):
    """Test processes that share one Redis keep their cached things apart, and style sheets are looked for when they are asked for.

    Otherwise every test client would read through all of them first, which takes a sixth of the time of a test. What serves a real
    site is tested with a real server (tests/journeys/test_serving.py).
    """
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True
    if settings.REDIS_URL:
        settings.CACHES["default"]["KEY_PREFIX"] = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def empty_cache():
    """Forget what this test process cached. Never the whole Redis: other processes and the queue are in it."""
    from django.conf import settings
    from django.core.cache import cache

    if not settings.REDIS_URL:
        cache.clear()
        return
    redis = cache._cache.get_client(None, write=True)
    if keys := list(redis.scan_iter(match=f"{cache.key_prefix}:*")):
        redis.delete(*keys)


@pytest.fixture(autouse=True)
def quiet_surroundings(settings, tmp_path):
    """Mail stays in memory, tasks run where they are asked for, uploads go to a folder of the test's own, caches are empty."""
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.MEDIA_ROOT = tmp_path / "files"
    empty_cache()


@pytest.fixture(autouse=True)
def eager_tasks():
    """Run tasks at once, and let their errors be heard."""
    from pcp.celery import app

    app.conf.update(task_always_eager=True, task_eager_propagates=True)
    yield
    app.conf.update(task_always_eager=False, task_eager_propagates=False)


@pytest.fixture
def no_redis(monkeypatch, settings):
    """Neither the queue nor the cache can be reached; this process begins to keep things by itself, with nothing kept."""
    from celery.app.task import Task
    from django.core.cache import cache
    from kombu.exceptions import OperationalError

    from pcp import queue
    from pcp.celery import app

    def refused(self, *args, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(Task, "apply_async", refused)
    monkeypatch.setattr(queue, "silence_of_queue", queue.Silence())
    app.conf.update(task_always_eager=False)
    settings.CACHES = {"default": {"BACKEND": "pcp.queue.LastingCache", "LOCATION": "redis://127.0.0.1:1/0"}}
    cache.clear()
    monkeypatch.setattr(queue.LastingCache, "_silences", {})


@pytest.fixture
def no_mail_server(monkeypatch):
    """No mail server answers. Returns the list of what was tried, as recipients."""
    from django.core.mail import EmailMessage

    tried = []

    def refused(self, *args, **options):
        if self.recipients():
            tried.append(self.recipients())
            raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(EmailMessage, "send", refused)
    return tried


@pytest.fixture
def world(db):
    """Two authorities. In the first, two clusters of schools (own and sibling); in the second, one (foreign).

    Names carry tokens (own, sibling, foreign) that leak tests look for. People are `world.people[role]`, all at "own" places.
    """
    own_authority = make.authority("Ownshire")
    foreign_authority = make.authority("Foreignshire")
    own_school = make.school("Ownschool Primary", own_authority)
    second_school = make.school("Secondown Primary", own_authority)
    sibling_school = make.school("Siblingschool Primary", own_authority)
    foreign_school = make.school("Foreignschool Primary", foreign_authority)
    own_cluster = make.cluster("Owncluster", own_authority, [own_school, second_school])
    sibling_cluster = make.cluster("Siblingcluster", own_authority, [sibling_school])
    foreign_cluster = make.cluster("Foreigncluster", foreign_authority, [foreign_school])
    cohort = make.cohort("Cohort 2025")
    for cluster in (own_cluster, sibling_cluster, foreign_cluster):
        make.participation(cluster, cohort)
    people = {
        "admin": make.person("Ada Admin", admin=True),
        "staff": make.person("Stella Staff", staff=True),
        "qio": make.person("Quentin Officer", qio=own_authority),
        "head": make.person("Hamish Head", head=own_school),
        "teacher": make.person("Tina Teacher", teacher=own_school),
        "mentor": make.person("Morag Mentor", mentor=own_cluster),
        "evaluator": make.person("Eve Evaluator", evaluator=True),
    }
    return SimpleNamespace(
        own_authority=own_authority,
        foreign_authority=foreign_authority,
        own_school=own_school,
        second_school=second_school,
        sibling_school=sibling_school,
        foreign_school=foreign_school,
        own_cluster=own_cluster,
        sibling_cluster=sibling_cluster,
        foreign_cluster=foreign_cluster,
        cohort=cohort,
        people=people,
    )


@pytest.fixture
def sign_in(client):
    """sign_in(person) gives a client signed in as that person."""

    def _sign_in(person):
        client.force_login(person)
        return client

    return _sign_in


@pytest.fixture(scope="session")
def chromium():
    """Headless Chromium; skipped with a visible reason where there is none, an error where it is required."""
    if CHROMIUM is None:
        if os.environ.get("PCP_REQUIRE_BROWSER") == "1":
            pytest.fail("PCP_REQUIRE_BROWSER=1, but no Chromium was found.")
        pytest.skip("no Chromium on this machine: browser tests skipped")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@pytest.fixture
def browser_page(chromium, live_server):
    """browser_page(person=None, width=1280) opens a page of the live server, signed in when a person is given."""
    from django.conf import settings
    from django.test import Client

    opened = []

    def _open(person=None, width=1280, height=900, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", base_url=live_server.url, **options
        )
        if person is not None:
            client = Client()
            client.force_login(person)
            context.add_cookies(
                [
                    {
                        "name": settings.SESSION_COOKIE_NAME,
                        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                        "url": live_server.url,
                    }
                ]
            )
        opened.append(context)
        return context.new_page()

    yield _open
    for context in opened:
        context.close()
