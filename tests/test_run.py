"""The shell script that every newcomer starts with: what it says when it can do nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parent.parent / "run"


@pytest.fixture
def bare_machine(tmp_path):
    """A copy of the script where no command exists but those that every system has."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("dirname", "cksum", "cat", "mkdir"):
        (commands / name).symlink_to(shutil.which(name))
    shutil.copy(RUN, tmp_path / "run")
    return tmp_path


def run(folder, *arguments):
    environment = {**os.environ, "PATH": str(folder / "bin")}
    return subprocess.run(["/bin/sh", "run", *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def fake_python(folder, script):
    python = folder / "bin" / "python3"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)


def test_run_without_a_command_explains_itself(bare_machine):
    result = run(bare_machine)

    assert result.returncode == 0
    assert "demo" in result.stdout and "test" in result.stdout


def test_run_unknown_command_fails(bare_machine):
    result = run(bare_machine, "demmo")

    assert result.returncode == 1
    assert "there is no command 'demmo'" in result.stderr


def test_run_without_python_says_what_to_install(bare_machine):
    result = run(bare_machine, "demo")

    assert result.returncode == 1
    assert "Python 3.11 or later is needed" in result.stderr
    assert "apt-get install python3" in result.stderr


def test_run_with_python_that_cannot_make_environments_says_what_to_install(bare_machine):
    fake_python(bare_machine, 'case "$2" in *ensurepip*) exit 1 ;; esac')

    result = run(bare_machine, "demo")

    assert result.returncode == 1
    assert "apt-get install python3-venv" in result.stderr


def test_run_with_an_older_python_says_what_to_install(bare_machine):
    fake_python(bare_machine, "exit 1")

    result = run(bare_machine, "demo")

    assert result.returncode == 1
    assert "Python 3.11 or later is needed" in result.stderr
