"""Headteachers are asked by a personal link, answer in their own time, and only SSERC and the evaluator read it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.choices import Role
from clusters.middleware import access_for
from surveys import actions
from surveys.choices import Audience, Moment
from surveys.links import personal_link, signed
from surveys.models import Invitation, Response
from surveys.questionnaires import AnswersRefused
from tests import make
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

SITE = "https://pcp.example.org/"
NOW = datetime(2025, 9, 10, 7, 14, tzinfo=UTC)
ITEM = "headteacher_impact_rating_{}"
STATEMENTS = [
    f"programme_{about}" for about in ("quality", "relevance", "amount", "teaching", "engagement", "collaboration")
]


@pytest.fixture
def head_wave(world):
    """A headteacher wave at two schools, open around today, with nobody asked yet."""
    today = timezone.localdate()
    return make_surveys.wave(
        world.cohort,
        [world.own_school, world.sibling_school],
        audience=Audience.HEAD,
        moment=Moment.ONCE,
        opens_on=today - timedelta(days=3),
        closes_on=today + timedelta(days=3),
    )


@pytest.fixture
def invitation(world, head_wave):
    """The invitation of the world's headteacher."""
    return Invitation.objects.create(wave=head_wave, school=world.own_school, person=world.people["head"], sent_at=NOW)


def test_opening_asks_each_present_headteacher_once(world, django_capture_on_commit_callbacks):
    make.give_role(world.people["mentor"], Role.HEAD, world.sibling_school, ends_on=date(2025, 9, 1))
    wave = make_surveys.wave(
        world.cohort,
        [world.own_school, world.sibling_school],
        audience=Audience.HEAD,
        moment=Moment.ONCE,
        opened_at=None,
    )

    with django_capture_on_commit_callbacks(execute=True):
        actions.open_wave(wave, now=NOW, site=SITE, by=world.people["staff"])

    asked = Invitation.objects.get(school=world.own_school)
    assert [message.to for message in mail.outbox] == [[world.people["head"].email]]
    assert personal_link(asked, SITE) in mail.outbox[0].body
    assert "30 September 2025" in mail.outbox[0].body
    assert (asked.person, asked.sent_at) == (world.people["head"], NOW)
    assert not Invitation.objects.filter(school=world.sibling_school).exists()


def test_reminder_goes_only_to_those_who_have_not_answered(
    world, head_wave, invitation, django_capture_on_commit_callbacks
):
    waiting = make.person("Sibyl Waiting", head=world.sibling_school)
    Invitation.objects.create(wave=head_wave, school=world.sibling_school, person=waiting)
    actions.keep_answers(invitation, answers={ITEM.format(1): "4"}, now=timezone.now(), finished=True)

    with django_capture_on_commit_callbacks(execute=True):
        sent = actions.remind(head_wave, now=timezone.now(), site=SITE, by=world.people["staff"])

    assert sent == 1
    assert [message.to for message in mail.outbox] == [[waiting.email]]


def test_school_without_a_headteacher_is_shown_to_staff(world, sign_in, head_wave):
    told = sign_in(world.people["staff"]).get(f"{head_wave.get_absolute_url()}?q=Siblingschool").content.decode()

    assert "No headteacher on record" in told


def test_nobody_to_remind_is_said(world, head_wave):
    world.people["head"].role_assignments.update(ends_on=timezone.localdate() - timedelta(days=1))

    with pytest.raises(NotNow):
        actions.remind(head_wave, now=timezone.now(), site=SITE, by=world.people["staff"])


def test_answers_are_one_sheet_that_can_be_changed(invitation):
    now = timezone.now()
    actions.keep_answers(invitation, answers={ITEM.format(1): "4", ITEM.format(2): "TE"}, now=now)
    actions.keep_answers(invitation, answers={ITEM.format(2): "5", ITEM.format(3): "1"}, now=now)

    actions.keep_answers(invitation, answers={ITEM.format(1): ""}, now=now)

    kept = Response.objects.get()
    assert kept.answers == {ITEM.format(2): 5, ITEM.format(3): 1}
    assert kept.invitation == invitation
    invitation.refresh_from_db()
    assert invitation.answered_at is None


def test_sheet_counts_once_it_is_handed_in_or_complete(invitation):
    now = timezone.now()

    actions.keep_answers(invitation, answers={ITEM.format(number): "3" for number in range(1, 11)}, now=now)
    invitation.refresh_from_db()
    assert invitation.answered_at is None
    actions.keep_answers(invitation, answers=dict.fromkeys(STATEMENTS, "CS"), now=now)

    invitation.refresh_from_db()
    assert invitation.answered_at == now


@pytest.mark.parametrize("answers", [{ITEM.format(1): "6"}, {ITEM.format(1): "NS"}, {"p2p4_school_liking_1": "1"}])
def test_answer_that_the_form_does_not_have_is_refused(invitation, answers):
    with pytest.raises(AnswersRefused):
        actions.keep_answers(invitation, answers=answers, now=timezone.now())

    assert not Response.objects.exists()


def test_form_works_without_signing_in_and_without_scripts(client, invitation):
    start = reverse("adult-form", args=[signed(invitation)])
    first, second = (reverse("adult-questions", args=[signed(invitation), step]) for step in (1, 2))

    page = client.get(start)
    assert first in page.content.decode()
    assert page.headers["Cache-Control"].find("no-store") >= 0

    response = client.post(first, {ITEM.format(1): "4", "go": "next"})
    assert (response.status_code, response.url) == (302, second)
    assert 'value="4" checked' in client.get(first).content.decode()

    response = client.post(second, {ITEM.format(6): "TE", "go": "finish"})
    assert response.url == reverse("adult-done", args=[signed(invitation)])
    assert "Your answers are with SSERC" in client.get(response.url).content.decode()
    assert Response.objects.get().answers == {ITEM.format(1): 4, ITEM.format(6): "TE"}


def test_change_is_kept_at_once_where_there_are_scripts(client, invitation):
    address = reverse("adult-questions", args=[signed(invitation), 1])

    response = client.post(address, {ITEM.format(1): "2"}, headers={"HX-Request": "true"})

    assert response.content.decode().startswith("Kept, ")
    assert Response.objects.get().answers == {ITEM.format(1): 2}


def test_answers_of_an_earlier_day_say_on_which_day_they_were_kept(client, invitation):
    address = reverse("adult-questions", args=[signed(invitation), 1])
    client.post(address, {ITEM.format(1): "2"})
    today = client.get(address).content.decode()
    Response.objects.update(received_at=datetime(2025, 9, 10, 14, 0, tzinfo=UTC))

    earlier = client.get(address).content.decode()

    assert 'role="status">Kept, ' in today
    assert 'role="status">Kept on 10 September 2025, 3.00 pm<' in earlier


def test_handing_in_nothing_is_refused_with_words(client, invitation):
    response = client.post(reverse("adult-questions", args=[signed(invitation), 2]), {"go": "finish"})

    assert response.status_code == 422
    assert "Nothing is answered yet" in response.content.decode()
    assert not Response.objects.exists()
    invitation.refresh_from_db()
    assert invitation.answered_at is None


def test_link_that_was_tampered_with_is_not_found(client, invitation):
    link = signed(invitation)

    assert client.get(reverse("adult-form", args=[invitation.token])).status_code == 404
    broken = client.get(reverse("adult-form", args=[link[:-1] + ("A" if link[-1] != "A" else "B")]))
    assert broken.status_code == 404
    assert "Open the link from the e-mail itself" in broken.content.decode()
    assert client.get(reverse("adult-questions", args=[link, 9])).status_code == 404


def test_form_is_shut_when_the_survey_has_closed_at_the_school(client, invitation):
    invitation.wave.schools.update(closed_at=timezone.now())
    address = reverse("adult-questions", args=[signed(invitation), 1])

    response = client.post(address, {ITEM.format(1): "4", "go": "next"})

    assert response.status_code == 410
    assert not Response.objects.exists()


def test_head_finds_the_form_after_signing_in_and_an_officer_does_not(world, sign_in, invitation):
    row = invitation.wave.schools.get(school=world.own_school)
    address = reverse("my-answers", args=[row.pk])

    own = sign_in(world.people["head"])
    assert address in own.get(reverse("my-surveys")).content.decode()
    assert own.post(address).url == personal_link(invitation)

    other = sign_in(world.people["qio"])
    assert other.get(reverse("my-surveys")).status_code == 403
    assert other.post(address).status_code == 403


def test_only_those_who_are_asked_have_my_surveys_among_their_sections(world, sign_in):
    entry = f'<a href="{reverse("my-surveys")}"'

    shown = {role for role, person in world.people.items() if entry in sign_in(person).get("/").content.decode()}

    assert shown == {"head", "teacher", "mentor"}
    assert f'{entry} aria-current="page"' in sign_in(world.people["head"]).get(reverse("my-surveys")).content.decode()


def test_form_leads_back_to_my_surveys_after_signing_in(world, client, sign_in, invitation):
    crumb = f'<a href="{reverse("my-surveys")}">My surveys</a>'
    pages = [reverse("adult-form", args=[signed(invitation)]), reverse("adult-questions", args=[signed(invitation), 1])]

    assert [crumb in client.get(page).content.decode() for page in pages] == [False, False]
    sign_in(world.people["head"])
    assert [crumb in client.get(page).content.decode().split("<main")[1] for page in pages] == [True, True]


@pytest.fixture
def rating(world, invitation):
    """A rating that is all fives, so that a leak can be seen."""
    answers = {ITEM.format(number): "5" for number in range(1, 11)}
    return actions.keep_answers(invitation, answers=answers, now=timezone.now(), finished=True)


def test_rating_is_reached_only_by_sserc_the_evaluator_and_the_headteacher(world, rating):
    reached = {
        role: {
            permission
            for permission in Permission
            if Response.objects.allowed_to(access_for(person), permission).filter(pk=rating.pk).exists()
        }
        for role, person in world.people.items()
    }

    assert reached["qio"] == reached["teacher"] == reached["mentor"] == set()
    assert Permission.WAVE_VIEW in reached["head"]
    assert Permission.WAVE_VIEW in reached["staff"]
    assert Permission.REPORT_VIEW in reached["evaluator"]


def test_pupils_sheets_of_a_school_are_still_reached_by_its_officer(world, rating):
    wave = make_surveys.wave(world.cohort, [world.own_school])
    make_surveys.sheet(wave.schools.select_related("wave").get())

    reached = Response.objects.allowed_to(access_for(world.people["qio"]), Permission.WAVE_VIEW)

    assert [response.wave for response in reached] == [wave]


@pytest.mark.parametrize("role", ["admin", "staff", "qio", "head", "teacher", "mentor", "evaluator"])
def test_no_survey_page_shows_what_a_headteacher_said(world, sign_in, head_wave, rating, role):
    client = sign_in(world.people[role])
    link = signed(rating.invitation)

    for address in (
        reverse("wave-list"),
        head_wave.get_absolute_url(),
        reverse("my-surveys"),
        reverse("instrument-list"),
    ):
        told = client.get(address).content.decode()
        assert "Very high" not in told
        # A link is the key to the answers.
        assert link not in told
