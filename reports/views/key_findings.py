"""The page of key findings of a report: drafted, edited, approved, read."""

from django.shortcuts import get_object_or_404

from clusters.access import Permission
from clusters.views.base import ConfirmPage, DetailPage, ObjectFormPage
from pcp.forms import NothingToFillIn
from reports import actions
from reports.forms import KeyFindingsForm
from reports.models import KeyFindings, Report
from reports.presentation import present
from reports.presentation.key_findings import PARTS

EVALUATION = ("Evaluation", "/evaluation/")


class KeyFindingsDraft(ConfirmPage):
    """Draft the key findings of a report from its figures."""

    model = Report
    permission = Permission.REPORT_PUBLISH
    form_class = NothingToFillIn
    title = "Draft the key findings?"
    button = "Draft the key findings"
    consequence = (
        "One page is drafted from the figures of this report: background, findings and success factors. You can change every "
        "sentence, and nobody outside SSERC and the evaluator sees it before somebody has approved it."
    )

    def act(self, form):
        return actions.draft_key_findings(self.object, by=self.request.user).get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


class OfReport:
    """Key findings are addressed by their report."""

    model = KeyFindings

    def get_object(self, queryset=None):
        rows = self.rows(KeyFindings).select_related(
            "report__cohort", "report__authority", "report__cluster", "state_by"
        )
        return get_object_or_404(rows, report=self.kwargs["pk"])

    def get_crumbs(self):
        return [EVALUATION, (str(self.object.report), self.object.report.get_absolute_url())]


class KeyFindingsDetail(OfReport, DetailPage):
    """The page itself, one side of A4 when printed."""

    permission = Permission.REPORT_VIEW
    template_name = "reports/key_findings.html"

    def get_title(self):
        return "Key findings"

    def get_context_data(self, **kwargs):
        parts = [
            (heading, [each for each in self.object.sentences if each["part"] == place])
            for place, heading in PARTS.items()
        ]
        return super().get_context_data(parts=parts, **kwargs)


class KeyFindingsEdit(OfReport, ObjectFormPage):
    """Change, add and drop sentences."""

    permission = Permission.REPORT_PUBLISH
    form_class = KeyFindingsForm
    title = "Edit the key findings"
    button = "Save as a draft"
    success_message = "Saved as a draft."

    def get_form_kwargs(self):
        presented = present(self.object.report.results, {})
        sections = [(each["id"], each["heading"]) for each in presented["contents"]]
        return super().get_form_kwargs() | {"sentences": self.object.sentences, "sections": sections}

    def act(self, form):
        actions.edit_key_findings(self.object, sentences=form.sentences(), by=self.request.user)
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        lead = (
            "One sentence a field; empty a field to drop its sentence. Once saved, the page has to be approved again."
        )
        return super().get_context_data(lead=lead, cancel=self.object.get_absolute_url(), **kwargs)


class KeyFindingsPublish(OfReport, ConfirmPage):
    """Approve the page."""

    permission = Permission.REPORT_PUBLISH
    form_class = NothingToFillIn
    title = "Approve and publish the key findings?"
    button = "Approve and publish"
    success_message = "Published."
    consequence = "Everybody who can open the report can read this page, with your name as the one who approved it."

    def act(self, form):
        actions.publish_key_findings(self.object, by=self.request.user)
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)
