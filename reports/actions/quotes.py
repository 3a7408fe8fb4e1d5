"""Quotes on a page of key findings."""

from django.db import transaction

from clusters.actions import NotNow
from clusters.audit import record
from reports.actions.states import change_state
from reports.choices import ReportState
from reports.models import KeyFindings, QuoteUse
from surveys.models import Quote


@transaction.atomic
def choose_quotes(found, *, quotes, by):
    """Let exactly these quotes stand on a page of key findings; one that was published becomes a draft again.

    The same quotes in the same words change nothing. A quote whose consent is gone stays on record as once used, and is shown
    nowhere. Raises NotNow for a quote that may not be used.
    """
    held = KeyFindings.objects.select_for_update().get(pk=found.pk)
    wanted = {quote.pk: quote for quote in quotes}
    for quote in wanted.values():
        if not quote.may_be_used:
            raise NotNow(f"{quote} may not be used: there is no consent to it.")
    usable = held.quote_uses.filter(quote__in=Quote.objects.usable())
    there = {use.quote_id: use for use in usable}
    if {pk: use.words for pk, use in there.items()} == {pk: quote.text for pk, quote in wanted.items()}:
        return
    usable.exclude(quote__in=wanted).delete()
    for pk, quote in wanted.items():
        QuoteUse.objects.update_or_create(
            findings=held, quote=quote, defaults={"words": quote.text} | ({} if pk in there else {"added_by": by})
        )
    change_state(held, ReportState.DRAFT, at=None, by=None, state_reason="")
    record("quotes chosen", held, by=by, quotes=len(wanted))
