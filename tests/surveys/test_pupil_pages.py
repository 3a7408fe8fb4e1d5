"""The pupil pages without a browser: which form, what is stored, what is shown to whom."""

import re
from datetime import date, timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from surveys.actions.classes import create_class, retire_class
from surveys.models import InstrumentVersion, PupilCode, Response
from surveys.views.sheet import read_form
from tests import make
from tests.surveys import make_surveys
from tests.surveys.pupils import Pupil

pytestmark = pytest.mark.django_db
FOR_YEARS = {"opens_on": date(2025, 9, 1), "closes_on": date(2099, 12, 31)}


@pytest.fixture
def wave(world):
    return make_surveys.wave(world.cohort, [world.own_school, world.foreign_school], **FOR_YEARS)


@pytest.fixture
def composite(world, wave):
    """P4/5: one class, two forms."""
    return create_class(
        school=world.own_school, cohort=world.cohort, name="P4/5", slips={"P4": 2, "P5": 2}, by=world.people["teacher"]
    )


def slip_of(group, stage, number=0):
    return group.pupil_codes.filter(stage=stage)[number].code


def test_class_code_opens_the_class_however_it_is_typed(composite):
    typed = f"{composite.code[:4].lower()}-{composite.code[4:].lower()}"

    response = Client().post("/s/", {"code": typed})

    assert (response.status_code, response["Location"]) == (303, f"/s/{composite.code}/")


def test_pupil_answers_to_the_end_and_one_sheet_is_stored(composite, wave):
    slip = slip_of(composite, "P4")

    pupil = Pupil().begin(composite.code, slip).go("3").go("NS").go().finish("2")

    stored = Response.objects.get()
    assert pupil.page.status_code == 303
    assert (stored.wave, stored.school, stored.class_group) == (wave, composite.school, composite)
    assert (stored.stage, stored.pupil_code, stored.late) == ("P4", slip, False)
    keys = [item.key for item in stored.version.items.all()]
    assert stored.answers == {keys[0]: 3, keys[1]: "NS"} | dict.fromkeys(keys[3:], 2)


def test_stage_of_the_slip_picks_the_form_of_a_composite_class(composite):
    younger = Pupil().show(composite.code, slip_of(composite, "P4")).go()
    older = Pupil().show(composite.code, slip_of(composite, "P5")).go()

    assert younger.text.count("#face-") == 3
    assert "#bars-" not in younger.text
    assert [f"#bars-{level}" in older.text for level in range(5)] == [True] * 5
    assert "#face-" not in older.text


def test_youngest_practise_first_and_the_practice_is_not_kept(composite):
    pupil = Pupil().show(composite.code, slip_of(composite, "P4")).go()
    assert "Try it" in pupil.heading

    pupil.go("1").go("3").finish(None)

    assert list(Response.objects.get().answers.values()) == [3]


def test_skipping_everything_is_allowed(composite):
    Pupil().begin(composite.code, slip_of(composite, "P5")).finish(None)

    assert Response.objects.get().answers == {}


def test_back_shows_the_answer_given_and_it_can_be_changed(composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5")).go("4").go("5", where="back")

    assert re.findall(r'value="(\w+)" checked', pupil.text) == ["4"]

    pupil.go("1")
    assert re.findall(r'value="(\w+)" checked', pupil.text) == ["5"]
    pupil.finish(None)
    assert list(Response.objects.get().answers.values()) == [1, 5]


def test_an_answer_that_the_question_does_not_offer_is_no_answer(composite):
    Pupil().begin(composite.code, slip_of(composite, "P4")).go("5").go("<script>").go("2").finish(None)

    assert list(Response.objects.get().answers.values()) == [2]


def test_double_click_replay_and_refresh_store_one_sheet_and_say_thank_you(composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5"))
    while not pupil.address("next").endswith("/done/"):
        pupil.go("3")
    last, address = {"sheet": pupil.sheet, "answer": "3"}, pupil.address("next")

    responses = [Client().post(address, last) for _ in range(5)]

    assert {(response.status_code, response["Location"]) for response in responses} == {(303, address)}
    thanks = [Client().get(address).content for _ in range(2)]
    assert b"Thank you. That is everything." in thanks[0]
    assert thanks[0] == thanks[1]
    assert Response.objects.count() == 1


def test_pages_of_a_finished_sheet_show_nothing_again(composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5")).go("4")
    earlier, address = pupil.sheet, pupil.page.request["PATH_INFO"]
    pupil.finish("4")

    again = pupil.client.post(address, {"sheet": earlier})

    assert (again.status_code, again["Location"]) == (303, f"/s/{composite.code}/done/")
    assert Response.objects.count() == 1


def test_second_child_on_the_same_tablet_starts_clean(composite):
    tablet = Client()
    Pupil(tablet).begin(composite.code, slip_of(composite, "P5")).finish("5")

    second = Pupil(tablet).begin(composite.code, slip_of(composite, "P5", 1))
    assert "checked" not in second.text
    second.finish("1")

    codes = Response.objects.order_by("pk").values_list("pupil_code", flat=True)
    assert list(codes) == [slip_of(composite, "P5"), slip_of(composite, "P5", 1)]
    assert Response.objects.values("uuid").distinct().count() == 2


def test_pupil_pages_set_no_cookie_and_may_not_be_kept(composite):
    tablet = Client()
    pupil = Pupil(tablet).open(composite.code)
    pages = [pupil.page, tablet.get("/s/"), tablet.post("/s/", {"code": composite.code})]
    pages.append(pupil.show(composite.code, slip_of(composite, "P4")).page)
    while pupil.page.status_code == 200:
        pages.append(pupil.go("1").page)
    pages.append(tablet.get(f"/s/{composite.code}/done/"))

    assert tablet.cookies == {}
    assert {page["Cache-Control"] for page in pages} == {"no-store, private"}


def test_nothing_is_stored_before_the_end(composite):
    Pupil().begin(composite.code, slip_of(composite, "P4")).go("1").go("2")

    assert not Response.objects.exists()


def test_slip_of_another_class_is_refused_kindly(world, composite):
    other = create_class(
        school=world.own_school, cohort=world.cohort, name="P6", slips={"P6": 1}, by=world.people["teacher"]
    )

    pupil = Pupil().show(composite.code, slip_of(other, "P6"))

    assert pupil.page.status_code == 422
    assert "Ask your teacher" in pupil.text
    assert 'name="sheet"' not in pupil.text


def test_mistyped_slip_is_noticed_and_no_sheet_begins(composite):
    first, second, number = slip_of(composite, "P4").split("-")

    pupil = Pupil().show(composite.code, f"{second}-{first}-{number}")

    assert pupil.page.status_code == 422
    assert "Look at your slip again" in pupil.text
    assert 'name="sheet"' not in pupil.text


def test_slip_is_read_back_before_it_starts(composite):
    first, second, number = slip_of(composite, "P4").split("-")

    pupil = Pupil().show(composite.code, slip_of(composite, "P4"))

    assert pupil.heading == "Is this your slip?"
    assert f"{first}, {second}, {number}" in pupil.text


def test_without_a_slip_the_stage_is_asked_and_the_sheet_is_not_linked(composite):
    tablet = Client()
    asked = tablet.post(f"/s/{composite.code}/", {"none": "1"}).content.decode()
    assert re.findall(r'name="stage" value="(\w+)"', asked) == ["P4", "P5"]

    pupil = Pupil(tablet)
    pupil.page = tablet.post(f"/s/{composite.code}/", {"none": "1", "stage": "P5"})
    pupil.go().finish("2")

    stored = Response.objects.get()
    assert (stored.pupil_code, stored.stage, stored.version.instrument.stage_group) == ("", "P5", "P5P7")


def test_without_a_slip_a_stage_outside_the_class_is_asked_again(composite):
    response = Client().post(f"/s/{composite.code}/", {"none": "1", "stage": "P7"})

    assert b"Which class are you in?" in response.content


@pytest.mark.parametrize("how", ["unknown", "nonsense", "retired", "closed", "not begun"])
def test_code_that_opens_nothing_says_one_friendly_sentence_and_names_nobody(how, world, wave, composite):
    code = {"unknown": "ZZZZ9999", "nonsense": "no code"}.get(how, composite.code)
    here = wave.schools.filter(school=world.own_school)
    if how == "retired":
        retire_class(composite, by=world.people["teacher"])
    elif how == "closed":
        here.update(closed_at=timezone.now())
    elif how == "not begun":
        here.update(opens_on=timezone.localdate() + timedelta(days=1))

    typed, scanned = Client().post("/s/", {"code": code}), Client().get(f"/s/{code}/")

    assert (typed.status_code, scanned.status_code) == (422, 404)
    for response in (typed, scanned):
        told = response.content.decode()
        assert "That code is not open. Look at the board again, or ask your teacher." in told
        assert "Ownschool" not in told
        assert "P4/5" not in told


def test_sheet_begun_before_the_end_is_taken_afterwards_and_marked_late(world, wave, composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5")).go("3")
    wave.schools.filter(school=world.own_school).update(closed_at=timezone.now() - timedelta(minutes=5))

    pupil.finish("3")

    assert pupil.page.status_code == 303
    assert Response.objects.get().late is True


def test_sheet_that_comes_days_late_is_refused_with_words(world, wave, composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5")).go("3")
    wave.schools.filter(school=world.own_school).update(closed_at=timezone.now() - timedelta(days=3))

    pupil.finish("3")

    assert pupil.page.status_code == 409
    assert "Tell your teacher" in pupil.text
    assert not Response.objects.exists()


def test_sheet_of_one_class_is_not_taken_under_the_code_of_another(world, composite):
    other = create_class(
        school=world.foreign_school, cohort=world.cohort, name="P5", slips={"P5": 1}, by=world.people["staff"]
    )
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5"))

    response = pupil.client.post(f"/s/{other.code}/done/", {"sheet": pupil.sheet})

    assert response.status_code == 400
    assert not Response.objects.exists()


@pytest.mark.parametrize(
    "spoil", [lambda sheet: sheet[:-1], lambda sheet: "A" + sheet, lambda sheet: "", lambda sheet: "x:y:z"]
)
def test_spoilt_sheet_is_refused_with_words(spoil, composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5"))

    for address in (f"/s/{composite.code}/2/", f"/s/{composite.code}/done/"):
        response = pupil.client.post(address, {"sheet": spoil(pupil.sheet)})

        assert response.status_code == 400
        assert b"Start again" in response.content
    assert not Response.objects.exists()


def test_sheet_of_a_form_that_is_no_more_is_refused_with_words(composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5"))
    InstrumentVersion.objects.update(source_sha256="another")
    read_form.cache_clear()

    for address in (f"/s/{composite.code}/2/", f"/s/{composite.code}/done/"):
        assert pupil.client.post(address, {"sheet": pupil.sheet, "answer": "1"}).status_code == 400
        assert pupil.client.post(address, {"sheet": pupil.sheet}).status_code == 400


def test_question_page_without_a_sheet_leads_to_the_slip(composite):
    response = Client().get(f"/s/{composite.code}/7/")

    assert (response.status_code, response["Location"]) == (302, f"/s/{composite.code}/")


def test_page_numbers_beyond_the_form_show_its_last_question(composite):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5"))

    far = pupil.client.post(f"/s/{composite.code}/99999999999/", {"sheet": pupil.sheet})

    assert far.status_code == 200
    assert b"Finish" in far.content


def test_class_without_a_form_for_its_stage_stops_with_words(world, wave):
    wave.versions.set(wave.versions.filter(instrument__stage_group="P2P4"))
    group = create_class(
        school=world.own_school, cohort=world.cohort, name="P7", slips={"P7": 1}, by=world.people["teacher"]
    )

    pupil = Pupil().show(group.code, slip_of(group, "P7"))

    assert pupil.page.status_code == 409
    assert "Tell your teacher" in pupil.text


def test_pupil_pages_ask_the_database_little(composite, django_assert_num_queries):
    read_form.cache_clear()
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5"))  # warms what is kept in the process

    with django_assert_num_queries(0):
        pupil.client.get("/s/")
        pupil.client.get(f"/s/{composite.code}/done/")
    with django_assert_num_queries(1):  # class with its open survey
        pupil.client.get(f"/s/{composite.code}/")
    with django_assert_num_queries(1):  # has this sheet arrived already?
        pupil.go("3")
    with django_assert_num_queries(2):  # survey at the school, one INSERT
        pupil.client.post(f"/s/{composite.code}/done/", {"sheet": pupil.sheet})


def test_pupil_code_belongs_to_the_class_that_was_entered(world, wave, composite):
    # The same code may be printed in another school: it must lead to this class's sheet, not to that one's.
    slip = slip_of(composite, "P5")
    elsewhere = make_surveys.class_group(world.foreign_school, world.cohort, stages=["P2"])
    PupilCode.objects.create(
        class_group=elsewhere, school=world.foreign_school, cohort=world.cohort, slip=1, stage="P2", code=slip
    )

    Pupil().begin(composite.code, slip).finish("1")

    stored = Response.objects.get()
    assert (stored.school, stored.stage) == (world.own_school, "P5")


def test_school_in_two_cohorts_answers_for_the_class_cohort(world, wave, composite):
    other = make.cohort("Cohort 2026")
    make.participation(world.own_cluster, other)
    later = make_surveys.wave(other, [world.own_school], **FOR_YEARS | {"opens_on": date(2025, 9, 2)})
    group = create_class(school=world.own_school, cohort=other, name="P5", slips={"P5": 1}, by=world.people["teacher"])

    Pupil().begin(composite.code, slip_of(composite, "P5")).finish("1")
    Pupil().begin(group.code, slip_of(group, "P5")).finish("1")

    stored = Response.objects.order_by("pk").values_list("wave", "class_group")
    assert list(stored) == [(wave.pk, composite.pk), (later.pk, group.pk)]


def test_sheet_that_cannot_be_stored_now_stays_on_the_page_and_is_sent_again(composite, monkeypatch):
    pupil = Pupil().begin(composite.code, slip_of(composite, "P5")).go("4")
    while not pupil.address("next").endswith("/done/"):
        pupil.go(None)

    with monkeypatch.context() as broken:
        broken.setattr("surveys.views.pupil.store_response", _database_is_away)
        pupil.go("5")

    assert pupil.page.status_code == 503
    assert "Keep this page open" in pupil.text
    assert not Response.objects.exists()

    pupil.page = pupil.client.post(f"/s/{composite.code}/done/", {"sheet": pupil.sheet})
    assert pupil.page.status_code == 303
    assert list(Response.objects.get().answers.values()) == [4, 5]


def _database_is_away(**_sheet):
    raise OperationalError("the database is away")
