"""The fixed choices of this app."""

from django.db.models import TextChoices


class Audience(TextChoices):
    PUPIL = "pupil", "Pupils"
    HEAD = "head", "Headteachers"


class StageGroup(TextChoices):
    """Pupil instruments differ by age: three faces to P4, five points from P5."""

    P2P4 = "P2P4", "P2–P4"
    P5P7 = "P5P7", "P5–P7"


class Moment(TextChoices):
    BASELINE = "pre", "Baseline"
    FOLLOW_UP = "post", "Follow-up"
    ONCE = "once", "Once"


class Source(TextChoices):
    """How an answer sheet reached us."""

    FORM = "form", "Answered here"
    IMPORT = "import", "Imported from a file"


STAGES_BY_GROUP = {StageGroup.P2P4: ["P2", "P3", "P4"], StageGroup.P5P7: ["P5", "P6", "P7"]}
GROUP_BY_STAGE = {stage: group for group, stages in STAGES_BY_GROUP.items() for stage in stages}
MOST_PUPILS = 60  # in one class: more is a slip of the finger, or somebody who sends sheets without end
