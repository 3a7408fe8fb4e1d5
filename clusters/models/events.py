"""The record of who did what, and whether this database is a demonstration."""

from django.conf import settings
from django.db import models


class NamedEvent(models.Model):
    """A verb that mattered: what, on which thing, by whom, when. Holds ids, never personal data."""

    event = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=40)
    detail = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="event_target")]

    def __str__(self):
        return f"{self.event}: {self.target_type} {self.target_id}"


class Demonstration(models.Model):
    """The mark that `seed_demo` leaves: only a database that carries it offers to sign in as an invented person."""

    seed = models.IntegerField()
    scale = models.CharField(max_length=10)
    made_at = models.DateTimeField(auto_now_add=True)
    complete = models.BooleanField(default=False)
    # Whom the sign-in page offers: people who have something to do.
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    def __str__(self):
        return f"Demonstration ({self.scale}, seed {self.seed})"
