"""Publishing the sheets of a cohort's schools, all at once, and taking them back."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from clusters.models import RoleAssignment
from reports.actions.states import STATE_FIELDS, answered_between, change_state, check_closed, tell
from reports.analysis.versions import few_changed_figures
from reports.choices import ReportState, RunStatus
from reports.models import SchoolSheet, SheetNotice, SheetSet


def few_sheets_changed_since_published(sheet_set):
    """Whether somebody who kept the sheets of an earlier set could tell a few pupils' answers by subtracting them from these."""
    if answered_between(sheet_set.cohort, sheet_set.made_at):
        return True
    earlier = (
        SheetSet.objects.filter(cohort=sheet_set.cohort_id).exclude(pk=sheet_set.pk).exclude(state=ReportState.DRAFT)
    )
    limits = settings.DISCLOSURE_MINIMUM_BASE, settings.DISCLOSURE_MINIMUM_CELL
    now = None
    for other in earlier:
        now = now or dict(sheet_set.sheets.values_list("school", "results"))
        if few_changed_figures(other.shared["cohort"], sheet_set.shared["cohort"], *limits):
            return True
        for school, before in other.sheets.values_list("school", "results"):
            after = now.get(school)
            if after and any(few_changed_figures(before[place], after[place], *limits) for place in ("own", "around")):
                return True
    return False


@transaction.atomic
def publish_sheets(sheet_set, *, by, site, reason=""):
    """Approve all sheets of a set and let each headteacher see the own school's; tells them by e-mail. A second click changes nothing.

    `reason` is needed when few pupils changed since a set that went out before, and is kept with the set.
    """
    check_closed(sheet_set.cohort)
    if not reason and few_sheets_changed_since_published(sheet_set):
        raise NotNow(
            "Only a few answers changed since sheets that were published before. Whoever has both could work out those answers. "
            "Say why they must go out all the same, or wait until more has changed."
        )
    _change_sheets(sheet_set, ReportState.PUBLISHED, by=by, reason=reason, site=site)


@transaction.atomic
def withdraw_sheets(sheet_set, *, by, site, reason):
    """Take published sheets back: headteachers and teachers no longer see them, and headteachers are told why."""
    if sheet_set.state == ReportState.DRAFT:
        raise NotNow("These sheets are drafts. Nobody outside SSERC has seen them.")
    _change_sheets(sheet_set, ReportState.WITHDRAWN, by=by, reason=reason, site=site)


def heads_of_sheets(sheet_set):
    """The headteachers of today who get a sheet of this set, as role assignments with person and school."""
    schools = sheet_set.sheets.values("school")
    return RoleAssignment.objects.heads(timezone.localdate()).filter(school__in=schools)


def _change_sheets(sheet_set, state, *, by, reason, site):
    held = SheetSet.objects.select_for_update().defer("shared").get(pk=sheet_set.pk)
    if held.run.status != RunStatus.READY:
        raise NotNow("The sheets are still being made.")
    if held.state == state:
        return
    now = timezone.now()
    change_state(held, state, at=now, by=by, state_reason=reason)
    sheet_set.refresh_from_db(fields=STATE_FIELDS)
    if state == ReportState.PUBLISHED:
        # One set is out at a time: withdrawing this one must not bring an older one back.
        for older in SheetSet.objects.filter(cohort=held.cohort_id, state=state).exclude(pk=held.pk).defer("shared"):
            change_state(older, ReportState.WITHDRAWN, at=now, by=by, state_reason="Newer sheets were published.")
    sheets = {sheet.school_id: sheet for sheet in SchoolSheet.objects.filter(sheet_set=held).defer("results")}
    told = {}
    for head in heads_of_sheets(held):
        told.setdefault(head.person, {})[head.school] = sheets[head.school_id]
    SheetNotice.objects.bulk_create(
        SheetNotice(sheet=sheet, person=person, state=state, sent_at=now)
        for person, own in told.items()
        for sheet in own.values()
    )
    for person, own in told.items():
        tell(person, subject=f"School sheet {state}: {held.cohort}", text=_letter(held, own, site))
    record(f"school sheets {state}", held, by=by, told=len(told))


def _letter(sheet_set, schools, site):
    names = ", ".join(school.name for school in schools)
    if sheet_set.state == ReportState.PUBLISHED:
        places = "\n".join(f"{site.rstrip('/')}{reverse('school-sheet', args=[school.key])}" for school in schools)
        return (
            f"{sheet_set.state_by} has published the school sheets of {sheet_set.cohort}. Here is that of {names}:\n\n{places}\n\n"
            "It shows what your pupils said, where that can be shown. Only you and SSERC can open it. With it comes a picture sheet "
            "for your pupils, which your teachers can open too.\n"
        )
    return (
        f"{sheet_set.state_by} has withdrawn the school sheets of {sheet_set.cohort}, with that of {names}. Please do not use it "
        f"any longer.\n\nThe reason: {sheet_set.state_reason}\n"
    )
