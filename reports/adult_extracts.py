"""What mentors, teachers and headteachers of a cohort handed in, as the two tables of text of the evaluation files.

A person stands under a pseudonym, the same both times, so that two sheets can be linked; a teacher who came by a school's link
has none. Headteachers are asked once and need none.
"""

import pandas as pd

from clusters.models import School
from mentors.exports import plain_cell
from reports.analysis.adult_files import CODEBOOK_COLUMNS, asked_text, options_text
from reports.selection import adult_responses_of
from surveys.choices import Audience, Moment
from surveys.models import InstrumentVersion
from surveys.questionnaires import questionnaire

AUDIENCES = (Audience.MENTOR, Audience.TEACHER, Audience.HEAD)
TIMES = {Moment.BASELINE: "pre", Moment.FOLLOW_UP: "post", Moment.ONCE: "post"}
FIRST = ("group", "wave", "person", "school_id")


def adult_tables(cohort, named):
    """(adults, adult_codebook) of a cohort; (None, None) while no adult has handed in anything.

    named    function of a kind and a key: the pseudonym by which a place or person stands in the cohort's extracts
    """
    asked = asked_of_adults(cohort)
    fields = ("wave__audience", "wave__moment", "invitation__person", "school", "answers")
    rows = list(adult_responses_of(cohort).values_list(*fields))
    if not rows:
        return None, None
    schools = _school_keys(cohort)
    sheets = [
        {
            "group": str(audience),
            "wave": TIMES[Moment(moment)],
            "person": named("adult", f"{audience}:{person}") if person and audience != Audience.HEAD else "",
            "school_id": named("school", schools[school]) if school else "",
            **{key: _cell(answers.get(key, "")) for key in asked},
        }
        for audience, moment, person, school, answers in rows
    ]
    adults = pd.DataFrame(sheets, columns=[*FIRST, *asked])
    # Sorted by what is in it, so that the order of the rows does not tell who answered first.
    adults = adults.sort_values(list(adults.columns), ignore_index=True, kind="stable")
    return adults, _codebook(asked)


def _cell(answer):
    return ";".join(answer) if isinstance(answer, list) else str(answer)


def _school_keys(cohort):
    return {
        school.pk: school.key for school in School.objects.filter(pk__in=adult_responses_of(cohort).values("school"))
    }


def asked_of_adults(cohort):
    """{item key: (question, [(group, time)])} of all that adults of the cohort are asked, in the order of the questionnaires."""
    found = {}
    for audience in AUDIENCES:
        versions = InstrumentVersion.objects.filter(waves__cohort=cohort, waves__audience=audience)
        for version in versions.distinct().order_by("instrument__key", "number").select_related("instrument"):
            moments = version.waves.filter(cohort=cohort).values_list("moment", flat=True)
            for question in questionnaire(version).questions:
                asked = found.setdefault(question.key, (question, []))[1]
                times = [TIMES[moment] for moment in sorted(map(Moment, moments)) if question.is_asked(moment)]
                asked += [(str(audience), time) for time in times if (str(audience), time) not in asked]
    return found


def _codebook(asked):
    rows = [
        {
            "item": key,
            "text": plain_cell(question.text),
            "construct": plain_cell(question.construct),
            "points": str(len(question.points)),
            "reverse": str(int(question.reverse)),
            "area": question.area,
            "options": options_text(question.options),
            "asked": asked_text(times),
        }
        for key, (question, times) in asked.items()
    ]
    return pd.DataFrame(rows, columns=list(CODEBOOK_COLUMNS))
