"""The whole way with nothing replaced: a person asks in the browser's words, a real Celery worker on real Redis and PostgreSQL builds
the report, and the person downloads it. Needs DATABASE_URL (PostgreSQL) and REDIS_URL; skipped visibly without them.
"""

import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pcp.celery import app
from reports.choices import PlaceKind, RunStatus
from reports.models import Report, ReportRun, SchoolSheet, SheetFile
from reports.tasks import resume_stale_reports
from tests import make
from tests.reports.waves import finished_cohort

ROOT = Path(__file__).resolve().parent.parent.parent
CELERY = [sys.executable, "-m", "celery", "-A", "pcp", "worker", "-P", "prefork", "-c", "1", "-l", "INFO"]

pytestmark = [
    pytest.mark.xdist_group("redis"),  # one after the other: they share a queue
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not os.environ.get("REDIS_URL"), reason="no REDIS_URL: the worker test needs a real Redis"),
    pytest.mark.skipif(settings.EMBEDDED_DATABASE, reason="no DATABASE_URL: the worker test needs a real PostgreSQL"),
]


def test_database_url():
    """The address of the database that this test runs in."""
    at = connection.settings_dict
    login = f"{at['USER']}:{at['PASSWORD']}@" if at["USER"] else ""
    port = f":{at['PORT']}" if at["PORT"] else ""
    host = "" if at["HOST"].startswith("/") else at["HOST"]
    socket = f"?host={at['HOST']}" if at["HOST"].startswith("/") else ""
    return f"postgres://{login}{host}{port}/{at['NAME']}{socket}"


test_database_url.__test__ = False


@pytest.fixture
def real_queue():
    """Tasks leave this process, and the queue is empty before and after. One test at a time: a worker takes what it finds."""
    with (Path(tempfile.gettempdir()) / "pcp-test-queue.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        app.conf.update(task_always_eager=False, task_eager_propagates=False)
        app.control.purge()
        yield
        app.control.purge()


@pytest.fixture
def start_worker(real_queue, tmp_path):
    """start_worker() starts a Celery worker in a process group of its own; all are stopped at the end."""
    started = []

    def _start():
        environment = os.environ | {"DATABASE_URL": test_database_url(), "DJANGO_SETTINGS_MODULE": "pcp.settings"}
        log = (tmp_path / f"worker{len(started)}.log").open("w")
        worker = subprocess.Popen(
            [*CELERY, "-n", f"worker{len(started)}@%h"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        started.append(worker)
        return worker

    yield _start
    for worker in started:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()


def wait_for(question, seconds=120):
    """Wait until `question()` is true; fail when it takes longer than `seconds`."""
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "the worker took too long"
        time.sleep(0.2)


def test_report_asked_for_in_the_browser_is_built_by_a_worker_and_downloaded(client, start_worker):
    staff = make.person("Stella Staff", staff=True)
    cohort, cluster = finished_cohort(by=staff)
    client.force_login(staff)
    start_worker()

    asked = client.post(
        reverse("report-request"), {"cohort": cohort.pk, "place_kind": PlaceKind.CLUSTER, "cluster": cluster.pk}
    )
    run = ReportRun.objects.get()
    wait_for(lambda: ReportRun.objects.get(pk=run.pk).status not in (RunStatus.WAITING, RunStatus.RUNNING))

    run.refresh_from_db()
    assert asked.headers["Location"] == run.get_absolute_url()
    assert (run.status, run.failure) == (RunStatus.READY, "")
    assert client.get(run.report.get_absolute_url()).status_code == 200
    assert client.get(reverse("report-download", args=[run.report_id, "pdf"])).content.startswith(b"%PDF")
    assert client.get(reverse("report-download", args=[run.report_id, "xlsx"])).content.startswith(b"PK")


def test_report_of_a_killed_worker_is_built_once_by_the_next(client, start_worker, settings):
    staff = make.person("Stella Staff", staff=True)
    cohort, _ = finished_cohort(by=staff, schools=10, pupils=30)
    client.force_login(staff)
    first = start_worker()
    client.post(reverse("report-request"), {"cohort": cohort.pk, "place_kind": PlaceKind.COHORT})
    run = ReportRun.objects.get()
    wait_for(lambda: ReportRun.objects.get(pk=run.pk).status == RunStatus.RUNNING)

    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert Report.objects.count() == 0
    # The sweep looks again after two silent minutes; here the clock is put forward instead of waiting.
    long_ago = timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1)
    ReportRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    start_worker()
    resume_stale_reports()
    wait_for(lambda: ReportRun.objects.get(pk=run.pk).status not in (RunStatus.WAITING, RunStatus.RUNNING))

    run.refresh_from_db()
    assert (run.status, run.attempts) == (RunStatus.READY, 2)
    assert Report.objects.count() == 1


def test_sheets_of_a_cohort_are_made_once_each_by_two_workers_of_which_one_is_killed(client, start_worker, settings):
    staff = make.person("Stella Staff", staff=True)
    cohort, _ = finished_cohort(by=staff, schools=40, pupils=8)
    client.force_login(staff)
    first = start_worker()
    start_worker()

    asked = client.post(reverse("sheets-request"), {"cohort": cohort.pk})
    run = ReportRun.objects.get()
    wait_for(lambda: SheetFile.objects.count() >= 6)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()

    def quiet():
        """The other has made what it can get; the killed one took at most two messages with it."""
        left = SchoolSheet.objects.exclude(status=RunStatus.READY)
        before = left.count()
        time.sleep(2)
        return before == left.count() <= 2

    wait_for(quiet)
    # What the killed worker held is taken up after two silent minutes; here the clock is put forward instead of waiting.
    long_ago = timezone.now() - settings.REPORT_HEARTBEAT_LIMIT - timedelta(seconds=1)
    SchoolSheet.objects.filter(status=RunStatus.RUNNING).update(claimed_at=long_ago)
    ReportRun.objects.filter(pk=run.pk).update(heartbeat_at=long_ago)
    resume_stale_reports()
    wait_for(lambda: ReportRun.objects.get(pk=run.pk).status not in (RunStatus.WAITING, RunStatus.RUNNING))

    run.refresh_from_db()
    assert asked.headers["Location"] == run.get_absolute_url()
    assert (run.status, run.failure) == (RunStatus.READY, "")
    assert SchoolSheet.objects.filter(status=RunStatus.READY).count() == 40
    assert SheetFile.objects.count() == 80
