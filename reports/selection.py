"""Which rows an evaluation is about, and what has to be known before one is asked for. Reads no pupil's answers."""

import hashlib

from django.conf import settings
from django.db.models import Count, Max, Sum

from clusters.models import Cohort
from reports.analysis import ANALYSIS_VERSION
from reports.analysis.bands import area, roll_band
from reports.analysis.rules import Rules
from reports.choices import ReportKind
from reports.models import AnalysisPlan, CodedAnswers, Report
from surveys.choices import Audience
from surveys.models import Response, WaveSchool

TREND_FORM = "2"  # changes when a stored trend of before can no longer be read, or its files are wrong


def wave_schools_of(cohort):
    """The cohort's schools, with the cluster each belonged to at the time, as WaveSchool rows of its waves."""
    return WaveSchool.objects.filter(wave__cohort=cohort)


def pupil_responses_of(cohort):
    """The pupils' answer sheets of the cohort's baseline and follow-up."""
    return Response.objects.filter(wave__cohort=cohort, wave__audience=Audience.PUPIL).order_by()


def head_responses_of(cohort):
    """The headteachers' sheets of the cohort that were handed in; a draft is not an answer."""
    return Response.objects.counted().filter(wave__cohort=cohort, wave__audience=Audience.HEAD).order_by()


def adult_responses_of(cohort):
    """What mentors, teachers and headteachers of the cohort handed in."""
    adults = (Audience.MENTOR, Audience.TEACHER, Audience.HEAD)
    return Response.objects.counted().filter(wave__cohort=cohort, wave__audience__in=adults).order_by()


def sheets_of(cohort):
    """A text that changes whenever a pupil's sheet of the cohort comes or goes, or its code is put right or destroyed.

    The answers of a sheet never change once stored. They are what takes the time to read, and are not read here.
    """
    digest = hashlib.sha256()
    columns = ("pk", "school_id", "wave_id", "stage", "pupil_code")
    for row in pupil_responses_of(cohort).order_by("pk").values_list(*columns).iterator(chunk_size=5000):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def forget_erased():
    """Remove what was kept of pupils' sheets (`reports.coded`) that are others by now: what is erased goes from there as well."""
    for row in CodedAnswers.objects.defer("content").select_related("cohort"):
        if row.sheets != sheets_of(row.cohort):
            row.delete()


def fingerprint(cohort):
    """A short text that changes whenever the data behind an evaluation change.

    Always of the whole cohort, also for a report on one cluster: what that one may show depends on the others (`analysis.parts`).

    Pupils' sheets never change once stored, so their number and ids tell; adults' sheets do until their wave closes, so their
    answers are read.
    """
    pupils = pupil_responses_of(cohort).aggregate(n=Count("pk"), ids=Sum("pk"), last=Max("pk"))
    adults = adult_responses_of(cohort).order_by("pk").values_list("pk", "answers")
    facts = ("school__simd_quintile", "school__roll", "school__urban_rural", "school__urban_rural_folds")
    rows = (
        wave_schools_of(cohort).order_by("pk").values_list("school_id", "cluster_id", "cluster__authority_id", *facts)
    )
    # As coarse as in the data: a roll that moves within its band is the same evaluation.
    places = [(*row[:4], roll_band(row[4]), area(*row[5:])) for row in rows]
    text = repr((sorted(pupils.items()), list(adults), places))
    return hashlib.sha256(text.encode()).hexdigest()


def disclosure_settings():
    """What hides small numbers, by the names of `analysis.schema.Rules`: in every report, and in the key of its question."""
    return {
        "rule": settings.DISCLOSURE_RULE,
        "minimum_base": settings.DISCLOSURE_MINIMUM_BASE,
        "small_cell": settings.DISCLOSURE_MINIMUM_CELL,
        "alike_base": settings.DISCLOSURE_ALIKE_BASE,
        "group_schools": settings.DISCLOSURE_GROUP_SCHOOLS,
        "group_pupils": settings.DISCLOSURE_GROUP_PUPILS,
        "place_schools": settings.DISCLOSURE_PLACE_SCHOOLS,
    }


def rules():
    """The rule of disclosure control and its thresholds, from the settings."""
    return Rules(**disclosure_settings())


def run_key(kind, cohort, place_kind, authority, cluster):
    """The key of a question about these data: the same question about the same data by the same method has the same key."""
    plan = AnalysisPlan.objects.get(cohort=cohort)
    data = fingerprint(cohort)
    place = (cluster or authority).pk if (cluster or authority) else ""
    hidden = "|".join(str(value) for value in disclosure_settings().values())
    asked = f"{kind}|{cohort.pk}|{place_kind}|{place}|{plan.cut}|{plan.item_set}|{plan.seed}"
    text = f"{asked}|{hidden}|{ANALYSIS_VERSION}|{data}"
    return hashlib.sha256(text.encode()).hexdigest()


def trend_reports(place_key):
    """The reports that the trend of a place rests on, cohort by cohort: of each the newest that is published."""
    reports = Report.objects.filter(kind=ReportKind.EVALUATION, place_key=place_key).newest_published()
    return reports.select_related("cohort").order_by("cohort__starts_on", "cohort")


def trend_key(reports):
    """The key of a trend that rests on these reports; any other trend of the place is out of date."""
    text = "|".join([TREND_FORM, *(str(report.pk) for report in reports)])
    return hashlib.sha256(text.encode()).hexdigest()


def cohorts_at(authority=None, cluster=None):
    """The cohorts that clusters of a place take part in; all cohorts for the whole programme."""
    cohorts = Cohort.objects.order_by("starts_on", "pk")
    if cluster is not None:
        return cohorts.filter(participations__cluster=cluster).distinct()
    return cohorts.filter(participations__cluster__authority=authority).distinct() if authority else cohorts


def open_wave(cohort, on):
    """A wave of the cohort that somebody may still answer on this date, or None."""
    still = WaveSchool.objects.open(on).filter(wave__cohort=cohort, wave__opened_at__isnull=False)
    first = still.select_related("wave__cohort").first()
    return first.wave if first else None
