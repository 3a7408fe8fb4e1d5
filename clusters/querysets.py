"""Row access in one method, and this app's filters."""

from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Count, Q, Sum, Value, When

from clusters.choices import GrantState, Role

# The steps of a grant, latest first: once this field is known, the grant has come to this state.
GRANT_STEPS = (
    ("reported_on", GrantState.REPORTED),
    ("spent_on", GrantState.SPENT),
    ("paid_on", GrantState.PAID),
    ("awarded", GrantState.AWARDED),
    ("decided_on", GrantState.DECLINED),
    ("applied_on", GrantState.APPLIED),
    ("invited_on", GrantState.INVITED),
)


class ScopedQuerySet(models.QuerySet):
    """Every model whose rows belong to a place has this queryset and declares `access_paths`."""

    def allowed_to(self, access, permission):
        """The rows that this access reaches for this permission; a row reached twice comes once."""
        return self.filter(access.rows(permission, self.model.access_paths))


class DatedQuerySet(ScopedQuerySet):
    """Rows that hold from a day until another, or until further notice."""

    def current(self, on):
        """The rows that hold on this date."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class RoleQuerySet(DatedQuerySet):
    def holding(self, role, on):
        """Who holds a role on this date with an open account, who came first first, with person and place."""
        held = self.current(on).filter(role=role, person__is_active=True)
        return held.select_related("person", "school", "cluster").order_by("starts_on", "pk")

    def heads(self, on):
        """The headteachers of this date whose account is open, who came first first, with person and school."""
        return self.holding(Role.HEAD, on)


class PersonQuerySet(models.QuerySet):
    def matching(self, words):
        """People whose name or e-mail address contains every word."""
        found = self
        for word in words.split():
            found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
        return found


class SchoolQuerySet(ScopedQuerySet):
    def primary(self):
        """Primary schools and primary departments."""
        return self.filter(sector="P")

    def in_clusters(self, clusters, on):
        """The schools that belong to these clusters on this date, each once."""
        memberships = self.model._meta.get_field("memberships").related_model.objects.current(on)
        return self.filter(pk__in=memberships.filter(cluster__in=clusters).values("school"))

    def matching(self, words):
        """Schools whose name, SEED code or postcode contains every word."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(seed_code__startswith=word) | Q(postcode__icontains=word))
        return found


class ClusterQuerySet(ScopedQuerySet):
    def matching(self, words):
        """Clusters whose name or authority contains every word."""
        found = self
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(authority__name__icontains=word))
        return found


@dataclass(frozen=True)
class GrantSums:
    """What a set of grants adds up to: numbers of grants, and money in pence."""

    grants: int = 0
    awards: int = 0
    asked: int = 0
    awarded: int = 0
    paid: int = 0
    spent: int = 0
    waiting: int = 0  # applications that nobody has decided on
    overdue: int = 0


class GrantQuerySet(ScopedQuerySet):
    def with_state(self, today):
        """Annotate each grant with `state`, its GrantState on a day, as `SchoolGrant.state_on` says it."""
        (reported, state), *earlier = GRANT_STEPS
        return self.annotate(
            state=Case(
                When(**{f"{reported}__isnull": False}, then=Value(state)),
                When(report_due_on__lt=today, then=Value(GrantState.OVERDUE)),
                *(When(**{f"{field}__isnull": False}, then=Value(state)) for field, state in earlier),
                output_field=models.CharField(),
            )
        )

    def in_state(self, state, today):
        """The grants that are in this state on a day."""
        return self.with_state(today).filter(state=state)

    def awarded(self):
        """The grants that were awarded, whatever has come of them since."""
        return self.filter(awarded__isnull=False)

    def sums(self, today):
        """Add up these grants in one query. Returns GrantSums."""
        rows = self.model.objects.filter(pk__in=self.order_by().values("pk")).with_state(today)
        found = rows.aggregate(
            grants=Count("pk"),
            awards=Count("awarded"),
            waiting=Count("pk", filter=Q(state=GrantState.APPLIED)),
            overdue=Count("pk", filter=Q(state=GrantState.OVERDUE)),
            **{f"sum_of_{money}": Sum(money) for money in ("asked", "awarded", "paid", "spent")},
        )
        return GrantSums(**{name.removeprefix("sum_of_"): value or 0 for name, value in found.items()})

    def matching(self, words):
        """Grants of schools or clusters whose names contain every word."""
        found = self
        for word in words.split():
            found = found.filter(Q(school__name__icontains=word) | Q(cluster__name__icontains=word))
        return found
