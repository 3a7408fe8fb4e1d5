"""The pages of a class, as its teacher and its head use them."""

import re

import pytest

from surveys.actions.classes import create_class
from surveys.models import ClassGroup
from surveys.views.classes import qr_drawing
from tests.surveys import make_surveys
from tests.surveys.pupils import Pupil
from tests.surveys.test_pupil_pages import FOR_YEARS

pytestmark = pytest.mark.django_db


@pytest.fixture
def wave(world):
    return make_surveys.wave(world.cohort, [world.own_school, world.foreign_school], **FOR_YEARS)


@pytest.fixture
def group(world, wave):
    return create_class(
        school=world.own_school, cohort=world.cohort, name="P4/5", slips={"P4": 2, "P5": 2}, by=world.people["teacher"]
    )


def new_class(world, **fields):
    place = f"{world.own_school.key}:{world.cohort.slug}"
    return {"place": place, "name": "P6", "slips_P6": "24"} | fields


@pytest.mark.parametrize("role", ["teacher", "head", "staff"])
def test_class_is_made_with_its_slips(role, world, sign_in):
    response = sign_in(world.people[role]).post("/classes/new/", new_class(world, slips_P7="3"))

    made = ClassGroup.objects.get()
    assert response["Location"] == made.get_absolute_url()
    assert (made.school, made.cohort, made.stages, made.made_by) == (
        world.own_school,
        world.cohort,
        ["P6", "P7"],
        world.people[role],
    )
    assert made.pupil_codes.count() == 27


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Give the class a name"),
        ({"slips_P6": ""}, "at least one stage"),
        ({"slips_P6": "many"}, "whole number"),
        ({"slips_P6": "61"}, "At most 60"),
        ({"slips_P6": "40", "slips_P7": "40"}, "more than 60"),
    ],
)
def test_class_form_says_what_is_wrong_and_makes_nothing(fields, said, world, sign_in):
    response = sign_in(world.people["teacher"]).post("/classes/new/", new_class(world, **fields))

    assert response.status_code == 422
    assert said in response.content.decode()
    assert not ClassGroup.objects.exists()


def test_teacher_cannot_make_a_class_in_a_foreign_school(world, sign_in):
    place = f"{world.foreign_school.key}:{world.cohort.slug}"

    response = sign_in(world.people["teacher"]).post("/classes/new/", new_class(world, place=place))

    assert response.status_code == 422
    assert "Foreignschool" not in response.content.decode()
    assert not ClassGroup.objects.exists()


def test_teacher_chooses_among_the_own_schools_only(world, sign_in):
    offered = sign_in(world.people["teacher"]).get("/classes/new/").content.decode()

    assert re.findall(r'<option value="([^"]*)"', offered) == [f"{world.own_school.key}:{world.cohort.slug}"]


def test_staff_come_from_a_school_with_it_chosen(world, sign_in):
    page = sign_in(world.people["staff"]).get(f"/classes/new/?school={world.second_school.key}").content.decode()

    assert f'<option value="{world.second_school.key}:{world.cohort.slug}" selected>' in page


def test_control_page_shows_which_slips_came_in_and_never_an_answer(world, group, sign_in):
    slips = [code.code for code in group.pupil_codes.all()]
    Pupil().begin(group.code, slips[0]).finish("NS")
    Pupil().begin(group.code, slips[2]).finish("PN")

    page = sign_in(world.people["teacher"]).get(f"/classes/{group.pk}/")

    told = re.sub(r"<[^>]+>", "", page.content.decode())
    assert "2 answered" in told
    assert re.findall(r"Slip (\d+), (P\d): (received|not answered yet)", told) == [
        ("1", "P4", "received"),
        ("2", "P4", "not answered yet"),
        ("3", "P5", "received"),
        ("4", "P5", "not answered yet"),
    ]
    assert "Not sure" not in told
    assert "Prefer not to say" not in told


def test_control_page_counts_sheets_without_a_slip_and_slips_used_twice(world, group, sign_in):
    slip = group.pupil_codes.all()[3].code
    Pupil().begin(group.code, slip).finish()
    Pupil().begin(group.code, slip).finish()
    Pupil().begin(group.code, slip)  # never finished
    lost = Pupil()
    lost.page = lost.client.post(f"/s/{group.code}/", {"none": "1", "stage": "P4"})
    lost.go().finish()

    told = sign_in(world.people["teacher"]).get(f"/classes/{group.pk}/").content.decode()

    assert "3 answered" in told
    assert "Without a slip (1)" in told
    assert "Came in more than once:</b> 4." in told


def test_control_page_counts_look_after_themselves(world, group, sign_in):
    client = sign_in(world.people["teacher"])

    whole = client.get(f"/classes/{group.pk}/").content.decode()
    part = client.get(f"/classes/{group.pk}/", headers={"HX-Request": "true"}).content.decode()

    assert 'hx-trigger="every 15s"' in whole
    assert "<html" not in part
    assert "0 answered" in part


def test_qr_code_opens_the_class(world, group, sign_in):
    page = sign_in(world.people["teacher"]).get(f"/classes/{group.pk}/").content.decode()

    _, path = qr_drawing(f"http://testserver/s/{group.code}/")
    assert f'd="{path}"' in page
    assert f"{group.code[:4]} {group.code[4:]}" in page


def test_slips_carry_code_pictures_and_stage_and_no_name(world, group, sign_in):
    page = sign_in(world.people["teacher"]).get(f"/classes/{group.pk}/slips/").content.decode()

    printed = re.findall(r'<p class="slip-words">([^<]+)</p>', page)
    assert printed == [code.code.replace("-", ", ") for code in group.pupil_codes.all()]
    assert re.findall(r"P4/5, (P\d), slip (\d)", page) == [("P4", "1"), ("P4", "2"), ("P5", "3"), ("P5", "4")]
    assert page.count('<p class="slip-name">Name</p>') == 4


def test_one_lost_slip_can_be_printed_again(world, group, sign_in):
    page = sign_in(world.people["teacher"]).get(f"/classes/{group.pk}/slips/?only=3").content.decode()

    assert re.findall(r"slip (\d+)</span>", page) == ["3"]


def test_more_slips_are_made_and_shown(world, group, sign_in):
    client = sign_in(world.people["teacher"])

    response = client.post(f"/classes/{group.pk}/slips/more/", {"slips_P5": "2"})

    assert response["Location"] == f"/classes/{group.pk}/slips/"
    assert list(group.pupil_codes.values_list("slip", flat=True)) == [1, 2, 3, 4, 5, 6]


def test_class_is_retired_after_being_asked(world, group, sign_in):
    client = sign_in(world.people["head"])

    asked = client.get(f"/classes/{group.pk}/retire/").content.decode()
    assert f"{group.code[:4]} {group.code[4:]}" in asked
    assert Pupil().open(group.code).page.status_code == 200

    client.post(f"/classes/{group.pk}/retire/")

    assert Pupil().open(group.code).page.status_code == 404
    assert "P4/5" not in re.sub(r"<title>.*?</title>", "", client.get("/classes/").content.decode())
    assert "This class has been retired." in client.get(f"/classes/{group.pk}/").content.decode()


def test_list_shows_own_classes_with_their_counts(world, group, sign_in):
    make_surveys.class_group(world.foreign_school, world.cohort, name="Foreignclass")
    Pupil().begin(group.code, group.pupil_codes.all()[0].code).finish()

    page = sign_in(world.people["teacher"]).get("/classes/").content.decode()

    assert "P4/5" in page
    assert "Foreignclass" not in page
    assert re.findall(r'data-l="Answered" class="num">(\d+)<', page) == ["1"]


def test_list_asks_the_database_as_often_for_three_classes_as_for_one(world, group, sign_in, django_assert_num_queries):
    client = sign_in(world.people["staff"])
    client.get("/classes/")

    with django_assert_num_queries(7):
        client.get("/classes/")
    make_surveys.class_group(world.foreign_school, world.cohort, name="P2", code="KTRM4828")
    make_surveys.class_group(world.second_school, world.cohort, name="P3", code="KTRM4829")
    with django_assert_num_queries(7):
        client.get("/classes/")


def test_class_of_a_school_without_a_survey_still_has_its_page_and_slips(world, sign_in):
    lone = create_class(
        school=world.own_school, cohort=world.cohort, name="P7", slips={"P7": 1}, by=world.people["teacher"]
    )
    client = sign_in(world.people["teacher"])

    page = client.get(f"/classes/{lone.pk}/").content.decode()

    assert "No survey is planned for this school yet" in page
    assert client.get(f"/classes/{lone.pk}/slips/").status_code == 200
