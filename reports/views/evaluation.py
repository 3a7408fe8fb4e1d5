"""Reports, the jobs that build them, and the plans that they follow."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.letters import unsent_to
from clusters.models import Cohort
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, TextPage
from reports import actions
from reports.choices import RunStatus
from reports.filters import ReportFilter
from reports.forms import PlanForm, PublishForm, ReportRequestForm, WithdrawForm
from reports.models import AnalysisPlan, KeyFindings, Report, ReportFile, ReportRun
from reports.presentation import present
from reports.views.jobs import EVALUATION, AsksForRun
from surveys.choices import Audience, Moment
from surveys.models import Wave

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


class ReportList(ListPage):
    """Every report that the person may open, newest first, with the latest version of each place marked."""

    model = Report
    permission = Permission.REPORT_VIEW
    filterset_class = ReportFilter
    orderings = {"cohort": ("cohort__starts_on",), "built": ("built_at",), "level": ("level",)}
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
        told = list(self.object.notices.filter(state=self.object.state).select_related("person"))
        return super().get_context_data(
            r=present(self.object.results, self.object.charts),
            newer=newer.defer("results", "charts").order_by("-version").first(),
            key_findings=self.rows(KeyFindings).filter(report=self.object).first(),
            has_csv=self.object.files.filter(name="csv").exists(),  # older reports have none
            told=told,
            unsent=unsent_to(notice.person for notice in told),
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
        return (
            f"{self.object}. Officers can no longer open it, nor its key findings, which have to be approved again if it is ever "
            f"published again. Copies that were downloaded stay where they are. {self.told()}"
        )

    def act(self, form):
        actions.withdraw_report(self.object, by=self.request.user, site=self.site, reason=form.cleaned_data["reason"])
        return self.object.get_absolute_url()


class ReportRequest(AsksForRun, FormPage):
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
        return self.led_to(*actions.request_report(**question, by=self.request.user, tell_from=tell_from))


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

    @cached_property
    def plan(self):
        """The plan that is fixed so far, or None."""
        return AnalysisPlan.objects.select_related("fixed_by").filter(cohort=self.cohort).first()

    def get_initial(self):
        plan = self.plan
        return {"cut": plan.cut_words, "item_set": plan.item_set, "seed": plan.seed} if plan else {}

    def act(self, form):
        actions.fix_plan(cohort=self.cohort, **form.cleaned_data, by=self.request.user)
        return reverse("plan-list")

    def get_context_data(self, **kwargs):
        lead = (
            "Fix this before anybody can see the follow-up. Once the follow-up has opened it can no longer be changed."
        )
        if self.plan:
            day = f"{timezone.localtime(self.plan.fixed_at):%-d %B %Y}"
            self.button = "Change the plan"
            lead = (
                f"Fixed on {day} by {self.plan.fixed_by or 'somebody who has left'}. It can be changed until the follow-up opens, and not "
                "afterwards. Every report prints who fixed it and when."
            )
        return super().get_context_data(
            lead=lead,
            cancel=reverse("plan-list"),
            **kwargs,
        )
