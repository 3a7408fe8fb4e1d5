"""What sessions add up to for a place and a time, for the home page, the dashboards and the cluster's page.

Every figure comes from `SessionQuerySet.totals`, `totals_by` and `per_school`; nothing else adds up hours.
"""

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, Sum

from clusters.choices import Role
from clusters.models import ClusterMembership, Person, RoleAssignment, School
from mentors.models import Attendance, LearningSession
from mentors.querysets import SchoolLearning, SessionTotals


@dataclass(frozen=True)
class SchoolRow:
    """A school of a cluster beside its share of the cluster's sessions; all zero when nobody came to any."""

    school: School
    learning: SchoolLearning

    @property
    def met(self):
        """Whether anybody of the school was at any session."""
        return self.learning.sessions > 0


@dataclass(frozen=True)
class Place:
    """A school that a session may be logged for, with the people who are known there."""

    school: School
    people: list[Person]

    @property
    def teachers(self):
        """Teachers at the school (full-time equivalent, rounded), or None where the register does not say."""
        return None if self.school.teachers is None else max(1, round(self.school.teachers))


@dataclass(frozen=True)
class YearTotals:
    """What the sessions of one year add up to, or of all years (`start` None), and at least how many teachers came."""

    start: int | None
    totals: SessionTotals
    teachers: int

    @property
    def label(self):
        """The year as people write it: 2025/26."""
        return "All years" if self.start is None else f"{self.start}/{(self.start + 1) % 100:02d}"

    @classmethod
    def of(cls, start, held, came):
        """Add up rows of sessions {"sessions", "minutes"} and rows of schools in a year, as the querysets give them."""
        most = {}
        for row in came:
            most[row["school"]] = max(row["most"], most.get(row["school"], 0))
        totals = SessionTotals(
            sessions=sum(row["sessions"] for row in held),
            minutes=sum(row["minutes"] for row in held),
            attendances=sum(row["attendances"] for row in came),
            teacher_minutes=sum(row["teacher_minutes"] for row in came),
            schools=len(most),
        )
        return cls(start, totals, sum(most.values()))


def sessions_of(*, cluster=None, authority=None, starts_on=None, ends_on=None):
    """Sessions of one cluster, of one authority, or of the whole programme, between two dates (both included, both optional)."""
    sessions = LearningSession.objects.all()
    if cluster is not None:
        sessions = sessions.filter(cluster=cluster)
    if authority is not None:
        sessions = sessions.filter(cluster__authority=authority)
    if starts_on is not None:
        sessions = sessions.filter(held_on__gte=starts_on)
    if ends_on is not None:
        sessions = sessions.filter(held_on__lte=ends_on)
    return sessions


def totals_for(**place_and_dates):
    """The SessionTotals of a place between two dates; arguments as for `sessions_of`. Two queries."""
    return sessions_of(**place_and_dates).totals()


def totals_by_year(first_month, **place):
    """Sessions of a place year by year, and all years together; years begin with `first_month` (8 academic, 4 financial).

    `place` as for `sessions_of`. Two queries. Returns ([YearTotals, oldest first], YearTotals of all years, or None when
    there was no session). A school is counted once in each year that it took part in and once in all years together, and so
    are its teachers (the largest head-count at one session): the years need not add up to the total.
    """
    sessions = sessions_of(**place).order_by()
    held = sessions.starting_in(first_month).values("year").annotate(sessions=Count("pk"), minutes=Sum("minutes"))
    years = {row["year"]: row for row in held}
    came = sessions.attendance_by_year(first_month)
    rows = [YearTotals.of(year, [years[year]], [row for row in came if row["year"] == year]) for year in sorted(years)]
    return rows, YearTotals.of(None, list(years.values()), came) if rows else None


def totals_by_cluster(clusters, *, starts_on=None, ends_on=None):
    """{cluster's primary key: SessionTotals} for many clusters in two queries; a cluster without a session is not in it."""
    return sessions_of(starts_on=starts_on, ends_on=ends_on).filter(cluster__in=clusters).totals_by("cluster")


def totals_by_authority(*, starts_on=None, ends_on=None):
    """{authority's primary key: SessionTotals} for the whole programme in two queries."""
    return sessions_of(starts_on=starts_on, ends_on=ends_on).totals_by("cluster__authority")


def schools_of_cluster(cluster, *, on, starts_on=None, ends_on=None):
    """Each school of the cluster on a day beside its share of the cluster's sessions between two dates.

    Schools that nobody came from stand first, then by name. Two queries. Returns a list of SchoolRow.
    """
    shares = sessions_of(cluster=cluster, starts_on=starts_on, ends_on=ends_on).per_school()
    schools = School.objects.in_clusters([cluster.pk], on).order_by("name", "seed_code")
    rows = [SchoolRow(school, shares.get(school.pk, SchoolLearning(school_id=school.pk))) for school in schools]
    return sorted(rows, key=lambda row: row.met)


def unmet_schools(clusters, *, on, starts_on=None, ends_on=None):
    """The schools of these clusters on a day with nobody at any of the clusters' sessions between two dates, as a queryset.

    `clusters` is a queryset or a list of primary keys; for the programme or an authority give all of its clusters.
    """
    sessions = sessions_of(starts_on=starts_on, ends_on=ends_on).filter(cluster__in=clusters)
    met = Attendance.objects.filter(session__in=sessions.order_by().values("pk")).order_by().values("school")
    return School.objects.in_clusters(clusters, on).exclude(pk__in=met)


def last_session_by(person, sessions=None):
    """The latest session that a person logged, or None; within `sessions` (a queryset already cut to what they may see)."""
    sessions = LearningSession.objects.all() if sessions is None else sessions
    return sessions.filter(logged_by=person).select_related("cluster").order_by("-held_on", "-pk").first()


def roll_call(cluster, *, on, session=None):
    """The schools that a session may be logged for, with the people known there on a day, in two queries.

    These are the cluster's schools on that day and, for a session already logged, those of its own day and those in its list.
    """
    chosen = Q(pk__in=ClusterMembership.objects.current(on).filter(cluster=cluster).values("school"))
    if session is not None:
        chosen |= Q(pk__in=ClusterMembership.objects.current(session.held_on).filter(cluster=cluster).values("school"))
        chosen |= Q(pk__in=Attendance.objects.filter(session=session).values("school"))
    there = RoleAssignment.objects.current(on).filter(role__in=[Role.TEACHER, Role.HEAD]).select_related("person")
    schools = School.objects.filter(chosen).order_by("name", "seed_code")
    return [
        Place(school, list({held.person_id: held.person for held in school.held_on_the_day}.values()))
        for school in schools.prefetch_related(
            Prefetch("role_assignments", there.order_by("person__full_name"), to_attr="held_on_the_day")
        )
    ]
