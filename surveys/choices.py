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
