"""A site of the benchmarks' own: a new database, production settings, and a real web server."""

import contextlib
import importlib
import multiprocessing
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2

ROOT = Path(__file__).resolve().parent.parent.parent
WORKERS, THREADS = 3, 4
SERVICES = ("postgres", "redis-server")  # whose work for us counts as the server's


class Site:
    """A database and the environment that leads to it; `serving` puts a web server before it."""

    def __init__(self, database_url):
        self.environment = {
            **os.environ,
            "DEBUG": "0",
            "PCP_DEMO": "0",
            "SECRET_KEY": secrets.token_urlsafe(60),
            "ALLOWED_HOSTS": "127.0.0.1",
            "CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "pcp.settings",
        }

    def manage(self, *words):
        """Run a management command; its output appears only when it fails."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def run(self, name, *arguments):
        """Call the function of that name in `programme`, in a process of its own that has set up Django for this site."""
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            return pool.submit(_with_django, self.environment, name, arguments).result()

    def serving(self):
        """Serve the site on a free port for as long as the `with` lasts; gives a Server."""
        return serving("pcp.wsgi", self.environment)


class Server:
    """A running web server: its port, and what it and the services behind it have used."""

    def __init__(self, process, port):
        self.port, self._group = port, process.pid

    def cpu_seconds(self):
        """Processor seconds used so far by the web server's processes and by the services of this machine."""
        return sum(fields[11] + fields[12] for fields in self._members()) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self):
        """Proportional memory of the web server's processes: what is shared is counted once."""
        total = 0
        for pid, _, fields in _processes():
            if fields[2] == self._group:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return total / 1024

    def _members(self):
        return [fields for _, name, fields in _processes() if fields[2] == self._group or name in SERVICES]


@contextlib.contextmanager
def own_site():
    """Make a database beside the one that DATABASE_URL names (SQLite when it names none), migrate it, remove it after."""
    folder = tempfile.mkdtemp(prefix="pcp-bench-")
    try:
        with _own_database(folder) as url:
            site = Site(url)
            site.manage("migrate", "--verbosity", "0")
            site.manage("load_reference")
            site.manage("collectstatic", "--noinput", "--verbosity", "0")
            yield site
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def _own_database(folder):
    given = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not given.scheme.startswith("postgres"):
        yield f"sqlite:///{folder}/bench.sqlite3"
        return
    name = f"pcp_bench_{os.getpid()}"
    admin = psycopg2.connect(urlunsplit(given))
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(given._replace(path=f"/{name}"))
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            admin.close()


@contextlib.contextmanager
def serving(application, environment):
    """Serve a WSGI application as production does, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--log-level", "error"),
        *("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)),
        *("--no-control-socket", "--preload"),
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        _wait_until_open(port, process)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_open(port, process):
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the web server did not start")


def _with_django(environment, name, arguments):
    os.environ.clear()
    os.environ.update(environment)
    django.setup()
    return getattr(importlib.import_module("tests.bench.programme"), name)(*arguments)


def _processes():
    """Yield (pid, name, the fields of /proc/<pid>/stat after the name, numbers as int) of every process."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                before, _, after = (folder / "stat").read_text().rpartition(")")
                fields = [int(field) if field.lstrip("-").isdigit() else field for field in after.split()]
                yield int(folder.name), before.partition("(")[2], fields
