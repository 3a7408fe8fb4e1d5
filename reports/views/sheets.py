"""School sheets: for staff all of a cohort, made and published in one go; for a headteacher the own school's; for the wall a picture."""

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import slugify

from clusters.access import Permission
from clusters.letters import unsent_to
from clusters.models import Cohort
from clusters.views.base import ConfirmPage, FormPage, ListPage, TextPage
from clusters.views.places import SchoolPage
from reports import actions
from reports.choices import ReportKind, RunStatus
from reports.filters import SheetFilter
from reports.forms import PublishForm, SheetsRequestForm, SheetsWithdrawForm
from reports.models import ReportRun, SchoolSheet, SheetFile, SheetNotice, SheetSet
from reports.presentation.picture import present_picture
from reports.presentation.sheet import present_sheet
from reports.views.jobs import EVALUATION, AsksForRun

SHEETS = ("School sheets", "/evaluation/sheets/")


def latest_set(cohort):
    """The newest set of a cohort of which every sheet is made, or None."""
    return SheetSet.objects.filter(cohort=cohort, run__status=RunStatus.READY).defer("shared").first()


class SheetIndex(TextPage):
    """Each cohort with a plan: whether its schools have sheets, and whether they are out."""

    permission = Permission.SHEET_MANAGE
    template_name = "reports/sheet_index.html"
    title = "School sheets"
    crumbs = (EVALUATION,)

    def get_context_data(self, **kwargs):
        cohorts = Cohort.objects.filter(analysis_plan__isnull=False)
        made = SheetSet.objects.filter(run__status=RunStatus.READY).defer("shared").annotate(schools=Count("sheets"))
        latest = {}
        for sheet_set in made.select_related("state_by"):
            latest.setdefault(sheet_set.cohort_id, sheet_set)
        runs = ReportRun.objects.filter(kind=ReportKind.SHEETS).exclude(status=RunStatus.READY)
        return super().get_context_data(
            rows=[(cohort, latest.get(cohort.pk)) for cohort in cohorts],
            runs=runs.select_related("cohort", "authority", "cluster")[:5],
            **kwargs,
        )


class SheetList(ListPage):
    """The newest sheets of one cohort, school by school."""

    model = SchoolSheet
    permission = Permission.SHEET_MANAGE
    template_name = "reports/sheet_list.html"
    filterset_class = SheetFilter
    crumbs = (EVALUATION, SHEETS)
    orderings = {
        "school": ("school__name",),
        "authority": ("school__authority__name", "school__name"),
        "own": ("shown",),
    }

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.cohort = get_object_or_404(Cohort, slug=kwargs["slug"])
        self.sheet_set = latest_set(self.cohort)

    def get_title(self):
        return f"School sheets, {self.cohort}"

    def rows(self, model, permission=None):
        """The sheets of the newest set, with school and authority."""
        found = super().rows(model, permission).filter(sheet_set=self.sheet_set)
        found = found.select_related("school__authority", "sheet_set__cohort").defer("sheet_set__shared")
        return found.order_by("school__name", "pk")

    def get_context_data(self, **kwargs):
        sheets = SchoolSheet.objects.filter(sheet_set=self.sheet_set)
        totals = sheets.aggregate(schools=Count("pk"), own=Count("pk", filter=Q(shown__gt=0)))
        told = set()
        if self.sheet_set:
            notices = SheetNotice.objects.filter(sheet__sheet_set=self.sheet_set, state=self.sheet_set.state)
            told = {notice.person for notice in notices.select_related("person")}
        return super().get_context_data(
            cohort=self.cohort,
            sheet_set=self.sheet_set,
            totals=totals,
            told=len(told),
            unsent=len(unsent_to(told)),
            **kwargs,
        )


class SheetsRequest(AsksForRun, FormPage):
    """Ask for the sheets of all schools of a cohort."""

    permission = Permission.SHEET_MANAGE
    form_class = SheetsRequestForm
    title = "Make the school sheets"
    button = "Make the sheets"
    crumbs = (EVALUATION, SHEETS)

    def get_initial(self):
        return {"cohort": Cohort.objects.filter(slug=self.request.GET.get("cohort", "")).first()}

    def act(self, form):
        tell_from = self.site if form.cleaned_data["tell"] else ""
        cohort = form.cleaned_data["cohort"]
        return self.led_to(*actions.request_sheets(cohort=cohort, by=self.request.user, tell_from=tell_from))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            lead="One sheet for every school of the cohort. They are drafts until you publish them. The same data give the sheets that "
            "are already there, however often it is asked.",
            cancel=reverse("sheet-index"),
            **kwargs,
        )


class SheetsDecision(ConfirmPage):
    """A page that changes whether headteachers may see the sheets of a cohort."""

    model = SheetSet
    permission = Permission.SHEET_MANAGE
    abstract = True

    def get_queryset(self):
        return super().get_queryset().filter(run__status=RunStatus.READY).select_related("cohort")

    def get_crumbs(self):
        return [EVALUATION, SHEETS, (str(self.object.cohort), self.object.get_absolute_url())]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)

    def counts(self):
        """How many schools, and how many headteachers will be told, in words."""
        schools = self.object.sheets.count()
        heads = actions.heads_of_sheets(self.object).values("person").distinct().count()
        told = (
            f"{heads} headteacher{'' if heads == 1 else 's'} will be told by e-mail."
            if heads
            else "Nobody is told by e-mail."
        )
        return f"{schools} school{'' if schools == 1 else 's'} of {self.object.cohort}", told


class SheetsPublish(SheetsDecision):
    """Approve all sheets of a cohort and let each headteacher see the own school's."""

    form_class = PublishForm
    title = "Approve and publish all sheets?"
    button = "Publish all"
    success_message = "Published. Each headteacher can open the sheet of their own school."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"ask_reason": actions.few_sheets_changed_since_published(self.object)}

    def get_consequence(self):
        schools, told = self.counts()
        return (
            f"{schools}. Headteachers can open the sheet of their own school and no other, and their teachers its picture sheet, with "
            f"your name as the one who approved them. {told}"
        )

    def act(self, form):
        reason = form.cleaned_data.get("reason", "")
        actions.publish_sheets(self.object, by=self.request.user, site=self.site, reason=reason)
        return self.object.get_absolute_url()


class SheetsWithdraw(SheetsDecision):
    """Take the published sheets of a cohort back."""

    form_class = SheetsWithdrawForm
    title = "Withdraw all sheets?"
    button = "Withdraw all"
    success_message = "Withdrawn. Only SSERC can open them now."
    danger = True

    def get_consequence(self):
        schools, told = self.counts()
        return f"{schools}. Schools can no longer open them. Copies that were downloaded or hung up stay where they are. {told}"

    def act(self, form):
        actions.withdraw_sheets(self.object, by=self.request.user, site=self.site, reason=form.cleaned_data["reason"])
        return self.object.get_absolute_url()


class SheetPage(SchoolPage):
    """A page about the newest sheet of a school that the person may see, or that of the cohort named in the address."""

    abstract = True

    def get_crumbs(self):
        return [("Schools", "/schools/"), (str(self.object), self.object.get_absolute_url())]

    def sheets(self):
        """The school's sheets that the person may see, newest first."""
        found = self.rows(SchoolSheet).filter(school=self.object).newest_first()
        return found.select_related("sheet_set__cohort", "sheet_set__state_by", "school")

    def sheet(self):
        """The sheet that is asked for, or None."""
        found = self.sheets()
        if cohort := self.request.GET.get("cohort"):
            found = found.filter(sheet_set__cohort__slug=cohort)
        return found.first()

    def get_context_data(self, **kwargs):
        sheet = self.sheet()
        return super().get_context_data(
            sheet=sheet,
            r=self.present(sheet.results, sheet.sheet_set.shared) if sheet else None,
            others=self.others(sheet),
            **kwargs,
        )

    def others(self, sheet):
        """The other cohorts of which the school has a sheet."""
        cohorts = {each.sheet_set.cohort for each in self.sheets().defer("results", "sheet_set__shared")}
        return sorted(cohorts - {sheet.sheet_set.cohort if sheet else None}, key=str)


class SchoolSheetPage(SheetPage):
    """The school sheet as a page: the same words and numbers as the PDF."""

    permission = Permission.SHEET_VIEW
    template_name = "reports/school_sheet.html"
    present = staticmethod(present_sheet)

    def get_title(self):
        return str(self.object)


class SchoolPicturePage(SheetPage):
    """The picture sheet as a page."""

    permission = Permission.PICTURE_VIEW
    template_name = "reports/school_picture.html"
    present = staticmethod(present_picture)

    def get_title(self):
        return "Picture sheet for pupils"


class SheetDownload(SheetPage):
    """One PDF of a school's sheet, as the worker made it."""

    abstract = True
    file = ""

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        sheet = self.sheet()
        if sheet is None:
            raise Http404
        file = get_object_or_404(SheetFile, sheet=sheet, name=self.file)
        response = HttpResponse(bytes(file.content), content_type="application/pdf")
        name = slugify(f"{self.object} {sheet.sheet_set.cohort}")
        response["Content-Disposition"] = f'attachment; filename="{self.file}-{name}.pdf"'
        return response


class SchoolSheetFile(SheetDownload):
    """The headteacher's sheet."""

    permission = Permission.SHEET_VIEW
    file = "sheet"


class SchoolPictureFile(SheetDownload):
    """The sheet for the wall."""

    permission = Permission.PICTURE_VIEW
    file = "picture"
