"""Plain functions that make one thing each, with obvious defaults. Dates are passed in; none is read from the clock."""

import itertools
from datetime import date

from clusters.choices import ParticipationState, Role
from clusters.models import (
    Cluster,
    ClusterMembership,
    Cohort,
    LocalAuthority,
    Participation,
    Person,
    Phase,
    RoleAssignment,
    School,
)

START = date(2025, 8, 18)
_number = itertools.count(1)


def authority(name=None, **fields):
    """An invented authority with a GSS code of its own."""
    n = next(_number)
    name = name or f"Authority {n}"
    defaults = {"slug": name.lower().replace(" ", "-"), "gss_code": f"S99{n:06d}"}
    return LocalAuthority.objects.create(name=name, **(defaults | fields))


def school(name=None, authority=None, sector="P", **fields):
    """An invented school; SEED codes begin with 99."""
    n = next(_number)
    defaults = {"seed_code": f"99{n:05d}", "roll": 180, "stage_rolls": {f"P{stage}": 24 for stage in range(1, 8)}}
    return School.objects.create(
        name=name or f"School {n} Primary", sector=sector, authority=authority or _authority(), **(defaults | fields)
    )


_authority = authority


def cluster(name=None, authority=None, schools=(), starts_on=START, **fields):
    """A cluster and the memberships of its schools from `starts_on`."""
    n = next(_number)
    name = name or f"Cluster {n}"
    made = Cluster.objects.create(
        name=name,
        slug=name.lower().replace(" ", "-"),
        authority=authority or (schools[0].authority if schools else _authority()),
        **fields,
    )
    for member in schools:
        membership(made, member, starts_on=starts_on)
    return made


def membership(cluster, school, starts_on=START, ends_on=None):
    """A school in a cluster."""
    return ClusterMembership.objects.create(cluster=cluster, school=school, starts_on=starts_on, ends_on=ends_on)


def phase(name="Phase 2", starts_on=date(2018, 4, 1), ends_on=date(2028, 3, 31)):
    """The phase of that name, made when it is not there."""
    return Phase.objects.get_or_create(name=name, defaults={"starts_on": starts_on, "ends_on": ends_on})[0]


def cohort(name=None, starts_on=START, ends_on=date(2027, 6, 30), **fields):
    """A cohort of two years."""
    name = name or f"Cohort {next(_number)}"
    return Cohort.objects.create(
        name=name, slug=name.lower().replace(" ", "-"), phase=phase(), starts_on=starts_on, ends_on=ends_on, **fields
    )


def participation(cluster, cohort, state=ParticipationState.ACTIVE, state_since=START):
    """A cluster in a cohort."""
    return Participation.objects.create(cluster=cluster, cohort=cohort, state=state, state_since=state_since)


def person(full_name=None, email=None, **roles):
    """A person; `person(head=school)` or `person(staff=True)` gives a role as well."""
    n = next(_number)
    made = Person.objects.create_user(email or f"person{n}@example.org", full_name or f"Person Number{n}")
    for role, place in roles.items():
        give_role(made, Role(role), None if place is True else place)
    return made


def give_role(person, role, place=None, starts_on=START, ends_on=None):
    """A role at the place that it needs."""
    kind = {LocalAuthority: "authority", Cluster: "cluster", School: "school"}.get(type(place))
    return RoleAssignment.objects.create(
        person=person, role=role, starts_on=starts_on, ends_on=ends_on, **({kind: place} if kind else {})
    )
