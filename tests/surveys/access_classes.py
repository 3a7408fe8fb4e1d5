"""Classes at an own, a sibling and a foreign school whose survey is open, for the access table."""

from datetime import date

from tests import make
from tests.surveys import make_surveys

CODES = {"own": "KTRM4827", "sibling": "KTRM4828", "foreign": "KTRM4829"}


def class_targets(world):
    """{URL name: {twin: [arguments]}} of the class pages and the pupil pages."""
    schools = {"own": world.own_school, "sibling": world.sibling_school, "foreign": world.foreign_school}
    cohort = make.cohort("Cohort of classes")
    make_surveys.wave(cohort, schools.values(), closes_on=date(2099, 12, 31))
    classes = {
        twin: [make_surveys.class_group(school, cohort, code=CODES[twin]).pk] for twin, school in schools.items()
    }
    return {
        **dict.fromkeys(
            ["class-detail", "class-board", "class-slips", "class-more-slips", "class-retire"],
            classes,
        ),
        "pupil-slip": {twin: [code] for twin, code in CODES.items()},
        "pupil-question": {twin: [code, 1] for twin, code in CODES.items()},
        "pupil-done": {twin: [code] for twin, code in CODES.items()},
    }
