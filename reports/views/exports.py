"""De-identified data: which there are, what in them is small, who took them and what for, and the way to take them."""

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import slugify

from clusters.access import Permission
from clusters.models import Cohort
from clusters.views.base import DetailPage, FormPage, ListPage, ObjectFormPage
from reports import actions
from reports.choices import ReportKind, RunStatus
from reports.forms import ExportRequestForm, TakingForm
from reports.models import DataExport, Report, ReportRun
from reports.views.jobs import EVALUATION, AsksForRun

EXPORTS = ("De-identified data", "/evaluation/exports/")


class ExportList(ListPage):
    """Every cohort's de-identified data, newest first, with who took them."""

    model = DataExport
    permission = Permission.EXPORT_VIEW
    template_name = "reports/export_list.html"
    title = "De-identified data"
    crumbs = (EVALUATION,)

    def get_queryset(self):
        newer = DataExport.objects.filter(cohort=OuterRef("cohort"), made_at__gt=OuterRef("made_at"))
        exports = super().get_queryset().defer("content", "review").annotate(superseded=Exists(newer))
        return exports.select_related("cohort").prefetch_related("takings__person")

    def get_context_data(self, **kwargs):
        runs = ReportRun.objects.filter(kind=ReportKind.EXPORT).exclude(status=RunStatus.READY)
        return super().get_context_data(runs=runs.select_related("cohort", "authority", "cluster")[:10], **kwargs)


class ExportRequest(AsksForRun, FormPage):
    """Ask for a cohort's de-identified data."""

    permission = Permission.EXPORT_TAKE
    form_class = ExportRequestForm
    title = "Make de-identified data"
    button = "Make the data"
    crumbs = (EVALUATION, EXPORTS)

    def get_initial(self):
        return {"cohort": Cohort.objects.filter(slug=self.request.GET.get("cohort", "")).first()}

    def act(self, form):
        tell_from = self.site if form.cleaned_data["tell"] else ""
        cohort = form.cleaned_data["cohort"]
        return self.led_to(*actions.request_export(cohort=cohort, by=self.request.user, tell_from=tell_from))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            lead="The same data give the file that is already there, however often it is asked for.",
            cancel=reverse("export-list"),
            **kwargs,
        )


class ExportDetail(DetailPage):
    """One export: the review of what in it is small, and the log of who took it."""

    model = DataExport
    permission = Permission.EXPORT_VIEW
    template_name = "reports/export_detail.html"
    crumbs = (EVALUATION, EXPORTS)

    def get_queryset(self):
        return super().get_queryset().defer("content").select_related("cohort", "run__requested_by")

    def get_context_data(self, **kwargs):
        same = self.rows(Report, Permission.REPORT_VIEW).filter(
            cohort=self.object.cohort, place_key="cohort", data_hash=self.object.data_hash
        )
        return super().get_context_data(
            newer=DataExport.objects.filter(cohort=self.object.cohort, made_at__gt=self.object.made_at)
            .only("pk")
            .first(),
            report=same.defer("results", "charts").first(),
            takings=self.object.takings.select_related("person"),
            **kwargs,
        )


class ExportTake(ObjectFormPage):
    """Read the review, say what for, and take the file. The answer is the file itself; each taking is in the log."""

    model = DataExport
    permission = Permission.EXPORT_TAKE
    form_class = TakingForm
    template_name = "reports/export_take.html"
    title = "Take the data"
    button = "Write it down and download"

    def get_queryset(self):
        return super().get_queryset().select_related("cohort")

    def get_crumbs(self):
        return [EVALUATION, EXPORTS, (str(self.object.cohort), self.object.get_absolute_url())]

    def form_valid(self, form):
        export = self.object
        actions.take_export(export, purpose=form.cleaned_data["purpose"], by=self.request.user)
        response = HttpResponse(bytes(export.content), content_type="application/zip")
        name = slugify(f"{export.cohort} {export.sha256[:8]}")
        response["Content-Disposition"] = f'attachment; filename="deidentified-{name}.zip"'
        return response

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)
