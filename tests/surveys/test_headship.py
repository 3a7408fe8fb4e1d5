"""A headship that changes hands or is shared: what a headteacher has begun or said is that person's alone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow, close_account
from clusters.middleware import access_for
from reports.selection import head_responses_of
from surveys import actions, counting
from surveys.choices import Audience, Moment
from surveys.due import survey_items
from surveys.links import personal_link
from surveys.models import Invitation, Response, WaveSchool
from tests import make
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

SITE = "https://pcp.example.org/"
ITEM = "headteacher_impact_rating_{}"
DRAFT = {ITEM.format(1): "5", ITEM.format(2): "5"}
ANOTHER_ANSWERED = "Another headteacher has answered for Ownschool Primary."


@pytest.fixture
def wave(world):
    """A headteacher wave at the own school, open around today."""
    today = timezone.localdate()
    return make_surveys.wave(
        world.cohort,
        [world.own_school],
        audience=Audience.HEAD,
        moment=Moment.ONCE,
        opens_on=today - timedelta(days=3),
        closes_on=today + timedelta(days=3),
    )


@pytest.fixture
def row(wave):
    return WaveSchool.objects.select_related("wave", "school").get()


@pytest.fixture
def first(world, row):
    """The invitation of the head who was there first, with two questions answered and not handed in."""
    return begin(world.people["head"], row)


@pytest.fixture
def successor(world, first):
    """The first head has left; somebody else leads the school since."""
    leave(world.people["head"])
    return make.person("Nora Successor", head=world.own_school)


def begin(person, row, answers=DRAFT, finished=False):
    made = actions.own_invitation(row, now=timezone.now(), by=person)
    actions.keep_answers(made, answers=answers, now=timezone.now(), finished=finished)
    return made


def leave(person):
    person.role_assignments.update(ends_on=timezone.localdate() - timedelta(days=1))


def pages(invitation):
    """The pages behind a personal link."""
    link = personal_link(invitation)
    return [link, f"{link}1/", f"{link}2/", f"{link}done/"]


def own_link(person, row):
    """Where the button in My surveys leads."""
    client = Client()
    client.force_login(person)
    return client.post(reverse("my-answers", args=[row.pk])).url


def told_to(person):
    client = Client()
    client.force_login(person)
    return client.get(reverse("my-surveys")).content.decode()


def test_link_of_a_former_head_opens_and_keeps_nothing(client, first, successor):
    for address in pages(first):
        response = client.get(address)
        assert response.status_code == 410
        assert "no longer on our list" in response.content.decode()
        assert "checked" not in response.content.decode()

    sent = client.post(pages(first)[1], {ITEM.format(1): "1", "go": "finish"})

    assert sent.status_code == 410
    assert Response.objects.get().answers == {ITEM.format(1): 5, ITEM.format(2): 5}


def test_former_head_reads_that_a_draft_was_not_handed_in_and_that_answers_are_kept(client, world, row, first):
    leave(world.people["head"])
    drafted = client.get(pages(first)[0]).content.decode()
    Invitation.objects.update(answered_at=timezone.now())

    handed_in = client.get(pages(first)[0]).content.decode()

    assert "What you had begun was not handed in." in drafted
    assert "What you handed in is kept." in handed_in


def test_successor_begins_with_an_empty_form_of_her_own(client, row, first, successor):
    link = own_link(successor, row)

    start, questions = client.get(link).content.decode(), client.get(f"{link}1/").content.decode()
    assert link != personal_link(first)
    assert "answered so far" not in start
    assert "Begin" in start
    assert "checked" not in questions

    client.post(f"{link}1/", {ITEM.format(1): "2", "go": "finish"})
    assert Response.objects.get(invitation=first).answers == {ITEM.format(1): 5, ITEM.format(2): 5}
    assert Response.objects.counted().get().answers == {ITEM.format(1): 2}
    assert counting.totals(WaveSchool.objects.all())[row.wave_id].sheets == 1


def test_successor_is_reminded_by_a_link_of_her_own_and_the_former_head_is_not(
    world, wave, first, successor, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.remind(wave, now=timezone.now(), site=SITE, by=world.people["staff"])

    (message,) = mail.outbox
    own = Invitation.objects.get(person=successor)
    assert message.to == [successor.email]
    assert personal_link(own, SITE) in message.body
    assert personal_link(first, SITE) not in message.body
    assert not Response.objects.filter(invitation=own).exists()


def test_head_with_a_draft_who_is_reminded_goes_on_with_it(
    client, world, wave, first, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        actions.remind(wave, now=timezone.now(), site=SITE, by=world.people["staff"])

    assert personal_link(first, SITE) in mail.outbox[0].body
    assert "2 of 16 answered so far" in client.get(pages(first)[0]).content.decode()


def test_head_whose_role_was_ended_by_mistake_finds_the_draft_again(client, world, first):
    leave(world.people["head"])
    assert client.get(pages(first)[0]).status_code == 410

    make.give_role(world.people["head"], "head", world.own_school)

    assert "2 of 16 answered so far" in client.get(pages(first)[0]).content.decode()


def test_closed_account_closes_the_link(client, world, first):
    close_account(world.people["head"], by=world.people["admin"])

    assert client.get(pages(first)[0]).status_code == 410


def test_successor_of_a_head_who_answered_sees_that_the_school_has_answered_and_not_what(world, wave, row):
    begin(world.people["head"], row, finished=True)
    leave(world.people["head"])
    successor = make.person("Nora Successor", head=world.own_school)

    told = told_to(successor)

    assert "Another headteacher of the school has answered." in told
    assert reverse("my-answers", args=[row.pk]) not in told
    assert own_link(successor, row) == reverse("my-surveys")
    assert not Invitation.objects.filter(person=successor).exists()
    assert list(survey_items(access_for(successor), successor, timezone.localdate())) == []
    with pytest.raises(NotNow):
        actions.remind(wave, now=timezone.now(), site=SITE, by=world.people["staff"])


@pytest.mark.parametrize("permission", [Permission.WAVE_VIEW, Permission.CLASS_VIEW, Permission.SCHOOL_VIEW])
def test_no_permission_of_a_successor_reaches_the_earlier_draft_or_answers(first, successor, permission):
    assert not Response.objects.allowed_to(access_for(successor), permission).exists()
    Invitation.objects.update(answered_at=timezone.now())
    assert not Response.objects.allowed_to(access_for(successor), permission).exists()


@pytest.fixture
def partner(world):
    """The second head of a shared headship."""
    return make.person("Jo Share", head=world.own_school)


def test_heads_who_share_a_school_are_each_asked(world, wave, partner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        sent = actions.invite(wave, now=timezone.now(), site=SITE, by=world.people["staff"])
        again = actions.invite(wave, now=timezone.now(), site=SITE, by=world.people["staff"])

    links = {message.to[0]: message.body for message in mail.outbox}
    assert (sent, again) == (2, 0)
    assert set(links) == {world.people["head"].email, partner.email}
    assert all(personal_link(each, SITE) in links[each.person.email] for each in Invitation.objects.all())


def test_head_who_presses_a_button_that_has_gone_stale_reads_why(sign_in, row, first, partner):
    actions.keep_answers(first, answers={}, now=timezone.now(), finished=True)

    page = sign_in(partner).post(reverse("my-answers", args=[row.pk]), follow=True)

    assert ANOTHER_ANSWERED in page.content.decode()


def test_heads_who_share_a_school_do_not_see_each_others_drafts(client, row, first, partner):
    link = own_link(partner, row)

    assert "answered so far" not in client.get(link).content.decode()
    assert "checked" not in client.get(f"{link}1/").content.decode()


def test_one_of_two_heads_answers_for_the_school(client, world, row, first, partner):
    second = begin(partner, row, answers={ITEM.format(1): "1"})
    actions.keep_answers(first, answers={}, now=timezone.now(), finished=True)

    response = client.post(pages(second)[1], {ITEM.format(1): "3", "go": "finish"})

    assert response.status_code == 410
    assert ANOTHER_ANSWERED in response.content.decode()
    assert "What you had begun was not handed in." in response.content.decode()
    assert Response.objects.get(invitation=second).answers == {ITEM.format(1): 1}
    counted = head_responses_of(world.cohort)
    assert [response.invitation for response in counted] == [first]
    assert "Change my answers" in told_to(world.people["head"])
    assert "Change my answers" not in told_to(partner)


def test_database_keeps_one_rating_for_each_school(row, first, partner):
    second = begin(partner, row, answers={ITEM.format(1): "1"})
    Invitation.objects.filter(pk=first.pk).update(answered_at=timezone.now())

    with pytest.raises(IntegrityError):
        Invitation.objects.filter(pk=second.pk).update(answered_at=timezone.now())


def test_button_pressed_twice_makes_one_link(world, row):
    assert own_link(world.people["head"], row) == own_link(world.people["head"], row)
    assert Invitation.objects.count() == 1


def test_staff_see_who_was_asked_and_that_the_school_answered_once(world, sign_in, wave, row, first, partner):
    begin(partner, row, finished=True)

    page = sign_in(world.people["staff"]).get(wave.get_absolute_url())

    told = page.content.decode()
    assert "Hamish Head" in told
    assert "Jo Share" in told
    assert page.context["totals"] == counting.Totals(schools=1, answered=1, sheets=1)
