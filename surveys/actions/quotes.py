"""The quotes bank: what adults said, kept with the consent that they gave."""

import re

from django.db import transaction

from clusters.actions import NotNow
from clusters.audit import record
from surveys.choices import Consent, QuoteRole
from surveys.models import Quote

_EMAIL = re.compile(r"\S+@\S+\.\w")
# As numbers are written here: from 0 or +, in groups; or seven figures and more in one. "2012-2018" is none.
_PHONE = re.compile(r"(?:\+\d|\b0)(?:[\s().-]{0,2}\d){6,}|\d{7,}")


class QuoteRefused(NotNow):
    """A quote that may not be kept so. `field` is the part that is wrong."""

    def __init__(self, reason, field):
        super().__init__(reason)
        self.field = field


def check_quote(*, text, role, cluster, consent, consent_on, consent_by, name, **_):
    """Raise QuoteRefused, with a sentence for the person who asked, when a quote may not be kept so."""
    if role not in QuoteRole.values:
        raise QuoteRefused("No quotes of pupils are kept. Choose the adult who said it.", "role")
    if _EMAIL.search(text):
        raise QuoteRefused("This holds an e-mail address. Take it out: a quote leads to nobody.", "text")
    if _PHONE.search(text):
        raise QuoteRefused("This holds what looks like a phone number. Take it out: a quote leads to nobody.", "text")
    if consent == Consent.NONE:
        return
    if consent_on is None:
        raise QuoteRefused("Give the day on which consent was given.", "consent_on")
    if not consent_by:
        raise QuoteRefused("Choose by which means consent was given.", "consent_by")
    if consent == Consent.PLACE and cluster is None:
        raise QuoteRefused("Choose the cluster: the council is told with the role.", "cluster")
    if consent == Consent.NAMED and not name:
        raise QuoteRefused("Give the name that may be told.", "name")


@transaction.atomic
def add_quote(*, by, **facts):
    """Keep a quote and return it; `facts` are the fields of Quote but for `withdrawn_at`. Raises QuoteRefused."""
    return _write(Quote(), facts, "quote added", by)


@transaction.atomic
def change_quote(quote, *, by, **facts):
    """Correct a quote or its consent; what it said before stays in its history. Raises NotNow once consent was withdrawn."""
    held = Quote.objects.select_for_update().get(pk=quote.pk)
    if held.withdrawn_at:
        raise NotNow("Consent was withdrawn, so this quote stays as it is. Whoever said it may say it again.")
    if all(getattr(held, name) == value for name, value in facts.items()):
        return held
    return _write(held, facts, "quote changed", by)


@transaction.atomic
def withdraw_quote(quote, *, by, now):
    """Write down that consent was withdrawn: from this moment no page shows the quote. A second click changes nothing."""
    held = Quote.objects.select_for_update().get(pk=quote.pk)
    if held.withdrawn_at:
        return held
    if held.consent == Consent.NONE:
        raise NotNow("No consent is on record, so there is none to withdraw. The quote is used nowhere.")
    held.withdrawn_at = now
    held._history_user = by
    held.save()
    record("consent withdrawn", held, by=by)
    return held


def _write(quote, facts, event, by):
    check_quote(**facts)
    if facts["consent"] == Consent.NONE:
        facts = facts | {"consent_on": None, "consent_by": ""}
    if facts["consent"] != Consent.NAMED:
        facts = facts | {"name": ""}  # nobody's name is kept that may not be told
    for name, value in facts.items():
        setattr(quote, name, value)
    quote._history_user = by
    quote.save()
    record(event, quote, by=by, consent=str(quote.consent))
    return quote
