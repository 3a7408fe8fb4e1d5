"""The page that shows every building block with its states. Only while developing; a test renders it."""

from datetime import date
from types import SimpleNamespace

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render

from pcp.forms import PlainFormMixin

_NAMES = [("1", "Ann Adair"), ("2", "Bob Baird")]


class SampleForm(PlainFormMixin, forms.Form):
    """One field of each kind."""

    length = forms.IntegerField(label="Length in minutes", help_text="For example 90.")
    day = forms.DateField(label="Day", required=False)
    how = forms.ChoiceField(label="How", choices=[("a", "In a school"), ("b", "Online")], widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Place", choices=[("", "Any"), ("1", "Ardlinnie")], required=False)
    agreed = forms.BooleanField(label="I have checked the list", required=False)


class SampleFilter(forms.Form):
    """A search field and a choice."""

    is_filter = True
    q = forms.CharField(label="Name", required=False)
    state = forms.ChoiceField(label="State", choices=[("", "Any state"), ("active", "Active")], required=False)


class SampleHeads(forms.Form):
    """How many came, and who."""

    came = forms.IntegerField(widget=forms.NumberInput(attrs={"class": "form-control day"}))
    named = forms.MultipleChoiceField(label="Who came", choices=_NAMES, widget=forms.CheckboxSelectMultiple)


class _Named(SimpleNamespace):
    """A thing with a name."""

    def __init__(self, name, **more):
        super().__init__(name=name, **more)

    def __str__(self):
        return self.name


def samples():
    """What the building blocks need to show themselves."""
    heads = SampleHeads({"came": "9", "named": ["1"]})
    place = SimpleNamespace(school=SimpleNamespace(name="Ardlinnie"), teachers=9, people=_NAMES)
    return {
        "title": "Components",
        "debug": settings.DEBUG,
        "form": SampleForm({"length": "an hour and a half", "day": "31 November 2026", "how": "a"}),
        "clean_form": SampleForm(initial={"length": 90}),
        "filter": SimpleNamespace(form=SampleFilter({"q": "glen"}), is_bound=True),
        "page_obj": Paginator(range(60), 25).page(2),
        "person": _Named("Eilidh Macrae", initials="EM", pk=1),
        "sample_messages": [
            _Named("Says what happened.", level_tag=level) for level in ("success", "warning", "error")
        ],
        "persona": {
            "person": _Named("Fiona Baird", initials="FB", pk=1),
            "role": "SSERC staff",
            "about": "Runs the programme",
        },
        "sample_crumbs": [("Clusters", "#"), ("Strathmorven", "#")],
        "row": SimpleNamespace(came=heads["came"], named=heads["named"], place=place, ticked=True),
        "totals": {"sessions": 6, "hours": 15, "teacher_hours": 214, "units": 43, "from_schools": "at 7 schools"},
        "figures": [{"label": "Teachers reached", "value": "54", "base": "of 74 (73%)", "anchor": "teachers-reached"}],
        "today": date(2026, 11, 19),
        "period": {
            "starts_on": date(2026, 8, 17),
            "ends_on": date(2028, 6, 30),
            "days": [SimpleNamespace(on=date(2026, 9, 16)), SimpleNamespace(on=date(2027, 6, 16))],
        },
    }


@login_not_required
def components(request):
    """Every building block of the pages, with its states."""
    return render(request, "components.html", samples())
