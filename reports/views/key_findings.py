"""The page of key findings of a report: drafted, edited, approved, read."""

from django.db.models import Q
from django.shortcuts import get_object_or_404

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.views.base import ConfirmPage, DetailPage, ObjectFormPage, TextPage
from pcp.forms import NothingToFillIn
from reports import actions
from reports.choices import AIMS, ReportState
from reports.forms import AimsForm, KeyFindingsForm, SeenForm, WithdrawForm
from reports.models import KeyFindings, Report
from reports.presentation import present
from reports.presentation.doubts import doubts
from reports.presentation.finding import covers, level
from reports.presentation.footer import report_line
from reports.presentation.key_findings import PARTS
from reports.wording import listed
from surveys.models import Quote

EVALUATION = ("Evaluation", "/evaluation/")
MOST_QUOTES = 60  # to choose from, the newest; more would make a page that nobody reads


def quotes_for(findings):
    """The quotes that may stand on a page of key findings: with consent, said at its place or in none on record; and those there now."""
    report = findings.report
    here = Q()
    if report.cluster_id:
        here = Q(cluster=report.cluster_id) | Q(cluster=None)
    elif report.authority_id:
        here = Q(cluster__authority=report.authority_id) | Q(cluster=None)
    found = Quote.objects.usable()
    newest = list(found.filter(here).values_list("pk", flat=True)[:MOST_QUOTES])
    there = list(findings.quote_uses.values_list("quote", flat=True))
    return found.filter(pk__in=newest + there).select_related("cluster__authority")


def _parts(findings):
    """[(heading, its sentences)] of a page, those with none too."""
    return [
        (heading, [each for each in findings.sentences if each["part"] == place]) for place, heading in PARTS.items()
    ]


def _legend(findings):
    """The aims that the sentences of a page speak to, in the order of the aims."""
    used = {code for each in findings.sentences for code in each.get("aims", [])}
    return {"legend": [aim for aims in AIMS.values() for aim in aims if aim in used]}


def _readers(report):
    """Who can read what is published of a report, by name where it has an authority: “Ann Aird (officer of Fife), SSERC and …”."""
    officers = [person.full_name for person in actions.people_to_tell(report)]
    if report.authority is None:
        return "SSERC and the evaluator, and nobody else,"
    named = f" ({listed(officers)})" if officers else ", of whom there is none at present,"
    return f"SSERC, the evaluator and the officers of {report.authority}{named}"


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
        # What nothing is written under is shown to those who may write it, and to nobody once the page is out.
        may_write = self.request.access.may(Permission.REPORT_PUBLISH) and self.object.state == ReportState.DRAFT
        uses = self.object.quote_uses.select_related("quote__cluster__authority")
        report = self.object.report
        return super().get_context_data(
            parts=[part for part in _parts(self.object) if part[1] or may_write],
            level=level(report.results),
            quotes=[use.quote for use in uses.shown()],
            provenance=report_line(report.results, report.pk, report.version, covers(report.results)),
            gone=[use for use in uses if not use.is_shown] if self.request.access.may(Permission.QUOTE_MANAGE) else [],
            **_legend(self.object),
            **kwargs,
        )


class Seen:
    """A form that says what its page said when it was opened, and is refused when somebody has changed it since."""

    changed = False

    def get_initial(self):
        return super().get_initial() | {"seen": self.object.fingerprint}

    def refused(self, form, reason):
        super().refused(form, reason)
        self.changed = isinstance(reason, actions.ChangedMeanwhile)
        if self.changed:
            # The answer shows the page as it is now, so that the next time this is what was seen.
            form.data = form.data.copy()
            form.data["seen"] = self.object.fingerprint

    def printed(self):
        """What the page says, for a template that shows it beside its form."""
        uses = self.object.quote_uses.select_related("quote__cluster__authority").shown()
        parts = [part for part in _parts(self.object) if part[1]]
        return {"parts": parts, "quotes": [use.quote for use in uses]} | _legend(self.object)


class Unconfirmed(NotNow):
    """Somebody has to look at what they wrote once more before it is saved."""


class KeyFindingsEdit(Seen, OfReport, ObjectFormPage):
    """Change, add and drop sentences."""

    permission = Permission.REPORT_PUBLISH
    form_class = KeyFindingsForm
    template_name = "reports/key_findings_edit.html"
    title = "Edit the key findings"
    button = "Save as a draft"
    success_message = "Saved as a draft."
    doubts = ()  # what the person is asked to confirm before it is saved

    def get_form_kwargs(self):
        presented = present(self.object.report.results, {})
        sections = [(each["id"], each["heading"]) for each in presented["contents"]]
        return super().get_form_kwargs() | {
            "sentences": self.object.sentences,
            "sections": sections,
            "quotes": quotes_for(self.object),
        }

    def get_initial(self):
        return super().get_initial() | {"quotes": [use.quote_id for use in self.object.quote_uses.shown()]}

    def act(self, form):
        data, sentences = form.cleaned_data, form.sentences()
        actions.check_claims(self.object, sentences)
        self.doubts = doubts(sentences, self.object.sentences, self.object.report.results)
        if self.doubts and not form.confirms(self.doubts):
            form.ask_about(self.doubts)
            raise Unconfirmed(
                "Nothing is saved yet. Look at what stands under “Please check”, and change it or tick the box."
            )
        actions.edit_key_findings(
            self.object,
            sentences=sentences,
            quotes=data["quotes"],
            seen=data["seen"],
            by=self.request.user,
            confirmed=len(self.doubts),
        )
        return self.object.get_absolute_url()

    def refused(self, form, reason):
        if isinstance(reason, Unconfirmed):
            form.add_error("knowing", str(reason))  # so that the summary of errors leads to the box
        else:
            super().refused(form, reason)

    def get_context_data(self, **kwargs):
        lead = "One sentence a box; empty a box to drop its sentence. Once saved, the page has to be approved again."
        now = self.printed() if self.changed else {}
        return super().get_context_data(lead=lead, cancel=self.object.get_absolute_url(), **now, **kwargs)


class KeyFindingsAims(Seen, OfReport, ObjectFormPage):
    """Say to which aims each sentence speaks."""

    permission = Permission.REPORT_PUBLISH
    template_name = "reports/key_findings_aims.html"
    form_class = AimsForm
    title = "Which aims do the findings speak to?"
    button = "Save as a draft"
    success_message = "Saved as a draft."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"sentences": self.object.sentences}

    def act(self, form):
        seen = form.cleaned_data["seen"]
        actions.tag_key_findings(self.object, aims=form.aims(), seen=seen, by=self.request.user)
        return self.object.get_absolute_url()

    def refused(self, form, reason):
        super().refused(form, reason)
        if self.changed:
            form.tick_what_stands()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


class FindingsByAim(TextPage):
    """Every aim beside the sentences that speak to it: which has no finding yet?"""

    permission = Permission.REPORT_PUBLISH
    template_name = "reports/findings_by_aim.html"
    title = "Findings by aim"
    crumbs = (EVALUATION,)

    def get_context_data(self, **kwargs):
        said = {}
        pages = self.rows(KeyFindings).exclude(Q(state=ReportState.WITHDRAWN) | Q(report__state=ReportState.WITHDRAWN))
        pages = pages.select_related("report__cohort", "report__authority", "report__cluster")
        for page in pages.defer("report__results", "report__charts").order_by("-report__built_at", "-pk"):
            for sentence in page.sentences:
                for code in sentence.get("aims", []):
                    said.setdefault(code, []).append((sentence["text"], page))
        groups = [(heading, [(aim, said.get(aim.value, [])) for aim in aims]) for heading, aims in AIMS.items()]
        return super().get_context_data(
            groups=groups,
            missing=sum(not found for _, rows in groups for _, found in rows),
            all=sum(len(rows) for _, rows in groups),
            **kwargs,
        )


class KeyFindingsPublish(Seen, OfReport, ConfirmPage):
    """Approve the page, which stands above the button: what goes out is what was read there."""

    permission = Permission.REPORT_PUBLISH
    template_name = "reports/key_findings_publish.html"
    form_class = SeenForm
    title = "Approve and publish the key findings?"
    button = "Approve and publish"
    success_message = "Published."

    def get_consequence(self):
        readers = _readers(self.object.report)
        return f"{readers} can read this page, with your name as the one who approved it. Nobody is told by e-mail."

    def act(self, form):
        actions.publish_key_findings(self.object, seen=form.cleaned_data["seen"], by=self.request.user)
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        empty = listed(f"“{heading}”" for heading, sentences in _parts(self.object) if not sentences)
        warning = (
            f"Nothing is written under {empty} yet. Published as it is, the page goes out without it." if empty else ""
        )
        context = super().get_context_data(cancel=self.object.get_absolute_url(), warning=warning, **kwargs)
        # After the mark was made: what changes between the two is then refused, and never approved unread.
        return context | self.printed()


class KeyFindingsWithdraw(OfReport, ConfirmPage):
    """Take the published page back; the report stays."""

    permission = Permission.REPORT_PUBLISH
    form_class = WithdrawForm
    title = "Withdraw the key findings?"
    button = "Withdraw them"
    success_message = "Withdrawn. Only SSERC and the evaluator can open the page now."
    danger = True

    def get_consequence(self):
        people = [person.full_name for person in actions.people_to_tell(self.object.report)]
        told = f"{listed(people)} will be told by e-mail." if people else "Nobody is told by e-mail."
        rest = "stays as it is" if self.object.report.state == ReportState.PUBLISHED else "is withdrawn already"
        return (
            f"Key findings of {self.object.report}. Officers can no longer open the page; the report itself {rest}. Copies that "
            f"were downloaded stay where they are. {told}"
        )

    def act(self, form):
        actions.withdraw_key_findings(self.object, by=self.request.user, reason=form.cleaned_data["reason"])
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)
