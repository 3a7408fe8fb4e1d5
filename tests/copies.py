"""A copy of the project in a folder of its own, for tests that start it as a stranger would."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("manage.py", "pcp", "clusters", "mentors", "surveys", "reports", "templates", "static")
SETTINGS = (
    *("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"),
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PCP_DEMO", "DJANGO_SETTINGS_MODULE"),
)


def copy_project(folder):
    """Copy what runs into `folder`, compiled files too (each start would compile all again); return the folder."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part)
        elif source.exists():
            shutil.copy(source, folder / part)
    return folder


def start(folder, *words, **variables):
    """Start a management command in the copy, on the embedded database and broker; return the process."""
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    log = (folder / "output.txt").open("w")
    command = [sys.executable, "manage.py", *words]
    return subprocess.Popen(
        command, cwd=folder, env={**environment, **variables}, stdout=log, stderr=subprocess.STDOUT, text=True
    )


def output(folder):
    """Return what the command has printed so far."""
    return (folder / "output.txt").read_text()


def free_port():
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, patience=60.0, what=lambda: ""):
    """Wait for `condition()` to hold; fail with `what()` when it does not within `patience` seconds."""
    ends = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < ends, f"gave up waiting {what()}"
        time.sleep(0.1)


def answers(port):
    """Say whether something listens on a port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_alive(pid):
    """Say whether a process runs; one that has ended and waits for its parent does not count."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def group_of(pid):
    """Return the ids of the living processes in the process group of `pid`."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and is_alive(folder.name):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[2] == str(pid):
                found.append(int(folder.name))
    return found
