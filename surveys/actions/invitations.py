"""Headteachers asked, reminded, and heard."""

from django.db import transaction
from django.utils.timezone import localdate

from clusters import tasks
from clusters.actions import NotNow
from clusters.audit import record
from clusters.choices import Role
from clusters.models import RoleAssignment
from mentors.wording import day
from surveys.choices import Source
from surveys.links import personal_link
from surveys.models import Invitation, Response, WaveSchool
from surveys.models.responses import make_token
from surveys.questionnaires import questionnaire

REMINDED = "A reminder: how has the Primary Cluster Programme gone in your school?"
ASKED = "How has the Primary Cluster Programme gone in your school?"


@transaction.atomic
def invite_heads(wave, *, now, site, by):
    """Ask the present headteacher of each school of a headteacher wave; returns how many e-mails were sent.

    `site` is the address of the site ("https://pcp.example.org/"). A school without a headteacher on record gets its
    invitation too, unsent, so that it shows in the list of who has not answered. Asking again sends nothing twice.
    """
    wave_schools = list(wave.schools.select_related("school"))
    asked = set(wave.invitations.values_list("school", flat=True))
    heads = _heads([row.school_id for row in wave_schools], now)
    new = [
        Invitation(
            wave=wave,
            school=row.school,
            person=heads.get(row.school_id),
            sent_at=now if row.school_id in heads else None,
        )
        for row in wave_schools
        if row.school_id not in asked
    ]
    Invitation.objects.bulk_create(new)
    closes_on = {row.school_id: row.closes_on for row in wave_schools}
    sent = [invitation for invitation in new if invitation.person]
    for invitation in sent:
        _mail(invitation, ASKED, closes_on[invitation.school_id], site)
    record("headteachers invited", wave, by=by, sent=len(sent))
    return len(sent)


@transaction.atomic
def remind_heads(wave, *, now, site, by):
    """Send the link again to headteachers who have not answered, at schools that are still open; returns how many were sent.

    A headteacher who came after the first asking gets a link of his or her own, and the old one stops working.
    """
    open_schools = {row.school_id: row for row in WaveSchool.objects.open(localdate(now)).filter(wave=wave)}
    waiting = wave.invitations.filter(answered_at__isnull=True, school__in=open_schools).select_related("school")
    heads = _heads(list(open_schools), now)
    sent = 0
    for invitation in waiting:
        head = heads.get(invitation.school_id)
        if head is None:
            continue
        if invitation.person_id != head.pk:
            invitation.person, invitation.token = head, make_token()
        invitation.sent_at = now
        invitation.save()
        _mail(invitation, REMINDED, open_schools[invitation.school_id].closes_on, site)
        sent += 1
    if not sent:
        raise NotNow("There is nobody to remind: everyone has answered, or no headteacher is on record.")
    record("headteachers reminded", wave, by=by, sent=sent)
    return sent


def _heads(schools, now):
    """The present headteacher of each school that has one: {school pk: person}; of two, the one who came last."""
    current = RoleAssignment.objects.current(localdate(now)).filter(
        role=Role.HEAD, school__in=schools, person__is_active=True
    )
    return {role.school_id: role.person for role in current.select_related("person").order_by("starts_on", "pk")}


def _mail(invitation, subject, closes_on, site):
    body = (
        f"Hello {invitation.person.get_short_name()},\n\n"
        f"We would like to hear what difference the programme has made in {invitation.school}. "
        "There are ten questions, and they take about five minutes:\n\n"
        f"{personal_link(invitation, site)}\n\n"
        "The link is yours alone and needs no password. Your answers are kept as you go, and you can change them until "
        f"{day(closes_on)}.\n\n"
        "What you say of your school is seen by SSERC and the evaluator. It is not shown to your council, to other schools "
        "or to mentors.\n\nThank you,\nSSERC\n"
    )
    to = [invitation.person.email]
    transaction.on_commit(lambda: tasks.deliver_mail.delay(subject=subject, body=body, to=to))


def check_rating_open(invitation, *, now):
    """Raise NotNow when the headteacher's form is not open at the school."""
    wave_school = invitation.wave.schools.get(school=invitation.school_id)
    wave_school.wave = invitation.wave
    if not wave_school.is_open(localdate(now)):
        raise NotNow("This survey is not open at your school.")
    return wave_school


@transaction.atomic
def keep_ratings(invitation, *, answers, now, finished=False):
    """Keep a headteacher's answers so far; a later answer to the same question takes the place of the earlier one.

    One sheet for each invitation, however often it is saved. A question sent blank is taken back; one that is not sent stays as
    it was. The invitation counts as answered when the head says so (`finished`) or no question is left. Returns the Response.
    Raises NotNow when the form is not open at the school, AnswersRefused for a question or code that it does not have.
    """
    invitation = Invitation.objects.select_for_update().select_related("wave").get(pk=invitation.pk)
    check_rating_open(invitation, now=now)
    asked = questionnaire(invitation.wave.versions.select_related("instrument").get())
    kept = asked.checked(answers)
    response = Response.objects.filter(invitation=invitation).first()
    if response is None:
        response = Response(
            wave=invitation.wave,
            school_id=invitation.school_id,
            invitation=invitation,
            version_id=asked.version_id,
            source=Source.FORM,
        )
    response.answers = {key: code for key, code in response.answers.items() if key not in answers} | kept
    response.received_at = now
    if response.pk or kept:  # an empty page makes no sheet
        response.save()
    everything = len(response.answers) == len(asked.questions)
    if invitation.answered_at is None and response.answers and (finished or everything):
        invitation.answered_at = now
        invitation.save(update_fields=["answered_at"])
    return response
