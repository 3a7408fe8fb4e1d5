"""The quotes bank: its list and the form of one quote."""

from django import forms
from django.utils import timezone

from clusters.forms.fields import DayField
from clusters.models import Cluster
from pcp.forms import PlainFormMixin
from surveys.choices import Consent, ConsentBy, QuoteRole, QuoteSource


class QuoteForm(PlainFormMixin, forms.Form):
    """One quote and what its owner allowed. What belongs together is checked by the action."""

    text = forms.CharField(
        label="What was said, word for word",
        help_text="Without quotation marks. No names of pupils or of anybody else, no e-mail addresses, no phone numbers.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=1200,
    )
    role = forms.ChoiceField(
        label="Who said it?",
        help_text="Adults only. What pupils say or write is never kept as a quote.",
        choices=[("", "Choose a role"), *QuoteRole.choices],
        error_messages={"invalid_choice": "No quotes of pupils are kept. Choose the adult who said it."},
    )
    source = forms.ChoiceField(label="Where was it said?", choices=[("", "Choose a source"), *QuoteSource.choices])
    said_on = DayField(label="On which day?")
    cluster = forms.ModelChoiceField(Cluster.objects.none(), required=False, empty_label="None, or not known")
    consent = forms.ChoiceField(
        label="What may be told of whoever said it?",
        choices=Consent.choices,
        initial=Consent.NONE,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    consent_on = DayField(label="Consent given on", required=False)
    consent_by = forms.ChoiceField(
        label="Consent given by", choices=[("", "Not given"), *ConsentBy.choices], required=False
    )
    name = forms.CharField(
        label="Name", help_text="Only where the name may be told; else it is not kept.", max_length=150, required=False
    )

    def __init__(self, *args, clusters, **kwargs):
        """`clusters` that may be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["cluster"].queryset = clusters

    def _not_later(self, field):
        day = self.cleaned_data[field]
        if day and day > timezone.localdate():
            raise forms.ValidationError("This day has not come yet.")
        return day

    def clean_said_on(self):
        """A day that has been."""
        return self._not_later("said_on")

    def clean_consent_on(self):
        """A day that has been."""
        return self._not_later("consent_on")

    def facts(self):
        """The valid form as the arguments of `add_quote`."""
        data = self.cleaned_data
        return data | {"text": " ".join(data["text"].split()), "name": " ".join(data["name"].split())}
