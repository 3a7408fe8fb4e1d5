"""The headteacher's form: behind a personal link without signing in, kept as it is filled in, open until the survey closes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.views.base import ObjectFormPage, TextPage
from pcp.templatetags.ui import clock
from surveys import actions
from surveys.choices import Audience
from surveys.counting import with_sheets
from surveys.forms import EmptyForm
from surveys.links import invitation_of, personal_link
from surveys.models import Invitation, Response, WaveSchool
from surveys.questionnaires import AnswersRefused, questionnaire

QUESTIONS_A_PAGE = 5
CLOSED_STATUS = 410


@method_decorator([login_not_required, never_cache], name="dispatch")
class PersonalPage(View):
    """A page behind a personal link. A link that we did not make is a 404 that says what to do; one that opens no form says why."""

    def dispatch(self, request, *args, **kwargs):
        self.signed = kwargs["signed"]
        self.invitation = invitation_of(self.signed)
        if self.invitation is None:
            return render(request, "surveys/head_no_link.html", {"title": "This link is not complete"}, status=404)
        try:
            self.wave_school = actions.check_rating_open(self.invitation, now=timezone.now())
            return super().dispatch(request, *args, **kwargs)
        except NotNow as reason:
            context = self.context("There is nothing to answer here", reason=str(reason), begun=bool(self.answers()))
            return render(request, "surveys/head_closed.html", context, status=CLOSED_STATUS)

    def context(self, title, **more):
        """What every page of the form shows; whoever came here after signing in finds the way back."""
        signed_in = self.request.access.may(Permission.RATING_GIVE)
        return {
            "title": title,
            "crumbs": [("My surveys", reverse("my-surveys"))] if signed_in else [],
            "school": self.invitation.school,
            "signed": self.signed,
            "invitation": self.invitation,
        } | more

    def answers(self):
        """What has been kept so far: {item key: code}."""
        kept = Response.objects.filter(invitation=self.invitation).first()
        return kept.answers if kept else {}

    def asked(self):
        """The questionnaire of this survey."""
        return questionnaire(self.invitation.wave.versions.select_related("instrument").get())


class HeadForm(PersonalPage):
    """The first page: what this is, who sees it, how long it takes."""

    def get(self, request, **kwargs):
        """Greet, and offer to begin or to go on."""
        asked, answers = self.asked(), self.answers()
        left = [number for number, question in enumerate(asked.questions) if question.key not in answers]
        step = left[0] // QUESTIONS_A_PAGE + 1 if left and answers else 1
        return render(
            request,
            "surveys/head_start.html",
            self.context(
                "The programme in your school",
                intro=asked.intro,
                answered=len(answers),
                questions=len(asked.questions),
                closes_on=self.wave_school.closes_on,
                begin=reverse("head-questions", args=[self.signed, step]),
            ),
        )


class HeadQuestions(PersonalPage):
    """Some questions at a time. Each change is kept at once where there are scripts, and every button keeps the page."""

    @property
    def step(self):
        """The step in the address, from 1."""
        return self.kwargs["step"]

    def get(self, request, **kwargs):
        """The questions of one step, with what was answered."""
        return self.show(request, self.answers())

    def post(self, request, **kwargs):
        """Keep what was sent, then go to the next step, the step before, or the end."""
        questions = self.questions()
        sent = {question.key: request.POST.get(question.key, "") for question in questions}
        finish = request.POST.get("go") == "finish"
        now = timezone.now()
        try:
            response = actions.keep_ratings(self.invitation, answers=sent, now=now, finished=finish)
        except AnswersRefused:
            return self.show(request, self.answers(), problem=True, status=422)
        if request.htmx:
            return HttpResponse(self.kept_words(now))
        if finish and response.answers:
            return HttpResponseRedirect(reverse("head-done", args=[self.signed]))
        if finish:
            return self.show(request, {}, nothing=True, status=422)
        step = self.step + (-1 if request.POST.get("go") == "back" else 1)
        step = min(max(step, 1), self.steps())
        return HttpResponseRedirect(reverse("head-questions", args=[self.signed, step]))

    def steps(self):
        """How many steps the form has."""
        return -(-len(self.asked().questions) // QUESTIONS_A_PAGE)

    def questions(self):
        """The questions of this step."""
        if not 1 <= self.step <= self.steps():
            raise Http404
        first = (self.step - 1) * QUESTIONS_A_PAGE
        return self.asked().questions[first : first + QUESTIONS_A_PAGE]

    def show(self, request, answers, status=200, **more):
        """The page of this step."""
        rows = [(question, str(answers.get(question.key, ""))) for question in self.questions()]
        kept = Response.objects.filter(invitation=self.invitation).values_list("received_at", flat=True).first()
        context = self.context(
            f"Questions, part {self.step} of {self.steps()}",
            rows=rows,
            step=self.step,
            steps=self.steps(),
            first=(self.step - 1) * QUESTIONS_A_PAGE,
            kept=self.kept_words(kept) if kept else "Your answers are kept as you go.",
            **more,
        )
        return render(request, "surveys/head_questions.html", context, status=status)

    @staticmethod
    def kept_words(at):
        """When the answers were last kept, as people say it: Kept, 8.14 am."""
        return f"Kept, {clock(at)}"


class HeadDone(PersonalPage):
    """The end: thanks, and until when answers can be changed."""

    def get(self, request, **kwargs):
        """Thank; whoever comes here without having answered begins at the start."""
        answered = len(self.answers())
        if not answered:
            return HttpResponseRedirect(reverse("head-form", args=[self.signed]))
        return render(
            request,
            "surveys/head_done.html",
            self.context("Thank you", answered=answered, closes_on=self.wave_school.closes_on),
        )


class MySurveys(TextPage):
    """A headteacher's own surveys, after signing in: what is asked about the own school, and who has yet to say it."""

    permission = Permission.RATING_GIVE
    template_name = "surveys/my_surveys.html"
    title = "My surveys"

    def get_context_data(self, **kwargs):
        asked = self.rows(WaveSchool).filter(wave__audience=Audience.HEAD, wave__opened_at__isnull=False)
        asked = with_sheets(asked).select_related("wave__cohort", "school").order_by("-wave__opens_on", "school__name")
        mine = Invitation.objects.filter(person=self.request.user, answered_at__isnull=False)
        own = set(mine.values_list("wave", "school"))
        today = timezone.localdate()
        rows = [(row, row.state(today), (row.wave_id, row.school_id) in own) for row in asked]
        return super().get_context_data(rows=rows, **kwargs)


class MyAnswers(ObjectFormPage):
    """The button that leads a headteacher from My surveys to the own form, by a link that is made when there is none."""

    permission = Permission.RATING_GIVE
    model = WaveSchool
    form_class = EmptyForm
    http_method_names = ["post"]

    def get_queryset(self):
        return super().get_queryset().filter(wave__audience=Audience.HEAD).select_related("wave", "school")

    def act(self, form):
        try:
            return personal_link(actions.own_invitation(self.object, now=timezone.now(), by=self.request.user))
        except NotNow as reason:
            messages.warning(self.request, str(reason))
            return reverse("my-surveys")
