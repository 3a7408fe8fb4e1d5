"""Makers of surveys: one thing each, with obvious defaults."""

import uuid
from datetime import UTC, date, datetime

from surveys.actions import store_response
from surveys.choices import Audience, Moment
from surveys.loading import load_instruments
from surveys.models import ClassGroup, InstrumentVersion, Wave, WaveSchool
from tests import make

OPENS = date(2025, 9, 1)
CLOSES = date(2025, 9, 30)
OPENED_AT = datetime(2025, 9, 1, 8, tzinfo=UTC)
DURING = datetime(2025, 9, 10, 10, tzinfo=UTC)


def instruments():
    """The instruments that come with the programme."""
    load_instruments()


def wave(
    cohort,
    schools,
    moment=Moment.BASELINE,
    audience=Audience.PUPIL,
    opened_at=OPENED_AT,
    opens_on=OPENS,
    closes_on=CLOSES,
):
    """A wave at some schools, open in September 2025 unless `opened_at` is None; each school's cluster is its present one."""
    if not InstrumentVersion.objects.exists():
        instruments()
    made = Wave.objects.create(
        cohort=cohort, audience=audience, moment=moment, opens_on=opens_on, closes_on=closes_on, opened_at=opened_at
    )
    made.versions.set(InstrumentVersion.objects.filter(instrument__audience=audience))
    for school in schools:
        cluster = school.clusters.first() or make.cluster(schools=[school])
        WaveSchool.objects.create(wave=made, school=school, cluster=cluster, opens_on=opens_on, closes_on=closes_on)
    return made


def class_group(school, cohort, name="P3/4", stages=("P3", "P4"), code="KTRM4827"):
    """A class; give each its own code."""
    return ClassGroup.objects.create(school=school, cohort=cohort, name=name, stages=list(stages), code=code)


def sheet(wave_school, stage="P3", answers=None, **fields):
    """One stored sheet of a pupil wave at a school."""
    version = InstrumentVersion.objects.for_stage(wave_school.wave, stage).get()
    answers = {"p2p4_school_liking_1": 3} if answers is None else answers
    fields = {"uuid": uuid.uuid4(), "now": DURING} | fields
    return store_response(wave_school=wave_school, version=version, stage=stage, answers=answers, **fields)
