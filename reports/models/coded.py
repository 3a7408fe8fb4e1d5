"""What was read last for the evaluation of a cohort."""

from django.db import models

from clusters.models import Cohort
from clusters.querysets import ScopedQuerySet


class CodedAnswers(models.Model):
    """The pupils' sheets of one cohort as small whole numbers (`reports.coded`), so that a second question reads nothing again.

    At most one row a cohort. It holds what the sheets hold, under pseudonyms, and goes when they go: no page, e-mail or export ever
    reads it, and `selection.forget_erased` removes it as soon as the sheets are others.
    """

    access_paths = {}  # no place reaches it and no page shows it

    cohort = models.OneToOneField(Cohort, models.CASCADE, primary_key=True, related_name="coded_answers")
    key = models.CharField(max_length=64)  # `coded.key_of`: of which data
    sheets = models.CharField(max_length=80)  # `selection.sheets_of`: of which sheets
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet.as_manager()

    def __str__(self):
        return f"Coded answers of {self.cohort}"
