"""A run through the queue: claimed once, moved on step by step, ended once, told once.

A run is claimed by a conditional UPDATE, so two workers never do the same one; every step moves a heartbeat, so a run whose worker
was killed can be told from one that is slow. What a run makes is stored in one transaction with its end (`ending`), so nothing
half-written is ever visible.
"""

import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from clusters import tasks as mail
from reports.choices import STEPS, RunStatus
from reports.models import ReportRun

WORN_OUT = "The worker stopped three times while building it. Ask whoever looks after the server to look at the worker, then ask again."
WHAT_TO_DO = "Ask again. If it fails again, give whoever looks after the server this reference"
WAS_STOPPED = "It was cancelled while no worker held it. Nothing was stored."


class Stopped(Exception):
    """The run was cancelled, or another attempt holds it: this attempt must leave without a trace."""


def claim(run_id):
    """Take the run for this attempt, or None. One conditional UPDATE decides between workers that ask at the same moment."""
    now = timezone.now()
    free = Q(status=RunStatus.WAITING) | Q(
        status=RunStatus.RUNNING, heartbeat_at__lt=now - settings.REPORT_HEARTBEAT_LIMIT
    )
    taken = ReportRun.objects.filter(free, pk=run_id, cancel_asked_at__isnull=True).update(
        status=RunStatus.RUNNING,
        claim=uuid.uuid4(),
        attempts=F("attempts") + 1,
        heartbeat_at=now,
        step=0,
    )
    if not taken:
        return None
    run = ReportRun.objects.select_related("cohort", "authority", "cluster__authority", "requested_by").get(pk=run_id)
    ReportRun.objects.filter(pk=run.pk, claim=run.claim).update(steps=len(STEPS[run.kind]))
    return run


def move_on(run, step):
    """Say which step is being done. Raises Stopped when the run was cancelled or taken by another attempt."""
    held = ReportRun.objects.filter(pk=run.pk, claim=run.claim, status=RunStatus.RUNNING)
    if stop_if_asked(held):
        raise Stopped
    if not held.update(step=step, stage=STEPS[run.kind][step - 1][0], heartbeat_at=timezone.now()):
        raise Stopped


def stop_if_asked(runs):
    """Cancel those of the running `runs` (a queryset) of which that was asked; returns how many."""
    return runs.filter(status=RunStatus.RUNNING, cancel_asked_at__isnull=False).update(
        status=RunStatus.CANCELLED, finished_at=timezone.now(), stage="Cancelled"
    )


@contextmanager
def ending(run):
    """A transaction in which what the run made is stored together with its end, if this attempt still holds the run."""
    with transaction.atomic():
        held = ReportRun.objects.select_for_update().filter(
            pk=run.pk, claim=run.claim, status=RunStatus.RUNNING, cancel_asked_at__isnull=True
        )
        if not held.exists():
            raise Stopped
        yield
        finish(run)


def finish(run):
    """Say that the run is ready, and tell whoever asked. Within the transaction that stores the last of what it made."""
    ReportRun.objects.filter(pk=run.pk).update(status=RunStatus.READY, stage="Ready", finished_at=timezone.now())
    run.refresh_from_db(fields=["report"])
    tell(run, f"Ready: {run}", f"What you asked for is ready:\n\n{address_of(run, run.result_url)}")


@transaction.atomic
def fail(run, sentence):
    """End a run without a result; the sentence says why and what to do."""
    failed = ReportRun.objects.filter(pk=run.pk, claim=run.claim, status=RunStatus.RUNNING).update(
        status=RunStatus.FAILED, failure=sentence, finished_at=timezone.now()
    )
    if failed:
        tell(run, f"Not made: {run}", f"{sentence}\n\n{address_of(run)}")


def address_of(run, path=""):
    """The whole address of what a run made, or of the page that tells of the run."""
    return f"{run.tell_from.rstrip('/')}{path or run.get_absolute_url()}"


def tell(run, subject, text):
    """Mail whoever asked for the run, once, when the end of the run is stored; nobody where no e-mail was wanted."""
    if run.tell_from and run.requested_by and run.requested_by.is_active:
        person = run.requested_by
        body = f"Hello {person.get_short_name()},\n\n{text}\n\nSSERC\n"
        mail.deliver_mail.delay_on_commit(subject=subject, body=body, to=[person.email])


def stale_runs(now):
    """The ids of runs to take up again: their worker fell silent, or their message was lost while they waited.

    Runs that used up their attempts, or that were cancelled while nobody held them, are ended here.
    """
    silent = Q(status=RunStatus.RUNNING, heartbeat_at__lt=now - settings.REPORT_HEARTBEAT_LIMIT)
    lost = Q(status=RunStatus.WAITING, requested_at__lt=now - timedelta(minutes=1))
    runs = ReportRun.objects.filter(silent | lost)
    _end_all(runs.filter(cancel_asked_at__isnull=False), now, RunStatus.CANCELLED, "Stopped", WAS_STOPPED)
    _end_all(runs.filter(attempts__gte=settings.REPORT_MAX_ATTEMPTS), now, RunStatus.FAILED, "Not made", WORN_OUT)
    return list(runs.order_by("pk").values_list("pk", flat=True))


def _end_all(runs, now, status, heading, sentence):
    """End runs that no worker holds, and tell whoever asked for each; one that a worker took in the meantime is left alone."""
    known = {"failure": sentence} if status == RunStatus.FAILED else {"stage": "Cancelled"}
    for run in runs.select_related("requested_by"):
        with transaction.atomic():
            if runs.filter(pk=run.pk).update(status=status, finished_at=now, **known):
                tell(run, f"{heading}: {run}", f"{sentence}\n\n{address_of(run)}")
