"""Pages for when something is wrong, and the health check that says whether anything is."""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from pcp.celery import app as celery_app

log = logging.getLogger("pcp")


def bad_request(request, exception=None):
    """400: the browser sent something that cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    """403: signed in, but this kind of thing is not for this person."""
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    """404: no such page, or none that this person may see (the two look the same on purpose)."""
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request):
    """500: our fault. The page needs no database and no context, since either may be what broke."""
    return render(request, "500.html", status=500)


@login_not_required
def csrf_failure(request, reason=""):
    """403 for a form that was open too long or came from elsewhere: say what to do."""
    return render(request, "403_csrf.html", status=403)


def _database_answers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _broker_answers():
    with celery_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)
        return True


def _worker_answers():
    return bool(celery_app.control.inspect(timeout=1.0).ping())


@login_not_required
@never_cache
def health(request):
    """Whether database, broker and worker answer: 200 when all do, 503 otherwise. Details go to the log, not the page."""
    answers = {}
    for name, probe in (("database", _database_answers), ("broker", _broker_answers), ("worker", _worker_answers)):
        try:
            answers[name] = probe()
        except Exception:
            log.exception("health: %s does not answer", name)
            answers[name] = False
    return JsonResponse(
        {name: "ok" if well else "no answer" for name, well in answers.items()},
        status=200 if all(answers.values()) else 503,
    )
