"""Nobody takes a step on a grant that says something else by now than what they saw; a second click is no error."""

import pytest
from django.urls import reverse

from clusters.actions import NotNow
from clusters.choices import GrantState
from clusters.models import SchoolGrant
from mentors import actions
from tests.mentors import make_grants
from tests.mentors.making import session

pytestmark = pytest.mark.django_db
STALE = "This has changed since you opened the page. Look at it again."
SPENT = {"spent": "480.50", "bought": "12 ramps", "used": "P5 rolls cars"}


@pytest.fixture
def staff(world):
    return world.people["staff"]


@pytest.fixture
def scheme(world, staff):
    return make_grants.scheme(world.cohort, by=staff)


def page_of(grant, name):
    return reverse(f"grant-{name}", args=[grant.pk])


def opened(client, grant, name):
    """What the form of a step holds, hidden, when it is opened now."""
    form = client.get(page_of(grant, name)).context["form"]
    return {field.name: str(field.value()) for field in form.hidden_fields()}


def change_application(grant, by):
    make_grants.applied(grant, by, topics=["computing"], asked=500, purpose="One cable")


def change_day(grant, by):
    actions.change_due_day(grant, report_due_on=make_grants.SPENT, by=by)


def change_spending(grant, by):
    actions.write_down_spending(grant, spent=100, bought="One cable", used="Nobody knows", by=by, on=make_grants.SPENT)


def pay_otherwise(grant, by):
    actions.take_back(grant, step=GrantState.PAID, by=by)
    actions.pay(grant, paid=25_000, paid_on=make_grants.PAID, by=by, on=make_grants.PAID)


def award_otherwise(grant, by):
    actions.take_back(grant, step=GrantState.AWARDED, by=by)
    make_grants.awarded(grant, by, amount=5_000)


@pytest.mark.parametrize(
    ("name", "made", "change", "sent"),
    [
        ("apply", "applied", change_application, {"asked": "400", "purpose": "Ramps", "topics": ["forces"]}),
        ("award", "applied", change_application, {"awarded": "5", "match_reason": "It fits"}),
        ("decline", "applied", change_application, {"decline_reason": "Not for pupils"}),
        ("pay", "awarded", award_otherwise, {"paid": "50", "paid_on": "2025-10-02"}),
        ("due", "paid", change_day, {"report_due_on": "2027-06-01"}),
        ("spend", "spent", change_spending, SPENT),
        ("report", "spent", change_spending, {}),
        ("back", "paid", pay_otherwise, {}),
        ("back", "applied", change_application, {}),
    ],
)
def test_step_on_what_nobody_saw_is_refused_until_it_is_seen(name, made, change, sent, scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState(made))
    client = sign_in(staff)
    hidden = opened(client, grant, name)
    change(grant, staff)
    before = grant.history.count()

    stale = client.post(page_of(grant, name), hidden | sent)
    unchanged = grant.history.count()
    hidden = {field.name: str(field.value()) for field in stale.context["form"].hidden_fields()}
    again = client.post(page_of(grant, name), hidden | sent)

    assert (stale.status_code, unchanged) == (422, before)
    assert STALE in stale.content.decode()
    assert (again.status_code, grant.history.count()) == (302, before + 1)


@pytest.mark.parametrize(
    ("name", "made", "sent"),
    [
        ("apply", "invited", {"asked": "400", "purpose": "Ramps", "topics": ["forces"]}),
        ("award", "applied", {"awarded": "450", "match_reason": "It fits"}),
        ("decline", "applied", {"decline_reason": "Not for pupils"}),
        ("pay", "awarded", {"paid": "500", "paid_on": "2025-10-02"}),
        ("due", "paid", {"report_due_on": "2027-06-01"}),
        ("spend", "paid", SPENT),
        ("report", "spent", {}),
        ("back", "paid", {}),
    ],
)
def test_second_click_changes_nothing_and_is_no_error(name, made, sent, scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState(made))
    client, before = sign_in(staff), grant.history.count()
    filled = opened(client, grant, name) | sent

    answers = [client.post(page_of(grant, name), filled) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert grant.history.count() == before + 1


def test_stale_award_shows_the_application_as_it_is_and_has_to_be_confirmed_again(scheme, world, staff, sign_in):
    for topic in ("forces", "computing"):
        session(world.own_cluster, {world.own_school: 4}, by=staff, topic=topic)
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED)
    client = sign_in(staff)
    filled = opened(client, grant, "award") | {"awarded": "5", "confirmed": "on"}
    change_application(grant, staff)

    page = client.post(page_of(grant, "award"), filled)

    assert "One cable" in page.content.decode()
    assert not page.context["form"]["confirmed"].value()
    assert SchoolGrant.objects.get(pk=grant.pk).awarded is None


def test_stale_application_shows_what_it_says_now_beside_the_own_words(scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED)
    client = sign_in(world.people["head"])
    filled = opened(client, grant, "apply") | {"asked": "400", "purpose": "My own ramps", "topics": ["forces"]}
    change_application(grant, staff)

    told = client.post(page_of(grant, "apply"), filled).content.decode()

    assert [words in told for words in ("One cable", "Topics: Computing science", "My own ramps")] == [True] * 3


def test_second_award_with_another_reason_is_refused(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.AWARDED)

    with pytest.raises(NotNow, match="It was awarded £500"):
        make_grants.awarded(grant, staff, reason="Another reason")
    make_grants.awarded(grant, staff)

    assert SchoolGrant.objects.get(pk=grant.pk).match_reason == "Its first session comes in May"


def test_award_is_never_above_what_was_asked(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED)

    with pytest.raises(actions.WrongPart, match="The school asked for £500. Award that or less.") as refused:
        make_grants.awarded(grant, staff, amount=50_001)
    given = make_grants.awarded(grant, staff, amount=49_999)

    assert (refused.value.field, given.awarded) == ("awarded", 49_999)


def test_application_far_above_the_usual_amount_is_refused_with_it(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school)

    with pytest.raises(actions.WrongPart, match="usually gives £500 a school. Ask for at most £1,000") as refused:
        make_grants.applied(grant, staff, asked=100_001)
    made = make_grants.applied(grant, staff, asked=100_000)

    assert (refused.value.field, made.asked) == ("asked", 100_000)


def test_report_day_on_the_day_of_payment_is_taken_and_an_earlier_one_told(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    with pytest.raises(actions.WrongPart, match="It was paid on 1 October 2025. Choose that day or a later one."):
        actions.change_due_day(grant, report_due_on=make_grants.DECIDED, by=staff)

    assert actions.change_due_day(grant, report_due_on=make_grants.PAID, by=staff).report_due_on == make_grants.PAID
