"""Teachers who are not on record answer by their school's link: anonymous, limited, and dead when the wave is closed."""

from datetime import timedelta

import pytest
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.actions import NotNow
from surveys import actions, counting
from surveys.actions import sheets
from surveys.choices import Audience, Moment
from surveys.links import begun, invitation_of, personal_link, school_link, signed
from surveys.models import Invitation, Response, WaveSchool
from surveys.views import guessing
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

SCIENCE = "confidence_science"


@pytest.fixture
def row(world):
    """The own school in a teachers' wave, open around today."""
    today = timezone.localdate()
    make_surveys.wave(
        world.cohort,
        [world.own_school, world.sibling_school],
        audience=Audience.TEACHER,
        opens_on=today - timedelta(days=3),
        closes_on=today + timedelta(days=3),
    )
    return WaveSchool.objects.select_related("wave", "school", "cluster").get(school=world.own_school)


def test_whoever_begins_gets_an_own_link_and_nothing_is_stored_before_an_answer(client, row):
    page = client.get(school_link(row)).content.decode()

    first, second = (client.post(school_link(row)).url for _ in range(2))
    start = client.get(first).content.decode()

    assert "give no name" in page
    assert "nobody can say which sheet before belongs to which sheet after" in page
    assert first != second
    assert f"http://testserver{first}" in start
    assert "only way back" in start
    assert not Invitation.objects.exists()


def test_anonymous_sheet_is_kept_changed_and_counted_without_a_person(client, row):
    link = client.post(school_link(row)).url

    client.post(f"{link}1/", {SCIENCE: "3", "go": "finish"})
    client.post(f"{link}1/", {SCIENCE: "4", "go": "finish"})

    kept = Response.objects.get()
    assert (kept.answers, kept.school, kept.invitation.person) == ({SCIENCE: 4}, row.school, None)
    assert 'value="4" checked' in client.get(f"{link}1/").content.decode()
    (found,) = counting.who_has_answered(row.wave, [row])
    assert (found.people, found.sheets, found.by_link) == (0, 1, 1)


def test_two_clicks_on_a_form_that_is_not_stored_yet_are_one_sheet(row):
    opened_twice = [invitation_of(signed(invitation)) for invitation in [begun(row)] * 2]

    for invitation in opened_twice:
        actions.keep_answers(invitation, answers={SCIENCE: "4"}, now=timezone.now())

    assert Response.objects.count() == Invitation.objects.count() == 1


def test_empty_page_of_somebody_unknown_stores_nothing(client, row):
    link = client.post(school_link(row)).url

    response = client.post(f"{link}1/", {"go": "next"})

    assert response.status_code == 302
    assert not Invitation.objects.exists()


def test_link_is_dead_when_the_survey_is_closed_at_the_school(client, row):
    link = client.post(school_link(row)).url
    client.post(f"{link}1/", {SCIENCE: "3", "go": "finish"})
    WaveSchool.objects.update(closed_at=timezone.now())

    statuses = [client.get(school_link(row)).status_code, client.post(school_link(row)).status_code]

    assert statuses == [410, 410]
    assert client.post(f"{link}1/", {SCIENCE: "1", "go": "finish"}).status_code == 410
    assert Response.objects.get().answers == {SCIENCE: 3}


def test_no_school_sends_more_sheets_than_it_can_have_teachers(client, row, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_BY_LINK", 2)
    links = [client.post(school_link(row)).url for _ in range(3)]
    for link in links[:2]:
        client.post(f"{link}1/", {SCIENCE: "3", "go": "next"})

    third = client.post(f"{links[2]}1/", {SCIENCE: "3", "go": "next"})

    assert third.status_code == 410
    assert "more than we expect" in third.content.decode()
    assert client.get(school_link(row)).status_code == 410
    assert client.post(f"{links[0]}1/", {SCIENCE: "5", "go": "next"}).status_code == 302
    assert Response.objects.count() == 2


@pytest.mark.parametrize("signature", ["1:abc", "", "x"])
def test_link_that_we_did_not_make_is_not_found_and_counted(client, row, monkeypatch, signature):
    monkeypatch.setattr(guessing, "FROM_ONE_ADDRESS", 1)
    wrong = reverse("teachers-begin", args=[f"{row.pk}{signature}"])

    first, second = client.get(wrong), client.post(wrong)

    assert first.status_code == 404
    assert "A part of the address is missing" in first.content.decode()
    assert second.status_code == 429
    assert client.get(school_link(row)).status_code == 200


def test_signature_of_one_link_does_not_make_another(client, row, world):
    heads = make_surveys.wave(world.cohort, [world.own_school], audience=Audience.HEAD, moment=Moment.ONCE)
    salt = "surveys.school-link"
    not_for_teachers = Signer(salt=salt).sign(str(heads.schools.get().pk))
    personal = signed(begun(row))

    assert client.get(reverse("teachers-begin", args=[not_for_teachers])).status_code == 404
    assert client.get(reverse("teachers-begin", args=[personal])).status_code == 404
    assert client.get(reverse("adult-form", args=[school_link(row).split("/")[2]])).status_code == 404


def test_begin_needs_the_form_of_our_own_page(row):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(school_link(row)).status_code == 403


@pytest.mark.parametrize("role", ["staff", "head", "mentor"])
def test_link_and_square_are_shown_to_who_passes_them_on(world, client, row, role):
    client.force_login(world.people[role])

    told = client.get(reverse("wave-school-link", args=[row.wave_id, world.own_school.key])).content.decode()

    assert f"http://testserver{school_link(row)}" in told
    assert "<svg" in told


@pytest.mark.parametrize("role", ["head", "mentor"])
def test_link_is_found_under_my_surveys_for_the_own_places_only(world, client, row, role):
    client.force_login(world.people[role])

    told = client.get(reverse("my-surveys")).content.decode()

    assert reverse("wave-school-link", args=[row.wave_id, world.own_school.key]) in told
    assert world.sibling_school.name not in told


def test_there_is_no_school_link_in_a_survey_of_headteachers(world, client):
    wave = make_surveys.wave(world.cohort, [world.own_school], audience=Audience.HEAD, moment=Moment.ONCE)
    client.force_login(world.people["staff"])

    assert client.get(reverse("wave-school-link", args=[wave.pk, world.own_school.key])).status_code == 404


def test_anonymous_form_names_no_way_back_to_my_surveys(world, client, row):
    client.force_login(world.people["teacher"])

    told = client.get(personal_link(begun(row))).content.decode()

    assert f'<a href="{reverse("my-surveys")}">My surveys</a>' not in told.split("<main")[1]


def test_school_that_answers_late_does_not_begin(row):
    row.closes_on = timezone.localdate() - timedelta(days=1)
    row.save()

    with pytest.raises(NotNow):
        actions.keep_answers(begun(row), answers={SCIENCE: "3"}, now=timezone.now())
