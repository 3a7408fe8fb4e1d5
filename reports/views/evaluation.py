"""Reports, the jobs that build them, and the plans that they follow."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.models import Cohort
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, TextPage
from pcp.forms import NothingToFillIn
from reports import actions
from reports.choices import STEPS, ReportKind, RunStatus
from reports.forms import PlanForm, PublishForm, ReportRequestForm, WithdrawForm
from reports.models import AnalysisPlan, KeyFindings, Report, ReportFile, ReportRun, SchoolSheet
from reports.presentation import present
from surveys.choices import Audience, Moment
from surveys.models import Wave

EVALUATION = ("Evaluation", "/evaluation/")
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
# Where a kind of run is asked for, and who may, if it is not as for a report.
ASKED_AT = {
    ReportKind.EXPORT: ("export-request", Permission.EXPORT_TAKE),
    ReportKind.SHEETS: ("sheets-request", Permission.SHEET_MANAGE),
}


def kinds_for(access):
    """The kinds of run that a person may follow and stop: those that they may ask for."""
    asked = {kind: ASKED_AT.get(kind, ("", Permission.REPORT_REQUEST))[1] for kind in ReportKind}
    return [kind for kind, permission in asked.items() if access.may(permission)]


ENDED = (RunStatus.READY, RunStatus.FAILED, RunStatus.CANCELLED)


class ReportList(ListPage):
    """Every report that the person may open, newest first, with the latest version of each place marked."""

    model = Report
    permission = Permission.REPORT_VIEW
    template_name = "reports/report_list.html"
    title = "Evaluation"

    def get_queryset(self):
        reports = super().get_queryset().marked(self.rows(Report)).defer("results", "charts")
        return reports.select_related("cohort", "authority", "cluster")

    def get_context_data(self, **kwargs):
        runs = ReportRun.objects.none()
        if self.request.access.may(Permission.REPORT_REQUEST):
            runs = ReportRun.objects.exclude(status=RunStatus.READY).select_related("cohort", "authority", "cluster")[
                :10
            ]
        return super().get_context_data(runs=runs, **kwargs)


class ReportDetail(DetailPage):
    """The report as a page: a rendering of its stored result."""

    model = Report
    permission = Permission.REPORT_VIEW
    template_name = "reports/report_detail.html"
    crumbs = (EVALUATION,)

    def get_queryset(self):
        return super().get_queryset().select_related("cohort", "authority", "cluster")

    def get_context_data(self, **kwargs):
        newer = self.rows(Report).filter(
            kind=self.object.kind,
            cohort=self.object.cohort,
            place_key=self.object.place_key,
            version__gt=self.object.version,
        )
        return super().get_context_data(
            r=present(self.object.results, self.object.charts),
            newer=newer.defer("results", "charts").order_by("-version").first(),
            key_findings=self.rows(KeyFindings).filter(report=self.object).first(),
            told=self.object.notices.filter(state=self.object.state).select_related("person"),
            **kwargs,
        )


class ReportDownload(DetailPage):
    """One file of a report, as the worker made it."""

    model = Report
    permission = Permission.REPORT_VIEW

    def get(self, request, *args, **kwargs):
        report = get_object_or_404(self.get_queryset().defer("results", "charts"), pk=kwargs["pk"])
        file = get_object_or_404(ReportFile, report=report, name=kwargs["name"])
        response = HttpResponse(bytes(file.content), content_type=CONTENT_TYPES[file.name])
        name = slugify(f"{report.cluster or report.authority or ''} {report.cohort} version {report.version}")
        response["Content-Disposition"] = f'attachment; filename="evaluation-{name}.{file.name}"'
        response["Cache-Control"] = "private, no-store"
        return response


class ReportDecision(ConfirmPage):
    """A page that changes whether a report may be seen."""

    model = Report
    permission = Permission.REPORT_PUBLISH
    abstract = True

    def get_queryset(self):
        return super().get_queryset().select_related("cohort", "authority", "cluster")

    def get_crumbs(self):
        return [EVALUATION, (str(self.object), self.object.get_absolute_url())]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)

    def told(self):
        """Who will be told, in words."""
        people = [person.full_name for person in actions.people_to_tell(self.object)]
        return f"{', '.join(people)} will be told by e-mail." if people else "Nobody is told by e-mail."


class ReportPublish(ReportDecision):
    """Approve a report and let the officers of its place see it."""

    form_class = PublishForm
    title = "Approve and publish this report?"
    button = "Approve and publish"
    success_message = "Published."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"ask_reason": actions.few_changed_since_published(self.object)}

    def get_consequence(self):
        report = self.object
        who = f"The officers of {report.authority}" if report.authority else "SSERC and the evaluator"
        return f"{report}. {who} can open it, with your name as the one who approved it. {self.told()}"

    def act(self, form):
        reason = form.cleaned_data.get("reason", "")
        actions.publish_report(self.object, by=self.request.user, site=self.site, reason=reason)
        return self.object.get_absolute_url()


class ReportWithdraw(ReportDecision):
    """Take a published report back."""

    form_class = WithdrawForm
    title = "Withdraw this report?"
    button = "Withdraw it"
    success_message = "Withdrawn. Only SSERC and the evaluator can open it now."
    danger = True

    def get_consequence(self):
        return f"{self.object}. Officers can no longer open it. Copies that were downloaded stay where they are. {self.told()}"

    def act(self, form):
        actions.withdraw_report(self.object, by=self.request.user, site=self.site, reason=form.cleaned_data["reason"])
        return self.object.get_absolute_url()


class ReportRequest(FormPage):
    """Ask for a report."""

    permission = Permission.REPORT_REQUEST
    form_class = ReportRequestForm
    template_name = "reports/report_request.html"
    title = "Make a report"
    button = "Make the report"
    crumbs = (EVALUATION,)

    def get_initial(self):
        asked = self.request.GET
        places = {name: asked[name] for name in ("place_kind", "authority", "cluster") if asked.get(name)}
        return {"cohort": Cohort.objects.filter(slug=asked.get("cohort", "")).first(), **places}

    def act(self, form):
        question = form.cleaned_data
        tell_from = self.site if question.pop("tell") else ""
        run, _ = actions.request_report(**question, by=self.request.user, tell_from=tell_from)
        return run.result_url or run.get_absolute_url()


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
            remaining=_seconds_left(self.object),
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


class PlanList(TextPage):
    """Each cohort's plan: what its evaluation will do, who fixed it and when."""

    permission = Permission.PLAN_VIEW
    template_name = "reports/plan_list.html"
    title = "Analysis plans"
    crumbs = (EVALUATION,)

    def get_context_data(self, **kwargs):
        latest = Report.objects.filter(cohort=OuterRef("pk"), place_key="cohort").order_by("-version").values("pk")[:1]
        opened = Wave.objects.filter(cohort=OuterRef("pk"), audience=Audience.PUPIL, moment=Moment.FOLLOW_UP)
        cohorts = Cohort.objects.select_related("phase", "analysis_plan__fixed_by").annotate(
            report=Subquery(latest), for_good=Exists(opened.filter(opened_at__isnull=False))
        )
        return super().get_context_data(cohorts=cohorts, **kwargs)


class PlanFix(FormPage):
    """Fix or change a cohort's plan, while its follow-up has not opened."""

    permission = Permission.PLAN_FIX
    form_class = PlanForm
    button = "Fix the plan"
    crumbs = (EVALUATION, ("Analysis plans", "/evaluation/plan/"))
    success_message = "The plan is fixed. It is printed in every report of this cohort."

    def dispatch(self, request, *args, **kwargs):
        self.cohort = get_object_or_404(Cohort, slug=kwargs["slug"])
        try:
            if request.access.may(self.permission):
                actions.check_plan_open(self.cohort)
        except NotNow as reason:
            messages.info(request, str(reason))
            return HttpResponseRedirect(reverse("plan-list"))
        return super().dispatch(request, *args, **kwargs)

    def get_title(self):
        return f"Analysis plan, {self.cohort}"

    def get_initial(self):
        plan = AnalysisPlan.objects.filter(cohort=self.cohort).first()
        return {"cut": plan.cut, "item_set": plan.item_set, "seed": plan.seed} if plan else {}

    def act(self, form):
        actions.fix_plan(cohort=self.cohort, **form.cleaned_data, by=self.request.user)
        return reverse("plan-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            lead="Fix this before anybody can see the follow-up. Afterwards it can no longer be changed.",
            cancel=reverse("plan-list"),
            **kwargs,
        )
