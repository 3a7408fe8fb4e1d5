"""Surveys planned, opened, followed and closed: who has answered, never what."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, ObjectFormPage
from mentors.wording import counted, day
from surveys import actions, counting
from surveys.choices import Audience
from surveys.forms import EmptyForm, ReasonForm, SchoolDatesForm, WaveFilter, WaveForm, WaveSchoolFilter
from surveys.models import Wave, WaveSchool
from surveys.wording import WORDS

SCHOOLS_A_PAGE = 25
SURVEYS = ("Surveys", "wave-list")


class WaveList(ListPage):
    """All surveys that ask a school which the person may see, newest first, with how many schools have answered."""

    permission = Permission.WAVE_VIEW
    model = Wave
    filterset_class = WaveFilter
    template_name = "surveys/wave_list.html"
    title = "Surveys"

    def get_queryset(self):
        return super().get_queryset().select_related("cohort").with_state(timezone.localdate())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        shown = self.rows(WaveSchool).filter(wave__in=[wave.pk for wave in context["page_obj"]])
        totals = counting.totals(shown)
        context["rows"] = [(wave, totals.get(wave.pk, counting.Totals())) for wave in context["page_obj"]]
        return context


class WaveDetail(DetailPage):
    """Who has answered one survey, by school and class; the counts look after themselves while the page is open."""

    permission = Permission.WAVE_VIEW
    model = Wave

    def get_queryset(self):
        return super().get_queryset().select_related("cohort").with_state(timezone.localdate())

    def get_template_names(self):
        return ["surveys/wave_counts.html" if self.request.htmx else "surveys/wave_detail.html"]

    def get_crumbs(self):
        return [(SURVEYS[0], reverse(SURVEYS[1]))]

    def get_context_data(self, **kwargs):
        wave = self.object
        rows = self.rows(WaveSchool).filter(wave=wave)
        chosen = WaveSchoolFilter(self.request.GET or None, queryset=rows, request=self.request)
        chosen.form.is_filter = True
        page = Paginator(chosen.qs.select_related("school", "cluster"), SCHOOLS_A_PAGE).get_page(
            self.request.GET.get("page")
        )
        for row in page:
            row.wave = wave
        query = self.request.GET.copy()
        query.pop("page", None)
        today = timezone.localdate()
        counts = counting.who_has_answered(wave, list(page)) if wave.audience != Audience.MENTOR else []
        mentors = counting.mentors_by_cluster(wave, rows, today) if wave.audience == Audience.MENTOR else []
        return super().get_context_data(
            filter=chosen,
            page_obj=page,
            counts=[(count, count.wave_school.state(today)) for count in counts],
            mentors=[(count, count.wave_school.state(today)) for count in mentors],
            totals=counting.totals(rows).get(wave.pk, counting.Totals()),
            asks_adults=wave.audience != Audience.PUPIL,
            asks_heads=wave.audience == Audience.HEAD,
            asks_teachers=wave.audience == Audience.TEACHER,
            asks_mentors=wave.audience == Audience.MENTOR,
            why_not=actions.why_not_open(wave, on=today) if wave.opened_at is None else None,
            versions=wave.versions.select_related("instrument"),
            query_string=query.urlencode(),
            now=timezone.now(),
            **kwargs,
        )


class WaveCreate(FormPage):
    """Plan a survey: nothing opens yet."""

    permission = Permission.WAVE_MANAGE
    form_class = WaveForm
    title = "Plan a survey"
    button = "Plan this survey"
    success_message = "Planned. Nothing is open yet: look at the schools, then open it."

    def act(self, form):
        return actions.create_wave(**form.wave(), by=self.request.user).get_absolute_url()

    def get_crumbs(self):
        return [(SURVEYS[0], reverse(SURVEYS[1]))]

    def get_context_data(self, **kwargs):
        lead = "The primary schools that belong to the cohort’s active clusters on the first day are asked."
        return super().get_context_data(lead=lead, cancel=reverse("wave-list"), **kwargs)


class WaveConfirm(ConfirmPage):
    """Something that happens to a survey as a whole."""

    abstract = True
    permission = Permission.WAVE_MANAGE
    model = Wave
    form_class = EmptyForm

    def get_crumbs(self):
        return [(SURVEYS[0], reverse(SURVEYS[1])), (str(self.object), self.object.get_absolute_url())]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)


def who_can_answer(rows, wave):
    """Those who may answer at these rows of a wave: "7 schools", "The mentors of 2 clusters"."""
    if wave.audience == Audience.MENTOR:
        return f"The mentors of {counted(rows.order_by().values('cluster').distinct().count(), 'cluster')}"
    return counted(rows.count(), "school")


class WaveOpen(WaveConfirm):
    button = "Open this survey"
    success_message = "Open. Schools can answer now."

    def get_title(self):
        return f"Open: {self.object}"

    def get_consequence(self):
        wave = self.object
        start = f"{who_can_answer(wave.schools.all(), wave)} can answer from now until {day(wave.closes_on)}. "
        if wave.audience != Audience.PUPIL:
            start += f"Each {WORDS[wave.audience].one} on record gets an e-mail with a personal link. "
        if wave.audience == Audience.TEACHER:
            start += "Teachers who are not on record answer by the link of their school. "
        return start + "From now on the questions cannot be changed."

    def act(self, form):
        wave = actions.open_wave(self.object, now=timezone.now(), site=self.site, by=self.request.user)
        return wave.get_absolute_url()


class WaveClose(WaveConfirm):
    form_class = ReasonForm
    button = "Close this survey"
    danger = True
    success_message = "Closed at every school. Answers already on their way are taken for 24 hours."

    def get_title(self):
        return f"Close: {self.object}"

    def get_consequence(self):
        still = WaveSchool.objects.open(timezone.localdate()).filter(wave=self.object)
        return (
            f"{who_can_answer(still, self.object)} can still answer, and will no longer be able to. "
            "You can open a single school again later."
        )

    def act(self, form):
        reason = form.cleaned_data["reason"]
        actions.close_wave(self.object, now=timezone.now(), reason=reason, by=self.request.user)
        return self.object.get_absolute_url()


class WaveChase(WaveConfirm):
    """A reminder to the adults who have not answered, and to nobody else."""

    permission = Permission.SURVEY_ASK
    button = "Send the reminders"
    success_message = "Reminders are on their way."

    def get_queryset(self):
        return super().get_queryset().exclude(audience=Audience.PUPIL)

    def get_title(self):
        return f"Remind {WORDS[self.object.audience].many} who have not answered"

    def get_consequence(self):
        wave = self.object
        if wave.audience != Audience.HEAD:
            words = WORDS[wave.audience]
            waiting = len(actions.waiting(wave, timezone.localdate()))
            return (
                f"Still open and not yet answered: {counted(waiting, words.one)}. They get their personal links again by e-mail; "
                "who has answered gets nothing."
            )
        rows = wave.schools.open(timezone.localdate())
        waiting = counting.with_sheets(rows).filter(sheets=0).count()
        return (
            f"Still open and not yet answered: {counted(waiting, 'school')}. Their headteachers get their personal links again by "
            "e-mail; a school that has answered gets nothing."
        )

    def act(self, form):
        actions.remind(self.object, now=timezone.now(), site=self.site, by=self.request.user)
        return self.object.get_absolute_url()


class WaveSchoolPage(ObjectFormPage):
    """One school of a survey."""

    abstract = True
    permission = Permission.WAVE_MANAGE
    model = WaveSchool

    def get_object(self, queryset=None):
        seed_code, _, sector = self.kwargs["key"].partition("-")
        rows = self.get_queryset().select_related("school", "wave__cohort")
        return get_object_or_404(rows, wave=self.kwargs["pk"], school__seed_code=seed_code, school__sector=sector)

    def get_crumbs(self):
        return [(SURVEYS[0], reverse(SURVEYS[1])), (str(self.object.wave), self.object.wave.get_absolute_url())]

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.wave.get_absolute_url(), **kwargs)


class WaveSchoolDates(WaveSchoolPage):
    """Earlier, longer, or open again."""

    form_class = SchoolDatesForm
    button = "Save the dates"
    success_message = "The dates are saved for this school."

    def get_title(self):
        return f"Dates at {self.object.school}"

    def get_initial(self):
        return {"opens_on": self.object.opens_on, "closes_on": self.object.closes_on}

    def act(self, form):
        actions.change_dates(self.object, **form.cleaned_data, now=timezone.now(), by=self.request.user)
        return self.object.wave.get_absolute_url()


class WaveSchoolClose(WaveSchoolPage, ConfirmPage):
    form_class = ReasonForm
    button = "Close at this school"
    danger = True
    success_message = "Closed at this school."
    consequence = (
        "The school can no longer answer. What came in is kept, and answers on their way are taken for 24 hours."
    )

    def get_title(self):
        return f"Close at {self.object.school}"

    def act(self, form):
        actions.close_school(self.object, now=timezone.now(), reason=form.cleaned_data["reason"], by=self.request.user)
        return self.object.wave.get_absolute_url()
