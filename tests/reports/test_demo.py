"""`manage.py demo`: what it refuses before it touches anything. What it serves: tests/journeys/test_serving.py."""

import os
import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command


def test_demo_outside_a_demonstration_is_refused(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="signs anybody in as anybody"):
        call_command("demo", no_serve=True)


def test_demo_on_a_port_in_use_says_which_to_try(settings):
    settings.DEMO = True
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(CommandError, match=f"--port {port + 1}"):
            call_command("demo", port=port)


def test_demo_tables_are_up_to_date_and_a_second_start_keeps_what_is_in_them(tmp_path):
    script = """
import django; django.setup()
from django.apps import apps
from django.core.management import call_command
from clusters.models import LocalAuthority
from reports.management.demonstration.tables import prepare_tables
prepare_tables()
LocalAuthority.objects.create(name="Nowhere", slug="nowhere")
prepare_tables()
call_command("migrate", "--check")
print(LocalAuthority.objects.count(), sum(model.objects.count() for model in apps.get_app_config("reports").get_models()))
"""

    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ
        | {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}", "DJANGO_SETTINGS_MODULE": "pcp.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("1 0\n", "", 0)
