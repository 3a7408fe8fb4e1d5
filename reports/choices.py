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


class Aim(TextChoices):
    """What a finding may speak to, in short words of ours on the programme's published paper (Crawford and others, 2019)."""

    # The five aims of the programme.
    A1 = "A1", "Confidence and expertise for every teacher of a cluster, and through it pupils’ learning"
    A2 = "A2", "More ways to teach and assess"
    A3 = "A3", "Each participant’s own practice"
    A4 = "A4", "Collegiality within and between clusters"
    A5 = "A5", "Engaged learners, with aspirations in science, technology and engineering"
    # Recommendations of Teaching Scotland's Future (Donaldson, 2010).
    D33 = "D33", "Learning that is local and done in teams"
    D34 = "D34", "Learning that is planned, and judged, by what it does for young people"
    D42 = "D42", "Learning of high quality in one’s subject"
    # Needs named by the STEM Strategy (Scottish Government, 2017).
    S1 = "S1", "Relevant and engaging STEM learning for all"
    S2 = "S2", "The same access and outcomes for everyone"
    S3 = "S3", "More confident practitioners who take part in learning"
    S4 = "S4", "A chance for every practitioner to build capacity"
    # What effective professional learning has in common (Desimone, 2009).
    F1 = "F1", "A focus on content"
    F2 = "F2", "Active learning"
    F3 = "F3", "Coherence with plans and policy"
    F4 = "F4", "Long enough"
    F5 = "F5", "Learning with colleagues of the same school"


AIMS = {
    "The programme’s aims": [Aim.A1, Aim.A2, Aim.A3, Aim.A4, Aim.A5],
    "Donaldson’s recommendations": [Aim.D33, Aim.D34, Aim.D42],
    "The STEM Strategy": [Aim.S1, Aim.S2, Aim.S3, Aim.S4],
    "Features of effective professional learning": [Aim.F1, Aim.F2, Aim.F3, Aim.F4, Aim.F5],
}

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
