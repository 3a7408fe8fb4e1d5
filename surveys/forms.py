"""Planning a survey, its dates at one school, an answer file, and the filters of the lists."""

import django_filters
from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.timezone import localdate

from clusters.access import Permission
from clusters.models import Cluster, Cohort
from mentors.wording import day
from pcp.forms import PlainFormMixin
from surveys import counting
from surveys.calendar import usual_days
from surveys.choices import GROUP_BY_STAGE, MOMENTS_OF, MOST_PUPILS, Audience, Moment
from surveys.models import ClassGroup, Wave, WaveSchool

REASON_HINT = "One line, for the record. For example: closed by snow for a week."
KINDS = {
    "pupils-baseline": ("Pupils, baseline", Audience.PUPIL, Moment.BASELINE),
    "pupils-follow-up": ("Pupils, follow-up", Audience.PUPIL, Moment.FOLLOW_UP),
    "headteachers": ("Headteachers, once", Audience.HEAD, Moment.ONCE),
    "mentors-baseline": ("Mentors, baseline", Audience.MENTOR, Moment.BASELINE),
    "mentors-follow-up": ("Mentors, follow-up", Audience.MENTOR, Moment.FOLLOW_UP),
    "teachers-baseline": ("Teachers, baseline", Audience.TEACHER, Moment.BASELINE),
    "teachers-follow-up": ("Teachers, follow-up", Audience.TEACHER, Moment.FOLLOW_UP),
}


class Standing(TextChoices):
    """The filter of a survey's schools."""

    ANSWERED = "answered", "Have answered"
    WAITING = "waiting", "Have not answered"


def day_field(label, **options):
    """A date, by the browser's own date field or typed."""
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"],
        error_messages={
            "invalid": "Give the day as day, month and year, such as 3 May 2026.",
            "required": "Give the day.",
        },
        **options,
    )


class DatesMixin:
    """A first and a last day, in that order."""

    def clean(self):
        """The last day may not lie before the first."""
        data = super().clean()
        if data.get("opens_on") and data.get("closes_on") and data["closes_on"] < data["opens_on"]:
            self.add_error("closes_on", "The last day lies before the first day.")
        return data


class WaveForm(PlainFormMixin, DatesMixin, forms.Form):
    """What is asked of whom, and when."""

    cohort = forms.ModelChoiceField(
        Cohort.objects.all(), empty_label="Choose a cohort", error_messages={"required": "Choose a cohort."}
    )
    kind = forms.ChoiceField(
        label="Who is asked?",
        choices=[(key, words) for key, (words, _, _) in KINDS.items()],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        help_text="Mentors are asked before their first residential and about nine months later, teachers in the first autumn. "
        "Headteachers, and teachers again, 13 to 16 months after the mentors’ first professional learning.",
        error_messages={"required": "Choose who is asked."},
    )
    opens_on = day_field(
        "First day",
        required=False,
        help_text="Answers can come in from the morning of this day, once you have opened the survey. Leave both days empty for "
        "the usual time of mentors, teachers and headteachers, counted from the first residential.",
    )
    closes_on = day_field("Last day", required=False, help_text="You can give a school more time later.")

    def clean(self):
        """Both days, or the usual ones where both are left empty."""
        data = super().clean()
        empty = [name for name in ("opens_on", "closes_on") if not data.get(name) and name not in self.errors]
        if len(empty) == 2 and data.get("cohort") and data.get("kind") and not self.errors:
            self._set_usual_days(data)
        else:
            for name in empty:
                self.add_error(name, "Give the day.")
        return data

    def _set_usual_days(self, data):
        _, audience, moment = KINDS[data["kind"]]
        days = usual_days(data["cohort"], audience, moment)
        if days is None:
            why = (
                "Pupils are asked by the schools’ own calendar: give the days."
                if audience == Audience.PUPIL
                else f"No first residential of {data['cohort']} is on record, so there is no usual time: give the days."
            )
            self.add_error("opens_on", why)
        elif days[1] < localdate():
            self.add_error("opens_on", f"The usual time, {day(days[0])} to {day(days[1])}, has passed: give the days.")
        else:
            data["opens_on"], data["closes_on"] = days

    def wave(self):
        """The valid form as the arguments of `create_wave`."""
        data = self.cleaned_data
        _, audience, moment = KINDS[data["kind"]]
        return {
            "cohort": data["cohort"],
            "audience": audience,
            "moment": moment,
            "opens_on": data["opens_on"],
            "closes_on": data["closes_on"],
        }


class EmptyForm(PlainFormMixin, forms.Form):
    """Nothing to fill in: the page asks only for a yes."""


class ReasonForm(PlainFormMixin, forms.Form):
    """Why a survey ends before its last day."""

    reason = forms.CharField(
        label="Why?", max_length=200, help_text=REASON_HINT, error_messages={"required": "Say why, in a few words."}
    )


class SchoolDatesForm(DatesMixin, ReasonForm):
    """Other dates for one school, and why."""

    opens_on = day_field("First day at this school")
    closes_on = day_field("Last day at this school")

    field_order = ["opens_on", "closes_on", "reason"]


class AnswerFileForm(PlainFormMixin, forms.Form):
    """A file of answers, read and shown before anything is saved."""

    file = forms.FileField(
        label="File of answers",
        help_text="A CSV file or an Excel workbook (.xlsx) in the layout of pupils.csv, "
        f"up to {settings.UPLOAD_LIMIT_BYTES // 1024 // 1024} MB.",
        error_messages={"required": "Choose a file.", "empty": "This file is empty."},
    )


class WaveFilter(django_filters.FilterSet):
    """The list of surveys."""

    cohort = django_filters.ModelChoiceFilter(queryset=Cohort.objects.all(), to_field_name="slug", empty_label="All")
    audience = django_filters.ChoiceFilter(
        label="Who is asked",
        choices=[(audience.value, audience.label) for audience, moments in MOMENTS_OF.items() if moments],
        empty_label="All",
    )

    class Meta:
        model = Wave
        fields = ["cohort", "audience"]


class WaveSchoolFilter(django_filters.FilterSet):
    """The schools of one survey."""

    q = django_filters.CharFilter(label="School", method="matching", max_length=100)
    cluster = django_filters.ModelChoiceFilter(queryset=Cluster.objects.none(), to_field_name="slug", empty_label="All")
    show = django_filters.ChoiceFilter(label="Answers", choices=Standing.choices, empty_label="All", method="standing")

    class Meta:
        model = WaveSchool
        fields = ["q", "cluster", "show"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seen = WaveSchool.objects.allowed_to(self.request.access, Permission.WAVE_VIEW)
        self.filters["cluster"].extra["queryset"] = Cluster.objects.filter(pk__in=seen.values("cluster"))

    def matching(self, rows, _name, words):
        """Schools whose name or SEED code contains the words."""
        return rows.matching(words)

    def standing(self, rows, _name, standing):
        """Schools that have, or have not, sent an answer."""
        rows = counting.with_sheets(rows)
        return rows.filter(sheets__gt=0) if standing == Standing.ANSWERED else rows.filter(sheets=0)


class SlipsForm(PlainFormMixin, forms.Form):
    """How many slips for each stage: an empty stage has no pupils in this class."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for stage in GROUP_BY_STAGE:
            self.fields[f"slips_{stage}"] = forms.IntegerField(
                label=f"Slips for {stage}",
                min_value=0,
                max_value=MOST_PUPILS,
                required=False,
                error_messages={
                    "invalid": "Give a whole number.",
                    "max_value": f"At most {MOST_PUPILS} slips at once.",
                },
            )

    def slips(self):
        """{stage: how many}, for the stages that have any."""
        given = {stage: self.cleaned_data.get(f"slips_{stage}") for stage in GROUP_BY_STAGE}
        return {stage: count for stage, count in given.items() if count}

    def stage_fields(self):
        """The bound fields of the stages, for the template."""
        return [self[f"slips_{stage}"] for stage in GROUP_BY_STAGE]

    def clean(self):
        """At least one stage has slips."""
        data = super().clean()
        if not self.errors and not self.slips():
            raise forms.ValidationError("Say how many slips you need for at least one stage.")
        return data


class ClassForm(SlipsForm):
    """A new class. `places` are the (School, Cohort) pairs where the person may make one."""

    place = forms.ChoiceField(label="School", error_messages={"required": "Choose the school."})
    name = forms.CharField(
        label="Class",
        max_length=40,
        help_text="As you say it in school, for example P3/4 or Room 6. Not a teacher’s name.",
        error_messages={"required": "Give the class a name, for example P3/4."},
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {f"{school.key}:{cohort.slug}": (school, cohort) for school, cohort in places}
        cohorts = {cohort for _, cohort in places}
        self.fields["place"].choices = [
            (key, f"{school}, {cohort}" if len(cohorts) > 1 else str(school))
            for key, (school, cohort) in self.places.items()
        ]
        if len(self.places) == 1:
            self.fields["place"].initial = next(iter(self.places))
        else:
            self.fields["place"].choices = [("", "Choose"), *self.fields["place"].choices]

    def new_class(self):
        """The arguments of create_class."""
        school, cohort = self.places[self.cleaned_data["place"]]
        return {"school": school, "cohort": cohort, "name": self.cleaned_data["name"], "slips": self.slips()}


class ClassFilter(django_filters.FilterSet):
    """The list of classes."""

    q = django_filters.CharFilter(label="Class or school", method="matching", max_length=100)

    class Meta:
        model = ClassGroup
        fields = ["q"]

    def matching(self, rows, _name, words):
        """Classes whose name or school contains the words."""
        return rows.matching(words)
