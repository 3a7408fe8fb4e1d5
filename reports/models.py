"""The plan of an evaluation, the job that builds a report, the report's frozen result, and the data that were taken away."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.models import Cluster, Cohort, LocalAuthority, School
from clusters.querysets import ScopedQuerySet
from reports.choices import PlaceKind, ReportKind, ReportState, RunStatus
from reports.querysets import KeyFindingsQuerySet, ReportQuerySet, SchoolSheetQuerySet
from reports.wording import LEVELS


def make_salt():
    """What keeps the pseudonyms of a cohort's schools from being guessed: 128 random bits."""
    return secrets.token_hex(16)


class AnalysisPlan(models.Model):
    """What an evaluation will do, fixed before its data can be seen: the cut, the items and the seed."""

    cohort = models.OneToOneField(Cohort, models.PROTECT, related_name="analysis_plan")
    cut = models.DecimalField("rating cut", max_digits=3, decimal_places=2, default=4)
    item_set = models.CharField(max_length=20, default="scored")
    seed = models.PositiveIntegerField(default=20150801)
    # Kept with the data, not in the server's settings, so that reports and exports name a school alike for ever.
    salt = models.CharField(max_length=32, default=make_salt, editable=False)
    fixed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    fixed_at = models.DateTimeField()
    history = HistoricalRecords(excluded_fields=["salt"])

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(cut__gte=1, cut__lte=5), name="plan_cut_on_the_scale")]

    def __str__(self):
        return f"Analysis plan, {self.cohort}"


class Report(models.Model):
    """One frozen, numbered result. The page, the PDF and the spreadsheet are renderings of `results`, nothing else.

    `authority` is set for an authority's or a cluster's report, so that its officer reaches it; a report on the whole cohort has
    neither place and is seen by national roles only. Its result never changes; its state does: it is a draft until somebody
    named has approved and published it, and may be withdrawn.
    """

    access_paths = {"authority": "authority"}

    kind = models.CharField(max_length=12, choices=ReportKind.choices, default=ReportKind.EVALUATION)
    place_kind = models.CharField(max_length=10, choices=PlaceKind.choices)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="reports")
    authority = models.ForeignKey(LocalAuthority, models.PROTECT, null=True, blank=True, related_name="reports")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="reports")
    place_key = models.CharField(max_length=40)  # "cluster-7": lets the database number versions within a place
    version = models.PositiveIntegerField()
    results = models.JSONField()
    charts = models.JSONField(default=dict)
    data_hash = models.CharField(max_length=64)
    analysis_version = models.CharField(max_length=20)
    level = models.CharField(max_length=2)
    built_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    state_since = models.DateTimeField(null=True, blank=True)  # None for a draft
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state_reason = models.TextField("reason", blank=True)
    history = HistoricalRecords(excluded_fields=["results", "charts"])

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-built_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "cohort", "place_key", "version"], name="report_version_once"),
            models.CheckConstraint(
                condition=Q(place_kind="cohort", authority__isnull=True, cluster__isnull=True)
                | Q(place_kind="authority", authority__isnull=False, cluster__isnull=True)
                | Q(place_kind="cluster", authority__isnull=False, cluster__isnull=False),
                name="report_has_exactly_its_place",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state_since__isnull=False, state_by__isnull=False),
                name="report_went_out_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.cluster or self.authority or self.cohort}, version {self.version}"

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.pk])

    @property
    def level_title(self):
        """The evidence level in words: Inconclusive."""
        return LEVELS.get(self.level, "")


class KeyFindings(models.Model):
    """One page about a report for people who read nothing else: drafted from its figures, edited by staff, never out unapproved.

    `sentences` is [{"part", "text", "anchor"}], the anchor being a section of the report. Any change makes it a draft again.
    """

    access_paths = {"authority": "report__authority"}

    report = models.OneToOneField(Report, models.CASCADE, related_name="key_findings")
    sentences = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    state_since = models.DateTimeField(null=True, blank=True)
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    history = HistoricalRecords()

    objects = KeyFindingsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "key findings"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state_since__isnull=False, state_by__isnull=False),
                name="key_findings_went_out_by_somebody",
            )
        ]

    def __str__(self):
        return f"Key findings, {self.report.cluster or self.report.authority or self.report.cohort}"

    def get_absolute_url(self):
        return reverse("key-findings", args=[self.report_id])


class ReportFile(models.Model):
    """A rendering of a report, made once by the worker and kept with it: what is downloaded is what was built."""

    access_paths = {"authority": "report__authority"}

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    name = models.CharField(max_length=20)  # "pdf", "xlsx" or "json"
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="report_file_once")]

    def __str__(self):
        return f"{self.name} of {self.report}"


class ReportNotice(models.Model):
    """Who was told by e-mail that a report went out or was withdrawn, and when."""

    access_paths = {"authority": "report__authority"}

    report = models.ForeignKey(Report, models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReportState.choices)
    sent_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "pk"]

    def __str__(self):
        return f"{self.report}: {self.person} told"


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


class SheetSet(models.Model):
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
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    state_since = models.DateTimeField(null=True, blank=True)  # None for a draft
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    state_reason = models.TextField("reason", blank=True)
    history = HistoricalRecords(excluded_fields=["shared"])

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state_since__isnull=False, state_by__isnull=False),
                name="sheets_went_out_by_somebody",
            )
        ]

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


class SheetFile(models.Model):
    """A rendering of a school's sheet: "sheet" for the headteacher, "picture" for the wall. Both are PDF."""

    access_paths = {"school": "sheet__school"}

    sheet = models.ForeignKey(SchoolSheet, models.CASCADE, related_name="files")
    name = models.CharField(max_length=20)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "name"], name="sheet_file_once")]

    def __str__(self):
        return f"{self.name} of {self.sheet}"


class SheetNotice(models.Model):
    """Which headteacher was told by e-mail that the sheets went out or were withdrawn, and when."""

    access_paths = {"school": "sheet__school"}

    sheet = models.ForeignKey(SchoolSheet, models.CASCADE, related_name="notices")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReportState.choices)
    sent_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "pk"]

    def __str__(self):
        return f"{self.sheet}: {self.person} told"
