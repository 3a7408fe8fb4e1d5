"""The only place that turns querysets into data frames: one cohort's evaluation data, and the part of them at one place.

Columns are those of the evaluation files (docs/method.md). School, cluster, authority and pupil code appear under pseudonyms that are
the same in every report and export of a cohort, so that the exported folder gives the numbers of the report. The order of the rows
tells nothing either: neither who answered first nor which school comes first in the register.
"""

import hashlib
import hmac
from operator import itemgetter

import pandas as pd

from clusters.models import Cluster, LocalAuthority
from mentors.exports import plain_cell
from reports import coded
from reports.adult_extracts import adult_tables
from reports.analysis.bands import area, roll_band
from reports.analysis.matching import clean_code
from reports.analysis.schema import EvaluationData
from reports.choices import PlaceKind
from reports.files import TABLES, csv_content
from reports.selection import head_responses_of, pupil_responses_of, wave_schools_of
from surveys.choices import Audience, Moment
from surveys.models import InstrumentVersion
from surveys.questionnaires import questionnaire

_WAVE_NAMES = {Moment.BASELINE: "pre", Moment.FOLLOW_UP: "post"}


def pseudonym(kind, salt, key):
    """A stable name that does not tell which place it is: the same in every extract of a cohort, different in the next.

    `kind` is "school", "cluster", "authority" or "pupil", `salt` the secret of the cohort's plan, `key` what names it here.
    """
    return kind[0].upper() + hmac.digest(salt.encode(), f"{kind}:{key}".encode(), "sha256").hex()[:10]


def evaluation_data(cohort):
    """The tables of one cohort's evaluation, as text cells, exactly as the exported folder holds them."""
    salt = cohort.analysis_plan.salt
    schools = _schools(salt, wave_schools_of(cohort))
    by_school = schools.set_index("pk")
    codebook = _codebook(cohort)
    items = list(dict.fromkeys(codebook["item"]))
    pupils = coded.pupils_table(
        cohort,
        repr((salt, items, schools.to_dict("list"))),
        lambda: _pupils(pupil_responses_of(cohort), by_school, items, salt),
    )
    ratings = _ratings(head_responses_of(cohort), by_school, rating_questions_of(cohort))
    schools = schools.drop(columns="pk").sort_values("school_id", ignore_index=True)
    adults, adult_codebook = adult_tables(cohort, lambda kind, key: pseudonym(kind, salt, key))
    return _hashed(
        EvaluationData(
            pupils=pupils,
            ht=ratings,
            codebook=codebook,
            schools=schools,
            adults=adults,
            adult_codebook=adult_codebook,
        )
    )


def data_at(data, salt, place_kind, authority=None, cluster=None):
    """The part of a cohort's evaluation data that belongs to one place; all of them for the whole cohort, which alone has adults.

    Always cut from the whole, so that every sheet belongs to one cluster and that to one authority: what one report shows can
    then be weighed against the others.
    """
    if place_kind == PlaceKind.COHORT:
        return data
    column, name = ("cluster", cluster) if place_kind == PlaceKind.CLUSTER else ("la", authority)
    name = pseudonym("cluster" if column == "cluster" else "authority", salt, name.pk)
    schools = data.schools[data.schools[column] == name]
    here = {
        table: getattr(data, table)[getattr(data, table)["school_id"].isin(schools["school_id"])].reset_index(drop=True)
        for table in ("pupils", "ht", "schools")
    }
    return _hashed(EvaluationData(codebook=data.codebook, **here))


def name_places(breakdowns, cohort):
    """Put the names of authorities and clusters in place of their pseudonyms, in the order of the names.

    Neither the pseudonym nor an order by it stays: beside the de-identified data a report would tell which is which.
    """
    salt = cohort.analysis_plan.salt
    asked = {
        "authority": LocalAuthority.objects.filter(clusters__wave_schools__wave__cohort=cohort).distinct(),
        "cluster": Cluster.objects.filter(wave_schools__wave__cohort=cohort).distinct(),
    }
    for kind, places in asked.items():
        names = {pseudonym(kind, salt, place.pk): place.name for place in places}
        for row in breakdowns[kind] or []:
            row["group"] = names.get(row["group"], "")
        if breakdowns[kind]:
            breakdowns[kind].sort(key=lambda row: (not row["group"], row["group"]))


def _hashed(data):
    tables = {name: getattr(data, name) for name in TABLES}
    data.input_hashes.update({f"{name}.csv": frame_hash(table) for name, table in tables.items() if table is not None})
    return data


def frame_hash(frame):
    """The sha256 of a frame as the CSV file that an export would write."""
    return hashlib.sha256(csv_content(frame)).hexdigest()


def _schools(salt, wave_schools):
    # A school in two clusters at the two waves counts where it was first asked.
    found = {}
    rows = wave_schools.order_by("wave__opens_on", "pk").select_related("school", "cluster__authority")
    for row in rows:
        found.setdefault(row.school_id, row)
    return pd.DataFrame(
        [
            {
                "pk": row.school_id,
                "school_id": pseudonym("school", salt, row.school.key),
                "cluster": pseudonym("cluster", salt, row.cluster_id),
                "la": pseudonym("authority", salt, row.cluster.authority_id),
                "simd_quintile": str(row.school.simd_quintile or ""),
                "roll_band": roll_band(row.school.roll),
                "urban_rural": area(row.school.urban_rural, row.school.urban_rural_folds),
            }
            for row in found.values()
        ],
        columns=["pk", "school_id", "cluster", "la", "simd_quintile", "roll_band", "urban_rural"],
    )


def questions_of(cohort):
    """{(stage group, item key): Question} of all that the cohort's pupils were asked; a later version's wording replaces an earlier one's."""
    # From the waves, not from the answers: a place where nobody answered still has its questions, and a report that says so.
    versions = InstrumentVersion.objects.filter(
        waves__cohort=cohort, waves__audience=Audience.PUPIL, instrument__stage_group__gt=""
    ).distinct()
    return {
        (version.instrument.stage_group, question.key): question
        for version in versions.order_by("instrument__stage_group", "number").select_related("instrument")
        for question in questionnaire(version).questions
    }


def _codebook(cohort):
    rows = [
        {
            "stage_group": stage_group,
            "item": question.key,
            "points": str(len(question.points)),
            "reverse": str(int(question.reverse)),
            "scored": str(int(question.scored)),
            "construct": plain_cell(question.construct),
            "text": plain_cell(question.text),
        }
        for (stage_group, _), question in questions_of(cohort).items()
    ]
    return pd.DataFrame(rows, columns=["stage_group", "item", "points", "reverse", "scored", "construct", "text"])


def _pupils(responses, by_school, items, salt):
    fields = ("school_id", "stage", "pupil_code", "wave__moment", "answers")
    rows = list(responses.order_by("wave__moment", "uuid").values_list(*fields).iterator(chunk_size=5000))
    places = by_school.to_dict("index")
    rows.sort(key=lambda row: places[row[0]]["school_id"])
    here = [places[row[0]] for row in rows]
    frame = pd.DataFrame(
        {
            "response_id": [str(number) for number in range(1, len(rows) + 1)],
            **{
                column: list(map(itemgetter(column), here))
                for column in ("school_id", "cluster", "la", "simd_quintile")
            },
            "stage": [row[1] for row in rows],
            "pupil_code": [_pupil(place["school_id"], row[2], salt) for place, row in zip(here, rows, strict=True)],
            "wave": [_WAVE_NAMES.get(row[3], "") for row in rows],
        }
    )
    answers = [row[4] for row in rows]
    columns = {item: [str(sheet.get(item, "")) for sheet in answers] for item in items}
    return pd.concat([frame, pd.DataFrame(columns, index=frame.index)], axis=1)


def _pupil(school, code, salt):
    """The name of whoever holds a slip: what is on the slip stays in the school, where somebody may know who that is."""
    code = clean_code(code.strip())
    return pseudonym("pupil", salt, f"{school}:{code}") if code else ""


def rating_questions_of(cohort):
    """The questions that make a school's rating, in the order of the columns ht1, ht2, ... of the headteachers' answers."""
    versions = InstrumentVersion.objects.filter(pk__in=head_responses_of(cohort).values("version"))
    found = {}
    for version in versions.select_related("instrument"):
        for question in questionnaire(version).questions:
            if question.scored:
                found.setdefault(question.key, question)
    return list(found.values())


def _ratings(responses, by_school, questions):
    rows = responses.order_by("school_id").values_list("school_id", "answers")
    # Where no headteacher was heard there is still a table, and a report that says so.
    names = {f"ht{number}": question.key for number, question in enumerate(questions, start=1)} or {"ht1": ""}
    frame = pd.DataFrame(
        [
            {
                "school_id": by_school["school_id"].get(school),
                **{name: str(answers.get(key, "")) for name, key in names.items()},
            }
            for school, answers in rows
        ],
        columns=["school_id", *names],
    )
    return frame.sort_values("school_id", ignore_index=True)
