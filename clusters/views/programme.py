"""The programme's calendar: phases, cohorts, each cluster's part and its dated steps; and the set-up page."""

from django.db.models import Count, Prefetch
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from clusters import actions
from clusters.access import Permission
from clusters.forms.programme import CohortForm, JoinForm, MilestoneForm, PhaseForm, StateForm
from clusters.models import Cluster, Cohort, Milestone, Participation, Phase, RegisterImport
from clusters.views.base import DetailPage, FormPage, ListPage, ObjectFormPage, TextPage
from clusters.views.clusters import CLUSTERS

_COHORTS = ("Cohorts", reverse_lazy("cohort-list"))


class Setup(TextPage):
    """Where staff keep the register, the calendar and the record of changes."""

    permission = Permission.REGISTER_IMPORT
    template_name = "clusters/setup.html"
    title = "Set-up"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            cohorts=Cohort.objects.all()[:3],
            imports=RegisterImport.objects.filter(applied_at__isnull=False)[:3],
            **kwargs,
        )


class CohortList(ListPage):
    """Phases and their cohorts."""

    permission = Permission.CLUSTER_VIEW
    model = Cohort
    template_name = "clusters/cohort_list.html"
    title = "Cohorts"

    def rows(self, model, permission=None):
        """All cohorts: the calendar holds no personal data. `cluster_count` counts only clusters that the person may see."""
        reached = super().rows(Cluster, permission)
        seen = Participation.objects.filter(cluster__in=reached)
        return Cohort.objects.select_related("phase").prefetch_related(Prefetch("participations", seen, to_attr="seen"))

    def get_context_data(self, **kwargs):
        phases = Phase.objects.annotate(cohort_count=Count("cohorts"))
        return super().get_context_data(phases=phases, **kwargs)


class CohortDetail(DetailPage):
    """One cohort and its clusters, those that the person may see."""

    permission = Permission.CLUSTER_VIEW
    model = Cohort
    template_name = "clusters/cohort_detail.html"

    def get_queryset(self):
        return Cohort.objects.select_related("phase")

    def get_crumbs(self):
        return [_COHORTS]

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        shown = self.rows(Participation).filter(cohort=self.object).select_related("cluster__authority")
        shown = shown.prefetch_related("milestones").order_by("cluster__authority__name", "cluster__name")
        return super().get_context_data(participations=list(shown), today=today, **kwargs)


class CohortCreate(FormPage):
    """Make a cohort."""

    permission = Permission.COHORT_EDIT
    form_class = CohortForm
    title = "New cohort"
    button = "Make the cohort"
    crumbs = (_COHORTS,)

    def act(self, form):
        return actions.make_cohort(**form.cleaned_data, by=self.request.user).get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("cohort-list"), **kwargs)


class CohortChange(ObjectFormPage):
    """Change a cohort's name or dates."""

    permission = Permission.COHORT_EDIT
    model = Cohort
    form_class = CohortForm
    success_message = "The cohort is changed."

    def get_queryset(self):
        return Cohort.objects.all()

    def get_title(self):
        return f"Change {self.object}"

    def get_crumbs(self):
        return [_COHORTS, (str(self.object), self.object.get_absolute_url())]

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def act(self, form):
        return actions.save(form, by=self.request.user).get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


class PhaseCreate(FormPage):
    """Make a funded period."""

    permission = Permission.COHORT_EDIT
    form_class = PhaseForm
    title = "New phase"
    button = "Make the phase"
    crumbs = (_COHORTS,)
    success_message = "The phase is made."

    def act(self, form):
        actions.save(form, by=self.request.user)
        return reverse("cohort-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("cohort-list"), **kwargs)


class PhaseChange(ObjectFormPage):
    """Change a phase's name or dates."""

    permission = Permission.COHORT_EDIT
    model = Phase
    form_class = PhaseForm
    crumbs = (_COHORTS,)
    success_message = "The phase is changed."

    def get_queryset(self):
        return Phase.objects.all()

    def get_title(self):
        return f"Change {self.object}"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def act(self, form):
        actions.save(form, by=self.request.user)
        return reverse("cohort-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("cohort-list"), **kwargs)


class _StepPage(ObjectFormPage):
    """A form about a cluster's part in the programme; afterwards, the cluster's page."""

    abstract = True

    @property
    def cluster(self):
        """The cluster whose page comes next."""
        return self.object.cluster

    def get_crumbs(self):
        return [CLUSTERS, (str(self.cluster), self.cluster.get_absolute_url())]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.cluster.get_absolute_url(), **kwargs)


class CohortJoin(_StepPage):
    """Let a cluster take part in a cohort."""

    permission = Permission.CLUSTER_EDIT
    model = Cluster
    form_class = JoinForm
    button = "Join the cohort"

    @property
    def cluster(self):
        """The cluster itself."""
        return self.object

    def get_title(self):
        return f"{self.object} joins a cohort"

    def get_initial(self):
        return {"state": "nominated", "state_since": timezone.localdate()}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cluster": self.object}

    def act(self, form):
        actions.join_cohort(self.object, **form.cleaned_data, by=self.request.user)
        return self.object.get_absolute_url()


class StateChange(_StepPage):
    """Change how far a cluster has come in a cohort."""

    permission = Permission.CLUSTER_EDIT
    model = Participation
    form_class = StateForm
    button = "Change the state"

    def get_title(self):
        return f"{self.object}: change the state"

    def get_initial(self):
        return {"state": self.object.state, "state_since": timezone.localdate()}

    def act(self, form):
        actions.change_state(self.object, **form.cleaned_data, by=self.request.user)
        return self.cluster.get_absolute_url()


class MilestoneAdd(_StepPage):
    """Put a dated step into a cluster's calendar."""

    permission = Permission.CLUSTER_EDIT
    model = Participation
    form_class = MilestoneForm
    button = "Add the step"

    def get_title(self):
        return f"{self.object}: add a step"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": Milestone(participation=self.object)}

    def act(self, form):
        actions.save(form, by=self.request.user)
        return self.cluster.get_absolute_url()


class MilestoneChange(_StepPage):
    """Move a dated step."""

    permission = Permission.CLUSTER_EDIT
    model = Milestone
    form_class = MilestoneForm
    button = "Change the day"

    @property
    def cluster(self):
        """The cluster whose step it is."""
        return self.object.participation.cluster

    def get_title(self):
        return f"Change: {self.object}"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.object}

    def act(self, form):
        actions.save(form, by=self.request.user)
        return self.cluster.get_absolute_url()
