"""Answer sheets. No name, no address, no IP, no user agent and no free text is ever stored with a pupil's answers."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from clusters.choices import Stage
from clusters.models import Cluster, School
from clusters.querysets import ScopedQuerySet
from surveys.choices import Audience, Source
from surveys.models.classes import ClassGroup
from surveys.models.instruments import InstrumentVersion
from surveys.models.waves import Wave
from surveys.querysets import ResponseQuerySet


def make_token():
    """A random part of a personal link: 32 characters from which nothing can be guessed."""
    return secrets.token_urlsafe(24)


def _what_each_audience_needs():
    return (
        Q(audience=Audience.HEAD, person__isnull=False, school__isnull=False)
        | Q(audience=Audience.TEACHER, school__isnull=False)
        | Q(audience=Audience.MENTOR, person__isnull=False, cluster__isnull=False)
    )


class Invitation(models.Model):
    """An adult who was asked, by a personal link that works while the role and the wave last.

    What is answered with it belongs to this person alone, from the first draft on. A headteacher is asked about a school: whoever
    comes after, or shares the headship, has an invitation and an empty form of his or her own, and one of them hands in for the
    school. Teachers and mentors are asked about themselves, once in a wave. Without a `person` it is a teacher's who came by the
    school's link and is known to nobody. A mentor is asked for a `cluster`, and has a `school` when one of it is on record.
    """

    access_paths = {"school": "school"}

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="invitations")
    # The wave's, repeated so that the database itself can hold what each audience may do.
    audience = models.CharField(max_length=8, choices=Audience.choices)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="invitations")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="invitations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="invitations"
    )
    token = models.CharField(max_length=40, unique=True, default=make_token)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["wave", "school", "person"], name="head_asked_once_about_a_school"),
            models.UniqueConstraint(
                fields=["wave", "person"], condition=~Q(audience=Audience.HEAD), name="asked_once_about_oneself"
            ),
            models.UniqueConstraint(
                fields=["wave", "school"],
                condition=Q(answered_at__isnull=False, audience=Audience.HEAD),
                name="one_rating_for_each_school",
            ),
            models.CheckConstraint(condition=_what_each_audience_needs(), name="invitation_fits_its_audience"),
        ]

    def __str__(self):
        return f"{self.wave}: {self.place}"

    def save(self, *args, **kwargs):
        self.audience = self.audience or self.wave.audience
        super().save(*args, **kwargs)

    @property
    def place(self):
        """What the form names: the cluster of a mentor, else the school."""
        return self.cluster or self.school


class AnswerImport(models.Model):
    """One file of answers brought into a wave: counts, rejected rows, who and when."""

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)  # [{"row", "column", "reason", "whole"}]
    reading = models.JSONField(default=list)  # what was read, kept until it is brought in; the file itself is not kept
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("answers-import-check", args=[self.pk])


class Response(models.Model):
    """One answer sheet: {item key: code} in one row, written by one INSERT.

    `uuid` is made by the client, so a sheet that arrives twice is stored once. A value is the raw point (1, 2, …) or one of the
    codes outside the scale ("NS" not sure, "ND" not done or not taught this, "PN" prefer not to say, "TE" too early to say, "CS"
    cannot say), or the list of what was ticked where all that applies is asked; a skipped question is absent.
    """

    access_paths = {"school": "school"}

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="responses")
    # Of a mentor who has no school in the wave there is none; of everybody else there is.
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True, related_name="responses")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="responses")
    class_group = models.ForeignKey(ClassGroup, models.PROTECT, null=True, blank=True, related_name="responses")
    stage = models.CharField(max_length=2, choices=Stage.choices, blank=True)
    # The code as it was entered; blank when the slip was lost. Kept only while baseline and follow-up have to be linked.
    pupil_code = models.CharField(max_length=24, blank=True)
    answers = models.JSONField(default=dict)
    source = models.CharField(max_length=6, choices=Source.choices, default=Source.FORM)
    late = models.BooleanField(default=False)
    received_at = models.DateTimeField(default=timezone.now)
    brought_by = models.ForeignKey(AnswerImport, models.PROTECT, null=True, blank=True, related_name="responses")
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, blank=True, related_name="response")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["wave", "school", "class_group"], name="response_counts")]
        constraints = [
            models.CheckConstraint(
                condition=Q(invitation__isnull=False, stage="") | Q(invitation__isnull=True),
                name="response_adult_has_no_stage",
            ),
            models.CheckConstraint(
                condition=Q(school__isnull=False) | Q(invitation__isnull=False), name="response_pupil_has_a_school"
            ),
        ]

    def __str__(self):
        return f"Answer sheet {self.uuid}"
