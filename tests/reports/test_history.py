"""The record of changes: who, when, old and new, of every model that keeps its versions."""

from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters import actions
from clusters.audit import record
from clusters.models import Cluster
from reports.views.history import models_with_history
from tests import make


def history(client, model, pk):
    return client.get(f"/history/{model}/{pk}/")


@pytest.mark.django_db
def test_history_shows_who_changed_what_from_what_to_what(sign_in, world):
    client, part = sign_in(world.people["staff"]), world.own_cluster.participations.get()
    actions.change_state(part, state="withdrawn", state_since=date(2026, 2, 3), by=world.people["admin"])

    page = history(client, "participation", part.pk)

    newest = page.context["versions"][0]
    assert (newest["what"], newest["by"]) == ("Changed", world.people["admin"])
    assert [(change["field"], change["old"], change["new"]) for change in newest["changes"]] == [
        ("State", "Active", "Withdrawn"),
        ("State since", "18 August 2025", "3 February 2026"),
    ]
    assert [event.event for event in page.context["events"]] == ["state changed"]


@pytest.mark.django_db
def test_history_takes_json_apart(sign_in, world):
    world.own_school.stage_rolls = {"P1": 24, "P2": 30}
    world.own_school.save()

    newest = history(sign_in(world.people["staff"]), "school", world.own_school.pk).context["versions"][0]

    changes = {change["field"]: (change["old"], change["new"]) for change in newest["changes"]}
    assert changes["stage rolls, P2"] == ("24", "30")
    assert changes["stage rolls, P7"] == ("24", "–")
    assert "stage rolls, P1" not in changes


@pytest.mark.django_db
def test_history_names_other_rows(sign_in, world):
    world.own_school.authority = world.foreign_authority
    world.own_school.save()

    newest = history(sign_in(world.people["staff"]), "school", world.own_school.pk).context["versions"][0]

    assert newest["changes"] == [{"field": "Authority", "old": "Ownshire", "new": "Foreignshire"}]


@pytest.mark.django_db
def test_history_of_a_removed_row_stays(sign_in, world):
    cluster = make.cluster("Mistake", world.own_authority)
    pk = cluster.pk
    cluster.delete()

    page = history(sign_in(world.people["staff"]), "cluster", pk)

    assert not Cluster.objects.filter(pk=pk).exists()
    assert [version["what"] for version in page.context["versions"]] == ["Removed", "Made"]
    assert "Cluster: Mistake" in page.content.decode()


@pytest.mark.parametrize(("model", "pk"), [("cluster", 999999), ("nothing", 1), ("session", 1), ("permission", 1)])
@pytest.mark.django_db
def test_history_of_what_was_never_there_is_not_found(model, pk, sign_in, world):
    assert history(sign_in(world.people["staff"]), model, pk).status_code == 404


@pytest.mark.django_db
def test_history_lists_every_model_of_ours_that_keeps_versions():
    keeping = {
        model._meta.model_name
        for model in apps.get_models()
        if any(other.__name__ == f"Historical{model.__name__}" for other in apps.get_models())
    }

    assert set(models_with_history()) == keeping
    assert {"school", "cluster", "person", "roleassignment", "milestone", "wave"} <= keeping


@pytest.mark.django_db
def test_event_list_is_newest_first_and_links_to_histories(sign_in, world):
    actions.close_account(world.people["head"], by=world.people["staff"])
    actions.open_account(world.people["head"], by=world.people["staff"])

    page = sign_in(world.people["staff"]).get("/history/")

    assert [event.event for event in page.context["object_list"]] == ["account opened", "account closed"]
    assert f'href="/history/person/{world.people["head"].pk}/"' in page.content.decode()


@pytest.mark.parametrize("more", [1, 3])
@pytest.mark.django_db
def test_event_list_asks_the_database_the_same_for_few_and_many(more, sign_in, world, django_assert_num_queries):
    for _ in range(more):
        actions.close_account(make.person(), by=world.people["staff"])
    client = sign_in(world.people["staff"])

    with django_assert_num_queries(6):
        client.get("/history/")


def test_events_name_what_they_are_about_with_as_many_queries_for_two_as_for_twenty(
    world, sign_in, django_assert_max_num_queries
):
    client = sign_in(world.people["staff"])
    for number in range(2):
        record("role ended", world.people["head"].role_assignments.get(), by=world.people["staff"], n=number)
        record("cluster changed", world.own_cluster, by=world.people["staff"], n=number)
    with CaptureQueriesContext(connection) as few:
        page = client.get("/history/").content.decode()
    for number in range(9):
        record("role ended", world.people["teacher"].role_assignments.get(), by=world.people["staff"], n=number)
        record("cluster changed", world.foreign_cluster, by=world.people["staff"], n=number)

    with django_assert_max_num_queries(len(few)):
        client.get("/history/")

    assert "Cluster: Owncluster" in page
