"""The forms about grants: the scheme, and each step of a school's way through it."""

from datetime import timedelta

import django_filters
from django import forms
from django.utils import timezone

from clusters.access import Permission
from clusters.choices import GrantState, Topic
from clusters.forms.fields import DayField, PoundsField
from clusters.forms.filters import search_field
from clusters.models import Cohort, GrantScheme, LocalAuthority, SchoolGrant
from mentors.wording import day
from pcp.forms import PlainFormMixin
from pcp.templatetags.ui import pounds

NO_NAMES = "No names of pupils or of anybody else, please."
# A school has no grant before it is invited, so no list of grants is filtered by that.
STATES = [choice for choice in GrantState.choices if choice[0] != GrantState.ELIGIBLE]


def _words(label, *, rows=4, **options):
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **options)


MOST_AHEAD = timedelta(days=5 * 365 + 1)  # no report is due later than in five years; a later day is a slip of the pen
_OPEN_AGAIN = {"required": "Open this page again.", "invalid_choice": "Open this page again."}


def _check_new_day(form, name):
    """Put an error to a day that nobody means. A day that stands already is kept: it may well have passed."""
    chosen, today = form.cleaned_data.get(name), timezone.localdate()
    if not chosen or chosen == form.initial.get(name):
        return
    if chosen < today:
        form.add_error(name, "That day has passed. Choose today or a later day.")
    elif chosen > today + MOST_AHEAD:
        form.add_error(name, f"Choose a day within the next five years, up to {day(today + MOST_AHEAD)}.")


class SchemeForm(PlainFormMixin, forms.Form):
    """What a funder gives to the schools of a cohort, and when they report."""

    funder = forms.CharField(
        label="Funder",
        max_length=80,
        help_text="As the funder writes its name, for example the Edina Trust.",
        error_messages={"required": "Write the funder’s name."},
    )
    cohort = forms.ModelChoiceField(Cohort.objects.all(), empty_label="Choose a cohort")
    amount = PoundsField(label="Usual amount per school, in pounds", help_text="For example 500.")
    report_due_on = DayField(label="Reports due on", required=False)
    report_weeks = forms.IntegerField(
        label="Or weeks from payment to report",
        required=False,
        min_value=1,
        max_value=156,
        widget=forms.NumberInput(attrs={"class": "day"}),
        help_text="One of the two. Schools that are paid already keep the day that they were told.",
        error_messages={
            "invalid": "Write the weeks as a whole number, such as 26.",
            "min_value": "Write at least one week.",
            "max_value": "Write at most 156 weeks, three years.",
        },
    )

    def __init__(self, *args, cohort_stays=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.cohort = self.initial.get("cohort")
        if cohort_stays:
            del self.fields["cohort"]

    def clean_funder(self):
        """The name without needless spaces."""
        return " ".join(self.cleaned_data["funder"].split())

    def clean(self):
        """Reports are due on a day or after some weeks: exactly one of the two, and no day before the cohort starts."""
        data = super().clean()
        if not self.errors.keys() & {"report_due_on", "report_weeks"}:
            if not data["report_due_on"] and not data["report_weeks"]:
                self.add_error("report_due_on", "Choose a day, or write the weeks below.")
            elif data["report_due_on"] and data["report_weeks"]:
                self.add_error("report_weeks", "Choose a day or write weeks, not both.")
            else:
                self._check_day(data["report_due_on"], data.get("cohort", self.cohort))
        return data

    def _check_day(self, due, cohort):
        if due and cohort and due < cohort.starts_on:
            self.add_error("report_due_on", f"{cohort} starts on {day(cohort.starts_on)}. Choose a later day.")
        else:
            _check_new_day(self, "report_due_on")


class SeenForm(PlainFormMixin, forms.Form):
    """A step of a grant. It carries a mark of what the grant said when the person opened the page: SchoolGrant.fingerprint."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, error_messages=_OPEN_AGAIN)


class ReportForm(SeenForm):
    """Handing in the report asks for nothing but a yes."""


class _SchoolsForm(SeenForm):
    """What a school says of itself, or staff write down for it: `for_school` holds the words for staff, by field."""

    for_school = {}

    def __init__(self, *args, own, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in {} if own else self.for_school.items():
            self.fields[name].label = label


class ApplicationForm(_SchoolsForm):
    """What a school asks for, and what for."""

    for_school = {
        "asked": "How much does the school ask for, in pounds?",
        "purpose": "What will the school buy, and what for?",
    }

    asked = PoundsField(label="How much do you ask for, in pounds?")
    purpose = _words(
        "What will you buy, and what for?",
        max_length=1000,
        help_text=f"A few plain sentences: what, for which classes, for which activities. {NO_NAMES}",
        error_messages={"required": "Say what you will buy and what for."},
    )
    topics = forms.MultipleChoiceField(
        label="Which topics is it for?",
        choices=Topic.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text="All that apply. SSERC compares them with the topics of the cluster’s sessions.",
        error_messages={"required": "Choose at least one topic."},
    )


class AwardForm(SeenForm):
    """The amount, and the confirmation that the purpose complements the sessions; without a common topic, the reason."""

    awarded = PoundsField(label="Amount, in pounds")
    confirmed = forms.BooleanField(
        label="I have compared the purpose with the topics above: it complements the cluster’s sessions.",
        error_messages={"required": "Confirm it, or do not award the grant."},
    )
    match_reason = _words(
        "Why does it complement the sessions all the same?",
        rows=3,
        max_length=500,
        help_text="No session so far was about a topic of this application. What you write is kept with the grant.",
        error_messages={"required": "Say why it complements the sessions all the same."},
    )

    def __init__(self, *args, fit, grant, **kwargs):
        super().__init__(*args, **kwargs)
        funder, usual = grant.scheme.funder, pounds(grant.scheme.amount)
        self.fields["awarded"].help_text = f"Asked for: {pounds(grant.asked)}. {funder} usually gives {usual} a school."
        del self.fields["match_reason" if fit.matched else "confirmed"]

    def clean(self):
        """What the form did not ask is no confirmation and no reason."""
        return {"confirmed": False, "match_reason": ""} | super().clean()


class DeclineForm(SeenForm):
    """Why a school does not get the grant."""

    decline_reason = _words(
        "Why not?",
        rows=3,
        max_length=500,
        help_text="The headteacher and the council’s officer can read it.",
        error_messages={"required": "Say why, in a sentence that the headteacher can read."},
    )


class PayForm(SeenForm):
    """How much was paid and when."""

    paid = PoundsField(label="Amount paid, in pounds")
    paid_on = DayField(label="Paid on")


class DueForm(SeenForm):
    """Another day for the report."""

    report_due_on = DayField(label="Report due on")

    def clean(self):
        """A day still to come, and not far off."""
        data = super().clean()
        _check_new_day(self, "report_due_on")
        return data


class SpendingForm(_SchoolsForm):
    """What was spent, what on, and how it is used."""

    for_school = {
        "spent": "How much of it did the school spend, in pounds?",
        "bought": "What did the school buy?",
    }

    spent = PoundsField(label="How much of it did you spend, in pounds?", least=0)
    bought = _words(
        "What did you buy?",
        max_length=1000,
        help_text="For example: 12 circuit kits, two class sets of magnets.",
        error_messages={"required": "Say what you bought."},
    )
    used = _words(
        "How is it used?",
        max_length=1000,
        help_text=f"Which classes use it, and for what. {NO_NAMES}",
        error_messages={"required": "Say how it is used."},
    )


class StepForm(SeenForm):
    """Which step is taken back: the one that the person saw, whatever has happened since. That a report is overdue is no step."""

    step = forms.ChoiceField(
        choices=[choice for choice in STATES if choice[0] != GrantState.OVERDUE],
        widget=forms.HiddenInput,
        error_messages=_OPEN_AGAIN,
    )


class InviteForm(PlainFormMixin, forms.Form):
    """For which scheme the schools of a cluster are invited."""

    scheme = forms.ModelChoiceField(
        GrantScheme.objects.none(), empty_label=None, error_messages={"required": "Choose a scheme."}
    )

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.fields["scheme"].widget = forms.HiddenInput()


class ClusterGrantsForm(PlainFormMixin, forms.Form):
    """Which scheme's grants a cluster's page shows, and in which state; a choice is offered where there is one to make."""

    is_filter = True
    scheme = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(self, *args, schemes, scheme, states, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].choices = [(str(one.pk), str(one)) for one in schemes]
        self.fields["scheme"].initial = str(scheme.pk) if scheme else ""
        self.fields["state"].choices = [("", "Any state"), *((state.value, state.label) for state in states)]
        if len(schemes) < 2:
            del self.fields["scheme"]
        if len(states) < 2:
            del self.fields["state"]

    @property
    def chosen_state(self):
        """The state that was chosen, or "" for all; what is not offered counts as no choice."""
        return self.cleaned_data.get("state", "") if self.is_bound and self.is_valid() else ""


class GrantFilter(django_filters.FilterSet):
    """Grants by school or cluster, scheme, cohort, state and, for those who see several, authority."""

    q = search_field("School or cluster")
    scheme = django_filters.ModelChoiceFilter(
        queryset=GrantScheme.objects.select_related("cohort"), empty_label="Any scheme"
    )
    cohort = django_filters.ModelChoiceFilter(
        label="Cohort", queryset=Cohort.objects.all(), field_name="scheme__cohort", empty_label="Any cohort"
    )
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Any state")
    authority = django_filters.ModelChoiceFilter(
        label="Authority",
        queryset=LocalAuthority.objects.filter(clusters__isnull=False).distinct(),
        field_name="cluster__authority",
        empty_label="Any authority",
    )

    class Meta:
        model = SchoolGrant
        fields = ["q", "scheme", "cohort", "state", "authority"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.request.access.everywhere(Permission.GRANT_READ):
            del self.filters["authority"]

    def find(self, queryset, name, value):
        """Rows that match every word."""
        return queryset.matching(value)
