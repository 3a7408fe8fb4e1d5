"""The programme's calendar: phases, cohorts, and each cluster's part in a cohort."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.choices import AuthorityState, MilestoneKind, ParticipationState
from clusters.models.places import Cluster, LocalAuthority
from clusters.querysets import ScopedQuerySet


class Phase(models.Model):
    """A funded period of the programme."""

    name = models.CharField(max_length=40, unique=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="phase_ends_after_start")]

    def __str__(self):
        return self.name


class Cohort(models.Model):
    """The clusters that start together and are evaluated together."""

    name = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=40, unique=True)
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="cohorts")
    starts_on = models.DateField()
    ends_on = models.DateField()
    clusters = models.ManyToManyField(Cluster, through="Participation", related_name="cohorts")
    history = HistoricalRecords()

    class Meta:
        ordering = ["-starts_on", "name"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="cohort_ends_after_start")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cohort-detail", args=[self.slug])


class Participation(models.Model):
    """A cluster's part in a cohort, with its state."""

    access_paths = {"cluster": "cluster", "authority": "cluster__authority"}

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="participations")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="participations")
    state = models.CharField(max_length=12, choices=ParticipationState.choices, default=ParticipationState.NOMINATED)
    state_since = models.DateField()
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-cohort__starts_on", "cluster__name"]
        constraints = [models.UniqueConstraint(fields=["cluster", "cohort"], name="cluster_once_in_cohort")]

    def __str__(self):
        return f"{self.cluster} in {self.cohort}"


class AuthorityParticipation(models.Model):
    """How far an authority has come in a phase."""

    access_paths = {"authority": "authority"}

    authority = models.ForeignKey(LocalAuthority, models.CASCADE, related_name="participations")
    phase = models.ForeignKey(Phase, models.PROTECT, related_name="authorities")
    state = models.CharField(max_length=14, choices=AuthorityState.choices, default=AuthorityState.NOT_CONTACTED)
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["authority__name"]
        constraints = [models.UniqueConstraint(fields=["authority", "phase"], name="authority_once_in_phase")]

    def __str__(self):
        return f"{self.authority} in {self.phase}"


class Milestone(models.Model):
    """A dated step of a cluster in a cohort. The only record of that date."""

    access_paths = {"cluster": "participation__cluster", "authority": "participation__cluster__authority"}

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="milestones")
    kind = models.CharField(max_length=16, choices=MilestoneKind.choices)
    on = models.DateField()
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["participation", "kind"], name="milestone_once")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.participation}"
