"""The forms about people and their roles."""

from django import forms

from clusters.access import NATIONAL_ROLES, ROLE_PLACES
from clusters.choices import Role
from clusters.forms.fields import DayField, SchoolField
from clusters.models import Cluster, LocalAuthority
from pcp.forms import PlainFormMixin

_PLACE_NEEDED = {
    "authority": "Choose the authority of the officer",
    "cluster": "Choose the cluster of the mentor",
    "school": "Name the school of the headteacher or teacher",
}


class InviteForm(PlainFormMixin, forms.Form):
    """Who, as what, and where: the place that the role needs, and no other."""

    full_name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.EmailField(
        label="E-mail address",
        help_text="Codes to sign in go to this address.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Write an e-mail address, such as name@school.example"},
    )
    role = forms.ChoiceField(choices=Role.choices, widget=forms.RadioSelect)
    authority = forms.ModelChoiceField(
        LocalAuthority.objects.filter(retired=False), required=False, help_text="For a quality improvement officer."
    )
    cluster = forms.ModelChoiceField(Cluster.objects.all(), required=False, help_text="For a mentor.")
    school = SchoolField(required=False)
    starts_on = DayField(label="From")

    def __init__(self, *args, national=False, **kwargs):
        """`national` offers the roles that hold for the whole programme as well."""
        super().__init__(*args, **kwargs)
        if not national:
            self.fields["role"].choices = [(role.value, role.label) for role in Role if role not in NATIONAL_ROLES]

    shown_for = {place: f"for-{place}" for place in _PLACE_NEEDED}

    def clean(self):
        """Keep the place that the role needs and drop the others; say which is missing."""
        data = super().clean()
        needed = ROLE_PLACES.get(data.get("role"))
        for place, words in _PLACE_NEEDED.items():
            if place != needed:
                data[place] = None
                self._errors.pop(place, None)
            elif not data.get(place) and place not in self.errors:
                self.add_error(place, words)
        return data


class LastDayForm(PlainFormMixin, forms.Form):
    """The day on which a role or a membership ends."""

    on = DayField(label="Last day")
