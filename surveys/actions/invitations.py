"""Headteachers, teachers and mentors asked and reminded, each by a link of his or her own."""

from django.db import transaction
from django.utils.timezone import localdate

from clusters import tasks
from clusters.actions import NotNow
from clusters.audit import record
from mentors.wording import day
from surveys.asking import best_row, invitation_key, people_asked
from surveys.choices import Audience
from surveys.counting import with_sheets
from surveys.links import personal_link
from surveys.models import Invitation
from surveys.questionnaires import questionnaire
from surveys.wording import WORDS, effort


@transaction.atomic
def invite(wave, *, now, site, by):
    """Ask everybody on record whom a wave of adults asks (`asking.people_asked`); returns how many e-mails were sent.

    Heads who share a school are all asked; the first to hand in answers for the school. `site` is the address of the site
    ("https://pcp.example.org/"). Asking again sends nothing twice.
    """
    there = {invitation_key(each) for each in wave.invitations.all()}
    people = people_asked(wave, wave.schools.all(), localdate(now))
    people = [asked for asked in people if asked.key(wave.audience) not in there]
    _ask(wave, people, WORDS[wave.audience].subject, now, site)
    record(f"{WORDS[wave.audience].many} invited", wave, by=by, sent=len(people))
    return len(people)


@transaction.atomic
def remind(wave, *, now, site, by):
    """Send the link again to those who have not answered where the survey is open; returns how many were sent.

    Of a school where one headteacher has answered nobody is reminded. Who came after the first asking gets a link of the own, to
    an empty form. Raises NotNow when there is nobody.
    """
    people = waiting(wave, localdate(now))
    words = WORDS[wave.audience]
    if not people:
        raise NotNow(f"There is nobody to remind: everyone has answered, or no {words.one} is on record.")
    _ask(wave, people, words.reminder, now, site)
    record(f"{words.many} reminded", wave, by=by, sent=len(people))
    return len(people)


def waiting(wave, on):
    """Who on record may answer a wave of adults on a date and has not: [asking.Asked]."""
    rows = wave.schools.open(on)
    if wave.audience == Audience.HEAD:
        return people_asked(wave, with_sheets(rows).filter(sheets=0), on)
    answered = set(wave.invitations.filter(answered_at__isnull=False).values_list("person", flat=True))
    return [asked for asked in people_asked(wave, rows, on) if asked.person.pk not in answered]


def _ask(wave, people, subject, now, site):
    """Mail each of these people the own link; an invitation is made where there is none."""
    there = {invitation_key(each): each for each in wave.invitations.all()}
    rows = {}
    for row in wave.schools.all():
        row.wave = wave
        rows.setdefault(("school", row.school_id), []).append(row)
        rows.setdefault(("cluster", row.cluster_id), []).append(row)
    asked_how_much = effort(_questions(wave))
    for asked in people:
        invitation = there.get(asked.key(wave.audience))
        invitation = invitation or Invitation(
            wave=wave, audience=wave.audience, school=asked.school, cluster=asked.cluster, person=asked.person
        )
        invitation.sent_at = now
        invitation.save()
        place = ("cluster", asked.cluster.pk) if asked.cluster else ("school", invitation.school_id)
        closes_on = best_row(rows[place], localdate(now)).closes_on
        _mail(invitation, asked, subject, asked_how_much, closes_on, site)


def _questions(wave):
    return questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)


def _mail(invitation, asked, subject, asked_how_much, closes_on, site):
    words = WORDS[invitation.audience]
    body = (
        f"Hello {asked.person.get_short_name()},\n\n"
        f"{words.asking.format(place=asked.cluster or asked.school)} There are {asked_how_much}:\n\n"
        f"{personal_link(invitation, site)}\n\n"
        "The link is yours alone and needs no password. Your answers are kept as you go, and you can change them until "
        f"{day(closes_on)}.\n\n"
        f"{words.privacy}\n\n"
        "Thank you,\nSSERC\n"
    )
    to = [asked.person.email]
    # A personal link is stored nowhere: where no mail server takes it, whoever has not answered is reminded instead.
    transaction.on_commit(lambda: tasks.deliver_mail.delay(subject=subject, body=body, to=to, keep=False))
