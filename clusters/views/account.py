"""Signing in with a code, signing in to the demonstration as an invented person, and the page about oneself."""

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import RequestLoginCodeView
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.generic import View

from clusters.access import Permission
from clusters.choices import Role
from clusters.demonstration import is_demonstration
from clusters.models import Demonstration, Person, RoleAssignment
from clusters.views.base import TextPage

_WHAT_THEY_DO = {
    Role.ADMIN: "Looks after people, roles and the register",
    Role.STAFF: "Runs the programme: clusters, surveys, reports",
    Role.QIO: "Sees the clusters of one authority",
    Role.MENTOR: "Logs sessions on a phone",
    Role.HEAD: "Follows the pupil survey, rates the programme",
    Role.TEACHER: "Runs the class survey",
    Role.EVALUATOR: "Fixes the plan, reads every report",
}


def personas(on):
    """One invented person for each role: [{"person", "role", "place", "about"}], in the order of the roles."""
    offered = Demonstration.objects.values("people")
    held = RoleAssignment.objects.current(on).filter(person__in=offered, person__is_active=True)
    chosen = held.select_related("person", "authority", "cluster", "school").order_by("-pk")
    found = {assignment.role: assignment for assignment in chosen}
    return [
        {"person": found[role].person, "role": role.label, "place": found[role].place, "about": about}
        for role, about in _WHAT_THEY_DO.items()
        if role in found
    ]


class SignIn(RequestLoginCodeView):
    """Asks for the e-mail address and sends a code; in a demonstration, offers its people as well."""

    def form_valid(self, form):
        if form._user is None:
            # The same work as for a known address, so that neither the answer nor its timing tells who is known here.
            get_adapter().pretend_to_send_code(form.cleaned_data["email"], self.request)
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        offered = personas(timezone.localdate()) if is_demonstration() else []
        return super().get_context_data(personas=offered, **kwargs)


@method_decorator(login_not_required, name="dispatch")
class PersonaSignIn(View):
    """One click signs in as an invented person, in a demonstration only; anywhere else this address does not exist."""

    http_method_names = ["post"]

    def post(self, request, pk):
        if not is_demonstration():
            raise Http404
        offered = {entry["person"].pk for entry in personas(timezone.localdate())}
        person = get_object_or_404(Person, pk=pk, is_active=True)
        if person.pk not in offered:
            raise Http404
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        # As after a code: back to the page that was asked for, where that is one of ours.
        return HttpResponseRedirect(get_next_redirect_url(request) or reverse("home"))


class Me(TextPage):
    """My name, my roles, my second factor, and the way out."""

    permission = Permission.HOME_VIEW
    template_name = "clusters/me.html"
    title = "You"

    def get_context_data(self, **kwargs):
        roles = RoleAssignment.objects.current(timezone.localdate()).filter(person=self.request.user)
        return super().get_context_data(roles=roles.select_related("authority", "cluster", "school"), **kwargs)
