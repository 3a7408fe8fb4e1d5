"""What the access table tries of reports: {URL name: {twin: [arguments]}}."""

from datetime import UTC, datetime

from reports.choices import PlaceKind, ReportState
from reports.models import KeyFindings, Report, ReportFile, ReportRun
from tests.reports.sample_results import sample

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


def targets(world):
    """Arguments at the own, sibling and foreign places of the world, and for the whole cohort."""
    clusters = {"own": world.own_cluster, "sibling": world.sibling_cluster, "foreign": world.foreign_cluster}
    staff = world.people["staff"]
    reports = {twin: make_report(world.cohort, cluster, by=staff) for twin, cluster in clusters.items()}
    reports["cohort"] = make_report(world.cohort, by=staff)
    reports["draft"] = make_report(world.cohort, world.own_cluster, version=2)
    for twin in ("own", "foreign", "draft"):
        KeyFindings.objects.create(report=reports[twin], state=ReportState.PUBLISHED, state_by=staff, state_since=BUILT)
    runs = {
        twin: ReportRun.objects.create(
            place_kind=PlaceKind.CLUSTER, cohort=world.cohort, authority=cluster.authority, cluster=cluster, key=twin
        )
        for twin, cluster in clusters.items()
    }
    return {
        "authority-detail": {"own": [world.own_authority.slug], "foreign": [world.foreign_authority.slug]},
        "cluster-progress": {twin: [cluster.slug] for twin, cluster in clusters.items()},
        "plan-fix": {"own": [world.cohort.slug]},
        "report-detail": {twin: [report.pk] for twin, report in reports.items()},
        "report-download": {twin: [report.pk, "pdf"] for twin, report in reports.items()},
        "key-findings-draft": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "key-findings": {twin: [reports[twin].pk] for twin in ("own", "foreign", "draft")},
        "key-findings-edit": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "key-findings-publish": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "report-publish": {twin: [reports[twin].pk] for twin in ("draft", "foreign")},
        "report-withdraw": {twin: [reports[twin].pk] for twin in ("own", "foreign")},
        "job-detail": {twin: [run.pk] for twin, run in runs.items()},
        "job-cancel": {twin: [run.pk] for twin, run in runs.items()},
        "history-detail": {"own": ["cluster", world.own_cluster.pk], "foreign": ["cluster", world.foreign_cluster.pk]},
    }
