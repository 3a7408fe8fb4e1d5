"""This app's filters."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When

from clusters.access import Permission
from clusters.choices import Role
from clusters.querysets import ScopedQuerySet
from surveys.choices import GROUP_BY_STAGE, Audience, Consent

ADULTS = {Role.HEAD: Audience.HEAD, Role.TEACHER: Audience.TEACHER, Role.MENTOR: Audience.MENTOR}


def _asked_of(grants, school, cluster):
    """What is asked of somebody by these grants, as a Q: of heads and teachers at their school, of mentors in their cluster."""
    found = Q(pk__in=[])
    for grant in grants:
        if grant.role == Role.MENTOR:
            found |= Q(**{"wave__audience": Audience.MENTOR, cluster: grant.cluster})
        elif grant.role in ADULTS:
            found |= Q(**{"wave__audience": ADULTS[grant.role], school: grant.school})
    return found


class WaveSchoolQuerySet(ScopedQuerySet):
    def asking(self, access):
        """The rows of adults' waves that ask this very person: as head or teacher of the school, as mentor of the cluster.

        A mentor answers as one, and is not asked once more as a teacher in the same cluster.
        """
        grants = access.granting(Permission.SURVEY_ANSWER)
        mentored = [grant.cluster for grant in grants if grant.role == Role.MENTOR]
        asked = self.filter(_asked_of(grants, school="school", cluster="cluster"))
        return asked.exclude(wave__audience=Audience.TEACHER, cluster__in=mentored)

    def open(self, on):
        """Schools whose wave is open on this date: opened by staff, begun, not ended (or extended), not closed by hand."""
        return self.filter(wave__opened_at__isnull=False, closed_at__isnull=True, opens_on__lte=on, closes_on__gte=on)

    def matching(self, words):
        """Schools whose name or SEED code contains every word."""
        found = self
        for word in words.split():
            found = found.filter(Q(school__name__icontains=word) | Q(school__seed_code__startswith=word))
        return found

    def for_class(self, class_group):
        """The pupil waves of a class's cohort at its school."""
        return self.filter(
            school=class_group.school_id, wave__cohort=class_group.cohort_id, wave__audience=Audience.PUPIL
        )

    def for_class_code(self, code):
        """The pupil waves that a class code leads to, with the class's `class_pk` and `class_stages`; none of a retired class."""
        return self.filter(
            wave__audience=Audience.PUPIL,
            school__class_groups__code=code,
            school__class_groups__retired_at__isnull=True,
            wave__cohort=F("school__class_groups__cohort"),
        ).annotate(class_pk=F("school__class_groups"), class_stages=F("school__class_groups__stages"))


class WaveQuerySet(ScopedQuerySet):
    def allowed_to(self, access, permission):
        """Waves asked at a school that this access reaches.

        Differs from the common rule because a wave has many schools: the join would repeat the wave once for each of them.
        """
        if access.everywhere(permission):
            return self
        wave_schools = self.model._meta.get_field("schools").related_model.objects.allowed_to(access, permission)
        return self.filter(pk__in=wave_schools.values("wave"))

    def with_state(self, on):
        """Annotates `state` on a date: planned, open (some school may still answer) or closed."""
        wave_schools = self.model._meta.get_field("schools").related_model.objects
        still = wave_schools.filter(wave=OuterRef("pk"), closed_at__isnull=True, closes_on__gte=on)
        return self.annotate(
            state=Case(
                When(opened_at__isnull=True, then=Value("planned")),
                When(Exists(still), closed_at__isnull=True, then=Value("open")),
                default=Value("closed"),
            )
        )


class VersionQuerySet(models.QuerySet):
    def latest_of_each(self):
        """The newest version of each instrument that is in use."""
        newest = self.filter(instrument=OuterRef("instrument")).order_by("-number").values("pk")[:1]
        return self.filter(instrument__retired=False, pk=Subquery(newest))

    def for_stage(self, wave, stage):
        """The one version of a pupil wave that pupils of this stage answer."""
        return self.select_related("instrument").filter(
            waves=wave, instrument__stage_group=GROUP_BY_STAGE.get(stage, "-")
        )


class ResponseQuerySet(ScopedQuerySet):
    def allowed_to(self, access, permission):
        """Answer sheets of schools that this access reaches; an adult's only for SSERC, the evaluator and its author.

        Differs from the common rule because what adults say is confidential: an officer or a teacher who reaches the school does
        not reach what its headteacher said of the programme, and neither does the next headteacher; the headteacher does not
        reach what a teacher said.
        """
        rows = super().allowed_to(access, permission)
        if access.everywhere(permission):
            return rows
        own = _asked_of(access.granting(permission), school="school", cluster="invitation__cluster")
        return rows.filter(Q(wave__audience=Audience.PUPIL) | own & Q(invitation__person=access.person_id))

    def for_wave(self, wave):
        """The answer sheets of one wave."""
        return self.filter(wave=wave)

    def counted(self):
        """Sheets that count as answered: an adult's only once it was handed in."""
        return self.filter(Q(invitation__isnull=True) | Q(invitation__answered_at__isnull=False))


class ClassGroupQuerySet(ScopedQuerySet):
    def active(self):
        """Classes that have not been retired."""
        return self.filter(retired_at__isnull=True)

    def matching(self, words):
        """Classes whose name or school contains every word."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(school__name__icontains=word))
        return found


class QuoteQuerySet(ScopedQuerySet):
    def usable(self):
        """Quotes whose consent allows that they are used in some way, and has not been withdrawn."""
        return self.filter(withdrawn_at__isnull=True).exclude(consent=Consent.NONE)

    def matching(self, words):
        """Quotes whose text, cluster or authority contains every word."""
        found = self
        for word in words.split():
            places = Q(cluster__name__icontains=word) | Q(cluster__authority__name__icontains=word)
            found = found.filter(Q(text__icontains=word) | places)
        return found
