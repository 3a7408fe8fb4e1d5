"""Whoever was at a session says how it was without a name: short link, one sheet a form, open two weeks, nobody singled out."""

import random
import uuid
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.actions import NotNow
from mentors.models import LearningSession
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


def test_sheet_is_stored_once_without_anything_about_its_sender(held):
    strict = Client(enforce_csrf_checks=True)
    sent = {"form": number_in(strict.get(feedback_link(held))), QUALITY: "5", "session_needs": "CS"}

    first, second = (strict.post(feedback_link(held), sent) for _ in range(2))

    assert first.url == second.url == f"{feedback_link(held)}thanks/"
    assert strict.get(first.url).status_code == 200
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


def test_mentor_reads_how_many_sheets_came_and_nothing_of_what_they_say(held, world, sign_in):
    mentor, address = sign_in(world.people["mentor"]), reverse("session-feedback", args=[held.pk])
    say(held, *[5] * 10, *[1] * 10)

    page = mentor.get(address).content.decode()

    assert "20 sheets so far" in page
    assert "50%" not in page
    assert f"testserver{feedback_link(held)}" in page
    assert 'aria-label="QR code' in page


@pytest.mark.parametrize("place", ["sibling_cluster", "foreign_cluster"])
def test_session_of_another_place_has_no_feedback_page_for_a_mentor(world, today, sign_in, place):
    cluster = getattr(world, place)
    one = hold(world, today, cluster, cluster.schools.get())
    say(one, *[5] * 10)

    assert sign_in(world.people["mentor"]).get(reverse("session-feedback", args=[one.pk])).status_code == 404


def test_who_cannot_say_is_left_out_of_the_share_and_counted_apart(world, today):
    say(hold(world, today - timedelta(days=40)), *[4] * 9, *[3] * 6, *["CS"] * 5)

    found = quality(feedback.at_place(today, cluster=world.own_cluster).statements)

    assert (found.agree, found.cannot_say, found.answered) == ("60%", "25%", 15)


def test_statement_of_which_nothing_may_be_told_has_the_mark_and_no_nought(world, today, sign_in):
    one = hold(world, today - timedelta(days=40))
    say(one, *[4] * 9, *[3] * 6)
    SessionFeedback.objects.filter(session=one).update(answers={"session_quality": 4})
    for sheet in SessionFeedback.objects.filter(session=one)[:6]:
        sheet.answers = {"session_quality": 2}
        sheet.save()

    page = sign_in(world.people["qio"]).get(f"/clusters/{world.own_cluster.slug}/progress/").content.decode()

    table = page.split("Session feedback</caption>")[1].split("</table>")[0]
    assert "60%" in table
    assert table.count("[c]") >= 3
    assert ">0<" not in table
    assert "hidden<" not in table
    assert "few<" not in table


@pytest.mark.parametrize(
    ("agree", "differ", "said"), [(10, 0, ()), (6, 4, ()), (4, 4, ()), (5, 5, "50%"), (45, 5, "90%")]
)
def test_share_of_a_cluster_needs_five_who_agree_and_five_who_do_not(world, today, agree, differ, said):
    say(hold(world, today - timedelta(days=40)), *[5] * agree, *[1] * differ)

    statements = feedback.at_place(today, cluster=world.own_cluster).statements

    assert (quality(statements).agree if statements else ()) == said


@pytest.mark.parametrize(
    ("agree", "differ", "told"),
    [
        (0, 0, "No feedback has been counted yet."),
        (1, 0, "1 sheet so far. Figures show from 10 on, once 5 people or more agree and 5 or more do not."),
        (14, 1, "15 sheets so far. No figure shows yet: on each statement nearly everybody agreed, nearly nobody did,"),
        (1, 14, "15 sheets so far. No figure shows yet: on each statement nearly everybody agreed, nearly nobody did,"),
    ],
)
@pytest.mark.parametrize("page", ["progress", "pack"])
def test_place_without_figures_says_why_and_not_which_way_people_lean(world, today, sign_in, page, agree, differ, told):
    say(hold(world, today - timedelta(days=40)), *[5] * agree, *[1] * differ)

    shown = sign_in(world.people["mentor"]).get(f"/clusters/{world.own_cluster.slug}/{page}/").content.decode()

    assert told in shown
    assert ("A share could then point to single people." in shown) == (agree + differ > 9)


def test_whoever_notes_down_a_cluster_every_day_learns_of_no_few_sheets(world, today):
    chooser = random.Random(4)
    for days in range(60, 20, -1):
        say(
            hold(world, today - timedelta(days=days)),
            *[chooser.choice((1, 2, 4, 5, 5)) for _ in range(chooser.randint(1, 4))],
        )

    noted = set()
    for days in range(60):
        cache.clear()
        statements = feedback.at_place(today - timedelta(days=30 - days), cluster=world.own_cluster).statements
        if statements:
            found = quality(statements)
            noted.add((found.answered, round(found.answered * int(found.agree[:-1]) / 100)))

    steps = sorted({(0, 0), *noted})
    assert len(steps) > 3
    for (before, agreed), (after, agree) in pairwise(steps):
        assert after - before >= 10
        assert 5 <= agree - agreed <= after - before - 5


def test_session_moved_to_an_earlier_day_counts_no_sooner(world, today):
    one = hold(world, today)
    say(one, *[5] * 6, *[2] * 6)
    LearningSession.objects.filter(pk=one.pk).update(held_on=today - timedelta(days=40))

    soon = feedback.at_place(today + timedelta(days=1), cluster=world.own_cluster)
    later = feedback.at_place(today + timedelta(days=15), cluster=world.own_cluster)

    assert soon.sheets == 0
    assert later.sheets == 12


def test_place_counts_sessions_whose_feedback_has_closed_and_needs_ten_sheets(world, today):
    past, open_still = hold(world, today - timedelta(days=40)), hold(world, today)
    say(past, *[5] * 6, *[2] * 3)
    say(open_still, *[1] * 20)

    few = feedback.at_place(today, cluster=world.own_cluster)
    say(past, 2, 2)
    cache.clear()
    enough = feedback.at_place(today, cluster=world.own_cluster)

    assert (few.sheets, few.sessions, few.statements) == (9, 1, ())
    assert (enough.sheets, quality(enough.statements).agree) == (11, "55%")


def test_authority_and_programme_show_what_their_clusters_show_and_nothing_besides(world, today):
    third = make.school(authority=world.own_authority)
    large = make.cluster("Thirdcluster", world.own_authority, [third])
    places = [(world.own_cluster, world.own_school), (world.sibling_cluster, world.sibling_school), (large, third)]
    for (cluster, school), (agree, differ) in zip(places, [(8, 2), (6, 6), (20, 10)], strict=True):
        say(hold(world, today - timedelta(days=40), cluster, school), *[5] * agree, *[1] * differ)

    def said(**place):
        statements = feedback.at_place(today, **place).statements
        return (quality(statements).agree, quality(statements).answered) if statements else None

    # 2 of 10 in the own cluster differ: they are in no figure.
    assert [said(cluster=cluster) for cluster, _ in places] == [None, ("50%", 12), ("67%", 30)]
    assert said(authority=world.own_authority) == said() == ("62%", 42)


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
