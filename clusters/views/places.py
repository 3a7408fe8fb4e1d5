"""Authorities and schools, as the official registers know them, and who and where in the programme."""

from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.utils import timezone

from clusters.access import Permission
from clusters.choices import SchoolStatus, Sector
from clusters.forms.filters import SchoolFilter
from clusters.importing import deprivation, facts
from clusters.models import Cluster, ClusterMembership, LocalAuthority, RoleAssignment, School
from clusters.registers.readings import Status
from clusters.views.base import DetailPage, ListPage

_FIGURES = ("roll", "P1", "P2", "P3", "P4", "P5", "P6", "P7", "teachers", "deprived_share")
_TEXTS = ("authority", "postcode", "status", "denomination", "medium", "urban_rural")


class AuthorityList(ListPage):
    """The councils that the person may see, with their clusters and schools."""

    permission = Permission.AUTHORITY_VIEW
    model = LocalAuthority
    template_name = "clusters/authority_list.html"
    title = "Authorities"
    paginate_by = 40
    orderings = {"name": ("name",), "clusters": ("cluster_count",), "schools": ("school_count",)}

    def rows(self, model, permission=None):
        """Authorities with `cluster_count` and `school_count` (open primaries and primary departments)."""
        primaries = Count("schools", distinct=True, filter=Q(schools__sector="P", schools__status=SchoolStatus.OPEN))
        return (
            super()
            .rows(model, permission)
            .filter(retired=False)
            .annotate(cluster_count=Count("clusters", distinct=True), school_count=primaries)
        )


class SchoolList(ListPage):
    """Schools of the register, with the cluster that each is in today."""

    permission = Permission.SCHOOL_VIEW
    model = School
    template_name = "clusters/school_list.html"
    title = "Schools"
    filterset_class = SchoolFilter
    orderings = {"name": ("name",), "authority": ("authority__name", "name"), "roll": ("roll",)}

    def rows(self, model, permission=None):
        """Schools with their authority and `now_in`, today's memberships."""
        now = ClusterMembership.objects.current(timezone.localdate()).select_related("cluster")
        return (
            super()
            .rows(model, permission)
            .select_related("authority")
            .defer("facts")
            .prefetch_related(Prefetch("memberships", now, to_attr="now_in"))
        )


class SchoolPage(DetailPage):
    """A page about one school, named by SEED code and sector."""

    abstract = True
    model = School

    def get_object(self, queryset=None):
        code, _, sector = self.kwargs["key"].upper().partition("-")
        school = self.get_queryset().select_related("authority").filter(seed_code=code, sector=sector).first()
        if school is None:
            raise Http404
        return school


class SchoolDetail(SchoolPage):
    """One school: official facts with the edition of each, clusters over time, people."""

    permission = Permission.SCHOOL_VIEW
    template_name = "clusters/school_detail.html"

    def get_crumbs(self):
        return [("Schools", "/schools/")]

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        memberships = list(self.object.memberships.select_related("cluster").order_by("-starts_on"))
        reached = self.rows(Cluster, Permission.CLUSTER_VIEW).filter(pk__in=[held.cluster_id for held in memberships])
        people = RoleAssignment.objects.current(today).filter(school=self.object, person__is_active=True)
        return super().get_context_data(
            memberships=memberships,
            linked_clusters=set(reached.values_list("pk", flat=True)),
            now_in=[
                held for held in memberships if held.starts_on <= today and (not held.ends_on or held.ends_on >= today)
            ],
            people=people.select_related("person"),
            figures=[*(row for field in _FIGURES if (row := self.fact(field))), *self.deprivation()],
            texts=[row for field in _TEXTS if (row := self.fact(field))],
            **kwargs,
        )

    def deprivation(self):
        """The fifth of schools that a primary belongs to, as one row for the page; it is ours, so the rule is its source."""
        if self.object.sector != Sector.PRIMARY:
            return
        fifth = self.object.simd_quintile
        yield {
            "label": "Fifth of schools, for the evaluation",
            "words": deprivation.NAMES[fifth] if fifth else "None: the share above does not tell",
            "hidden": False,
            "missing": not fifth,
            "edition": f"Worked out here: {deprivation.RULE[fifth]}" if fifth else "",
        }

    def fact(self, field):
        """One fact for the page: {"label", "words", "hidden", "edition"}; None for a stage that this school does not have."""
        held = facts.held_by(self.object, field)
        if held.status is Status.NOT_COLLECTED and field.startswith("P") and field not in self.object.facts:
            return None
        return {
            "label": facts.LABELS[field],
            "words": "Not collected" if held.status is Status.NOT_COLLECTED else facts.words(field, held),
            "hidden": held.status not in (Status.KNOWN, Status.BAND, Status.NOT_COLLECTED),
            "missing": held.status is Status.NOT_COLLECTED,
            "edition": self.object.facts.get(field, {}).get("edition", ""),
        }
