"""The filters above the lists of this app."""

import django_filters
from django.db.models import Exists, OuterRef, Q

from clusters.access import Permission
from clusters.forms.filters import search_field
from clusters.models import Cohort, LocalAuthority, School
from reports.choices import PlaceKind, ReportState
from reports.models import QuoteUse, Report, SchoolSheet
from surveys.choices import Consent, QuoteRole, QuoteSource
from surveys.models import Quote

WITHDRAWN = "withdrawn"


class SheetFilter(django_filters.FilterSet):
    """Sheets by school, authority, and whether any of the school's own answers may be shown."""

    q = search_field("School")
    school__authority = django_filters.ModelChoiceFilter(
        label="Authority",
        queryset=LocalAuthority.objects.filter(clusters__isnull=False).distinct(),
        empty_label="Any authority",
    )
    own = django_filters.ChoiceFilter(
        label="Own answers",
        choices=[("yes", "Shown, all or some"), ("no", "All hidden")],
        empty_label="Any",
        method="with_own",
    )

    class Meta:
        model = SchoolSheet
        fields = ["q", "school__authority", "own"]

    def find(self, queryset, name, value):
        """Sheets of schools whose name, SEED code or postcode contains every word."""
        return queryset.filter(school__in=School.objects.matching(value))

    def with_own(self, queryset, name, value):
        """Sheets that show, or do not show, anything of the school's own answers."""
        return queryset.filter(shown__gt=0) if value == "yes" else queryset.filter(shown=0)


class ReportFilter(django_filters.FilterSet):
    """Reports by place, cohort, what they are about and, for those who see drafts, their state."""

    q = search_field("Cluster or authority")
    cohort = django_filters.ModelChoiceFilter(
        queryset=Cohort.objects.all(),
        to_field_name="slug",
        empty_label="Any cohort",
        error_messages={"invalid_choice": "There is no such cohort."},
    )
    place_kind = django_filters.ChoiceFilter(label="About", choices=PlaceKind.choices, empty_label="Anything")
    state = django_filters.ChoiceFilter(choices=ReportState.choices, empty_label="Any state")

    class Meta:
        model = Report
        fields = ["q", "cohort", "place_kind", "state"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.request.access.everywhere(Permission.REPORT_VIEW):
            del self.filters["state"]  # others see what is published

    def find(self, queryset, name, value):
        """Reports on places whose name contains every word."""
        for word in value.split():
            queryset = queryset.filter(Q(cluster__name__icontains=word) | Q(authority__name__icontains=word))
        return queryset


class QuoteFilter(django_filters.FilterSet):
    """Quotes by words, role, source, consent, and whether a page uses them."""

    q = search_field("Words or place")
    role = django_filters.ChoiceFilter(label="Role", choices=QuoteRole.choices, empty_label="Any role")
    source = django_filters.ChoiceFilter(label="Source", choices=QuoteSource.choices, empty_label="Any source")
    consent = django_filters.ChoiceFilter(
        label="Consent",
        choices=[*Consent.choices, (WITHDRAWN, "Withdrawn")],
        empty_label="Any consent",
        method="consenting",
    )
    used = django_filters.ChoiceFilter(
        label="Used", choices=[("yes", "Used"), ("no", "Not used")], empty_label="Used or not", method="in_use"
    )

    class Meta:
        model = Quote
        fields = ["q", "role", "source", "consent", "used"]

    def find(self, queryset, name, value):
        """Quotes that match every word."""
        return queryset.matching(value)

    def consenting(self, queryset, name, value):
        """Quotes with this consent today, or with one that was withdrawn."""
        withdrawn = Q(withdrawn_at__isnull=False)
        return queryset.filter(withdrawn) if value == WITHDRAWN else queryset.filter(~withdrawn, consent=value)

    def in_use(self, queryset, name, value):
        """Quotes that stand on a page of key findings, or on none."""
        uses = Exists(QuoteUse.objects.filter(quote=OuterRef("pk")))
        return queryset.filter(uses if value == "yes" else ~uses)
