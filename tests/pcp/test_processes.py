"""Programs started beside the server end with it, and so does everything that they started themselves."""

import os
import signal
import subprocess
import sys

import pytest

from pcp.processes import Program
from tests.copies import is_alive, wait_until

# A program that starts a grandchild in its own process group, as a Celery worker starts its beat.
FAMILY = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False)
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""
PARENT = """
import sys, time
from pcp.processes import Program
program = Program("family", [sys.executable, "-c", sys.argv[1], sys.argv[2]], sys.argv[3])
print(program.start(), flush=True)
time.sleep(60)
"""


def family(tmp_path):
    return Program("family", [sys.executable, "-c", FAMILY, str(tmp_path / "grandchild")], tmp_path)


def pid_in(path):
    wait_until(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")


def test_program_stopped_ends_its_grandchildren(tmp_path):
    program = family(tmp_path)
    program.start()
    grandchild = pid_in(tmp_path / "grandchild")

    program.stop()

    wait_until(lambda: not is_alive(grandchild))
    assert not program.is_running()


def test_program_running_elsewhere_is_left_alone(tmp_path):
    first, second = family(tmp_path), family(tmp_path)
    assert first.start() is True

    started = second.start()

    assert started is False
    assert first.is_running()
    first.stop()


def test_program_can_start_again_after_stop(tmp_path):
    program = family(tmp_path)
    program.start()
    program.stop()

    started = program.start()

    assert started is True
    assert program.is_running()
    program.stop()


def test_program_ends_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, FAMILY, str(tmp_path / "grandchild"), str(tmp_path)])
    grandchild = pid_in(tmp_path / "grandchild")
    child = pid_in(tmp_path / "family.pid")

    parent.kill()
    parent.wait()

    wait_until(lambda: not is_alive(child))
    os.kill(grandchild, signal.SIGKILL)


def test_program_start_ends_what_an_earlier_one_left_behind(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, FAMILY, str(tmp_path / "grandchild"), str(tmp_path)])
    orphan = pid_in(tmp_path / "grandchild")
    child = pid_in(tmp_path / "family.pid")
    os.kill(child, signal.SIGKILL)
    parent.kill()
    parent.wait()
    assert is_alive(orphan)

    program = family(tmp_path)
    program.start()

    wait_until(lambda: not is_alive(orphan))
    program.stop()
