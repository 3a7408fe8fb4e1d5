"""An adult's sheet: who may open it, and what is kept of it."""

from django.db import transaction
from django.utils.timezone import localdate

from clusters.actions import NotNow
from surveys.asking import people_asked, row_of, still_asked
from surveys.choices import Audience, Source
from surveys.models import Invitation, Response, WaveSchool
from surveys.questionnaires import questionnaire

MOST_BY_LINK = 150  # sheets of one school in one wave; no primary school has so many teachers


def check_may_answer(wave_school, *, person, now):
    """Raise NotNow, with the reason, when this person may not answer a wave of adults here at this moment.

    `wave_school` has its `wave`, `school` and `cluster` loaded; `person` is None for a teacher who came by the school's link.
    """
    audience, school = wave_school.wave.audience, wave_school.school
    if person is not None and not still_asked(wave_school, audience, person, localdate(now)):
        were = {Audience.HEAD: f"headteacher of {school}", Audience.TEACHER: f"teacher at {school}"}
        raise NotNow(
            f"This link was for a {were.get(audience, f'mentor of {wave_school.cluster}')}, and you are no longer on our list as "
            "one. If that is a mistake, tell your SSERC contact."
        )
    if not wave_school.is_open(localdate(now)):
        where = "in your cluster" if audience == Audience.MENTOR else "at your school"
        raise NotNow(
            f"This survey is not open {where}: it has not begun, or it has closed. If you would still like to answer, ask SSERC to "
            f"open it {where.replace('in', 'for', 1).replace('at', 'for', 1)}."
        )
    if audience != Audience.HEAD:
        return
    answered = Invitation.objects.filter(wave=wave_school.wave, school=school, answered_at__isnull=False)
    if answered.exclude(person=person).exists():
        raise NotNow(
            f"Another headteacher has answered for {school}. One set of answers is enough, so there is nothing for you to do."
        )


def check_sheet_open(invitation, *, now):
    """Raise NotNow when an invitation opens no form at this moment (see `check_may_answer`); else return its WaveSchool.

    `invitation` has its `wave` and `school` loaded; one that is not stored yet (`links.begun`) needs room for one more sheet.
    """
    wave_school = row_of(invitation, localdate(now))
    check_may_answer(wave_school, person=invitation.person_id, now=now)
    if invitation.pk is None:
        check_link_room(wave_school)
    return wave_school


def check_link_room(wave_school):
    """Raise NotNow when as many sheets as can be right have come in by the school's link."""
    if Invitation.objects.filter(wave=wave_school.wave_id, school=wave_school.school_id, person=None).count() >= (
        MOST_BY_LINK
    ):
        raise NotNow(
            f"{MOST_BY_LINK} people have answered by this school’s link, which is more than we expect. Please tell your SSERC contact."
        )


@transaction.atomic
def own_invitation(wave_school, *, now, by):
    """The invitation of `by` to a wave of adults at this row, made when there is none. Raises NotNow.

    A teacher who moved before answering is asked about the new school from now on.
    """
    check_may_answer(wave_school, person=by, now=now)
    wave = wave_school.wave
    known = {"school": wave_school.school} if wave.audience == Audience.HEAD else {}
    at = {"school": wave_school.school, "cluster": None}
    if wave.audience == Audience.MENTOR:
        people = people_asked(wave, wave.schools.filter(cluster=wave_school.cluster), localdate(now))
        at = next({"school": asked.school, "cluster": asked.cluster} for asked in people if asked.person == by)
    made, _ = Invitation.objects.get_or_create(
        wave=wave, person=by, **known, defaults={"audience": wave.audience, **at}
    )
    if wave.audience == Audience.TEACHER and made.school != wave_school.school and not hasattr(made, "response"):
        made.school = wave_school.school
        made.save(update_fields=["school"])
    return made


@transaction.atomic
def keep_answers(invitation, *, answers, now, finished=False):
    """Keep an adult's answers so far; a later answer to the same question takes the place of the earlier one.

    One sheet for each invitation, however often it is saved, and of a head's one that counts for each school. A question sent
    blank is taken back; one that is not sent stays as it was. The invitation counts as answered when its person says so
    (`finished`) or no question is left. Returns the Response. Raises NotNow when the form is not open to this person,
    AnswersRefused for a question or code that it does not have.
    """
    invitation = _locked(invitation)
    wave_school = check_sheet_open(invitation, now=now)
    wave = wave_school.wave
    asked = questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)
    kept = asked.checked(answers)
    response = Response.objects.filter(invitation=invitation).first() if invitation.pk else None
    if response is None:
        response = Response(wave=wave, school_id=invitation.school_id, version_id=asked.version_id, source=Source.FORM)
    response.answers = {key: code for key, code in response.answers.items() if key not in answers} | kept
    response.received_at = now
    everything = len(response.answers) == len(asked.questions)
    answered = invitation.answered_at is None and response.answers and (finished or everything)
    if answered:
        invitation.answered_at = now
    if response.pk or kept:  # an empty page makes no sheet, and of somebody whom nobody asked no invitation
        if answered or invitation.pk is None:
            invitation.save()
        response.invitation = invitation
        response.save()
    return response


def _locked(invitation):
    """The invitation as it stands now, with nobody else at work on it until the end of the transaction."""
    if invitation.audience == Audience.HEAD or invitation.pk is None:
        # Two heads of one school who hand in at the same moment: the second waits here, and then finds the school answered. Two
        # clicks on a form that is not stored yet: the second finds what the first has stored.
        WaveSchool.objects.select_for_update().get(wave=invitation.wave_id, school=invitation.school_id)
    stored = Invitation.objects.select_for_update().order_by(
        "pk"
    )  # not by the school's name: PostgreSQL locks no outer join
    if invitation.pk is None:
        return stored.filter(token=invitation.token).first() or invitation
    return stored.get(pk=invitation.pk)
