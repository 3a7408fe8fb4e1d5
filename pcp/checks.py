"""Deploy checks: `manage.py check --deploy` refuses each missing or weak part of a production environment."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register


def _weak_secret():
    key = settings.SECRET_KEY
    return key == settings.DEV_SECRET_KEY or len(key) < 50 or len(set(key)) < 10


def _open_redis(url):
    """Whether anybody who reaches the Redis server could read sessions and queue: no password, and not a socket of this machine."""
    parts = urlsplit(url)
    return parts.scheme not in {"unix", "redis+socket"} and not parts.password


def _problems():
    if settings.DEBUG:
        yield "pcp.E001", "DEBUG is on.", "Set DEBUG=0."
    if settings.DEMO:
        yield "pcp.E002", "PCP_DEMO is on: anybody could sign in as anybody.", "Unset PCP_DEMO."
    if _weak_secret():
        yield "pcp.E003", "SECRET_KEY is missing or weak.", "Set SECRET_KEY to at least 50 random characters."
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield "pcp.E004", "ALLOWED_HOSTS names no host, or every host.", "Set ALLOWED_HOSTS=pcp.example.org."
    origins = settings.CSRF_TRUSTED_ORIGINS
    if not origins or not all(origin.startswith("https://") for origin in origins):
        yield "pcp.E005", "CSRF_TRUSTED_ORIGINS is missing or not https.", "Set it to https://pcp.example.org."
    if settings.EMBEDDED_DATABASE:
        yield "pcp.E006", "The database is SQLite.", "Set DATABASE_URL to a PostgreSQL database."
    if settings.EMBEDDED_BROKER:
        yield "pcp.E007", "The broker is a folder on this machine.", "Set REDIS_URL to a Redis server."
    elif _open_redis(settings.REDIS_URL):
        yield "pcp.E010", "REDIS_URL has no password.", "Use redis://:password@host:6379/0, rediss:// or a unix socket."
    if not settings.EMAIL_URL or settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        yield (
            "pcp.E008",
            "EMAIL_URL is missing or names no sender.",
            "Set EMAIL_URL=smtp+tls://user:password@host:587/?from=pcp@example.org",
        )
    elif not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        yield "pcp.E009", "E-mail would leave unencrypted.", "Use smtp+tls:// or smtps:// in EMAIL_URL."


@register(Tags.security, deploy=True)
def production_is_complete(app_configs, **kwargs):
    """One error for each part that production may not run without."""
    return [Error(message, hint=hint, id=code) for code, message, hint in _problems()]
