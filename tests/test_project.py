"""Facts about the whole project: migrations, production settings, templates, names that must never be written down."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "ALLOWED_HOSTS": "pcp.example.org",
    "CSRF_TRUSTED_ORIGINS": "https://pcp.example.org",
    "DATABASE_URL": "postgres://pcp@localhost/pcp",
    "REDIS_URL": "redis://:a-password@localhost:6379/0",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587/?from=pcp@example.org",
}


def check_deploy(environment):
    """Run check --deploy as a process of its own with exactly this production environment."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_check_deploy_passes_with_a_full_production_environment():
    result = check_deploy(PRODUCTION)

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SECRET_KEY", "short", "pcp.E003"),
        ("ALLOWED_HOSTS", "*", "pcp.E004"),
        ("ALLOWED_HOSTS", "", "pcp.E004"),
        ("CSRF_TRUSTED_ORIGINS", "", "pcp.E005"),
        ("CSRF_TRUSTED_ORIGINS", "http://pcp.example.org", "pcp.E005"),
        ("DATABASE_URL", "", "pcp.E006"),
        ("REDIS_URL", "", "pcp.E007"),
        ("REDIS_URL", "redis://localhost:6379/0", "pcp.E010"),
        ("EMAIL_URL", "", "pcp.E008"),
        ("EMAIL_URL", "smtp://mail.example.org:25/?from=pcp@example.org", "pcp.E009"),
        ("DEBUG", "1", "pcp.E001"),
        ("PCP_DEMO", "1", "pcp.E002"),
    ],
)
def test_check_deploy_refuses_each_missing_or_weak_part(name, value, code):
    result = check_deploy(PRODUCTION | {name: value})

    assert result.returncode != 0
    assert code in result.stderr


def test_settings_refuse_a_missing_secret_key():
    result = check_deploy(PRODUCTION | {"SECRET_KEY": ""})

    assert result.returncode != 0
    assert "Set SECRET_KEY" in result.stderr


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_no_template_has_inline_style_or_script_or_a_third_party():
    forbidden = (
        re.compile(r"\sstyle=|<style|\son[a-z]+="),
        re.compile(r"<script(?![^>]*\ssrc=)"),
        re.compile(r'(?:src|href)="(?:https?:)?//'),
    )
    paths = [path for path in TEMPLATES if path.parent.name != "standalone"]

    assert paths
    assert [
        (path.relative_to(ROOT).as_posix(), found[0])
        for path in paths
        for pattern in forbidden
        if (found := pattern.search(path.read_text()))
    ] == []


def test_every_template_is_short_enough_to_read():
    assert TEMPLATES
    assert [path.relative_to(ROOT).as_posix() for path in TEMPLATES if len(path.read_text().splitlines()) > 60] == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_nothing_but_pinned_packages_with_hashes(name):
    pinned, hashed, comment = r"[a-z0-9.\[\]_-]+==[^ ]+( ; .+)? \\", r"    --hash=sha256:[0-9a-f]{64}( \\)?", r" *#.*"

    lines = (ROOT / name).read_text().splitlines()

    assert any(re.fullmatch(hashed, line) for line in lines)
    assert [line for line in lines if not re.fullmatch(f"{pinned}|{hashed}|{comment}", line)] == []
