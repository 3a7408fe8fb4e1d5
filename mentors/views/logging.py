"""Logging a session on a phone, correcting it, and taking it back."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.models import Cluster
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ObjectFormPage
from mentors import actions, summaries
from mentors.forms.sessions import ClusterForm, DeleteForm, SessionForm, initial_change, initial_copy, initial_new
from mentors.models import LearningSession
from mentors.wording import counted, day


class SessionFormPage(FormPage):
    """The form itself, for a new session and for a correction. Subclasses say which cluster, and what it says at first."""

    abstract = True
    permission = Permission.SESSION_LOG
    template_name = "mentors/session_form.html"
    form_class = SessionForm
    button = "Save session"
    session = None  # the session that is being corrected

    @cached_property
    def today(self):
        """Today in Scotland."""
        return timezone.localdate()

    def get_crumbs(self):
        return [("Sessions", reverse("session-list"))]

    def get_form_kwargs(self):
        places = summaries.roll_call(self.cluster, on=self.today, session=self.session)
        known = {row.school_id: row.headcount for row in self.session.attendances.all()} if self.session else {}
        return super().get_form_kwargs() | {"places": places, "today": self.today, "known": known}

    def refused(self, form, reason):
        part = reason.field if isinstance(reason, actions.Refused) else None
        form.add_error(form.field_of(part), str(reason))

    def get_context_data(self, **kwargs):
        return super().get_context_data(cluster=self.cluster, **kwargs)


class SessionNew(SessionFormPage):
    """A new session, filled in from the person's last one. Whoever may log for several clusters chooses one first."""

    title = "Log a session"

    @cached_property
    def clusters(self):
        """The clusters that the person may log for, at most two of them: one needs no choice."""
        return list(self.rows(Cluster)[:2])

    @cached_property
    def cluster(self):
        """The cluster named in the address, or the only one; None when there is a choice to make."""
        if slug := self.request.GET.get("cluster"):
            return get_object_or_404(self.rows(Cluster), slug=slug)
        return self.clusters[0] if len(self.clusters) == 1 else None

    @cached_property
    def source(self):
        """The session that the form is filled in from: the person's last one here, unless they asked for an empty form."""
        if "empty" in self.request.GET:
            return None
        return summaries.last_session_by(self.request.user, self.rows(LearningSession).filter(cluster=self.cluster))

    def get_initial(self):
        return initial_new(self.today, self.source)

    def get_form_class(self):
        return SessionForm if self.cluster else ClusterForm

    def get_form_kwargs(self):
        if self.cluster:
            return super().get_form_kwargs()
        return {"clusters": self.rows(Cluster)}

    def get_template_names(self):
        return ["mentors/session_form.html" if self.cluster else "mentors/session_cluster.html"]

    def get_context_data(self, **kwargs):
        source = self.source if self.cluster else None
        return super().get_context_data(source=source, several=len(self.clusters) > 1, **kwargs)

    def post(self, request, *args, **kwargs):
        if self.cluster is None:
            return HttpResponseRedirect(reverse("session-new"))
        return super().post(request, *args, **kwargs)

    def act(self, form):
        session = actions.log_session(
            cluster=self.cluster,
            submission=form.cleaned_data["submission"],
            by=self.request.user,
            today=self.today,
            **form.session(),
        )
        return f"{session.get_absolute_url()}?saved"


class SessionCopy(SessionNew):
    """A new session with the head-counts of another."""

    @cached_property
    def cluster(self):
        """The cluster of the session that is copied."""
        return self.source.cluster

    @cached_property
    def source(self):
        """The session that is copied."""
        sessions = self.rows(LearningSession).select_related("cluster").prefetch_related("attendances")
        return get_object_or_404(sessions, pk=self.kwargs["pk"])

    def get_initial(self):
        return initial_copy(self.today, self.source)

    def get_context_data(self, **kwargs):
        return super().get_context_data(copied=True, **kwargs)


class SessionChange(ObjectFormPage, SessionFormPage):
    """Correct a session of an own cluster."""

    model = LearningSession
    permission = Permission.SESSION_LOG
    title = "Change a session"
    button = "Save changes"
    success_message = "Your changes are saved."

    def get_queryset(self):
        return super().get_queryset().select_related("cluster")

    @property
    def cluster(self):
        """The session's cluster, which stays as it is."""
        return self.object.cluster

    @property
    def session(self):
        """The session that is being corrected."""
        return self.object

    def get_initial(self):
        return initial_change(self.today, self.object)

    def act(self, form):
        actions.change_session(self.object, by=self.request.user, today=self.today, **form.session())
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


class SessionDelete(ConfirmPage):
    """Take a session out of every count, after asking."""

    model = LearningSession
    permission = Permission.SESSION_LOG
    form_class = DeleteForm
    danger = True
    success_message = "The session is deleted. Its history is kept."

    def get_title(self):
        return f"Delete “{self.object}”?"

    @property
    def button(self):
        """The button names the thing."""
        return f"Delete the session of {day(self.object.held_on)}"

    def get_consequence(self):
        totals = LearningSession.objects.filter(pk=self.object.pk).totals()
        people = counted(totals.attendances, "teacher")
        schools = counted(totals.schools, "school")
        return f"Its {people} from {schools} leave every count of {self.object.cluster}. It cannot be brought back from here."

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), cancel_words="Keep it", **kwargs)

    def act(self, form):
        actions.delete_session(self.object, by=self.request.user, reason=form.cleaned_data["reason"])
        return reverse("session-list")


class SessionUndo(DetailPage):
    """Take back a session that one has just logged: one tap, no question. Any other session answers as if it were not there."""

    permission = Permission.SESSION_LOG
    model = LearningSession
    http_method_names = ["post"]

    def get_queryset(self):
        return super().get_queryset().filter(logged_by=self.request.user)

    def post(self, request, *args, **kwargs):
        gone = LearningSession.history.filter(
            id=kwargs["pk"], history_type="-", logged_by=request.user, history_change_reason="undone"
        )
        if not gone.exists():
            session = self.get_object()
            try:
                actions.undo_session(session, by=request.user)
            except NotNow as reason:
                messages.error(request, str(reason))
                return HttpResponseRedirect(session.get_absolute_url())
        messages.success(request, "The session is taken back. Nothing of it is counted.")
        return HttpResponseRedirect(reverse("session-list"))
