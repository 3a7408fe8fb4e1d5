"""Authorities and clusters stand in a report by their names; nothing there tells which pseudonym of the data is which."""

import pytest

from reports import extracts
from tests import make
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db


def test_names_take_the_place_of_pseudonyms_and_of_their_order(world):
    authority = make.authority("Zebra Council")
    cohort, _ = finished_cohort(schools=2, pupils=4, by=world.people["staff"], authority=authority)
    salt, cluster = cohort.analysis_plan.salt, authority.clusters.get()
    known = extracts.pseudonym("authority", salt, authority.pk)
    found = {"authority": [{"group": known, "n": 2}, {"group": "", "n": 1}]}
    found["cluster"] = [{"group": "", "n": 1}, {"group": extracts.pseudonym("cluster", salt, cluster.pk), "n": 2}]

    extracts.name_places(found, cohort)

    assert found["authority"] == [{"group": "Zebra Council", "n": 2}, {"group": "", "n": 1}]
    assert found["cluster"] == [{"group": cluster.name, "n": 2}, {"group": "", "n": 1}]


def test_report_without_a_table_of_authorities_needs_no_names(world):
    cohort, _ = finished_cohort(schools=2, pupils=4, by=world.people["staff"])
    found = {"authority": None, "cluster": None}

    extracts.name_places(found, cohort)

    assert found == {"authority": None, "cluster": None}
