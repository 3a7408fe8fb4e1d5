"""People and their roles: find, invite, end a role, close an account."""

from django.contrib import messages
from django.db.models import Prefetch
from django.urls import reverse, reverse_lazy
from django.utils import timezone

from clusters import actions
from clusters.access import NATIONAL_ROLES, Permission
from clusters.forms.filters import PersonFilter
from clusters.forms.people import InviteForm, LastDayForm
from clusters.models import Person, RoleAssignment
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage
from pcp.forms import NothingToFillIn

_PEOPLE = ("People", reverse_lazy("person-list"))


class PersonList(ListPage):
    """Everybody, with the roles that they hold today."""

    permission = Permission.PERSON_VIEW
    model = Person
    template_name = "clusters/person_list.html"
    title = "People"
    filterset_class = PersonFilter
    orderings = {"name": ("full_name",), "since": ("created_at",)}

    def rows(self, model, permission=None):
        """All people: only national SSERC roles hold PERSON_VIEW. Each comes with `current_roles`."""
        held = RoleAssignment.objects.current(timezone.localdate()).select_related("authority", "cluster", "school")
        return Person.objects.prefetch_related(Prefetch("role_assignments", held, to_attr="current_roles"))


class _PersonMixin:
    """One person; only national SSERC roles reach these pages."""

    model = Person
    context_object_name = "shown"  # "person" is a word of the person component

    def get_queryset(self):
        return Person.objects.all()

    def get_crumbs(self):
        return [_PEOPLE]


class PersonDetail(_PersonMixin, DetailPage):
    """One person: address, roles now and before."""

    permission = Permission.PERSON_VIEW
    template_name = "clusters/person_detail.html"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        roles = self.object.role_assignments.select_related("authority", "cluster", "school").order_by(
            "-starts_on", "role"
        )
        past = [role for role in roles if role.ends_on and role.ends_on < today]
        return super().get_context_data(
            roles=[role for role in roles if role not in past],
            past_roles=past,
            may_change=self.request.access.may(Permission.NATIONAL_GRANT)
            or not any(role.role in NATIONAL_ROLES for role in roles),
            second_factor=self.object.authenticator_set.filter(type="totp").exists(),
            **kwargs,
        )


class PersonInvite(FormPage):
    """Give somebody a role; who is new is written to."""

    permission = Permission.PERSON_INVITE
    template_name = "clusters/person_invite.html"
    form_class = InviteForm
    title = "Invite a person"
    button = "Invite"
    crumbs = (_PEOPLE,)

    def get_initial(self):
        asked = {
            name: self.request.GET[name]
            for name in ("full_name", "email", "role", "school")
            if name in self.request.GET
        }
        return {"starts_on": timezone.localdate()} | asked

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"national": self.request.access.may(Permission.NATIONAL_GRANT)}

    def act(self, form):
        sign_in_url = self.request.build_absolute_uri(reverse("account_login"))
        person, assignment, made = actions.invite_person(
            **form.cleaned_data, sign_in_url=sign_in_url, by=self.request.user
        )
        if made:
            messages.success(self.request, f"{person} is now {assignment}. We have written to {person.email}.")
        else:
            messages.info(
                self.request, f"{person} was {assignment} already. Nothing was changed and no e-mail was sent."
            )
        return person.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=reverse("person-list"), **kwargs)


class RoleEnd(ConfirmPage):
    """End a role on a day."""

    permission = Permission.PERSON_INVITE
    model = RoleAssignment
    form_class = LastDayForm
    danger = True
    button = "End this role"
    success_message = "The role ends on the day you chose."

    def get_queryset(self):
        held = super().get_queryset()
        return held if self.request.access.may(Permission.NATIONAL_GRANT) else held.exclude(role__in=NATIONAL_ROLES)

    def get_initial(self):
        return {"on": timezone.localdate()}

    def get_title(self):
        return f"End the role of {self.object.person}?"

    def get_crumbs(self):
        return [_PEOPLE, (str(self.object.person), self.object.person.get_absolute_url())]

    def get_consequence(self):
        return (
            f"{self.object.person} has been {self.object}, since {self.object.starts_on:%-d %B %Y}. What the role opens is closed after "
            "its last day. What they entered stays, and the role can be given again."
        )

    def act(self, form):
        actions.end_role(self.object, on=form.cleaned_data["on"], by=self.request.user)
        return self.object.person.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.person.get_absolute_url(), cancel_words="Keep it", **kwargs)


class _AccountPage(_PersonMixin, ConfirmPage):
    abstract = True
    form_class = NothingToFillIn

    def get_queryset(self):
        people = super().get_queryset()
        if self.request.access.may(Permission.NATIONAL_GRANT):
            return people
        held = RoleAssignment.objects.current(timezone.localdate()).filter(role__in=NATIONAL_ROLES)
        return people.exclude(pk__in=held.values("person"))

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


class PersonClose(_AccountPage):
    """Close somebody's account."""

    permission = Permission.PERSON_INVITE
    danger = True
    button = "Close the account"
    success_message = "The account is closed."

    def get_title(self):
        return f"Close the account of {self.object}?"

    def get_consequence(self):
        return f"{self.object} can no longer sign in, from now on. Roles and everything entered stay. You can open it again."

    def act(self, form):
        actions.close_account(self.object, by=self.request.user)
        return self.object.get_absolute_url()


class PersonOpen(_AccountPage):
    """Open a closed account again."""

    permission = Permission.PERSON_INVITE
    button = "Open the account"
    success_message = "The account is open again."

    def get_title(self):
        return f"Open the account of {self.object} again?"

    def get_consequence(self):
        return f"{self.object} can sign in with {self.object.email} again, with the roles that still hold."

    def act(self, form):
        actions.open_account(self.object, by=self.request.user)
        return self.object.get_absolute_url()
