"""`manage.py demo` as `./run demo` starts it: a server and a worker that live and end together."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.copies import answers, copy_project, free_port, group_of, output, start, wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux"),
    pytest.mark.xdist_group("serving"),  # in one process, which builds the copy once
]
MARK = "from clusters.models import Demonstration as D; D.objects.create(seed=7, scale='small', complete=True)"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A copy of the project with a database that is marked as a demonstration, and empty but for that."""
    folder = copy_project(tmp_path_factory.mktemp("served"))
    for words in (["migrate", "-v0"], ["shell", "-c", MARK]):
        assert start(folder, *words, PCP_DEMO="1").wait() == 0, output(folder)
    return folder


@pytest.fixture
def demonstration(built):
    """The demonstration while it is served: the process, the folder and the port."""
    folder, port = built, free_port()
    process = start(folder, "demo", "--port", str(port), PCP_DEMO="1", DEBUG="0")
    try:
        wait_until(lambda: "Ctrl-C" in output(folder), what=lambda: output(folder))
        yield process, folder, port
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not answers(port))


def fetch(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def pid_of(folder, name):
    return int((folder / f"var/run/{name}.pid").read_text())


def test_demonstration_is_served_as_in_production_with_its_worker(demonstration):
    _, folder, port = demonstration

    status, page = fetch(port, "/")
    missing, error_page = fetch(port, "/there-is-no-such-page/")

    assert f"http://localhost:{port}/" in output(folder)
    assert status == 200
    assert "invented" in page
    assert missing == 404
    assert "DEBUG" not in error_page
    for path in re.findall(r'(?:href|src)="(/static/[^"#]+)"', page):
        assert fetch(port, path)[0] == 200, path
    wait_until(lambda: json.loads(fetch(port, "/health/")[1])["worker"] == "ok")


def test_demonstration_told_to_stop_leaves_nothing_running(demonstration):
    process, folder, port = demonstration
    groups = [pid_of(folder, "worker"), pid_of(folder, f"web-{port}")]

    process.terminate()
    process.wait()

    assert [group_of(group) for group in groups] == [[], []]
    assert not answers(port)


def test_demonstration_starts_its_worker_again_when_it_is_killed(demonstration):
    _, folder, _ = demonstration
    worker = pid_of(folder, "worker")

    os.killpg(worker, signal.SIGKILL)

    wait_until(lambda: "starting it again" in output(folder))
    wait_until(lambda: (folder / "var/run/worker.pid").read_text() not in ("", str(worker)))


def test_demonstration_repeated_says_that_it_is_there(demonstration):
    _, folder, _ = demonstration

    again = subprocess.run(
        [sys.executable, "manage.py", "demo", "--no-serve", "--scale", "national"],
        cwd=folder,
        env={**os.environ, "PCP_DEMO": "1", "DATABASE_URL": "", "REDIS_URL": ""},
        capture_output=True,
        text=True,
    )

    assert again.returncode == 0
    assert "is there already (small, seed 7)" in again.stdout
    assert "delete the folder var first" in again.stdout
