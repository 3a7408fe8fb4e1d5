"""Quotes on pages of key findings: as far as consent goes, and not a moment longer."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from clusters.actions import NotNow
from reports import actions
from reports.choices import ReportState
from surveys import actions as survey_actions
from surveys.models import Quote
from tests.reports.access import as_read, form_at, make_quote, make_report

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 10, tzinfo=UTC)
WORDS = "The children ask for science day."
FORM = {
    "text": WORDS,
    "role": "mentor",
    "source": "diary",
    "said_on": "2026-04-30",
    "cluster": "",
    "consent": "role",
    "consent_on": "2026-05-03",
    "consent_by": "form",
    "name": "",
}


@pytest.fixture
def page(world):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    return actions.draft_key_findings(report, by=world.people["staff"])


def publish(page, quotes, by):
    actions.choose_quotes(page, quotes=quotes, by=by)
    actions.publish_key_findings(page, by=by)


def test_staff_choose_a_quote_while_they_edit_and_the_officer_reads_it(page, world, sign_in):
    quote, address = make_quote(world.own_cluster), page.get_absolute_url()
    staff = sign_in(world.people["staff"])
    form = staff.get(f"{address}edit/").content.decode()

    staff.post(f"{address}edit/", {"findings_1": "One finding.", "quotes": [quote.pk]} | as_read(page))
    staff.post(f"{address}publish/", as_read(page))
    told = sign_in(world.people["qio"]).get(address).content.decode()

    assert WORDS in form
    assert f"“{WORDS}”" in told
    assert "A mentor, Ownshire" in told


@pytest.mark.parametrize("fields", [{"consent": "none", "consent_on": None, "consent_by": ""}, {"withdrawn_at": NOW}])
def test_quote_without_consent_cannot_be_chosen(page, world, sign_in, fields):
    quote, address = make_quote(world.own_cluster, **fields), page.get_absolute_url()
    staff = sign_in(world.people["staff"])

    sent = staff.post(f"{address}edit/", {"findings_1": "One finding.", "quotes": [quote.pk]} | as_read(page))

    assert sent.status_code == 422
    assert WORDS not in staff.get(f"{address}edit/").content.decode()
    with pytest.raises(NotNow, match="no consent"):
        actions.choose_quotes(page, quotes=[quote], by=world.people["staff"])


@pytest.mark.parametrize("strange", ["1" + "0" * 30, "-1", "x", ""])
def test_number_of_no_quote_is_sent_back(page, world, sign_in, strange):
    staff = sign_in(world.people["staff"])

    sent = staff.post(
        f"{page.get_absolute_url()}edit/", {"findings_1": "One finding.", "quotes": [strange]} | as_read(page)
    )

    assert sent.status_code == 422
    assert "may no longer be used" in sent.content.decode()


def test_quote_of_another_place_is_not_offered(page, world, sign_in):
    make_quote(world.foreign_cluster, text="Said in Foreignshire.")
    make_quote(None, text="Said nowhere on record.", consent="role")

    form = sign_in(world.people["staff"]).get(f"{page.get_absolute_url()}edit/").content.decode()

    assert "Said in Foreignshire." not in form
    assert "Said nowhere on record." in form


def test_withdrawn_quote_leaves_a_published_page_at_once_and_staff_are_told(page, world, sign_in):
    staff, address = world.people["staff"], page.get_absolute_url()
    quote = make_quote(world.own_cluster)
    publish(page, [quote], staff)
    before = sign_in(world.people["qio"]).get(address).content.decode()

    sign_in(staff).post(reverse("quote-withdraw", args=[quote.pk]))
    read = sign_in(world.people["qio"]).get(address).content.decode()
    told = sign_in(staff).get(address).content.decode()
    bank = sign_in(staff).get(quote.get_absolute_url()).content.decode()

    assert WORDS in before
    assert WORDS not in read
    assert "has left this page" not in read
    assert WORDS not in told
    assert "A quote has left this page" in told
    assert str(page) in bank
    assert "consent was withdrawn" in bank
    page.refresh_from_db()
    assert page.state == ReportState.PUBLISHED


def test_quote_in_other_words_leaves_the_page_until_it_is_approved_again(page, world, sign_in):
    staff, address = world.people["staff"], page.get_absolute_url()
    quote = make_quote(None, consent="role")
    publish(page, [quote], staff)

    sign_in(staff).post(reverse("quote-edit", args=[quote.pk]), FORM | {"text": "Other words."})
    between = sign_in(world.people["qio"]).get(address).content.decode()
    publish(page, [Quote.objects.get()], staff)
    after = sign_in(world.people["qio"]).get(address).content.decode()

    assert WORDS not in between
    assert "Other words." not in between
    assert "Other words." in after


def test_lesser_consent_shows_less_at_once(page, world, sign_in):
    staff = world.people["staff"]
    quote = make_quote(world.own_cluster)
    publish(page, [quote], staff)
    kept = {name: getattr(quote, name) for name in ("text", "role", "source", "said_on", "cluster", "consent_on")}

    survey_actions.change_quote(quote, by=staff, **kept, consent="anonymous", consent_by="email", name="")
    told = sign_in(world.people["qio"]).get(page.get_absolute_url()).content.decode()

    assert WORDS in told
    assert "Somebody in the programme" in told
    assert "A mentor, Ownshire" not in told


def test_same_quotes_change_nothing_and_others_make_a_draft_again(page, world):
    staff, quote = world.people["staff"], make_quote(world.own_cluster)
    publish(page, [quote], staff)
    actions.choose_quotes(page, quotes=[quote], by=staff)
    page.refresh_from_db()
    same = page.state
    actions.choose_quotes(page, quotes=[], by=staff)
    page.refresh_from_db()

    assert (same, page.state) == (ReportState.PUBLISHED, ReportState.DRAFT)
    assert not page.quote_uses.exists()


def test_staff_keep_a_quote_and_are_told_what_is_wrong_with_another(world, sign_in):
    staff, address = sign_in(world.people["staff"]), reverse("quote-create")

    refused = staff.post(address, FORM | {"text": "Ring me on 0131 496 0000."})
    pupil = staff.post(address, FORM | {"role": "pupil"})
    later = staff.post(address, FORM | {"said_on": "2099-01-01"})
    kept = staff.post(address, FORM, follow=True)

    assert [answer.status_code for answer in (refused, pupil, later)] == [422, 422, 422]
    assert "looks like a phone number" in refused.content.decode()
    assert "No quotes of pupils are kept" in pupil.content.decode()
    assert "has not come yet" in later.content.decode()
    assert "The quote is kept." in kept.content.decode()
    assert Quote.objects.get().attribution == "A mentor"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ownshire", {"used"}),
        ("role=head", {"head"}),
        ("source=survey", {"head"}),
        ("consent=withdrawn", {"gone"}),
        ("consent=place", {"used", "head"}),
        ("used=yes", {"used"}),
        ("used=no", {"head", "gone"}),
        ("sort=-said", {"used", "head", "gone"}),
    ],
)
def test_bank_is_searched_and_filtered(page, world, sign_in, query, found):
    used = make_quote(world.own_cluster, text="Said it: used")
    make_quote(world.foreign_cluster, text="Said it: head", role="head", source="survey")
    make_quote(world.foreign_cluster, text="Said it: gone", withdrawn_at=NOW)
    actions.choose_quotes(page, quotes=[used], by=world.people["staff"])

    told = sign_in(world.people["evaluator"]).get(f"{reverse('quote-list')}?{query}").content.decode()

    assert {name for name in ("used", "head", "gone") if f"Said it: {name}" in told} == found


def test_tagged_sentence_carries_its_aims_and_keeps_them_when_it_is_edited(page, world, sign_in):
    staff, address = sign_in(world.people["staff"]), page.get_absolute_url()
    actions.edit_key_findings(
        page, sentences=[{"part": "findings", "text": "Mentors help.", "anchor": ""}], by=world.people["staff"]
    )

    form = form_at(staff, f"{address}aims/")
    (box,) = staff.get(f"{address}aims/").context["form"].names
    staff.post(f"{address}aims/", form | {box: ["A4", "D33"]})
    staff.post(f"{address}edit/", form_at(staff, f"{address}edit/") | {"findings_1": "Mentors help each other."})
    told = staff.get(address).content.decode()

    page.refresh_from_db()
    assert [(each["text"], each["aims"]) for each in page.sentences] == [("Mentors help each other.", ["A4", "D33"])]
    assert "Collegiality within and between clusters" in told
    assert "More ways to teach and assess" not in told


def test_tag_that_is_no_aim_is_refused_and_tags_make_a_draft_again(page, world, sign_in):
    staff, address = world.people["staff"], page.get_absolute_url()
    actions.publish_key_findings(page, by=staff)

    first = sign_in(staff).get(f"{address}aims/").context["form"].names[0]
    strange = sign_in(staff).post(f"{address}aims/", {first: ["X9"]} | as_read(page))
    page.refresh_from_db()
    unchanged = page.state
    sign_in(staff).post(f"{address}aims/", {first: ["A1"]} | as_read(page))
    page.refresh_from_db()

    assert (strange.status_code, unchanged, page.state) == (422, ReportState.PUBLISHED, ReportState.DRAFT)
    with pytest.raises(NotNow, match="in the meantime"):
        actions.tag_key_findings(page, aims=[["A1"]], by=staff)


def test_table_of_aims_says_which_have_no_finding_yet(page, world, sign_in):
    sentences = [{"part": "findings", "text": "Mentors help.", "anchor": "", "aims": ["A4"]}]
    actions.edit_key_findings(page, sentences=sentences, by=world.people["staff"])

    answer = sign_in(world.people["staff"]).get(reverse("findings-by-aim"))

    assert "16 of 17 have no finding yet" in answer.content.decode()
    assert answer.content.decode().count("Mentors help.") == 1
