"""What can be done to grants: each step once, in order, within the money, with its reason kept and written down who did it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clusters.actions import NotNow
from clusters.choices import GrantState, ParticipationState, SchoolStatus
from clusters.models import GrantScheme, NamedEvent, Participation, SchoolGrant
from mentors import actions
from mentors.grants import eligible, fit_of, grant_totals
from tests import make
from tests.mentors import make_grants
from tests.mentors.making import session

pytestmark = pytest.mark.django_db
TODAY = date(2025, 11, 3)


@pytest.fixture
def staff(world):
    return world.people["staff"]


@pytest.fixture
def scheme(world, staff):
    return make_grants.scheme(world.cohort, by=staff)


def events():
    return list(
        NamedEvent.objects.filter(target_type="clusters.schoolgrant").order_by("pk").values_list("event", flat=True)
    )


def test_scheme_is_made_once_for_a_cohort(scheme, world, staff):
    with pytest.raises(NotNow, match="Cohort 2025 has a scheme of burnside trust already"):
        make_grants.scheme(world.cohort, funder="burnside trust", by=staff)

    assert GrantScheme.objects.get() == scheme


def test_invited_are_the_open_schools_of_the_cohorts_clusters_once(scheme, world, staff):
    make.membership(world.own_cluster, make.school("Owncluster Academy", world.own_authority, sector="S"))
    closed = make.school("Closed Primary", world.own_authority, status=SchoolStatus.CLOSED)
    make.membership(world.own_cluster, closed)
    make.membership(world.own_cluster, make.school("Left Primary", world.own_authority), ends_on=date(2025, 8, 30))
    Participation.objects.filter(cluster=world.foreign_cluster).update(state=ParticipationState.WITHDRAWN)
    other = make.cluster("Othercluster", world.own_authority, [make.school(authority=world.own_authority)])
    make.participation(other, make.cohort())

    first = actions.invite_schools(scheme, by=staff, on=TODAY, cluster=world.own_cluster)
    rest = actions.invite_schools(scheme, by=staff, on=TODAY)
    again = actions.invite_schools(scheme, by=staff, on=TODAY)

    assert (first, rest, again) == (2, 1, 0)
    invited = set(SchoolGrant.objects.values_list("school__name", "cluster__name"))
    assert invited == {
        ("Ownschool Primary", "Owncluster"),
        ("Secondown Primary", "Owncluster"),
        ("Siblingschool Primary", "Siblingcluster"),
    }
    assert not eligible(scheme, TODAY).exists()
    assert set(SchoolGrant.history.values_list("history_type", "history_user")) == {("+", staff.pk)}


def test_application_may_be_corrected_until_it_is_decided(scheme, world, staff):
    head = world.people["head"]
    grant = make_grants.grant(scheme, world.own_school)
    make_grants.applied(grant, head)
    make_grants.applied(grant, head)
    make_grants.applied(grant, staff, asked=45_000, on=date(2025, 9, 12))
    make_grants.awarded(grant, staff, amount=45_000)

    with pytest.raises(NotNow, match="SSERC decided on 20 September 2025"):
        make_grants.applied(grant, head, asked=99_000)

    grant.refresh_from_db()
    assert (grant.asked, grant.applied_on, grant.applied_by) == (45_000, make_grants.APPLIED, head)
    assert events() == ["grant applied for", "application changed", "grant awarded"]


def test_topics_are_kept_in_the_order_of_the_list_and_others_left_out(scheme, world, staff):
    grant = make_grants.applied(
        make_grants.grant(scheme, world.own_school), staff, topics=["outdoor", "nonsense", "forces"]
    )

    assert grant.topics == ["forces", "outdoor"]


def test_award_with_a_matching_topic_asks_for_the_confirmation(scheme, world, staff):
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="forces")
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED, topics=["forces", "outdoor"])

    with pytest.raises(actions.WrongPart) as refused:
        actions.award(grant, awarded=50_000, confirmed=False, match_reason="It fits", by=staff, on=TODAY)
    given = actions.award(grant, awarded=50_000, confirmed=True, match_reason="", by=staff, on=TODAY)

    assert refused.value.field == "confirmed"
    assert (given.matched_topics, given.match_reason, given.decided_by) == (["forces"], "", staff)


def test_award_without_a_matching_topic_needs_a_reason_that_is_kept(scheme, world, staff):
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="computing")
    session(world.sibling_cluster, {world.sibling_school: 4}, by=staff, topic="forces")
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED, topics=["forces"])

    with pytest.raises(actions.WrongPart) as refused:
        actions.award(grant, awarded=50_000, confirmed=True, match_reason="", by=staff, on=TODAY)
    actions.award(grant, awarded=50_000, confirmed=False, match_reason="Forces come in May", by=staff, on=TODAY)

    grant.refresh_from_db()
    assert refused.value.field == "match_reason"
    assert (grant.matched_topics, grant.match_reason) == ([], "Forces come in May")


def test_only_sessions_of_the_cohorts_time_are_beside_an_application(world, staff):
    earlier = make.cohort("Cohort 2020", starts_on=date(2020, 8, 18), ends_on=date(2022, 6, 30))
    make.participation(world.own_cluster, earlier)
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="forces")
    grants = [
        make_grants.grant(make_grants.scheme(cohort, by=staff), world.own_school, GrantState.APPLIED)
        for cohort in (earlier, world.cohort)
    ]

    fits = [fit_of(grant) for grant in grants]

    assert [(fit.matched, fit.sessions) for fit in fits] == [([], 0), (["forces"], 1)]


@pytest.mark.parametrize("taken", [GrantState.AWARDED, GrantState.DECLINED])
def test_decision_stands_until_it_is_taken_back(taken, scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, taken)
    before = events()

    for attempt in (
        lambda: make_grants.awarded(grant, staff, amount=12_345),
        lambda: actions.decline(grant, decline_reason="Another reason", by=staff, on=TODAY),
    ):
        with pytest.raises(NotNow, match="Take that back first"):
            attempt()

    assert events() == before
    assert SchoolGrant.objects.get(pk=grant.pk).last_step == taken


def test_every_step_a_second_time_changes_nothing(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.REPORTED)
    before, history = events(), grant.history.count()

    actions.award(
        grant, awarded=50_000, confirmed=True, match_reason="Its first session comes in May", by=staff, on=TODAY
    )
    actions.pay(grant, paid=50_000, paid_on=make_grants.PAID, by=staff, on=TODAY)
    actions.write_down_spending(
        grant, spent=48_050, bought="12 ramps", used="P5 measures how far cars roll", by=staff, on=TODAY
    )
    actions.hand_in_report(grant, by=staff, on=TODAY)

    assert (events(), grant.history.count()) == (before, history)
    assert before == ["grant applied for", "grant awarded", "grant paid", "grant spent", "grant report handed in"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"paid": 50_001}, "paid"),
        ({"paid_on": date(2025, 9, 19)}, "paid_on"),
        ({"paid_on": date(2025, 11, 4)}, "paid_on"),
    ],
)
def test_payment_stays_within_the_award_and_its_days(facts, field, scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.AWARDED)

    with pytest.raises(actions.WrongPart) as refused:
        actions.pay(grant, **({"paid": 50_000, "paid_on": TODAY} | facts), by=staff, on=TODAY)

    assert refused.value.field == field


@pytest.mark.parametrize(
    ("made", "step", "reason"),
    [
        ("invited", lambda grant, by: make_grants.awarded(grant, by), "has not applied yet"),
        ("applied", lambda grant, by: actions.pay(grant, paid=1, paid_on=TODAY, by=by, on=TODAY), "not been awarded"),
        ("declined", lambda grant, by: actions.pay(grant, paid=1, paid_on=TODAY, by=by, on=TODAY), "not been awarded"),
        (
            "awarded",
            lambda grant, by: actions.write_down_spending(grant, spent=1, bought="a", used="b", by=by, on=TODAY),
            "not been paid",
        ),
        ("paid", lambda grant, by: actions.hand_in_report(grant, by=by, on=TODAY), "Say first what was bought"),
        (
            "reported",
            lambda grant, by: actions.write_down_spending(grant, spent=1, bought="a", used="b", by=by, on=TODAY),
            "handed in on 2 February 2026",
        ),
        ("reported", lambda grant, by: actions.change_due_day(grant, report_due_on=TODAY, by=by), "handed in"),
        ("awarded", lambda grant, by: actions.change_due_day(grant, report_due_on=TODAY, by=by), "not been paid"),
    ],
)
def test_step_out_of_its_turn_is_refused_in_a_sentence(made, step, reason, scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState(made))

    with pytest.raises(NotNow, match=reason):
        step(grant, staff)


def test_school_says_no_more_than_was_paid_and_what_is_left_is_known(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    with pytest.raises(actions.WrongPart, match="£500 was paid"):
        actions.write_down_spending(grant, spent=50_001, bought="a", used="b", by=staff, on=TODAY)
    said = actions.write_down_spending(grant, spent=48_050, bought="a", used="b", by=staff, on=TODAY)

    assert said.left_over == 1_950


@pytest.mark.parametrize("made", ["reported", "declined"])
def test_steps_are_taken_back_one_by_one_down_to_nothing(made, scheme, world, staff):
    grant, seen = make_grants.grant(scheme, world.own_school, GrantState(made)), []

    while grant is not None:
        seen.append(str(grant.last_step))
        grant = actions.take_back(grant, step=grant.last_step, by=staff)

    course = {"reported": ["reported", "spent", "paid", "awarded"], "declined": ["declined"]}[made]
    assert seen == [*course, "applied", "invited"]
    assert not SchoolGrant.objects.filter(school=world.own_school).exists()
    assert SchoolGrant.history.filter(school=world.own_school).first().history_type == "-"
    assert eligible(scheme, TODAY).filter(school=world.own_school).exists()


def test_taking_back_twice_takes_back_one_step(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    for _ in range(2):
        actions.take_back(grant, step=GrantState.PAID, by=staff)

    assert SchoolGrant.objects.get(pk=grant.pk).last_step == GrantState.AWARDED


def test_step_is_not_taken_back_under_one_that_has_happened_since(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    with pytest.raises(NotNow, match="has come further since: paid"):
        actions.take_back(grant, step=GrantState.AWARDED, by=staff)


def test_scheme_that_changes_its_day_leaves_the_day_that_schools_were_told(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    actions.change_scheme(scheme, funder="Burnside Trust", amount=60_000, report_due_on=None, report_weeks=10, by=staff)

    grant.refresh_from_db()
    assert grant.report_due_on == make_grants.DUE


def test_scheme_with_invited_schools_stays_with_its_cohort(scheme, world, staff):
    make_grants.grant(scheme, world.own_school)
    facts = {"funder": "Burnside Trust", "amount": 50_000, "report_due_on": make_grants.DUE, "report_weeks": None}

    with pytest.raises(NotNow, match="stays with its cohort"):
        actions.change_scheme(scheme, cohort=make.cohort(), **facts, by=staff)


def test_audit_holds_numbers_and_days_and_no_words(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.REPORTED)

    details = list(NamedEvent.objects.filter(target_id=str(grant.pk)).values_list("detail", flat=True))

    words = str(details)
    assert [word for word in ("Ramps", "ramps", "P5", "May", "Ownschool") if word in words] == []
    assert {"amount": 50_000, "matched": 0} in details


def test_grant_totals_count_each_school_once_and_every_pound(world, staff):
    for funder in ("First Trust", "Second Trust"):
        scheme = make_grants.scheme(world.cohort, funder=funder, by=staff)
        make_grants.grant(scheme, world.own_school, GrantState.PAID)
        make_grants.grant(scheme, world.second_school, GrantState.DECLINED)
        make_grants.grant(scheme, world.foreign_school, GrantState.AWARDED)
    late = date(2026, 4, 1)

    own = grant_totals(late, cluster=world.own_cluster)

    assert (own.holding, own.schools) == (1, 2)
    assert (own.sums.awarded, own.sums.paid, own.sums.overdue, own.sums.awards) == (100_000, 100_000, 2, 2)
    assert grant_totals(late, cluster=world.own_cluster, scheme=scheme).sums.paid == 50_000
    assert grant_totals(late, authority=world.own_authority).holding == 1
    assert grant_totals(late).holding == 2
    with CaptureQueriesContext(connection) as asked:
        grant_totals(late)
    assert len(asked) == 3


@pytest.mark.skipif(not connection.features.has_select_for_update, reason="this database locks as a whole")
def test_step_locks_the_grant_and_no_row_beside_it(scheme, world, staff):
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED)

    with CaptureQueriesContext(connection) as asked:
        make_grants.awarded(grant, staff)

    locks = [query["sql"].split("FOR UPDATE")[1] for query in asked if "FOR UPDATE" in query["sql"]]
    assert locks == [' OF "clusters_schoolgrant"']
