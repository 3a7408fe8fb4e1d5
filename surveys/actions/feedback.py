"""Feedback on a learning session: until when it is taken, and one sheet kept."""

from datetime import timedelta

from django.db import transaction
from django.utils.timezone import localdate

from clusters.actions import NotNow
from mentors.models import LearningSession
from mentors.wording import day
from surveys.choices import Audience
from surveys.feedback import FEEDBACK_DAYS
from surveys.models import InstrumentVersion, SessionFeedback
from surveys.questionnaires import AnswersRefused, questionnaire

MOST_SHEETS = 200  # of one session: more are not people who were there


def check_feedback_open(session, *, on):
    """Raise NotNow, with the reason, when nothing can be said of a session on a date: before its day, or 15 days after it."""
    last_on = session.held_on + timedelta(days=FEEDBACK_DAYS)
    if on < session.held_on:
        raise NotNow(f"This session is on {day(session.held_on)}. Come back when it is over.")
    if on > last_on:
        raise NotNow(f"The feedback on this session closed on {day(last_on)}. Thank you for wanting to tell us.")


def feedback_version():
    """The newest version of the questionnaire on sessions. Raises NotNow while there is none."""
    versions = InstrumentVersion.objects.latest_of_each().filter(instrument__audience=Audience.SESSION)
    version = versions.select_related("instrument").first()
    if version is None:
        raise NotNow("The questions are not ready yet. Please tell your SSERC contact.")
    return version


@transaction.atomic
def keep_feedback(session, *, uuid, answers, now):
    """Keep one sheet on a session and return it; the sheet that is there already when one with this `uuid` is.

    `answers` maps item keys to codes, as text or numbers. Raises NotNow when nothing can be said of the session at this moment or
    as many sheets as can be right are there, AnswersRefused for an answer of another form or no answer at all.
    """
    # Whoever comes second of two clicks, or as the two hundred and first, waits here and then finds what the first has stored.
    LearningSession.objects.select_for_update().get(pk=session.pk)
    stored = SessionFeedback.objects.filter(uuid=uuid).first()
    if stored:
        return stored  # thanked for again, whatever has happened since
    check_feedback_open(session, on=localdate(now))
    version = feedback_version()
    kept = questionnaire(version).checked(answers)
    if not kept:
        raise AnswersRefused("Nothing is answered yet.")
    if SessionFeedback.objects.filter(session=session).count() >= MOST_SHEETS:
        raise NotNow(f"{MOST_SHEETS} people have answered, which is more than we expect. Please tell your mentor.")
    if version.frozen_at is None:
        InstrumentVersion.objects.filter(pk=version.pk, frozen_at=None).update(frozen_at=now)
    return SessionFeedback.objects.create(uuid=uuid, session=session, version=version, answers=kept, received_at=now)
