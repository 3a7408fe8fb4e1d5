"""The forms about clusters and their schools."""

from django import forms
from django.db.models import Q

from clusters.choices import SchoolStatus
from clusters.forms.fields import DayField
from clusters.models import Cluster, School
from pcp.forms import PlainFormMixin


class ClusterForm(PlainFormMixin, forms.ModelForm):
    """A new cluster, or the facts of one."""

    class Meta:
        model = Cluster
        fields = ["authority", "name", "local_word"]
        labels = {"local_word": "Local word for a cluster"}
        help_texts = {
            "name": "As the authority calls it, for example Glenmorran.",
            "local_word": "Only when it differs from the authority's own word, for example Learning Community.",
        }
        error_messages = {
            "name": {"required": "Write the cluster's name"},
            "authority": {"required": "Choose its authority"},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = self.fields["authority"].queryset.filter(retired=False)
        if self.instance.pk:
            del self.fields["authority"]  # moving a cluster would move people's access with it

    def clean_name(self):
        """The name, when no other cluster of the authority has it."""
        name = " ".join(self.cleaned_data["name"].split())
        authority = self.instance.authority if self.instance.pk else self.cleaned_data.get("authority")
        if authority and authority.clusters.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(f"{authority} has a cluster called {name} already")
        return name


class _SchoolChoice(forms.ModelChoiceField):
    def label_from_instance(self, school):
        return f"{school.name} ({school.key}){'' if school.in_latest_list else ', not in the latest list'}"


class AddSchoolForm(PlainFormMixin, forms.Form):
    """A school of the cluster's authority, and from when."""

    school = _SchoolChoice(
        School.objects.none(), help_text="Open schools of this authority that are not in this cluster now."
    )
    starts_on = DayField(label="First day in this cluster")

    def __init__(self, *args, cluster, **kwargs):
        super().__init__(*args, **kwargs)
        near = School.objects.filter(Q(authority=cluster.authority_id) | Q(authority=None))
        field = self.fields["school"]
        # A closed school is not offered; one that is asked for all the same gets the action's reason.
        field.queryset = near.exclude(memberships__in=cluster.memberships.filter(ends_on=None))
        offered = field.queryset.filter(status=SchoolStatus.OPEN)
        field.widget.choices = [("", field.empty_label), *((row.pk, field.label_from_instance(row)) for row in offered)]
