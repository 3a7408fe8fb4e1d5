"""A mentor with a phone logs a session, in a real browser, with and without scripts."""

import pytest
from django.utils import timezone

from mentors.models import Came, LearningSession
from tests.browsing import faults_at, violations
from tests.mentors.making import session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_mentor_logs_a_session_on_a_phone_in_twelve_touches(world, browser_page):
    page = browser_page(world.people["mentor"], width=390, height=844)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/sessions/new/")
    touches = 0

    for choice in ("Yesterday", "1½ h", "Twilight"):
        page.get_by_text(choice).first.click()
        touches += 1
    page.get_by_label("Topic").select_option(label="Forces")
    page.get_by_label("Ownschool Primary", exact=False).first.fill("10")
    page.get_by_label("Secondown Primary", exact=False).first.fill("8")
    touches += 3
    assert page.locator("[data-total]").inner_text().split("\n") == ["18 teachers, 2 schools", "27 teacher-hours"]
    page.get_by_label("Note").fill("Ramps and friction with toy cars.")
    page.get_by_role("button", name="Save session").click()
    touches += 2
    page.get_by_text("Session saved.").wait_for()

    assert touches <= 12
    assert "18 teachers, 27 teacher-hours." in page.get_by_role("status").inner_text()
    stored = LearningSession.objects.get()
    assert (stored.minutes, stored.topic, stored.note) == (90, "forces", "Ramps and friction with toy cars.")
    assert (timezone.localdate() - stored.held_on).days == 1
    assert violations(page) == []
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("The session is taken back.").wait_for()
    assert not LearningSession.objects.exists()
    assert errors == []


def test_double_tap_on_save_stores_once(world, browser_page):
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    page = browser_page(world.people["mentor"], width=390, height=844)
    page.goto("/sessions/new/")
    page.get_by_label("Ownschool Primary", exact=False).first.fill("4")

    page.get_by_role("button", name="Save session").dblclick()
    page.get_by_text("Session saved.").wait_for()

    assert LearningSession.objects.count() == 2


def test_names_raise_the_headcount(world, browser_page):
    page = browser_page(world.people["mentor"], width=390, height=844)
    page.goto("/sessions/new/")

    page.get_by_text("Tick names").first.click()
    page.get_by_text("Tina Teacher").click()
    page.get_by_text("Hamish Head").click()

    assert page.get_by_label("Ownschool Primary", exact=False).first.input_value() == "2"
    assert page.locator("[data-total-people]").inner_text() == "2 teachers, 1 school"


def test_save_without_a_connection_stays_on_the_page_and_works_when_it_is_back(world, browser_page):
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    page = browser_page(world.people["mentor"], width=390, height=844)
    page.goto("/sessions/new/", wait_until="networkidle")
    page.get_by_label("Ownschool Primary", exact=False).first.fill("4")
    page.context.set_offline(True)
    for _ in range(2):
        page.get_by_role("button", name="Save session").click()

    assert page.get_by_role("alert").inner_text().startswith("No connection. What you filled in is still here")
    assert page.get_by_label("Ownschool Primary", exact=False).first.input_value() == "4"
    assert faults_at(page, (390,)) == []
    page.context.set_offline(False)
    page.get_by_role("alert").wait_for(state="hidden")
    page.get_by_role("button", name="Save session").click()
    page.get_by_text("Session saved.").wait_for()
    assert LearningSession.objects.count() == 2


def test_headcount_that_is_asked_about_is_saved_with_one_tick(world, browser_page):
    world.own_school.teachers = 6
    world.own_school.save()
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    page = browser_page(world.people["mentor"], width=390, height=844)
    page.goto("/sessions/new/")
    page.get_by_label("Ownschool Primary", exact=False).first.fill("60")
    page.get_by_role("button", name="Save session").click()
    page.get_by_role("link", name="60 came from a school of 6 teachers?").wait_for()
    assert faults_at(page, (1280, 390)) == []

    page.get_by_label("These head-counts are right").check()
    page.get_by_role("button", name="Save session").click()
    page.get_by_text("Session saved.").wait_for()

    assert LearningSession.objects.first().attendances.get().headcount == 60


def test_form_works_without_scripts(world, browser_page):
    source = session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    page = browser_page(world.people["mentor"], width=390, height=844, java_script_enabled=False)
    page.goto(f"/sessions/{source.pk}/copy/")
    assert "7 teachers, 1 school" in page.locator("[data-total]").inner_text()

    page.get_by_text("Another day").click()
    page.get_by_label("Which day?").fill("2026-02-04")
    page.get_by_role("button", name="Save session").click()

    assert "Session saved." in page.get_by_role("status").inner_text()
    assert LearningSession.objects.filter(held_on="2026-02-04").totals().attendances == 7


def test_session_pages_are_accessible_and_never_scroll_sideways(world, browser_page):
    mentor = world.people["mentor"]
    came = Came(3, (world.people["teacher"].pk,))
    logged = session(world.own_cluster, {world.own_school: came, world.second_school: 2}, by=mentor, note="Ramps")
    page, found = browser_page(mentor), []

    for address in (
        "/sessions/",
        "/sessions/?topic=body",
        "/sessions/new/",
        f"/sessions/{logged.pk}/",
        f"/sessions/{logged.pk}/copy/",
        f"/sessions/{logged.pk}/change/",
        f"/sessions/{logged.pk}/delete/",
        f"/clusters/{world.own_cluster.slug}/sessions/",
        "/counted/learning-hours/",
        "/more/",
    ):
        page.goto(address)
        found += [(address, *each) for each in faults_at(page, (1280, 390, 320))]

    assert found == []
