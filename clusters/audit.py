"""Named events: the verbs that matter, beside the row history that every change leaves by itself."""

from clusters.models import NamedEvent


def record(event, target, *, by, **detail):
    """Write down that `by` (a Person, or None for the system) did `event` to `target` (a saved model instance).

    `detail` holds ids, counts and dates only, never a name, an address or a text that somebody wrote.
    """
    return NamedEvent.objects.create(
        event=event,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        detail=detail,
        by=by if by and by.pk else None,
    )
