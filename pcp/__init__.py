"""How the site runs: settings, URLs, Celery, form and template building blocks. No domain word in it."""

from pcp.celery import app as celery_app

__all__ = ["celery_app"]
