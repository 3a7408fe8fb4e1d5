"""What adults said that is worth repeating, and what they allowed to be told of themselves."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from clusters.models import Cluster
from surveys.choices import Consent, ConsentBy, QuoteRole, QuoteSource
from surveys.querysets import QuoteQuerySet

_AS_SAID = {
    QuoteRole.MENTOR: "A mentor",
    QuoteRole.TEACHER: "A teacher",
    QuoteRole.HEAD: "A headteacher",
    QuoteRole.OFFICER: "A quality improvement officer",
    QuoteRole.SSERC: "A member of SSERC’s staff",
    QuoteRole.PARTNER: "A partner organisation",
    QuoteRole.INSPECTOR: "An inspector",
}


def _consent_is_whole():
    given = Q(consent_on__isnull=False) & ~Q(consent_by="")
    return Q(consent=Consent.NONE, consent_on__isnull=True, consent_by="", withdrawn_at__isnull=True) | (
        ~Q(consent=Consent.NONE) & given
    )


class Quote(models.Model):
    """One saying of an adult. It may be used as far as its consent goes, until that is withdrawn; of pupils there is none.

    Without a `cluster` the council is not known. The name is kept only where its owner allowed that it is told.
    """

    access_paths = {"cluster": "cluster"}

    text = models.TextField("quote", max_length=1200)
    role = models.CharField("who said it", max_length=10, choices=QuoteRole.choices)
    source = models.CharField(max_length=12, choices=QuoteSource.choices)
    said_on = models.DateField("said on")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="quotes")
    consent = models.CharField(max_length=10, choices=Consent.choices, default=Consent.NONE)
    consent_on = models.DateField("consent given on", null=True, blank=True)
    consent_by = models.CharField("consent given by", max_length=10, choices=ConsentBy.choices, blank=True)
    name = models.CharField(max_length=150, blank=True)
    withdrawn_at = models.DateTimeField("consent withdrawn", null=True, blank=True)
    history = HistoricalRecords()

    objects = QuoteQuerySet.as_manager()

    class Meta:
        ordering = ["-said_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=QuoteRole.values), name="quote_is_of_an_adult"),
            models.CheckConstraint(condition=_consent_is_whole(), name="quote_consent_has_day_and_means"),
            models.CheckConstraint(
                condition=Q(name="") | Q(consent=Consent.NAMED), name="quote_names_only_who_allowed_it"
            ),
        ]

    def __str__(self):
        return f"“{self.text if len(self.text) <= 60 else f'{self.text[:57].rstrip()}…'}”"

    def get_absolute_url(self):
        return reverse("quote-detail", args=[self.pk])

    @property
    def may_be_used(self):
        """Whether its consent allows any use today."""
        return self.consent != Consent.NONE and self.withdrawn_at is None

    @property
    def attribution(self):
        """Who said it, as much as the consent allows and no more: "A mentor, Fife". Needs the cluster's authority."""
        if self.consent in (Consent.NONE, Consent.ANONYMOUS):
            return "Somebody in the programme"
        if self.consent == Consent.ROLE:
            return _AS_SAID[self.role]
        who = _AS_SAID[self.role]
        if self.consent == Consent.NAMED and self.name:
            who = f"{self.name}, {who.partition(' ')[2]}"
        return f"{who}, {self.cluster.authority}" if self.cluster else who
