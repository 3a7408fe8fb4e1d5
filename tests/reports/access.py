"""What the access table tries of reports: {URL name: {twin: [arguments]}}."""

from datetime import UTC, date, datetime

from reports.choices import PlaceKind, ReportKind, ReportState, RunStatus
from reports.models import DataExport, KeyFindings, Report, ReportFile, ReportRun, Trend, TrendFile
from reports.selection import trend_key, trend_reports
from surveys.models import Quote
from tests.reports.sample_results import sample
from tests.reports.sample_sheets import make_sheet_set

BUILT = datetime(2026, 6, 20, 9, 0, tzinfo=UTC)


def make_report(cohort, cluster=None, version=1, by=None):
    """A stored report about a cluster, or about the whole cohort, with one file; published when `by` somebody, else a draft."""
    state = {"state": ReportState.DRAFT}
    if by is not None:
        state = {"state": ReportState.PUBLISHED, "state_by": by, "state_since": BUILT}
    report = Report.objects.create(
        place_kind=PlaceKind.CLUSTER if cluster else PlaceKind.COHORT,
        cohort=cohort,
        authority=cluster.authority if cluster else None,
        cluster=cluster,
        place_key=f"cluster-{cluster.pk}" if cluster else "cohort",
        version=version,
        results=sample(),
        charts={},
        data_hash="0" * 64,
        analysis_version="1",
        level="L2",
        built_at=BUILT,
        **state,
    )
    ReportFile.objects.create(report=report, name="pdf", content=b"%PDF-1.7", sha256="0" * 64)
    return report


def as_read(page):
    """What the forms of a page of key findings carry when they are opened at this moment."""
    return {"seen": KeyFindings.objects.get(pk=page.pk).fingerprint}


def form_at(client, address):
    """What a browser would send back of the form at an address, with nothing changed."""
    answer = client.get(address)
    fields = {field.html_name: field.value() for field in answer.context["form"]}
    return {name: value for name, value in fields.items() if value and f'name="{name}"' in answer.content.decode()}


def make_quote(cluster=None, text="The children ask for science day.", **fields):
    """A quote of a mentor who allowed role and council to be told."""
    given = {"consent": "place", "consent_on": date(2026, 5, 3), "consent_by": "email"}
    said = {"role": "mentor", "source": "focus_group", "said_on": date(2026, 4, 30)}
    return Quote.objects.create(text=text, cluster=cluster, **(said | given | fields))


def make_export(cohort, by=None):
    """De-identified data of a cohort that are ready, with an empty file and one small group."""
    run = ReportRun.objects.create(
        kind=ReportKind.EXPORT,
        place_kind=PlaceKind.COHORT,
        cohort=cohort,
        key=f"export-{cohort.pk}",
        status=RunStatus.READY,
        requested_by=by,
        finished_at=BUILT,
    )
    review = {
        "threshold": 5,
        "sheets": 40,
        "baseline": 21,
        "follow_up": 19,
        "linked": 17,
        "blank_codes": 1,
        "schools": 3,
        "rated_schools": 2,
        "clusters": 2,
        "authorities": 2,
        "schools_alone": 1,
        "cells": 6,
        "small_cells": 1,
        "sheets_in_small_cells": 3,
        "schools_with_small_cells": 1,
        "smallest": [{"school": "S0123456789", "stage": "P4", "wave": "post", "sheets": 3}],
    }
    return DataExport.objects.create(
        run=run,
        cohort=cohort,
        content=b"PK",
        size=2,
        sha256="1" * 64,
        data_hash="0" * 64,
        sheets=40,
        review=review,
        made_at=BUILT,
    )


def make_trend(place_key, cluster=None):
    """A stored trend that rests on what is published of a place now, with one file and nothing else in it."""
    reports = list(trend_reports(place_key))
    trend = Trend.objects.create(
        place_kind=place_key.split("-")[0],
        authority=cluster.authority if cluster else None,
        cluster=cluster,
        place_key=place_key,
        key=trend_key(reports),
        made_at=BUILT,
    )
    TrendFile.objects.create(trend=trend, calendar="session", name="xlsx", content=b"PK")


def targets(world):
    """Arguments at the own, sibling and foreign places of the world, and for the whole cohort."""
    clusters = {"own": world.own_cluster, "sibling": world.sibling_cluster, "foreign": world.foreign_cluster}
    staff = world.people["staff"]
    reports = {twin: make_report(world.cohort, cluster, by=staff) for twin, cluster in clusters.items()}
    reports["cohort"] = make_report(world.cohort, by=staff)
    reports["draft"] = make_report(world.cohort, world.own_cluster, version=2)
    for twin in ("own", "foreign", "draft"):
        KeyFindings.objects.create(report=reports[twin], state=ReportState.PUBLISHED, state_by=staff, state_since=BUILT)
    make_trend("cohort")
    for twin in ("own", "foreign"):
        make_trend(f"cluster-{clusters[twin].pk}", clusters[twin])
    trends = {twin: f"cluster-{cluster.pk}" for twin, cluster in clusters.items()} | {"cohort": "cohort"}
    of_authorities = {
        "authority": f"authority-{world.own_authority.pk}",
        "foreign authority": f"authority-{world.foreign_authority.pk}",
    }
    runs = {
        twin: ReportRun.objects.create(
            place_kind=PlaceKind.CLUSTER, cohort=world.cohort, authority=cluster.authority, cluster=cluster, key=twin
        )
        for twin, cluster in clusters.items()
    }
    export = make_export(world.cohort, by=world.people["evaluator"])
    schools = {
        "own": world.own_school,
        "same cluster": world.second_school,
        "sibling": world.sibling_school,
        "foreign": world.foreign_school,
    }
    sheets = make_sheet_set(world.cohort, schools.values(), by=staff)
    of_schools = {twin: [school.key] for twin, school in schools.items()}
    return {
        "sheet-list": {"own": [world.cohort.slug]},
        "sheets-publish": {"own": [sheets.pk]},
        "sheets-withdraw": {"own": [sheets.pk]},
        "school-sheet": of_schools,
        "school-sheet-file": of_schools,
        "school-picture": of_schools,
        "school-picture-file": of_schools,
        "authority-detail": {"own": [world.own_authority.slug], "foreign": [world.foreign_authority.slug]},
        "cluster-pack": {twin: [cluster.slug] for twin, cluster in clusters.items()},
        "cluster-pack-file": {twin: [cluster.slug] for twin, cluster in clusters.items()},
        "cluster-progress": {twin: [cluster.slug] for twin, cluster in clusters.items()},
        "plan-fix": {"own": [world.cohort.slug]},
        "report-detail": {twin: [report.pk] for twin, report in reports.items()},
        "report-download": {twin: [report.pk, "pdf"] for twin, report in reports.items()},
        "key-findings-draft": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "key-findings": {twin: [reports[twin].pk] for twin in ("own", "foreign", "draft")},
        "key-findings-file": {twin: [reports[twin].pk] for twin in ("own", "foreign", "draft")},
        "key-findings-edit": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "key-findings-publish": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "key-findings-withdraw": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "key-findings-aims": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        **dict.fromkeys(("quote-detail", "quote-edit", "quote-withdraw"), {"own": [make_quote(world.own_cluster).pk]}),
        "report-publish": {twin: [reports[twin].pk] for twin in ("draft", "foreign")},
        "report-withdraw": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "trend-detail": {twin: [key] for twin, key in (trends | of_authorities).items()},
        "trend-download": {twin: [key, "xlsx"] for twin, key in trends.items()},
        "export-detail": {"own": [export.pk]},
        "export-take": {"own": [export.pk]},
        "job-detail": {twin: [run.pk] for twin, run in runs.items()},
        "job-cancel": {twin: [run.pk] for twin, run in runs.items()},
        "history-detail": {"own": ["cluster", world.own_cluster.pk], "foreign": ["cluster", world.foreign_cluster.pk]},
    }
