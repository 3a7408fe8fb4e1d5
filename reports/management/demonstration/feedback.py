"""What whoever was at the invented sessions said of them: nearly all agree, fewest that there was time enough, a few cannot say."""

import random
import uuid
from datetime import timedelta

from django.db import transaction

from mentors.models import LearningSession
from reports.management.demonstration.waves import at
from surveys.actions.feedback import feedback_version, keep_feedback
from surveys.questionnaires import questionnaire

MOST_SESSIONS = 20  # of a cohort: enough for every figure, and a second or two of building
_LEAN = {
    "session_quality": 1.5,
    "session_needs": 1.2,
    "session_time": 0.5,
    "session_confidence": 1.0,
    "session_use": 1.3,
}
_CUTS = (-1.9, -1.1, -0.2, 1.0)


@transaction.atomic
def say(programme, kind):
    """Feedback on some sessions of a cohort, from about two in three of those who came."""
    chooser = random.Random(f"{programme.seed} feedback {kind}")  # noqa: S311  an invented programme, not a secret
    asked = questionnaire(feedback_version()).questions
    held = LearningSession.objects.for_cohort(programme.cohorts[kind]).with_attendance().order_by("held_on", "pk")
    held = list(held.filter(held_on__lte=programme.today))
    for session in held[:: 1 + len(held) // MOST_SESSIONS]:
        level = chooser.gauss(0, 0.35)
        for _ in range(round(session.teachers * chooser.uniform(0.4, 0.9))):
            keep_feedback(
                session,
                uuid=uuid.UUID(int=chooser.getrandbits(128), version=4),
                answers=_sheet(chooser, asked, level),
                now=at(session.held_on, 17) + timedelta(minutes=chooser.randrange(120)),
            )


def _sheet(chooser, asked, level):
    level += chooser.gauss(0, 0.6)
    answers = {}
    for question in asked:
        drawn = level + _LEAN.get(question.key, 1) + chooser.gauss(0, 0.7)
        cannot_say = chooser.random() < 0.03
        answers[question.key] = (
            question.outside[0][0] if cannot_say else question.points[sum(drawn > cut for cut in _CUTS)][0]
        )
    return answers
