"""Grants of a funder to the schools of a cohort: the scheme, and each school's way through it. Money is in whole pence."""

import hashlib
import json
from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.choices import GrantState, Topic
from clusters.models.places import Cluster, School
from clusters.models.programme import Cohort
from clusters.querysets import GRANT_STEPS, GrantQuerySet


class GrantScheme(models.Model):
    """What a funder gives to each school of a cohort, and when schools report: on a fixed day, or some weeks after they were paid."""

    funder = models.CharField(max_length=80)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="grant_schemes")
    amount = models.PositiveIntegerField("usual amount per school, in pence", validators=[MinValueValidator(1)])
    report_due_on = models.DateField("reports due on", null=True, blank=True)
    report_weeks = models.PositiveSmallIntegerField(
        "weeks from payment to report",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(156)],
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["-cohort__starts_on", "funder"]
        constraints = [
            models.UniqueConstraint(fields=["funder", "cohort"], name="scheme_once_for_cohort"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="scheme_gives_something"),
            models.CheckConstraint(
                condition=Q(report_due_on__isnull=False, report_weeks__isnull=True)
                | Q(report_due_on__isnull=True, report_weeks__isnull=False, report_weeks__gte=1),
                name="scheme_reports_by_day_or_by_weeks",
            ),
        ]

    def __str__(self):
        return f"{self.funder}, {self.cohort}"

    def get_absolute_url(self):
        return f"{reverse('grant-list')}?scheme={self.pk}"

    def due_from(self, paid_on):
        """The day on which the report of a school that was paid on this day is due."""
        return self.report_due_on or paid_on + timedelta(weeks=self.report_weeks)


def _together(*fields, present):
    return Q(**{f"{field}__isnull": not present for field in fields})


def _all_or_none(*fields, **when_there):
    """These fields are all empty, or all filled and as `when_there` says. Nulls are spelt out: SQL lets an unknown pass."""
    return _together(*fields, present=False) | (_together(*fields, present=True) & Q(**when_there))


class SchoolGrant(models.Model):
    """One school's grant of a scheme. Each step is a day, so that the state follows from what has happened and nothing else.

    `cluster` is the school's cluster when it was invited. `report_due_on` is the day that the school was told when it was paid;
    whether the report is overdue is worked out from it.
    """

    access_paths = {"cluster": "cluster", "school": "school"}
    list_choices = {
        "topics": Topic,
        "matched_topics": Topic,
    }  # for the record of changes, which writes them as people do

    scheme = models.ForeignKey(GrantScheme, models.PROTECT, related_name="grants")
    school = models.ForeignKey(School, models.PROTECT, related_name="grants")
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="grants")
    invited_on = models.DateField()

    applied_on = models.DateField(null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    asked = models.PositiveIntegerField("asked for, in pence", null=True, blank=True)
    purpose = models.TextField("what for", blank=True, max_length=1000)
    topics = models.JSONField(default=list, blank=True)  # values of Topic

    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    awarded = models.PositiveIntegerField("awarded, in pence", null=True, blank=True)
    # Those of its topics that sessions had been about when it was awarded.
    matched_topics = models.JSONField(default=list, blank=True)
    match_reason = models.TextField("why it was awarded without a topic of the sessions", blank=True, max_length=500)
    decline_reason = models.TextField("why it was not awarded", blank=True, max_length=500)

    paid_on = models.DateField(null=True, blank=True)
    paid = models.PositiveIntegerField("paid, in pence", null=True, blank=True)
    report_due_on = models.DateField(null=True, blank=True)

    spent_on = models.DateField("spending written down on", null=True, blank=True)
    spent = models.PositiveIntegerField("spent, in pence", null=True, blank=True)
    bought = models.TextField("what was bought", blank=True, max_length=1000)
    used = models.TextField("how it is used", blank=True, max_length=1000)
    reported_on = models.DateField("report handed in on", null=True, blank=True)
    history = HistoricalRecords()

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["school__name", "-scheme__cohort__starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "school"], name="grant_once_for_school_and_scheme"),
            models.CheckConstraint(
                condition=_all_or_none("applied_on", "asked", asked__gte=1, applied_on__gte=F("invited_on")),
                name="grant_applied_for_with_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True)
                | Q(decided_on__isnull=False, applied_on__isnull=False, decided_on__gte=F("applied_on")),
                name="grant_decided_after_the_application",
            ),
            models.CheckConstraint(
                condition=_all_or_none("awarded", awarded__gte=1, decided_on__isnull=False),
                name="grant_awarded_by_a_decision",
            ),
            models.CheckConstraint(
                condition=_all_or_none(
                    *("paid_on", "paid", "report_due_on"),
                    awarded__isnull=False,
                    paid__gte=1,
                    paid__lte=F("awarded"),
                    paid_on__gte=F("decided_on"),
                    report_due_on__gte=F("paid_on"),
                ),
                name="grant_paid_within_the_award",
            ),
            models.CheckConstraint(
                condition=_all_or_none(
                    *("spent_on", "spent"), paid__isnull=False, spent__lte=F("paid"), spent_on__gte=F("paid_on")
                ),
                name="grant_spent_within_what_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(reported_on__isnull=True)
                | Q(reported_on__isnull=False, spent_on__isnull=False, reported_on__gte=F("spent_on")),
                name="grant_reported_after_spending",
            ),
        ]

    def __str__(self):
        return f"{self.school}, {self.scheme.funder}"

    def get_absolute_url(self):
        return reverse("grant-detail", args=[self.pk])

    @property
    def fingerprint(self):
        """A mark of everything that its steps say at this moment: what somebody saw before a step is known again by it."""
        facts = [getattr(self, field.attname) for field in self._meta.concrete_fields]
        return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:32]

    @property
    def last_step(self):
        """The state that the latest step has led to, whatever day it is today."""
        return next(state for field, state in GRANT_STEPS if getattr(self, field) is not None)

    def state_on(self, today):
        """The GrantState on a day; `GrantQuerySet.with_state` says the same of many."""
        late = self.report_due_on is not None and self.report_due_on < today and self.reported_on is None
        return GrantState.OVERDUE if late else self.last_step

    @property
    def topic_labels(self):
        """The topics of its application as people write them."""
        return [Topic(topic).label for topic in self.topics]

    @property
    def left_over(self):
        """Pence that were paid and not spent; None until the school has said what it spent."""
        return None if self.spent is None else self.paid - self.spent
