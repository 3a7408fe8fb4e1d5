"""The quotes bank: what adults said, with their consent, and where it is used."""

from django.db.models import Count
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from clusters.access import Permission
from clusters.models import Cluster
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, ObjectFormPage
from pcp.forms import NothingToFillIn
from reports.filters import QuoteFilter
from reports.quote_forms import QuoteForm
from surveys import actions
from surveys.models import Quote

EVALUATION = ("Evaluation", reverse_lazy("report-list"))
QUOTES = ("Quotes", reverse_lazy("quote-list"))


class QuoteList(ListPage):
    """All quotes, with search and filters."""

    permission = Permission.QUOTE_VIEW
    model = Quote
    template_name = "reports/quote_list.html"
    filterset_class = QuoteFilter
    title = "Quotes"
    crumbs = (EVALUATION,)
    orderings = {"said": ("said_on",), "role": ("role", "said_on")}

    def get_queryset(self):
        found = super().get_queryset().select_related("cluster__authority").annotate(used=Count("uses"))
        return self.sorted(found)  # once more: counting drops the model's own order


class OneQuote:
    """What the pages about one quote share."""

    model = Quote
    context_object_name = "quote"

    def get_queryset(self):
        return super().get_queryset().select_related("cluster__authority")

    def get_crumbs(self):
        return [EVALUATION, QUOTES, (str(self.object), self.object.get_absolute_url())]


class QuoteDetail(OneQuote, DetailPage):
    """One quote: what may be told, and every page that uses it."""

    permission = Permission.QUOTE_VIEW
    template_name = "reports/quote_detail.html"

    def get_title(self):
        return "Quote"

    def get_crumbs(self):
        return [EVALUATION, QUOTES]

    def get_context_data(self, **kwargs):
        uses = self.object.uses.select_related(
            "quote", "findings__report__cohort", "findings__report__authority", "findings__report__cluster"
        ).defer("findings__report__results", "findings__report__charts")
        return super().get_context_data(uses=uses, **kwargs)


class QuoteForms(FormPage):
    """The form of a quote, new or old."""

    abstract = True
    permission = Permission.QUOTE_MANAGE
    form_class = QuoteForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"clusters": self.rows(Cluster).order_by("name")}

    def refused(self, form, reason):
        form.add_error(getattr(reason, "field", None), str(reason))


class QuoteCreate(QuoteForms):
    """Keep a new quote."""

    title = "Add a quote"
    button = "Keep the quote"
    success_message = "The quote is kept."
    crumbs = (EVALUATION, QUOTES)

    def act(self, form):
        return actions.add_quote(by=self.request.user, **form.facts()).get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("quote-list"), **kwargs)


class QuoteEdit(OneQuote, ObjectFormPage, QuoteForms):
    """Correct a quote, or write down another consent."""

    permission = Permission.QUOTE_MANAGE
    title = "Change the quote"
    button = "Save changes"
    success_message = "Your changes are saved."

    def get_initial(self):
        return {name: getattr(self.object, name) for name in QuoteForm.base_fields}

    def act(self, form):
        return actions.change_quote(self.object, by=self.request.user, **form.facts()).get_absolute_url()

    def get_context_data(self, **kwargs):
        lead = "Where other words are saved, the quote leaves each page that uses it until that page is saved and approved again."
        return super().get_context_data(lead=lead, cancel=self.object.get_absolute_url(), **kwargs)


class QuoteWithdraw(OneQuote, ConfirmPage):
    """Write down that consent was withdrawn."""

    permission = Permission.QUOTE_MANAGE
    form_class = NothingToFillIn
    title = "Withdraw the consent?"
    button = "Withdraw the consent"
    danger = True
    success_message = "Consent is withdrawn. No page shows the quote."
    consequence = (
        "The quote leaves every page at once, published or not, and cannot be chosen again. It stays in the bank, with its history. "
        "Copies that somebody has printed or saved cannot be called back. This cannot be undone."
    )

    def act(self, form):
        return actions.withdraw_quote(self.object, by=self.request.user, now=timezone.now()).get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)
