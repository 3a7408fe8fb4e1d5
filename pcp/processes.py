"""The programs that `dev` and `demo` start beside themselves: one Celery worker, and for `demo` a web server.

Whatever ends the parent (Ctrl-C, SIGTERM, SIGKILL), its programs end too: each leads a process group of its own that is
stopped as a whole, and on Linux the kernel signals it when the parent dies. Should a grandchild outlive both (the worker's
beat process, when worker and parent are killed at once), the next start finds it: everything in the group holds the lock
on its pid file for as long as it lives, so a lock that is taken means that the number in the file is still ours.
"""

import atexit
import contextlib
import ctypes
import fcntl
import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def worker_command():
    """Return the command line of one embedded worker: two threads and the beat, no talk with other workers."""
    return [
        *(sys.executable, "-m", "celery", "-A", "pcp", "worker"),
        *("--pool", "threads", "--concurrency", "2", "--beat", "--loglevel", "INFO"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]


def web_command(port):
    """Return the command line of a web server for one machine, listening on `port` of the loopback address only."""
    return [
        *(sys.executable, "-m", "gunicorn", "pcp.wsgi", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def end_with(parent):
    """Ask the kernel (Linux only) to send this process SIGTERM when its parent, the process id given, dies."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(0)


class Program:
    """One child program with its pid file and its log.

    Arguments: `name` (of the files), `command` (list of words), `folder` (a Path; holds `<name>.pid` and `<name>.log`).
    """

    def __init__(self, name, command, folder):
        self.name, self.command, self.folder = name, command, Path(folder)
        self.log_path = self.folder / f"{name}.log"
        self._process = self._owner = self._held = None

    def start(self):
        """Start the program and return True; return False when another parent already runs it in this folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._owner = self._owner or (self.folder / f"{self.name}.owner").open("w")
        if not _lock(self._owner):
            self._owner.close()
            self._owner = None
            return False
        self._held = (self.folder / f"{self.name}.pid").open("a+")
        self._end_leftovers()
        with self.log_path.open("w") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[self._held.fileno()],
                preexec_fn=functools.partial(end_with, os.getpid()),
            )
        self._held.truncate(0)
        self._held.write(str(self._process.pid))
        self._held.flush()
        atexit.register(self.stop)
        return True

    def is_running(self):
        """Say whether the program we started is still alive."""
        return self._process is not None and self._process.poll() is None

    def stop(self, patience=8.0):
        """End the program and all it started: SIGTERM, then SIGKILL for what is left after `patience` seconds."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        _kill_group(self._process.pid)
        self._process.wait()
        self._process = None
        self._held.truncate(0)
        self._held.close()
        self._owner.close()
        self._owner = None

    def _end_leftovers(self):
        for _ in range(50):
            if _lock(self._held):
                return
            self._held.seek(0)
            left = self._held.read().strip()
            if left.isdigit():
                _kill_group(int(left))
            time.sleep(0.1)
        raise RuntimeError(f"An earlier {self.name} is still running and could not be ended.")


def _lock(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _kill_group(group):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
