"""The fixed choices of this app."""

from django.db.models import TextChoices


class Audience(TextChoices):
    PUPIL = "pupil", "Pupils"
    HEAD = "head", "Headteachers"
    TEACHER = "teacher", "Teachers"
    MENTOR = "mentor", "Mentors"
    SESSION = "session", "Whoever was at a session"  # asked after one learning session, never in a wave


class StageGroup(TextChoices):
    """Pupil instruments differ by age: three faces to P4, five points from P5."""

    P2P4 = "P2P4", "P2–P4"
    P5P7 = "P5P7", "P5–P7"


class Moment(TextChoices):
    BASELINE = "pre", "Baseline"
    FOLLOW_UP = "post", "Follow-up"
    ONCE = "once", "Once"


class Area(TextChoices):
    """What a question on confidence is about: reported as four figures, never as one."""

    SCIENCE = "science", "Science"
    TECHNOLOGY = "technology", "Technologies"
    ENGINEERING = "engineering", "Engineering"
    MATHEMATICS = "mathematics", "Mathematics"


class Source(TextChoices):
    """How an answer sheet reached us."""

    FORM = "form", "Answered here"
    IMPORT = "import", "Imported from a file"


class QuoteRole(TextChoices):
    """Who said something that is kept as a quote. Pupils are not among them, and must never be."""

    MENTOR = "mentor", "Mentor"
    TEACHER = "teacher", "Teacher"
    HEAD = "head", "Headteacher"
    OFFICER = "qio", "Quality improvement officer"
    SSERC = "sserc", "SSERC staff"
    PARTNER = "partner", "Partner organisation"
    INSPECTOR = "inspector", "Inspector"


class QuoteSource(TextChoices):
    """Where it was said."""

    SURVEY = "survey", "Survey"
    DIARY = "diary", "Diary"
    FOCUS_GROUP = "focus_group", "Focus group"
    INTERVIEW = "interview", "Interview"
    INSPECTION = "inspection", "Inspection"


class Consent(TextChoices):
    """What may be told of whoever said it, each with all that stands before it."""

    NONE = "none", "No consent: not to be used"
    ANONYMOUS = "anonymous", "Anonymous"
    ROLE = "role", "With the role"
    PLACE = "place", "With role and council"
    NAMED = "named", "With name, role and council"


class ConsentBy(TextChoices):
    """By which means consent was given."""

    FORM = "form", "A signed form"
    EMAIL = "email", "An e-mail"
    SPOKEN = "spoken", "Spoken, and noted"
    PUBLIC = "public", "Published by its author"


MOMENTS_OF = {
    Audience.PUPIL: [Moment.BASELINE, Moment.FOLLOW_UP],
    Audience.HEAD: [Moment.ONCE],
    Audience.TEACHER: [Moment.BASELINE, Moment.FOLLOW_UP],
    Audience.MENTOR: [Moment.BASELINE, Moment.FOLLOW_UP],
    Audience.SESSION: [],
}
SCORED = [
    Audience.PUPIL,
    Audience.HEAD,
]  # an attitude, a rating; what teachers and mentors say is read question by question
STAGES_BY_GROUP = {StageGroup.P2P4: ["P2", "P3", "P4"], StageGroup.P5P7: ["P5", "P6", "P7"]}
GROUP_BY_STAGE = {stage: group for group, stages in STAGES_BY_GROUP.items() for stage in stages}
MOST_PUPILS = 60  # in one class: more is a slip of the finger, or somebody who sends sheets without end
