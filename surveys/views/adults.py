"""The form of headteachers, teachers and mentors: behind a personal link without signing in, kept as it is filled in, open until the
survey closes; and the page by which a school's teachers come to a link of their own."""

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
from pcp.templatetags.ui import clock, moment
from surveys import actions
from surveys.links import begun, invitation_of, personal_link, wave_school_of
from surveys.models import Response
from surveys.questionnaires import AnswersRefused, questionnaire
from surveys.views.guessing import too_many_wrong_codes
from surveys.wording import UNMATCHED, WORDS, effort

CLOSED_STATUS = 410


def no_such_link(request):
    """A link that we did not make: counted as a guess, and answered with what to do."""
    status = 429 if too_many_wrong_codes(request) else 404
    return render(request, "surveys/adult_no_link.html", {"title": "This link is not complete"}, status=status)


@method_decorator([login_not_required, never_cache], name="dispatch")
class PersonalPage(View):
    """A page behind a personal link. A link that we did not make is a 404 that says what to do; one that opens no form says why."""

    def dispatch(self, request, *args, **kwargs):
        self.signed = kwargs["signed"]
        self.invitation = invitation_of(self.signed)
        if self.invitation is None:
            return no_such_link(request)
        try:
            self.wave_school = actions.check_sheet_open(self.invitation, now=timezone.now())
            return super().dispatch(request, *args, **kwargs)
        except NotNow as reason:
            context = self.context("There is nothing to answer here", reason=str(reason), begun=bool(self.answers()))
            return render(request, "surveys/adult_closed.html", context, status=CLOSED_STATUS)

    def context(self, title, **more):
        """What every page of the form shows; whoever came here after signing in finds the way back."""
        own = self.invitation.person_id is not None and self.request.access.may(Permission.SURVEY_ANSWER)
        return {
            "title": title,
            "crumbs": [("My surveys", reverse("my-surveys"))] if own else [],
            "place": self.invitation.place,
            "signed": self.signed,
            "invitation": self.invitation,
        } | more

    def answers(self):
        """What has been kept so far: {item key: code}."""
        return getattr(self.sheet(), "answers", {})

    def sheet(self):
        """The Response so far, or None."""
        return Response.objects.filter(invitation=self.invitation).first() if self.invitation.pk else None

    def asked(self):
        """The questions of this survey at its moment."""
        wave = self.invitation.wave
        return questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)

    def parts(self):
        """The questions, page by page."""
        return self.asked().parts()


def chosen(question, answer):
    """The codes of a question that are chosen, as the form sends them."""
    given = answer if question.ticks else [answer]
    return [str(code) for code in given or [] if code is not None]


class AdultForm(PersonalPage):
    """The first page: what this is, who sees it, how long it takes."""

    def get(self, request, **kwargs):
        """Greet, and offer to begin or to go on."""
        asked, answers = self.asked(), self.answers()
        open_parts = [
            number for number, part in enumerate(asked.parts(), start=1) if {each.key for each in part} - set(answers)
        ]
        step = open_parts[0] if open_parts and answers else 1
        words, anonymous = WORDS[self.invitation.audience], self.invitation.person_id is None
        return render(
            request,
            "surveys/adult_start.html",
            self.context(
                words.title,
                intro=asked.intro,
                effort=effort(asked),
                seen_by=words.seen_by,
                own_link=personal_link(self.invitation, request.build_absolute_uri("/")) if anonymous else "",
                answered=len(answers),
                questions=len(asked.questions),
                closes_on=self.wave_school.closes_on,
                begin=reverse("adult-questions", args=[self.signed, step]),
            ),
        )


class AdultQuestions(PersonalPage):
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
        sent = {
            question.key: request.POST.getlist(question.key) if question.ticks else request.POST.get(question.key, "")
            for question in questions
        }
        finish = request.POST.get("go") == "finish"
        now = timezone.now()
        try:
            response = actions.keep_answers(self.invitation, answers=sent, now=now, finished=finish)
        except AnswersRefused:
            return self.show(request, self.answers(), problem=True, status=422)
        if request.htmx:
            return HttpResponse(self.kept_words(now))
        if finish and response.answers:
            return HttpResponseRedirect(reverse("adult-done", args=[self.signed]))
        if finish:
            return self.show(request, {}, nothing=True, status=422)
        step = self.step + (-1 if request.POST.get("go") == "back" else 1)
        step = min(max(step, 1), len(self.parts()))
        return HttpResponseRedirect(reverse("adult-questions", args=[self.signed, step]))

    def questions(self):
        """The questions of this step."""
        parts = self.parts()
        if not 1 <= self.step <= len(parts):
            raise Http404
        return parts[self.step - 1]

    def show(self, request, answers, status=200, **more):
        """The page of this step."""
        parts, sheet = self.parts(), self.sheet()
        rows = [(question, chosen(question, answers.get(question.key))) for question in self.questions()]
        context = self.context(
            f"Questions, part {self.step} of {len(parts)}",
            rows=rows,
            step=self.step,
            steps=len(parts),
            first=sum(map(len, parts[: self.step - 1])),
            kept=self.kept_words(sheet.received_at) if sheet else "Your answers are kept as you go.",
            **more,
        )
        return render(request, "surveys/adult_questions.html", context, status=status)

    @staticmethod
    def kept_words(at):
        """When the answers were last kept, as people say it: Kept, 8.14 am; on an earlier day: Kept on 3 May 2026, 8.14 am."""
        today = timezone.localdate(at) == timezone.localdate()
        return f"Kept, {clock(at)}" if today else f"Kept on {moment(at)}"


class AdultDone(PersonalPage):
    """The end: thanks, and until when answers can be changed."""

    def get(self, request, **kwargs):
        """Thank; whoever comes here without having answered begins at the start."""
        answered = len(self.answers())
        if not answered:
            return HttpResponseRedirect(reverse("adult-form", args=[self.signed]))
        return render(
            request,
            "surveys/adult_done.html",
            self.context("Thank you", answered=answered, closes_on=self.wave_school.closes_on),
        )


@method_decorator([login_not_required, never_cache], name="dispatch")
class TeachersBegin(View):
    """Where a school's link leads: what is asked, who sees it, and a button that opens a form of the own for whoever presses it."""

    def dispatch(self, request, *args, **kwargs):
        self.wave_school = wave_school_of(kwargs["signed"])
        if self.wave_school is None:
            return no_such_link(request)
        try:
            actions.check_may_answer(self.wave_school, person=None, now=timezone.now())
            actions.check_link_room(self.wave_school)
        except NotNow as reason:
            context = {
                "title": "There is nothing to answer here",
                "place": self.wave_school.school,
                "reason": str(reason),
            }
            return render(request, "surveys/adult_closed.html", context, status=CLOSED_STATUS)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request, **kwargs):
        """Say what this is, and offer to begin."""
        wave, words = self.wave_school.wave, WORDS[self.wave_school.wave.audience]
        asked = questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)
        context = {
            "title": words.title,
            "place": self.wave_school.school,
            "intro": asked.intro,
            "effort": effort(asked),
            "seen_by": words.seen_by,
            "closes_on": self.wave_school.closes_on,
            "unmatched": UNMATCHED,
        }
        return render(request, "surveys/teachers_begin.html", context)

    def post(self, request, **kwargs):
        """A personal link for whoever pressed the button. Nothing is stored before the first answer."""
        return HttpResponseRedirect(personal_link(begun(self.wave_school)))
