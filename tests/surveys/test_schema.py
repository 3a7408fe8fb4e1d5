"""What is stored with an answer sheet, to the column; and what is counted from it."""

import pytest
from django.apps import apps
from django.db import connection, models

from surveys import counting
from surveys.choices import Audience, Moment
from surveys.models import ClassGroup, PupilCode, Response, WaveSchool
from tests.surveys import make_surveys

ALLOWED = {
    "id",
    "uuid",
    "wave_id",
    "school_id",
    "version_id",
    "class_group_id",
    "stage",
    "pupil_code",
    "answers",
    "source",
    "late",
    "received_at",
    "brought_by_id",
    "invitation_id",
}


@pytest.mark.django_db
def test_answer_sheet_has_exactly_the_allowed_columns():
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, "surveys_response")}

    assert columns == ALLOWED


def test_answer_sheet_has_no_free_text_and_keeps_no_history():
    texts = [field for field in Response._meta.get_fields() if isinstance(field, models.TextField)]
    lengths = {field.name: field.max_length for field in Response._meta.fields if isinstance(field, models.CharField)}

    assert texts == []
    assert lengths == {"stage": 2, "pupil_code": 24, "source": 6}
    assert not hasattr(Response, "history")


def test_no_model_of_surveys_has_a_field_for_a_pupils_name_or_address():
    words = ("name", "email", "birth", "postcode", "ip", "agent", "address", "phone")
    found = {
        (model.__name__, field.name)
        for model in apps.get_app_config("surveys").get_models()
        if not model.__name__.startswith("Historical")
        for field in model._meta.fields
        if any(word in field.name.split("_") for word in words)
    }

    # A quote is an adult's, and carries a name only where she consented to be named.
    assert found == {("ClassGroup", "name"), ("AnswerImport", "file_name"), ("Quote", "name")}


@pytest.mark.django_db
def test_counts_by_school_and_class_add_up(world):
    wave = make_surveys.wave(world.cohort, [world.own_school, world.second_school])
    p3 = make_surveys.class_group(world.own_school, world.cohort, "P3", ["P3"], "KTRM4827")
    make_surveys.class_group(world.own_school, world.cohort, "P4", ["P4"], "KTRM4828")
    for slip in (1, 2, 3):
        PupilCode.objects.create(
            class_group=p3, school=p3.school, cohort=p3.cohort, slip=slip, stage="P3", code=f"owl-boat-1{slip}"
        )
    own = wave.schools.select_related("wave").get(school=world.own_school)
    for group in (p3, p3, None):
        make_surveys.sheet(own, class_group=group)

    rows = list(wave.schools.select_related("school"))
    counts = {count.wave_school.school: count for count in counting.who_has_answered(wave, rows)}

    found = counts[world.own_school]
    assert (found.sheets, found.slips, found.no_class) == (3, 3, 1)
    assert [(each.class_group.name, each.slips, each.sheets) for each in found.classes] == [("P3", 3, 2), ("P4", 0, 0)]
    assert (counts[world.second_school].sheets, counts[world.second_school].classes) == (0, [])
    assert counting.totals(WaveSchool.objects.all()) == {wave.pk: counting.Totals(schools=2, answered=1, sheets=3)}


@pytest.mark.django_db
def test_sheets_of_a_retired_class_still_count_for_the_school(world):
    wave = make_surveys.wave(world.cohort, [world.own_school])
    group = make_surveys.class_group(world.own_school, world.cohort)
    own = wave.schools.select_related("wave", "school").get()
    make_surveys.sheet(own, class_group=group)
    ClassGroup.objects.update(retired_at=make_surveys.DURING)

    (found,) = counting.who_has_answered(wave, [own])

    assert (found.sheets, found.no_class, found.classes) == (1, 1, [])


@pytest.mark.django_db
def test_headteachers_sheet_counts_once_it_is_handed_in(world):
    wave = make_surveys.wave(world.cohort, [world.own_school], audience=Audience.HEAD, moment=Moment.ONCE)
    invitation = wave.invitations.create(school=world.own_school, person=world.people["head"])
    version = wave.versions.get()
    Response.objects.create(wave=wave, school=world.own_school, version=version, invitation=invitation, answers={})
    before = counting.totals(wave.schools.all())[wave.pk]

    wave.invitations.update(answered_at=make_surveys.DURING)

    assert before == counting.Totals(schools=1, answered=0, sheets=0)
    assert counting.totals(wave.schools.all())[wave.pk] == counting.Totals(schools=1, answered=1, sheets=1)
    (found,) = counting.who_has_answered(wave, list(wave.schools.select_related("school")))
    assert (found.sheets, found.invitations) == (1, [invitation])
