"""A register between its upload and its preview: kept for the worker, read once, and then forgotten.

A file is claimed by a conditional UPDATE, so it is never read twice at the same time. Reading moves a heartbeat, so a worker
that was killed can be told from one that is slow. Only the preview is written, and that in one UPDATE at the end.
"""

import datetime
import hashlib
import io
import logging
import time

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from clusters.choices import ReadingState
from clusters.importing import stored
from clusters.importing.comparing import compare
from clusters.importing.runs import describe, drop_undecided
from clusters.models import RegisterImport
from clusters.registers.reader import read_register
from clusters.registers.readings import Edition, RegisterRefused

STOPPED_AFTER = datetime.timedelta(seconds=60)
WAITING_AFTER = datetime.timedelta(minutes=1)
# Of the whole, reading the rows is this much; the rest is comparing with our schools.
ROWS = 80
SECONDS_BETWEEN = 0.3
PREVIEW = ("kind", "edition", "edition_on", "counts", "preview")

log = logging.getLogger("clusters")


def begin(
    content: bytes, *, file_name: str, edition: Edition, said_on: datetime.date | None, by
) -> tuple[RegisterImport, bool]:
    """Keeps a file to be read. Returns (import, whether a worker is to be asked): the same file sent twice is read once.

    Of a file that no worker has taken up since it was sent before, the message may have been lost, so a worker is asked again.

    `edition` is what was recognised, `said_on` the date that a person gave, `by` the Person who chose the file.
    """
    drop_undecided()
    sha256 = hashlib.sha256(content).hexdigest()
    same = RegisterImport.objects.filter(sha256=sha256, state=ReadingState.READING)
    for run in same:
        if not has_stopped(run, timezone.now()):
            return run, run.heartbeat_at is None
        run.delete()
    try:
        with transaction.atomic():
            run = RegisterImport.objects.create(
                file_name=file_name[-200:],
                sha256=sha256,
                kind=str(edition.kind),
                edition=edition.title,
                edition_on=edition.on,
                said_on=said_on,
                state=ReadingState.READING,
                upload=content,
                made_by=by,
            )
    except IntegrityError:
        # Sent twice at the same moment; the database kept one.
        return RegisterImport.objects.filter(sha256=sha256).latest("made_at"), False
    return run, True


def has_stopped(run: RegisterImport, now: datetime.datetime) -> bool:
    """Whether a worker took the file up and has been silent since: it was killed."""
    began = run.state == ReadingState.READING and run.heartbeat_at is not None
    return began and run.heartbeat_at < now - STOPPED_AFTER


def waiting(now: datetime.datetime) -> list[int]:
    """The ids of files that no worker has taken up: their messages may have been lost."""
    kept = RegisterImport.objects.filter(state=ReadingState.READING, heartbeat_at=None)
    return list(kept.filter(made_at__lt=now - WAITING_AFTER).order_by("pk").values_list("pk", flat=True))


def read(run_id: int) -> None:
    """Reads a kept file and works out its preview. Does nothing when it is being read already, or was.

    Whatever happens, the import says so: read, refused with a sentence, or silent when the worker was killed.
    """
    now = timezone.now()
    free = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - STOPPED_AFTER)
    held = RegisterImport.objects.filter(pk=run_id, state=ReadingState.READING)
    if not held.filter(free).update(heartbeat_at=now, progress=0):
        return
    run = held.get()
    try:
        reading = read_register(
            io.BytesIO(run.upload),
            run.file_name,
            said_edition=run.said_on,
            max_bytes=settings.UPLOAD_LIMIT_BYTES,
            on_progress=_teller(held),
        )
        describe(run, reading, compare(reading))
    except RegisterRefused as refusal:
        _refuse(held, str(refusal))
    except Exception:
        log.exception("register import %s failed", run_id)
        _refuse(
            held, f"Something went wrong on our side. Tell SSERC this reference: import {run_id}. Nothing was changed."
        )
    else:
        preview = {name: getattr(run, name) for name in PREVIEW}
        held.update(**preview, reading=stored.to_json(reading), state=ReadingState.READ, upload=None, progress=100)


def _refuse(held, sentence: str) -> None:
    held.update(state=ReadingState.REFUSED, refusal=sentence, upload=None)


def _teller(held):
    """A function that writes down how far the reading is, now and then."""
    last = 0.0

    def tell(done: float) -> None:
        nonlocal last
        if done >= 1 or time.monotonic() - last > SECONDS_BETWEEN:
            last = time.monotonic()
            held.update(progress=round(ROWS * done), heartbeat_at=timezone.now())

    return tell
