"""What people say of one learning session, without a name."""

import uuid

from django.db import models
from django.utils import timezone

from clusters.querysets import ScopedQuerySet
from mentors.models import LearningSession
from surveys.models.instruments import InstrumentVersion


class SessionFeedback(models.Model):
    """One sheet on a session: {item key: code}, written by one INSERT and never changed.

    Who sent it is not known and cannot be found out: no person, no address of a machine. `uuid` stands in the form that
    was opened, so a second click stores nothing; the device that sent the sheet keeps it for half a day, so going back stores nothing
    either (surveys/views/feedback.py). The sheets of a session go with it when it is deleted.
    """

    access_paths = {"cluster": "session__cluster"}

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    session = models.ForeignKey(LearningSession, models.CASCADE, related_name="feedback")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="feedback")
    answers = models.JSONField(default=dict)
    received_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = "feedback sheet"
        ordering = ["received_at", "pk"]

    def __str__(self):
        return f"Feedback sheet {self.uuid}"
