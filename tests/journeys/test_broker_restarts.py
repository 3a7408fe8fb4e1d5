"""A broker that is restarted, and forgets its queue, while a report is made: nothing is lost and nothing is made twice.

The test starts a Redis of its own, since others share the one that REDIS_URL names. Needs DATABASE_URL (PostgreSQL) and the program
redis-server; skipped visibly without them.
"""

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from reports.choices import RunStatus
from reports.models import Report, ReportRun
from tests import make
from tests.copies import answers, free_port, wait_until
from tests.journeys.test_worker_builds_a_report import CELERY, ROOT, test_database_url, wait_for
from tests.reports.waves import finished_cohort

pytestmark = [
    pytest.mark.xdist_group("redis"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(settings.EMBEDDED_DATABASE, reason="no DATABASE_URL: the worker test needs a real PostgreSQL"),
    pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server: the broker cannot be restarted"),
]
ASK = (
    "from clusters.models import Cohort, Person; from reports import actions; "
    "run, made = actions.request_report(cohort=Cohort.objects.get(), place_kind='cohort', by=Person.objects.get(email='{}')); "
    "print('made' if made else 'there')"
)


class Broker:
    """A Redis that keeps nothing on disk."""

    def __init__(self):
        self.port, self._process = free_port(), None

    def start(self):
        self._process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: answers(self.port))

    def kill(self):
        self._process.kill()
        self._process.wait()


@pytest.fixture
def broker():
    broker = Broker()
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def environment(broker):
    return os.environ | {
        "DATABASE_URL": test_database_url(),
        "REDIS_URL": f"redis://127.0.0.1:{broker.port}/0",
        "DJANGO_SETTINGS_MODULE": "pcp.settings",
    }


@pytest.fixture
def start_worker(environment, tmp_path):
    started = []

    def _start():
        with (tmp_path / f"worker{len(started)}.log").open("w") as log:
            started.append(
                subprocess.Popen(
                    [*CELERY, "-n", f"restarted{len(started)}@%h"],
                    cwd=ROOT,
                    env=environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    yield _start
    for worker in started:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()


def manage(environment, *words):
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def status():
    return ReportRun.objects.get().status


def test_report_is_made_once_though_the_broker_forgets_its_queue_while_it_is_built(broker, environment, start_worker):
    staff = make.person("Stella Staff", staff=True)
    finished_cohort(by=staff, schools=10, pupils=30)
    start_worker()
    manage(environment, "shell", "-c", ASK.format(staff.email))
    wait_for(lambda: status() == RunStatus.RUNNING)

    broker.kill()
    broker.start()
    wait_for(lambda: status() not in (RunStatus.WAITING, RunStatus.RUNNING))

    run = ReportRun.objects.get()
    assert (run.status, run.attempts, Report.objects.count()) == (RunStatus.READY, 1, 1)


def test_report_asked_for_while_the_broker_is_down_is_made_when_it_is_back(broker, environment, start_worker):
    staff = make.person("Stella Staff", staff=True)
    finished_cohort(by=staff, schools=4)
    broker.kill()

    asked, again = (manage(environment, "shell", "-c", ASK.format(staff.email)) for _ in range(2))
    waiting = status()
    broker.start()
    start_worker()
    # The sweep looks for runs that have waited a minute; here it is made to think that this one has.
    ReportRun.objects.update(requested_at=timezone.now() - timedelta(minutes=2))
    manage(environment, "shell", "-c", "from reports.tasks import resume_stale_reports as sweep; sweep()")
    wait_for(lambda: status() not in (RunStatus.WAITING, RunStatus.RUNNING))

    run = ReportRun.objects.get()
    assert (asked.split()[-1], again.split()[-1], waiting) == ("made", "there", RunStatus.WAITING)
    assert (run.status, Report.objects.count()) == (RunStatus.READY, 1)
