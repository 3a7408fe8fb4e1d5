"""Row access in one method, and this app's filters."""

from django.db import models
from django.db.models import Q

from clusters.choices import Role


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
