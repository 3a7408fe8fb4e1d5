"""Who sees a school's sheet and its picture, when, and who is told."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from clusters import letters
from clusters.actions import NotNow
from clusters.choices import Role
from clusters.due import due_items
from clusters.middleware import access_for
from reports import actions
from reports.choices import RunStatus
from reports.models import SheetNotice
from tests import make
from tests.reports.sample_sheets import HIDDEN, figures, make_sheet_set

pytestmark = pytest.mark.django_db
SITE = "https://pcp.example.org/"
NAMES = ("school-sheet", "school-sheet-file", "school-picture", "school-picture-file")


@pytest.fixture
def drafts(world):
    return make_sheet_set(world.cohort, [world.own_school, world.second_school])


def answers(client, school):
    return [client.get(reverse(name, args=[school.key])).status_code for name in NAMES]


def publish(sheets, world, **how):
    actions.publish_sheets(sheets, by=world.people["staff"], site=SITE, **how)


def test_headteacher_sees_the_own_sheet_only_while_it_is_published(world, drafts, sign_in):
    seen = []
    for step in ("draft", "published", "withdrawn"):
        if step == "published":
            publish(drafts, world)
        if step == "withdrawn":
            actions.withdraw_sheets(drafts, by=world.people["staff"], site=SITE, reason="A wrong file.")
        head = sign_in(world.people["head"])
        page = head.get(reverse("school-sheet", args=[world.own_school.key])).content.decode()
        seen.append((answers(head, world.own_school), "75% (40)" in page, "No sheet yet" in page))

    hidden, shown = ([200, 404, 200, 404], False, True), ([200, 200, 200, 200], True, False)
    assert seen == [hidden, shown, hidden]


def test_headteacher_sees_no_other_school_of_the_cluster(world, drafts, sign_in):
    publish(drafts, world)

    assert answers(sign_in(world.people["head"]), world.second_school) == [404] * 4


def test_teacher_sees_the_picture_and_not_the_sheet(world, drafts, sign_in):
    publish(drafts, world)
    teacher = sign_in(world.people["teacher"])

    assert answers(teacher, world.own_school) == [403, 403, 200, 200]
    assert (
        "We talked about science"
        in teacher.get(reverse("school-picture", args=[world.own_school.key])).content.decode()
    )
    assert "75%" not in teacher.get(reverse("school-picture", args=[world.own_school.key])).content.decode()


def test_head_here_who_teaches_there_sees_only_the_picture_there(world, drafts, sign_in):
    publish(drafts, world)
    person = make.person(head=world.own_school)
    make.give_role(person, Role.TEACHER, world.second_school)
    client = sign_in(person)

    assert answers(client, world.own_school) == [200, 200, 200, 200]
    assert answers(client, world.second_school) == [404, 404, 200, 200]


def test_staff_see_drafts_and_nobody_sees_unfinished_sets(world, sign_in):
    make_sheet_set(world.cohort, [world.own_school], status=RunStatus.RUNNING)
    staff = sign_in(world.people["staff"])

    assert answers(staff, world.own_school) == [200, 404, 200, 404]
    assert "No sheets yet" in staff.get(reverse("sheet-list", args=[world.cohort.slug])).content.decode()


def test_publishing_tells_each_headteacher_once(world, drafts, sign_in, django_capture_on_commit_callbacks):
    other = make.person("Hanna Head", head=world.second_school)
    staff = sign_in(world.people["staff"])

    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            page = staff.post(reverse("sheets-publish", args=[drafts.pk]), follow=True).content.decode()

    assert "Approved by Stella Staff" in page
    assert "2 headteachers told by e-mail." in page
    letters = {letter.to[0]: letter.body for letter in mail.outbox}
    assert len(mail.outbox) == 2
    assert f"/schools/{world.own_school.key}/sheet/" in letters[world.people["head"].email]
    assert world.second_school.name not in letters[world.people["head"].email]
    assert f"/schools/{world.second_school.key}/sheet/" in letters[other.email]
    assert SheetNotice.objects.count() == 2


def test_page_counts_emails_that_have_not_gone_out_yet(world, drafts, sign_in):
    make.person("Hanna Head", head=world.second_school)
    publish(drafts, world)
    letters.keep(subject="Published", body="Read it.", to=[world.people["head"].email])

    page = sign_in(world.people["staff"]).get(reverse("sheet-list", args=[world.cohort.slug])).content.decode()

    assert "2 headteachers told by e-mail. 1 of these e-mails has not gone out yet." in page


def test_withdrawing_needs_a_reason_and_tells_it(world, drafts, sign_in, django_capture_on_commit_callbacks):
    publish(drafts, world)
    staff = sign_in(world.people["staff"])

    refused = staff.post(reverse("sheets-withdraw", args=[drafts.pk]), {"reason": ""})
    with django_capture_on_commit_callbacks(execute=True):
        staff.post(reverse("sheets-withdraw", args=[drafts.pk]), {"reason": "A class was counted twice."})

    assert refused.status_code == 422
    assert "A class was counted twice." in mail.outbox[-1].body


def test_sheets_that_few_answers_changed_go_out_only_with_a_reason(world, drafts):
    publish(drafts, world)
    newer = make_sheet_set(world.cohort, [world.own_school], own=figures(42, 31), key="newer")

    with pytest.raises(NotNow, match="Only a few answers changed"):
        publish(newer, world)
    publish(newer, world, reason="A class came late; its teacher agreed.")

    newer.refresh_from_db()
    assert (newer.state, newer.state_reason) == ("published", "A class came late; its teacher agreed.")


def test_withdrawing_the_newest_sheets_brings_no_older_ones_back(world, drafts, sign_in):
    publish(drafts, world)
    newer = make_sheet_set(world.cohort, [world.own_school], own=figures(42, 31), key="newer")
    publish(newer, world, reason="A class came late; its teacher agreed.")
    actions.withdraw_sheets(newer, by=world.people["staff"], site=SITE, reason="A wrong file.")

    drafts.refresh_from_db()
    assert (drafts.state, drafts.state_reason) == ("withdrawn", "Newer sheets were published.")
    assert answers(sign_in(world.people["head"]), world.own_school) == [200, 404, 200, 404]


def test_hidden_figures_are_marked_and_explained_and_the_picture_tells_of_all_schools(world, sign_in):
    make_sheet_set(world.cohort, [world.own_school], own=HIDDEN, by=world.people["staff"])
    head = sign_in(world.people["head"])

    sheet = head.get(reverse("school-sheet", args=[world.own_school.key])).content.decode()
    picture = head.get(reverse("school-picture", args=[world.own_school.key])).content.decode()

    assert "[c] is hidden, so that no pupil can be recognised" in sheet
    assert "too few to show your own answers" in sheet
    assert ">60%<" in sheet
    assert "School, after" not in sheet
    assert "Here is what children in all our schools said." in picture
    assert "7 out of 10 children like it a lot" in picture


def test_home_says_when_a_sheet_is_there(world, drafts, sign_in):
    def due(role):
        person = world.people[role]
        return [item.what for item in due_items(access_for(person), person, timezone.localdate())]

    before = due("head"), due("staff")
    publish(drafts, world)
    after = due("head"), due("staff")

    read = f"Read the sheet of {world.own_school}"
    look = f"Look at the school sheets of {world.cohort} and publish them"
    assert (read in before[0], look in before[1]) == (False, True)
    assert (read in after[0], look in after[1]) == (True, False)
    assert read not in due("teacher")
    assert (
        reverse("school-sheet", args=[world.own_school.key]) in sign_in(world.people["head"]).get("/").content.decode()
    )


def test_list_of_sheets_is_searched_and_filtered(world, sign_in):
    sheets = make_sheet_set(world.cohort, [world.own_school, world.second_school, world.foreign_school])
    sheets.sheets.filter(school=world.second_school).update(shown=0)
    staff = sign_in(world.people["staff"])

    def listed(query):
        page = staff.get(f"{reverse('sheet-list', args=[world.cohort.slug])}?{query}").content.decode()
        return {
            school.name
            for school in (world.own_school, world.second_school, world.foreign_school)
            if school.name in page
        }

    assert listed("") == {"Ownschool Primary", "Secondown Primary", "Foreignschool Primary"}
    assert listed("q=foreignsch") == {"Foreignschool Primary"}
    assert listed(f"school__authority={world.own_authority.pk}") == {"Ownschool Primary", "Secondown Primary"}
    assert listed("own=no") == {"Secondown Primary"}


@pytest.mark.parametrize("schools", [1, 3])
def test_list_of_sheets_asks_a_fixed_number_of_questions(schools, world, sign_in, django_assert_num_queries):
    make_sheet_set(world.cohort, [world.own_school, world.second_school, world.foreign_school][:schools])
    staff = sign_in(world.people["staff"])

    with django_assert_num_queries(11):
        staff.get(reverse("sheet-list", args=[world.cohort.slug]))
