"""Learning sessions and who came from which school."""

import uuid
from typing import NamedTuple

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.choices import Topic
from clusters.models import Cluster, School
from clusters.querysets import ScopedQuerySet
from mentors.choices import Leader, Mode
from mentors.querysets import SessionQuerySet
from mentors.wording import day, length


class Came(NamedTuple):
    """What was said of one school: how many teachers came, and the primary keys of those who were named."""

    headcount: int
    named: tuple[int, ...] = ()


class LearningSession(models.Model):
    """One session of professional learning (CLPL) for teachers of a cluster."""

    access_paths = {"cluster": "cluster"}

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="sessions")
    held_on = models.DateField("date")
    minutes = models.PositiveSmallIntegerField("length", validators=[MinValueValidator(10), MaxValueValidator(600)])
    mode = models.CharField("how it was delivered", max_length=12, choices=Mode.choices)
    topic = models.CharField(max_length=16, choices=Topic.choices)
    leader = models.CharField("who led it", max_length=10, choices=Leader.choices, default=Leader.MENTOR)
    note = models.TextField(blank=True, max_length=2000)
    schools = models.ManyToManyField(School, through="Attendance", related_name="sessions")
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="sessions_logged")
    logged_at = models.DateTimeField(auto_now_add=True)
    # A second tap on Save changes nothing.
    submission = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    history = HistoricalRecords()

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gte=10, minutes__lte=600), name="session_length_is_sensible")
        ]

    def __str__(self):
        return f"{self.get_topic_display()}, {day(self.held_on)}"

    @property
    def length(self):
        """The length as people write it: 1½ h."""
        return length(self.minutes)

    def get_absolute_url(self):
        return reverse("session-detail", args=[self.pk])


class Attendance(models.Model):
    """How many teachers came from one school, and which of them where names were given."""

    access_paths = {"cluster": "session__cluster", "school": "school"}

    session = models.ForeignKey(LearningSession, models.CASCADE, related_name="attendances")
    school = models.ForeignKey(School, models.PROTECT, related_name="attendances")
    headcount = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(200)])
    named = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="attendances")

    history = HistoricalRecords(m2m_fields=[named])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["school__name"]
        constraints = [
            models.UniqueConstraint(fields=["session", "school"], name="school_once_in_session"),
            models.CheckConstraint(condition=Q(headcount__gte=1), name="attendance_counts_somebody"),
        ]

    def __str__(self):
        return f"{self.headcount} from {self.school}"
