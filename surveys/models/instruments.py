"""Questionnaires as versions: loaded from surveys/instruments/*.toml, frozen once a wave opens."""

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from surveys.choices import Area, Audience, StageGroup
from surveys.querysets import VersionQuerySet


class Instrument(models.Model):
    """A questionnaire for one audience, whatever its version."""

    key = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    stage_group = models.CharField(max_length=4, choices=StageGroup.choices, blank=True)
    retired = models.BooleanField(default=False)  # its file is gone; waves that used it keep it

    class Meta:
        ordering = ["audience", "key"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("instrument-detail", args=[self.key])


class InstrumentVersion(models.Model):
    """One version of an instrument. Once frozen, nothing in it changes: a correction is a new version."""

    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    intro = models.TextField(blank=True)
    # {"faces3": {"look": "faces", "points": [{"value": 1, "label": "Not really"}], "outside": [{"code": "NS", "label": "Not sure"}]}}
    # and, where all that applies is ticked: {"taken_part": {"look": "ticks", "options": [{"code": "none", "label": "…", "alone": true}]}}
    scales = models.JSONField(default=dict)
    source_sha256 = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["instrument", "-number"]
        constraints = [models.UniqueConstraint(fields=["instrument", "number"], name="instrument_version_once")]

    def __str__(self):
        return f"{self.instrument.title}, version {self.number}"


class Item(models.Model):
    """One question. Its key stays the same from baseline to follow-up, from version to version, and from audience to audience.

    `points` is 0 where all that applies is ticked; `area` stands with the questions on confidence in one of the four subjects;
    `moments` are those at which it is asked, and empty when it always is.
    """

    version = models.ForeignKey(InstrumentVersion, models.CASCADE, related_name="items")
    key = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=240)
    construct = models.CharField(max_length=60)
    scale = models.CharField(max_length=20)
    points = models.PositiveSmallIntegerField()
    reverse = models.BooleanField(default=False)
    scored = models.BooleanField(default=True)
    area = models.CharField(max_length=12, choices=Area.choices, blank=True)
    moments = models.JSONField(default=list)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="item_key_once_in_version"),
            models.UniqueConstraint(fields=["version", "order"], name="item_order_once_in_version"),
        ]

    def __str__(self):
        return self.text
