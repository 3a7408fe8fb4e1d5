"""The template building blocks: what they say, and that what people wrote cannot become markup."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from pcp.forms import PlainFormMixin
from pcp.templatetags.ui import hours, mini_clock, percent_of

START, END = date(2025, 8, 18), date(2027, 6, 30)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 5, 3, 9, 42, tzinfo=UTC), "3 May 2026, 10.42 am"),
        (datetime(2026, 5, 3, 23, 5, tzinfo=UTC), "4 May 2026, 12.05 am"),
        (datetime(2026, 11, 19, 12, 0, tzinfo=UTC), "19 November 2026, 12.00 pm"),
        (None, ""),
    ],
)
def test_moment_says_the_date_and_time_in_scotland(at, words):
    said = render("{{ at|moment }}", at=at)

    assert said == words


def render(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2025, 8, 1), "Starts 18 August 2025"),
        (date(2025, 8, 18), "Month 1 of 23"),
        (date(2026, 10, 1), "Month 15 of 23"),
        (date(2027, 6, 30), "Month 23 of 23"),
        (date(2027, 7, 1), "Ended 30 June 2027"),
    ],
)
def test_mini_clock_says_the_month_in_words(today, words):
    assert f"<span>{words}</span>" in mini_clock(START, END, today, [])


def test_mini_clock_fills_the_diamonds_that_are_past():
    days = [SimpleNamespace(on=date(2025, 9, 16)), SimpleNamespace(on=date(2026, 6, 16))]

    drawn = mini_clock(START, END, date(2026, 1, 15), days)

    assert [part.split('"')[0] for part in drawn.split('6z" fill="')[1:]] == ["#0b5563", "#fff"]


def test_mini_clock_keeps_days_outside_the_period_on_the_bar():
    drawn = mini_clock(START, END, date(2030, 1, 1), [SimpleNamespace(on=date(2020, 1, 1))])

    assert 'd="M6 12' in drawn
    assert 'cx="188' in drawn


@pytest.mark.parametrize(
    ("value", "words"), [(0.25, "¼ h"), (1.5, "1½ h"), (2, "2 h"), (9.75, "9¾ h"), (214.2, "214 h"), (1250, "1,250 h")]
)
def test_hours_are_written_as_people_write_them(value, words):
    assert hours(value) == words


@pytest.mark.parametrize(("part", "whole", "words"), [(54, 74, "73%"), (0, 74, "0%"), (0, 0, "–")])
def test_percent_of_needs_a_whole(part, whole, words):
    assert percent_of(part, whole) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(334, 335, "over 99%"), (335, 335, "100%"), (1, 335, "under 1%"), (0, 335, "0%")]
)
def test_percent_of_is_a_hundred_only_of_all_and_nought_only_of_none(part, whole, words):
    assert percent_of(part, whole) == words


def test_panel_escapes_its_title_and_what_is_in_it():
    shown = render("{% panel title=title %}{{ body }}{% endpanel %}", title="<b>Bold</b>", body="<script>")

    assert "&lt;b&gt;Bold&lt;/b&gt;" in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    ("sort", "address", "state"),
    [
        ("", "?q=glen&amp;sort=roll", ""),
        ("roll", "?q=glen&amp;sort=-roll", "ascending"),
        ("-roll", "?q=glen&amp;sort=roll", "descending"),
    ],
)
def test_sort_head_turns_the_order_round_and_keeps_the_filter(sort, address, state):
    request = RequestFactory().get("/", {"q": "glen", "page": "3", "sort": sort})

    head = render('{% sort_head "roll" "Roll" css="num" %}', request=request, sort=sort)

    assert f'href="{address}"' in head
    assert (f'aria-sort="{state}"' in head) if state else ("aria-sort" not in head)


class PlaceForm(PlainFormMixin, forms.Form):
    name = forms.CharField()
    sector = forms.ChoiceField(choices=[("P", "Primary")])
    day = forms.DateField(error_messages={"required": "Choose a day"})


def test_empty_form_says_in_plain_words_what_to_do():
    errors = PlaceForm({}).errors

    assert errors == {"name": ["Fill this in."], "sector": ["Choose one of these."], "day": ["Choose a day"]}


def test_form_leaves_what_is_wrong_with_the_whole_to_the_error_summary():
    form = PlaceForm({"name": "Ardlinnie", "sector": "P", "day": "2026-05-03"})
    form.add_error(None, "This cohort has no plan yet.")

    fields = render("{% load crispy_forms_tags %}{% crispy form form.helper %}", form=form)
    summary = render('{% include "components/error_summary.html" %}', form=form)

    assert ("no plan yet" in fields, summary.count("no plan yet")) == (False, 1)
