"""Two people at one page of key findings: nobody approves, drops or tags what they have not seen."""

import pytest

from reports import actions
from reports.choices import ReportState
from surveys.models import Quote
from tests import make
from tests.reports.access import form_at, make_quote, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(world):
    staff = world.people["staff"]
    found = actions.draft_key_findings(make_report(world.cohort, world.own_cluster, by=staff), by=staff)
    return edited(found, "One.", "Two.")


@pytest.fixture
def staff(world, sign_in):
    return sign_in(world.people["staff"])


def edited(page, *texts):
    """The page after somebody else has written these sentences."""
    sentences = [{"part": "findings", "text": text, "anchor": ""} for text in texts]
    actions.edit_key_findings(page, sentences=sentences, by=make.person(f"Somebody Else {len(texts)}", staff=True))
    page.refresh_from_db()
    return page


def kept(page):
    page.refresh_from_db()
    return [(each["text"], *each.get("aims", [])) for each in page.sentences]


def test_page_that_is_to_be_approved_stands_above_the_button(page, world, staff):
    actions.choose_quotes(page, quotes=[make_quote(world.own_cluster, text="Said so.")], by=world.people["staff"])
    actions.tag_key_findings(page, aims=[["A4"], []], by=world.people["staff"])

    asked = staff.get(f"{page.get_absolute_url()}publish/").content.decode()

    assert all(
        asked.index(words) < asked.index("Approve and publish</button>") for words in ("One.", "Two.", "Said so.")
    )
    assert "Collegiality within and between clusters" in asked


def test_approval_of_a_page_that_was_changed_meanwhile_is_refused_until_it_is_read_again(page, staff):
    address = f"{page.get_absolute_url()}publish/"
    form = form_at(staff, address)
    edited(page, "Never seen.")

    refused = staff.post(address, form)
    page.refresh_from_db()
    still = page.state
    again = {"seen": refused.context["form"]["seen"].value()}
    staff.post(address, again)

    page.refresh_from_db()
    assert (refused.status_code, still, page.state) == (422, ReportState.DRAFT, ReportState.PUBLISHED)
    assert "This page was changed since you opened it." in refused.content.decode()
    assert "Never seen." in refused.content.decode()


@pytest.mark.parametrize("change", ["quote", "tag", "consent"])
def test_approval_is_refused_after_any_change_of_what_is_printed(page, world, staff, change):
    by, address = world.people["staff"], f"{page.get_absolute_url()}publish/"
    quotes = [make_quote(world.own_cluster, text=text) for text in ("Said so.", "Said it again.")]
    actions.choose_quotes(page, quotes=quotes[:1], by=by)
    form = form_at(staff, address)
    if change == "quote":
        actions.choose_quotes(page, quotes=quotes, by=by)
    elif change == "tag":
        actions.tag_key_findings(page, aims=[["A4"], []], by=by)
    else:
        Quote.objects.filter(pk=quotes[0].pk).update(consent="anonymous")

    refused = staff.post(address, form)

    page.refresh_from_db()
    assert (refused.status_code, page.state) == (422, ReportState.DRAFT)


def test_approval_without_a_mark_of_what_was_read_is_refused(page, staff):
    refused = staff.post(f"{page.get_absolute_url()}publish/")

    page.refresh_from_db()
    assert (refused.status_code, page.state) == (422, ReportState.DRAFT)


def test_second_click_on_approve_save_or_tag_is_no_change_meanwhile(page, staff):
    address = page.get_absolute_url()
    form, tags = form_at(staff, f"{address}edit/"), form_at(staff, f"{address}aims/")
    first = staff.get(f"{address}aims/").context["form"].names[0]
    answers = [staff.post(f"{address}aims/", tags | {first: ["A4"]}) for _ in range(2)]
    form = form_at(staff, f"{address}edit/") | {"findings_2": "Two, said better."}
    answers += [staff.post(f"{address}edit/", form) for _ in range(2)]
    form = form_at(staff, f"{address}publish/")
    answers += [staff.post(f"{address}publish/", form) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302] * 6
    assert kept(page) == [("One.", "A4"), ("Two, said better.",)]


def test_stale_edit_drops_nobodys_sentence_and_keeps_what_was_typed_until_it_is_sent_again(page, staff):
    address = f"{page.get_absolute_url()}edit/"
    form = form_at(staff, address) | {"findings_1": "One, said better.", "findings_4": "And one of mine."}
    edited(page, "One.")

    refused = staff.post(address, form)
    told, still = refused.content.decode(), kept(page)
    now = refused.context["form"]
    staff.post(address, {field.html_name: field.value() for field in now if field.value()})

    assert (refused.status_code, still) == (422, [("One.",)])
    assert "Somebody has changed this page since you opened it" in told
    assert "What the page says now" in told
    assert [now[f"findings_{number}"].value() for number in (1, 2, 4)] == [
        "One, said better.",
        "Two.",
        "And one of mine.",
    ]
    assert kept(page) == [("One, said better.",), ("Two.",), ("And one of mine.",)]


def test_stale_edit_of_the_same_sentences_drops_nobodys_quote(page, world, staff):
    address = f"{page.get_absolute_url()}edit/"
    form = form_at(staff, address)
    actions.choose_quotes(page, quotes=[make_quote(world.own_cluster)], by=world.people["staff"])

    refused = staff.post(address, form)

    assert refused.status_code == 422
    assert page.quote_uses.count() == 1


def test_sentence_keeps_its_aims_when_a_stale_edit_is_sent_again(page, world, staff):
    address = f"{page.get_absolute_url()}edit/"
    actions.tag_key_findings(page, aims=[[], ["A4"]], by=world.people["staff"])
    form = form_at(staff, address) | {"findings_2": "Two, said better."}
    edited(page, "Other.", "One.")

    refused = staff.post(address, form).context["form"]
    staff.post(address, {field.html_name: field.value() for field in refused if field.value()})

    assert kept(page) == [("One.",), ("Two, said better.", "A4")]


def test_stale_tag_lands_on_no_other_sentence_and_stays_ticked_beside_its_own(page, staff):
    address = f"{page.get_absolute_url()}aims/"
    form = form_at(staff, address)
    one, _ = staff.get(address).context["form"].names
    edited(page, "Other.", "One.", "Two.")
    actions.tag_key_findings(page, aims=[["D33"], [], []], by=make.person("Third Person", staff=True))

    refused = staff.post(address, form | {one: ["A4"]})
    still, now = kept(page), refused.context["form"]
    staff.post(address, {field.html_name: field.value() for field in now if field.value()})

    assert (refused.status_code, still) == (422, [("Other.", "D33"), ("One.",), ("Two.",)])
    assert "with your ticks beside those that are still the same" in refused.content.decode()
    assert kept(page) == [("Other.", "D33"), ("One.", "A4"), ("Two.",)]


def test_same_sentence_twice_is_tagged_each_by_itself(page, staff):
    address = f"{page.get_absolute_url()}aims/"
    edited(page, "Same.", "Same.", "Same.")
    first, second, third = staff.get(address).context["form"].names

    staff.post(address, form_at(staff, address) | {first: ["A1"], second: ["A4"], third: ["D33"]})

    assert kept(page) == [("Same.", "A1"), ("Same.", "A4"), ("Same.", "D33")]
