"""The page of key findings: drafted from a report's figures, edited, published."""

from django.db import transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from reports.actions.publishing import people_to_tell
from reports.actions.states import change_state, tell
from reports.choices import ReportState
from reports.models import KeyFindings
from reports.presentation.key_findings import draft
from reports.wording import claims_in


@transaction.atomic
def draft_key_findings(report, *, by):
    """The key findings of a report, drafted from its figures the first time; returns those that are there afterwards."""
    found, made = KeyFindings.objects.get_or_create(report=report, defaults={"sentences": draft(report.results)})
    if made:
        record("key findings drafted", found, by=by)
    return found


@transaction.atomic
def edit_key_findings(found, *, sentences, by):
    """Replace the sentences; a page that was published becomes a draft again. The same sentences change nothing.

    Raises NotNow when a sentence claims what no evaluation of this kind can show; the ladder's own sentence may stand as it is.
    """
    held = KeyFindings.objects.select_for_update().get(pk=found.pk)
    own = (found.report.results.get("ladder") or {}).get("sentence")
    for sentence in sentences:
        if sentence["text"] != own and (claimed := claims_in(sentence["text"])):
            raise NotNow(
                f"“{sentence['text']}” says “{claimed[0]}”. The report shows that two things go together, not that one brought "
                "about the other. Please say it in other words."
            )
    if sentences == held.sentences:
        return
    change_state(held, ReportState.DRAFT, at=None, by=None, state_reason="", sentences=sentences)
    record("key findings edited", held, by=by)


@transaction.atomic
def tag_key_findings(found, *, aims, by):
    """Say to which aims each sentence speaks: `aims` is a list of choices.Aim codes for each sentence, in their order.

    Raises NotNow when the page has other sentences by now. A page that was published becomes a draft again.
    """
    held = KeyFindings.objects.select_for_update().get(pk=found.pk)
    if len(aims) != len(held.sentences):
        raise NotNow("Somebody has changed the sentences in the meantime. Open this page again.")
    tagged = [
        {name: value for name, value in sentence.items() if name != "aims"} | ({"aims": list(codes)} if codes else {})
        for sentence, codes in zip(held.sentences, aims, strict=True)
    ]
    if tagged == held.sentences:
        return
    change_state(held, ReportState.DRAFT, at=None, by=None, state_reason="", sentences=tagged)
    record("key findings tagged", held, by=by)


@transaction.atomic
def publish_key_findings(found, *, by):
    """Approve the key findings of a published report. A second click changes nothing."""
    held = KeyFindings.objects.select_for_update(of=("self",)).select_related("report").get(pk=found.pk)
    if held.report.state != ReportState.PUBLISHED:
        raise NotNow("Publish the report first: the page leads to its tables.")
    if held.state == ReportState.PUBLISHED:
        return
    change_state(held, ReportState.PUBLISHED, at=timezone.now(), by=by, state_reason="")
    record("key findings published", held, by=by)


@transaction.atomic
def withdraw_key_findings(found, *, by, reason):
    """Take a published page back; its report stays. The officers who could read it are told why. A second click changes nothing."""
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
    for person in people:
        tell(
            person,
            subject=f"Key findings withdrawn: {report.cluster or report.authority}",
            text=f"{by} has withdrawn the key findings of {report}, {report.cohort}. Please do not use them any longer. The report "
            f"itself stays.\n\nThe reason: {reason}\n",
        )
    record("key findings withdrawn", held, by=by, told=len(people))
