"""Waves whose last day has passed everywhere are written down as closed."""

from django.db import transaction

from clusters.audit import record
from surveys.models import Wave, WaveSchool


@transaction.atomic
def close_ended_waves(*, now, on):
    """Mark every open wave as closed at `now` when no school may answer on the date `on` or later; returns how many.

    Only the wave's own state is written: each school's dates already say when it ended. The second time finds nothing.
    """
    still = WaveSchool.objects.filter(closed_at__isnull=True, closes_on__gte=on)
    running = Wave.objects.select_for_update().filter(opened_at__isnull=False, closed_at__isnull=True)
    ended = list(running.exclude(pk__in=still.values("wave")).order_by("pk"))
    for wave in ended:
        wave.closed_at = now
        wave.save()
        record("wave ended", wave, by=None)
    return len(ended)
