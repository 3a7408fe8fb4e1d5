"""What the access table tries of surveys: {URL name: {twin: [arguments]}}."""

from datetime import timedelta

from django.utils import timezone

from surveys.choices import Audience, Moment
from surveys.links import feedback_code, school_link, signed
from surveys.models import AnswerImport, Invitation
from tests import make
from tests.mentors.making import session
from tests.surveys import make_surveys
from tests.surveys.access_classes import class_targets


def targets(world):
    """Arguments at the own, sibling and foreign places of the world."""
    return survey_targets(world) | class_targets(world) | feedback_targets(world)


def feedback_targets(world):
    """Sessions that were held today; who has the link is not of one of the places that leak tests look for."""
    today, staff = timezone.localdate(), world.people["staff"]
    held = {
        "own": session(world.own_cluster, {world.own_school: 3}, by=staff, held_on=today, today=today),
        "sibling": session(world.sibling_cluster, {world.sibling_school: 3}, by=staff, held_on=today, today=today),
        "foreign": session(world.foreign_cluster, {world.foreign_school: 3}, by=staff, held_on=today, today=today),
    }
    school = make.school("Scannedschool Primary", world.own_authority)
    cluster = make.cluster("Scannedcluster", world.own_authority, [school])
    code = feedback_code(session(cluster, {school: 3}, by=staff, held_on=today, today=today))
    return {
        "session-feedback": {twin: [one.pk] for twin, one in held.items()},
        "feedback-form": {"own": [code], "unknown": [f"{code[:-1]}0"]},
        "feedback-thanks": {"own": [code]},
    }


def survey_targets(world):
    """A pupil wave and a headteacher wave at each place, open today; each in a cohort of its own."""
    found = {name: {} for name in ("wave-detail", "wave-open", "wave-close", "answers-import", "answers-import-check")}
    found |= {
        name: {} for name in ("wave-chase", "wave-school-dates", "wave-school-close", "wave-school-link", "my-answers")
    }
    places = {"own": world.own_school, "sibling": world.sibling_school, "foreign": world.foreign_school}
    for twin, school in places.items():
        cohort = make.cohort()
        pupils, heads = _wave(cohort, school), _wave(cohort, school, audience=Audience.HEAD, moment=Moment.ONCE)
        for name in ("wave-detail", "wave-open", "wave-close", "answers-import"):
            found[name][twin] = [pupils.pk]
        found["wave-chase"][twin] = [heads.pk]
        found["my-answers"][twin] = [heads.schools.get().pk]
        found["wave-school-link"][twin] = [_wave(cohort, school, audience=Audience.TEACHER).pk, school.key]
        for name in ("wave-school-dates", "wave-school-close"):
            found[name][twin] = [pupils.pk, school.key]
        brought = AnswerImport.objects.create(wave=pupils, file_name="pupils.csv", sha256="0" * 64)
        found["answers-import-check"][twin] = [brought.pk]
    found["instrument-detail"] = {"own": ["pupils-p2p4"]}
    return found | _link_targets(world)


def _link_targets(world):
    # Whoever holds a personal link may answer, signed in or not: so the school is one whose name no leak test looks for.
    school = make.school("Linkedschool Primary", world.own_authority)
    wave = _wave(make.cohort(), school, audience=Audience.HEAD, moment=Moment.ONCE)
    link = signed(Invitation.objects.create(wave=wave, school=school, person=make.person(head=school)))
    row = _wave(make.cohort(), school, audience=Audience.TEACHER).schools.get()
    begin = {"teachers-begin": {"own": [school_link(row).strip("/").rpartition("/")[2]]}}
    return begin | {"adult-form": {"own": [link]}, "adult-questions": {"own": [link, 1]}, "adult-done": {"own": [link]}}


def _wave(cohort, school, **fields):
    today = timezone.localdate()
    return make_surveys.wave(
        cohort, [school], opens_on=today - timedelta(days=7), closes_on=today + timedelta(days=7), **fields
    )
