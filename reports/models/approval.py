"""What goes out only after somebody named has approved it: the same three states for reports, key findings and school sheets."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from clusters.querysets import ScopedQuerySet
from reports.choices import ReportState


class Approvable(models.Model):
    """A draft until somebody has approved it. The row says who changed its state last, and when."""

    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    state_since = models.DateTimeField(null=True, blank=True)  # None for a draft
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True


class Withdrawable(Approvable):
    """What was published may be withdrawn, with a reason; so may the reason be told why it went out."""

    state_reason = models.TextField("reason", blank=True)

    class Meta:
        abstract = True


class Rendering(models.Model):
    """One file of something frozen, under a short name ("pdf", "xlsx", "sheet")."""

    name = models.CharField(max_length=20)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Notice(models.Model):
    """Who was told by e-mail that something went out or was withdrawn, and when."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReportState.choices)
    sent_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-sent_at", "pk"]


def went_out_by_somebody(name):
    """The constraint that whatever is no draft has a name and a time, under the name `name`."""
    return models.CheckConstraint(
        condition=Q(state="draft") | Q(state_since__isnull=False, state_by__isnull=False), name=name
    )
