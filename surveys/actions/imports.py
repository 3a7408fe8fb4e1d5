"""A file of answers read, shown, and then brought into a wave in one step."""

import hashlib

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from clusters.actions import NotNow
from clusters.audit import record
from surveys.actions.waves import check_ready, freeze
from surveys.choices import GROUP_BY_STAGE, Audience, Source
from surveys.importing import read_answers, stored_already
from surveys.models import AnswerImport, InstrumentVersion, Response, Wave

BATCH = 500


def read_import(wave, *, file, name, by):
    """Read a file for a pupil wave and keep what it says, to be looked at; no answer is stored. Returns the AnswerImport.

    Raises AnswerFileRefused when the file cannot be used. The file itself is not kept.
    """
    if wave.audience != Audience.PUPIL:
        raise NotNow("Adults answer by their own link; a file cannot answer for them.")
    reading = read_answers(file, name, wave, max_bytes=settings.UPLOAD_LIMIT_BYTES)
    known = stored_already(row[0] for row in reading.rows)
    reading.counts["stored_already"] = len(known)
    reading.counts["new"] = len(reading.rows) - len(known)
    reading.counts["schools"] = len({row[2] for row in reading.rows})
    file.seek(0)
    return AnswerImport.objects.create(
        wave=wave,
        file_name=name[:200],
        sha256=hashlib.file_digest(file, "sha256").hexdigest(),
        counts=dict(reading.counts) | {"sheet": reading.sheet, "ignored": reading.ignored},
        rejected=reading.rejected,
        reading=[row for row in reading.rows if row[0] not in known],
        made_by=by,
    )


@transaction.atomic
def apply_import(answer_import, *, now, by):
    """Bring a file that was read into its wave, all of it or nothing; returns how many sheets were stored.

    A sheet that is there already, from this file or an earlier one, is not stored twice. Raises NotNow when the file was brought
    in before, or when answers may not come in yet: the plan of the analysis comes first for a follow-up.
    """
    answer_import = AnswerImport.objects.select_for_update().get(pk=answer_import.pk)
    if answer_import.applied_at:
        raise NotNow("This file was brought in already.")
    wave = Wave.objects.select_for_update().get(pk=answer_import.wave_id)
    _check_open_or_past(wave, now)
    known = stored_already(row[0] for row in answer_import.reading)
    asked = InstrumentVersion.objects.filter(waves=wave)
    versions = dict(asked.values_list("instrument__stage_group", "pk"))
    sheets = [
        Response(
            uuid=mark,
            wave_id=wave.pk,
            school_id=school,
            version_id=versions[GROUP_BY_STAGE[stage]],
            stage=stage,
            pupil_code=code,
            answers=answers,
            source=Source.IMPORT,
            received_at=now,
            brought_by_id=answer_import.pk,
        )
        for mark, _, school, stage, code, answers in answer_import.reading
        if mark not in known
    ]
    Response.objects.bulk_create(sheets, batch_size=BATCH, ignore_conflicts=True)
    answer_import.counts["stored"] = len(sheets)
    answer_import.applied_at, answer_import.reading = now, []
    answer_import.save()
    record("answers imported", wave, by=by, stored=len(sheets), sha256=answer_import.sha256)
    return len(sheets)


def _check_open_or_past(wave, now):
    """A wave that is still to come is opened first; one whose days are over is opened by its answers."""
    if wave.opened_at:
        return
    check_ready(wave)
    if wave.closes_on >= localdate(now):
        raise NotNow("Open this survey first.")
    freeze(wave, now=now)
    wave.opened_at = wave.closed_at = now
    wave.save()
