"""Waves, classes, pupils' sheets and headteachers' ratings, through the actions that real use goes through."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from reports import actions as reports_actions
from reports.management.demonstration import adults, answers, places
from reports.management.demonstration.waves import at, opened_wave
from surveys.actions.answers import store_response
from surveys.actions.classes import create_class
from surveys.actions.sheets import keep_answers
from surveys.actions.waves import change_dates
from surveys.choices import GROUP_BY_STAGE, Audience, Moment
from surveys.models import PupilCode
from surveys.questionnaires import questionnaire

LOWER, UPPER = ("P2", "P3", "P4"), ("P5", "P6", "P7")


@dataclass(frozen=True)
class Size:
    """How many pupils a school has in the evaluation on average, and which share answers both times, before only, after only."""

    pupils: float
    both: float
    before_only: float
    after_only: float
    ratings: float  # share of headteachers who answer


@dataclass
class Pupil:
    """One slip and what is true of the child who holds it."""

    code: PupilCode
    truth: answers.PupilTruth


@transaction.atomic
def evaluated(programme, kind, size):
    """A cohort whose year is over: baseline in autumn, plan, follow-up in early summer, ratings in the next autumn."""
    cohort, chooser = programme.cohorts[kind], programme.chooser
    year = cohort.starts_on.year
    truths = {
        school.pk: answers.school_truth(chooser, effect=kind == "effect")
        for cluster in programme.clusters[kind]
        for school in programme.schools[cluster.pk]
    }
    baseline = opened_wave(programme, cohort, Audience.PUPIL, Moment.BASELINE, date(year, 9, 22), date(year, 10, 9))
    pupils = _classes(programme, kind, size, truths)
    _sheets(programme, baseline, pupils, truths, after=False)
    reports_actions.fix_plan(
        cohort=cohort,
        cut=4,
        item_set="scored",
        seed=20150801,
        by=programme.evaluator,
        at=at(date(year + 1, 3, 12)),
        salt=f"{chooser.getrandbits(128):032x}",
    )
    follow_up = opened_wave(
        programme, cohort, Audience.PUPIL, Moment.FOLLOW_UP, date(year + 1, 5, 11), date(year + 1, 5, 29)
    )
    _sheets(programme, follow_up, pupils, truths, after=True)
    heads = opened_wave(programme, cohort, Audience.HEAD, Moment.ONCE, *places.ratings_asked(year))
    asked, thoughts = (
        questionnaire(heads.versions.select_related("instrument").get()),
        adults.own_chooser(programme, "heads"),
    )
    for invitation in heads.invitations.select_related("wave").order_by("school__seed_code"):
        if chooser.random() < size.ratings:
            high = truths[invitation.school_id].high
            sheet = answers.rating(chooser, asked, high) | adults.statements(thoughts, asked, high)
            keep_answers(
                invitation,
                answers=sheet,
                now=at(heads.opens_on + timedelta(days=chooser.randrange(20))),
                finished=True,
            )


@transaction.atomic
def in_progress(programme, size):
    """A cohort in its first autumn: the baseline is open, one school of each cluster has not begun, and one has more time.

    Its headteachers are asked already, a year before others are: who looks round as one of them has something to answer. A third
    have handed in, a third have begun.
    """
    cohort, chooser = programme.cohorts["current"], programme.chooser
    opens_on, closes_on = programme.today - timedelta(days=11), programme.today + timedelta(days=9)
    wave = opened_wave(programme, cohort, Audience.PUPIL, Moment.BASELINE, opens_on, closes_on)
    truths = {
        school.pk: answers.school_truth(chooser, effect=False)
        for cluster in programme.clusters["current"]
        for school in programme.schools[cluster.pk]
    }
    pupils = _classes(programme, "current", size, truths)
    for cluster in programme.clusters["current"]:
        schools = sorted(school.pk for school in programme.schools[cluster.pk])
        pupils[schools[-1]] = []  # has not begun
        for school in schools[-3:-1]:
            pupils[school] = pupils[school][: len(pupils[school]) // 2]
    _sheets(programme, wave, pupils, truths, after=False)
    extended = wave.schools.get(school_id=schools[-1])
    change_dates(
        extended,
        opens_on=opens_on,
        closes_on=closes_on + timedelta(days=10),
        reason="Boiler failure closed the school for a week",
        now=at(programme.today, 9),
        by=programme.staff,
    )
    asked_on = programme.today - timedelta(days=4)
    heads = opened_wave(programme, cohort, Audience.HEAD, Moment.ONCE, asked_on, programme.today + timedelta(days=16))
    asked = questionnaire(heads.versions.select_related("instrument").get())
    for place, invitation in enumerate(heads.invitations.select_related("wave").order_by("school__seed_code")):
        sheet = answers.rating(chooser, asked, truths[invitation.school_id].high)
        begun = dict(list(sheet.items())[: len(sheet) // 2])
        if place % 3 < 2:
            keep_answers(
                invitation, answers=sheet if place % 3 else begun, now=at(asked_on, 15), finished=bool(place % 3)
            )


def _classes(programme, kind, size, truths):
    """Classes with slips at every school of the cohort; {school pk: [Pupil]}."""
    chooser, cohort = programme.chooser, programme.cohorts[kind]
    found = {}
    for cluster in programme.clusters[kind]:
        for school in programme.schools[cluster.pk]:
            by = programme.teachers.get(school.pk) or programme.heads[school.pk]
            pupils = found[school.pk] = []
            for name, slips in plan_classes(chooser, size):
                group = create_class(school=school, cohort=cohort, name=name, slips=slips, by=by, chooser=chooser)
                for code in group.pupil_codes.select_related("class_group").order_by("slip"):
                    pupils.append(Pupil(code, answers.pupil_truth(chooser, truths[school.pk], size)))
    return found


def plan_classes(chooser, size):
    """Two classes, or one composite class in a small school: [(name, {stage: slips})]."""
    pupils = max(4, min(110, round(chooser.lognormvariate(0, 0.55) * size.pupils * 0.86)))
    if pupils < 12:
        stages = ["P4", "P5"] if chooser.random() < 0.5 else ["P3", "P4", "P5", "P6"]
        return [("/".join([stages[0], *(stage[1:] for stage in stages[1:])]), _share(chooser, pupils, stages))]
    low, high = chooser.choice(LOWER), chooser.choice(UPPER)
    lower = pupils // 2
    return [(low, {low: min(lower, 55)}), (high, {high: min(pupils - lower, 55)})]


def _share(chooser, pupils, stages):
    slips = dict.fromkeys(stages, 1)
    for _ in range(pupils - len(stages)):
        slips[chooser.choice(stages)] += 1
    return slips


def _sheets(programme, wave, pupils, truths, *, after):
    """Everybody who answers this wave, each sheet through the action that a tablet's form calls."""
    chooser = programme.chooser
    versions = {version.instrument.stage_group: version for version in wave.versions.select_related("instrument")}
    asked = {group: questionnaire(version) for group, version in versions.items()}
    days = min((wave.closes_on - wave.opens_on).days, (programme.today - wave.opens_on).days)
    for wave_school in wave.schools.select_related("wave").order_by("school__seed_code"):
        truth = truths[wave_school.school_id]
        # A late school sends its sheets in the hours after the end, from tablets that had lost their connection.
        late = truth.late and wave.closes_on < programme.today
        day = (
            wave.closes_on + timedelta(days=1) if late else wave.opens_on + timedelta(days=chooser.randrange(days + 1))
        )
        for number, pupil in enumerate(pupils[wave_school.school_id]):
            if not (pupil.truth.after if after else pupil.truth.before):
                continue
            group = GROUP_BY_STAGE[pupil.code.stage]
            trait = answers.later(chooser, truth, pupil.truth.trait) if after else pupil.truth.trait
            store_response(
                uuid=uuid.UUID(int=chooser.getrandbits(128), version=4),
                wave_school=wave_school,
                version=versions[group],
                answers=answers.sheet(chooser, asked[group], trait),
                now=at(day, 9 if late else 10, number % 60),
                stage=pupil.code.stage,
                class_group=pupil.code.class_group,
                pupil_code="" if chooser.random() < truth.lost_slips else pupil.code.code,
            )
