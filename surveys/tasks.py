"""Work for the queue: plain values in, one call out."""

from celery import shared_task
from django.utils import timezone


@shared_task
def close_ended_waves():
    """Just after midnight: waves whose last day has passed at every school are closed."""
    from surveys import closing

    now = timezone.now()
    closing.close_ended_waves(now=now, on=timezone.localdate(now))
