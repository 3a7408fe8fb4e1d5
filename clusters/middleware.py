"""request.access: what the signed-in person may do, built from today's role assignments when first asked."""

from collections import defaultdict

from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from clusters.access import SSERC_ROLES, Access, Grant
from clusters.choices import Role
from clusters.models import ClusterMembership, RoleAssignment


def access_for(person, on=None):
    """The access of a person on a date (today when not given). Anonymous and inactive people have none."""
    if not person.is_authenticated or not person.is_active:
        return Access()
    on = on or timezone.localdate()
    held = list(RoleAssignment.objects.current(on).filter(person=person).order_by("pk"))
    schools, clusters = defaultdict(set), defaultdict(set)
    cluster_ids = {role.cluster_id for role in held} - {None}
    school_ids = {role.school_id for role in held} - {None}
    if cluster_ids or school_ids:
        current = ClusterMembership.objects.current(on)
        reached = current.filter(cluster__in=cluster_ids) | current.filter(school__in=school_ids)
        for cluster_id, school_id in reached.values_list("cluster_id", "school_id"):
            schools[cluster_id].add(school_id)
            clusters[school_id].add(cluster_id)
    return Access(
        person_id=person.pk,
        grants=tuple(
            Grant(
                role=Role(role.role),
                authority=role.authority_id,
                cluster=role.cluster_id,
                school=role.school_id,
                schools=frozenset(schools[role.cluster_id]) if role.cluster_id else frozenset(),
                clusters=frozenset(clusters[role.school_id]) if role.school_id else frozenset(),
            )
            for role in held
        ),
    )


class AccessMiddleware:
    """Puts `access` on the request, and asks SSERC roles for their second factor where settings require it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.access = SimpleLazyObject(lambda: access_for(request.user))
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Send SSERC people without a second factor to set one up before anything else."""
        if not settings.MFA_REQUIRED_FOR_SSERC or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match.url_name in ("health", "account_logout") or match.url_name.startswith("mfa_"):
            return None
        if request.access.has_role(*SSERC_ROLES) and not request.user.authenticator_set.filter(type="totp").exists():
            return redirect(reverse("mfa_activate_totp"))
        return None
