"""Every model says how its rows belong to a place, or stands in UNSCOPED with a reason; and every scoped model is cut right."""

import pytest
from django.apps import apps

from clusters.access import Access, Permission
from clusters.middleware import access_for
from clusters.models import ClusterMembership, School

OURS = ("clusters", "mentors", "surveys", "reports")
UNSCOPED = {
    "clusters.Person": "only national SSERC roles hold PERSON_VIEW; oneself through request.user",
    "clusters.Phase": "the programme's calendar, without personal data",
    "clusters.Cohort": "the programme's calendar, without personal data",
    "clusters.GrantScheme": "a funder, a cohort and an amount, without personal data",
    "clusters.RegisterImport": "public register data; only national roles hold REGISTER_IMPORT",
    "clusters.NamedEvent": "only national roles hold HISTORY_VIEW",
    "clusters.KeptLetter": "e-mails for the sweep; no page shows one",
    "clusters.Demonstration": "a mark on the database",
    "surveys.Instrument": "questionnaires, without answers",
    "surveys.InstrumentVersion": "questionnaires, without answers",
    "surveys.Item": "questionnaires, without answers",
    "surveys.AnswerImport": "only national roles hold ANSWERS_IMPORT",
    "reports.AnalysisPlan": "the method, without data; PLAN_VIEW decides",
}


def our_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical")
    ]


def scoped_models():
    """Our models whose rows belong to a place."""
    return [model for model in our_models() if hasattr(model, "access_paths")]


def test_every_model_declares_its_access_paths_or_a_reason():
    without = [model._meta.label for model in our_models() if not hasattr(model, "access_paths")]

    assert sorted(without) == sorted(UNSCOPED)


@pytest.mark.django_db
def test_nobody_sees_no_rows(world):
    seen = [
        model._meta.label
        for model in scoped_models()
        if model.objects.allowed_to(Access(), Permission.SCHOOL_VIEW).exists()
    ]

    assert School.objects.exists()
    assert seen == []


@pytest.mark.parametrize("role", ["staff", "qio", "head", "mentor", "teacher"])
@pytest.mark.django_db
def test_access_paths_of_every_model_make_a_query(role, world):
    access = access_for(world.people[role])

    for model in scoped_models():
        for permission in Permission:
            list(model.objects.allowed_to(access, permission)[:1])


@pytest.mark.django_db
def test_head_sees_only_the_own_school(world):
    access = access_for(world.people["head"])

    assert list(School.objects.allowed_to(access, Permission.SCHOOL_VIEW)) == [world.own_school]


@pytest.mark.django_db
def test_mentor_sees_the_schools_of_the_own_cluster_once_each(world):
    access = access_for(world.people["mentor"])

    seen = School.objects.allowed_to(access, Permission.SCHOOL_VIEW)

    assert set(seen) == {world.own_school, world.second_school}
    assert seen.count() == 2


@pytest.mark.django_db
def test_officer_sees_the_schools_of_the_own_authority(world):
    access = access_for(world.people["qio"])

    seen = set(School.objects.allowed_to(access, Permission.SCHOOL_VIEW))

    assert seen == {world.own_school, world.second_school, world.sibling_school}


@pytest.mark.django_db
def test_rights_at_two_places_are_never_pooled(world):
    from clusters.choices import Role
    from tests import make

    person = make.person(head=world.own_school)
    make.give_role(person, Role.TEACHER, world.foreign_school)
    access = access_for(person)

    # WAVE_VIEW is a headteacher's right: it reaches the school that she heads and not the one where she teaches.
    assert set(School.objects.allowed_to(access, Permission.SCHOOL_VIEW)) == {world.own_school, world.foreign_school}
    assert set(School.objects.allowed_to(access, Permission.WAVE_VIEW)) == {world.own_school}


@pytest.mark.django_db
def test_mentor_loses_sight_of_a_school_that_left_the_cluster(world):
    from datetime import date

    ClusterMembership.objects.filter(school=world.second_school).update(ends_on=date(2025, 12, 1))
    access = access_for(world.people["mentor"], on=date(2026, 1, 15))

    assert set(School.objects.allowed_to(access, Permission.SCHOOL_VIEW)) == {world.own_school}
