"""`manage.py dev`: Django's autoreloading server with one Celery worker beside it."""

import os

from django.conf import settings
from django.contrib.staticfiles.management.commands.runserver import Command as RunserverCommand

from pcp.processes import Program, end_with, worker_command

PARENT = "PCP_DEV_PARENT"  # handed from the process that watches to the one that serves, as Django does RUN_MAIN


class Command(RunserverCommand):
    """Runserver, and a worker that lives exactly as long."""

    help = "Start the autoreloading web server and one Celery worker."

    def handle(self, *args, **options):
        """Start the worker once, in the process that outlives every reload, then serve."""
        if os.environ.get("RUN_MAIN") == "true":
            end_with(int(os.environ[PARENT]))
        else:
            os.environ[PARENT] = str(os.getpid())
            worker = Program("worker", worker_command(), settings.VAR / "run")
            if worker.start():
                self.stdout.write(f"Worker started; its log is {worker.log_path.relative_to(settings.BASE_DIR)}.")
                self.stdout.write("It does not reload: start again after a change to what tasks do.")
            else:
                self.stdout.write("Using the worker that is already running in this folder.")
        super().handle(*args, **options)
