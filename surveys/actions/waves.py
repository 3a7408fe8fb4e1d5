"""Waves made, opened and closed, for all schools or for one."""

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.module_loading import import_string
from django.utils.timezone import localdate
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from clusters.actions import NotNow
from clusters.audit import record
from clusters.choices import ParticipationState, SchoolStatus, Sector
from clusters.models import ClusterMembership
from mentors.wording import day
from surveys.actions.invitations import invite
from surveys.choices import Audience, Moment
from surveys.models import InstrumentVersion, Wave, WaveSchool

TAKING_PART = [ParticipationState.ACTIVE, ParticipationState.SUSTAIN]


@transaction.atomic
def create_wave(*, cohort, audience, moment, opens_on, closes_on, by):
    """Plan a wave for the primary schools that belong to the cohort's active clusters on the day it opens.

    Each school is written down with its cluster of that day. A follow-up asks the very versions that the baseline asked. Raises
    NotNow when the wave is there already, or when there is nobody or nothing to ask.
    """
    if Wave.objects.filter(cohort=cohort, audience=audience, moment=moment).exists():
        raise NotNow(f"{cohort} has this survey already.")
    versions = _versions(cohort, audience, moment)
    members = _members(cohort, opens_on)
    if not versions:
        raise NotNow("The questionnaires are not loaded yet. SSERC's administrator runs load_reference.")
    if not members:
        raise NotNow(f"No school belongs to an active cluster of {cohort} on {day(opens_on)}.")
    wave = Wave(cohort=cohort, audience=audience, moment=moment, opens_on=opens_on, closes_on=closes_on)
    wave._history_user = by
    wave.save()
    wave.versions.set(versions)
    rows = [
        WaveSchool(wave=wave, school_id=school, cluster_id=cluster, opens_on=opens_on, closes_on=closes_on)
        for school, cluster in members.items()
    ]
    bulk_create_with_history(rows, WaveSchool, batch_size=500, default_user=by)
    record("wave planned", wave, by=by, schools=len(rows))
    return wave


def _versions(cohort, audience, moment):
    if moment == Moment.FOLLOW_UP:
        before = Wave.objects.filter(cohort=cohort, audience=audience, moment=Moment.BASELINE).first()
        if before:
            return list(before.versions.all())
    return list(InstrumentVersion.objects.latest_of_each().filter(instrument__audience=audience))


def _members(cohort, on):
    memberships = ClusterMembership.objects.current(on).filter(
        cluster__participations__cohort=cohort,
        cluster__participations__state__in=TAKING_PART,
        school__sector=Sector.PRIMARY,
        school__status=SchoolStatus.OPEN,
    )
    return dict(memberships.order_by("starts_on", "pk").values_list("school", "cluster"))


def check_can_open(wave, *, on):
    """Raise NotNow when a wave may not be opened on this date, with the reason."""
    if reason := why_not_open(wave, on=on):
        raise NotNow(reason)


def why_not_open(wave, *, on):
    """Why a wave may not be opened on this date, as a sentence, or None."""
    if wave.opened_at:
        return "This survey is open already."
    if wave.closes_on < on:
        return f"The last day, {day(wave.closes_on)}, has passed."
    if wave.audience == Audience.PUPIL and (other := _open_beside(wave, on)):
        last = other.schools.aggregate(last=Max("closes_on"))["last"]
        return f"“{other}” is still open until {day(last)}. A class code leads to one survey at a time: close that one first, or wait."
    return why_not_ready(wave)


def _open_beside(wave, on):
    """Another pupils' survey of the same cohort that some school may still answer, or None."""
    rows = WaveSchool.objects.open(on).filter(wave__cohort=wave.cohort, wave__audience=Audience.PUPIL)
    row = rows.exclude(wave=wave).filter(wave__opened_at__isnull=False).select_related("wave__cohort").first()
    return row.wave if row else None


def check_ready(wave):
    """Raise NotNow when a later app says why answers may not come in yet."""
    if reason := why_not_ready(wave):
        raise NotNow(reason)


def why_not_ready(wave):
    """Why answers may not come in yet, by what later apps say (settings.WAVE_OPENING_CHECKS), as a sentence, or None."""
    reasons = (import_string(name)(wave) for name in settings.WAVE_OPENING_CHECKS)
    return next((reason for reason in reasons if reason), None)


@transaction.atomic
def open_wave(wave, *, now, site, by):
    """Open a wave: its questionnaires are frozen for good, adults on record get their links.

    A wave that is opened before its first day begins today. `site` is the address of the site, for the links. Raises NotNow.
    """
    today = localdate(now)
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    check_can_open(wave, on=today)
    if wave.opens_on > today:
        _begin_today(wave, today, by)
    freeze(wave, now=now)
    wave.opened_at = now
    wave._history_user = by
    wave.save()
    record("wave opened", wave, by=by)
    if wave.audience != Audience.PUPIL:
        invite(wave, now=now, site=site, by=by)
    return wave


def _begin_today(wave, today, by):
    rows = list(wave.schools.filter(opens_on=wave.opens_on))
    for row in rows:
        row.opens_on = today
    bulk_update_with_history(rows, WaveSchool, ["opens_on"], batch_size=500, default_user=by)
    wave.opens_on = today


def freeze(wave, *, now):
    """Freeze the questionnaires of a wave: from here on a change of wording is a new version."""
    wave.versions.filter(frozen_at__isnull=True).update(frozen_at=now)


@transaction.atomic
def close_wave(wave, *, now, reason, by):
    """Close a wave at every school where it is still open."""
    if wave.opened_at is None:
        raise NotNow("This survey is not open.")
    if wave.closed_at:
        raise NotNow("This survey is closed already.")
    rows = list(WaveSchool.objects.open(localdate(now)).filter(wave=wave))
    for row in rows:
        row.closed_at, row.reason = now, reason
    bulk_update_with_history(rows, WaveSchool, ["closed_at", "reason"], batch_size=500, default_user=by)
    wave.closed_at = now
    wave._history_user = by
    wave.save()
    record("wave closed", wave, by=by, schools=len(rows))
    return wave


@transaction.atomic
def close_school(wave_school, *, now, reason, by):
    """Close a wave at one school, for a reason that is kept."""
    if not wave_school.is_open(localdate(now)):
        raise NotNow("This survey is not open at this school.")
    wave_school.closed_at, wave_school.reason = now, reason
    wave_school._history_user = by
    wave_school.save()
    record("wave closed at school", wave_school, by=by)
    return wave_school


@transaction.atomic
def change_dates(wave_school, *, opens_on, closes_on, reason, now, by):
    """Give one school other dates: earlier, longer, or open again after it was closed, for a reason that is kept."""
    if closes_on < localdate(now):
        raise NotNow("The last day has passed. Choose today or a later day.")
    wave = wave_school.wave
    if wave.audience == Audience.PUPIL and wave.opened_at:
        beside = WaveSchool.objects.filter(
            school=wave_school.school_id, wave__cohort=wave.cohort_id, wave__audience=Audience.PUPIL, closed_at=None
        ).exclude(wave=wave)
        beside = beside.filter(
            wave__opened_at__isnull=False, wave__closed_at=None, opens_on__lte=closes_on, closes_on__gte=opens_on
        )
        if other := beside.select_related("wave__cohort").first():
            raise NotNow(
                f"“{other.wave}” is open at this school in these days. A class code leads to one survey at a time: close that one first."
            )
    wave_school.opens_on, wave_school.closes_on = opens_on, closes_on
    wave_school.closed_at, wave_school.reason = None, reason
    wave_school._history_user = by
    wave_school.save()
    if wave.closed_at:
        wave.closed_at = None
        wave._history_user = by
        wave.save()
    record("wave dates changed at school", wave_school, by=by, opens_on=str(opens_on), closes_on=str(closes_on))
    return wave_school
