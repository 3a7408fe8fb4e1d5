"""The plan of an evaluation, fixed before its data can be seen."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clusters.models import Cohort
from reports.wording import cut


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

    @property
    def cut_words(self):
        """The cut as reports print it: 4.0."""
        return cut(self.cut)
