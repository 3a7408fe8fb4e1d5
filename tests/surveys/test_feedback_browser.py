"""Session feedback in a real browser: sent from a phone without scripts, once by each person, and every page sound."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from surveys import actions
from surveys.links import feedback_link
from surveys.models import SessionFeedback
from tests.browsing import faults_at, go_on
from tests.mentors.making import session
from tests.surveys import make_surveys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(world):
    make_surveys.instruments()
    today = timezone.localdate()
    return session(world.own_cluster, {world.own_school: 12}, by=world.people["mentor"], held_on=today, today=today)


def test_teacher_answers_on_a_phone_without_scripts(held, browser_page):
    page = browser_page(width=390, height=844, java_script_enabled=False)
    page.goto(feedback_link(held))

    for name in ("1. The session was of high quality.", "5. I will use what I learned"):
        page.get_by_role("group", name=name).get_by_role("radio", name="Strongly agree").check()
    go_on(page, page.get_by_role("button", name="Send"))

    assert page.get_by_role("heading", name="Thank you").count() == 1
    assert SessionFeedback.objects.get().answers == {"session_quality": 5, "session_use": 5}


def test_whoever_goes_back_on_a_phone_sends_nothing_twice_and_the_next_person_can_answer(held, browser_page):
    page = browser_page(width=390, height=844, java_script_enabled=False)
    page.goto(feedback_link(held))
    agree = page.get_by_role("radio", name="Strongly agree")
    agree.first.check()
    go_on(page, page.get_by_role("button", name="Send"))

    page.go_back()
    assert page.get_by_role("heading", name="Your answers have been sent").count() == 1
    go_on(page, page.get_by_role("button", name="somebody else"))
    agree.first.check()
    go_on(page, page.get_by_role("button", name="Send"))

    assert page.get_by_role("heading", name="Thank you").count() == 1
    assert SessionFeedback.objects.count() == 2


def test_pages_of_session_feedback_have_no_faults(held, world, browser_page):
    for _ in range(12):
        actions.keep_feedback(held, uuid=uuid.uuid4(), answers={"session_quality": "4"}, now=timezone.now())
    public, mentor, found = browser_page(), browser_page(world.people["mentor"]), []

    for page, address in [
        (public, feedback_link(held)),
        (public, f"{feedback_link(held)}thanks/"),
        (public, f"{feedback_link(held)[:-2]}/"),
        (mentor, held.get_absolute_url()),
        (mentor, reverse("session-feedback", args=[held.pk])),
    ]:
        page.goto(address)
        found += [(address, *each) for each in faults_at(page, (1280, 390))]
    public.goto(feedback_link(held))
    public.get_by_role("radio", name="Agree", exact=True).first.check()
    go_on(public, public.get_by_role("button", name="Send"))
    public.goto(feedback_link(held))
    assert public.get_by_role("heading", name="Your answers have been sent").count() == 1
    found += [("sent", *each) for each in faults_at(public, (1280, 390))]

    assert found == []
