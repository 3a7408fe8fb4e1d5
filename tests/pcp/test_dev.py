"""`manage.py dev`: one worker for as long as the server lives, and nothing left when it ends."""

import sys

import pytest

from tests.copies import answers, copy_project, free_port, group_of, output, start, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")


@pytest.fixture
def developing(tmp_path):
    """A copy of the project with the development server up: the process, its port, the worker's process id."""
    port = free_port()
    folder = copy_project(tmp_path)
    process = start(folder, "dev", f"127.0.0.1:{port}")
    try:
        wait_until(lambda: answers(port), what=lambda: output(folder))
        yield process, folder, int((folder / "var/run/worker.pid").read_text())
    finally:
        process.kill()
        process.wait()
        wait_until(lambda: not answers(port))


def test_dev_ends_its_worker_and_beat_when_told_to_stop(developing):
    process, _, worker = developing
    wait_until(lambda: len(group_of(worker)) == 2)  # the worker and its beat

    process.terminate()
    process.wait()

    assert group_of(worker) == []


def test_dev_keeps_its_one_worker_through_a_reload(developing):
    process, folder, worker = developing
    wait_until(lambda: len(group_of(worker)) == 2)

    def has_reloaded():
        (folder / "pcp" / "errors.py").touch()  # again and again: the first may come before anybody watches
        return output(folder).count("Starting development server") > 1

    wait_until(has_reloaded, what=lambda: output(folder))

    assert int((folder / "var/run/worker.pid").read_text()) == worker
    assert len(group_of(worker)) == 2
    assert output(folder).count("Worker started") == 1


def test_dev_killed_outright_leaves_nothing_behind(developing):
    process, _, worker = developing
    wait_until(lambda: len(group_of(worker)) == 2)

    process.kill()
    process.wait()

    wait_until(lambda: group_of(worker) == [])
