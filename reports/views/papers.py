"""Papers that are made when somebody asks for them: key findings as one A4 side, and the pack of a cluster's mentors."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify

from clusters.demonstration import holds_invented_data
from reports.choices import ReportState
from reports.documents.papers import key_findings_pdf, pack_pdf
from reports.presentation.papers import present_key_findings, present_pack
from reports.reading import INVENTED, invented
from reports.views.dashboards import ClusterPack
from reports.views.key_findings import KeyFindingsDetail


def day(moment):
    """A date in words: 3 May 2026."""
    return f"{moment:%-d %B %Y}"


def pdf_response(content, name):
    """A PDF to be saved, which nobody else may keep on the way."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{slugify(name)}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


class KeyFindingsFile(KeyFindingsDetail):
    """The page of key findings as a PDF of one side, with its state as it is now."""

    def get(self, request, *args, **kwargs):
        self.object = found = self.get_object()
        report, shown = found.report, self.get_context_data()
        place = report.cluster or report.authority or "All clusters"
        approved = found.state == ReportState.PUBLISHED
        source = ""
        if approved:
            since = timezone.localtime(found.state_since)
            source = f"Approved by {found.state_by} on {day(since)}. "
        source += "The whole report says how each figure was counted and what it cannot show."
        presented = present_key_findings(
            results=report.results,
            sentences=found.sentences,
            quotes=[(quote.text, quote.attribution) for quote in shown["quotes"]],
            covers=f"{place}, {report.cohort}",
            source=source,
            provenance=shown["provenance"],
            approved=approved,
            withdrawn=day(timezone.localtime(found.state_since)) if found.state == ReportState.WITHDRAWN else "",
        )
        made_on = timezone.localtime(found.state_since or report.built_at).date()
        return pdf_response(
            key_findings_pdf(presented, made_on, invented(report.results)), f"key findings {place} {report.cohort}"
        )


class ClusterPackFile(ClusterPack):
    """The pack as a PDF with its tables: what the page shows today."""

    def get(self, request, *args, **kwargs):
        self.object = self.get_object()
        shown = self.get_context_data()
        report, today = shown["report"], timezone.localdate()
        source = ""
        if report:
            published = timezone.localtime(report.state_since)
            source = f"From {report}, published on {day(published)}."
        presented = present_pack(
            place=str(self.object),
            kicker=", ".join(str(each) for each in (self.object.authority, report and report.cohort) if each),
            facts=f"As it stood on {day(today)}",
            tiles=[(each.label, each.value, each.base) for each in shown["figures"]],
            learning=shown["so_far"],
            schools=[
                (str(row.school), row.learning.sessions, row.learning.attendances, row.met) for row in shown["schools"]
            ],
            statements=[
                (each.text, each.agree, each.cannot_say, each.answered or None) for each in shown["said"].statements
            ],
            source=source,
            provenance=shown["provenance"],
            sections=shown["sections"],
        )
        return pdf_response(
            pack_pdf(presented, today, INVENTED if holds_invented_data() else ""), f"pack {self.object}"
        )
