"""An answer sheet, taken and kept."""

from datetime import timedelta

from clusters.actions import NotNow
from surveys import counting
from surveys.choices import Source
from surveys.models import Response
from surveys.questionnaires import questionnaire

LATE_FOR = timedelta(hours=24)


def check_accepting(wave_school, *, now):
    """Whether a sheet may still come in: False in time, True late (up to 24 hours after the end). Raises NotNow otherwise.

    `wave_school` has its `wave` loaded; `now` is an aware datetime. A sheet is late when it was sent while the survey was open
    and reached us afterwards, from a tablet that had lost its connection; it is kept and marked.
    """
    if wave_school.wave.opened_at is None or now < wave_school.began_at:
        raise NotNow("This is not open yet.")
    if now < wave_school.ended_at:
        return False
    if now < wave_school.ended_at + LATE_FOR:
        return True
    raise NotNow("This has closed.")


def check_room(wave, class_group):
    """Raise NotNow when a class, by primary key like the wave, has sent as many sheets as it may have pupils.

    Asked only for sheets without a slip: anybody who has seen the class code could send those without end. A slip is always taken.
    """
    if counting.is_full(wave, class_group):
        raise NotNow("We can only go on with a slip.")


def store_response(
    *, uuid, wave_school, version, answers, now, stage="", class_group=None, pupil_code="", source=Source.FORM
):
    """Keep one pupil's sheet: one INSERT, and nothing at all when a sheet with this `uuid` is there already.

    `uuid` is made by the client, so that a sheet sent twice is stored once and both times answered alike. `wave_school` and
    `version` are loaded with their `wave` and `instrument`; `answers` maps item keys to codes, as text or numbers; `stage` is
    the stage on the slip and `pupil_code` the picture code, blank when the slip was lost. Returns the Response as it was sent
    (without a primary key). Raises NotNow when the survey is not open here or a class takes no more sheets without a slip,
    AnswersRefused when the sheet is not of this form.
    """
    asked = questionnaire(version)
    asked.check_stage(stage)
    kept = asked.checked(answers)
    try:
        late = check_accepting(wave_school, now=now)
        if class_group is not None and not pupil_code:
            check_room(wave_school.wave_id, class_group.pk)
    except NotNow:
        # A sheet that is stored already is thanked for again, whatever has happened since.
        stored = Response.objects.filter(uuid=uuid).first()
        if stored is None:
            raise
        return stored
    response = Response(
        uuid=uuid,
        wave_id=wave_school.wave_id,
        school_id=wave_school.school_id,
        version=version,
        class_group=class_group,
        stage=stage,
        pupil_code=pupil_code,
        answers=kept,
        source=source,
        late=late,
        received_at=now,
    )
    Response.objects.bulk_create([response], ignore_conflicts=True)
    return response
