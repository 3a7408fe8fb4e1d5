"""Each step of a grant as a form, and taking a step back."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from clusters.access import Permission
from clusters.choices import GrantState
from clusters.models import SchoolGrant
from clusters.views.base import ConfirmPage, ObjectFormPage
from mentors import actions, grants
from mentors.forms.grants import (
    ApplicationForm,
    AwardForm,
    DeclineForm,
    DueForm,
    PayForm,
    ReportForm,
    SpendingForm,
    StepForm,
)
from mentors.views.grants import OneGrant
from mentors.wording import day
from pcp.templatetags.ui import pounds


class StepPage(OneGrant, ObjectFormPage):
    """One step of a grant. `after` are the last steps that it may follow; at any other time its address leads to the grant."""

    abstract = True
    permission = Permission.GRANT_MANAGE
    template_name = "mentors/grant_step.html"
    after = ()
    verb = ""
    changed = False

    def get(self, request, *args, **kwargs):
        if self.object.last_step not in self.after:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return super().get(request, *args, **kwargs)

    @cached_property
    def today(self):
        """Today in Scotland."""
        return timezone.localdate()

    def get_title(self):
        return f"{self.verb}: {self.object.school}"

    @cached_property
    def own(self):
        """Whether the person writes for the own school; staff write for any other and are spoken to otherwise."""
        return not self.may_here(Permission.GRANT_MANAGE)

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return kwargs | {"initial": kwargs["initial"] | self.marks()}

    def marks(self):
        """What the form carries, hidden, of what the page shows: another grant than this one is refused."""
        return {"seen": self.object.fingerprint}

    def refused(self, form, reason):
        field = getattr(reason, "field", None)
        form.add_error(field if field in form.fields else None, str(reason))
        self.changed = str(reason) if isinstance(reason, actions.ChangedMeanwhile) else False

    def form_invalid(self, form):
        return super().form_invalid(self.shown_anew() if self.changed else form)

    def shown_anew(self):
        """The form on the grant as it is now: what the person wrote stays, what the person confirmed has to be confirmed again."""
        self.object = self.get_object()
        data = self.request.POST.copy()
        data.pop("confirmed", None)
        for name, value in self.marks().items():
            data[name] = value
        form = self.get_form_class()(**(self.get_form_kwargs() | {"data": data}))
        form.full_clean()
        form.add_error(None, self.changed)
        return form

    def act(self, form):
        self.step(self.object, **form.cleaned_data, by=self.request.user, on=self.today)
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            cancel=self.object.get_absolute_url(), changed=self.changed, own=self.own, **kwargs
        )


class GrantApply(StepPage):
    """Apply for the own school, or write down an application that came by post."""

    permission = Permission.GRANT_APPLY
    form_class = ApplicationForm
    after = (GrantState.INVITED, GrantState.APPLIED)
    step = staticmethod(actions.apply_for)
    verb = "Application"
    button = "Send the application"
    success_message = "The application is kept. It can be changed until SSERC decides."

    def get_initial(self):
        grant = self.object
        return {"asked": grant.asked or grant.scheme.amount, "purpose": grant.purpose, "topics": grant.topics}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"own": self.own}

    def get_context_data(self, **kwargs):
        scheme, whose = self.object.scheme, "your" if self.own else "the"
        lead = (
            f"{scheme.funder} usually gives {pounds(scheme.amount)} a school, for resources that go with what {whose} cluster’s "
            "teachers learn."
        )
        return super().get_context_data(lead=lead, **kwargs)


class GrantAward(StepPage):
    """Award a grant: the topics of the application beside those of the cluster's sessions, the amount and the confirmation."""

    form_class = AwardForm
    after = (GrantState.APPLIED,)
    template_name = "mentors/grant_award.html"
    step = staticmethod(actions.award)
    verb = "Award"
    button = "Award the grant"
    success_message = "The grant is awarded."

    @property
    def fit(self):
        """The application beside the sessions, as they are now."""
        return grants.fit_of(self.object)

    def get_initial(self):
        return {"awarded": self.object.asked}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"fit": self.fit, "grant": self.object}

    def get_context_data(self, **kwargs):
        return super().get_context_data(fit=self.fit, **kwargs)


class GrantDecline(StepPage):
    """Decide that a school does not get the grant."""

    form_class = DeclineForm
    after = (GrantState.APPLIED,)
    template_name = "mentors/grant_award.html"
    step = staticmethod(actions.decline)
    verb = "Do not award"
    button = "Do not award the grant"
    success_message = "It is written down that the grant is not awarded."

    def get_initial(self):
        return {"decline_reason": self.object.decline_reason}

    def get_context_data(self, **kwargs):
        return super().get_context_data(fit=grants.fit_of(self.object), **kwargs)


class GrantPay(StepPage):
    """Write down the payment."""

    form_class = PayForm
    after = (GrantState.AWARDED,)
    step = staticmethod(actions.pay)
    verb = "Payment"
    button = "Write down the payment"
    success_message = "The payment is written down."

    def get_initial(self):
        return {"paid": self.object.paid or self.object.awarded, "paid_on": self.object.paid_on or self.today}

    def get_context_data(self, **kwargs):
        return super().get_context_data(lead=award_of(self.object), **kwargs)


def award_of(grant):
    """The award in a sentence, for the pages on which its money moves; nothing where there is none."""
    if grant.awarded is None:
        return ""
    return f"{grant.school} was awarded {pounds(grant.awarded)} of {grant.scheme} on {day(grant.decided_on)}."


class GrantDue(StepPage):
    """Give more time for the report."""

    form_class = DueForm
    after = (GrantState.PAID, GrantState.SPENT)
    verb = "Report due"
    button = "Change the day"
    success_message = "The day is changed."

    def get_initial(self):
        return {"report_due_on": self.object.report_due_on}

    def act(self, form):
        actions.change_due_day(self.object, **form.cleaned_data, by=self.request.user)
        return self.object.get_absolute_url()


class GrantSpend(StepPage):
    """Say what was bought and how it is used."""

    permission = Permission.GRANT_APPLY
    form_class = SpendingForm
    after = (GrantState.PAID, GrantState.SPENT)
    step = staticmethod(actions.write_down_spending)
    verb = "What was bought"
    button = "Keep it"
    success_message = "It is kept. Hand in the report when all is there; until then you can change it."

    def get_initial(self):
        grant = self.object
        return {"spent": grant.paid if grant.spent is None else grant.spent, "bought": grant.bought, "used": grant.used}

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"own": self.own}

    def get_context_data(self, **kwargs):
        grant = self.object
        lead = (
            grant.paid_on
            and f"{pounds(grant.paid)} was paid on {day(grant.paid_on)}. The report is due on {day(grant.report_due_on)}."
        )
        return super().get_context_data(lead=lead, **kwargs)


class GrantReport(StepPage, ConfirmPage):
    """Hand in what was written down as the report."""

    permission = Permission.GRANT_APPLY
    form_class = ReportForm
    after = (GrantState.SPENT,)
    template_name = "mentors/grant_report.html"
    step = staticmethod(actions.hand_in_report)
    verb = "Report"
    button = "Hand in the report"
    success_message = "The report is handed in. Thank you."

    def get_consequence(self):
        return "After that only SSERC can open it again."

    def get_context_data(self, **kwargs):
        whose = "This is your report" if self.own else "This is the school’s report"
        return super().get_context_data(cancel_words="Not yet", whose=whose, **kwargs)


class GrantBack(StepPage, ConfirmPage):
    """Take back the last step, after asking. The form carries the step that the person saw: a second click takes back no other."""

    form_class = StepForm
    after = tuple(GrantState)
    template_name = "mentors/grant_back.html"
    danger = True

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            gone = SchoolGrant.history.filter(id=kwargs["pk"], history_type="-").select_related("cluster").first()
            if request.method != "POST" or gone is None:
                raise
            return HttpResponseRedirect(reverse("cluster-grants", args=[gone.cluster.slug]))

    def get_title(self):
        return f"Take back a step: {self.object.school}"

    @property
    def button(self):
        """The button names the step."""
        return f"Take back: {self.object.last_step.label.lower()}"

    def marks(self):
        return super().marks() | {"step": self.object.last_step}

    def get_consequence(self):
        grant, kept = self.object, "What it says is no longer shown here; it stays in the record of changes."
        payment = f"The payment of {pounds(grant.paid)} of {day(grant.paid_on)}" if grant.paid_on else ""
        return {
            GrantState.INVITED: f"{grant.school} is no longer invited, and its headteacher no longer sees this grant.",
            GrantState.APPLIED: f"The application for {pounds(grant.asked)} is taken away; the school is invited again. {kept}",
            GrantState.DECLINED: "The decision not to award it is taken back; the application waits for a decision again.",
            GrantState.AWARDED: f"{award_of(grant)} The award is taken back; the application waits for a decision again.",
            GrantState.PAID: f"{award_of(grant)} {payment} is taken back; the grant is awarded and not paid.",
            GrantState.SPENT: f"What was bought is taken away; the grant is paid. {kept}",
            GrantState.REPORTED: "The report is opened again; the headteacher can change it and hand it in once more.",
        }[grant.last_step]

    def act(self, form):
        left = actions.take_back(self.object, **form.cleaned_data, by=self.request.user)
        self.success_message = "The step is taken back."
        return left.get_absolute_url() if left else f"{reverse('cluster-grants', args=[self.object.cluster.slug])}"
