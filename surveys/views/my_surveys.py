"""The own surveys of headteachers, teachers and mentors after signing in, and the link of a school for its teachers."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.views.base import DetailPage, ObjectFormPage, TextPage
from surveys import actions
from surveys.asking import own_rows
from surveys.choices import Audience
from surveys.counting import with_sheets
from surveys.forms import EmptyForm
from surveys.links import personal_link, school_link
from surveys.models import WaveSchool
from surveys.questionnaires import questionnaire
from surveys.views.classes import qr_drawing
from surveys.wording import UNMATCHED, WORDS, effort


class MySurveys(TextPage):
    """What this person is asked, whether it is answered, and the links to pass on to teachers."""

    permission = Permission.SURVEY_ANSWER
    template_name = "surveys/my_surveys.html"
    title = "My surveys"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        own = own_rows(self.request.access, self.request.user, today)
        sheets = dict(
            with_sheets(WaveSchool.objects.filter(pk__in=[row.pk for row, _ in own])).values_list("pk", "sheets")
        )
        return super().get_context_data(
            rows=[self._entry(row, invitation, sheets[row.pk], today) for row, invitation in own],
            links=links_to_share(self.request.access, today),
            **kwargs,
        )

    @staticmethod
    def _entry(row, invitation, sheets, today):
        wave = row.wave
        asked = questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)
        mine = bool(invitation and invitation.answered_at)
        return {
            "row": row,
            "what": WORDS[wave.audience].what.format(
                place=row.cluster if wave.audience == Audience.MENTOR else row.school
            ),
            "effort": effort(asked),
            "state": row.state(today),
            "mine": mine,
            "another": wave.audience == Audience.HEAD and bool(sheets) and not mine,
        }


def links_to_share(access, today):
    """The rows of open teachers' surveys whose link this person may give to teachers: own school, own cluster."""
    if access.everywhere(Permission.SCHOOL_LINK_SHARE):
        return []  # SSERC finds them on the page of the survey
    rows = WaveSchool.objects.allowed_to(access, Permission.SCHOOL_LINK_SHARE).open(today)
    return list(rows.filter(wave__audience=Audience.TEACHER).select_related("wave__cohort", "school"))


class MyAnswers(ObjectFormPage):
    """The button that leads from My surveys to the own form, by a link that is made when there is none."""

    permission = Permission.SURVEY_ANSWER
    model = WaveSchool
    form_class = EmptyForm
    http_method_names = ["post"]

    def get_queryset(self):
        rows = WaveSchool.objects.asking(self.request.access)
        return rows.select_related("wave", "school", "cluster")

    def act(self, form):
        try:
            return personal_link(actions.own_invitation(self.object, now=timezone.now(), by=self.request.user))
        except NotNow as reason:
            messages.warning(self.request, str(reason))
            return reverse("my-surveys")


class SchoolLink(DetailPage):
    """The link by which the teachers of a school answer, as words and as a square to show at a staff meeting."""

    permission = Permission.SCHOOL_LINK_SHARE
    model = WaveSchool
    template_name = "surveys/school_link.html"

    def get_object(self, queryset=None):
        seed_code, _, sector = self.kwargs["key"].partition("-")
        rows = self.get_queryset().filter(wave__audience=Audience.TEACHER, wave__opened_at__isnull=False)
        rows = rows.select_related("wave__cohort", "school", "cluster")
        found = rows.filter(wave=self.kwargs["pk"], school__seed_code=seed_code, school__sector=sector).first()
        if found is None:
            raise Http404
        return found

    def get_title(self):
        return f"Link for the teachers of {self.object.school}"

    def get_crumbs(self):
        access = self.request.access
        if access.may(Permission.WAVE_VIEW):
            return [("Surveys", reverse("wave-list")), (str(self.object.wave), self.object.wave.get_absolute_url())]
        return [("My surveys", reverse("my-surveys"))]

    def get_context_data(self, **kwargs):
        address = school_link(self.object, self.site)
        size, path = qr_drawing(address)
        return super().get_context_data(
            address=address,
            qr={"size": size, "path": path},
            state=self.object.state(timezone.localdate()),
            # All but "You": who reads this page is not the one who answers.
            seen_by=[line for line in WORDS[Audience.TEACHER].seen_by if not line.startswith("You,")],
            unmatched=UNMATCHED,
            **kwargs,
        )
