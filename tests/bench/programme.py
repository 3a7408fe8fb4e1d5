"""A national programme written straight into the tables, because a benchmark measures reading and needs it in seconds.

Called in a process of the site's own (`Site.run`). Nothing here goes through actions: `seed_demo --scale national` is the
programme for people to look at.
"""

import itertools
import random
import time
import uuid
from datetime import UTC, date, datetime, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.timezone import localdate

from clusters.choices import ParticipationState, Role, Sector
from clusters.models import (
    Cluster,
    ClusterMembership,
    Cohort,
    LocalAuthority,
    Participation,
    Person,
    Phase,
    RoleAssignment,
    School,
)
from mentors.models import Attendance, LearningSession
from pcp.celery import app
from reports import actions
from reports.models import AnalysisPlan, ReportRun, SheetSet
from surveys.choices import Audience, Moment
from surveys.coding import all_picture_codes
from surveys.models import ClassGroup, InstrumentVersion, PupilCode, Response, Wave, WaveSchool
from surveys.views.sheet import Sheet

CLUSTERS = 120
STAGES = ["P2", "P3", "P4", "P5", "P6", "P7"]
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def build(answers, schools):
    """Make the programme of so many `schools`, with `answers` sheets in a closed baseline wave, and an open follow-up; return what a visitor needs.

    The result is a dict: `staff_cookie`, the session cookie of a member of staff, and `classes`, a list of (class code, one of
    its slips' codes) of classes that may answer today.
    """
    today, shuffled = localdate(), random.Random(3)
    started = today - timedelta(days=300)
    authorities = list(LocalAuthority.objects.order_by("name")[:32])
    clusters = Cluster.objects.bulk_create(
        Cluster(authority=authorities[n % len(authorities)], name=f"Bench {n}", slug=f"bench-{n}")
        for n in range(CLUSTERS)
    )
    schools = School.objects.bulk_create(
        School(
            seed_code=f"99{n:05d}",
            sector=Sector.PRIMARY,
            name=f"Bench {n} Primary",
            authority=clusters[n % CLUSTERS].authority,
            roll=180,
            stage_rolls=dict.fromkeys(["P1", *STAGES], 25),
        )
        for n in range(schools)
    )
    home = {school.pk: clusters[n % CLUSTERS] for n, school in enumerate(schools)}
    ClusterMembership.objects.bulk_create(
        ClusterMembership(cluster=home[school.pk], school=school, starts_on=started) for school in schools
    )
    phase = Phase.objects.create(name="Bench phase", starts_on=date(2020, 4, 1), ends_on=date(2040, 3, 31))
    cohort = Cohort.objects.create(
        name="Bench cohort", slug="bench-cohort", phase=phase, starts_on=started, ends_on=today + timedelta(days=300)
    )
    Participation.objects.bulk_create(
        Participation(cluster=cluster, cohort=cohort, state=ParticipationState.ACTIVE, state_since=started)
        for cluster in clusters
    )
    _add_sessions(clusters, schools, home, today, shuffled)
    baseline = _wave(cohort, Moment.BASELINE, started, started + timedelta(days=30), schools, home)
    follow_up = _wave(cohort, Moment.FOLLOW_UP, today - timedelta(days=5), today + timedelta(days=30), schools, home)
    classes = _classes(schools, cohort, shuffled)
    _add_answers(baseline, classes, answers, shuffled)
    _add_answers(follow_up, classes, answers // 2, shuffled)
    slips = PupilCode.objects.bulk_create(
        PupilCode(
            class_group=group,
            school_id=group.school_id,
            cohort=cohort,
            slip=1,
            stage=group.stages[0],
            code=slip,
        )
        for group, slip in zip(classes, itertools.cycle(all_picture_codes()), strict=False)
    )
    codes = [(group.code, slip.code) for group, slip in zip(classes, slips, strict=True)]
    return {"staff_cookie": _signed_in_staff(started), "classes": codes}


def filled_sheets(number):
    """Return `number` of (class code, token): sheets of the open wave with a slip's code, and all but the last question answered."""
    waves = {row.school_id: row for row in WaveSchool.objects.open(localdate()).select_related("wave")}
    groups = itertools.cycle(ClassGroup.objects.prefetch_related("pupil_codes")[:300])
    tokens = []
    for group in itertools.islice(groups, number):
        wave_school, slip = waves[group.school_id], group.pupil_codes.all()[0]
        stage = slip.stage
        version = InstrumentVersion.objects.for_stage(wave_school.wave_id, stage).first()
        sheet = Sheet.begin(group=group, wave_school=wave_school, version=version, stage=stage, pupil_code=slip.code)
        questions = sheet.asked.questions
        for place in range(1, len(questions)):
            sheet = sheet.showing(place).answered(next(iter(questions[place - 1].codes)))
        tokens.append((group.code, sheet.showing(len(questions)).token))
    return tokens


def end_and_plan():
    """Close the open wave as if its time were over, and fix the analysis plan, so that reports may be asked for."""
    ended = localdate() - timedelta(days=1)
    at = datetime.combine(ended, datetime.min.time(), UTC)
    for rows in (Wave.objects.all(), WaveSchool.objects.all()):
        rows.filter(closes_on__gt=ended).update(closes_on=ended, closed_at=at)
    AnalysisPlan.objects.create(cohort=Cohort.objects.get(), fixed_at=at)


def wait_for_workers(number):
    """Return when so many workers answer."""
    ends = time.monotonic() + 60
    while len(app.control.ping(timeout=1)) < number:
        if time.monotonic() > ends:
            raise RuntimeError("The workers did not start.")


def ask_for_sheets():
    """Ask for the sheets of all schools, as a member of staff does."""
    actions.request_sheets(cohort=Cohort.objects.get(), by=Person.objects.get(email="bench@example.org"))


def forget_sheets():
    """Remove the sheets and their run, so that they can be asked for again."""
    SheetSet.objects.all().delete()
    ReportRun.objects.all().delete()


def sheets_stored():
    """Return how many answer sheets there are."""
    return Response.objects.count()


def _wave(cohort, moment, opens_on, closes_on, schools, home):
    closed_at = datetime.combine(closes_on, datetime.min.time(), UTC) if moment == Moment.BASELINE else None
    wave = Wave.objects.create(
        cohort=cohort,
        audience=Audience.PUPIL,
        moment=moment,
        opens_on=opens_on,
        closes_on=closes_on,
        opened_at=datetime.combine(opens_on, datetime.min.time(), UTC),
        closed_at=closed_at,
    )
    wave.versions.set(InstrumentVersion.objects.filter(instrument__audience=Audience.PUPIL))
    WaveSchool.objects.bulk_create(
        WaveSchool(
            wave=wave,
            school=school,
            cluster=home[school.pk],
            opens_on=opens_on,
            closes_on=closes_on,
            closed_at=closed_at,
        )
        for school in schools
    )
    return wave


def _classes(schools, cohort, shuffled):
    return ClassGroup.objects.bulk_create(
        ClassGroup(
            school=school, cohort=cohort, name=stage, stages=[stage], code="".join(shuffled.choices(LETTERS, k=8))
        )
        for school in schools
        for stage in STAGES
    )


def _add_answers(wave, classes, number, shuffled):
    keys = {
        version.instrument.stage_group: (version, [item.key for item in version.items.all()])
        for version in wave.versions.select_related("instrument").prefetch_related("items")
    }
    sheets = []
    for n, group in zip(range(number), itertools.cycle(classes), strict=False):
        version, items = keys["P2P4" if group.stages[0] < "P5" else "P5P7"]
        sheets.append(
            Response(
                uuid=uuid.UUID(int=shuffled.getrandbits(128), version=4),
                wave=wave,
                school_id=group.school_id,
                version=version,
                class_group=group,
                stage=group.stages[0],
                pupil_code=f"fox-tree-{n}",
                answers={item: shuffled.randint(1, 3) for item in items},
            )
        )
    Response.objects.bulk_create(sheets, batch_size=2000)


def _add_sessions(clusters, schools, home, today, shuffled):
    sessions = LearningSession.objects.bulk_create(
        LearningSession(
            cluster=cluster, held_on=today - timedelta(days=20 * n + 1), minutes=90, mode="in_school", topic="inquiry"
        )
        for cluster in clusters
        for n in range(10)
    )
    members = {cluster.pk: [school for school in schools if home[school.pk] == cluster] for cluster in clusters}
    Attendance.objects.bulk_create(
        Attendance(session=session, school=school, headcount=shuffled.randint(1, 8))
        for session in sessions
        for school in members[session.cluster_id]
    )


def _signed_in_staff(started):
    person = Person.objects.create_user("bench@example.org", "Bench Staff")
    RoleAssignment.objects.create(person=person, role=Role.STAFF, starts_on=started)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "never used"})
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
