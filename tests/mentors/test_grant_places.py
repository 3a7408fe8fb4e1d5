"""Where grants are looked for: the scheme that a cluster's page opens with, lists that are asked nonsense, and inviting."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters.choices import GrantState
from clusters.models import GrantScheme, SchoolGrant
from mentors import actions
from tests import make
from tests.mentors import make_grants
from tests.mentors.making import session

pytestmark = pytest.mark.django_db
OWN = "/clusters/owncluster/grants/"


@pytest.fixture
def staff(world):
    return world.people["staff"]


@pytest.fixture
def older(world, staff):
    """A scheme with a paid grant, which is overdue; two newer ones follow it in `schemes`."""
    earlier = make.cohort("Cohort 2020", starts_on=date(2020, 8, 18), ends_on=date(2022, 6, 30))
    make.participation(world.own_cluster, earlier)
    scheme = make_grants.scheme(earlier, funder="Older Trust", by=staff)
    make_grants.grant(scheme, world.own_school, GrantState.PAID)
    return scheme


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("query", "opened", "told"),
    [
        ("", "Invited Trust", "0 of 2 schools have a grant of"),
        ("?state=overdue", "Older Trust", "1 of 2 schools has a grant of"),
        ("?state=invited", "Invited Trust", "0 of 2 schools have a grant of"),
    ],
)
def test_cluster_page_opens_the_scheme_that_has_what_is_asked_for(query, opened, told, older, world, staff, sign_in):
    make_grants.scheme(world.cohort, funder="Empty Trust", by=staff)
    make_grants.grant(make_grants.scheme(world.cohort, funder="Invited Trust", by=staff), world.own_school)

    page = sign_in(staff).get(OWN + query)

    assert page.context["scheme"].funder == opened
    assert f"{told} {page.context['scheme']}<" in text_of(page)


def test_state_in_which_no_school_is_says_so(older, staff, sign_in):
    page = sign_in(staff).get(f"{OWN}?scheme={older.pk}&state=declined")

    assert page.context["entries"] == []
    assert "No school is in this state" in text_of(page)


def test_overdue_alert_leads_for_each_scheme_to_the_grants_that_it_counts(older, world, staff, sign_in):
    newer = make_grants.scheme(world.cohort, funder="Newer Trust", by=staff)
    for school in (world.own_school, world.second_school):
        make_grants.grant(newer, school, GrantState.PAID)
    client = sign_in(world.people["qio"])

    told = text_of(client.get("/"))

    for scheme, words in (
        (newer, "2 grant reports overdue, Newer Trust"),
        (older, "1 grant report overdue, Older Trust"),
    ):
        address = f"{OWN}?scheme={scheme.pk}&amp;state=overdue"
        assert f'href="{address}">{words}<' in told
        page = client.get(address.replace("&amp;", "&"))
        assert (page.context["scheme"], len(page.context["entries"])) == (scheme, int(words[0]))


@pytest.mark.parametrize(
    "address", ["/grants/?scheme=999", "/grants/?state=nope", "/clusters/?cohort=999", "/schools/?sector=x"]
)
def test_list_that_is_asked_for_what_does_not_exist_finds_nothing(address, older, staff, sign_in):
    page = sign_in(staff).get(address)

    assert list(page.context["object_list"]) == []
    assert "Choose one of these." in text_of(page)
    assert "Select a valid choice" not in text_of(page)


def test_inviting_where_nobody_is_left_offers_no_form_and_a_way_back(older, staff, sign_in):
    client = sign_in(staff)

    of_scheme = client.get(reverse("scheme-invite", args=[older.pk]))
    of_cluster = client.get(reverse("cluster-invite", args=["owncluster"]))

    for page, back in ((of_scheme, "/grants/schemes/"), (of_cluster, OWN)):
        told = text_of(page).split("<main")[1]
        assert ("Nobody is left" in told, f'href="{back}"' in told, "<form" in told.split("</main")[0]) == (
            True,
            True,
            False,
        )


def test_cluster_without_a_scheme_is_led_to_the_schemes(world, staff, sign_in):
    told = (
        text_of(sign_in(staff).get(reverse("cluster-invite", args=["owncluster"]))).split("<main")[1].split("</main")[0]
    )

    assert ("No grant scheme yet" in told, "/grants/schemes/" in told, "<form" in told) == (True, True, False)


def test_second_click_on_inviting_a_cluster_is_no_error(world, staff, sign_in):
    scheme, client = make_grants.scheme(world.cohort, by=staff), sign_in(staff)
    address = reverse("cluster-invite", args=["owncluster"])

    answers = [client.post(address, {"scheme": scheme.pk}).status_code for _ in range(2)]

    assert (answers, SchoolGrant.objects.count()) == ([302, 302], 2)


def test_cluster_is_invited_only_for_schemes_with_somebody_left(older, world, staff, sign_in):
    waiting = make_grants.scheme(world.cohort, by=staff)

    form = sign_in(staff).get(f"{reverse('cluster-invite', args=['owncluster'])}?scheme={older.pk}").context["form"]

    assert list(form.fields["scheme"].queryset) == [waiting]
    assert form["scheme"].value() == waiting.pk


def test_scheme_list_offers_inviting_only_where_somebody_is_left(older, world, staff, sign_in):
    waiting = make_grants.scheme(world.cohort, by=staff)

    told = text_of(sign_in(staff).get("/grants/schemes/"))

    offered = {scheme: reverse("scheme-invite", args=[scheme.pk]) in told for scheme in (older, waiting)}
    assert offered == {older: False, waiting: True}


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        ("0001-01-01", "Cohort 2025 starts on 18 August 2025. Choose a later day."),
        ("2025-08-17", "Cohort 2025 starts on 18 August 2025. Choose a later day."),
        ("2025-09-01", "That day has passed. Choose today or a later day."),
        ("9999-12-31", "Choose a day within the next five years, up to"),
    ],
)
def test_report_day_of_a_scheme_that_nobody_means_is_refused(due, sentence, world, staff, sign_in):
    said = {"funder": "Glen Trust", "cohort": world.cohort.pk, "amount": "500", "report_due_on": due}

    answer = sign_in(staff).post(reverse("scheme-create"), said)

    assert (answer.status_code, GrantScheme.objects.count()) == (422, 0)
    assert sentence in text_of(answer)


def test_scheme_keeps_its_day_that_has_passed_and_takes_one_to_come(older, staff, sign_in):
    address, client = reverse("scheme-change", args=[older.pk]), sign_in(staff)
    coming = timezone.localdate() + timedelta(days=30)

    answers = [
        client.post(address, {"funder": "Older Trust", "amount": "450", "report_due_on": due.isoformat()}).status_code
        for due in (older.report_due_on, coming)
    ]

    older.refresh_from_db()
    assert (answers, older.report_due_on, older.amount) == ([302, 302], coming, 45_000)


def test_staff_are_asked_about_the_school_and_headteachers_about_theirs(world, staff, sign_in):
    scheme = make_grants.scheme(world.cohort, by=staff)
    pages = {"apply": GrantState.INVITED, "spend": GrantState.PAID, "report": GrantState.SPENT}
    told = {"staff": "", "head": ""}

    for name, state in pages.items():
        scheme = make_grants.scheme(world.cohort, funder=f"Funder {name}", by=staff)
        grant = make_grants.grant(scheme, world.own_school, state)
        for role in told:
            told[role] += text_of(sign_in(world.people[role]).get(reverse(f"grant-{name}", args=[grant.pk])))

    theirs = ["do you ask for", "your cluster’s teachers", "did you spend", "What did you buy", "This is your report"]
    ours = ["does the school ask for", "the cluster’s teachers", "did the school spend", "This is the school’s report"]
    assert [words for words in theirs if words not in told["head"]] == []
    assert [words for words in theirs if words in told["staff"]] == []
    assert [words for words in ours if words not in told["staff"]] == []


@pytest.mark.parametrize(
    ("name", "made"), [("pay", GrantState.AWARDED), ("back", GrantState.AWARDED), ("back", GrantState.PAID)]
)
def test_pages_about_money_name_school_scheme_and_award_with_its_day(name, made, world, staff, sign_in):
    grant = make_grants.grant(make_grants.scheme(world.cohort, by=staff), world.own_school, made)

    told = text_of(sign_in(staff).get(reverse(f"grant-{name}", args=[grant.pk])))

    assert "Ownschool Primary was awarded £500 of Burnside Trust, Cohort 2025 on 20 September 2025." in told


def test_error_summary_has_no_full_stop_before_its_colon(world, staff, sign_in):
    scheme = make_grants.scheme(world.cohort, by=staff)
    session(world.own_cluster, {world.own_school: 4}, by=staff, topic="forces")
    grant = make_grants.grant(scheme, world.own_school, GrantState.APPLIED)

    told = text_of(sign_in(staff).post(reverse("grant-award", args=[grant.pk]), {}))

    assert (".:" in told, "Seen:" in told, "Open this page again." in told) == (False, False, True)


def test_record_of_changes_shows_pounds(world, staff, sign_in):
    grant = make_grants.grant(make_grants.scheme(world.cohort, by=staff), world.own_school, GrantState.SPENT)

    told = text_of(sign_in(staff).get(f"/history/schoolgrant/{grant.pk}/"))

    assert ("in pence" in told, "£480.50" in told, "48050" in told) == (False, True, False)


def test_large_sums_stand_in_tiles_in_whole_pounds(world, staff, sign_in):
    for number in range(20):
        scheme = make_grants.scheme(world.cohort, funder=f"Trust {number}", by=staff, amount=50_033)
        grant = make_grants.grant(scheme, world.own_school)
        actions.apply_for(grant, asked=50_033, purpose="Ramps", topics=["forces"], by=staff, on=make_grants.APPLIED)
        make_grants.awarded(grant, staff, amount=50_033)

    told = text_of(sign_in(staff).get("/grants/"))

    assert '<dd class="fig">£10,007</dd>' in told


@pytest.mark.parametrize("name", ["detail", "award", "decline"])
def test_application_stands_beside_what_the_scheme_usually_gives(name, world, staff, sign_in):
    scheme = make_grants.scheme(world.cohort, amount=60_000, by=staff)
    grant = make_grants.applied(make_grants.grant(scheme, world.own_school), staff, asked=100_000)

    page = text_of(sign_in(staff).get(reverse(f"grant-{name}", args=[grant.pk])))

    assert "<b>£1,000</b>, asked for on" in page
    assert "Burnside Trust usually gives <b>£600</b> a school." in page
    assert ("Asked for: £1,000. Burnside Trust usually gives £600 a school.</p>" in page) == (name == "award")
