"""The page of a job: what it says while a worker is silent, how it tells the time, and what it says at the end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.choices import PlaceKind, RunStatus
from reports.models import ReportRun

pytestmark = pytest.mark.django_db
SILENT = "The worker has not been heard of for a while."


@pytest.fixture
def page_of(world, sign_in):
    """The words of the page of a run with these fields."""

    def _page(**fields):
        number = ReportRun.objects.count()
        run = ReportRun.objects.create(
            place_kind=PlaceKind.COHORT, cohort=world.cohort, key=f"key-{number}", **{"steps": 6, **fields}
        )
        return sign_in(world.people["staff"]).get(run.get_absolute_url()).content.decode()

    return _page


def built_in(world, seconds):
    """A run of before that took this long: what an estimate goes by."""
    run = ReportRun.objects.create(
        place_kind=PlaceKind.COHORT,
        cohort=world.cohort,
        key="before",
        status=RunStatus.READY,
        finished_at=timezone.now(),
    )
    ReportRun.objects.filter(pk=run.pk).update(requested_at=run.finished_at - timedelta(seconds=seconds))


@pytest.mark.parametrize(("seconds", "words"), [(60, "about 60 seconds left"), (180, "about 3 minutes left")])
def test_job_tells_a_long_time_in_minutes(world, page_of, seconds, words):
    built_in(world, seconds)

    assert words in page_of(status=RunStatus.RUNNING, step=1, heartbeat_at=timezone.now())


def test_job_whose_worker_is_silent_gives_no_time_but_says_what_comes(world, page_of):
    built_in(world, 60)

    heard = page_of(status=RunStatus.RUNNING, step=1, heartbeat_at=timezone.now())
    silent = page_of(status=RunStatus.RUNNING, step=1, heartbeat_at=timezone.now() - timedelta(seconds=20))

    assert (SILENT in heard, "left" in heard.split("<main")[1]) == (False, True)
    assert (SILENT in silent, "left" in silent.split("<main")[1]) == (True, False)
    assert "Another takes it up within about two minutes." in silent


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.READY])
def test_job_that_has_ended_promises_nothing_more(page_of, status):
    waiting, ended = page_of(), page_of(status=status, failure="It broke.")

    assert "it appears under Evaluation when it is ready" in waiting
    assert "it appears under Evaluation when it is ready" not in ended


def test_job_stands_under_evaluation_in_the_navigation(page_of):
    assert '<a href="/evaluation/" aria-current="page">Evaluation</a>' in page_of()
