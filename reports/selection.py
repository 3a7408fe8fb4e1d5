"""Which rows an evaluation is about, and what has to be known before one is asked for. Reads no pupil's answers."""

import hashlib

from django.db.models import Count, Max, Sum

from reports.analysis import ANALYSIS_VERSION
from reports.models import AnalysisPlan
from surveys.choices import Audience
from surveys.models import Response, WaveSchool


def wave_schools_of(cohort):
    """The cohort's schools, with the cluster each belonged to at the time, as WaveSchool rows of its waves."""
    return WaveSchool.objects.filter(wave__cohort=cohort)


def pupil_responses_of(cohort):
    """The pupils' answer sheets of the cohort's baseline and follow-up."""
    return Response.objects.filter(wave__cohort=cohort, wave__audience=Audience.PUPIL).order_by()


def head_responses_of(cohort):
    """The headteachers' sheets of the cohort that were handed in; a draft is not an answer."""
    return Response.objects.counted().filter(wave__cohort=cohort, wave__audience=Audience.HEAD).order_by()


def fingerprint(cohort):
    """A short text that changes whenever the data behind an evaluation change.

    Always of the whole cohort, also for a report on one cluster: what that one may show depends on the others (`analysis.parts`).

    Pupils' sheets never change once stored, so their number and ids tell; headteachers' sheets do until their wave closes, so
    their answers are read.
    """
    pupils = pupil_responses_of(cohort).aggregate(n=Count("pk"), ids=Sum("pk"), last=Max("pk"))
    heads = head_responses_of(cohort).order_by("pk").values_list("pk", "answers")
    places = (
        wave_schools_of(cohort)
        .order_by("pk")
        .values_list("school_id", "cluster_id", "cluster__authority_id", "school__simd_quintile")
    )
    text = repr((sorted(pupils.items()), list(heads), list(places)))
    return hashlib.sha256(text.encode()).hexdigest()


def run_key(kind, cohort, place_kind, authority, cluster):
    """The key of a question about these data: the same question about the same data by the same method has the same key."""
    plan = AnalysisPlan.objects.get(cohort=cohort)
    data = fingerprint(cohort)
    place = (cluster or authority).pk if (cluster or authority) else ""
    text = f"{kind}|{cohort.pk}|{place_kind}|{place}|{plan.cut}|{plan.item_set}|{plan.seed}|{ANALYSIS_VERSION}|{data}"
    return hashlib.sha256(text.encode()).hexdigest()


def open_wave(cohort, on):
    """A wave of the cohort that somebody may still answer on this date, or None."""
    still = WaveSchool.objects.open(on).filter(wave__cohort=cohort, wave__opened_at__isnull=False)
    first = still.select_related("wave__cohort").first()
    return first.wave if first else None
