"""School sheets without a worker: stored figures as `reports.sheets` stores them, invented."""

from datetime import UTC, datetime

from reports.choices import PlaceKind, ReportKind, ReportState, RunStatus
from reports.models import ReportRun, SchoolSheet, SheetFile, SheetSet

MADE = datetime(2026, 6, 20, 9, 0, tzinfo=UTC)
QUESTIONS = {
    "P2P4": [
        ("a1", "How much do you like this: doing experiments in class?", 3, False),
        ("a2", "I can do a science experiment.", 3, False),
    ],
    "P5P7": [("b1", "Science lessons are interesting.", 5, False), ("b2", "Science is too hard for me.", 5, True)],
}


def questions():
    return {
        group: [
            {"item": item, "text": text, "construct": "science", "points": points, "reverse": reverse, "scored": True}
            for item, text, points, reverse in rows
        ]
        for group, rows in QUESTIONS.items()
    }


def figures(n=40, positive=30, *, outcomes=(12, 6, 14)):
    """The figures of a place where every question has `n` answers, `positive` of them positive; None hides."""
    one = {"n_pre": n, "pos_pre": positive, "n_post": n, "pos_post": positive}
    return {
        "answered": {"pre": 41, "post": 38},
        "matched": None if outcomes is None else sum(outcomes),
        "outcomes": dict(zip(("declined", "held", "improved"), outcomes or [None] * 3, strict=True)),
        "items": {group: {item: dict(one) for item, *_ in rows} for group, rows in QUESTIONS.items()},
    }


HIDDEN = figures(None, None, outcomes=None)


def shared(cohort="Cohort 2025"):
    return {
        "questions": questions(),
        "noise": 0.44,
        "cohort": figures(2440, 1708, outcomes=(440, 110, 450)),
        "title": str(cohort),
        "fieldwork": {"pre": "September 2025", "post": "May 2026"},
        "until": "2026-05-25",
        "minimum_base": 10,
        "small_cell": 5,
        "data_hash": "0123456789abcdef",
        "analysis_version": "1",
    }


def results(school="Skerravoe Primary", own=None):
    return {
        "school": str(school),
        "cluster": "Torran Bay Cluster",
        "own": own or figures(),
        "around": figures(200, 120),
    }


def make_sheet_set(cohort, schools, *, by=None, status=RunStatus.READY, own=None, key="sheets"):
    """A set of sheets with both files, published when `by` somebody, else a draft."""
    run = ReportRun.objects.create(
        kind=ReportKind.SHEETS, place_kind=PlaceKind.COHORT, cohort=cohort, key=key, status=status
    )
    state = {"state": ReportState.PUBLISHED, "state_by": by, "state_since": MADE} if by else {}
    made = SheetSet.objects.create(
        run=run, cohort=cohort, shared=shared(cohort), data_hash="0" * 64, analysis_version="1", made_at=MADE, **state
    )
    for school in schools:
        sheet = SchoolSheet.objects.create(
            sheet_set=made, school=school, results=results(school, own), shown=8, status=RunStatus.READY
        )
        SheetFile.objects.bulk_create(
            SheetFile(sheet=sheet, name=name, content=b"%PDF-1.7 " + school.name.encode(), sha256="0" * 64)
            for name in ("sheet", "picture")
        )
    return made
