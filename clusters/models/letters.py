"""E-mails that could not be sent."""

from django.db import models


class KeptLetter(models.Model):
    """An e-mail that no mail server took, kept until the sweep has sent it; gone then, or when it is too old to be of use."""

    subject = models.TextField()
    body = models.TextField()
    to = models.JSONField(default=list)
    since = models.DateTimeField()  # when it was first given up

    class Meta:
        ordering = ["since", "pk"]

    def __str__(self):
        return f"E-mail {self.pk}"
