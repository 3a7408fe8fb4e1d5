"""Schools that a contact list calls open, closed or mothballed: with the day and the edition, and never deleted."""

import datetime

import pytest

from clusters import actions
from clusters.models import School
from tests import make
from tests.clusters import register_files as files
from tests.clusters.register_files import apply, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fife():
    return make.authority("Fife", gss_code="S12000047")


CLOSING = {"closed": datetime.date(2023, 11, 1), "details": "Pupils to Ardlinnie"}


def status_of(seed="9900425"):
    school = School.objects.get(seed_code=seed)
    return school.status, school.status_on, school.status_note, school.in_latest_list


def test_school_that_a_list_calls_closed_is_kept_with_the_day_and_the_edition():
    apply(files.contact_list(files.contact_row(), files.contact_row(9900425, "Leaving Primary"), opened="31 May 2023"))

    newer = files.contact_list(moved=[files.moved_row(**CLOSING)])
    plan = plan_of(newer)
    apply(newer)

    assert {(row["label"], row["now"], row["then"]) for row in plan.rows_of_change} == {
        ("Status", "Open", "Closed on 1 November 2023: Pupils to Ardlinnie"),
        ("In the latest list", "Yes", "No"),
    }
    assert ([school.name for school in plan.missing], plan.newly_missing) == (["Leaving Primary"], [])
    assert status_of() == ("closed", datetime.date(2023, 11, 1), "Pupils to Ardlinnie", False)
    leaving = School.objects.get(seed_code="9900425")
    assert leaving.facts["status"]["edition"] == "Official contact list, 31 October 2024"
    assert leaving.history.first().status == "closed"
    assert plan_of(newer).nothing_to_do


def test_school_in_the_list_is_open_whatever_closed_in_its_place_before():
    closed = files.moved_row(seed=9900417, closed=datetime.date(2018, 4, 11))

    apply(files.contact_list(moved=[closed]))

    assert status_of("9900417") == ("open", None, "", True)


def test_day_of_opening_is_kept_when_a_later_list_does_not_tell_it():
    opened = files.moved_row("Opened", 9900417, opened=datetime.date(2018, 8, 21), details="Merger of two")
    apply(files.contact_list(moved=[opened]))

    plan = plan_of(files.contact_list(opened="31 October 2025"))

    assert status_of("9900417") == ("open", datetime.date(2018, 8, 21), "Merger of two", True)
    assert (plan.changed, len(plan.confirmed)) == ([], 1)


def test_school_that_only_an_older_edition_knows_is_closed_as_the_newer_list_said():
    apply(files.contact_list(moved=[files.moved_row(**CLOSING)]))

    apply(files.statistics(files.statistics_row(), files.statistics_row(9900425, "Leaving Primary")))

    assert status_of() == ("closed", datetime.date(2023, 11, 1), "Pupils to Ardlinnie", False)
    assert School.objects.get(seed_code="9900425").facts["status"]["on"] == "2024-10-31"


def test_list_that_was_taken_back_says_nothing_of_later_schools():
    run = apply(files.contact_list(moved=[files.moved_row(**CLOSING)]))
    actions.undo_register(run, on=run.undo_until, by=None)

    apply(files.statistics(files.statistics_row(), files.statistics_row(9900425, "Leaving Primary")))

    assert status_of()[0] == "open"


def test_older_list_does_not_close_a_school_again():
    both = [files.contact_row(), files.contact_row(9900425, "Reopened Primary")]
    apply(files.contact_list(*both))

    plan = plan_of(files.contact_list(opened="31 May 2024", moved=[files.moved_row(**CLOSING)]))

    assert plan.nothing_to_do


def test_closing_is_taken_back_with_its_import():
    both = [files.contact_row(), files.contact_row(9900425, "Leaving Primary")]
    apply(files.contact_list(*both, opened="31 May 2023"))
    run = apply(files.contact_list(moved=[files.moved_row(**CLOSING)]))

    actions.undo_register(run, on=run.undo_until, by=None)

    assert status_of() == ("open", None, "", True)
