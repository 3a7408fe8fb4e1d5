"""Reading grants: the list, a cluster's schools, one grant with its course."""

from types import SimpleNamespace

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property

from clusters.access import Permission
from clusters.choices import GrantState
from clusters.models import Cluster, Cohort, GrantScheme, SchoolGrant
from clusters.views.base import DetailPage, ListPage
from clusters.views.clusters import CLUSTERS
from mentors import grants
from mentors.forms.grants import ClusterGrantsForm, GrantFilter
from mentors.wording import NEXT, counted

GRANTS = ("Grants", reverse_lazy("grant-list"))


class GrantList(ListPage):
    """The grants that the person may read: all for staff, of the own clusters for an officer, of the own school for a headteacher."""

    permission = Permission.GRANT_READ
    model = SchoolGrant
    template_name = "mentors/grant_list.html"
    filterset_class = GrantFilter
    title = "Grants"
    orderings = {
        "school": ("school__name",),
        "cluster": ("cluster__name", "school__name"),
        "amount": ("amount",),
        "due": ("report_due_on",),
    }

    def rows(self, model, permission=None):
        """Grants with their state today and `amount`, what was awarded or else asked for."""
        rows = super().rows(model, permission).select_related("school", "cluster", "scheme__cohort")
        return rows.with_state(self.today).annotate(amount=Coalesce("awarded", "asked"))

    @cached_property
    def today(self):
        """Today in Scotland."""
        return timezone.localdate()

    def get_context_data(self, **kwargs):
        access = self.request.access
        context = super().get_context_data(
            sums=self.object_list.sums(self.today),
            several=access.everywhere(self.permission) or bool(access.places(self.permission, "authority")),
            **kwargs,
        )
        for grant in context["object_list"]:
            grant.next = NEXT.get(grant.state)
            grant.label = GrantState(grant.state).label
        return context


class ClusterGrants(DetailPage):
    """A cluster's schools in a scheme: how far each has come, how much, and what is next. Mentors see who has one."""

    permission = Permission.GRANT_VIEW
    model = Cluster
    template_name = "mentors/cluster_grants.html"

    def get_queryset(self):
        return super().get_queryset().select_related("authority")

    def get_title(self):
        return f"Grants of {self.object}"

    def get_crumbs(self):
        return [CLUSTERS, (self.object.name, self.object.get_absolute_url())]

    @cached_property
    def schemes(self):
        """The schemes of the cluster's cohorts and those that its schools have grants of, newest first."""
        cohorts = Cohort.objects.filter(participations__cluster=self.object)
        of_grants = SchoolGrant.objects.filter(cluster=self.object).values("scheme")
        return list(GrantScheme.objects.filter(Q(cohort__in=cohorts) | Q(pk__in=of_grants)).select_related("cohort"))

    @cached_property
    def scheme(self):
        """The scheme in the address; else the newest with grants in the state asked for, with grants at all, or simply the newest.

        None where there is no scheme yet.
        """
        asked, state = self.request.GET.get("scheme"), self.request.GET.get("state")
        if found := next((one for one in self.schemes if str(one.pk) == asked), None):
            return found
        states = {}
        if len(self.schemes) > 1:
            grants_here = SchoolGrant.objects.filter(cluster=self.object).with_state(timezone.localdate())
            for scheme, held in grants_here.order_by().values_list("scheme", "state").distinct():
                states.setdefault(scheme, set()).add(held)
        return max(self.schemes, key=lambda one: (state in states.get(one.pk, ()), one.pk in states), default=None)

    def holds(self, permission):
        """Whether a permission reaches this very cluster: an officer of one authority may mentor in another."""
        return self.rows(Cluster, permission).filter(pk=self.object.pk).exists()

    def get_context_data(self, **kwargs):
        today, scheme = timezone.localdate(), self.scheme
        totals = grants.grant_totals(today, cluster=self.object, scheme=scheme)
        everyone = grants.rows_of_cluster(scheme, self.object, today) if scheme else []
        reads = self.holds(Permission.GRANT_READ)
        # The state asked for is offered too where no school is in it, so that a link to it is not answered with all the others.
        there = {row.state for row in everyone} | {self.request.GET.get("state")} if reads else set()
        form = ClusterGrantsForm(
            self.request.GET or None,
            schemes=self.schemes,
            scheme=scheme,
            states=[state for state in GrantState if state in there],
        )
        state = form.chosen_state
        return super().get_context_data(
            scheme=scheme,
            filter=SimpleNamespace(form=form, is_bound=bool(state)),
            entries=[{"row": row, "next": NEXT.get(row.state)} for row in everyone if not state or row.state == state],
            eligible=sum(row.state == GrantState.ELIGIBLE for row in everyone),
            totals=totals,
            base=f"of {counted(totals.schools, 'school')} today",
            reads=reads,
            manages=self.holds(Permission.GRANT_MANAGE),
            **kwargs,
        )


class OneGrant:
    """What the pages about one grant share."""

    model = SchoolGrant
    context_object_name = "grant"

    def get_queryset(self):
        related = ("school", "cluster__authority", "scheme__cohort", "applied_by", "decided_by")
        return super().get_queryset().select_related(*related)

    def get_crumbs(self):
        return [GRANTS, (str(self.object.school), self.object.get_absolute_url())]

    def may_here(self, permission):
        """Whether a permission reaches this very grant."""
        return self.rows(SchoolGrant, permission).filter(pk=self.object.pk).exists()


class GrantDetail(OneGrant, DetailPage):
    """One school's grant: its course, what was asked, decided and bought, and the next step for whoever may take it."""

    permission = Permission.GRANT_READ
    template_name = "mentors/grant_detail.html"

    def get_title(self):
        return str(self.object.school)

    def get_crumbs(self):
        return [GRANTS]

    def get_context_data(self, **kwargs):
        grant, today = self.object, timezone.localdate()
        state = grant.state_on(today)
        manages, applies = self.may_here(Permission.GRANT_MANAGE), self.may_here(Permission.GRANT_APPLY)
        return super().get_context_data(
            state=state,
            next=NEXT.get(state),
            fit=grants.fit_of(grant) if grant.applied_on else None,
            course=course(grant, state),
            steps=steps_open(grant, manages=manages, applies=applies),
            manages=manages,
            reads_cluster=self.rows(Cluster, Permission.GRANT_VIEW).filter(pk=grant.cluster_id).exists(),
            today=today,
            **kwargs,
        )


def course(grant, state):
    """The steps of a grant for its timeline: {"title", "on", "amount", "look" ("done", "now" or ""), "note"}."""
    declined = grant.decided_on and grant.awarded is None
    late = state == GrantState.OVERDUE
    steps = [
        {"title": "Invited", "on": grant.invited_on},
        {"title": "Application", "on": grant.applied_on, "amount": grant.asked, "by": grant.applied_by},
        {
            "title": "Not awarded" if declined else "Award",
            "on": grant.decided_on,
            "amount": grant.awarded,
            "by": grant.decided_by,
        },
    ]
    if not declined:
        steps += [
            {"title": "Payment", "on": grant.paid_on, "amount": grant.paid},
            {"title": "What was bought", "on": grant.spent_on, "amount": grant.spent},
            {"title": "Report", "on": grant.reported_on},
        ]
    waiting = False
    for step in steps:
        step["look"] = "done" if step["on"] else "" if waiting else "now"
        waiting = waiting or not step["on"]
    if grant.report_due_on and not grant.reported_on:
        steps[-1] |= {"due": grant.report_due_on, "late": late}
    return steps


def steps_open(grant, *, manages, applies):
    """(words, address) of what may be done next, the main thing first; by staff (`manages`) or for the own school (`applies`)."""
    last, found = grant.last_step, []

    def offer(words, name):
        found.append((words, reverse(name, args=[grant.pk])))

    if applies and last == GrantState.INVITED:
        offer("Apply" if not manages else "Write down the application", "grant-apply")
    if manages and last == GrantState.APPLIED:
        offer("Award it", "grant-award")
        offer("Do not award it", "grant-decline")
    if applies and last == GrantState.APPLIED:
        offer("Change the application", "grant-apply")
    if manages and last == GrantState.AWARDED:
        offer("Write down the payment", "grant-pay")
    if applies and last == GrantState.PAID:
        offer("Say what was bought", "grant-spend")
    if applies and last == GrantState.SPENT:
        offer("Hand in the report", "grant-report")
        offer("Change what was bought", "grant-spend")
    if manages and last in (GrantState.PAID, GrantState.SPENT):
        offer("Change the day it is due", "grant-due")
    if manages:
        offer("Take back the last step", "grant-back")
    return found
