"""Grants as people meet them: a cluster's table, the list, one grant and its forms; who sees what; what waits for whom."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.choices import GrantState, Role
from clusters.due import due_items
from clusters.middleware import access_for
from clusters.models import GrantScheme, SchoolGrant
from tests import make
from tests.mentors import make_grants
from tests.mentors.making import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(world):
    return world.people["staff"]


@pytest.fixture
def scheme(world, staff):
    return make_grants.scheme(world.cohort, by=staff)


def text_of(response):
    return " ".join(response.content.decode().split())


def page_of(grant, name="detail"):
    return reverse(f"grant-{name}", args=[grant.pk])


def sent_for(grant, **facts):
    """What the form of a step sends when somebody opens it now."""
    return {"seen": SchoolGrant.objects.get(pk=grant.pk).fingerprint} | facts


def due_of(person, **today):
    on = timezone.localdate() + timedelta(**today)
    return [item.what for item in due_items(access_for(person), person, on) if "grant" in item.what.lower()]


def test_grant_goes_its_whole_way_through_the_pages(world, staff, sign_in):
    head = world.people["head"]
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="forces")

    client = sign_in(staff)
    facts = {"funder": "Burnside Trust", "cohort": world.cohort.pk, "amount": "500", "report_weeks": "26"}
    client.post(reverse("scheme-create"), facts)
    scheme = GrantScheme.objects.get()
    client.post(reverse("cluster-invite", args=["owncluster"]), {"scheme": scheme.pk})
    grant = SchoolGrant.objects.get(school=world.own_school)
    client = sign_in(head)
    asked = {"asked": "£500", "purpose": "Ramps for P5", "topics": ["forces", "outdoor"]}
    client.post(page_of(grant, "apply"), sent_for(grant, **asked))
    client = sign_in(staff)
    client.post(page_of(grant, "award"), sent_for(grant, awarded="480", confirmed="on"))
    client.post(page_of(grant, "pay"), sent_for(grant, paid="480", paid_on=timezone.localdate().isoformat()))
    client = sign_in(head)
    client.post(page_of(grant, "spend"), sent_for(grant, spent="475.50", bought="12 ramps", used="P5 rolls cars"))
    answer = client.post(page_of(grant, "report"), sent_for(grant), follow=True)

    grant.refresh_from_db()
    assert grant.last_step == GrantState.REPORTED
    assert (grant.asked, grant.awarded, grant.paid, grant.spent) == (50_000, 48_000, 48_000, 47_550)
    assert (grant.matched_topics, grant.decided_by, grant.applied_by) == (["forces"], staff, head)
    assert "The report is handed in. Thank you." in text_of(answer)
    assert "<b>£475.50</b> of £480; £4.50 left over" in text_of(answer)
    assert SchoolGrant.objects.get(school=world.second_school).last_step == GrantState.INVITED


@pytest.mark.parametrize(
    ("name", "made", "sent", "sentence"),
    [
        ("apply", "invited", {}, "Say what you will buy and what for."),
        ("apply", "invited", {"asked": "lots"}, "Write an amount in pounds, such as 500 or 512.50."),
        ("apply", "invited", {"asked": "0"}, "Write an amount of at least £0.01."),
        ("apply", "invited", {"topics": ["nonsense"]}, "Choose from these only."),
        ("apply", "awarded", {"asked": "5", "purpose": "x", "topics": ["forces"]}, "SSERC decided on"),
        ("award", "applied", {"awarded": "500"}, "Say why it complements the sessions all the same."),
        ("decline", "applied", {}, "Say why, in a sentence that the headteacher can read."),
        ("pay", "awarded", {"paid": "501", "paid_on": "2025-10-01"}, "£500 was awarded"),
        ("pay", "awarded", {"paid": "500", "paid_on": "2999-10-01"}, "Choose that day or a later one, up to today."),
        ("due", "paid", {"report_due_on": "2025-09-01"}, "Choose today or a later day."),
        ("spend", "paid", {"spent": "500.01", "bought": "x", "used": "y"}, "£500 was paid."),
        ("back", "paid", {"step": "awarded"}, "This grant has come further since: paid."),
        ("back", "paid", {"step": "x"}, "Open this page again."),
        ("back", "paid", {"step": "overdue"}, "Open this page again."),
        ("back", "paid", {"step": "paid", "seen": ""}, "Open this page again."),
        ("due", "paid", {"report_due_on": "9999-12-31"}, "Choose a day within the next five years, up to"),
        (
            "apply",
            "invited",
            {"asked": "1000.01", "purpose": "x", "topics": ["forces"]},
            "usually gives £500 a school.",
        ),
        ("apply", "invited", {"purpose": "x" * 1001}, "Write at most 1000 characters; this has 1001."),
        ("apply", "invited", {"purpose": "a\0b"}, "This holds a sign that cannot be kept. Type it again."),
        (
            "award",
            "applied",
            {"awarded": "500.01", "match_reason": "Fits"},
            "The school asked for £500. Award that or less.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(name, made, sent, sentence, scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState(made))
    before = grant.history.count()

    answer = sign_in(staff).post(page_of(grant, name), sent_for(grant, **sent))

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert grant.history.count() == before


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a day, or write the weeks below."),
        ({"report_due_on": "2026-06-01", "report_weeks": "3"}, "Choose a day or write weeks, not both."),
        ({"report_weeks": "157"}, "Write at most 156 weeks"),
        ({"funder": "BURNSIDE trust", "report_weeks": "3"}, "has a scheme of BURNSIDE trust already"),
    ],
)
def test_scheme_that_is_wrong_is_said_so(sent, sentence, scheme, world, staff, sign_in):
    said = {"funder": "Glen Trust", "cohort": world.cohort.pk, "amount": "500"} | sent

    answer = sign_in(staff).post(reverse("scheme-create"), said)

    assert (answer.status_code, GrantScheme.objects.count()) == (422, 1)
    assert sentence in text_of(answer)


def test_scheme_with_schools_is_changed_without_its_cohort(scheme, world, staff, sign_in):
    make_grants.grant(scheme, world.own_school)
    address = reverse("scheme-change", args=[scheme.pk])
    client = sign_in(staff)

    shown = client.get(address)
    client.post(address, {"funder": "Glen Trust", "amount": "450", "report_weeks": "12"})

    scheme.refresh_from_db()
    assert set(shown.context["form"].fields) == {"funder", "amount", "report_due_on", "report_weeks"}
    assert (scheme.funder, scheme.amount, scheme.report_weeks, scheme.report_due_on) == ("Glen Trust", 45_000, 12, None)


def test_step_page_out_of_its_turn_leads_to_the_grant(scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState.REPORTED)
    client = sign_in(staff)

    for name in ("apply", "award", "decline", "pay", "due", "spend", "report"):
        assert client.get(page_of(grant, name)).headers["Location"] == grant.get_absolute_url()


def test_second_click_on_taking_back_an_invitation_finds_the_cluster(scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school)
    client, seen = sign_in(staff), grant.fingerprint

    answers = [client.post(page_of(grant, "back"), {"step": "invited", "seen": seen}) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == ["/clusters/owncluster/grants/"] * 2
    assert client.get(page_of(grant, "back")).status_code == 404


def test_award_page_shows_topics_of_application_beside_those_of_sessions(scheme, world, staff, sign_in):
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="forces")
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="outdoor")
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED, topics=["forces", "computing"])

    page = sign_in(staff).get(page_of(grant, "award"))

    fit = page.context["fit"]
    assert [(row.label, row.sessions) for row in fit.asked] == [("Forces", 1), ("Computing science", 0)]
    assert [row.label for row in fit.others] == ["Outdoor learning"]
    assert set(page.context["form"].fields) == {"seen", "awarded", "confirmed"}


def test_cluster_page_lists_eligible_schools_and_filters_by_state(scheme, world, staff, sign_in):
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    third = make.school("Thirdown Primary", world.own_authority)
    make.membership(world.own_cluster, third)
    client = sign_in(staff)
    address = reverse("cluster-grants", args=["owncluster"])

    def shown(query=""):
        return [(e["row"].school.name, str(e["row"].state)) for e in client.get(address + query).context["entries"]]

    assert shown() == [
        ("Ownschool Primary", "overdue"),
        ("Secondown Primary", "invited"),
        ("Thirdown Primary", "eligible"),
    ]
    assert shown("?state=eligible") == [("Thirdown Primary", "eligible")]
    assert len(shown("?state=nonsense&scheme=x")) == 3
    assert "Invite 1 school<" in text_of(client.get(address))


def test_cluster_page_shows_mentors_who_has_a_grant_and_no_more(scheme, world, sign_in):
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    make_grants.grant(scheme, world.second_school, GrantState.DECLINED)

    told = text_of(sign_in(world.people["mentor"]).get(reverse("cluster-grants", args=["owncluster"])))

    assert ("Has a grant" in told, "£500" in told) == (True, True)
    assert [word for word in ("Not awarded", "overdue", "Paid", "/grants/1", "State", "Invite") if word in told] == []


def test_officer_who_mentors_elsewhere_sees_there_what_mentors_see(scheme, world, sign_in):
    person = make.person("Paula Pooled", qio=world.foreign_authority)
    make.give_role(person, Role.MENTOR, world.own_cluster)
    grant = make_grants.grant(scheme, world.own_school, GrantState.DECLINED)
    client = sign_in(person)

    told = text_of(client.get(reverse("cluster-grants", args=["owncluster"])))

    assert "Not awarded" not in told
    assert client.get(page_of(grant)).status_code == 404
    assert [each.school for each in client.get("/grants/").context["object_list"]] == [world.foreign_school]


def test_officer_reads_and_is_offered_no_step(scheme, world, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED)

    page = sign_in(world.people["qio"]).get(page_of(grant))

    assert (page.context["steps"], "Ramps and cars" in text_of(page)) == ([], True)


@pytest.mark.parametrize(
    ("made", "staffs", "heads"),
    [
        ("invited", ["apply", "back"], ["apply"]),
        ("applied", ["award", "decline", "apply", "back"], ["apply"]),
        ("awarded", ["pay", "back"], []),
        ("paid", ["spend", "due", "back"], ["spend"]),
        ("spent", ["report", "spend", "due", "back"], ["report", "spend"]),
        ("reported", ["back"], []),
        ("declined", ["back"], []),
    ],
)
def test_each_is_offered_the_steps_that_are_theirs(made, staffs, heads, scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState(made))

    offered = [
        [address.rstrip("/").split("/")[-1] for _, address in sign_in(person).get(page_of(grant)).context["steps"]]
        for person in (staff, world.people["head"])
    ]

    assert offered == [staffs, heads]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=own", ["Ownschool Primary", "Secondown Primary"]),
        ("?state=overdue", ["Ownschool Primary"]),
        ("?state=applied", ["Foreignschool Primary"]),
        ("?sort=-amount", ["Ownschool Primary", "Foreignschool Primary", "Secondown Primary", "Siblingschool Primary"]),
        ("?sort=due", ["Ownschool Primary", "Foreignschool Primary", "Secondown Primary", "Siblingschool Primary"]),
        ("?q=nobody", []),
    ],
)
def test_grant_list_finds_and_sorts(query, found, scheme, world, staff, sign_in):
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    make_grants.applied(SchoolGrant.objects.get(school=world.foreign_school), staff, asked=40_000)

    page = sign_in(staff).get(f"/grants/{query}")

    assert [grant.school.name for grant in page.context["object_list"]] == found


def test_grant_lists_ask_the_database_the_same_for_one_and_for_three(scheme, world, staff, sign_in):
    make_grants.grant(scheme, world.own_school, GrantState.APPLIED, by=staff)
    SchoolGrant.objects.exclude(school=world.own_school).delete()
    client, counts = sign_in(staff), []
    addresses = ["/grants/", "/clusters/owncluster/grants/", "/grants/schemes/", "/"]
    for address in addresses:
        client.get(address)

    for _ in range(2):
        for address in addresses:
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        more = make.school(authority=world.own_authority)
        make.membership(world.own_cluster, more)
        make_grants.grant(scheme, more, GrantState.APPLIED, by=staff)

    assert counts[:4] == counts[4:]


def test_what_waits_is_told_to_those_who_can_do_it(scheme, world, staff):
    head, officer, mentor = (world.people[role] for role in ("head", "qio", "mentor"))
    grant = make_grants.grant(scheme, world.own_school)
    SchoolGrant.objects.exclude(pk=grant.pk).delete()
    told = [(due_of(staff), due_of(head))]
    for state in (GrantState.APPLIED, GrantState.AWARDED, GrantState.PAID, GrantState.SPENT, GrantState.REPORTED):
        SchoolGrant.objects.all().delete()
        make_grants.grant(scheme, world.own_school, state)
        SchoolGrant.objects.exclude(school=world.own_school).delete()
        told.append((due_of(staff), due_of(head)))

    late = ["Ownschool Primary: grant report is overdue"]
    assert told == [
        ([], ["Apply for the grant of Burnside Trust"]),
        (["Ownschool Primary: grant application waits"], []),
        (["Ownschool Primary: awarded grant is not paid"], []),
        (late, ["Say what the grant was spent on"]),
        (late, ["Hand in the report on the grant"]),
        ([], []),
    ]
    assert (due_of(officer), due_of(mentor)) == ([], [])


def test_many_applications_are_one_thing_to_do(scheme, world, staff):
    for school in (world.own_school, world.second_school):
        make_grants.grant(scheme, school, GrantState.APPLIED)

    assert due_of(staff) == ["2 grant applications wait"]


def test_home_of_a_headteacher_leads_to_the_own_grant_and_a_teachers_does_not(scheme, world, sign_in):
    grant = make_grants.grant(scheme, world.own_school, GrantState.PAID)

    told = {role: text_of(sign_in(world.people[role]).get("/")) for role in ("head", "teacher")}

    assert {role: grant.get_absolute_url() in words for role, words in told.items()} == {"head": True, "teacher": False}


def test_pages_without_grants_say_what_comes_first(world, staff, sign_in):
    told = {role: text_of(sign_in(world.people[role]).get("/grants/")) for role in ("staff", "head")} | {
        "mentor": text_of(sign_in(world.people["mentor"]).get("/clusters/owncluster/grants/"))
    }

    assert "Set up a scheme of a funder for a cohort" in told["staff"]
    assert "When SSERC invites a school" in told["head"]
    assert "When SSERC sets up a grant" in told["mentor"]


def test_record_of_changes_says_who_took_each_step_and_topics_in_words(scheme, world, staff, sign_in):
    grant = make_grants.grant(scheme, world.own_school)
    make_grants.applied(grant, world.people["head"], topics=["forces", "outdoor"])

    page = sign_in(staff).get(f"/history/schoolgrant/{grant.pk}/")

    newest = page.context["versions"][0]
    assert newest["by"] == world.people["head"]
    assert {"field": "Topics", "old": "–", "new": "Forces, Outdoor learning"} in newest["changes"]
    assert {"field": "Applied by", "old": "–", "new": "Hamish Head"} in newest["changes"]
    assert [event.event for event in page.context["events"]] == ["grant applied for"]
