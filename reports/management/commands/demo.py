"""`manage.py demo`: build the demonstration programme and serve it, in one go and safe to repeat."""

import signal
import socket
import sys
import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from clusters.models import Demonstration
from pcp.processes import Program, web_command, worker_command
from reports.management.demonstration.tables import prepare_tables

WHAT_TO_TRY = """
  The programme is ready at  http://localhost:{port}/

  Sign in as one of the invented people with one click, for example
    SSERC staff    every cluster, the national school register, the evaluation of a finished cohort; open the survey of headteachers
    a QIO          one authority: who has answered, and the report of each cluster
    a headteacher  a school of your own: classes, codes for the pupils, and your rating of the programme
    a mentor       log a session, best tried on a phone's width

  Everything here is invented. It lives in the folder var; delete that folder to start afresh.
  Press Ctrl-C to stop.
"""


class Command(BaseCommand):
    """Set up, seed, serve; each step says what it does and how long it took."""

    help = "Build the demonstration programme, then start the web server and the worker."

    def add_arguments(self, parser):
        """Declare the options of `./run demo`."""
        parser.add_argument("--no-serve", action="store_true", help="Build only.")
        parser.add_argument("--scale", choices=["small", "national"], default="small")
        parser.add_argument("--schools", metavar="FILE", help="An official school register.")
        parser.add_argument("--seed", type=int, metavar="N", help="Another invented programme.")
        parser.add_argument("--port", type=int, default=8000, metavar="N")

    def handle(self, *args, **options):
        """Build what is missing and serve it until told to stop."""
        if not settings.DEMO:
            raise CommandError(
                "The demonstration signs anybody in as anybody: start it with ./run demo, or set PCP_DEMO=1."
            )
        port = options["port"]
        if not options["no_serve"] and _taken(port):
            raise CommandError(f"Port {port} is in use. Choose another: ./run demo --port {port + 1}")
        self._step("Preparing the database", prepare_tables)
        self._step("Loading reference data", call_command, "load_reference", verbosity=0)
        self._build(options)
        if not options["no_serve"]:
            self._serve(port)

    def _build(self, options):
        there = Demonstration.objects.filter(complete=True).first()
        if there is None:
            chosen = {name: options[name] for name in ("scale", "schools", "seed") if options[name] is not None}
            self._step("Building the demonstration programme", call_command, "seed_demo", stdout=self.stdout, **chosen)
            return
        # Said here and not by seed_demo, because loading all that it needs would take longer than everything else.
        self.stdout.write(f"The demonstration is there already ({there.scale}, seed {there.seed}).")
        if options["scale"] != there.scale or options["seed"] not in (None, there.seed) or options["schools"]:
            self.stdout.write("To build another, delete the folder var first.")

    def _step(self, title, work, *args, **kwargs):
        self.stdout.write(f"{title} …")
        self.stdout.flush()
        started = time.monotonic()
        work(*args, **kwargs)
        self.stdout.write(f"  done in {time.monotonic() - started:.1f} s")

    def _serve(self, port):
        folder = settings.VAR / "run"
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        web = Program(f"web-{port}", web_command(port), folder)
        worker = Program("worker", worker_command(), folder)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(0))
        try:
            if not worker.start():
                self.stdout.write("Using the worker that is already running in this folder.")
                worker = None
            web.start()
            _wait_for(web, port)
            self.stdout.write(self.style.SUCCESS(WHAT_TO_TRY.format(port=port)))
            self.stdout.flush()
            self._watch(web, worker)
        except KeyboardInterrupt:
            self.stdout.write("\nStopping …")
        finally:
            web.stop()
            if worker is not None:
                worker.stop()

    def _watch(self, web, worker):
        while True:
            time.sleep(1)
            if not web.is_running():
                raise CommandError(f"The web server stopped; its log is {web.log_path}.")
            if worker is not None and not worker.is_running():
                self.stdout.write("The worker stopped unexpectedly; starting it again.")
                worker.stop()
                worker.start()


def _taken(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _wait_for(web, port, patience=60):
    ends = time.monotonic() + patience
    while time.monotonic() < ends:
        if not web.is_running():
            break
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise CommandError(f"The web server did not start; its log is {web.log_path}.")
