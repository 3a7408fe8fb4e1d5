"""Schools, clusters, cohorts and the people who belong to them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from clusters.calendar import academic_session
from clusters.choices import AuthorityState, FactStatus, MilestoneKind, ParticipationState, Role, Sector
from clusters.importing.deprivation import fifth_by_share
from clusters.models import (
    AuthorityParticipation,
    Cluster,
    ClusterMembership,
    Cohort,
    LocalAuthority,
    Milestone,
    Participation,
    Person,
    Phase,
    RoleAssignment,
    School,
)

STAGES = ["P1", "P2", "P3", "P4", "P5", "P6", "P7"]
EDITION = "Invented for the demonstration"


@dataclass
class Programme:
    """What the demonstration is made of, as it grows. `chooser` is the seeded random.Random, `today` a date."""

    chooser: object
    names: object
    today: date
    seed: int = 0
    admin: Person = None
    staff: Person = None
    evaluator: Person = None
    officers: dict = field(default_factory=dict)  # authority pk: Person
    cohorts: dict = field(default_factory=dict)  # "effect", "null", "current", "earlier": Cohort
    clusters: dict = field(default_factory=dict)  # the same keys: [Cluster]
    schools: dict = field(default_factory=dict)  # cluster pk: [School], primaries only
    heads: dict = field(default_factory=dict)  # school pk: Person
    mentors: dict = field(default_factory=dict)  # cluster pk: [Person]
    teachers: dict = field(default_factory=dict)  # school pk: Person
    register: dict = field(default_factory=dict)  # authority pk: real School rows still free, with --schools

    @property
    def session(self):
        """The academic session of the cohort in progress: today's, once it is a month old and pupils can be asked."""
        return academic_session(self.today - timedelta(days=30))


def make_people_at_the_centre(programme):
    """SSERC's administrator and staff, and the evaluator."""
    start = date(2018, 4, 1)
    programme.admin = make_person(programme, Role.ADMIN, starts_on=start)
    programme.staff = make_person(programme, Role.STAFF, starts_on=start)
    programme.evaluator = make_person(programme, Role.EVALUATOR, starts_on=start)


def make_cohorts(programme, kinds):
    """Phases, and one cohort for each kind: "effect" and "null" are evaluated, "current" is in its first year.

    The last evaluated cohort is the latest one whose headteachers have been asked, in the autumn after its year.
    """
    year = programme.session.start_year
    latest = year - 1 if ratings_asked(year - 1)[1] < programme.today else year - 2
    Phase.objects.create(name="Phase 1", starts_on=date(2012, 9, 1), ends_on=date(2018, 3, 31))
    phase = Phase.objects.create(name="Phase 2", starts_on=date(2018, 4, 1), ends_on=date(year + 2, 3, 31))
    starts = {"effect": latest - 1 if "null" in kinds else latest, "null": latest, "current": year}
    for kind in kinds:
        _make_cohort(programme, kind, phase, starts[kind])


def make_earlier_cohort(programme, authorities, clusters):
    """A cohort of a few clusters, the year before the first that is evaluated, so that there is something to compare over the years.

    It is made after all others, and so changes nothing in them.
    """
    phase, first = Phase.objects.get(name="Phase 2"), programme.cohorts["effect"]
    _make_cohort(programme, "earlier", phase, first.starts_on.year - 1)
    for place in range(clusters):
        make_cluster(programme, "earlier", authorities[place % len(authorities)], 7)


def _make_cohort(programme, kind, phase, begins):
    programme.cohorts[kind] = Cohort.objects.create(
        name=f"Cohort {begins}",
        slug=f"cohort-{begins}",
        phase=phase,
        starts_on=date(begins, 8, 18),
        ends_on=date(begins + 2, 6, 30),
    )
    programme.clusters[kind] = []


def ratings_asked(year):
    """The first and the last day on which the headteachers of a cohort that began in `year` are asked."""
    return date(year + 1, 10, 5), date(year + 1, 10, 30)


def make_authorities(programme, count):
    """The authorities that take part, with a quality improvement officer each and their state in the phase; all 32 get a state."""
    everyone = list(LocalAuthority.objects.order_by("name"))
    if count < len(everyone):
        chosen = [authority for authority in everyone if authority.name in ("Angus", "East Lothian")][:count]
    else:
        chosen = everyone
    phase = Phase.objects.get(name="Phase 2")
    others = [AuthorityState.IN_TALKS, AuthorityState.COMMITTED, AuthorityState.NOT_CONTACTED, AuthorityState.ALUMNI]
    for authority in everyone:
        state = AuthorityState.ACTIVE if authority in chosen else programme.chooser.choice(others)
        AuthorityParticipation.objects.create(authority=authority, phase=phase, state=state)
    for authority in chosen:
        programme.officers[authority.pk] = make_person(
            programme, Role.QIO, authority=authority, starts_on=date(2018, 8, 1)
        )
    return chosen


def make_cluster(programme, kind, authority, primaries):
    """One cluster of `primaries` schools and their secondary in the cohort of this kind, with mentors and heads, and teachers if it is in progress."""
    cohort = programme.cohorts[kind]
    schools = [_school(programme, authority) for _ in range(primaries)]
    place = programme.names.place()
    secondary = _invented_school(programme, authority, f"{place} Academy", Sector.SECONDARY)
    cluster = Cluster.objects.create(authority=authority, name=place, slug=place.lower())
    ClusterMembership.objects.bulk_create(
        ClusterMembership(cluster=cluster, school=school, starts_on=cohort.starts_on - timedelta(days=60))
        for school in [*schools, secondary]
    )
    participation = Participation.objects.create(
        cluster=cluster, cohort=cohort, state=ParticipationState.ACTIVE, state_since=cohort.starts_on
    )
    _milestones(programme, participation)
    programme.clusters[kind].append(cluster)
    programme.schools[cluster.pk] = schools
    programme.mentors[cluster.pk] = [
        make_person(programme, Role.MENTOR, cluster=cluster, starts_on=cohort.starts_on) for _ in range(2)
    ]
    for school in schools:
        programme.heads[school.pk] = make_person(programme, Role.HEAD, school=school, starts_on=cohort.starts_on)
    for school in schools if kind == "current" else []:
        programme.teachers[school.pk] = make_person(programme, Role.TEACHER, school=school, starts_on=cohort.starts_on)
    return cluster


def state_on(cohort, today):
    """The state that a cluster of this cohort has reached: active, Sustain and Extend from the second year, then completed."""
    if cohort.ends_on < today:
        return ParticipationState.ALUMNI
    if state_since(cohort, ParticipationState.SUSTAIN) <= today:
        return ParticipationState.SUSTAIN
    return ParticipationState.ACTIVE


def state_since(cohort, state):
    """The day on which clusters of this cohort came into a state."""
    return {
        ParticipationState.ACTIVE: cohort.starts_on,
        ParticipationState.SUSTAIN: cohort.starts_on + timedelta(days=365),
        ParticipationState.ALUMNI: cohort.ends_on + timedelta(days=1),
    }[state]


def _milestones(programme, participation):
    starts_on = participation.cohort.starts_on
    shift = timedelta(days=programme.chooser.randrange(0, 15))
    for kind, days in (
        (MilestoneKind.AGREEMENT, -110),
        (MilestoneKind.RESIDENTIAL_1, 30),
        (MilestoneKind.RESIDENTIAL_2, 300),
        (MilestoneKind.SUSTAIN_REVIEW, 640),
    ):
        Milestone.objects.create(participation=participation, kind=kind, on=starts_on + timedelta(days=days) + shift)


def make_person(programme, role, starts_on, **place):
    """A person of an invented name who holds a role from a day on, at the `place` that it needs."""
    name = programme.names.person()
    person = Person.objects.create_user(f"{name.lower().replace(' ', '.')}@example.org", name)
    RoleAssignment.objects.create(person=person, role=role, starts_on=starts_on, **place)
    return person


def _school(programme, authority):
    """A school of the real register where there is one left, else an invented one."""
    if programme.register.get(authority.pk):
        return programme.register[authority.pk].pop()
    return _invented_school(programme, authority, programme.names.school(), Sector.PRIMARY)


def _invented_school(programme, authority, name, sector):
    chooser = programme.chooser
    number = School.objects.filter(seed_code__startswith="99").count() + 1
    if sector == Sector.SECONDARY:
        return School.objects.create(
            seed_code=f"99{number:05d}",
            sector=sector,
            name=name,
            authority=authority,
            roll=chooser.randrange(300, 1100),
        )
    stage = max(2, round(chooser.lognormvariate(3.0, 0.7)))
    rolls = {name_: max(1, stage + chooser.randrange(-3, 4)) for name_ in STAGES}
    deprived = round(min(97.5, chooser.expovariate(1 / 22)), 1)
    hidden = chooser.random() < 0.16
    share = None if hidden else Decimal(str(deprived))
    status = FactStatus.SUPPRESSED if hidden else FactStatus.EXACT
    facts = {
        field_: {"edition": EDITION, "on": f"{programme.session.start_year - 1}-09-15", "status": "exact"}
        for field_ in ("roll",)
    }
    return School.objects.create(
        seed_code=f"99{number:05d}",
        sector=sector,
        name=name,
        authority=authority,
        postcode=f"ZZ{chooser.randrange(1, 99)} {chooser.randrange(1, 9)}{chooser.choice('ABDEFGHJ')}{chooser.choice('LNPQRSTU')}",
        roll=sum(rolls.values()),
        stage_rolls=rolls,
        teachers=Decimal(str(round(sum(rolls.values()) / 16, 1))),
        deprived_share=share,
        deprived_status=status,
        simd_quintile=None if hidden else fifth_by_share(share),
        urban_rural=chooser.choice([1, 2, 2, 3, 4, 6, 6, 7, 8]),
        medium="English medium only",
        denomination=chooser.choices(["Non-denominational", "Roman Catholic"], [6, 1])[0],
        facts=facts,
    )
