"""Grants of a place: who may have one, what they add up to, and how a grant's purpose lies beside the topics of the sessions."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from clusters.choices import GrantState, ParticipationState, SchoolStatus, Sector, Topic
from clusters.models import Cluster, ClusterMembership, Participation, School, SchoolGrant
from clusters.querysets import GrantSums
from mentors.models import LearningSession


def eligible(scheme, on, *, cluster=None):
    """Memberships of the schools that the scheme is for and that have not been invited yet, as a queryset with school and cluster.

    These are the open schools, other than secondaries, that belong on this day to a cluster of the scheme's cohort.
    """
    members = _left(on, cohort=scheme.cohort_id, scheme=scheme.pk)
    if cluster is not None:
        members = members.filter(cluster=cluster)
    return members.select_related("school", "cluster").order_by("school__name", "school__seed_code")


def _left(on, *, cohort, scheme):
    """Memberships that `eligible` is about; cohort and scheme are keys, or OuterRefs to them."""
    clusters = Participation.objects.exclude(state=ParticipationState.WITHDRAWN).filter(cluster=OuterRef("cluster"))
    return (
        ClusterMembership.objects.current(on)
        .filter(Exists(clusters.filter(cohort=_deeper(cohort))), school__status=SchoolStatus.OPEN)
        .exclude(school__sector=Sector.SECONDARY)
        .exclude(Exists(SchoolGrant.objects.filter(school=OuterRef("school"), scheme=_deeper(scheme))))
    )


def _deeper(key):
    return OuterRef(key) if isinstance(key, OuterRef) else key


def with_somebody_left(schemes, on, *, cluster=None):
    """Schemes with `somebody_left`: whether a school, or one of this cluster, may still be invited. No further query."""
    left = _left(on, cohort=OuterRef("cohort"), scheme=OuterRef("pk"))
    return schemes.annotate(somebody_left=Exists(left if cluster is None else left.filter(cluster=cluster)))


@dataclass(frozen=True)
class GrantRow:
    """A school of a cluster in a scheme: its grant, or None while it is only eligible, and the state on the day."""

    school: School
    grant: SchoolGrant | None
    state: GrantState

    @property
    def held(self):
        """Whether the school was awarded the grant, whatever has come of it since."""
        return self.grant is not None and self.grant.awarded is not None


def rows_of_cluster(scheme, cluster, today):
    """A GrantRow for each school of a cluster that the scheme is for or that was invited, by name. Two queries."""
    grants = SchoolGrant.objects.filter(scheme=scheme, cluster=cluster).select_related("school", "scheme")
    rows = [GrantRow(grant.school, grant, grant.state_on(today)) for grant in grants]
    for member in eligible(scheme, today, cluster=cluster):
        rows.append(GrantRow(member.school, None, GrantState.ELIGIBLE))
    return sorted(rows, key=lambda row: (row.school.name, row.school.seed_code))


@dataclass(frozen=True)
class GrantTotals:
    """The grants of a place: of its `schools` today, `holding` were awarded one; and what all its grants add up to."""

    schools: int
    holding: int
    sums: GrantSums


def grant_totals(today, *, authority=None, cluster=None, scheme=None):
    """The GrantTotals of one cluster, of one authority or of the whole programme; every dashboard shows these. Three queries.

    A school counts once, however many grants it has. Money counts every grant of the clusters, also of schools that have left.
    """
    clusters = Cluster.objects.all()
    if authority is not None:
        clusters = clusters.filter(authority=authority)
    if cluster is not None:
        clusters = clusters.filter(pk=cluster.pk)
    grants = SchoolGrant.objects.filter(cluster__in=clusters)
    if scheme is not None:
        grants = grants.filter(scheme=scheme)
    schools = School.objects.in_clusters(clusters.values("pk"), today).exclude(sector=Sector.SECONDARY)
    return GrantTotals(
        schools=schools.count(),
        holding=schools.filter(pk__in=grants.awarded().values("school")).count(),
        sums=grants.sums(today),
    )


@dataclass(frozen=True)
class Overdue:
    """How many reports on a cluster's grants of one scheme are overdue: each has a page of its own, so each is told by itself."""

    scheme: int
    funder: str
    number: int


def overdue_by_cluster(clusters, today):
    """{cluster's primary key: [an Overdue for each scheme]}, for clusters with any, in one query."""
    late = SchoolGrant.objects.filter(cluster__in=clusters).in_state(GrantState.OVERDUE, today)
    counts = late.order_by("scheme__funder", "scheme").values_list("cluster", "scheme", "scheme__funder")
    found = {}
    for cluster, *scheme, number in counts.annotate(n=Count("pk")):
        found.setdefault(cluster, []).append(Overdue(*scheme, number))
    return found


@dataclass(frozen=True)
class TopicRow:
    """A topic that the application names, or the sessions were about, and how many sessions."""

    topic: Topic
    sessions: int

    @property
    def label(self):
        """The topic as people write it."""
        return self.topic.label

    @property
    def matches(self):
        """Whether any session was about it."""
        return self.sessions > 0


@dataclass(frozen=True)
class Fit:
    """How an application lies beside the sessions: a TopicRow for each topic that it names, and for each other one that they had."""

    asked: list
    others: list
    sessions: int

    @property
    def matched(self):
        """The topics, by value, that the application names and sessions were about."""
        return [row.topic.value for row in self.asked if row.matches]


def fit_of(grant):
    """The Fit of a grant's application to the sessions that its cluster has had while the scheme's cohort ran. One query."""
    cohort = grant.scheme.cohort
    held = LearningSession.objects.filter(cluster=grant.cluster_id).between(cohort.starts_on, cohort.ends_on)
    number = Counter(dict(held.order_by().values("topic").annotate(n=Count("pk")).values_list("topic", "n")))
    rows = [TopicRow(topic, number[topic.value]) for topic in Topic]
    return Fit(
        asked=sorted((row for row in rows if row.topic in grant.topics), key=lambda row: not row.matches),
        others=[row for row in rows if row.topic not in grant.topics and row.matches],
        sessions=number.total(),
    )
