"""The jobs that make reports, school sheets and data: how far they are, and stopping them; and what asking again leads to."""

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from clusters.access import Permission
from clusters.views.base import ConfirmPage, DetailPage
from pcp.forms import NothingToFillIn
from reports import actions
from reports.choices import STEPS, ReportKind, ReportState, RunStatus
from reports.models import ReportRun, SchoolSheet

EVALUATION = ("Evaluation", "/evaluation/")
# Where a kind of run is asked for, and who may, if it is not as for a report.
ASKED_AT = {
    ReportKind.EXPORT: ("export-request", Permission.EXPORT_TAKE),
    ReportKind.SHEETS: ("sheets-request", Permission.SHEET_MANAGE),
}
ENDED = (RunStatus.READY, RunStatus.FAILED, RunStatus.CANCELLED)
SILENT_AFTER = timedelta(
    seconds=15
)  # since the worker was heard of; the sweep takes the run up after REPORT_HEARTBEAT_LIMIT
MOST_SECONDS = 90  # a longer time is told in minutes
SAME = {
    ReportKind.EVALUATION: "Nothing has changed since this report was made, so here it is.",
    ReportKind.EXPORT: "Nothing has changed since these data were made, so here they are.",
    ReportKind.SHEETS: "Nothing has changed since these sheets were made, so here they are.",
}
BEING_MADE = "This has been asked for already. Here is how far it is."


def kinds_for(access):
    """The kinds of run that a person may follow and stop: those that they may ask for."""
    asked = {kind: ASKED_AT.get(kind, ("", Permission.REPORT_REQUEST))[1] for kind in ReportKind}
    return [kind for kind, permission in asked.items() if access.may(permission)]


class AsksForRun:
    """A form page that asks for a run: it leads to what there is, and says so where nothing new is made."""

    def led_to(self, run, made):
        """The address to go to from a run, as the actions that ask return it."""
        ready = run.status == RunStatus.READY and bool(run.result_url)
        if not made:
            messages.info(self.request, _same(run) if ready else BEING_MADE)
        return run.result_url if ready else run.get_absolute_url()

    def refused(self, form, reason):
        """As in the base; where a plan is missing, with the way to it for those who may fix it."""
        if isinstance(reason, actions.NoPlan) and self.request.access.may(Permission.PLAN_FIX):
            address = reverse("plan-fix", args=[reason.cohort.slug])
            words = format_html('{} <a href="{}">The plan of {}</a>', str(reason), address, reason.cohort)
            return form.add_error(None, words)
        return super().refused(form, reason)


def _same(run):
    """Why nothing new is made: the same question about the same data has its answer already, even where that was withdrawn."""
    made = run.report if run.kind == ReportKind.EVALUATION else getattr(run, "sheet_set", None)
    if made is None or made.state != ReportState.WITHDRAWN:
        return SAME[run.kind]
    day = f"{timezone.localtime(made.state_since):%-d %B %Y}"
    this, new = (
        ("This report was", "a new one") if run.kind == ReportKind.EVALUATION else ("These sheets were", "new ones")
    )
    return (
        f"{this} withdrawn on {day}. Nothing has changed since, so {new} would say the same and none is made: that takes "
        "other answers or another plan."
    )


class JobDetail(DetailPage):
    """How far a run is. The progress part replaces itself each second while there is something to wait for."""

    model = ReportRun
    permission = Permission.REPORT_REQUEST
    template_name = "reports/job_detail.html"
    crumbs = (EVALUATION,)

    def get_queryset(self):
        found = super().get_queryset().filter(kind__in=kinds_for(self.request.access))
        return found.select_related("cohort", "authority", "cluster", "report")

    def get_template_names(self):
        return ["reports/parts/job_progress.html"] if self.request.htmx else [self.template_name]

    def get_context_data(self, **kwargs):
        name, permission = ASKED_AT.get(self.object.kind, ("report-request", Permission.REPORT_REQUEST))
        return super().get_context_data(
            ask_again=f"{reverse(name)}?{_question(self.object)}" if self.request.access.may(permission) else "",
            ended=self.object.status in ENDED,
            silent=_is_silent(self.object),
            remaining=_time_left(self.object),
            stages=_stages(self.object),
            sheets=_sheets_made(self.object),
            **kwargs,
        )

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        if self.request.htmx and self.object.status == RunStatus.READY:
            response["HX-Redirect"] = self.object.result_url
        response["Cache-Control"] = "no-store"
        return response


def _question(run):
    """What a run was asked, as the end of an address, so that asking again needs one click."""
    places = {"authority": run.authority_id, "cluster": run.cluster_id}
    question = {"cohort": run.cohort.slug, "place_kind": run.place_kind} | {
        name: place for name, place in places.items() if name == run.place_kind
    }
    return urlencode(question)


def _stages(run):
    """The steps as [{"name", "state"}] with state done, now or to come."""
    shown = []
    for number, (name, _) in enumerate(STEPS[run.kind], start=1):
        done = run.status == RunStatus.READY or number < run.step
        shown.append({"name": name, "state": "done" if done else "now" if number == run.step else ""})
    return shown


def _sheets_made(run):
    """How many school sheets are made, of how many: {"made", "all"}; None for other kinds and before they are counted."""
    if run.kind != ReportKind.SHEETS or run.status != RunStatus.RUNNING:
        return None
    sheets = SchoolSheet.objects.filter(sheet_set__run=run)
    counts = sheets.aggregate(all=Count("pk"), made=Count("pk", filter=Q(status=RunStatus.READY)))
    return counts if counts["all"] else None


def _is_silent(run):
    """Whether the worker that holds a run has not been heard of for a while: killed, or at a very long step."""
    heard = run.heartbeat_at or run.requested_at
    return run.status == RunStatus.RUNNING and heard < timezone.now() - SILENT_AFTER


def _time_left(run):
    """About how long a run still takes, in words: "12 seconds", "3 minutes"; "" when nothing is known."""
    seconds = _seconds_left(run)
    if seconds is None:
        return ""
    number, unit = (round(seconds / 60), "minute") if seconds > MOST_SECONDS else (seconds, "second")
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _seconds_left(run):
    """About how many seconds are left, from how long the last report of any place took; None when nothing is known."""
    last = (
        ReportRun.objects.filter(kind=run.kind, status=RunStatus.READY, finished_at__isnull=False)
        .order_by("-finished_at")
        .values_list("requested_at", "finished_at")
        .first()
    )
    if run.status != RunStatus.RUNNING:
        return None
    if (sheets := _sheets_made(run)) and sheets["made"]:
        so_far = (timezone.now() - run.sheet_set.made_at).total_seconds()
        return max(1, round(so_far * (sheets["all"] - sheets["made"]) / sheets["made"]))
    if last is None:
        return None
    whole = sum(weight for _, weight in STEPS[run.kind])
    left = sum(weight for _, weight in STEPS[run.kind][max(run.step - 1, 0) :])
    return max(1, round((last[1] - last[0]).total_seconds() * left / whole))


class JobCancel(ConfirmPage):
    """Stop building a report."""

    model = ReportRun
    permission = Permission.REPORT_REQUEST
    form_class = NothingToFillIn
    title = "Stop making it?"
    button = "Stop making it"
    consequence = "Nothing is stored. What was made before stays as it is, and you can ask again."
    danger = True

    def get_queryset(self):
        return super().get_queryset().filter(kind__in=kinds_for(self.request.access))

    def act(self, form):
        actions.cancel_run(self.object, by=self.request.user)
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), cancel_words="Let it go on", **kwargs)
