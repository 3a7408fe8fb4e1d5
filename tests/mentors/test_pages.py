"""The session pages as people meet them: the form, the notice with Undo, the list, its file, one session."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.choices import Role
from mentors.models import Attendance, Came, LearningSession
from tests import make
from tests.mentors.making import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def mentor(world):
    return world.people["mentor"]


def filled_in(came, **fields):
    """What a browser sends: a session of today, with `came` {school: head-count}."""
    said = {
        "day": timezone.localdate().isoformat(),
        "length": "90",
        "mode": "twilight",
        "topic": "forces",
        "leader": "mentor",
        "note": "",
        "submission": str(uuid.uuid4()),
    }
    return said | {f"came_{school.pk}": count for school, count in came.items()} | fields


def text_of(response):
    return " ".join(response.content.decode().split())


def test_saving_twice_stores_once_and_says_the_same(world, mentor, sign_in):
    client = sign_in(mentor)
    sent = filled_in({world.own_school: 10, world.second_school: 8})

    answers = [client.post(reverse("session-new"), sent, follow=True) for _ in range(2)]

    assert LearningSession.objects.count() == 1
    assert answers[0].redirect_chain == answers[1].redirect_chain
    for answer in answers:
        assert "<b>Session saved.</b> 18 teachers, 27 teacher-hours." in text_of(answer)
        assert "Undo</button>" in text_of(answer)


def test_undo_is_one_tap_and_bears_a_second(world, mentor, sign_in):
    client = sign_in(mentor)
    undo = reverse("session-undo", args=[session(world.own_cluster, {world.own_school: 3}, by=mentor).pk])

    answers = [client.post(undo, follow=True) for _ in range(2)]

    assert not LearningSession.objects.exists()
    assert ["The session is taken back." in text_of(answer) for answer in answers] == [True, True]


def test_undo_after_ten_minutes_says_what_is_left_to_do(world, mentor, sign_in):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)
    LearningSession.objects.update(logged_at=timezone.now() - timedelta(minutes=11))

    answer = sign_in(mentor).post(reverse("session-undo", args=[logged.pk]), follow=True)

    assert LearningSession.objects.exists()
    assert "You can delete it." in text_of(answer)


def test_notice_with_undo_shows_only_to_who_logged_it(world, mentor, sign_in):
    logged = session(world.own_cluster, {world.own_school: 3}, by=world.people["staff"])

    page = sign_in(mentor).get(f"{logged.get_absolute_url()}?saved")

    assert "Session saved" not in text_of(page)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"day": "other", "other_day": "2999-01-01"}, "A session that has not happened yet cannot be logged."),
        ({"day": "other", "other_day": "2012-09-01"}, "Owncluster began on 18 August 2025"),
        ({"day": "other", "other_day": "sometime"}, "Give the day as day, month and year, such as 3 May 2026."),
        ({"day": "other"}, "Give the day."),
        ({"day": "soon"}, "Choose one of these."),
        ({"length": "other"}, "Give the minutes."),
        ({"length": "other", "other_minutes": "5"}, "A session lasts between 10 minutes and 10 hours"),
        ({"length": "other", "other_minutes": "9" * 5000}, "Give the minutes as a whole number"),
        ({"topic": ""}, "Choose a topic."),
        ({"submission": "x"}, "Open this page again."),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_stored(world, mentor, sign_in, fields, sentence):
    answer = sign_in(mentor).post(reverse("session-new"), filled_in({world.own_school: 3}, **fields))

    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)
    assert sentence in text_of(answer)
    assert not LearningSession.objects.exists()


def test_nobody_came_is_said_and_the_rest_of_the_form_is_kept(world, mentor, sign_in):
    answer = sign_in(mentor).post(reverse("session-new"), filled_in({}, note="Snow day"))

    assert answer.status_code == 422
    assert "Nobody came: give a head-count for at least one school." in text_of(answer)
    assert "Snow day" in text_of(answer)


def test_form_left_open_over_midnight_keeps_the_day_that_was_chosen(world, mentor, sign_in):
    chosen = timezone.localdate() - timedelta(days=2)

    sign_in(mentor).post(reverse("session-new"), filled_in({world.own_school: 3}, day=chosen.isoformat()))

    assert LearningSession.objects.get().held_on == chosen


def test_other_day_and_length_count_only_where_other_is_chosen(world, mentor, sign_in):
    client = sign_in(mentor)

    client.post(reverse("session-new"), filled_in({world.own_school: 3}, other_day="nonsense", other_minutes="9999"))
    client.post(
        reverse("session-new"),
        filled_in({world.own_school: 3}, day="other", other_day="03/11/2025", length="other", other_minutes="45"),
    )

    newest, oldest = LearningSession.objects.all()
    assert (newest.held_on, newest.minutes) == (timezone.localdate(), 90)
    assert (oldest.held_on.isoformat(), oldest.minutes) == ("2025-11-03", 45)


def test_ticked_names_without_a_headcount_are_counted(world, mentor, sign_in):
    teacher, head = world.people["teacher"], world.people["head"]

    sign_in(mentor).post(
        reverse("session-new"), filled_in({}, **{f"named_{world.own_school.pk}": [teacher.pk, head.pk]})
    )

    row = Attendance.objects.get()
    assert (row.headcount, set(row.named.all())) == (2, {teacher, head})


def test_forged_school_and_person_do_not_get_in(world, mentor, sign_in):
    stranger = make.person("Foreign Teacher", teacher=world.foreign_school)
    client = sign_in(mentor)

    client.post(reverse("session-new"), filled_in({world.own_school: 3, world.foreign_school: 9}))
    answer = client.post(
        reverse("session-new"), filled_in({world.own_school: 3}, **{f"named_{world.own_school.pk}": [stranger.pk]})
    )

    assert answer.status_code == 422
    assert [row.school for row in Attendance.objects.all()] == [world.own_school]


def test_new_form_is_filled_in_from_the_last_one_but_not_with_who_came(world, mentor, sign_in):
    session(world.own_cluster, {world.own_school: 7}, by=mentor, minutes=120, topic="sound_light", note="Private words")
    client = sign_in(mentor)

    new = client.get(reverse("session-new"))
    empty = client.get(reverse("session-new"), {"empty": ""})

    assert new.context["form"]["topic"].value() == "sound_light"
    assert new.context["form"]["length"].value() == "120"
    assert new.context["form"][f"came_{world.own_school.pk}"].value() is None
    assert "11 February 2026" in text_of(new)
    assert "Private words" not in text_of(new)
    assert empty.context["form"]["topic"].value() is None


def test_copy_brings_headcounts_but_neither_names_nor_note_nor_date(world, mentor, sign_in):
    teacher = world.people["teacher"]
    source = session(world.own_cluster, {world.own_school: Came(7, (teacher.pk,))}, by=mentor, note="Private words")

    form = sign_in(mentor).get(reverse("session-copy", args=[source.pk])).context["form"]

    assert form[f"came_{world.own_school.pk}"].value() == 7
    assert form[f"named_{world.own_school.pk}"].value() is None
    assert form["note"].value() is None
    assert form["day"].value() == timezone.localdate().isoformat()
    assert form["submission"].value() != source.submission


def test_copy_is_saved_as_a_session_of_its_own(world, mentor, sign_in):
    source = session(world.own_cluster, {world.own_school: 7}, by=mentor)

    sign_in(mentor).post(reverse("session-copy", args=[source.pk]), filled_in({world.own_school: 6}))

    assert LearningSession.objects.count() == 2
    assert LearningSession.objects.totals().attendances == 13


def test_mentor_of_two_clusters_chooses_first(world, mentor, sign_in):
    make.give_role(mentor, Role.MENTOR, world.sibling_cluster)
    client = sign_in(mentor)

    choice = client.get(reverse("session-new"))
    form = client.get(reverse("session-new"), {"cluster": world.sibling_cluster.slug})

    assert "Which cluster was it for?" in text_of(choice)
    assert "Siblingschool" in text_of(form)
    assert "Ownschool" not in text_of(form)


def test_foreign_cluster_in_the_address_is_not_found_and_takes_nothing(world, mentor, sign_in):
    address = f"{reverse('session-new')}?cluster={world.foreign_cluster.slug}"
    client = sign_in(mentor)

    assert client.get(address).status_code == 404
    assert client.post(address, filled_in({world.foreign_school: 3})).status_code == 404
    assert not LearningSession.objects.exists()


def test_change_saves_and_stays_in_its_cluster(world, mentor, sign_in):
    logged = session(world.own_cluster, {world.own_school: 3, world.second_school: 2}, by=world.people["staff"])
    address = reverse("session-change", args=[logged.pk])

    answer = sign_in(mentor).post(address, filled_in({world.own_school: 5}, length="60"), follow=True)

    logged.refresh_from_db()
    assert (logged.cluster, logged.minutes, logged.logged_by) == (world.own_cluster, 60, world.people["staff"])
    assert [row.headcount for row in logged.attendances.all()] == [5]
    assert "Changed by Morag Mentor" in text_of(answer)


def test_delete_asks_first_and_says_what_goes(world, mentor, sign_in):
    logged = session(world.own_cluster, {world.own_school: 3, world.second_school: 2}, by=mentor)
    address = reverse("session-delete", args=[logged.pk])
    client = sign_in(mentor)

    asked = client.get(address)
    client.post(address, {"reason": "logged twice"})

    assert "Its 5 teachers from 2 schools leave every count of Owncluster." in text_of(asked)
    assert "Delete the session of 11 February 2026" in text_of(asked)
    assert not LearningSession.objects.exists()


@pytest.mark.parametrize(("role", "told"), [("mentor", True), ("staff", True), ("qio", False)])
def test_names_and_note_are_for_mentors_and_sserc_only(world, mentor, sign_in, role, told):
    came = Came(3, (world.people["teacher"].pk,))
    logged = session(world.own_cluster, {world.own_school: came}, by=mentor, note="Secret words")

    page = text_of(sign_in(world.people[role]).get(logged.get_absolute_url()))

    assert "Ownschool Primary" in page
    assert ("Tina Teacher" in page) == told
    assert ("Secret words" in page) == told


def test_officer_reads_the_list_and_is_offered_no_change(world, mentor, sign_in):
    logged = session(world.own_cluster, {world.own_school: 3}, by=mentor)
    client = sign_in(world.people["qio"])

    assert "Log a session" not in text_of(client.get(reverse("session-list")))
    assert reverse("session-change", args=[logged.pk]) not in text_of(client.get(logged.get_absolute_url()))


@pytest.fixture
def many(world, mentor):
    staff, now = world.people["staff"], timezone.localdate()
    session(world.own_cluster, {world.own_school: 10}, by=mentor, topic="forces")
    session(world.own_cluster, {world.own_school: 4}, by=mentor, topic="sound_light", held_on=now, today=now)
    session(world.sibling_cluster, {world.sibling_school: 5}, by=staff, mode="online")
    session(world.foreign_cluster, {world.foreign_school: 6}, by=staff)
    return world


@pytest.mark.parametrize(
    ("role", "query", "attendances"),
    [
        ("staff", {}, 25),
        ("qio", {}, 19),
        ("mentor", {}, 14),
        ("staff", {"topic": "forces"}, 21),
        ("staff", {"mode": "online"}, 5),
        ("staff", {"cluster": "foreigncluster"}, 6),
        ("qio", {"cluster": "foreigncluster"}, 0),
        ("mentor", {"year": "2025-26"}, 10),
        ("mentor", {"topic": "body"}, 0),
        ("mentor", {"sort": "-length"}, 14),
    ],
)
def test_list_adds_up_exactly_what_it_shows_to_whom(many, sign_in, role, query, attendances):
    page = sign_in(many.people[role]).get(reverse("session-list"), query)

    assert page.context["totals"].attendances == attendances
    assert sum(row.teachers for row in page.context["page_obj"]) == attendances


def rows_of(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_download_holds_the_filtered_list_and_nobody_elses_rows(many, sign_in):
    client = sign_in(many.people["qio"])

    head, *rows = rows_of(client.get(reverse("session-download"), {"topic": "forces"}))

    assert head[:4] == ["Date", "Academic session", "Authority", "Cluster"]
    assert [(row[3], row[9], row[10]) for row in rows] == [("Siblingcluster", "5", "7.5"), ("Owncluster", "10", "15.0")]


def test_download_never_carries_a_formula_a_name_or_a_note(world, mentor, sign_in):
    world.own_cluster.name = '=HYPERLINK("x")'
    world.own_cluster.save()
    came = Came(2, (world.people["teacher"].pk,))
    session(world.own_cluster, {world.own_school: came}, by=mentor, note="Secret words")

    response = sign_in(mentor).get(reverse("session-download"))

    assert rows_of(response)[1][3] == '\'=HYPERLINK("x")'
    assert "Tina" not in response.content.decode()
    assert "Secret" not in response.content.decode()
    assert response.headers["Content-Disposition"].startswith('attachment; filename="sessions-')


def test_cluster_page_shows_the_school_that_nobody_came_from_first(world, mentor, sign_in):
    session(
        world.own_cluster, {world.second_school: 3}, by=mentor, held_on=timezone.localdate(), today=timezone.localdate()
    )

    page = sign_in(mentor).get(reverse("cluster-sessions", args=[world.own_cluster.slug]))

    assert [row.school for row in page.context["schools"]] == [world.own_school, world.second_school]
    assert "1 of 2 schools had somebody at a session" in text_of(page)
    assert text_of(page).count("Nobody yet") == 1


def test_how_counted_follows_the_setting(world, mentor, sign_in, settings):
    settings.HOURS_PER_UNIT = 6

    page = text_of(sign_in(mentor).get(reverse("counted-learning-hours")))

    assert "is 6 hours: those 27 teacher-hours are 4.5 units" in page


@pytest.mark.parametrize(("role", "there"), [("mentor", True), ("staff", False), ("head", False)])
def test_tab_bar_is_for_mentors(world, sign_in, role, there):
    page = text_of(sign_in(world.people[role]).get(reverse("more")))

    assert ('class="tabbar' in page) == there


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("session-list", 11),
        ("session-download", 7),
        ("session-new", 8),
        ("session-detail", 12),
        ("cluster-sessions", 9),
    ],
)
def test_pages_take_the_same_queries_for_one_row_and_for_three(world, mentor, sign_in, name, queries, number):
    schools = [world.own_school]
    for _ in range(number - 1):
        schools.append(make.school(authority=world.own_authority))
        make.membership(world.own_cluster, schools[-1])
    named = {school: Came(2, (make.person(teacher=school).pk,)) for school in schools}
    for _ in range(number):
        logged = session(world.own_cluster, named, by=mentor)
    arguments = {"session-detail": [logged.pk], "cluster-sessions": [world.own_cluster.slug]}.get(name, [])
    client = sign_in(mentor)

    with CaptureQueriesContext(connection) as captured:
        client.get(reverse(name, args=arguments))

    assert len(captured) == queries
