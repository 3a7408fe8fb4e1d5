"""The form that logs a session, the choice of a cluster, and the filters of the list."""

import uuid
from datetime import date, timedelta
from types import SimpleNamespace

import django_filters
from django import forms
from django.utils import timezone

from clusters.access import Permission
from clusters.calendar import academic_session_named, academic_sessions
from clusters.choices import Topic
from clusters.models import Cluster
from mentors.choices import Leader, Mode
from mentors.models import Came
from mentors.wording import counted, length, teacher_hours
from pcp.forms import PlainFormMixin

LENGTHS = (60, 90, 120)
OTHER = "other"
# A head-count is asked about above this: assistants and supply teachers come as well, which may be as many again, two more in the
# smallest schools, where the register's part-time posts are rounded to one teacher. A slip of the keyboard is mostly tenfold.
TIMES_THE_TEACHERS, AND_MORE = 2, 2
_CARD = {"class": "form-check-input"}


def _short(on):
    return f"{on.day} {on:%b}"


def _whole(said):
    """The whole number that was typed; 0 for anything else and for more figures than a head-count or minutes can have."""
    text = str(said or "").strip()
    return int(text) if text.isdecimal() and len(text) < 5 else 0


class SessionForm(PlainFormMixin, forms.Form):
    """A session and who came. `places` (summaries.Place) are its schools; each has a head-count and its people to tick.

    A head-count far beyond the teachers of a school is asked about once, unless it is `known` ({school's primary key: head-count}) from
    the session that is being corrected; `asks_if_sure` then says that the page needs the box by which it is saved as it is.
    """

    use_required_attribute = False
    day = forms.ChoiceField(
        label="When was it?", widget=forms.RadioSelect(attrs=_CARD), error_messages={"required": "Choose a day."}
    )
    other_day = forms.DateField(
        label="Which day?",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Give the day.",
            "invalid": "Give the day as day, month and year, such as 3 May 2026.",
        },
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"],
    )
    length = forms.ChoiceField(
        label="How long?",
        choices=[(str(minutes), length(minutes)) for minutes in LENGTHS] + [(OTHER, "Other")],
        widget=forms.RadioSelect(attrs=_CARD),
        error_messages={"required": "Choose how long it lasted."},
    )
    other_minutes = forms.IntegerField(
        label="How many minutes?",
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 10, "max": 600}),
        error_messages={
            "required": "Give the minutes.",
            "invalid": "Give the minutes as a whole number, such as 45.",
        },
    )
    mode = forms.ChoiceField(
        label="How was it delivered?",
        choices=Mode.choices,
        widget=forms.RadioSelect(attrs=_CARD),
        error_messages={"required": "Choose how it was delivered."},
    )
    topic = forms.ChoiceField(
        label="Topic", choices=[("", "Choose a topic"), *Topic.choices], error_messages={"required": "Choose a topic."}
    )
    leader = forms.ChoiceField(
        label="Who led it?",
        choices=Leader.choices,
        widget=forms.RadioSelect(attrs=_CARD),
        error_messages={"required": "Choose who led it."},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What went well, what to change. Mentors of the cluster and SSERC can read it. No pupils’ names, please.",
    )
    sure = forms.BooleanField(label="These head-counts are right: save them as they are.", required=False)
    submission = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": "Open this page again.", "invalid": "Open this page again."},
    )

    def __init__(self, *args, places, today, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = places
        self.known = known
        self.asks_if_sure = False
        self._offer_days(today)
        for place in places:
            self._add_place(place)

    def _offer_days(self, today):
        """Days are offered by date: a form left open over midnight still means the day that the mentor saw."""
        yesterday = today - timedelta(days=1)
        offered = {
            today.isoformat(): f"Today, {_short(today)}",
            yesterday.isoformat(): f"Yesterday, {_short(yesterday)}",
        }
        sent = self.data.get(self.add_prefix("day"), "")
        try:
            offered.setdefault(sent, _short(date.fromisoformat(sent)))
        except ValueError:
            pass  # the field says so
        self.fields["day"].choices = [*offered.items(), (OTHER, "Another day")]

    def _add_place(self, place):
        attributes = {
            "inputmode": "numeric",
            "min": 0,
            "max": 200,
            "placeholder": "0",
            "data-came": "",
            "class": "form-control",
        }
        self.fields[f"came_{place.school.pk}"] = forms.IntegerField(
            label=place.school.name,
            required=False,
            min_value=0,
            max_value=200,
            widget=forms.NumberInput(attrs=attributes),
            error_messages={
                "invalid": "Give a whole number.",
                "min_value": "A head-count cannot be less than 0.",
                "max_value": "Give a head-count of at most 200.",
            },
        )
        self.fields[f"named_{place.school.pk}"] = forms.TypedMultipleChoiceField(
            label=f"Names, {place.school.name}",
            required=False,
            coerce=int,
            choices=[(person.pk, str(person)) for person in place.people],
            widget=forms.CheckboxSelectMultiple(attrs=_CARD),
        )

    def rows(self):
        """The head-count list for the template: each school with its two fields."""
        for place in self.places:
            named = self[f"named_{place.school.pk}"]
            yield SimpleNamespace(
                place=place, came=self[f"came_{place.school.pk}"], named=named, ticked=len(named.value() or [])
            )

    def _counts(self):
        """The head-counts in the form as it stands, those that can be read."""
        said = [_whole(self[f"came_{place.school.pk}"].value()) for place in self.places]
        return [count for count in said if count]

    @property
    def total_people(self):
        """The running total in words, for a page without scripts and before they start."""
        counts = self._counts()
        return f"{counted(sum(counts), 'teacher')}, {counted(len(counts), 'school')}" if counts else "Nobody yet"

    @property
    def total_hours(self):
        """The running teacher-hours in words, or nothing while there are none."""
        said = self["length"].value()
        learning = sum(self._counts()) * _whole(self["other_minutes"].value() if said == OTHER else said)
        return teacher_hours(learning) if learning else ""

    def clean(self):
        """The day and the minutes beside "Other" are asked only where "Other" is chosen; what stands there otherwise is left out."""
        data = super().clean()
        for asked, other in (("day", "other_day"), ("length", "other_minutes")):
            if data.get(asked) != OTHER:
                self.errors.pop(other, None)
        for place in self.places:
            self._ask_if_sure(place, data)
        return data

    def _ask_if_sure(self, place, data):
        """Put the question to a school's head-count that is far beyond its teachers; one that names alone make is not asked about."""
        pk, teachers = place.school.pk, place.teachers
        count, named = data.get(f"came_{pk}"), data.get(f"named_{pk}") or ()
        if not (count and teachers) or count in (len(named), self.known.get(pk)):
            return
        if count > TIMES_THE_TEACHERS * teachers + AND_MORE:
            self.asks_if_sure = True
            if not data.get("sure"):
                school = f"a school of {counted(teachers, 'teacher')}"
                self.add_error(
                    f"came_{pk}", f"{count} came from {school}? Correct it, or tick the box below the schools."
                )

    def session(self):
        """The valid form as the arguments of the actions that log and change a session."""
        data = self.cleaned_data
        return {
            "held_on": data["other_day"] if data["day"] == OTHER else date.fromisoformat(data["day"]),
            "minutes": data["other_minutes"] if data["length"] == OTHER else int(data["length"]),
            "mode": data["mode"],
            "topic": data["topic"],
            "leader": data["leader"],
            "note": data["note"],
            "came": self._came(),
        }

    def _came(self):
        """{school: Came}. Ticked names without a head-count are counted; an empty or zero head-count without names is nobody."""
        came = {}
        for place in self.places:
            named = tuple(self.cleaned_data[f"named_{place.school.pk}"])
            headcount = self.cleaned_data[f"came_{place.school.pk}"]
            headcount = len(named) if headcount is None else headcount
            if headcount or named:
                came[place.school.pk] = Came(headcount, named)
        return came

    def field_of(self, part):
        """The field to which an action's refusal belongs: "day", "length" or a school's primary key; None for the whole form."""
        if part in ("day", "length"):
            other = {"day": "other_day", "length": "other_minutes"}[part]
            return other if self.cleaned_data.get(part) == OTHER else part
        name = f"came_{part}"
        return name if name in self.fields else None


def _initial_length(minutes):
    return {"length": str(minutes)} if minutes in LENGTHS else {"length": OTHER, "other_minutes": minutes}


def initial_new(today, last=None):
    """What a new form says at first: today, and how the last session was given, but nobody in it yet."""
    first = {"submission": uuid.uuid4(), "day": today.isoformat(), "leader": Leader.MENTOR}
    if last is None:
        return first
    return first | _initial_length(last.minutes) | {"mode": last.mode, "topic": last.topic, "leader": last.leader}


def initial_copy(today, session):
    """A new form with the head-counts of another session too; its names and note are not copied, since those were of that day."""
    counts = {f"came_{row.school_id}": row.headcount for row in session.attendances.all()}
    return initial_new(today, session) | counts


def initial_change(today, session):
    """All that a session says, to be corrected."""
    initial = initial_copy(today, session) | {"note": session.note, "submission": session.submission}
    if session.held_on not in (today, today - timedelta(days=1)):
        initial |= {"day": OTHER, "other_day": session.held_on}
    else:
        initial["day"] = session.held_on.isoformat()
    for row in session.attendances.all():
        initial[f"named_{row.school_id}"] = [person.pk for person in row.named.all()]
    return initial


class DeleteForm(PlainFormMixin, forms.Form):
    """Why a session is taken out."""

    reason = forms.CharField(
        label="Why?", required=False, max_length=200, help_text="For example: logged twice. It stays in the history."
    )


class ClusterForm(PlainFormMixin, forms.Form):
    """Which cluster a session was for, when the person may log for several."""

    cluster = forms.ModelChoiceField(
        label="Which cluster was it for?",
        queryset=Cluster.objects.none(),
        to_field_name="slug",
        empty_label="Choose a cluster",
    )

    def __init__(self, *args, clusters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cluster"].queryset = clusters


def _clusters(request):
    return Cluster.objects.allowed_to(request.access, Permission.SESSION_VIEW)


class SessionFilter(django_filters.FilterSet):
    """The list's filters, made from what the person may see."""

    year = django_filters.ChoiceFilter(label="Academic session", empty_label="All", choices=(), method="in_year")
    topic = django_filters.ChoiceFilter(label="Topic", empty_label="All", choices=Topic.choices)
    mode = django_filters.ChoiceFilter(label="How", empty_label="All", choices=Mode.choices)
    cluster = django_filters.ModelChoiceFilter(
        label="Cluster", empty_label="All", to_field_name="slug", queryset=_clusters
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        first = self.queryset.order_by("held_on").values_list("held_on", flat=True).first()
        today = timezone.localdate()
        years = academic_sessions(min(first or today, today), today)
        self.filters["year"].extra["choices"] = [(year.slug, year.label) for year in years]
        if len(_clusters(self.request)[:2]) < 2:
            del self.filters["cluster"]

    def in_year(self, sessions, _name, slug):
        """Sessions held in the chosen academic session."""
        year = academic_session_named(slug)
        return sessions.between(year.starts_on, year.ends_on)
