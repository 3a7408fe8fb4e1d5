"""The sheets of a cohort's schools, made and published in one go."""

from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.models import Cohort, School
from clusters.querysets import ScopedQuerySet
from reports.choices import RunStatus
from reports.models.approval import Notice, Rendering, Withdrawable, went_out_by_somebody
from reports.models.runs import ReportRun
from reports.querysets import SchoolSheetQuerySet


class SheetSet(Withdrawable):
    """The sheets of all schools of a cohort, made in one go and published as one.

    `shared` is what all of them print: the questions and the cohort's figures. It never changes; the state does.
    """

    access_paths = {}  # no place reaches it: national roles only

    run = models.OneToOneField(ReportRun, models.PROTECT, related_name="sheet_set")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="sheet_sets")
    shared = models.JSONField()
    data_hash = models.CharField(max_length=64)
    analysis_version = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    history = HistoricalRecords(excluded_fields=["shared"])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [went_out_by_somebody("sheets_went_out_by_somebody")]

    def __str__(self):
        return f"School sheets, {self.cohort}"

    def get_absolute_url(self):
        return reverse("sheet-list", args=[self.cohort.slug])


class SchoolSheet(models.Model):
    """One school's sheet: the job that makes it (`status`, `claim`) and its frozen figures, already suppressed."""

    access_paths = {"school": "school"}

    sheet_set = models.ForeignKey(SheetSet, models.CASCADE, related_name="sheets")
    school = models.ForeignKey(School, models.PROTECT, related_name="sheets")
    results = models.JSONField()
    shown = models.PositiveSmallIntegerField()  # how many of the school's own shares it shows
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)

    objects = SchoolSheetQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet_set", "school"], name="one_sheet_for_a_school")]

    def __str__(self):
        return f"School sheet, {self.school}"

    def get_absolute_url(self):
        return f"{reverse('school-sheet', args=[self.school.key])}?cohort={self.sheet_set.cohort.slug}"


class SheetFile(Rendering):
    """A rendering of a school's sheet: "sheet" for the headteacher, "picture" for the wall. Both are PDF."""

    access_paths = {"school": "sheet__school"}

    sheet = models.ForeignKey(SchoolSheet, models.CASCADE, related_name="files")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "name"], name="sheet_file_once")]

    def __str__(self):
        return f"{self.name} of {self.sheet}"


class SheetNotice(Notice):
    """Which headteacher was told by e-mail that the sheets went out or were withdrawn, and when."""

    access_paths = {"school": "sheet__school"}

    sheet = models.ForeignKey(SchoolSheet, models.CASCADE, related_name="notices")

    def __str__(self):
        return f"{self.sheet}: {self.person} told"
