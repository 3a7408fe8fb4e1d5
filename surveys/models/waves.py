"""Waves: instruments asked of a cohort at a moment, opened and closed school by school."""

from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from simple_history.models import HistoricalRecords

from clusters.models import Cohort, School
from surveys.choices import Audience, Moment
from surveys.models.instruments import InstrumentVersion
from surveys.querysets import WaveQuerySet, WaveSchoolQuerySet


class Wave(models.Model):
    """One asking of one audience of a cohort.

    A pupil wave carries both pupil instruments, because a composite class straddles them: each pupil's stage picks the form.
    """

    access_paths = {"school": "schools__school"}

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="waves")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    moment = models.CharField(max_length=4, choices=Moment.choices)
    versions = models.ManyToManyField(InstrumentVersion, related_name="waves")
    opens_on = models.DateField()
    closes_on = models.DateField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = WaveQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "cohort", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "audience", "moment"], name="wave_once"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="wave_closes_after_opening"),
        ]

    def __str__(self):
        if self.moment == Moment.ONCE:
            return f"{self.get_audience_display()}, {self.cohort}"
        return f"{self.get_audience_display()}, {self.get_moment_display().lower()}, {self.cohort}"

    def get_absolute_url(self):
        return reverse("wave-detail", args=[self.pk])


class WaveSchool(models.Model):
    """A wave at one school: its own dates, and the reason when they differ from the wave's."""

    access_paths = {"school": "school", "cluster": "cluster", "authority": "cluster__authority"}

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="schools")
    school = models.ForeignKey(School, models.PROTECT, related_name="wave_schools")
    # The cluster at the time: figures of a past cohort never follow a school that moves later.
    cluster = models.ForeignKey("clusters.Cluster", models.PROTECT, related_name="wave_schools")
    opens_on = models.DateField()
    closes_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    objects = WaveSchoolQuerySet.as_manager()

    class Meta:
        ordering = ["school__name"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "school"], name="school_once_in_wave"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="wave_school_closes_after_opening"),
        ]

    def __str__(self):
        return f"{self.wave} at {self.school}"

    def is_open(self, on):
        """Whether this school may answer on a date: staff opened the wave, and it runs or was extended here."""
        return self.wave.opened_at is not None and self.closed_at is None and self.opens_on <= on <= self.closes_on

    @property
    def began_at(self):
        """The first moment of the first day in Scotland."""
        return datetime.combine(self.opens_on, time.min, tzinfo=get_default_timezone())

    @property
    def ended_at(self):
        """The moment from which a sheet is late: closed by hand, or the end of the last day in Scotland."""
        last = datetime.combine(self.closes_on + timedelta(days=1), time.min, tzinfo=get_default_timezone())
        return min(self.closed_at, last) if self.closed_at else last

    def state(self, on):
        """Where this school stands on a date, in the words of the tags."""
        if self.is_open(on):
            return "Open"
        if self.wave.opened_at is None or (self.closed_at is None and on < self.opens_on):
            return "Not yet open"
        return "Closed"
