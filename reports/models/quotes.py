"""Where quotes are used."""

from django.conf import settings
from django.db import models

from reports.models.reports import KeyFindings
from reports.querysets import QuoteUseQuerySet
from surveys.models import Quote


class QuoteUse(models.Model):
    """A quote on a page of key findings. `words` are those that were approved with the page.

    Nothing but `objects.shown()` may be printed: consent is asked anew each time, and so is whether the words are still these.
    """

    access_paths = {"authority": "findings__report__authority"}

    findings = models.ForeignKey(KeyFindings, models.CASCADE, related_name="quote_uses")
    quote = models.ForeignKey(Quote, models.PROTECT, related_name="uses")
    words = models.TextField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = QuoteUseQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["findings", "quote"], name="quote_once_on_a_page")]

    def __str__(self):
        return f"{self.quote} in {self.findings}"

    @property
    def is_shown(self):
        """Whether the page shows it; the same as `shown()` says of many."""
        return self.quote.may_be_used and self.words == self.quote.text

    @property
    def why_hidden(self):
        """Why the page does not show it, for staff; "" where it does."""
        if self.is_shown:
            return ""
        if self.quote.withdrawn_at:
            return "consent was withdrawn"
        return "its words have changed since" if self.quote.may_be_used else "there is no consent any more"
