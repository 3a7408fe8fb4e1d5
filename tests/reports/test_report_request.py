"""Asking for a report: each cohort offers the places that take part in it."""

import pytest

from reports.forms import ReportRequestForm
from tests import make

pytestmark = pytest.mark.django_db


def groups_of(form, name):
    return {label: [str(value) for value, _ in places] for label, places in form.fields[name].choices[1:]}


def test_clusters_and_authorities_stand_under_the_cohorts_they_take_part_in(world):
    older = make.cohort("Cohort Before")
    make.participation(world.foreign_cluster, older)

    form = ReportRequestForm()

    clusters = groups_of(form, "cluster")
    assert str(world.foreign_cluster.pk) in clusters[str(older)]
    assert str(world.own_cluster.pk) not in clusters[str(older)]
    assert str(world.own_cluster.authority_id) not in groups_of(form, "authority")[str(older)]


def test_cohort_that_is_asked_about_stands_first_and_its_cluster_is_chosen_once(world, sign_in):
    older = make.cohort("Cohort Before")
    make.participation(world.own_cluster, older)
    client = sign_in(world.people["staff"])

    page = client.get(
        f"/evaluation/new/?cohort={older.slug}&place_kind=cluster&cluster={world.own_cluster.pk}"
    ).content.decode()

    assert page.split("<optgroup label=")[1].startswith(f'"{older}"')
    assert page.count(f'<option value="{world.own_cluster.pk}" selected>') == 1
