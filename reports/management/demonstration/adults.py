"""What the adults of the invented programme say: mentors and teachers before and after, headteachers in statements.

Known truths to find again: confidence rises over the year, engineering is lowest both times, mentors start and end above teachers,
and headteachers who rate the programme high agree more. Some cannot say, some never answer, and most teachers come by their school's
link, so that nobody can put their two sheets together. Everything is drawn from a chooser of its own: the pupils' answers are the
same with and without it.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from clusters.choices import Role
from reports.management.demonstration import places
from reports.management.demonstration.waves import at, opened_wave
from surveys.actions.sheets import keep_answers
from surveys.choices import Audience, Moment
from surveys.links import begun
from surveys.questionnaires import questionnaire

_LEAN = {"science": 0.1, "technology": -0.2, "engineering": -0.8, "mathematics": 0.35}
_CONSTRUCTS = {"teaching science": 0.25, "being a mentor": 0.3, "the programme": 1.15}
_CUTS = [-1.7, -0.8, 0.0, 0.9]
GAIN = 0.6  # in SD of the confidence, from the first to the second asking


@dataclass(frozen=True)
class Size:
    """How many mentors a cluster has, which share of schools has a teacher on record, and how many come by a school's link."""

    mentors: int
    on_record: float
    by_link: int


@dataclass(frozen=True)
class _Voice:
    """One adult: how confident at the start, and whether he or she answers before and after."""

    trait: float
    before: bool
    after: bool


def own_chooser(programme, kind):
    """A random.Random for the adults of one cohort, from the seed of the programme."""
    return random.Random(f"{programme.seed} adults {kind}")  # noqa: S311  an invented programme, not a secret


def statements(chooser, asked, high):
    """A headteacher's agreement with the statements on the programme: {item key: code}."""
    return _answers(
        chooser, [each for each in asked.questions if each.construct == "the programme"], 0.4 if high else -0.4
    )


def evaluated(programme, kind, size):
    """Mentors before their first residential and about nine months later, teachers in autumn and a year later."""
    chooser, cohort = own_chooser(programme, kind), programme.cohorts[kind]
    year = cohort.starts_on.year
    _more_people(programme, kind, size, chooser)
    voices = {}
    mentored = [
        opened_wave(programme, cohort, Audience.MENTOR, Moment.BASELINE, date(year, 9, 1), date(year, 9, 14)),
        opened_wave(programme, cohort, Audience.MENTOR, Moment.FOLLOW_UP, date(year + 1, 6, 8), date(year + 1, 6, 26)),
    ]
    taught = [
        opened_wave(programme, cohort, Audience.TEACHER, Moment.BASELINE, date(year, 9, 21), date(year, 10, 9)),
        opened_wave(programme, cohort, Audience.TEACHER, Moment.FOLLOW_UP, *places.ratings_asked(year)),
    ]
    for wave in mentored:
        _by_own_link(chooser, wave, voices, lean=0.35, sure=True)
    for wave in taught:
        _by_own_link(chooser, wave, voices, lean=0)
        _by_school_link(chooser, wave, size)


def in_progress(programme, size):
    """Mentors and teachers are being asked: some have answered, and who looks round as one of them has something to answer."""
    chooser, cohort = own_chooser(programme, "current"), programme.cohorts["current"]
    opens_on, closes_on = programme.today - timedelta(days=6), programme.today + timedelta(days=12)
    for audience in (Audience.MENTOR, Audience.TEACHER):
        wave = opened_wave(programme, cohort, audience, Moment.BASELINE, opens_on, closes_on)
        asked = _asked(wave)
        invitations = list(wave.invitations.select_related("wave", "school", "cluster").order_by("pk"))
        # The sign-in page offers the first mentor and the teacher of the last school: they have not answered.
        for invitation in invitations[1:-1:2] if audience == Audience.TEACHER else invitations[1:]:
            keep_answers(
                invitation,
                answers=_answers(chooser, asked.questions, chooser.gauss(0, 0.8)),
                now=at(opens_on, 16),
                finished=True,
            )
        if audience == Audience.TEACHER:
            _by_school_link(chooser, wave, size, schools=3)


def _more_people(programme, kind, size, chooser):
    """Mentors up to the wanted number, and teachers on record at some schools."""
    starts_on = programme.cohorts[kind].starts_on
    for cluster in programme.clusters[kind]:
        for _ in range(size.mentors - len(programme.mentors[cluster.pk])):
            places.make_person(programme, Role.MENTOR, cluster=cluster, starts_on=starts_on)
        for school in programme.schools[cluster.pk]:
            if chooser.random() < size.on_record:
                places.make_person(programme, Role.TEACHER, school=school, starts_on=starts_on)


def _by_own_link(chooser, wave, voices, *, lean, sure=False):
    """Everybody who was asked by name; `voices` remembers them from the first asking to the second. `sure`: nearly all answer."""
    asked, after = _asked(wave), wave.moment == Moment.FOLLOW_UP
    often = (0.98, 0.97) if sure else (0.9, 0.8)
    for invitation in wave.invitations.select_related("wave", "school", "cluster").order_by("pk"):
        voice = voices.setdefault(
            invitation.person_id,
            _Voice(chooser.gauss(lean, 0.8), chooser.random() < often[0], chooser.random() < often[1]),
        )
        if voice.after if after else voice.before:
            answers = _answers(chooser, asked.questions, voice.trait + (chooser.gauss(GAIN, 0.4) if after else 0))
            keep_answers(invitation, answers=answers, now=_moment(chooser, wave), finished=True)


def _by_school_link(chooser, wave, size, schools=None):
    """Teachers whom nobody knows, up to `size.by_link` of each school; at the second asking fewer come."""
    asked, after = _asked(wave), wave.moment == Moment.FOLLOW_UP
    rows = wave.schools.select_related("wave", "school", "cluster").order_by("school__seed_code")
    for row in rows[:schools]:
        for _ in range(chooser.randrange(size.by_link + 1 - after)):
            answers = _answers(chooser, asked.questions, chooser.gauss(GAIN if after else 0, 0.9))
            invitation = begun(row)
            invitation.token = f"{row.pk}.{chooser.getrandbits(144):036x}"[:40]
            keep_answers(invitation, answers=answers, now=_moment(chooser, wave), finished=True)


def _asked(wave):
    return questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)


def _moment(chooser, wave):
    return at(wave.opens_on + timedelta(days=chooser.randrange((wave.closes_on - wave.opens_on).days)), 16)


def _answers(chooser, questions, level):
    """One adult's answers: {item key: code, or codes}; now and then one is skipped or cannot be said."""
    answers = {}
    for place, question in enumerate(questions):
        if question.ticks:
            answers[question.key] = [
                code for code, _ in question.options if code not in question.alone and chooser.random() < 0.4
            ] or list(question.alone)
            continue
        roll = chooser.random()
        if roll < 0.02:
            continue
        if roll < (0.09 if question.construct == "the programme" else 0.04):
            answers[question.key] = question.outside[0][0]
            continue
        lean = _LEAN.get(question.area, _CONSTRUCTS.get(question.construct, ((place * 37) % 11 - 6) / 12))
        drawn = 0.8 * level + lean + chooser.gauss(0, 0.6)
        answers[question.key] = question.points[sum(drawn > cut for cut in _CUTS)][0]
    return answers
