"""Trends: the published results of a place's cohorts side by side, with their charts, drawn once by a worker."""

from django.db import models
from django.db.models import Q

from clusters.models import Cluster, LocalAuthority
from clusters.querysets import ScopedQuerySet
from reports.choices import PlaceKind


class Trend(models.Model):
    """What several cohorts of one place say year by year.

    Made from published reports alone and made anew whenever one is published or withdrawn. `key` names the reports that it
    rests on: where it is not the key of those that are published now, the trend is out of date and nobody is shown it.
    `results` is {calendar: what `reports.analysis.trends` gives}; empty where `failure` says why there is none.
    """

    access_paths = {"authority": "authority"}

    place_kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    authority = models.ForeignKey(LocalAuthority, models.PROTECT, null=True, blank=True, related_name="+")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="+")
    place_key = models.CharField(max_length=40, unique=True)
    key = models.CharField(max_length=64)
    results = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    made_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["place_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(place_kind="cohort", authority__isnull=True, cluster__isnull=True)
                | Q(place_kind="authority", authority__isnull=False, cluster__isnull=True)
                | Q(place_kind="cluster", authority__isnull=False, cluster__isnull=False),
                name="trend_has_exactly_its_place",
            )
        ]

    def __str__(self):
        return f"Trend, {self.cluster or self.authority or 'all of the programme'}"


class TrendChart(models.Model):
    """One chart of a trend; a row of its own, so that a page reads the one that it shows."""

    access_paths = {"authority": "trend__authority"}

    trend = models.ForeignKey(Trend, models.CASCADE, related_name="charts")
    calendar = models.CharField(max_length=20)
    choice = models.CharField(max_length=100)  # as in the page's address: "outcomes", "question-P5P7.p5p7_value_1"
    chart = models.JSONField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trend", "calendar", "choice"], name="trend_chart_once"),
        ]

    def __str__(self):
        return f"{self.trend}: {self.choice}, {self.calendar}"


class TrendFile(models.Model):
    """Every figure of a trend as a file ("xlsx", "csv"), by one kind of years."""

    access_paths = {"authority": "trend__authority"}

    trend = models.ForeignKey(Trend, models.CASCADE, related_name="files")
    calendar = models.CharField(max_length=20)
    name = models.CharField(max_length=20)
    content = models.BinaryField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trend", "calendar", "name"], name="trend_file_once"),
        ]

    def __str__(self):
        return f"{self.name} of {self.trend}, {self.calendar}"
