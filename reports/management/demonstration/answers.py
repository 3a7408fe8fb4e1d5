"""Invented answers with a known truth.

Each pupil has an attitude that stays, each school a level and a change of its own; in the cohort with an effect, pupils of
higher-rated schools lose less. An answer is the attitude plus noise, cut into the points of its item.
"""

from dataclasses import dataclass

DRIFT = -0.22  # in SD of the attitude: enthusiasm falls over a school year
PROTECTION = 0.3  # how much less it falls in higher-rated schools, where there is an effect
_CUTS = {3: [-1.1, 0.1], 5: [-1.9, -1.1, -0.3, 0.9]}


@dataclass(frozen=True)
class SchoolTruth:
    """What is true of a school and nobody knows: its level, its change, and whether its headteacher rates the programme high."""

    level: float
    change: float
    high: bool
    late: bool
    lost_slips: float


def school_truth(chooser, effect):
    """Draw a school. `effect` says whether higher ratings go with less decline."""
    high = chooser.random() < 0.5
    change = DRIFT + chooser.gauss(0, 0.12) + (PROTECTION if high and effect else 0)
    return SchoolTruth(
        level=chooser.gauss(0, 0.25),
        change=change,
        high=high,
        late=chooser.random() < 0.08,
        lost_slips=chooser.choice([0, 0, 0.02, 0.05]),
    )


@dataclass(frozen=True)
class PupilTruth:
    """A pupil's attitude at the start, and at which waves the pupil answers."""

    trait: float
    before: bool
    after: bool


def pupil_truth(chooser, school, size):
    """Draw a pupil of a school (SchoolTruth); `size` (fieldwork.Size) says how many answer both times, or once."""
    roll = chooser.random()
    once = size.both + size.before_only
    after = roll < size.both or once <= roll < once + size.after_only
    return PupilTruth(trait=chooser.gauss(0, 1) + school.level, before=roll < once, after=after)


def later(chooser, school, trait):
    """A pupil's attitude at the follow-up: the start, the school's change and the pupil's own."""
    return trait + (school.change + chooser.gauss(0, 0.55))


def sheet(chooser, questionnaire, trait):
    """One pupil's answers: {item key: point or a code outside the scale}; now and then one is skipped."""
    answers = {}
    for number, question in enumerate(questionnaire.questions):
        roll = chooser.random()
        if roll < 0.02:
            continue
        outside = [code for code, _ in question.outside]
        if roll < 0.05 and outside:
            answers[question.key] = chooser.choice(outside)
            continue
        points = [value for value, _ in question.points]
        lean = ((number * 37) % 11 - 5) / 10
        drawn = 0.8 * trait + lean + chooser.gauss(0, 0.75)
        place = sum(drawn > cut for cut in _CUTS[len(points)])
        value = points[place]
        answers[question.key] = points[0] + points[-1] - value if question.reverse else value
    return answers


def rating(chooser, questionnaire, high):
    """A headteacher's answers: around 4.4 of 5 where the rating is high, around 3.2 where it is not; some "too early to say"."""
    answers = {}
    for question in questionnaire.questions:
        if not question.scored:
            continue
        values = [value for value, _ in question.points]
        outside = [code for code, _ in question.outside]
        if outside and chooser.random() < 0.05:
            answers[question.key] = chooser.choice(outside)
            continue
        drawn = round(chooser.gauss(4.45 if high else 3.2, 0.55))
        answers[question.key] = min(max(drawn, values[0]), values[-1])
    return answers
