"""The page of key findings: drafted from a report's figures, edited, published."""

from django.db import transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from reports.actions.publishing import people_to_tell
from reports.actions.quotes import choose_quotes
from reports.actions.states import change_state, tell
from reports.choices import ReportState
from reports.models import KeyFindings
from reports.presentation.key_findings import draft
from reports.wording import claims_in

TAGGED_MEANWHILE = (
    "Somebody has changed this page in the meantime, so nothing was saved. Below are the sentences as they are now, with your ticks "
    "beside those that are still the same. Look at them once more, then save."
)


class ChangedMeanwhile(NotNow):
    """The page says something else by now than what the person had read."""


@transaction.atomic
def draft_key_findings(report, *, by):
    """The key findings of a report, drafted from its figures the first time; returns those that are there afterwards."""
    found, made = KeyFindings.objects.get_or_create(report=report, defaults={"sentences": draft(report.results)})
    if made:
        record("key findings drafted", found, by=by)
    return found


@transaction.atomic
def edit_key_findings(found, *, sentences, by, quotes=None, seen=None, confirmed=0):
    """Replace the sentences, and the quotes where they are given; a page that was published becomes a draft again.

    `seen` is the fingerprint of the page that the person began from; None for whoever has just read it. The same sentences and
    quotes change nothing. Raises ChangedMeanwhile when they would replace what the person never saw, and NotNow when a sentence
    claims what no evaluation of this kind can show. `confirmed` is how many warnings (`reports.presentation.doubts`) the person
    has read and saved in spite of; that is written down.
    """
    held = KeyFindings.objects.select_for_update().get(pk=found.pk)
    check_claims(found, sentences)
    # A second click sends what is there already: that takes nothing from anybody.
    if not _stands_already(held, sentences, quotes):
        _check_seen(
            held,
            seen,
            "Somebody has changed this page since you opened it, so nothing was saved. What you wrote still stands in the boxes, "
            "and above them what the page says now. Add what should stay of it: saving again replaces the page by your boxes.",
        )
    if sentences != held.sentences:
        change_state(held, ReportState.DRAFT, at=None, by=None, state_reason="", sentences=sentences)
        record("key findings edited", held, by=by, **({"warnings_confirmed": confirmed} if confirmed else {}))
    if quotes is not None:
        choose_quotes(held, quotes=quotes, by=by)


def check_claims(found, sentences):
    """Raise NotNow for a sentence that claims what no evaluation of this kind can show; the ladder's own may stand as it is."""
    own = (found.report.results.get("ladder") or {}).get("sentence")
    for sentence in sentences:
        if sentence["text"] != own and (claimed := claims_in(sentence["text"])):
            raise NotNow(
                f"“{sentence['text']}” says “{claimed[0]}”. The report shows that two things go together, not that one brought "
                "about the other. Please say it in other words."
            )


def _stands_already(held, sentences, quotes):
    if sentences != held.sentences:
        return False
    return quotes is None or {quote.pk for quote in quotes} == set(
        held.quote_uses.shown().values_list("quote", flat=True)
    )


def _check_seen(held, seen, sentence):
    if seen is not None and seen != held.fingerprint:
        raise ChangedMeanwhile(sentence)


@transaction.atomic
def tag_key_findings(found, *, aims, by, seen=None):
    """Say to which aims each sentence speaks: `aims` is a list of choices.Aim codes for each sentence, in their order.

    `seen` as for `edit_key_findings`. Raises ChangedMeanwhile when the page is another by now: the tags would stand beside
    sentences that they were not meant for. A page that was published becomes a draft again.
    """
    held = KeyFindings.objects.select_for_update().get(pk=found.pk)
    if len(aims) != len(held.sentences):
        raise ChangedMeanwhile(TAGGED_MEANWHILE)
    tagged = [
        {name: value for name, value in sentence.items() if name != "aims"} | ({"aims": list(codes)} if codes else {})
        for sentence, codes in zip(held.sentences, aims, strict=True)
    ]
    if tagged == held.sentences:
        return
    _check_seen(held, seen, TAGGED_MEANWHILE)
    change_state(held, ReportState.DRAFT, at=None, by=None, state_reason="", sentences=tagged)
    record("key findings tagged", held, by=by)


@transaction.atomic
def publish_key_findings(found, *, by, seen=None):
    """Approve the key findings of a published report. A second click changes nothing.

    `seen` is the fingerprint of the page that the person read; None for whoever has just read it. Raises ChangedMeanwhile when the
    page says something else by now: nothing goes out under the name of somebody who has not read it.
    """
    held = KeyFindings.objects.select_for_update(of=("self",)).select_related("report").get(pk=found.pk)
    if held.report.state != ReportState.PUBLISHED:
        raise NotNow("Publish the report first: the page leads to its tables.")
    _check_seen(
        held,
        seen,
        "This page was changed since you opened it. Read it again below, as it is now, before you approve it.",
    )
    if held.state == ReportState.PUBLISHED:
        return
    change_state(held, ReportState.PUBLISHED, at=timezone.now(), by=by, state_reason="")
    record("key findings published", held, by=by)


@transaction.atomic
def withdraw_key_findings(found, *, by, reason):
    """Take a published page back and nothing else of its report. The officers who could read it are told why. A second click changes nothing."""
    held = (
        KeyFindings.objects.select_for_update(of=("self",))
        .select_related("report__authority", "report__cluster")
        .get(pk=found.pk)
    )
    if held.state == ReportState.WITHDRAWN:
        return
    if held.state == ReportState.DRAFT:
        raise NotNow("This page is a draft. Nobody outside SSERC and the evaluator has seen it.")
    change_state(held, ReportState.WITHDRAWN, at=timezone.now(), by=by, state_reason=reason)
    people, report = list(people_to_tell(held.report)), held.report
    rest = "itself stays" if report.state == ReportState.PUBLISHED else "is withdrawn too"
    for person in people:
        tell(
            person,
            subject=f"Key findings withdrawn: {report.cluster or report.authority}",
            text=f"{by} has withdrawn the key findings of {report}, {report.cohort}. Please do not use them any longer. The report "
            f"{rest}.\n\nThe reason: {reason}\n",
        )
    record("key findings withdrawn", held, by=by, told=len(people))
