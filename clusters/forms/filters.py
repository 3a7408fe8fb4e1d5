"""The filters above the lists of this app."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from clusters.access import Permission
from clusters.choices import ParticipationState, Role, SchoolStatus, Sector
from clusters.models import (
    Cluster,
    ClusterMembership,
    Cohort,
    LocalAuthority,
    Participation,
    Person,
    RoleAssignment,
    School,
)


def search_field(label):
    """The words that a list is searched by; the filter's own `find` says where they are looked for."""
    widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    return django_filters.CharFilter(label=label, method="find", widget=widget, max_length=100)


class _PlaceFilter(django_filters.FilterSet):
    """Offers only places that the person may see, and no authority to choose when there is none to choose between."""

    permission = Permission.CLUSTER_VIEW

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        authorities = LocalAuthority.objects.allowed_to(self.request.access, self.permission)
        if self.request.access.everywhere(self.permission):
            self.filters["authority"].queryset = authorities
        else:
            del self.filters["authority"]

    def find(self, queryset, name, value):
        """Rows that match every word."""
        return queryset.matching(value)


class PersonFilter(django_filters.FilterSet):
    """People by name or address, and by a role they hold today."""

    q = search_field("Name or e-mail")
    role = django_filters.ChoiceFilter(
        choices=Role.choices, empty_label="Any role", label="Role today", method="holding"
    )

    class Meta:
        model = Person
        fields = ["q", "role"]

    def find(self, queryset, name, value):
        """Rows that match every word."""
        return queryset.matching(value)

    def holding(self, queryset, name, value):
        """People who hold the role today."""
        held = RoleAssignment.objects.current(timezone.localdate()).filter(role=value)
        return queryset.filter(pk__in=held.values("person"))


class ClusterFilter(_PlaceFilter):
    """Clusters by name, authority, cohort and the state they have in it."""

    q = search_field("Name")
    authority = django_filters.ModelChoiceFilter(queryset=LocalAuthority.objects.all(), empty_label="Any authority")
    cohort = django_filters.ModelChoiceFilter(
        queryset=Cohort.objects.all(), empty_label="Any cohort", label="Cohort", method="in_part"
    )
    state = django_filters.ChoiceFilter(
        choices=ParticipationState.choices, empty_label="Any state", label="State", method="in_part"
    )

    class Meta:
        model = Cluster
        fields = ["q", "authority", "cohort", "state"]

    def in_part(self, queryset, name, value):
        """Cohort and state are asked of the same participation, so each filter asks for both."""
        wanted = {key: self.form.cleaned_data[key] for key in ("cohort", "state") if self.form.cleaned_data.get(key)}
        return queryset.filter(pk__in=Participation.objects.filter(**wanted).values("cluster"))


IN_A_CLUSTER = [("yes", "In a cluster"), ("no", "In no cluster")]
STANDINGS = {
    "open": ("Open", Q(status=SchoolStatus.OPEN)),
    "shut": ("Not open", ~Q(status=SchoolStatus.OPEN)),
    "closed": ("Closed", Q(status=SchoolStatus.CLOSED)),
    "mothballed": ("Mothballed", Q(status=SchoolStatus.MOTHBALLED)),
    "unlisted": ("Not in the latest list", Q(in_latest_list=False)),
}


class SchoolFilter(_PlaceFilter):
    """Schools by name, SEED code or postcode, authority, sector, status and cluster."""

    permission = Permission.SCHOOL_VIEW
    q = search_field("Name, SEED code or postcode")
    authority = django_filters.ModelChoiceFilter(queryset=LocalAuthority.objects.all(), empty_label="Any authority")
    sector = django_filters.ChoiceFilter(choices=Sector.choices, empty_label="Any sector")
    status = django_filters.ChoiceFilter(
        choices=[(word, label) for word, (label, _) in STANDINGS.items()], empty_label="Any status", method="standing"
    )
    cluster = django_filters.ChoiceFilter(choices=IN_A_CLUSTER, empty_label="Any", label="Cluster", method="clustered")

    class Meta:
        model = School
        fields = ["q", "authority", "sector", "status", "cluster"]

    def standing(self, queryset, name, value):
        """Schools of one status, or those that the newest list leaves out."""
        return queryset.filter(STANDINGS[value][1])

    def clustered(self, queryset, name, value):
        """Schools that are, or are not, in a cluster today."""
        members = Q(pk__in=ClusterMembership.objects.current(timezone.localdate()).values("school"))
        return queryset.filter(members if value == "yes" else ~members)
