"""The forms about phases, cohorts and what a cluster does in them."""

from django import forms

from clusters.choices import ParticipationState
from clusters.forms.fields import DayField
from clusters.models import Cohort, Milestone, Phase
from pcp.forms import PlainFormMixin


class _PeriodForm(PlainFormMixin, forms.ModelForm):
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day")

    def clean(self):
        """The last day must come after the first."""
        data = super().clean()
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] <= data["starts_on"]:
            self.add_error("ends_on", "The last day must be after the first day")
        return data


class PhaseForm(_PeriodForm):
    """A funded period of the programme."""

    class Meta:
        model = Phase
        fields = ["name", "starts_on", "ends_on"]


class CohortForm(_PeriodForm):
    """The clusters that start together."""

    class Meta:
        model = Cohort
        fields = ["name", "phase", "starts_on", "ends_on"]
        help_texts = {"name": "For example Cohort 2026."}


class JoinForm(PlainFormMixin, forms.Form):
    """The cohort that a cluster joins, and how far it has come."""

    cohort = forms.ModelChoiceField(Cohort.objects.none())
    state = forms.ChoiceField(choices=ParticipationState.choices, widget=forms.RadioSelect)
    state_since = DayField(label="Since")

    def __init__(self, *args, cluster, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = Cohort.objects.exclude(participations__cluster=cluster)


class StateForm(PlainFormMixin, forms.Form):
    """How far a cluster has come in a cohort."""

    state = forms.ChoiceField(choices=ParticipationState.choices, widget=forms.RadioSelect)
    state_since = DayField(label="Since")


class MilestoneForm(PlainFormMixin, forms.ModelForm):
    """A dated step. Its day is the only record of that date: everything planned from it follows."""

    on = DayField(label="Day")

    class Meta:
        model = Milestone
        fields = ["kind", "on"]
        labels = {"kind": "What"}

    def clean_kind(self):
        """Each step happens once in a cohort."""
        kind = self.cleaned_data["kind"]
        if self.instance.participation.milestones.filter(kind=kind).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("This step has a day already. Change that one")
        return kind
