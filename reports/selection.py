"""Which rows an evaluation is about, and what has to be known before one is asked for. Reads no pupil's answers."""

import hashlib

from django.db.models import Count, Max, Sum

from reports.analysis import ANALYSIS_VERSION
from reports.choices import PlaceKind
from reports.models import AnalysisPlan
from surveys.choices import Audience
from surveys.models import Response, WaveSchool


def wave_schools_at(cohort, place_kind, authority=None, cluster=None):
    """The cohort's schools at a place, by the cluster each belonged to at the time, as WaveSchool rows of its waves."""
    rows = WaveSchool.objects.filter(wave__cohort=cohort)
    if place_kind == PlaceKind.AUTHORITY:
        rows = rows.filter(cluster__authority=authority)
    elif place_kind == PlaceKind.CLUSTER:
        rows = rows.filter(cluster=cluster)
    return rows


def pupil_responses_at(cohort, wave_schools):
    """The pupils' answer sheets of these schools in the cohort's baseline and follow-up."""
    return Response.objects.filter(
        wave__cohort=cohort, wave__audience=Audience.PUPIL, school__in=wave_schools.values("school")
    ).order_by()


def head_responses_at(cohort, wave_schools):
    """The headteachers' sheets of these schools that were handed in; a draft is not an answer."""
    return (
        Response.objects.counted()
        .filter(wave__cohort=cohort, wave__audience=Audience.HEAD, school__in=wave_schools.values("school"))
        .order_by()
    )


def fingerprint(cohort, wave_schools):
    """A short text that changes whenever the data behind an evaluation change.

    Pupils' sheets never change once stored, so their number and ids tell; headteachers' sheets do until their wave closes, so
    their answers are read.
    """
    pupils = pupil_responses_at(cohort, wave_schools).aggregate(n=Count("pk"), ids=Sum("pk"), last=Max("pk"))
    heads = head_responses_at(cohort, wave_schools).order_by("pk").values_list("pk", "answers")
    places = wave_schools.order_by("pk").values_list(
        "school_id", "cluster_id", "cluster__authority_id", "school__simd_quintile"
    )
    text = repr((sorted(pupils.items()), list(heads), list(places)))
    return hashlib.sha256(text.encode()).hexdigest()


def run_key(kind, cohort, place_kind, authority, cluster):
    """The key of a question about these data: the same question about the same data by the same method has the same key."""
    plan = AnalysisPlan.objects.get(cohort=cohort)
    data = fingerprint(cohort, wave_schools_at(cohort, place_kind, authority, cluster))
    place = (cluster or authority).pk if (cluster or authority) else ""
    text = f"{kind}|{cohort.pk}|{place_kind}|{place}|{plan.cut}|{plan.item_set}|{plan.seed}|{ANALYSIS_VERSION}|{data}"
    return hashlib.sha256(text.encode()).hexdigest()


def open_wave(cohort, on):
    """A wave of the cohort that somebody may still answer on this date, or None."""
    still = WaveSchool.objects.open(on).filter(wave__cohort=cohort, wave__opened_at__isnull=False)
    first = still.select_related("wave__cohort").first()
    return first.wave if first else None
