"""Class groups and pupil codes: how answers are linked without knowing any pupil."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.choices import Stage
from clusters.models import Cohort, School
from clusters.querysets import ScopedQuerySet
from surveys.querysets import ClassGroupQuerySet


class ClassGroup(models.Model):
    """A class that answers together. Its code opens the form while a wave is open at its school."""

    access_paths = {"school": "school"}

    school = models.ForeignKey(School, models.PROTECT, related_name="class_groups")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="class_groups")
    name = models.CharField(
        max_length=40, help_text="As you say it in school, for example P3/4 or Room 6. Not a teacher's name."
    )
    stages = models.JSONField(default=list)  # ["P3", "P4"] for a composite class
    code = models.CharField(max_length=8, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    objects = ClassGroupQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "name"]
        constraints = [models.UniqueConstraint(fields=["school", "cohort", "name"], name="class_name_once")]

    def __str__(self):
        return f"{self.name}, {self.school}"

    def get_absolute_url(self):
        return reverse("class-detail", args=[self.pk])


class PupilCode(models.Model):
    """A system-made picture code on a paper slip: two pictures and a number. Who holds which slip stays on paper in the school."""

    access_paths = {"school": "school"}

    class_group = models.ForeignKey(ClassGroup, models.CASCADE, related_name="pupil_codes")
    # School and cohort repeat the class's, so that the database itself can keep codes unique within them.
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="+")
    slip = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=2, choices=Stage.choices)
    code = models.CharField(max_length=24)  # "owl-boat-37"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["slip"]
        constraints = [
            models.UniqueConstraint(fields=["school", "cohort", "code"], name="pupil_code_once_in_school_and_cohort"),
            models.UniqueConstraint(fields=["class_group", "slip"], name="slip_once_in_class"),
        ]

    def __str__(self):
        return f"Slip {self.slip}"
