"""A cohort whose surveys are over, through the actions: what the report's tests stand on."""

import io
import random
import re
import uuid
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.timezone import get_default_timezone

from clusters.choices import Role
from reports import actions, jobs
from reports.management.demonstration import answers
from surveys.actions.answers import store_response
from surveys.actions.classes import create_class
from surveys.actions.sheets import keep_answers
from surveys.actions.waves import create_wave, open_wave
from surveys.choices import GROUP_BY_STAGE, Audience, Moment
from surveys.loading import FOLDER, load_instruments
from surveys.questionnaires import questionnaire
from tests import make

SITE = "https://pcp.example.org/"


def noon(day):
    """Noon of a day in Scotland."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=get_default_timezone())


def finished_cohort(*, schools=8, pupils=12, by, authority=None, seed=1, plan=True, followed_up=True):
    """A cluster of `schools` in a cohort of its own, answered before and after, rated, with its plan. Returns (cohort, cluster)."""
    chooser = random.Random(seed)
    load_short_instruments()
    authority = authority or make.authority()
    members = [make.school(authority=authority) for _ in range(schools)]
    cluster, cohort = make.cluster(schools=members), make.cohort()
    make.participation(cluster, cohort)
    truths = {member.pk: answers.school_truth(chooser, effect=True) for member in members}
    for member in members:
        make.give_role(make.person(), Role.HEAD, member)
    pre = opened_wave(cohort, Audience.PUPIL, Moment.BASELINE, date(2025, 9, 22), by)
    slips = {
        member.pk: list(
            create_class(
                school=member, cohort=cohort, name="P4/5", slips={"P4": pupils // 2, "P5": pupils - pupils // 2}, by=by
            ).pupil_codes.select_related("class_group")
        )
        for member in members
    }
    _answer(pre, slips, truths, chooser, after=False)
    if plan:
        actions.fix_plan(cohort=cohort, cut=4, item_set="scored", seed=5, by=by, at=noon(date(2026, 3, 2)))
    if followed_up:
        post = opened_wave(cohort, Audience.PUPIL, Moment.FOLLOW_UP, date(2026, 5, 11), by)
        _answer(post, slips, truths, chooser, after=True)
        heads = opened_wave(cohort, Audience.HEAD, Moment.ONCE, date(2026, 6, 1), by)
        asked = questionnaire(heads.versions.select_related("instrument").get())
        for invitation in heads.invitations.select_related("wave"):
            sheet = answers.rating(chooser, asked, truths[invitation.school_id].high)
            keep_answers(invitation, answers=sheet, now=noon(date(2026, 6, 3)), finished=True)
    return cohort, cluster


def load_short_instruments():
    """The real questionnaires, those of pupils with every fourth question and the reversed one: a report is made in half the time."""
    with TemporaryDirectory() as folder:
        for path in FOLDER.glob("*.toml"):
            head, *items = re.split(r"(?=\[\[items\]\])", path.read_text())
            if path.name.startswith("pupils"):
                items = [item for number, item in enumerate(items) if number % 4 == 2 or "reverse = true" in item]
            Path(folder, path.name).write_text("".join([head, *items]))
        load_instruments(Path(folder))


def opened_wave(cohort, audience, moment, opens_on, by):
    """A wave planned and opened on its first day, for two weeks."""
    wave = create_wave(
        cohort=cohort,
        audience=audience,
        moment=moment,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=14),
        by=by,
    )
    return open_wave(wave, now=noon(opens_on), site=SITE, by=by)


def _answer(wave, slips, truths, chooser, *, after):
    versions = {version.instrument.stage_group: version for version in wave.versions.select_related("instrument")}
    for row in wave.schools.select_related("wave"):
        for slip in slips[row.school_id]:
            version = versions[GROUP_BY_STAGE[slip.stage]]
            trait = random.Random(slip.code).gauss(0, 1) + (truths[row.school_id].change if after else 0)
            store_response(
                uuid=uuid.UUID(int=chooser.getrandbits(128), version=4),
                wave_school=row,
                version=version,
                answers=answers.sheet(chooser, questionnaire(version), trait),
                now=noon(wave.opens_on),
                stage=slip.stage,
                class_group=slip.class_group,
                pupil_code=slip.code,
            )


def exported(cohort, by):
    """The cohort's de-identified data, asked for and made."""
    run, _ = actions.request_export(cohort=cohort, by=by)
    jobs.build(run.pk)
    run.refresh_from_db()
    assert run.failure == ""
    return run.export


def files_of(export):
    """{name: bytes} of what is in an export's ZIP."""
    archive = zipfile.ZipFile(io.BytesIO(bytes(export.content)))
    return {name: archive.read(name) for name in archive.namelist()}
