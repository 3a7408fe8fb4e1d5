"""Whoever was at a session says how it was without a name: short link, one sheet a form, open two weeks, nobody singled out."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.actions import NotNow
from surveys import actions, feedback
from surveys.actions import feedback as feedback_actions
from surveys.links import feedback_code, feedback_link, session_of
from surveys.models import InstrumentVersion, SessionFeedback
from surveys.questionnaires import AnswersRefused
from surveys.views import guessing
from tests import make
from tests.mentors.making import session
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

QUALITY = "session_quality"


@pytest.fixture
def today():
    make_surveys.instruments()
    return timezone.localdate()


@pytest.fixture
def held(world, today):
    """A session of the own cluster, held today."""
    return hold(world, today)


def hold(world, on, cluster=None, school=None):
    came = {school or world.own_school: 12}
    return session(
        cluster or world.own_cluster, came, by=world.people["mentor"], held_on=on, today=timezone.localdate()
    )


def say(one, *codes, key=QUALITY, now=None):
    """One sheet for each code, sent while the session's feedback was open."""
    now = now or timezone.now() - (timezone.localdate() - one.held_on)
    for code in codes:
        actions.keep_feedback(one, uuid=uuid.uuid4(), answers={key: str(code)}, now=now)


def quality(statements):
    return next(each for each in statements if each.key == QUALITY)


def number_in(page):
    return page.content.decode().split('name="form" value="')[1].partition('"')[0]


def test_sheet_is_stored_once_without_a_cookie_or_anything_about_its_sender(held, client):
    strict = Client(enforce_csrf_checks=True)
    sent = {"form": number_in(strict.get(feedback_link(held))), QUALITY: "5", "session_needs": "CS"}

    first, second = (strict.post(feedback_link(held), sent) for _ in range(2))

    assert first.url == second.url == f"{feedback_link(held)}thanks/"
    assert strict.get(first.url).status_code == 200
    assert not strict.cookies
    kept = SessionFeedback.objects.get()
    assert kept.answers == {QUALITY: 5, "session_needs": "CS"}
    assert {field.name for field in SessionFeedback._meta.get_fields()} == {
        *("id", "uuid", "session", "version", "answers", "received_at")
    }


def test_first_sheet_freezes_the_questions(held):
    say(held, 4)

    assert InstrumentVersion.objects.get(instrument__key="session-feedback").frozen_at


def test_form_without_an_answer_and_with_an_answer_of_another_form_is_sent_back(held, client):
    number = number_in(client.get(feedback_link(held)))

    empty = client.post(feedback_link(held), {"form": number})
    strange = client.post(feedback_link(held), {"form": number, QUALITY: "9", "session_needs": "4"})
    unnumbered = client.post(feedback_link(held), {"form": "x", "session_needs": "4"})

    assert [answer.status_code for answer in (empty, strange, unnumbered)] == [422, 422, 422]
    assert "Nothing is answered yet" in empty.content.decode()
    assert 'value="4" checked' in strange.content.decode()
    assert not SessionFeedback.objects.exists()


def test_link_can_be_typed_in_small_letters(held):
    assert session_of(feedback_code(held).lower()) == held


@pytest.mark.parametrize("change", [lambda code: code[:-1], lambda code: "9" + code, lambda code: code.split("-")[1]])
def test_wrong_link_is_not_found_and_counts_as_a_guess(held, client, monkeypatch, change):
    monkeypatch.setattr(guessing, "FROM_ONE_ADDRESS", 1)
    wrong = reverse("feedback-form", args=[change(feedback_code(held))])

    first, second = client.get(wrong), client.post(wrong)

    assert (first.status_code, second.status_code) == (404, 429)
    assert client.get(feedback_link(held)).status_code == 200


def test_signature_of_one_session_opens_no_other(held, world, today):
    other = hold(world, today)

    assert session_of(f"{other.pk}-{feedback_code(held).split('-')[1]}") is None


@pytest.mark.parametrize(("days", "status"), [(0, 200), (14, 200), (15, 410)])
def test_feedback_is_open_for_two_weeks_and_then_says_why_not(world, today, client, days, status):
    one = hold(world, today - timedelta(days=days))

    page = client.get(feedback_link(one))

    assert page.status_code == status
    assert ("closed on" in page.content.decode()) == (status == 410)


def test_closed_feedback_takes_nothing_but_thanks_for_what_it_has(world, today):
    one, number = hold(world, today - timedelta(days=20)), uuid.uuid4()
    sheet = {"uuid": number, "answers": {QUALITY: "4"}}
    stored = actions.keep_feedback(one, **sheet, now=timezone.now() - timedelta(days=10))

    assert actions.keep_feedback(one, **sheet, now=timezone.now()) == stored
    with pytest.raises(NotNow, match="closed on"):
        say(one, 4, now=timezone.now())


def test_no_session_takes_more_sheets_than_people_can_have_been_there(held, client, monkeypatch):
    monkeypatch.setattr(feedback_actions, "MOST_SHEETS", 2)
    say(held, 4, 4)

    refused = client.post(feedback_link(held), {"form": str(uuid.uuid4()), QUALITY: "4"})

    assert refused.status_code == 410
    assert "more than we expect" in refused.content.decode()
    assert SessionFeedback.objects.count() == 2


def test_answer_of_another_form_is_refused(held):
    with pytest.raises(AnswersRefused):
        actions.keep_feedback(held, uuid=uuid.uuid4(), answers={"efficacy_1": "4"}, now=timezone.now())


def test_mentor_reads_how_many_at_once_and_what_they_say_from_five_on(held, world, sign_in):
    mentor, address = sign_in(world.people["mentor"]), reverse("session-feedback", args=[held.pk])
    say(held, 5, 5, 5, 1)
    four = mentor.get(address).content.decode()
    say(held, 2)
    five = mentor.get(address).content.decode()

    assert "4 sheets so far" in four
    assert "half or more" not in four
    assert "5 sheets so far" in five
    assert "half or more" in five
    assert f"testserver{feedback_link(held)}" in five
    assert 'aria-label="QR code' in five


@pytest.mark.parametrize("place", ["sibling_cluster", "foreign_cluster"])
def test_session_of_another_place_has_no_feedback_page_for_a_mentor(world, today, sign_in, place):
    cluster = getattr(world, place)
    one = hold(world, today, cluster, cluster.schools.get())
    say(one, *[5] * 10)

    assert sign_in(world.people["mentor"]).get(reverse("session-feedback", args=[one.pk])).status_code == 404


def test_results_of_a_session_move_on_with_every_five_sheets(held):
    say(held, *[4] * 5, *[2] * 5, 2, 2, 2, 2)

    result = feedback.of_session(held)

    assert (result.received, result.counted) == (14, 10)
    assert quality(result.statements).agree == "50%"


@pytest.mark.parametrize(
    ("agree", "differ", "said"),
    [
        *(
            (5, 0, "half or more"),
            (3, 2, "half or more"),
            (2, 3, "under half"),
            (10, 0, "over 50%"),
            (6, 4, "over 50%"),
        ),
        *((20, 0, "over 75%"), (46, 4, "over 90%"), (5, 5, "50%"), (1, 9, "under 50%"), (2, 18, "under 25%")),
        *((45, 5, "90%"),),
    ],
)
def test_no_share_singles_anybody_out(held, agree, differ, said):
    say(held, *[5] * agree, *[1] * differ)

    assert quality(feedback.of_session(held).statements).agree == said


def test_who_cannot_say_is_left_out_of_the_share_and_counted_apart(held):
    say(held, *[4] * 9, *[3] * 6, *["CS"] * 5)

    found = quality(feedback.of_session(held).statements)

    assert (found.agree, found.cannot_say, found.answered) == ("60%", "25%", 20)


def test_place_counts_sessions_whose_feedback_has_closed_and_needs_ten_sheets(world, today):
    past, open_still = hold(world, today - timedelta(days=40)), hold(world, today)
    say(past, *[5] * 6, *[2] * 3)
    say(open_still, *[1] * 20)

    few = feedback.at_place(today, cluster=world.own_cluster)
    say(past, 2, 2)
    enough = feedback.at_place(today + timedelta(days=1), cluster=world.own_cluster)

    assert (few.sheets, few.sessions, few.statements) == (9, 1, ())
    assert (enough.sheets, quality(enough.statements).agree) == (11, "55%")


def test_place_hides_its_share_where_it_would_give_away_another(world, today):
    third = make.school(authority=world.own_authority)
    large = make.cluster("Thirdcluster", world.own_authority, [third])
    places = [(world.own_cluster, world.own_school), (world.sibling_cluster, world.sibling_school), (large, third)]
    for (cluster, school), (agree, differ) in zip(places, [(8, 2), (6, 6), (20, 10)], strict=True):
        say(hold(world, today - timedelta(days=40), cluster, school), *[5] * agree, *[1] * differ)

    def said(**place):
        return quality(feedback.at_place(today, **place).statements).agree

    # 2 of 10 in the own cluster differ. The authority's 34 of 52 less the two others would say so.
    assert said(authority=world.own_authority) == said() == "65%"
    assert [said(cluster=cluster) for cluster, _ in places] == ["over 50%", "hidden", "67%"]


def test_same_figures_for_officer_staff_and_mentor(world, today, sign_in):
    say(hold(world, today - timedelta(days=40)), *[4] * 9, *[2] * 6)
    progress = f"/clusters/{world.own_cluster.slug}/progress/"

    pages = [
        sign_in(world.people[role]).get(address).content.decode()
        for role, address in [
            ("staff", "/"),
            ("qio", "/"),
            ("mentor", progress),
            ("mentor", progress.replace("progress", "pack")),
        ]
    ]

    for page in pages:
        assert "What people say of sessions" in page
        assert "60%" in page
        assert "15 sheets after 1 session" in page


def test_page_of_a_session_leads_to_its_feedback_for_who_may_log_it(held, world, sign_in):
    link = reverse("session-feedback", args=[held.pk])

    assert link in sign_in(world.people["mentor"]).get(held.get_absolute_url()).content.decode()
    assert link not in sign_in(world.people["qio"]).get(held.get_absolute_url()).content.decode()


def test_deleted_session_takes_its_sheets_with_it(held, world):
    say(held, 4, 5)
    held.delete()

    assert not SessionFeedback.objects.exists()
