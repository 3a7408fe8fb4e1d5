"""What can be done in an evaluation: fix its plan, ask for a report, cancel one, publish and withdraw it and the school sheets, write
its key findings.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clusters import tasks as mail
from clusters.actions import NotNow
from clusters.audit import record
from clusters.choices import Role
from clusters.models import Person, RoleAssignment
from reports import selection, tasks
from reports.analysis.versions import few_changed, few_changed_figures
from reports.choices import PlaceKind, ReportKind, ReportState, RunStatus
from reports.models import (
    AnalysisPlan,
    DataExport,
    DataTaking,
    KeyFindings,
    Report,
    ReportNotice,
    ReportRun,
    SchoolSheet,
    SheetNotice,
    SheetSet,
)
from reports.presentation.key_findings import draft
from reports.wording import claims_in
from surveys.choices import Audience, Moment
from surveys.models import Response

ONE_CLICK = timedelta(minutes=1)
ASKED = {ReportKind.EXPORT: "data asked for", ReportKind.SHEETS: "school sheets asked for"}


def check_plan_open(cohort):
    """Raise NotNow when the plan can no longer be fixed or changed: the follow-up was opened, or a report was built."""
    follow_up = cohort.waves.filter(audience=Audience.PUPIL, moment=Moment.FOLLOW_UP, opened_at__isnull=False).first()
    if follow_up:
        opened = timezone.localtime(follow_up.opened_at)
        raise NotNow(f"The follow-up of {cohort} opened on {opened:%-d %B %Y}. Its plan is fixed for good.")


@transaction.atomic
def fix_plan(*, cohort, cut, item_set, seed, by, at=None, salt=None):
    """Fix what an evaluation will do, before its data can be seen. May be changed until the follow-up wave opens.

    `salt` is given only by the demonstration, which must come out alike for the same seed; else it is drawn once and kept.
    """
    check_plan_open(cohort)
    plan = AnalysisPlan.objects.filter(cohort=cohort).first() or AnalysisPlan(cohort=cohort)
    plan.cut, plan.item_set, plan.seed = cut, item_set, seed
    plan.fixed_by, plan.fixed_at = by, at or timezone.now()
    plan.salt = salt or plan.salt
    plan._history_user = by
    plan.save()
    record("plan fixed", plan, by=by, cut=str(cut), seed=seed, item_set=item_set)
    return plan


def check_report_may_be_asked(cohort):
    """Raise NotNow while the cohort has no plan, or while somebody may still answer."""
    if not AnalysisPlan.objects.filter(cohort=cohort).exists():
        raise NotNow(f"{cohort} has no analysis plan yet. Fix its plan first.")
    open_wave = selection.open_wave(cohort, timezone.localdate())
    if open_wave:
        raise NotNow(f"“{open_wave}” is still open. Nobody sees answers while a survey is open.")


def request_report(*, cohort, place_kind, by, authority=None, cluster=None, tell_from=""):
    """Ask for a report. Asking again about the same data answers with the same run, however often. Returns (run, made).

    `tell_from` is the site's address ("https://pcp.example.org/") when `by` wants an e-mail at the end, else "".
    """
    check_report_may_be_asked(cohort)
    return _ask(ReportKind.EVALUATION, cohort, place_kind, by, tell_from, authority=authority, cluster=cluster)


def request_export(*, cohort, by, tell_from=""):
    """Ask for a cohort's de-identified data; as `request_report`. Returns (run, made)."""
    check_answers_may_be_used(cohort)
    return _ask(ReportKind.EXPORT, cohort, PlaceKind.COHORT, by, tell_from)


def request_sheets(*, cohort, by, tell_from=""):
    """Ask for the sheets of all schools of a cohort; as `request_report`. Returns (run, made)."""
    check_answers_may_be_used(cohort)
    return _ask(ReportKind.SHEETS, cohort, PlaceKind.COHORT, by, tell_from)


def check_answers_may_be_used(cohort):
    """Raise NotNow as `check_report_may_be_asked` does, and while no pupil has answered."""
    check_report_may_be_asked(cohort)
    if not selection.pupil_responses_of(cohort).exists():
        raise NotNow(f"No pupil of {cohort} has answered yet. There is nothing to make anything of.")


def _ask(kind, cohort, place_kind, by, tell_from, *, authority=None, cluster=None):
    key = selection.run_key(kind, cohort, place_kind, authority, cluster)
    existing = ReportRun.objects.filter(key=key, status__in=[RunStatus.WAITING, RunStatus.RUNNING, RunStatus.READY])
    if found := existing.first():
        return found, False
    try:
        with transaction.atomic():
            run = ReportRun.objects.create(
                kind=kind,
                place_kind=place_kind,
                cohort=cohort,
                authority=cluster.authority if cluster else authority,
                cluster=cluster,
                key=key,
                requested_by=by,
                tell_from=tell_from,
            )
            record(ASKED.get(kind, "report asked for"), run, by=by)
            tasks.build_report.delay_on_commit(run_id=run.pk)
    except IntegrityError:
        # Somebody asked at the same moment; the database kept one of us.
        return existing.get(), False
    return run, True


@transaction.atomic
def take_export(export, *, purpose, by):
    """Write down that `by` takes an export and what for; returns the entry of the log.

    Sent twice within a minute (a double click), it is one taking. The page asks whether the review has been read.
    """
    # Two requests at the same moment wait for each other here.
    held = DataExport.objects.select_for_update().only("pk").get(pk=export.pk)
    now = timezone.now()
    again = held.takings.filter(person=by, purpose=purpose, at__gte=now - ONE_CLICK).first()
    if again:
        return again
    taking = DataTaking(export=held, person=by, purpose=purpose, at=now)
    taking._history_user = by
    taking.save()
    record("data taken", export, by=by, taking=taking.pk)
    return taking


@transaction.atomic
def cancel_run(run, *, by):
    """Cancel a run: at once while it waits, at its next step while it runs. One that has ended stays as it is."""
    now = timezone.now()
    stopped = ReportRun.objects.filter(pk=run.pk, status=RunStatus.RUNNING).update(cancel_asked_at=now)
    stopped += ReportRun.objects.filter(pk=run.pk, status=RunStatus.WAITING).update(
        status=RunStatus.CANCELLED, cancel_asked_at=now, finished_at=now
    )
    if stopped:
        record("report cancelled", run, by=by)
    run.refresh_from_db()
    return run


def people_to_tell(report):
    """The officers of the report's authority, who may open it once it is published; nobody for a whole cohort's report."""
    if report.authority_id is None:
        return Person.objects.none()
    today = timezone.localdate()
    held = RoleAssignment.objects.current(today).filter(role=Role.QIO, authority=report.authority_id)
    return Person.objects.filter(pk__in=held.values("person"), is_active=True).order_by("full_name", "pk")


def check_closed(cohort):
    """Raise NotNow while somebody may still answer in a cohort."""
    if open_wave := selection.open_wave(cohort, timezone.localdate()):
        raise NotNow(f"“{open_wave}” is still open. Nobody sees answers while a survey is open.")


def _answered_between(cohort, made_at):
    """Whether sheets came in between this and anything else of the cohort that went out, at any place.

    Whoever subtracts a report of one place from that of a larger one, which was made before a late sheet came, has that sheet.
    """
    reports = Report.history.filter(cohort=cohort, state=ReportState.PUBLISHED).values_list("built_at", flat=True)
    sheets = SheetSet.history.filter(cohort=cohort, state=ReportState.PUBLISHED).values_list("made_at", flat=True)
    times = [made_at, *reports, *sheets]
    late = Response.objects.filter(wave__cohort=cohort, wave__audience=Audience.PUPIL)
    return late.filter(received_at__gt=min(times), received_at__lte=max(times)).exists()


def few_changed_since_published(report):
    """Whether a reader of what went out before could tell a few pupils' answers by subtracting it from this report."""
    if _answered_between(report.cohort, report.built_at):
        return True
    went_out = Report.history.filter(cohort=report.cohort_id, place_key=report.place_key, state=ReportState.PUBLISHED)
    earlier = Report.objects.filter(kind=report.kind, pk__in=went_out.values("id")).exclude(pk=report.pk)
    return any(
        few_changed(other.results, report.results, settings.DISCLOSURE_MINIMUM_BASE, settings.DISCLOSURE_MINIMUM_CELL)
        for other in earlier
    )


@transaction.atomic
def publish_report(report, *, by, site, reason=""):
    """Approve a report and let the officers of its place see it; tells them by e-mail. A second click changes nothing.

    `reason` is needed when few pupils changed since a version that went out before, and is kept with the report.
    """
    check_closed(report.cohort)
    if not reason and few_changed_since_published(report):
        raise NotNow(
            "Only a few sheets or schools changed since something of this cohort was published. Whoever has both could work out "
            "those answers. Say why it must go out all the same, or publish everything anew."
        )
    _change_state(report, ReportState.PUBLISHED, by=by, reason=reason, site=site)


@transaction.atomic
def withdraw_report(report, *, by, site, reason):
    """Take a published report back: officers no longer see it and are told why. Its files stay with SSERC."""
    if report.state == ReportState.DRAFT:
        raise NotNow("This report is a draft. Nobody outside SSERC and the evaluator has seen it.")
    _change_state(report, ReportState.WITHDRAWN, by=by, reason=reason, site=site)


def _change_state(report, state, *, by, reason, site):
    held = Report.objects.select_for_update().defer("results", "charts").get(pk=report.pk)
    if held.state == state:
        return
    now = timezone.now()
    held.state, held.state_since, held.state_by, held.state_reason = state, now, by, reason
    held._history_user = by
    held.save(update_fields=["state", "state_since", "state_by", "state_reason"])
    report.refresh_from_db(fields=["state", "state_since", "state_by", "state_reason"])
    people = list(people_to_tell(held))
    ReportNotice.objects.bulk_create(
        ReportNotice(report=held, person=person, state=state, sent_at=now) for person in people
    )
    for person in people:
        mail.deliver_mail.delay_on_commit(
            subject=f"{held.get_kind_display()} {state}: {held.cluster or held.authority}",
            body=_letter(held, person, site),
            to=[person.email],
        )
    record(f"report {state}", held, by=by, told=len(people))


def _letter(report, person, site):
    what = f"the {report.get_kind_display().lower()} on {report.cluster or report.authority}, {report.cohort}, version {report.version}"
    if report.state == ReportState.PUBLISHED:
        text = f"{report.state_by} has published {what}:\n\n{site.rstrip('/')}{report.get_absolute_url()}\n"
    else:
        text = f"{report.state_by} has withdrawn {what}. Please do not use it any longer.\n\nThe reason: {report.state_reason}\n"
    return f"Hello {person.get_short_name()},\n\n{text}\nSSERC\n"


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
    held.sentences, held.state, held.state_by, held.state_since = sentences, ReportState.DRAFT, None, None
    held._history_user = by
    held.save()
    record("key findings edited", held, by=by)


@transaction.atomic
def publish_key_findings(found, *, by):
    """Approve the key findings of a published report. A second click changes nothing."""
    held = KeyFindings.objects.select_for_update().select_related("report").get(pk=found.pk)
    if held.report.state != ReportState.PUBLISHED:
        raise NotNow("Publish the report first: the page leads to its tables.")
    if held.state == ReportState.PUBLISHED:
        return
    held.state, held.state_by, held.state_since = ReportState.PUBLISHED, by, timezone.now()
    held._history_user = by
    held.save()
    record("key findings published", held, by=by)


def few_sheets_changed_since_published(sheet_set):
    """Whether somebody who kept the sheets of an earlier set could tell a few pupils' answers by subtracting them from these."""
    if _answered_between(sheet_set.cohort, sheet_set.made_at):
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
    held.state, held.state_since, held.state_by, held.state_reason = state, now, by, reason
    held._history_user = by
    held.save(update_fields=["state", "state_since", "state_by", "state_reason"])
    sheet_set.refresh_from_db(fields=["state", "state_since", "state_by", "state_reason"])
    if state == ReportState.PUBLISHED:
        # One set is out at a time: withdrawing this one must not bring an older one back.
        for older in SheetSet.objects.filter(cohort=held.cohort_id, state=state).exclude(pk=held.pk).defer("shared"):
            older.state, older.state_since, older.state_by = ReportState.WITHDRAWN, now, by
            older.state_reason = "Newer sheets were published."
            older._history_user = by
            older.save(update_fields=["state", "state_since", "state_by", "state_reason"])
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
        mail.deliver_mail.delay_on_commit(
            subject=f"School sheet {state}: {held.cohort}",
            body=_sheet_letter(held, person, own, site),
            to=[person.email],
        )
    record(f"school sheets {state}", held, by=by, told=len(told))


def _sheet_letter(sheet_set, person, schools, site):
    names = ", ".join(school.name for school in schools)
    if sheet_set.state == ReportState.PUBLISHED:
        places = "\n".join(f"{site.rstrip('/')}{reverse('school-sheet', args=[school.key])}" for school in schools)
        text = (
            f"{sheet_set.state_by} has published the school sheets of {sheet_set.cohort}. Here is that of {names}:\n\n{places}\n\n"
            "It shows what your pupils said, where that can be shown. Only you and SSERC can open it. With it comes a picture sheet "
            "for your pupils, which your teachers can open too.\n"
        )
    else:
        text = (
            f"{sheet_set.state_by} has withdrawn the school sheets of {sheet_set.cohort}, with that of {names}. Please do not use it "
            f"any longer.\n\nThe reason: {sheet_set.state_reason}\n"
        )
    return f"Hello {person.get_short_name()},\n\n{text}\nSSERC\n"
