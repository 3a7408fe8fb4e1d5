"""The jobs that build something in the background, and the data that one kind of them makes to be taken away."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.models import Cluster, Cohort, LocalAuthority
from clusters.querysets import ScopedQuerySet
from reports.choices import PlaceKind, ReportKind, RunStatus
from reports.models.reports import Report


class ReportRun(models.Model):
    """The job that builds a report. The row is progress, audit and retry record in one.

    `key` names the question and the data; while a run of that key is waiting or running, and once it is ready, asking again
    answers with the same run.
    """

    access_paths = {"authority": "authority"}

    kind = models.CharField(max_length=12, choices=ReportKind.choices, default=ReportKind.EVALUATION)
    place_kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="report_runs")
    authority = models.ForeignKey(LocalAuthority, models.PROTECT, null=True, blank=True, related_name="report_runs")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="report_runs")
    key = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=RunStatus.choices, default=RunStatus.WAITING)
    stage = models.CharField(max_length=80, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)  # which attempt holds the run; an attempt that lost its claim stops
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    failure = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    # The site's address where somebody wants an e-mail when the run has ended; "" where nobody does.
    tell_from = models.CharField(max_length=200, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="runs")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(status__in=["waiting", "running", "ready"]),
                name="one_run_for_the_same_data",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.cluster or self.authority or self.cohort}"

    def get_absolute_url(self):
        return reverse("job-detail", args=[self.pk])

    @property
    def result_url(self):
        """Where that stands which the run has made; "" while there is nothing."""
        if self.kind == ReportKind.EXPORT:
            export = DataExport.objects.filter(run=self).only("pk").first()
            return export.get_absolute_url() if export else ""
        if self.kind == ReportKind.SHEETS:
            return reverse("sheet-list", args=[self.cohort.slug])
        return self.report.get_absolute_url() if self.report_id else ""


class DataExport(models.Model):
    """One cohort's de-identified data as a ZIP file, frozen, with the review of what in it is small."""

    access_paths = {}  # no place reaches it: national roles only

    run = models.OneToOneField(ReportRun, models.PROTECT, related_name="export")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="data_exports")
    content = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    data_hash = models.CharField(max_length=64)  # that of a report on the same data
    sheets = models.PositiveIntegerField()
    review = models.JSONField()  # `analysis.small_cells.review`
    made_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return f"De-identified data, {self.cohort}"

    def get_absolute_url(self):
        return reverse("export-detail", args=[self.pk])


class DataTaking(models.Model):
    """Who took an export, when and what for. Never changed and never removed."""

    access_paths = {}

    export = models.ForeignKey(DataExport, models.PROTECT, related_name="takings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    purpose = models.TextField()
    at = models.DateTimeField()
    history = HistoricalRecords()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.export}: taken by {self.person}"
