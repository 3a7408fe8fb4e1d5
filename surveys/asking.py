"""Whom a survey of adults asks, about what, and whether they may still answer."""

from dataclasses import dataclass

from clusters.choices import Role
from clusters.models import Cluster, Person, RoleAssignment, School
from surveys.choices import Audience
from surveys.models import Invitation, WaveSchool

ROLES = {Audience.HEAD: Role.HEAD, Audience.TEACHER: Role.TEACHER, Audience.MENTOR: Role.MENTOR}


@dataclass(frozen=True)
class Asked:
    """One person who is asked: about the `school`, or as a mentor of the `cluster`, with a school where one is on record."""

    person: Person
    school: School | None
    cluster: Cluster | None

    def key(self, audience):
        """What an invitation of a wave is known by: heads are asked once about each school, the others once about themselves."""
        return (self.school.pk, self.person.pk) if audience == Audience.HEAD else self.person.pk


def invitation_key(invitation):
    """The same as `Asked.key`, of an Invitation; None for an anonymous one."""
    if invitation.person_id is None:
        return None
    return (
        (invitation.school_id, invitation.person_id) if invitation.audience == Audience.HEAD else invitation.person_id
    )


def people_asked(wave, wave_schools, on):
    """Everybody on record whom a wave of adults asks at some of its schools on a date: [Asked], each once.

    The present heads and teachers of the schools, and the mentors of their clusters. Who is a mentor in the wave is not asked
    once more as a teacher.
    """
    if wave.audience == Audience.MENTOR:
        return _mentors(wave_schools, on)
    roles = RoleAssignment.objects.holding(ROLES[wave.audience], on).filter(school__in=wave_schools.values("school"))
    if wave.audience == Audience.TEACHER:
        mentors = RoleAssignment.objects.holding(Role.MENTOR, on).filter(cluster__in=wave.schools.values("cluster"))
        roles = roles.exclude(person__in=mentors.values("person"))
    found = {}
    for role in roles:
        asked = Asked(role.person, role.school, None)
        found.setdefault(asked.key(wave.audience), asked)
    return list(found.values())


def _mentors(wave_schools, on):
    places = dict(wave_schools.values_list("school", "cluster"))
    mentors = RoleAssignment.objects.holding(Role.MENTOR, on).filter(cluster__in=set(places.values()))
    at_school = RoleAssignment.objects.current(on).filter(
        role__in=[Role.TEACHER, Role.HEAD], person__in=mentors.values("person"), school__in=places
    )
    schools = {}
    for role in at_school.select_related("school").order_by("starts_on", "pk"):
        schools.setdefault((role.person_id, places[role.school_id]), role.school)
    found = {}
    for role in mentors:
        asked = Asked(role.person, schools.get((role.person_id, role.cluster_id)), role.cluster)
        found.setdefault(asked.key(Audience.MENTOR), asked)
    return list(found.values())


def still_asked(wave_school, audience, person, on):
    """Whether this person holds the role, at this school or in its cluster, because of which such a wave asks them there."""
    held = RoleAssignment.objects.holding(ROLES[audience], on).filter(person=person)
    place = {"cluster": wave_school.cluster_id} if audience == Audience.MENTOR else {"school": wave_school.school_id}
    return held.filter(**place).exists()


def row_of(invitation, on):
    """The WaveSchool by whose dates an invitation opens, with its wave and school.

    A mentor works for a whole cluster, and may answer as long as one of its schools in the wave may: of those, the one that is open
    longest.
    """
    rows = WaveSchool.objects.filter(wave=invitation.wave_id).select_related("wave", "school", "cluster")
    if invitation.audience == Audience.MENTOR:
        rows = rows.filter(cluster=invitation.cluster_id)
    else:
        rows = rows.filter(school=invitation.school_id)
    return best_row(rows, on)


def best_row(rows, on):
    """Of the rows of one wave, the one at which somebody who belongs to all of them may answer longest."""
    return max(rows, key=lambda row: (row.is_open(on), row.closes_on, -row.pk))


def _is_of(row, invitation):
    if invitation.audience == Audience.MENTOR:
        return row.cluster_id == invitation.cluster_id
    return row.school_id == invitation.school_id


def own_rows(access, person, on):
    """What this person is asked, newest first: [(WaveSchool, own Invitation or None)], one for each form that there is to fill in."""
    rows = WaveSchool.objects.asking(access).filter(wave__opened_at__isnull=False)
    rows = rows.select_related("wave__cohort", "school", "cluster").order_by("-wave__opens_on", "school__name", "pk")
    asked = Invitation.objects.filter(person=person, wave__in=rows.order_by().values("wave"))
    invitations = {(each.wave_id, invitation_key(each)): each for each in asked}
    forms = {}
    for row in rows:
        about_self = row.wave.audience != Audience.HEAD
        forms.setdefault((row.wave_id, person.pk if about_self else (row.school_id, person.pk)), []).append(row)
    found = []
    for key, choice in forms.items():
        invitation = invitations.get(key)
        there = [row for row in choice if invitation and _is_of(row, invitation)]
        found.append((best_row(there or choice, on), invitation))
    return found
