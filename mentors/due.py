"""What waits for a mentor (settings.DUE_ITEMS)."""

from datetime import timedelta

from django.urls import reverse

from clusters.access import Permission
from clusters.due import DueItem
from mentors.models import LearningSession

QUIET_FOR = timedelta(days=28)


def session_items(access, person, today):
    """A mentor whose cluster has logged nothing for four weeks is asked whether there was a session."""
    for cluster in access.places(Permission.SESSION_LOG, "cluster"):
        last = (
            LearningSession.objects.filter(cluster=cluster)
            .order_by("-held_on")
            .values_list("held_on", flat=True)
            .first()
        )
        if last and last >= today - QUIET_FOR:
            continue
        since = f"The last one logged was on {last:%-d %B %Y}." if last else "None has been logged yet."
        yield DueItem(
            what="Log your latest session",
            why=f"{since} It takes about a minute.",
            on=None,
            address=reverse("session-new"),
            button="Log a session",
        )
