"""The grant schemes, and inviting their schools."""

from django.db.models import Count, Q
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property

from clusters.access import Permission
from clusters.models import Cluster, GrantScheme
from clusters.views.base import ConfirmPage, FormPage, ListPage, ObjectFormPage
from clusters.views.clusters import CLUSTERS
from mentors import actions, grants
from mentors.forms.grants import InviteForm, SchemeForm
from mentors.views.grants import GRANTS
from mentors.wording import counted
from pcp.forms import NothingToFillIn
from pcp.templatetags.ui import pounds

_NO_SCHEME = "No grant scheme is set up for a cohort of this cluster. Set one up first."
_NOBODY = "Every school that could be invited has been. A school that joins later can be invited then."
_SCHEMES = ("Schemes", reverse_lazy("scheme-list"))


class SchemeList(ListPage):
    """The schemes, with how many schools were invited and how many have a grant."""

    permission = Permission.GRANT_MANAGE
    model = GrantScheme
    template_name = "mentors/scheme_list.html"
    title = "Grant schemes"
    crumbs = (GRANTS,)

    def rows(self, model, permission=None):
        """All schemes: they hold no personal data, and only SSERC may open this page."""
        schemes = grants.with_somebody_left(GrantScheme.objects.select_related("cohort"), timezone.localdate())
        return schemes.annotate(
            invited=Count("grants"), awards=Count("grants", filter=Q(grants__awarded__isnull=False))
        )


class SchemeCreate(FormPage):
    """Set up a scheme for a cohort."""

    permission = Permission.GRANT_MANAGE
    form_class = SchemeForm
    title = "New grant scheme"
    button = "Set up the scheme"
    crumbs = (GRANTS, _SCHEMES)

    def act(self, form):
        scheme = actions.make_scheme(**form.cleaned_data, by=self.request.user)
        self.success_message = f"The scheme of {scheme.funder} is set up. Invite its schools next."
        return reverse("scheme-list")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("scheme-list"), **kwargs)


class _SchemePage(ObjectFormPage):
    """A form about one scheme."""

    abstract = True
    permission = Permission.GRANT_MANAGE
    model = GrantScheme
    crumbs = (GRANTS, _SCHEMES)

    def get_queryset(self):
        return GrantScheme.objects.select_related("cohort")

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("scheme-list"), **kwargs)


class SchemeChange(_SchemePage):
    """Change the funder's name, the usual amount or when reports are due."""

    form_class = SchemeForm
    success_message = "The scheme is changed."

    def get_title(self):
        return f"Change the scheme of {self.object}"

    def get_initial(self):
        names = ("funder", "cohort", "amount", "report_due_on", "report_weeks")
        return {name: getattr(self.object, name) for name in names}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"cohort_stays": self.object.grants.exists()}

    def act(self, form):
        actions.change_scheme(self.object, **form.cleaned_data, by=self.request.user)
        return reverse("scheme-list")


class SchemeInvite(_SchemePage, ConfirmPage):
    """Invite all schools of the cohort that have not been invited yet."""

    template_name = "mentors/grant_invite.html"
    form_class = NothingToFillIn

    @cached_property
    def waiting(self):
        """How many schools would be invited today."""
        return grants.eligible(self.object, timezone.localdate()).count()

    @property
    def button(self):
        """The button counts what it will do."""
        return f"Invite {counted(self.waiting, 'school')}"

    def get_title(self):
        return f"Invite the schools of {self.object.cohort}"

    def get_consequence(self):
        schools = counted(self.waiting, "school has", "schools have")
        return (
            f"{schools} not been invited for the grant of {self.object}, usually {pounds(self.object.amount)}. Their headteachers "
            "find it among their next things to do and apply; no e-mail is sent. Schools that were invited before stay as they are."
        )

    def get_context_data(self, **kwargs):
        nobody = not self.waiting and ("Nobody is left", _NOBODY, reverse("scheme-list"), "Back to the schemes")
        return super().get_context_data(dead_end=nobody, **kwargs)

    def act(self, form):
        number = actions.invite_schools(self.object, by=self.request.user, on=timezone.localdate())
        self.success_message = f"{counted(number, 'school is', 'schools are')} invited."
        return self.object.get_absolute_url()


class ClusterInvite(ConfirmPage):
    """Invite all schools of one cluster for a scheme of its cohort."""

    permission = Permission.GRANT_MANAGE
    model = Cluster
    template_name = "mentors/grant_invite.html"
    form_class = InviteForm
    button = "Invite the schools"

    @cached_property
    def schemes(self):
        """The schemes of the cohorts that the cluster takes part in."""
        found = GrantScheme.objects.filter(cohort__participations__cluster=self.object)
        return grants.with_somebody_left(found.select_related("cohort"), timezone.localdate(), cluster=self.object)

    @cached_property
    def waiting(self):
        """The schemes for which a school of the cluster may still be invited."""
        return self.schemes.filter(somebody_left=True)

    def get_title(self):
        return f"Invite the schools of {self.object}"

    def get_crumbs(self):
        return [CLUSTERS, (str(self.object), self.object.get_absolute_url()), ("Grants", self.back)]

    @property
    def back(self):
        """The cluster's grants."""
        return reverse("cluster-grants", args=[self.object.slug])

    def get_initial(self):
        asked = self.request.GET.get("scheme")
        return {"scheme": next((one for one in self.waiting if str(one.pk) == asked), self.waiting.first())}

    def get_form_kwargs(self):
        # A second click names a scheme for which nobody is left by then; that is no error.
        return super().get_form_kwargs() | {"schemes": self.schemes if self.request.method == "POST" else self.waiting}

    def get_consequence(self):
        return (
            "Every school of the cluster that has not been invited yet is invited. Headteachers find it among their next things to "
            "do and apply; no e-mail is sent."
        )

    def act(self, form):
        scheme = form.cleaned_data["scheme"]
        number = actions.invite_schools(scheme, cluster=self.object, by=self.request.user, on=timezone.localdate())
        self.success_message = f"{counted(number, 'school is', 'schools are')} invited."
        return f"{self.back}?scheme={scheme.pk}"

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.back, dead_end=self.dead_end(), **kwargs)

    def dead_end(self):
        """(heading, text, address, button) where there is nothing to choose; otherwise None."""
        if not self.schemes:
            return ("No grant scheme yet", _NO_SCHEME, reverse("scheme-list"), "Go to the schemes")
        return None if self.waiting else ("Nobody is left", _NOBODY, self.back, "Back to the cluster’s grants")
