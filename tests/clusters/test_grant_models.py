"""What the database holds of a grant: its steps in order, money within money, and a state that is the same in Python and in SQL."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clusters.choices import GrantState
from clusters.forms.fields import PoundsField
from clusters.models import GrantScheme, SchoolGrant
from pcp.templatetags.ui import pounds
from tests.mentors import make_grants

pytestmark = pytest.mark.django_db
STATES = [state for state in GrantState if state not in (GrantState.ELIGIBLE, GrantState.OVERDUE)]


@pytest.fixture
def scheme(world):
    return make_grants.scheme(world.cohort)


@pytest.mark.parametrize("made", STATES)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_grant_state_is_the_same_of_one_and_in_a_query(made, days, scheme, world):
    grant = make_grants.grant(scheme, world.own_school, made)
    today = make_grants.DUE + timedelta(days=days)

    state = grant.state_on(today)

    late = days > 0 and made in (GrantState.PAID, GrantState.SPENT)
    assert state == (GrantState.OVERDUE if late else made)
    assert SchoolGrant.objects.with_state(today).get(pk=grant.pk).state == state
    assert list(SchoolGrant.objects.filter(school=world.own_school).in_state(state, today)) == [grant]


@pytest.mark.parametrize(
    ("made", "facts"),
    [
        ("invited", {"asked": 500}),
        ("invited", {"applied_on": date(2025, 9, 10)}),
        ("invited", {"decided_on": date(2025, 9, 10)}),
        ("invited", {"awarded": 500}),
        ("invited", {"paid": 500, "paid_on": date(2025, 10, 1), "report_due_on": date(2026, 1, 1)}),
        ("applied", {"asked": 0}),
        ("applied", {"applied_on": date(2025, 8, 31)}),
        ("applied", {"awarded": 50_000}),
        ("applied", {"decided_on": date(2025, 9, 9)}),
        ("applied", {"reported_on": date(2026, 1, 1)}),
        ("awarded", {"awarded": 0}),
        ("awarded", {"paid": 500}),
        ("awarded", {"spent": 500, "spent_on": date(2026, 1, 1)}),
        ("declined", {"paid": 500, "paid_on": date(2025, 10, 1), "report_due_on": date(2026, 1, 1)}),
        ("paid", {"paid": 50_001}),
        ("paid", {"awarded": None}),
        ("paid", {"report_due_on": None}),
        ("paid", {"report_due_on": date(2025, 9, 30)}),
        ("paid", {"paid_on": date(2025, 9, 19)}),
        ("paid", {"reported_on": date(2026, 1, 1)}),
        ("spent", {"spent": 50_001}),
        ("spent", {"spent_on": date(2025, 9, 30)}),
        ("spent", {"spent": None}),
        ("reported", {"reported_on": date(2026, 1, 31)}),
    ],
)
def test_grant_row_that_contradicts_itself_is_refused(made, facts, scheme, world):
    grant = make_grants.grant(scheme, world.own_school, GrantState(made))

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolGrant.objects.filter(pk=grant.pk).update(**facts)


def test_grant_is_once_for_a_school_and_a_scheme(scheme, world):
    grant = make_grants.grant(scheme, world.own_school)

    with pytest.raises(IntegrityError), transaction.atomic():
        SchoolGrant.objects.create(
            scheme=scheme, school=world.own_school, cluster=world.own_cluster, invited_on=grant.invited_on
        )


@pytest.mark.parametrize(
    "facts",
    [
        {"amount": 0},
        {"report_due_on": None},
        {"report_weeks": 20},
        {"report_due_on": None, "report_weeks": 0},
    ],
)
def test_scheme_gives_something_and_reports_one_way(facts, scheme):
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantScheme.objects.filter(pk=scheme.pk).update(**facts)


def test_scheme_by_weeks_counts_from_the_payment(world):
    scheme = make_grants.scheme(world.cohort, report_due_on=None, report_weeks=20)

    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    assert grant.report_due_on == make_grants.PAID + timedelta(days=140)


@pytest.mark.parametrize(
    ("words", "pence"),
    [
        ("500", 50_000),
        ("£512.50", 51_250),
        (" 1,200 ", 120_000),
        ("0.5", 50),
        ("512.05", 51_205),
        ("100000", 10_000_000),
    ],
)
def test_amount_is_read_as_people_write_it(words, pence):
    assert PoundsField().clean(words) == pence


@pytest.mark.parametrize(
    "words", ["", "five", "-5", "5.123", "1,20", "£", "٥", "1e3", "0", "0.00", "100000.01", "9" * 20]
)
def test_amount_that_is_none_is_refused(words):
    with pytest.raises(ValidationError):
        PoundsField().clean(words)


@pytest.mark.parametrize(
    ("pence", "words"), [(50_000, "£500"), (51_250, "£512.50"), (5, "£0.05"), (120_000, "£1,200"), (None, "–")]
)
def test_pounds_are_written_as_people_do(pence, words):
    assert pounds(pence) == words
