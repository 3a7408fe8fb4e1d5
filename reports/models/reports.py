"""A report's frozen result, its renderings, its key findings, and who was told of it."""

import hashlib
import json

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.models import Cluster, Cohort, LocalAuthority
from reports.choices import PlaceKind, ReportKind
from reports.models.approval import Notice, Rendering, Withdrawable, went_out_by_somebody
from reports.querysets import KeyFindingsQuerySet, ReportQuerySet
from reports.wording import LEVELS


class Report(Withdrawable):
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
            went_out_by_somebody("report_went_out_by_somebody"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.covers}, version {self.version}"

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.pk])

    @property
    def covers(self):
        """The place and the cohort: "Angus, Cohort 2025"."""
        place = self.cluster or self.authority
        return f"{place}, {self.cohort}" if place else str(self.cohort)

    @property
    def level_title(self):
        """The evidence level in words: Inconclusive."""
        return LEVELS.get(self.level, "")


class KeyFindings(Withdrawable):
    """One page about a report for people who read nothing else: drafted from its figures, edited by staff, never out unapproved.

    `sentences` is [{"part", "text", "anchor", "aims", "table"}], the anchor being a section of the report, the table an address in it
    (absent where it is not known), and the aims codes of choices.Aim, absent where there are none. Any change makes it a draft again; so may it be withdrawn, by itself or with its report.
    """

    access_paths = {"authority": "report__authority"}

    report = models.OneToOneField(Report, models.CASCADE, related_name="key_findings")
    sentences = models.JSONField(default=list)
    history = HistoricalRecords()

    objects = KeyFindingsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "key findings"
        constraints = [went_out_by_somebody("key_findings_went_out_by_somebody")]

    def __str__(self):
        return f"Key findings, {self.report.covers}"

    def get_absolute_url(self):
        return reverse("key-findings", args=[self.report_id])

    @property
    def fingerprint(self):
        """A mark of every word, aim and quote that the page prints at this moment: what somebody read is known again by it."""
        uses = self.quote_uses.select_related("quote__cluster__authority").shown()
        printed = [self.sentences, [(use.quote_id, use.words, use.quote.attribution) for use in uses]]
        return hashlib.sha256(json.dumps(printed, sort_keys=True).encode()).hexdigest()


class ReportFile(Rendering):
    """A rendering of a report, made once by the worker and kept with it: what is downloaded is what was built."""

    access_paths = {"authority": "report__authority"}

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "name"], name="report_file_once")]

    def __str__(self):
        return f"{self.name} of {self.report}"


class ReportNotice(Notice):
    """Who was told by e-mail that a report went out or was withdrawn, and when."""

    access_paths = {"authority": "report__authority"}

    report = models.ForeignKey(Report, models.CASCADE, related_name="notices")

    def __str__(self):
        return f"{self.report}: {self.person} told"
