"""What becomes of an e-mail that no mail server takes: it is kept in the database, sent again by the sweep, and given up in the end, or with the
account of whom it was for."""

import logging
from datetime import datetime, timedelta

from django.utils import timezone

from clusters.models import KeptLetter

log = logging.getLogger("clusters")

KEPT_FOR = timedelta(days=2)  # news of what happened longer ago does more harm than good


def keep(*, subject, body, to, since=None):
    """Keep an e-mail for the sweep; `since` is the time, as text, when it was kept first. One that is too old goes."""
    now = timezone.now()
    since = datetime.fromisoformat(since) if since else now
    if now - since > KEPT_FOR:
        log.error("An e-mail that nobody took since %s is given up.", since)
        return
    KeptLetter.objects.create(subject=subject, body=body, to=to, since=since)


def kept():
    """[(row, what to send it with)] of all that are kept, the oldest first. Those that are too old by now go unsent."""
    old = KeptLetter.objects.filter(since__lt=timezone.now() - KEPT_FOR)
    if given_up := old.delete()[0]:
        log.error("%s e-mails that nobody took for two days are given up.", given_up)
    return [
        (letter, {"subject": letter.subject, "body": letter.body, "to": letter.to, "since": letter.since.isoformat()})
        for letter in KeptLetter.objects.all()
    ]


def unsent_to(people):
    """Those of some people for whom an e-mail is kept, because no mail server has taken it yet."""
    waiting = {email for to in KeptLetter.objects.values_list("to", flat=True) for email in to}
    return {person for person in people if person.email in waiting}


def forget(email):
    """Throw away what is kept for this address."""
    for letter in KeptLetter.objects.all():
        if email in letter.to:
            letter.delete()
