"""Surveys in a real browser: a headteacher's answers kept at once, and every page sound for everybody."""

from datetime import timedelta

import pytest
from django.utils import timezone

from surveys.choices import Audience, Moment
from surveys.links import personal_link, school_link
from surveys.models import AnswerImport, Invitation, Response
from tests import make
from tests.browsing import faults_at, go_on, overflow, violations
from tests.surveys import make_surveys

TWO_CLICKS = """button => {
    let sent = 0;
    button.form.addEventListener("submit", event => { sent += event.defaultPrevented ? 0 : 1 });
    button.click();
    button.click();
    return [sent, button.form.querySelector("[role=status]").textContent];
}"""
OFFLINE = "No connection. What you filled in is still here: try again when it is back."
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def around_today():
    today = timezone.localdate()
    return {"opens_on": today - timedelta(days=7), "closes_on": today + timedelta(days=7)}


@pytest.fixture
def invitation(world, around_today):
    wave = make_surveys.wave(
        world.cohort, [world.own_school], audience=Audience.HEAD, moment=Moment.ONCE, **around_today
    )
    return Invitation.objects.create(wave=wave, school=world.own_school, person=world.people["head"])


def test_headteacher_on_a_phone_loses_nothing(invitation, browser_page):
    page = browser_page(width=390, height=844)
    page.goto(personal_link(invitation))
    page.get_by_role("link", name="Begin").click()

    page.get_by_role("radio", name="Very high").first.check()
    page.get_by_text("Kept, ").wait_for()
    page.goto(personal_link(invitation))

    assert page.get_by_text("1 of 16 answered so far.").count() == 1
    page.get_by_role("link", name="Go on").click()
    assert page.get_by_role("radio", name="Very high").first.is_checked()
    for _ in range(2):
        page.get_by_role("button", name="Keep and go on").click()
    page.get_by_role("button", name="Hand in").click()
    assert page.get_by_role("heading", name="Thank you").count() == 1
    assert Response.objects.get().answers == {"headteacher_impact_rating_1": 5}


def test_tick_made_before_the_scripts_have_come_is_kept(invitation, browser_page):
    page = browser_page(width=390, height=844)
    held = []
    page.route("**/htmx*.js", lambda route: held.append(route))
    page.goto(f"{personal_link(invitation)}1/", wait_until="commit")
    page.get_by_role("radio", name="Very high").first.check()

    held[0].continue_()

    page.get_by_text("Kept, ").wait_for()
    assert Response.objects.get().answers == {"headteacher_impact_rating_1": 5}


def ticked_without_a_connection(browser_page, invitation):
    """The first page of a headteacher's form on a phone that lost its connection before the first tick."""
    page = browser_page(width=390, height=844)
    page.goto(f"{personal_link(invitation)}1/", wait_until="networkidle")
    page.context.set_offline(True)
    page.get_by_role("radio", name="Very high").first.check()
    return page


def test_answers_given_without_a_connection_are_kept_when_it_is_back(invitation, browser_page):
    page = ticked_without_a_connection(browser_page, invitation)
    page.get_by_text("Not kept yet. Trying again.").wait_for()
    assert not Response.objects.exists()

    page.context.set_offline(False)

    page.get_by_text("Kept, ").wait_for()
    assert Response.objects.get().answers == {"headteacher_impact_rating_1": 5}


def test_button_pressed_without_a_connection_stays_on_the_page_and_says_so(invitation, browser_page):
    page = ticked_without_a_connection(browser_page, invitation)

    page.get_by_role("button", name="Keep and go on").click()

    assert page.get_by_role("alert").inner_text() == OFFLINE
    assert page.get_by_role("radio", name="Very high").first.is_checked()
    page.context.set_offline(False)
    page.get_by_text("Kept, ").wait_for()
    go_on(page, page.get_by_role("button", name="Keep and go on"))
    assert page.get_by_role("heading", name="Questions, part 2").count() == 1


def test_answers_that_a_server_in_trouble_did_not_take_are_sent_again(invitation, browser_page):
    page = browser_page(width=390, height=844)
    page.clock.install()
    page.goto(f"{personal_link(invitation)}1/", wait_until="networkidle")
    page.route("**/*", lambda route: route.fulfill(status=503, body="Back soon"), times=1)
    page.get_by_role("radio", name="Very high").first.check()
    page.get_by_text("Not kept yet. Trying again.").wait_for()
    assert not Response.objects.exists()

    page.clock.fast_forward(5000)

    page.get_by_text("Kept, ").wait_for()
    assert Response.objects.get().answers == {"headteacher_impact_rating_1": 5}


def test_answer_given_after_the_survey_has_closed_is_not_said_to_be_kept(invitation, browser_page):
    page = browser_page(width=390, height=844)
    page.goto(f"{personal_link(invitation)}1/", wait_until="networkidle")
    invitation.wave.schools.update(closes_on=timezone.localdate() - timedelta(days=3))

    page.get_by_role("radio", name="Very high").first.check()

    page.get_by_text("Not kept. Load this page again to see why.").wait_for()
    assert not Response.objects.exists()


def test_teacher_comes_by_the_schools_link_and_ticks_on_a_phone(world, around_today, browser_page):
    wave = make_surveys.wave(
        world.cohort, [world.own_school], audience=Audience.TEACHER, moment=Moment.FOLLOW_UP, **around_today
    )
    row = wave.schools.select_related("wave", "school").get()
    page = browser_page(width=390, height=844)
    page.goto(school_link(row))
    found = [("begin", violations(page), overflow(page))]
    go_on(page, page.get_by_role("button", name="Begin"))
    found.append(("start", violations(page), overflow(page)))
    own_link = page.locator(".own-link").inner_text()
    go_on(page, page.get_by_role("link", name="Begin"))

    page.get_by_role("group", name="1. How confident").get_by_role("radio", name="Very confident").check()
    page.get_by_text("Kept, ").wait_for()
    found.append(("scales", violations(page), overflow(page)))
    while page.get_by_role("button", name="Keep and go on").count():
        go_on(page, page.get_by_role("button", name="Keep and go on"))
    helped = page.get_by_role("group", name="What has helped you")
    helped.get_by_role("checkbox", name="Equipment and materials").check()
    helped.get_by_role("checkbox", name="A mentor I could ask").check()
    found.append(("ticks", violations(page), overflow(page)))
    go_on(page, page.get_by_role("button", name="Hand in"))
    found.append(("done", violations(page), overflow(page)))

    assert Response.objects.get().answers == {"confidence_science": 5, "helped": ["resources", "mentor"]}
    assert found == [(name, [], 0) for name in ("begin", "start", "scales", "ticks", "done")]
    page.goto(own_link)
    assert page.get_by_text("2 of 24 answered so far.").count() == 1


def test_answers_are_read_and_brought_in_once_however_often_the_button_is_pressed(world, around_today, browser_page):
    wave = make_surveys.wave(world.cohort, [world.own_school], **around_today)
    lines = [f"{world.own_school.key},P3,P{number},{number % 3 + 1}" for number in range(3000)]
    content = "\n".join(["school_id,stage,pupil_code,p2p4_school_liking_1", *lines]).encode()
    page = browser_page(world.people["staff"])
    page.goto(f"{wave.get_absolute_url()}import/")
    page.locator("#id_file").set_input_files({"name": "pupils.csv", "mimeType": "text/csv", "buffer": content})

    for words, at_work in (
        ("Read this file", "Reading the file."),
        ("Bring in 3,000 answer sheets", "Bringing them in."),
    ):
        with page.expect_navigation():
            sent, status = page.get_by_role("button", name=words).evaluate(TWO_CLICKS)
        assert (sent, status.startswith(at_work)) == (1, True)

    assert page.get_by_text("3,000 answer sheets were brought in").count() == 1
    assert Response.objects.count() == 3000


def test_survey_pages_are_sound(world, invitation, around_today, browser_page):
    wave = make_surveys.wave(world.cohort, [world.own_school, world.foreign_school], **around_today)
    make_surveys.class_group(world.own_school, world.cohort)
    planned = make_surveys.wave(make.cohort(), [world.own_school], opened_at=None, **around_today)
    read = AnswerImport.objects.create(
        wave=wave,
        file_name="pupils.csv",
        sha256="0" * 64,
        counts={"rows": 2, "new": 1, "rejected": 1},
        rejected=[{"row": 3, "column": "stage", "reason": "The stage is blank.", "whole": True}],
    )
    school_page = f"{wave.get_absolute_url()}schools/{world.own_school.key}/"
    link = personal_link(invitation)
    pages = {
        "staff": [
            "/surveys/",
            "/surveys/waves/new/",
            wave.get_absolute_url(),
            f"{wave.get_absolute_url()}?q=nowhere",
            invitation.wave.get_absolute_url(),
            f"{planned.get_absolute_url()}open/",
            f"{wave.get_absolute_url()}close/",
            f"{invitation.wave.get_absolute_url()}chase/",
            f"{school_page}dates/",
            f"{school_page}close/",
            f"{wave.get_absolute_url()}import/",
            read.get_absolute_url(),
            "/surveys/questionnaires/",
            "/surveys/questionnaires/pupils-p2p4/",
        ],
        "head": ["/surveys/", "/my-surveys/", link, f"{link}1/", f"{link}2/"],
    }
    found = []
    for role, addresses in pages.items():
        page = browser_page(world.people[role], bypass_csp=True)
        for address in addresses:
            assert page.goto(address).status == 200
            found += [(address, *each) for each in faults_at(page, (1280, 320))]

    assert found == []
