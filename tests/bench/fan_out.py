"""The sheets of 676 schools, one Celery task each, with one worker and with two, on PostgreSQL and Redis.

DATABASE_URL and REDIS_URL must name a server of each; the Redis database must be empty. Workers have one process each, so that two
of them show what a second machine would add.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time

import psycopg2

from tests.bench.measuring import Figure
from tests.bench.site import ROOT, own_site

SCHOOLS, ANSWERS, PATIENCE = 676, 24_000, 900
MADE = "SELECT count(*) FROM reports_schoolsheet WHERE status = 'ready'"


def figures():
    """Yield the seconds from asking until the last sheet is there, with one worker and with two."""
    if not (os.environ.get("DATABASE_URL", "").startswith("postgres") and os.environ.get("REDIS_URL")):
        sys.exit("fan_out needs DATABASE_URL (PostgreSQL) and REDIS_URL.")
    with own_site() as site:
        site.run("build", ANSWERS, SCHOOLS)
        site.run("end_and_plan")
        alone = None
        for workers in (1, 2):
            with _working(site, workers):
                taken = _made(site)
            alone = alone or taken
            words = f"files of {SCHOOLS} schools with {workers} worker{'s' if workers > 1 else ''}"
            yield Figure(words, taken, "s", floor=alone / workers)
            site.run("forget_sheets")


@contextlib.contextmanager
def _working(site, number):
    """So many workers, ready for work, for as long as the `with` lasts."""
    command = [sys.executable, "-m", "celery", "-A", "pcp", "worker", "-P", "prefork", "-c", "1", "-l", "WARNING"]
    with tempfile.TemporaryFile() as log:
        started = [
            subprocess.Popen(
                [*command, "-n", f"bench{place}@%h"],
                cwd=ROOT,
                env=site.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            for place in range(number)
        ]
        try:
            site.run("wait_for_workers", number)
            yield
        finally:
            for worker in started:
                os.killpg(worker.pid, signal.SIGTERM)
            for worker in started:
                worker.wait()


def _made(site):
    """Ask for the sheets and wait for the last; return the seconds."""
    began = time.perf_counter()
    site.run("ask_for_sheets")
    with contextlib.closing(psycopg2.connect(site.environment["DATABASE_URL"])) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            while time.perf_counter() - began < PATIENCE:
                cursor.execute(MADE)
                if cursor.fetchone()[0] == SCHOOLS:
                    return time.perf_counter() - began
                time.sleep(0.2)
    raise RuntimeError(f"The sheets were not made in {PATIENCE} seconds.")
