"""Forms of the evaluation."""

import hashlib
import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html

from clusters.models import Cluster, Cohort, LocalAuthority, Participation
from pcp.forms import PlainFormMixin
from reports.choices import AIMS, PlaceKind
from reports.presentation.key_findings import PARTS
from reports.presentation.trends import CALENDARS

ADDRESS = re.compile("at-[a-z0-9-]+")  # of a figure or table (`reports.presentation.blocks.address_of`)


class PlanForm(PlainFormMixin, forms.Form):
    """What an evaluation will do, fixed before its data can be seen."""

    cut = forms.DecimalField(
        label="Rating from which a school counts as higher-rated",
        help_text="On the headteachers’ scale from 1, none, to 5, very high. For example 4.0, high or better on average.",
        min_value=Decimal("1"),
        max_value=Decimal("5"),
        max_digits=3,
        decimal_places=2,
        initial=Decimal("4.0"),
        error_messages=dict.fromkeys(("min_value", "max_value"), "Give a rating from 1 to 5."),
    )
    item_set = forms.ChoiceField(
        label="Questions that make the attitude scale",
        choices=[("scored", "Those that the questionnaire scores"), ("all", "Every question")],
        widget=forms.RadioSelect,
        initial="scored",
    )
    seed = forms.IntegerField(
        label="Seed of the random draws",
        help_text="Any whole number. The same seed and data give the same report to the last digit.",
        min_value=1,
        max_value=2_000_000_000,
        initial=20150801,
    )


def _by_cohort(parts, place_of):
    """The places that take part in each cohort, under the cohort's name: nobody is offered one that would then be refused."""
    groups = {}
    for part in parts:
        place = place_of(part)
        groups.setdefault(str(part.cohort), {})[place.pk] = str(place)
    return [(cohort, sorted(places.items(), key=lambda each: each[1])) for cohort, places in groups.items()]


class ReportRequestForm(PlainFormMixin, forms.Form):
    """Which cohort, and the whole of it, one authority or one cluster."""

    cohort = forms.ModelChoiceField(
        label="Cohort",
        queryset=Cohort.objects.none(),
        empty_label="Choose a cohort",
        error_messages={"required": "Choose a cohort."},
    )
    place_kind = forms.ChoiceField(
        label="What the report is about", choices=PlaceKind.choices, widget=forms.RadioSelect, initial=PlaceKind.COHORT
    )
    authority = forms.ModelChoiceField(
        label="Authority",
        queryset=LocalAuthority.objects.none(),
        required=False,
        empty_label="Choose an authority",
        help_text="Only for a report about one authority. Each stands under the cohorts that it takes part in.",
    )
    cluster = forms.ModelChoiceField(
        label="Cluster",
        queryset=Cluster.objects.none(),
        required=False,
        empty_label="Choose a cluster",
        help_text="Only for a report about one cluster. Each stands under the cohorts that it takes part in.",
    )

    tell = forms.BooleanField(
        label="E-mail me when it is ready",
        help_text="It takes seconds to minutes. You can close the page meanwhile.",
        required=False,
    )

    shown_for = {"authority": "for-authority", "cluster": "for-cluster"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = Cohort.objects.all()
        self.fields["authority"].queryset = LocalAuthority.objects.filter(clusters__isnull=False).distinct()
        self.fields["cluster"].queryset = Cluster.objects.select_related("authority")
        parts = self._parts()
        for name, place_of in (
            ("authority", lambda part: part.cluster.authority),
            ("cluster", lambda part: part.cluster),
        ):
            field = self.fields[name]
            field.choices = [("", field.empty_label), *_by_cohort(parts, place_of)]

    def _parts(self):
        """What takes part in which cohort, the newest cohort first; before all others that which the form is about."""
        found = list(Participation.objects.select_related("cohort", "cluster__authority"))
        about = self["cohort"].value()
        about = str(getattr(about, "pk", about) or "")
        return sorted(found, key=lambda part: str(part.cohort_id) != about)

    def clean(self):
        """Keep only the place that the kind of report needs, and check that it takes part in the cohort."""
        data = super().clean()
        cohort, kind = data.get("cohort"), data.get("place_kind")
        authority = data["authority"] = data.get("authority") if kind == PlaceKind.AUTHORITY else None
        cluster = data["cluster"] = data.get("cluster") if kind == PlaceKind.CLUSTER else None
        # A place that came with an error of its own is not in the data either: one error a field is enough.
        if kind == PlaceKind.AUTHORITY and not authority and "authority" not in self.errors:
            self.add_error("authority", "Choose the authority that the report is about.")
        if kind == PlaceKind.CLUSTER and not cluster and "cluster" not in self.errors:
            self.add_error("cluster", "Choose the cluster that the report is about.")
        if cohort and cluster and not cohort.participations.filter(cluster=cluster).exists():
            self.add_error("cluster", f"{cluster} is not in {cohort}.")
        if cohort and authority and not cohort.participations.filter(cluster__authority=authority).exists():
            self.add_error("authority", f"No cluster of {authority} is in {cohort}.")
        return data


class TrendForm(PlainFormMixin, forms.Form):
    """Which figure of a trend, and by which years."""

    show = forms.ChoiceField(label="Show")
    years = forms.ChoiceField(label="By", choices=list(CALENDARS.items()))

    def __init__(self, *args, shown, **kwargs):
        """`shown` as `reports.presentation.trends.choices` gives it; questions stand together under their stages."""
        super().__init__(*args, **kwargs)
        self.fields["show"].choices = [
            (
                "The whole questionnaire",
                [(word, words) for word, words, _ in shown if not word.startswith("question-")],
            ),
            (
                "One question, before and after",
                [(word, words) for word, words, _ in shown if word.startswith("question-")],
            ),
        ]


class PublishForm(PlainFormMixin, forms.Form):
    """Approve a report. The reason is asked for only where an earlier version makes it necessary."""

    reason = forms.CharField(
        label="Why it must go out all the same",
        help_text="Kept with the report, with your name.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def __init__(self, *args, ask_reason=False, **kwargs):
        super().__init__(*args, **kwargs)
        if not ask_reason:
            del self.fields["reason"]


class WithdrawForm(PlainFormMixin, forms.Form):
    """Take a published report, or its key findings, back. `told` are those who get the reason by e-mail."""

    told = "The officers who could read it"
    reason = forms.CharField(label="Reason", widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        words = f"{self.told} are told it in these words. No names of pupils or headteachers."
        self.fields["reason"].help_text = words


class QuoteChoice(forms.ModelMultipleChoiceField):
    """Quotes to tick, each as the page will attribute it."""

    def __init__(self, queryset):
        super().__init__(
            queryset,
            label="Quotes",
            required=False,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            help_text="From the quotes bank: those whose consent allows it, said here or in no place on record.",
            error_messages={"invalid_choice": "One of these quotes may no longer be used."},
        )

    def clean(self, value):
        """As in the base, but a number that no database holds is no quote of ours."""
        if any(not re.fullmatch("[0-9]{1,18}", str(each)) for each in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)

    def label_from_instance(self, obj):
        """The words and who said them."""
        return f"“{obj.text}” {obj.attribution}"


class SeenForm(PlainFormMixin, forms.Form):
    """A form that carries a mark of the page that was read before it was sent. One that is left out is the mark of no page."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class AimsForm(SeenForm):
    """To which aims each sentence of a page of key findings speaks. Ticks go with the words, wherever these stand by now."""

    def __init__(self, *args, sentences, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = []
        choices = [(aim.value, f"{aim.value} {aim.label}") for aims in AIMS.values() for aim in aims]
        for sentence in sentences:
            words = hashlib.sha256(sentence["text"].encode()).hexdigest()[:12]
            self.names.append(f"aims_{words}_{len(self.names)}" if f"aims_{words}" in self.names else f"aims_{words}")
            self.fields[self.names[-1]] = forms.MultipleChoiceField(
                label=sentence["text"],
                required=False,
                choices=choices,
                initial=sentence.get("aims", []),
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            )

    def aims(self):
        """The codes for each sentence, in their order."""
        return [self.cleaned_data[name] for name in self.names]

    def tick_what_stands(self):
        """Of a form that was sent: tick what is kept for the sentences of which it knew nothing."""
        self.data = self.data.copy()
        for name in self.names:
            if name not in self.data:
                self.data.setlist(name, self.fields[name].initial)


class KeyFindingsForm(SeenForm):
    """The sentences of a key findings page, each with the section of the report that it rests on; an empty one goes away.

    Each brings its aims with it, so that they stay with the sentence that the person saw them at.
    """

    spare = 2
    # A box that may stay empty is the rule here, so that it is not said of each.
    is_filter = True

    def __init__(self, *args, sentences, sections, quotes=None, **kwargs):
        """`sentences` as they are kept; `sections` is [(anchor, heading)] of the report; `quotes` the queryset to choose from."""
        super().__init__(*args, **kwargs)
        self.rows = []
        for place, heading in PARTS.items():
            kept = [each for each in sentences if each["part"] == place]
            boxes = len(kept) + self.spare
            # What was typed stays on the page, even where somebody else has dropped sentences meanwhile.
            while f"{place}_{boxes + 1}" in self.data:
                boxes += 1
            for number, each in enumerate([*kept, *[{}] * (boxes - len(kept))], start=1):
                self._add_row(place, f"{place}_{number}", f"{heading}, sentence {number}", each, sections)
        if quotes is not None:
            self.fields["quotes"] = QuoteChoice(quotes)
        self.fields["knowing"] = forms.BooleanField(
            label="I have checked this. Save it as it is written.", required=False
        )
        self.fields["doubted"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def _add_row(self, place, name, label, sentence, sections):
        self.fields[name] = forms.CharField(
            label=label,
            required=False,
            max_length=600,
            initial=sentence.get("text", ""),
            widget=forms.Textarea(attrs={"rows": 3 if sentence else 2}),
        )
        self.fields[f"{name}_anchor"] = forms.ChoiceField(
            label=format_html('Where its figures stand<span class="visually-hidden">: {}</span>', label),
            required=False,
            choices=[("", "Nowhere in the report"), *sections],
            initial=sentence.get("anchor", ""),
        )
        self.fields[f"{name}_aims"] = forms.MultipleChoiceField(
            required=False,
            choices=[(aim.value, aim.label) for aims in AIMS.values() for aim in aims],
            initial=sentence.get("aims", []),
            widget=forms.MultipleHiddenInput,
        )
        # The very table, for as long as the sentence stays in this part of the report.
        self.fields[f"{name}_table"] = forms.CharField(
            required=False,
            max_length=300,
            initial=f"{sentence['anchor']} {sentence['table']}" if sentence.get("table") else "",
            widget=forms.HiddenInput,
        )
        self.rows.append((place, name))

    def parts(self):
        """The boxes part by part for the page: [(heading, those with a sentence, the spare ones)], each box its fields."""
        found = []
        for place, heading in PARTS.items():
            boxes = [
                (self[name], self[f"{name}_anchor"], [self[f"{name}_aims"], self[f"{name}_table"]])
                for part, name in self.rows
                if part == place
            ]
            split = len(boxes) - self.spare
            found.append((heading, boxes[:split], boxes[split:]))
        return found

    def confirms(self, doubts):
        """Whether the person has read these doubts, and no others, and ticked that it is to be saved all the same."""
        return self.cleaned_data["knowing"] and self.cleaned_data["doubted"] == _mark_of(doubts)

    def ask_about(self, doubts):
        """Of a form that was sent: ask for a tick under these doubts."""
        self.data = self.data.copy()
        self.data["doubted"] = _mark_of(doubts)
        self.data.pop("knowing", None)

    def sentences(self):
        """What was written, as it is kept."""
        data = self.cleaned_data
        return [
            {"part": place, "text": " ".join(data[name].split()), "anchor": data[f"{name}_anchor"]}
            | ({"aims": data[f"{name}_aims"]} if data[f"{name}_aims"] else {})
            | self._table_of(name)
            for place, name in self.rows
            if data[name].strip()
        ]

    def _table_of(self, name):
        anchor, _, table = self.cleaned_data[f"{name}_table"].partition(" ")
        return {"table": table} if ADDRESS.fullmatch(table) and anchor == self.cleaned_data[f"{name}_anchor"] else {}


def _mark_of(doubts):
    return hashlib.sha256("\n".join(doubts).encode()).hexdigest()


class ExportRequestForm(PlainFormMixin, forms.Form):
    """Which cohort's de-identified data to make."""

    cohort = forms.ModelChoiceField(label="Cohort", queryset=Cohort.objects.none(), empty_label="Choose a cohort")
    tell = forms.BooleanField(label="E-mail me when they are ready", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = Cohort.objects.all()


class TakingForm(PlainFormMixin, forms.Form):
    """What is promised and written down before de-identified data are taken."""

    purpose = forms.CharField(
        label="What you take the data for",
        help_text="Kept in the log with your name and the time. For example: checking the models of the report of June 2026.",
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=10,
        max_length=1000,
        error_messages={"required": "Say what you take the data for.", "min_length": "Say it in a few more words."},
    )
    read = forms.BooleanField(
        label="I have read the review above, and use the data only under the agreement",
        error_messages={"required": "Read the review above first, then tick this."},
    )


class SheetsRequestForm(ExportRequestForm):
    """Which cohort's school sheets to make."""


class SheetsWithdrawForm(WithdrawForm):
    """Take published school sheets back."""

    told = "The headteachers"
