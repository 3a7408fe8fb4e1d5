"""How a learning session was: the form that whoever was there opens by the square on the screen, and the mentor's page that shows it.

The form sets no cookie and is exempt from the CSRF check for the reason that pupils' pages are (surveys/views/pupil.py): it carries
no authority that another site could borrow. It needs no script.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.views.base import DetailPage
from mentors.models import LearningSession
from surveys import actions, feedback
from surveys.links import feedback_link, session_of
from surveys.questionnaires import AnswersRefused, questionnaire
from surveys.views.adults import CLOSED_STATUS
from surveys.views.classes import qr_drawing
from surveys.views.guessing import too_many_wrong_codes


@method_decorator([login_not_required, never_cache, csrf_exempt], name="dispatch")
class FeedbackPage(View):
    """A page behind a session's code. A code that we did not make is a 404 that counts as a guess."""

    def dispatch(self, request, *args, **kwargs):
        self.session = session_of(kwargs["code"])
        if self.session is None:
            status = 429 if too_many_wrong_codes(request) else 404
            return render(
                request, "surveys/feedback_no_link.html", {"title": "This link is not complete"}, status=status
            )
        return super().dispatch(request, *args, **kwargs)

    def page(self, template, title, status=200, **context):
        """A page about the session."""
        context |= {"title": title, "session": self.session}
        return render(self.request, f"surveys/feedback_{template}.html", context, status=status)


class FeedbackForm(FeedbackPage):
    """Five statements on one page, and a button."""

    def get(self, request, **kwargs):
        """The empty form, with a number of its own by which a second click is known."""
        try:
            actions.check_feedback_open(self.session, on=timezone.localdate())
            return self.form(uuid4(), {})
        except NotNow as reason:
            return self.closed(reason)

    def post(self, request, **kwargs):
        """Keep the sheet, then thank."""
        sent = {name: value for name, value in request.POST.items() if name not in ("form", "csrfmiddlewaretoken")}
        try:
            form = UUID(request.POST.get("form", ""))
        except ValueError:
            return self.form(uuid4(), sent, problem="This page was not complete. Send it again, please.")
        try:
            actions.keep_feedback(self.session, uuid=form, answers=sent, now=timezone.now())
        except NotNow as reason:
            return self.closed(reason)
        except AnswersRefused as reason:
            return self.form(form, sent, problem=str(reason))
        return HttpResponseRedirect(reverse("feedback-thanks", args=[self.kwargs["code"]]))

    def form(self, number, sent, problem=""):
        """The form, with what was chosen before."""
        asked = questionnaire(actions.feedback_version())
        return self.page(
            "form",
            "How was the session?",
            status=422 if problem else 200,
            intro=asked.intro,
            rows=[(question, [sent.get(question.key, "")]) for question in asked.questions],
            number=number,
            problem=problem,
        )

    def closed(self, reason):
        """Why nothing can be said here."""
        return self.page("closed", "There is nothing to answer here", status=CLOSED_STATUS, reason=str(reason))


class FeedbackThanks(FeedbackPage):
    """The end."""

    def get(self, request, **kwargs):
        """Thank, and say what becomes of it."""
        return self.page("thanks", "Thank you")


class SessionFeedbackPage(DetailPage):
    """The square to show at the end of a session, how many sheets have come, and what they say as far as it may be told."""

    permission = Permission.SESSION_LOG
    model = LearningSession
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().select_related("cluster__authority")

    def get_template_names(self):
        return ["surveys/feedback_counts.html" if self.request.htmx else "surveys/session_feedback.html"]

    def get_title(self):
        return "How was the session?"

    def get_crumbs(self):
        return [("Sessions", reverse("session-list")), (str(self.object), self.object.get_absolute_url())]

    def get_context_data(self, **kwargs):
        address = feedback_link(self.object, self.site)
        size, path = qr_drawing(address)
        last_on = self.object.held_on + timedelta(days=feedback.FEEDBACK_DAYS)
        return super().get_context_data(
            address=address,
            short_address=address.partition("://")[2],
            qr={"size": size, "path": path},
            last_on=last_on,
            is_open=timezone.localdate() <= last_on,
            received=feedback.of_session(self.object),
            there=LearningSession.objects.filter(pk=self.object.pk).totals().attendances,
            **kwargs,
        )
