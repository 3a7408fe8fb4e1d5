"""Teachers and mentors are asked by a link of their own, answer before and after, and nobody near them reads it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow, close_account
from clusters.choices import Role
from clusters.middleware import access_for
from surveys import actions, counting
from surveys.choices import Audience, Moment
from surveys.due import survey_items
from surveys.links import personal_link
from surveys.models import Invitation, Response, WaveSchool
from surveys.questionnaires import AnswersRefused
from tests import make
from tests.surveys import make_surveys

pytestmark = pytest.mark.django_db

SITE = "https://pcp.example.org/"
SCIENCE = "confidence_science"


def wave_at(world, audience, moment=Moment.FOLLOW_UP, schools=None, opened=True):
    """A wave of adults at the schools of the own cluster and the sibling's, open around today."""
    today = timezone.localdate()
    return make_surveys.wave(
        world.cohort,
        schools or [world.own_school, world.second_school, world.sibling_school],
        audience=audience,
        moment=moment,
        opens_on=today - timedelta(days=3),
        closes_on=today + timedelta(days=3),
        **({} if opened else {"opened_at": None}),
    )


def row_at(wave, school):
    return WaveSchool.objects.select_related("wave", "school", "cluster").get(wave=wave, school=school)


def answer(invitation, answers=None, finished=True):
    return actions.keep_answers(invitation, answers=answers or {SCIENCE: "4"}, now=timezone.now(), finished=finished)


@pytest.fixture
def teachers(world):
    return wave_at(world, Audience.TEACHER)


@pytest.fixture
def teacher(world, teachers):
    """The invitation of the world's teacher."""
    return Invitation.objects.create(wave=teachers, school=world.own_school, person=world.people["teacher"])


@pytest.fixture
def mentors(world):
    return wave_at(world, Audience.MENTOR)


@pytest.fixture
def mentor(world, mentors):
    """The invitation of the world's mentor, who has no school."""
    return Invitation.objects.create(wave=mentors, cluster=world.own_cluster, person=world.people["mentor"])


def test_opening_asks_the_teachers_of_the_schools_but_not_former_ones_nor_mentors(
    world, django_capture_on_commit_callbacks
):
    make.give_role(world.people["mentor"], Role.TEACHER, world.second_school)
    gone = make.person("Gone Away")
    make.give_role(gone, Role.TEACHER, world.own_school, ends_on=timezone.localdate() - timedelta(days=1))
    closed = make.person("Closed Account", teacher=world.own_school)
    close_account(closed, by=world.people["admin"])
    make.person("Far Away", teacher=world.foreign_school)
    wave = wave_at(world, Audience.TEACHER, Moment.BASELINE, opened=False)

    with django_capture_on_commit_callbacks(execute=True):
        actions.open_wave(wave, now=timezone.now(), site=SITE, by=world.people["staff"])

    asked = Invitation.objects.get()
    assert (asked.person, asked.school, asked.audience) == (world.people["teacher"], world.own_school, "teacher")
    assert [message.to for message in mail.outbox] == [[world.people["teacher"].email]]
    assert personal_link(asked, SITE) in mail.outbox[0].body
    assert "15 questions, about 5 minutes" in mail.outbox[0].body
    assert "not shown to your headteacher" in mail.outbox[0].body


def test_mentors_are_asked_once_for_their_cluster_and_at_their_school_where_there_is_one(world):
    at_school = make.person("Mona Both", mentor=world.own_cluster, teacher=world.second_school)
    make.give_role(at_school, Role.MENTOR, world.sibling_cluster, starts_on=timezone.localdate())
    wave = wave_at(world, Audience.MENTOR, opened=False)

    actions.open_wave(wave, now=timezone.now(), site=SITE, by=world.people["staff"])

    asked = {invitation.person: (invitation.cluster, invitation.school) for invitation in Invitation.objects.all()}
    assert asked == {
        world.people["mentor"]: (world.own_cluster, None),
        at_school: (world.own_cluster, world.second_school),
    }


def test_sheet_of_a_mentor_without_a_school_is_kept_and_counted_by_cluster(world, mentors, mentor):
    sheet = answer(mentor, {SCIENCE: "4", "helped": ["mentor", "plan"], "mentoring_1": "CS"})

    assert sheet.school is None
    assert sheet.answers == {SCIENCE: 4, "helped": ["mentor", "plan"], "mentoring_1": "CS"}
    totals = counting.totals(mentors.schools.all())[mentors.pk]
    assert (totals.schools, totals.answered, totals.sheets, totals.unit) == (1, 1, 1, "mentors")
    found = {
        count.cluster: (count.handed_in, count.people)
        for count in counting.mentors_by_cluster(mentors, mentors.schools.all(), timezone.localdate())
    }
    assert found == {world.own_cluster: (1, 1), world.sibling_cluster: (0, 0)}


def test_reminder_goes_to_who_has_not_answered_and_stops_when_everyone_has(
    world, teachers, teacher, django_capture_on_commit_callbacks
):
    waiting = make.person("Wanda Waiting", teacher=world.second_school)
    answer(teacher)

    with django_capture_on_commit_callbacks(execute=True):
        actions.remind(teachers, now=timezone.now(), site=SITE, by=world.people["staff"])

    assert [message.to for message in mail.outbox] == [[waiting.email]]
    answer(Invitation.objects.get(person=waiting))
    with pytest.raises(NotNow, match="no teacher is on record"):
        actions.remind(teachers, now=timezone.now(), site=SITE, by=world.people["staff"])


def test_sheet_can_be_changed_until_the_close_and_is_one_sheet(teacher):
    answer(teacher, {SCIENCE: "2", "helped": ["resources", "none"]})

    answer(teacher, {SCIENCE: "", "helped": [], "efficacy_1": "5"}, finished=False)

    assert Response.objects.get().answers == {"efficacy_1": 5}


@pytest.mark.parametrize(
    "answers",
    [
        {SCIENCE: ["4"]},
        {"helped": "mentor"},
        {"helped": ["mentor", "bribes"]},
        {SCIENCE: "TE"},
        {SCIENCE: "4\0"},
        {"mentoring_1": "4"},
    ],
)
def test_answer_that_the_form_does_not_have_is_refused(teacher, answers):
    with pytest.raises(AnswersRefused):
        answer(teacher, answers)

    assert not Response.objects.exists()


def test_question_of_the_follow_up_is_not_taken_before(world):
    wave = wave_at(world, Audience.TEACHER, Moment.BASELINE)
    invitation = Invitation.objects.create(wave=wave, school=world.own_school, person=world.people["teacher"])

    with pytest.raises(AnswersRefused):
        answer(invitation, {"programme_quality": "5"})


def test_several_teachers_of_a_school_answer_each_for_themselves(world, teachers, teacher):
    colleague = make.person("Carla Colleague", teacher=world.own_school)
    answer(teacher)
    answer(actions.own_invitation(row_at(teachers, world.own_school), now=timezone.now(), by=colleague))

    (found,) = counting.who_has_answered(teachers, [row_at(teachers, world.own_school)])

    assert (found.people, found.handed_in, found.sheets, found.by_link) == (2, 2, 2, 0)


def test_database_keeps_one_invitation_for_a_teacher_and_one_rating_for_a_school(world, teachers, teacher):
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(wave=teachers, school=world.second_school, person=world.people["teacher"])
    heads = wave_at(world, Audience.HEAD, Moment.ONCE)
    now = datetime.now(UTC)
    Invitation.objects.create(wave=heads, school=world.own_school, person=world.people["head"], answered_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        other = make.person(head=world.own_school)
        Invitation.objects.create(wave=heads, school=world.own_school, person=other, answered_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(wave=heads, school=world.second_school)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(wave=teachers, school=None)


@pytest.mark.parametrize("role", ["teacher", "mentor"])
def test_link_of_somebody_who_has_left_opens_and_keeps_nothing(client, world, role, request):
    invitation = request.getfixturevalue(role)
    answer(invitation, finished=False)
    world.people[role].role_assignments.update(ends_on=timezone.localdate() - timedelta(days=1))

    page = client.get(personal_link(invitation))
    sent = client.post(f"{personal_link(invitation)}1/", {SCIENCE: "1", "go": "finish"})

    assert (page.status_code, sent.status_code) == (410, 410)
    assert "no longer on our list" in page.content.decode()
    assert Response.objects.get().answers == {SCIENCE: 4}


def test_mentor_may_answer_while_any_school_of_the_cluster_may(client, world, mentors, mentor):
    mentors.schools.filter(school=world.own_school).update(closed_at=timezone.now())
    opened = client.get(personal_link(mentor)).status_code
    mentors.schools.filter(cluster=world.own_cluster).update(closed_at=timezone.now())

    assert (opened, client.get(personal_link(mentor)).status_code) == (200, 410)


def test_teacher_who_moves_before_answering_is_asked_about_the_new_school(world, teachers, teacher):
    world.people["teacher"].role_assignments.update(school=world.second_school)

    own = actions.own_invitation(row_at(teachers, world.second_school), now=timezone.now(), by=world.people["teacher"])

    assert (own.pk, own.school) == (teacher.pk, world.second_school)


def test_form_keeps_scales_and_ticks_page_by_page_without_scripts(client, teacher):
    link = personal_link(teacher)
    pages = [f"{link}{step}/" for step in range(1, 6)]
    client.post(pages[0], {SCIENCE: "ND", "go": "next"})
    helped = {"taken_part": "twilight", "helped": ["mentor", "plan"], "in_the_way": "none", "go": "finish"}

    thanks = client.post(pages[4], helped, follow=True)

    assert "Your answers are with SSERC" in thanks.content.decode()
    assert Response.objects.get().answers == {
        SCIENCE: "ND",
        "taken_part": ["twilight"],
        "helped": ["mentor", "plan"],
        "in_the_way": ["none"],
    }
    again = client.get(pages[4]).content.decode()
    assert again.count("checked>") == 4
    assert client.post(pages[4], {"helped": "other", "go": "next"}).status_code == 422


@pytest.mark.parametrize("role", ["teacher", "mentor"])
def test_who_is_asked_finds_it_under_my_surveys_and_among_what_is_due(world, client, role, request):
    invitation = request.getfixturevalue(role)
    person, today = world.people[role], timezone.localdate()
    client.force_login(person)
    due = list(survey_items(access_for(person), person, today))

    told = client.get(reverse("my-surveys")).content.decode()
    row = next(row for row in invitation.wave.schools.order_by("pk") if reverse("my-answers", args=[row.pk]) in told)

    assert client.post(reverse("my-answers", args=[row.pk])).url == personal_link(invitation)
    assert [item.address for item in due if item.button == "Answer"] == [reverse("my-surveys")]
    answer(invitation)
    assert not [item for item in survey_items(access_for(person), person, today) if item.button == "Answer"]
    assert "Change my answers" in client.get(reverse("my-surveys")).content.decode()


def test_staff_read_how_many_of_the_mentors_with_a_link_has_answered(world, mentors, mentor):
    second = make.person("Second Mentor", mentor=world.own_cluster)
    Invitation.objects.create(wave=mentors, cluster=world.own_cluster, person=second)
    staff, today = world.people["staff"], timezone.localdate()

    def told():
        return [item.why for item in survey_items(access_for(staff), staff, today) if item.button == "See who"]

    assert told() == ["0 of 2 mentors with a link of their own have answered; 2 have not."]
    answer(mentor)
    assert told() == ["1 of 2 mentors with a link of their own has answered; 1 has not."]


def test_nobody_answers_where_the_role_is_not_held(world, client, teachers, mentors):
    client.force_login(world.people["teacher"])

    for wave, school in ((teachers, world.second_school), (mentors, world.own_school)):
        address = reverse("my-answers", args=[row_at(wave, school).pk])
        assert client.post(address).status_code == 404


def test_what_teachers_and_mentors_say_is_reached_by_sserc_the_evaluator_and_themselves(world, teacher, mentor):
    sheets = {answer(teacher).pk, answer(mentor).pk}

    reached = {
        role: sum(
            Response.objects.allowed_to(access_for(person), permission).filter(pk__in=sheets).count()
            for permission in (Permission.SCHOOL_VIEW, Permission.WAVE_VIEW, Permission.CLASS_VIEW)
        )
        for role, person in world.people.items()
    }

    assert (reached["head"], reached["qio"], reached["mentor"]) == (0, 0, 0)
    assert reached["staff"] == 6
    assert reached["teacher"] == 2


@pytest.mark.parametrize("role", ["staff", "qio", "head"])
def test_page_of_the_wave_says_how_many_answered_and_never_who_or_what(world, client, role, teachers, teacher):
    answer(teacher, {SCIENCE: "5", "helped": ["mentor"]})
    client.force_login(world.people[role])

    told = client.get(teachers.get_absolute_url()).content.decode()

    assert "1 of 1 has answered" in told
    for hidden in (world.people["teacher"].full_name, "Very confident", "A mentor I could ask", teacher.token):
        assert hidden not in told


def test_mentors_wave_is_shown_by_cluster(world, client, mentors, mentor):
    client.force_login(world.people["qio"])

    told = client.get(mentors.get_absolute_url()).content.decode()

    assert "Owncluster" in told
    assert "0 of 1" in told
    assert world.people["mentor"].full_name not in told


def test_before_a_mentors_wave_opens_staff_read_who_is_asked(world, client):
    wave = wave_at(world, Audience.MENTOR, opened=False)
    client.force_login(world.people["staff"])

    told = client.get(reverse("wave-open", args=[wave.pk])).content.decode()

    assert "The mentors of 2 clusters can answer" in told
    assert "Each mentor on record gets an e-mail" in told


def test_staff_remind_mentors_by_a_button_that_says_how_many(world, client, mentors, mentor):
    client.force_login(world.people["staff"])
    address = reverse("wave-chase", args=[mentors.pk])

    told = client.get(address).content.decode()
    client.post(address)

    assert "not yet answered: 1 mentor." in told
    mentor.refresh_from_db()
    assert mentor.sent_at is not None


def test_staff_read_in_the_list_how_many_mentors_have_answered(world, client, mentors, mentor):
    answer(mentor)
    client.force_login(world.people["staff"])

    assert "1 of 1 mentors" in client.get(reverse("wave-list")).content.decode()
