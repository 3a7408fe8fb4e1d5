"""Trends, made by a worker: the newest published report of each cohort of a place side by side, and their charts.

What is drawn rests on published reports alone. The page compares the key of what was drawn with that of what is published now
(`selection.trend_key`), so a trend in which a withdrawn report stands is shown to nobody, even before it is drawn again.
"""

import csv
import io

from django.db import transaction
from django.utils import timezone

from mentors.exports import plain_cell
from reports.analysis.schema import InvalidData
from reports.analysis.trends import FIRST_MONTH, Frozen, trends
from reports.charts import DRAWING, rendered
from reports.charts.trend import build
from reports.documents.workbook import trend_workbook
from reports.models import Trend, TrendChart, TrendFile
from reports.presentation.trends import FLAT, choices, flat
from reports.reading import invented
from reports.selection import trend_key, trend_reports
from surveys.choices import Audience, Moment
from surveys.models import Wave


def draw(place_key):
    """Make the trend of a place anew, or drop it where fewer than two cohorts have a published report there."""
    reports = list(trend_reports(place_key).defer("charts").select_related("cohort", "authority", "cluster"))
    key = trend_key(reports)
    if len(reports) < 2:
        Trend.objects.filter(place_key=place_key).delete()
        return
    if Trend.objects.filter(place_key=place_key, key=key).exists():
        return
    results, failure = {}, ""
    try:
        frozen = frozen_of(reports)
        results = {calendar: trends(frozen, calendar) for calendar in FIRST_MONTH}
    except InvalidData as problem:
        failure = str(problem)
    charts = [
        (calendar, choice, drawn(trend, calendar, choice, words, keys))
        for calendar, trend in results.items()
        for choice, words, keys in choices(trend)
    ]
    title = f"Trends: {reports[0].cluster or reports[0].authority or 'All of the programme'}"
    mark = next(filter(None, (invented(report.results) for report in reports)), "")
    contents = [
        (calendar, name, content)
        for calendar, trend in results.items()
        for name, content in (
            ("xlsx", trend_workbook(title, trend, timezone.localdate(), mark)),
            ("csv", trend_csv(trend)),
        )
    ]
    _store(reports[0], key, results, failure, charts, contents)


def trend_csv(trend):
    """Every point of every series as the bytes of a CSV file; words are never run as a formula."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FLAT)
    for row in flat(trend):
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return file.getvalue().encode()


def drawn(trend, calendar, choice, words, keys):
    """One chart as it is stored."""
    with DRAWING:
        return rendered(f"trend-{calendar}-{choice}".replace(".", "-"), build(trend, keys, words))


def frozen_of(reports):
    """What the analysis has to know of each report: its result, the days its waves opened, and the questionnaires asked."""
    waves = Wave.objects.filter(cohort__in=[report.cohort_id for report in reports], audience=Audience.PUPIL)
    asked = {}
    for wave in waves.prefetch_related("versions__instrument"):
        asked.setdefault(wave.cohort_id, {})[wave.moment] = wave
    return [_frozen(report, asked.get(report.cohort_id, {})) for report in reports]


def _frozen(report, waves):
    before, after = waves.get(Moment.BASELINE), waves.get(Moment.FOLLOW_UP)
    versions = {}
    for wave in waves.values():
        for version in wave.versions.all():
            versions.setdefault(version.instrument.stage_group, set()).add((version.instrument.key, version.number))
    began = before.opens_on if before else report.cohort.starts_on
    return Frozen(
        results=report.results,
        cohort=str(report.cohort),
        place=report.place_key,
        before_on=began,
        after_on=after.opens_on if after else began,
        instruments={group: sorted(found) for group, found in versions.items()},
    )


@transaction.atomic
def _store(report, key, results, failure, charts, contents):
    place = {"place_kind": report.place_kind, "authority": report.authority, "cluster": report.cluster}
    made = {"key": key, "results": results, "failure": failure, "made_at": timezone.now()}
    trend, _ = Trend.objects.update_or_create(place_key=report.place_key, defaults=place | made)
    trend.charts.all().delete()
    trend.files.all().delete()
    TrendChart.objects.bulk_create(
        TrendChart(trend=trend, calendar=calendar, choice=choice, chart=chart) for calendar, choice, chart in charts
    )
    TrendFile.objects.bulk_create(
        TrendFile(trend=trend, calendar=calendar, name=name, content=content) for calendar, name, content in contents
    )
