"""How a learning session was: the form that whoever was there opens by the square on the screen, and the mentor's page that shows it.

The form is exempt from the CSRF check for the reason that pupils' pages are (surveys/views/pupil.py): it carries no authority that
another site could borrow. It needs no script.

It sets one cookie, after a sheet was sent. The page is not kept by the browser, so whoever goes back is given a new form, and the same
person sent twice would count twice in a published share: nothing but the device can tell. So the cookie is strictly necessary for what was
asked for, and asks nobody's consent. It is no tracking: it holds the random number of the sheet and nothing else, goes to the address of
this one session only, no script can read it, and it is gone after half a day. Where cookies are off, everything works without it.
"""

from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
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
from surveys.links import feedback_code, feedback_link, session_of
from surveys.models import SessionFeedback
from surveys.questionnaires import AnswersRefused, questionnaire
from surveys.views.adults import CLOSED_STATUS
from surveys.views.classes import qr_drawing
from surveys.views.guessing import too_many_wrong_codes

SENT_COOKIE = "sent"
SENT_KEPT_FOR = timedelta(hours=12)
NOT_ANSWERS = ("form", "after", "another", "csrfmiddlewaretoken")


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
        if request.method == "GET" and kwargs["code"] != feedback_code(self.session):
            # Typed in small letters: the cookie is for one address, and addresses know small letters from capitals.
            view = request.resolver_match.view_name
            return HttpResponseRedirect(reverse(view, args=[feedback_code(self.session)]))
        return super().dispatch(request, *args, **kwargs)

    def page(self, template, title, status=200, **context):
        """A page about the session."""
        context |= {"title": title, "session": self.session}
        return render(self.request, f"surveys/feedback_{template}.html", context, status=status)


class FeedbackForm(FeedbackPage):
    """Five statements on one page, and a button."""

    def get(self, request, **kwargs):
        """The empty form, with a number of its own by which a second click is known; or that this device has sent one."""
        try:
            actions.check_feedback_open(self.session, on=timezone.localdate())
            sent = self.sent_before()
            return self.page("sent", "Your answers have been sent", sent=sent) if sent else self.form(uuid4(), {})
        except NotNow as reason:
            return self.closed(reason)

    def post(self, request, **kwargs):
        """Keep the sheet, then thank; or give an empty form to somebody else at the same device."""
        before = self.sent_before()
        try:
            if "another" not in request.POST:
                return self.keep(request, before)
            actions.check_feedback_open(self.session, on=timezone.localdate())
            if before and request.POST["another"] != str(before):  # pressed before somebody else had sent theirs
                return self.begin_again()
            return self.form(uuid4(), {}, after=before)
        except NotNow as reason:
            return self.closed(reason)

    def keep(self, request, before):
        """Keep what was sent. After a sheet from this device only a form that was opened for somebody else after that sheet counts.

        The form names the sheet that it comes after: whoever goes back to it once it was sent finds a newer sheet, and sends nothing.
        """
        sent = {name: value for name, value in request.POST.items() if name not in NOT_ANSWERS}
        after = before if request.POST.get("after") == str(before) else None
        try:
            form = UUID(request.POST.get("form", ""))
        except ValueError:
            return self.form(uuid4(), sent, after=after, problem="This page was not complete. Send it again, please.")
        if before and form != before and after is None:
            return self.begin_again()
        try:
            sheet = actions.keep_feedback(self.session, uuid=form, answers=sent, now=timezone.now())
        except AnswersRefused as reason:
            return self.form(form, sent, after=after, problem=str(reason))
        return self.thanked(sheet)

    def begin_again(self):
        """To the page that says what was sent from this device."""
        return HttpResponseRedirect(reverse("feedback-form", args=[feedback_code(self.session)]))

    def sent_before(self):
        """The number of the sheet that was sent from this device, as a UUID, or None. One query where there is a cookie."""
        try:
            number = UUID(self.request.COOKIES.get(SENT_COOKIE, ""))
        except ValueError:
            return None
        return number if SessionFeedback.objects.filter(session=self.session, uuid=number).exists() else None

    def thanked(self, sheet):
        """On to the thanks, with the cookie that says that this device has sent a sheet."""
        code = feedback_code(self.session)
        response = HttpResponseRedirect(reverse("feedback-thanks", args=[code]))
        response.set_cookie(
            SENT_COOKIE,
            str(sheet.uuid),
            max_age=SENT_KEPT_FOR,
            path=reverse("feedback-form", args=[code]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def form(self, number, sent, after=None, problem=""):
        """The form, with what was chosen before, and the sheet `after` which it was opened for somebody else."""
        asked = questionnaire(actions.feedback_version())
        return self.page(
            "form",
            "How was the session?",
            status=422 if problem else 200,
            intro=asked.intro,
            rows=[(question, [sent.get(question.key, "")]) for question in asked.questions],
            number=number,
            after=after,
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
