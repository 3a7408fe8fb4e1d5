"""Taking a cohort's de-identified data away."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clusters.audit import record
from reports.models import DataExport, DataTaking

ONE_CLICK = timedelta(minutes=1)


@transaction.atomic
def take_export(export, *, purpose, by):
    """Write down that `by` takes an export and what for; returns the entry of the log.

    Sent twice within a minute (a double click), it is one taking. The page asks whether the review has been read.
    """
    # Two requests at the same moment wait for each other here.
    held = DataExport.objects.select_for_update().only("pk").get(pk=export.pk)
    now = timezone.now()
    again = held.takings.filter(person=by, purpose=purpose, at__gte=now - ONE_CLICK).first()
    if again:
        return again
    taking = DataTaking(export=held, person=by, purpose=purpose, at=now)
    taking._history_user = by
    taking.save()
    record("data taken", export, by=by, taking=taking.pk)
    return taking
