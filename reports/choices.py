"""The fixed choices of this app."""

from django.db.models import TextChoices


class RunStatus(TextChoices):
    WAITING = "waiting", "Waiting to start"
    RUNNING = "running", "Running"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class ReportState(TextChoices):
    """Whether a report has gone out: officers and schools see what is published, national roles see every state."""

    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class ReportKind(TextChoices):
    EVALUATION = "evaluation", "Evaluation report"
    EXPORT = "export", "De-identified data"
    SHEETS = "sheets", "School sheets"


class PlaceKind(TextChoices):
    """What a report is about."""

    COHORT = "cohort", "The whole cohort"
    AUTHORITY = "authority", "One authority"
    CLUSTER = "cluster", "One cluster"


# The steps of each kind of run, in order, and the share of the time that each takes (measured at 12,000 pupils).
STEPS = {
    ReportKind.EVALUATION: [
        ("Reading the answers", 3),
        ("Linking before and after, and comparing", 5),
        ("Hiding small cells", 1),
        ("Drawing the charts", 6),
        ("Making the PDF, the Word document and the spreadsheet", 6),
        ("Storing the report", 1),
    ],
    ReportKind.EXPORT: [
        ("Reading the answers", 3),
        ("Counting the small cells", 1),
        ("Writing the files", 2),
        ("Storing the data", 1),
    ],
    ReportKind.SHEETS: [
        ("Reading the answers", 3),
        ("Counting, and hiding small cells", 1),
        ("Making the sheets", 60),
    ],
}
