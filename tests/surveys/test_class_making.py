"""Classes made, given more slips and retired; where a class may be made."""

import random
from datetime import date

import pytest

from clusters.actions import NotNow
from clusters.choices import ParticipationState
from clusters.models import NamedEvent, Participation, School
from surveys.actions.classes import add_slips, create_class, places_for_classes, retire_class
from surveys.coding import all_picture_codes, read_class_code, read_picture_code
from surveys.models import ClassGroup, PupilCode
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def made(world):
    """made(name="P3/4", slips=…) makes a class at the own school."""

    def _made(name="P3/4", slips=None, school=None, **options):
        return create_class(
            school=school or world.own_school,
            cohort=world.cohort,
            name=name,
            slips={"P4": 2, "P3": 3} if slips is None else slips,
            by=world.people["teacher"],
            **options,
        )

    return _made


def test_class_has_a_code_its_stages_and_a_picture_code_for_each_slip(world, made):
    group = made()

    assert read_class_code(group.code) == group.code
    assert group.stages == ["P3", "P4"]
    assert [(code.slip, code.stage) for code in group.pupil_codes.all()] == [
        (1, "P3"),
        (2, "P3"),
        (3, "P3"),
        (4, "P4"),
        (5, "P4"),
    ]
    assert all(read_picture_code(code.code) for code in group.pupil_codes.all())
    assert group.history.get().history_user == world.people["teacher"]
    assert NamedEvent.objects.get().detail == {"slips": 5}


def test_picture_codes_are_unique_in_school_and_cohort(made):
    for number in range(12):
        made(name=f"Room {number}", slips={"P5": 50})

    codes = PupilCode.objects.values_list("code", flat=True)

    assert len(codes) == len(set(codes)) == 600


def test_picture_codes_that_run_out_are_said_and_nothing_is_made(world, made):
    first = made(slips={"P5": 1})
    free = [code for code in all_picture_codes() if code != first.pupil_codes.get().code]
    PupilCode.objects.bulk_create(
        PupilCode(class_group=first, school=world.own_school, cohort=world.cohort, slip=n, stage="P5", code=code)
        for n, code in enumerate(free[:-3], start=2)
    )

    with pytest.raises(NotNow, match="given out"):
        made(name="Room 2", slips={"P5": 4})

    assert ClassGroup.objects.count() == 1
    assert made(name="Room 3", slips={"P5": 3}).pupil_codes.count() == 3


def test_codes_of_another_school_take_none_from_this_one(world, made):
    there = made(school=world.foreign_school, slips={"P5": 1})
    free = [code for code in all_picture_codes() if code != there.pupil_codes.get().code]
    PupilCode.objects.bulk_create(
        PupilCode(class_group=there, school=world.foreign_school, cohort=world.cohort, slip=n, stage="P5", code=code)
        for n, code in enumerate(free, start=2)
    )

    assert made(slips={"P5": 5}).pupil_codes.count() == 5


def test_a_demonstration_makes_the_same_class_every_time(world, made):
    first = made(chooser=random.Random(7))
    drawn = (first.code, [code.code for code in first.pupil_codes.all()])
    first.delete()

    again = made(chooser=random.Random(7))

    assert (again.code, [code.code for code in again.pupil_codes.all()]) == drawn


@pytest.mark.parametrize(
    ("slips", "reason"),
    [({}, "at least one stage"), ({"P3": 0}, "at least one stage"), ({"P1": 4}, "P1"), ({"P3": 31, "P4": 30}, "60")],
)
def test_class_with_impossible_slips_is_not_made(slips, reason, made):
    with pytest.raises(NotNow, match=reason):
        made(slips=slips)

    assert not ClassGroup.objects.exists()


def test_second_class_of_the_same_name_is_not_made(made):
    made(name="Room 6")

    with pytest.raises(NotNow, match="already"):
        made(name="  room 6 ")


def test_class_of_a_school_outside_the_cohort_is_not_made(world, made):
    outside = make.school("Outsideschool Primary", world.own_authority)

    with pytest.raises(NotNow, match="takes no part"):
        made(school=outside)


def test_more_slips_are_numbered_on_and_may_bring_a_stage(made, world):
    group = made(slips={"P3": 2})

    new = add_slips(group, slips={"P4": 1, "P3": 1}, by=world.people["head"])

    assert [(code.slip, code.stage) for code in new] == [(3, "P3"), (4, "P4")]
    assert group.stages == ["P3", "P4"]
    assert group.history.first().history_user == world.people["head"]


def test_retired_class_keeps_its_slips_and_gets_no_more(made, world):
    group = made()
    retire_class(group, by=world.people["head"])
    when = group.retired_at

    retire_class(group, by=world.people["head"])
    with pytest.raises(NotNow, match="retired"):
        add_slips(group, slips={"P3": 1}, by=world.people["head"])

    assert group.retired_at == when
    assert group.pupil_codes.count() == 5
    assert not ClassGroup.objects.active().exists()


def test_classes_may_be_made_where_a_primary_takes_part_today(world):
    make.membership(world.own_cluster, make.school("Ownhigh", world.own_authority, sector="S"))
    Participation.objects.filter(cluster=world.foreign_cluster).update(state=ParticipationState.WITHDRAWN)
    over = make.cohort("Cohort 2020", starts_on=date(2020, 8, 1), ends_on=date(2022, 6, 30))
    make.participation(world.own_cluster, over)

    places = places_for_classes(School.objects.all(), date(2025, 10, 1))

    assert places == [
        (school, world.cohort) for school in (world.own_school, world.second_school, world.sibling_school)
    ]
