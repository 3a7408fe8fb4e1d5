"""The page of key findings: drafted from the figures, edited by staff, out only when approved."""

import pytest
from django.core import mail

from clusters.actions import NotNow
from reports import actions
from reports.choices import ReportState
from reports.models import KeyFindings
from reports.noise_wording import NO_REFERENCE
from reports.presentation import present
from reports.presentation.key_findings import draft
from tests.reports.access import as_read, form_at, make_report
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group

pytestmark = pytest.mark.django_db
SITE = "https://pcp.example.org/"


@pytest.fixture
def report(world):
    return make_report(world.cohort, world.own_cluster, by=world.people["staff"])


@pytest.fixture
def page(report, world):
    return actions.draft_key_findings(report, by=world.people["staff"])


def sentence(text, part="findings", anchor=""):
    return {"part": part, "text": text, "anchor": anchor}


def test_draft_says_what_the_report_says_and_leads_to_its_sections():
    found = draft(sample())

    texts = [each["text"] for each in found]
    assert sample()["ladder"]["sentence"] in texts
    assert any("1,338 of 2,376 pupils" in text and "(56%)" in text for text in texts)
    assert any("Of 1,338 matched pupils, 42% answered more positively" in text for text in texts)
    assert {each["anchor"] for each in found} <= {each["id"] for each in present(sample(), {})["sections"]}


def test_draft_says_what_a_decline_alone_says_with_the_reference_or_without():
    known, hidden = sample(), sample()
    hidden["change_groups"]["noise_reference"] = None

    said = [next(each["text"] for each in draft(results) if each["anchor"] == "change") for results in (known, hidden)]

    assert said[0].endswith(
        "41% less positively. With no change on the whole, about 44% would have answered less positively."
    )
    assert said[1].endswith(f"41% less positively. {NO_REFERENCE}")


def test_draft_names_the_questions_answered_most_positively_and_no_hidden_one():
    results = sample()
    items = results["items"]["P2P4"]
    items["face1"]["pos_post"], items["face1"]["n_post"] = 0.93, 250
    items["face4"] |= {"pos_post": None, "n_post": None}

    words = [each["text"] for each in draft(results) if each["anchor"] == "items"]

    assert words[0].startswith(
        "In P2–P4, of the three questions shown, the answers of the second time were most positive to these questions: 93% of 250 "
    )
    assert words[0].endswith(". The hidden one may lie higher or lower.")
    assert words[1].startswith("In P5–P7 the answers of the second time were most positive to these questions: ")
    assert "hidden" not in words[1]
    assert f"93% of 250 agreed with “{items['face1']['text']}”, and " in words[0]
    assert not any(".”" in text for text in words)
    assert not any(items["face4"]["text"] in text for text in words)


def test_draft_says_of_a_question_put_the_other_way_that_pupils_disagreed():
    results = sample()
    results["items"]["P5P7"]["att3"] |= {"pos_post": 0.97, "n_post": 348}

    words = [each["text"] for each in draft(results) if each["anchor"] == "items"]

    assert "97% of 348 disagreed with “Science lessons are boring”, and " in words[1]
    assert "“Science lessons are boring” (" not in words[1]


def test_draft_tells_confidence_in_all_four_subjects_also_where_one_is_a_bound_or_hidden():
    results, exact = sample(), {"pos_pre": 0.4, "n_pre": 24, "pos_post": 0.7, "n_post": 20}
    bounds = {"pos_pre_over": 0.5, "n_pre": 12, "pos_post_over": 0.5, "n_post": 11}
    half, hidden = exact | {"pos_pre": None, "pos_pre_under": 0.5}, {"n_pre": None, "n_post": None}
    results["adults"] = {
        "groups": {
            group: {"sheets_pre": 24, "sheets_post": 20, "linked": 18} for group in ("mentor", "teacher", "head")
        },
        "confidence": {
            "mentor": {"science": bounds, "technology": bounds, "engineering": half, "mathematics": bounds},
            "teacher": {
                "science": exact,
                "technology": hidden,
                "engineering": exact,
                "mathematics": half | {"pos_pre_under": None},
            },
            "head": {"science": hidden, "technology": hidden},
        },
    }

    words = [each["text"] for each in draft(results) if each["anchor"] == "adults"]

    both = "over 50% (12) and over 50% (11)"
    assert words == [
        f"Mentors who are confident or very confident in teaching, before and after: science {both}; technology {both}; "
        f"engineering under 50% (24) and 70% (20); mathematics {both}. “Over” and “under” stand where the exact share cannot be "
        "shown, so no change can be read from them.",
        "Teachers who are confident or very confident in teaching, before and after: science 40% (24) and 70% (20); technology "
        "cannot be shown; engineering 40% (24) and 70% (20); mathematics cannot be shown before, 70% (20) after.",
    ]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((384, 207, 37), " (most are not the same people: 37 answered both times): "),
        ((384, 207, 0), " (nobody’s two answers could be linked, so these are two sets of people): "),
        ((384, 207, None), " (how many are the same people cannot be shown): "),
        ((40, 38, 30), "before and after: "),
    ],
)
def test_draft_says_in_the_sentence_on_confidence_where_most_are_not_the_same_people(counts, words):
    results = sample()
    results["adults"] = {
        "groups": {"teacher": dict(zip(("sheets_pre", "sheets_post", "linked"), counts, strict=True))},
        "confidence": {"teacher": {"science": {"pos_pre": 0.54, "n_pre": 371, "pos_post": 0.81, "n_post": 194}}},
    }

    said = next(each["text"] for each in draft(results) if each["anchor"] == "adults")

    assert f"{words}science 54% (371) and 81% (194)." in said


def test_draft_of_a_report_without_rating_groups_says_so_in_the_background_and_begins_with_a_finding():
    results = sample_hidden_by_group()
    results["ladder"] |= {"level": "L1", "sentence": results["hidden_reason"]}

    found = draft(results)

    background, findings = ([each for each in found if each["part"] == name] for name in ("background", "findings"))
    assert (background[-1]["text"], background[-1]["anchor"]) == (
        "This page compares no groups of schools, because single schools could be recognised.",
        "comparison",
    )
    assert findings[0]["text"].startswith("Of 1,338 matched pupils, 42% answered more positively")
    assert not any("rating group" in each["text"] for each in found)


@pytest.mark.parametrize(("level", "place"), [("L0", "background"), ("L1", "findings"), ("L2", "findings")])
def test_draft_has_a_comparison_that_finds_nothing_in_the_background(level, place):
    results, untold, missing = sample_at(level), sample_at("L1"), sample_hidden_by_group()
    untold["change_groups"] |= {"high": None, "low": None}

    said = [next(each for each in draft(each) if each["anchor"] == "comparison") for each in (results, untold, missing)]

    assert [each["part"] for each in said] == [place, "background", "background"]
    assert said[2]["text"] == missing["ladder"]["sentence"]


def test_drafting_twice_keeps_what_was_edited(report, page, world):
    actions.edit_key_findings(page, sentences=[sentence("Mentors were glad of each other.")], by=world.people["staff"])

    again = actions.draft_key_findings(report, by=world.people["staff"])

    assert (again.pk, again.sentences[0]["text"]) == (page.pk, "Mentors were glad of each other.")


def test_staff_edit_approve_and_the_officer_reads(page, world, sign_in):
    staff, address = sign_in(world.people["staff"]), page.get_absolute_url()

    answer = staff.post(
        f"{address}edit/",
        form_at(staff, f"{address}edit/") | {"success_1": "Two residentials.", "success_1_anchor": "who"},
        follow=True,
    )
    before = sign_in(world.people["qio"]).get(address).status_code
    sign_in(world.people["staff"]).post(f"{address}publish/", as_read(page))
    after = sign_in(world.people["qio"]).get(address)

    assert "Saved as a draft." in answer.content.decode()
    assert (before, after.status_code) == (404, 200)
    assert "approved by Stella Staff" in after.content.decode()
    assert "Two residentials." in after.content.decode()
    assert f"{page.report.get_absolute_url()}#who" in after.content.decode()


def test_any_change_takes_the_approval_back_and_no_change_does_not(page, world):
    staff = world.people["staff"]
    actions.publish_key_findings(page, by=staff)
    page.refresh_from_db()
    actions.edit_key_findings(page, sentences=page.sentences, by=staff)
    page.refresh_from_db()
    unchanged = page.state
    actions.edit_key_findings(page, sentences=[*page.sentences, sentence("One more.")], by=staff)
    page.refresh_from_db()

    assert (unchanged, page.state, page.state_by) == (ReportState.PUBLISHED, ReportState.DRAFT, None)


@pytest.mark.parametrize(
    "text",
    [
        "PCP led to better attitudes.",
        "This proves it.",
        "There was no effect.",
        "A significant gain.",
        "Thanks to PCP more liked it.",
    ],
)
def test_sentence_that_claims_too_much_is_refused_with_the_reason(page, world, sign_in, text):
    answer = sign_in(world.people["staff"]).post(
        f"{page.get_absolute_url()}edit/", {"findings_1": text} | as_read(page)
    )

    assert answer.status_code == 422
    assert "two things go together" in answer.content.decode()
    page.refresh_from_db()
    assert text not in [each["text"] for each in page.sentences]


def test_words_that_only_contain_a_claim_are_no_claim(page, world):
    written = [sentence("Pupils’ answers improved; insignificantly few sheets were lost.")]

    actions.edit_key_findings(page, sentences=written, by=world.people["staff"])

    page.refresh_from_db()
    assert page.sentences == written


def test_ladders_own_sentence_may_stand_whatever_its_words(report, page, world):
    report.results["ladder"]["sentence"] = (
        "Significantly fewer declined: 36% v 45% (95% CI 2 to 13). It does not show that PCP caused it."
    )
    report.save()
    page.report.refresh_from_db()

    actions.edit_key_findings(
        page, sentences=[sentence(report.results["ladder"]["sentence"])], by=world.people["staff"]
    )

    page.refresh_from_db()
    assert page.sentences[0]["text"].startswith("Significantly")


def test_page_of_a_report_that_is_not_published_cannot_be_published(world):
    found = actions.draft_key_findings(make_report(world.cohort, world.own_cluster), by=world.people["staff"])

    with pytest.raises(NotNow, match="Publish the report first"):
        actions.publish_key_findings(found, by=world.people["staff"])


def test_withdrawing_the_report_takes_its_page_with_it(page, world, sign_in):
    staff = world.people["staff"]
    actions.publish_key_findings(page, by=staff)
    actions.withdraw_report(page.report, by=staff, site=SITE, reason="A wrong cut.")

    page.refresh_from_db()
    assert (page.state, page.state_reason) == (ReportState.WITHDRAWN, "A wrong cut.")
    assert sign_in(world.people["qio"]).get(page.get_absolute_url()).status_code == 404


def test_page_of_a_report_that_is_published_again_goes_out_only_when_it_is_approved_again(
    page, world, sign_in, django_capture_on_commit_callbacks
):
    staff = world.people["staff"]
    actions.publish_key_findings(page, by=staff)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_report(page.report, by=staff, site=SITE, reason="A wrong cut.")
    actions.publish_report(page.report, by=staff, site=SITE, reason="Looked at again.")
    officer = sign_in(world.people["qio"])

    report, before = (officer.get(each.get_absolute_url()).status_code for each in (page.report, page))
    actions.publish_key_findings(page, by=staff)

    assert (report, before, officer.get(page.get_absolute_url()).status_code) == (200, 404, 200)
    assert "Its key findings are withdrawn with it." in mail.outbox[0].body


def test_page_that_was_left_published_under_a_withdrawn_report_says_so_and_is_a_draft_when_that_is_published(
    page, world, sign_in, django_capture_on_commit_callbacks
):
    staff, asked = world.people["staff"], f"{page.get_absolute_url()}withdraw/"
    left = {"state": ReportState.PUBLISHED, "state_by": staff, "state_since": page.report.built_at}
    actions.withdraw_report(page.report, by=staff, site=SITE, reason="A wrong cut.")
    KeyFindings.objects.update(**left)
    told = sign_in(staff).get(asked).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_key_findings(page, by=staff, reason="Left behind.")
    KeyFindings.objects.update(**left)
    actions.publish_report(page.report, by=staff, site=SITE, reason="Looked at again.")

    page.refresh_from_db()
    assert "the report itself is withdrawn already" in told
    assert "The report is withdrawn too." in mail.outbox[0].body
    assert (page.state, page.state_by) == (ReportState.DRAFT, None)


def test_approved_page_has_no_part_that_is_empty_and_no_word_to_staff(page, world, sign_in):
    staff, address = world.people["staff"], page.get_absolute_url()
    draft_page = sign_in(staff).get(address).content.decode()
    actions.publish_key_findings(page, by=staff)

    approved = sign_in(staff).get(address).content.decode()

    assert "Success factors" in draft_page
    assert "Nothing is written here yet" in draft_page
    assert "Success factors" not in approved
    assert "Nothing is written here yet" not in approved


def test_asking_for_approval_names_the_readers_and_what_is_empty(page, world, sign_in):
    client, address = sign_in(world.people["staff"]), f"{page.get_absolute_url()}publish/"
    empty = client.get(address).content.decode()
    actions.edit_key_findings(
        page, sentences=[*page.sentences, sentence("Two residentials.", "success")], by=world.people["staff"]
    )

    full = client.get(address).content.decode()

    assert "SSERC, the evaluator and the officers of Ownshire (Quentin Officer) can read this page" in empty
    assert "Nothing is written under “Success factors” yet" in empty
    assert "Nothing is written under" not in full


def test_asking_for_approval_of_a_whole_cohorts_page_names_no_officer(world, sign_in):
    found = actions.draft_key_findings(make_report(world.cohort), by=world.people["staff"])

    answer = sign_in(world.people["staff"]).get(f"{found.get_absolute_url()}publish/").content.decode()

    assert "SSERC and the evaluator, and nobody else, can read this page" in answer


def test_withdrawing_the_page_takes_it_back_tells_the_officer_and_leaves_the_report(
    page, world, sign_in, django_capture_on_commit_callbacks
):
    staff, address = world.people["staff"], page.get_absolute_url()
    actions.publish_key_findings(page, by=staff)

    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in(staff).post(f"{address}withdraw/", {"reason": "A wrong figure."}, follow=True)

    page.refresh_from_db()
    assert (page.state, page.state_by, page.state_reason) == (ReportState.WITHDRAWN, staff, "A wrong figure.")
    assert "<b>Withdrawn</b> by Stella Staff" in answer.content.decode()
    assert [letter.to for letter in mail.outbox] == [[world.people["qio"].email]]
    assert "The report itself stays.\n\nThe reason: A wrong figure." in mail.outbox[0].body
    officer = sign_in(world.people["qio"])
    assert officer.get(address).status_code == 404
    assert officer.get(page.report.get_absolute_url()).status_code == 200


def test_withdrawing_the_page_needs_a_reason_and_a_page_that_is_out(page, world, sign_in):
    staff, address = world.people["staff"], page.get_absolute_url()

    with pytest.raises(NotNow, match="This page is a draft"):
        actions.withdraw_key_findings(page, by=staff, reason="A wrong figure.")
    actions.publish_key_findings(page, by=staff)

    assert sign_in(staff).post(f"{address}withdraw/", {"reason": ""}).status_code == 422


def test_withdrawn_page_that_is_edited_is_a_draft_without_the_old_reason(page, world):
    staff = world.people["staff"]
    actions.publish_key_findings(page, by=staff)
    actions.withdraw_key_findings(page, by=staff, reason="A wrong figure.")

    actions.edit_key_findings(page, sentences=[sentence("Put right.")], by=staff)

    page.refresh_from_db()
    assert (page.state, page.state_reason) == (ReportState.DRAFT, "")


def test_page_shows_the_level_of_evidence(page, world, sign_in):
    answer = sign_in(world.people["staff"]).get(page.get_absolute_url()).content.decode()

    assert f"{page.report.results['ladder']['level']} {page.report.results['ladder']['title']}</span>" in answer


def test_edit_page_keeps_spare_boxes_folded_and_says_of_none_that_it_is_optional(page, world, sign_in):
    answer = sign_in(world.people["staff"]).get(f"{page.get_absolute_url()}edit/").content.decode().split("<main")[1]

    assert "(optional)" not in answer.split('id="id_quotes"')[0]
    assert answer.count("<details") == 3
    assert "<details open" not in answer
    assert "Add a sentence" in answer
