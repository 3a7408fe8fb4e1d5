"""This app's filters and the one count of sessions, hours and units."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce, ExtractYear

from clusters.querysets import ScopedQuerySet
from mentors.wording import counted


@dataclass(frozen=True)
class Learning:
    """Minutes of sessions, and minutes of learning in them (each session's minutes times the people who were there)."""

    sessions: int = 0
    minutes: int = 0
    attendances: int = 0
    teacher_minutes: int = 0

    @property
    def hours(self):
        """Hours of sessions held, as a Decimal."""
        return Decimal(self.minutes) / 60

    @property
    def teacher_hours(self):
        """Hours of learning, as a Decimal."""
        return Decimal(self.teacher_minutes) / 60

    @property
    def units(self):
        """Units of learning: teacher-hours over `settings.HOURS_PER_UNIT`, to one decimal, rounded once and half up."""
        return (self.teacher_hours / settings.HOURS_PER_UNIT).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True)
class SessionTotals(Learning):
    """What a set of sessions adds up to: every page that shows hours or units shows these."""

    schools: int = 0

    @property
    def from_schools(self):
        """Attendances and schools in words, the base beside the number of sessions."""
        return f"{counted(self.attendances, 'attendance')} from {counted(self.schools, 'school')}"


@dataclass(frozen=True)
class SchoolLearning(Learning):
    """One school's share of a set of sessions. `last_on` is None when nobody of the school was at any of them."""

    school_id: int = 0
    last_on: date | None = None


# A session's minutes times its head-count outgrows the small integers that the two are stored in.
_TEACHER_MINUTES = Sum(Cast("headcount", IntegerField()) * F("session__minutes"))


def _year_of(day, first_month):
    """The year in which the year of a date began, when years begin with `first_month`, as an expression."""
    before = Case(When(**{f"{day}__month__lt": first_month}, then=Value(1)), default=Value(0))
    return ExtractYear(day) - before


class SessionQuerySet(ScopedQuerySet):
    @property
    def _attendance(self):
        return self.model._meta.get_field("attendances").related_model.objects

    def between(self, starts_on, ends_on):
        """Sessions held between two dates, both included."""
        return self.filter(held_on__range=(starts_on, ends_on))

    def for_cohort(self, cohort):
        """Sessions of the cohort's clusters, held while the cohort ran."""
        return self.filter(cluster__participations__cohort=cohort).between(cohort.starts_on, cohort.ends_on)

    def with_attendance(self):
        """Annotate each session with `teachers`, the head-count, and `school_count`."""
        came = self._attendance.filter(session=OuterRef("pk")).order_by().values("session")
        return self.annotate(
            teachers=Coalesce(Subquery(came.annotate(n=Sum("headcount")).values("n")), 0),
            school_count=Coalesce(Subquery(came.annotate(n=Count("pk")).values("n")), 0),
        )

    def totals(self):
        """Add up these sessions, each once however the queryset joined, in two queries. Returns SessionTotals."""
        return self._add_up(None).get(None, SessionTotals())

    def totals_by(self, place):
        """Add up these sessions for each "cluster" or "cluster__authority", in two queries.

        Returns {primary key of the place: SessionTotals}; a place without a session is not in it.
        """
        return self._add_up(place)

    def _add_up(self, place):
        chosen = self.order_by().values("pk")
        held = self.model.objects.filter(pk__in=chosen).order_by()
        came = self._attendance.filter(session__in=chosen).order_by()
        sums = {}
        for rows, prefix, columns in (
            (held, "", {"sessions": Count("pk"), "minutes": Sum("minutes")}),
            (
                came,
                "session__",
                {
                    "attendances": Sum("headcount"),
                    "teacher_minutes": _TEACHER_MINUTES,
                    "schools": Count("school", distinct=True),
                },
            ),
        ):
            found = rows.values(at=F(prefix + place)).annotate(**columns) if place else [rows.aggregate(**columns)]
            for row in found:
                sums.setdefault(row.pop("at", None), {}).update({name: value or 0 for name, value in row.items()})
        return {at: SessionTotals(**columns) for at, columns in sums.items()}

    def teachers_reached(self):
        """At least how many different teachers were at these sessions: each school's largest head-count at one, added up.

        Head-counts name nobody, so two sessions of five may be five people or ten; five is certain. One query.
        """
        largest = (
            self._attendance.filter(session__in=self.order_by().values("pk"))
            .order_by()
            .values("school")
            .annotate(most=Max("headcount"))
        )
        return largest.aggregate(total=Sum("most"))["total"] or 0

    def starting_in(self, first_month):
        """Annotate each session with `year`: the one in which its year began, when years begin with `first_month`."""
        return self.annotate(year=_year_of("held_on", first_month))

    def attendance_by_year(self, first_month):
        """Each school's share of these sessions in each year, in one query.

        Returns [{"year", "school", "most" (the largest head-count at one session), "attendances", "teacher_minutes"}].
        """
        came = self._attendance.filter(session__in=self.order_by().values("pk")).order_by()
        return list(
            came.annotate(year=_year_of("session__held_on", first_month))
            .values("year", "school")
            .annotate(most=Max("headcount"), attendances=Sum("headcount"), teacher_minutes=_TEACHER_MINUTES)
        )

    def per_school(self):
        """Each school's share of these sessions, in one query. Returns {school's primary key: SchoolLearning}."""
        rows = (
            self._attendance.filter(session__in=self.order_by().values("pk"))
            .order_by()
            .values("school_id")
            .annotate(
                sessions=Count("session"),
                minutes=Sum("session__minutes"),
                attendances=Sum("headcount"),
                teacher_minutes=_TEACHER_MINUTES,
                last_on=Max("session__held_on"),
            )
        )
        return {row["school_id"]: SchoolLearning(**row) for row in rows}
