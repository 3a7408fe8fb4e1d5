"""`manage.py demo`: what it refuses before it touches anything. What it serves: tests/journeys/test_serving.py."""

import socket

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
