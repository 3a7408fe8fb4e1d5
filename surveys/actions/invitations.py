"""Headteachers asked, reminded, and heard."""

from django.db import transaction
from django.utils.timezone import localdate

from clusters import tasks
from clusters.actions import NotNow
from clusters.audit import record
from clusters.models import RoleAssignment
from mentors.wording import day
from surveys.choices import Source
from surveys.counting import with_sheets
from surveys.links import personal_link
from surveys.models import Invitation, Response, WaveSchool
from surveys.questionnaires import questionnaire

REMINDED = "A reminder: how has the Primary Cluster Programme gone in your school?"
ASKED = "How has the Primary Cluster Programme gone in your school?"


@transaction.atomic
def invite_heads(wave, *, now, site, by):
    """Ask the present headteachers of each school of a headteacher wave; returns how many e-mails were sent.

    Heads who share a school are all asked, each by a link of his or her own; the first to hand in answers for the school. `site`
    is the address of the site ("https://pcp.example.org/"). Asking again sends nothing twice.
    """
    asked = set(wave.invitations.values_list("school", "person"))
    roles = [role for role in _heads(wave.schools.all(), now) if (role.school_id, role.person_id) not in asked]
    _ask(wave, roles, ASKED, now, site)
    record("headteachers invited", wave, by=by, sent=len(roles))
    return len(roles)


@transaction.atomic
def remind_heads(wave, *, now, site, by):
    """Send the link again to the headteachers of schools that are open and have not answered; returns how many were sent.

    A headteacher who came after the first asking gets a link of his or her own, to an empty form.
    """
    waiting = with_sheets(wave.schools.open(localdate(now))).filter(sheets=0)
    roles = _heads(waiting, now)
    if not roles:
        raise NotNow("There is nobody to remind: everyone has answered, or no headteacher is on record.")
    _ask(wave, roles, REMINDED, now, site)
    record("headteachers reminded", wave, by=by, sent=len(roles))
    return len(roles)


def _heads(wave_schools, now):
    """The present headteachers of some schools of a wave, each once at a school, as RoleAssignments."""
    heads = RoleAssignment.objects.heads(localdate(now)).filter(school__in=wave_schools.values("school"))
    return list({(role.school_id, role.person_id): role for role in heads}.values())


def _ask(wave, roles, subject, now, site):
    """Mail each of these headteachers the own link; an invitation is made where there is none."""
    there = {(each.school_id, each.person_id): each for each in wave.invitations.all()}
    closes_on = dict(wave.schools.values_list("school", "closes_on"))
    for role in roles:
        invitation = there.get((role.school_id, role.person_id))
        invitation = invitation or Invitation(wave=wave, school=role.school, person=role.person)
        invitation.sent_at = now
        invitation.save()
        _mail(invitation, role, subject, closes_on[role.school_id], site)


def _mail(invitation, role, subject, closes_on, site):
    body = (
        f"Hello {role.person.get_short_name()},\n\n"
        f"We would like to hear what difference the programme has made in {role.school}. "
        "There are ten questions, and they take about five minutes:\n\n"
        f"{personal_link(invitation, site)}\n\n"
        "The link is yours alone and needs no password. Your answers are kept as you go, and you can change them until "
        f"{day(closes_on)}.\n\n"
        "What you say of your school is seen by SSERC and the evaluator. It is not shown to your council, to other schools, "
        "to mentors or to another headteacher of your school. If two of you lead the school, one of you answers for it.\n\n"
        "Thank you,\nSSERC\n"
    )
    to = [role.person.email]
    transaction.on_commit(lambda: tasks.deliver_mail.delay(subject=subject, body=body, to=to))


def check_may_rate(wave_school, *, person, now):
    """Raise NotNow, with the reason, when this person may not answer about the school of a headteacher wave at this moment.

    `wave_school` has its `wave` and `school` loaded.
    """
    school = wave_school.school
    if not RoleAssignment.objects.heads(localdate(now)).filter(school=school, person=person).exists():
        raise NotNow(
            f"This link was for a headteacher of {school}, and you are no longer on our list as one. If that is a mistake, tell "
            "your SSERC contact."
        )
    if not wave_school.is_open(localdate(now)):
        raise NotNow(
            "This survey is not open at your school: it has not begun, or it has closed. If you would still like to answer, ask "
            "SSERC to open it for your school."
        )
    answered = Invitation.objects.filter(wave=wave_school.wave, school=school, answered_at__isnull=False)
    if answered.exclude(person=person).exists():
        raise NotNow(
            f"Another headteacher has answered for {school}. One set of answers is enough, so there is nothing for you to do."
        )


def check_rating_open(invitation, *, now):
    """Raise NotNow when an invitation opens no form at this moment (see `check_may_rate`); else return its WaveSchool.

    `invitation` has its `wave` and `school` loaded.
    """
    wave_school = invitation.wave.schools.get(school=invitation.school_id)
    wave_school.wave, wave_school.school = invitation.wave, invitation.school
    check_may_rate(wave_school, person=invitation.person_id, now=now)
    return wave_school


@transaction.atomic
def own_invitation(wave_school, *, now, by):
    """The invitation of the headteacher `by` to a headteacher wave at a school, made when there is none. Raises NotNow."""
    check_may_rate(wave_school, person=by, now=now)
    return Invitation.objects.get_or_create(wave=wave_school.wave, school=wave_school.school, person=by)[0]


@transaction.atomic
def keep_ratings(invitation, *, answers, now, finished=False):
    """Keep a headteacher's answers so far; a later answer to the same question takes the place of the earlier one.

    One sheet for each invitation, however often it is saved, and one that counts for each school. A question sent blank is taken
    back; one that is not sent stays as it was. The invitation counts as answered when the head says so (`finished`) or no question
    is left. Returns the Response. Raises NotNow when the form is not open to this head, AnswersRefused for a question or code that
    it does not have.
    """
    # Two heads of one school who hand in at the same moment: the second waits here, and then finds the school answered.
    WaveSchool.objects.select_for_update().get(wave=invitation.wave_id, school=invitation.school_id)
    invitation = Invitation.objects.select_related("wave", "school").get(pk=invitation.pk)
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
