"""The access table: every URL name, for every role, at an own, a sibling and a foreign place. Clients sign this table.

`access_table.csv` has one row for each URL name, method and twin. `own` is the person's own place, `sibling` another place of the
same authority, `foreign` a place of another authority, `-` a page about no place. A cell is the status: 200, 302, 403, 404, 405 or
422 (a form sent empty). A URL name that is missing fails here.
"""

import csv
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests import access_objects

TABLE = Path(__file__).with_name("access_table.csv")
ROLES = ["anonymous", "admin", "staff", "qio", "head", "teacher", "mentor", "evaluator"]
NOT_OURS = {"components"}  # only while developing
# Words that may never reach somebody whose places do not carry them.
CANARIES = {
    "anonymous": ["Ownschool", "Siblingschool", "Foreignschool", "Owncluster"],
    "qio": ["Foreignschool", "Foreigncluster"],
    "head": ["Foreignschool", "Siblingschool", "Foreigncluster", "Siblingcluster"],
    "teacher": ["Foreignschool", "Siblingschool", "Foreigncluster", "Siblingcluster"],
    "mentor": ["Foreignschool", "Siblingschool", "Foreigncluster", "Siblingcluster"],
    "evaluator": ["Ownschool", "Siblingschool", "Foreignschool"],
}


def table_rows():
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def url_names(patterns=None):
    names = set()
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            names.add(pattern.name)
        else:
            names |= url_names(pattern.url_patterns)
    return names - NOT_OURS


def test_every_url_name_is_in_the_access_table():
    listed = {row["name"] for row in table_rows()}

    assert url_names() - listed == set(), "give these a row in tests/access_table.csv"
    assert listed - url_names() == set(), "these are no longer addresses"


def test_every_row_of_the_access_table_is_complete():
    wrong = [row for row in table_rows() if not all((row.get(role) or "").isdigit() for role in ROLES)]

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.django_db
def test_every_address_answers_each_role_as_the_table_says(role, world, monkeypatch):
    monkeypatch.setattr(
        "pcp.errors._worker_answers", lambda: False
    )  # whether a worker runs on this machine must not matter here
    targets = access_objects.targets(world)
    mismatches, leaks = [], []

    client = Client(raise_request_exception=True)
    for row in table_rows():
        if role != "anonymous" and settings.SESSION_COOKIE_NAME not in client.cookies:
            client.force_login(world.people[role])
        arguments = [] if row["twin"] == "-" else targets[row["name"]][row["twin"]]
        address = reverse(row["name"], args=arguments)

        response = getattr(client, row["method"].lower())(address)

        if row["name"] == "account_logout":
            client.cookies.clear()
        if response.status_code != int(row[role]):
            mismatches.append((row["name"], row["method"], row["twin"], response.status_code, "should be", row[role]))
        if response.status_code == 200:
            body = b"".join(response.streaming_content) if response.streaming else response.content
            told = body.decode(errors="replace") + str(dict(response.headers))
            leaks += [(row["name"], row["twin"], word) for word in CANARIES.get(role, []) if word in told]

    assert mismatches == []
    assert leaks == []
