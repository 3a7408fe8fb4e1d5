"""Clusters: find, read, make, change, and which schools belong to each."""

from django.db.models import Count, Min, Prefetch, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from clusters import actions
from clusters.access import Permission
from clusters.choices import Role
from clusters.forms.filters import ClusterFilter
from clusters.forms.people import LastDayForm
from clusters.forms.places import AddSchoolForm, ClusterForm
from clusters.models import Cluster, ClusterMembership, Participation, RoleAssignment
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, ObjectFormPage

CLUSTERS = ("Clusters", reverse_lazy("cluster-list"))


class ClusterList(ListPage):
    """Clusters with their cohort, state, schools and next step."""

    permission = Permission.CLUSTER_VIEW
    model = Cluster
    template_name = "clusters/cluster_list.html"
    title = "Clusters"
    filterset_class = ClusterFilter
    orderings = {
        "name": ("name",),
        "authority": ("authority__name", "name"),
        "schools": ("school_count",),
        "next": ("next_on",),
    }

    def rows(self, model, permission=None):
        """Clusters with `school_count` and `next_on` as of today, and `latest`, their participations, newest first."""
        today = timezone.localdate()
        parts = Participation.objects.select_related("cohort").prefetch_related("milestones")
        now = Q(memberships__starts_on__lte=today) & (Q(memberships__ends_on=None) | Q(memberships__ends_on__gte=today))
        return (
            super()
            .rows(model, permission)
            .select_related("authority")
            .annotate(
                school_count=Count("memberships", filter=now, distinct=True),
                next_on=Min("participations__milestones__on", filter=Q(participations__milestones__on__gte=today)),
            )
            .prefetch_related(Prefetch("participations", parts, to_attr="latest"))
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(today=timezone.localdate(), **kwargs)


class ClusterDetail(DetailPage):
    """One cluster: facts, schools, people, cohorts with their steps."""

    permission = Permission.CLUSTER_VIEW
    model = Cluster
    template_name = "clusters/cluster_detail.html"

    def get_queryset(self):
        return super().get_queryset().select_related("authority")

    def get_crumbs(self):
        return [CLUSTERS]

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        memberships = list(self.object.memberships.select_related("school").order_by("school__name"))
        now = [held for held in memberships if held.starts_on <= today and (not held.ends_on or held.ends_on >= today)]
        people = RoleAssignment.objects.current(today).filter(person__is_active=True).select_related("person", "school")
        heads = people.filter(role=Role.HEAD, school__in=[held.school_id for held in now])
        return super().get_context_data(
            word=self.object.local_word or self.object.authority.cluster_word,
            now_in=now,
            primaries=sum(held.school.sector == "P" for held in now),
            left_or_coming=[held for held in memberships if held not in now],
            participations=list(self.object.participations.select_related("cohort").prefetch_related("milestones")),
            mentors=people.filter(role=Role.MENTOR, cluster=self.object),
            officers=people.filter(role=Role.QIO, authority=self.object.authority_id),
            heads={assignment.school_id: assignment.person for assignment in heads},
            today=today,
            **kwargs,
        )


class ClusterCreate(FormPage):
    """Make a cluster in an authority."""

    permission = Permission.CLUSTER_EDIT
    form_class = ClusterForm
    title = "New cluster"
    button = "Make the cluster"
    crumbs = (CLUSTERS,)

    def act(self, form):
        return actions.make_cluster(**form.cleaned_data, by=self.request.user).get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("cluster-list"), **kwargs)


class _ClusterForm(ObjectFormPage):
    """A form about one cluster."""

    abstract = True
    model = Cluster
    permission = Permission.CLUSTER_EDIT

    def get_crumbs(self):
        return [CLUSTERS, (str(self.object), self.object.get_absolute_url())]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


class ClusterChange(_ClusterForm):
    """Change the name or the local word."""

    form_class = ClusterForm
    success_message = "The cluster is changed."

    def get_title(self):
        return f"Change {self.object}"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def act(self, form):
        return actions.save(form, by=self.request.user).get_absolute_url()


class MembershipAdd(_ClusterForm):
    """Add a school to the cluster."""

    form_class = AddSchoolForm
    button = "Add the school"

    def get_title(self):
        return f"Add a school to {self.object}"

    def get_initial(self):
        return {"starts_on": timezone.localdate()}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cluster": self.object}

    def act(self, form):
        membership = actions.add_school(self.object, **form.cleaned_data, by=self.request.user)
        self.success_message = f"{membership.school} is in {self.object}."
        return self.object.get_absolute_url()


class MembershipEnd(ConfirmPage):
    """Let a school's membership end."""

    permission = Permission.CLUSTER_EDIT
    model = ClusterMembership
    form_class = LastDayForm
    danger = True
    button = "End the membership"

    def get_initial(self):
        return {"on": timezone.localdate()}

    def get_title(self):
        return f"End the membership of {self.object.school}?"

    def get_crumbs(self):
        return [CLUSTERS, (str(self.object.cluster), self.object.cluster.get_absolute_url())]

    def get_consequence(self):
        return (
            f"{self.object.school} has been in {self.object.cluster} since {self.object.starts_on:%-d %B %Y}. From the day after, "
            "mentors of this cluster no longer see it, and it may join another. Figures of past cohorts keep counting it here."
        )

    def act(self, form):
        actions.end_membership(self.object, on=form.cleaned_data["on"], by=self.request.user)
        self.success_message = f"{self.object.school} leaves {self.object.cluster} on that day."
        return self.object.cluster.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            cancel=self.object.cluster.get_absolute_url(), cancel_words="Keep it in the cluster", **kwargs
        )
