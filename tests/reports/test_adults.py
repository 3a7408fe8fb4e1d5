"""What adults say reaches the report on the whole cohort, its files and the de-identified data, and no other report."""

import json
import random
import re
import shlex
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from clusters.choices import Role
from clusters.models import School
from reports import actions, extracts, jobs, tasks
from reports.choices import PlaceKind
from reports.exports import report_html
from reports.presentation import present, tables
from surveys.actions.sheets import keep_answers
from surveys.choices import Audience, Moment
from surveys.models import Response
from surveys.questionnaires import questionnaire
from tests import make
from tests.reports.test_taking_data import exported, files_of
from tests.reports.waves import finished_cohort, noon, opened_wave

pytestmark = pytest.mark.django_db
TEACHERS_A_SCHOOL = 3


@pytest.fixture
def staff():
    return make.person("Stella Staff", staff=True)


@pytest.fixture
def cohort(staff, monkeypatch):
    """Eight schools, three teachers in each, asked before and after; all but the last of each school answer both times."""
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    cohort, cluster = finished_cohort(by=staff)
    for school in School.objects.filter(wave_schools__cluster=cluster).distinct():
        for _ in range(TEACHERS_A_SCHOOL):
            make.give_role(make.person(), Role.TEACHER, school)
    chooser = random.Random(3)
    for moment, opens_on in ((Moment.BASELINE, date(2025, 10, 20)), (Moment.FOLLOW_UP, date(2026, 6, 22))):
        wave = opened_wave(cohort, Audience.TEACHER, moment, opens_on, staff)
        asked = questionnaire(wave.versions.select_related("instrument").get())
        for number, invitation in enumerate(wave.invitations.select_related("wave").order_by("school", "person")):
            if moment == Moment.BASELINE or number % TEACHERS_A_SCHOOL:
                answers = {
                    question.key: _answer(chooser, question)
                    for question in asked.questions
                    if question.is_asked(moment)
                }
                keep_answers(invitation, answers=answers, now=noon(opens_on + timedelta(days=2)), finished=True)
    return cohort


def _answer(chooser, question):
    if question.ticks:
        return [question.options[0][0]]
    return chooser.choice(question.points)[0]


def report(staff, cohort, place_kind=PlaceKind.COHORT, **place):
    run, _ = actions.request_report(cohort=cohort, place_kind=place_kind, by=staff, **place)
    jobs.build(run.pk)
    run.refresh_from_db()
    return run.report


def test_report_on_the_cohort_says_how_many_teachers_answered_and_were_linked(staff, cohort):
    results = report(staff, cohort).results

    teachers = results["adults"]["groups"]["teacher"]
    assert (teachers["sheets_pre"], teachers["sheets_post"], teachers["linked"]) == (24, 16, 16)
    assert set(results["adults"]["confidence"]["teacher"]) == {"science", "technology", "engineering", "mathematics"}
    assert results["adults"]["confidence"]["teacher"]["science"]["n_pre"] == 24


def test_page_shows_four_areas_of_confidence_and_what_was_ticked(staff, cohort):
    stored = report(staff, cohort)

    presented = present(stored.results, stored.charts)
    found = {table["caption"]: [row[0]["text"] for row in table["rows"]] for table in tables(presented)}

    assert {"Science", "Technology", "Engineering", "Mathematics"} == set(found["Confidence in teaching, teachers"])
    assert found["Adults who answered"] == ["Teachers", "Headteachers"]
    who = next(table for table in tables(presented) if table["caption"] == "Adults who answered")
    heads = [cell["text"] for cell in who["rows"][1]]
    assert (heads[2], heads[5]) == ("–", "–")  # asked once: nobody was asked before, and nobody can be linked
    asked = stored.results["scope"]["asked"]
    teachers = who["rows"][0][1]["text"]
    assert heads[1] == f"–, {asked['head']}"
    assert teachers == f"{asked['teacher']['pre']}, {asked['teacher']['post']}"
    assert found["How have you taken part in the programme?"][-1] == "None of these"
    assert "Confidence in teaching, headteachers" not in found
    page = report_html(stored.results, stored.charts).decode()
    assert "Confidence before and after, teachers" in page


def test_shares_of_cannot_say_and_of_agreement_stand_beside_their_base(staff, cohort):
    wave = cohort.waves.get(audience=Audience.TEACHER, moment=Moment.FOLLOW_UP)
    for sheet in Response.objects.filter(wave=wave).order_by("pk")[:5]:
        sheet.answers["programme_quality"] = "CS"
        sheet.save()

    stored = report(staff, cohort)

    table = next(table for table in tables(present(stored.results, {})) if table["caption"] == "The programme")
    quality = table["rows"][0]
    columns = [column["label"] for column in table["columns"]]
    assert quality[columns.index("Teachers, positive")]["values"][1] == 11
    assert quality[columns.index("Teachers, cannot say")]["text"] == "31%"


def test_report_on_a_cluster_has_nothing_of_the_adults(staff, cohort):
    cluster = cohort.participations.get().cluster

    stored = report(staff, cohort, PlaceKind.CLUSTER, cluster=cluster)

    assert stored.results["adults"] is None
    assert "adults" not in {section["id"] for section in present(stored.results, {})["sections"]}


def test_teachers_answer_that_changes_makes_a_new_report(staff, cohort):
    first = report(staff, cohort)
    sheet = Response.objects.filter(wave__audience=Audience.TEACHER).first()
    sheet.answers["confidence_science"] = 1 if sheet.answers["confidence_science"] != 1 else 2
    sheet.save()

    second = report(staff, cohort)

    assert second.version == first.version + 1
    assert second.data_hash != first.data_hash


def test_exported_folder_gives_the_adults_figures_of_the_report(staff, cohort, tmp_path):
    evaluator = make.person("Eva Evaluator", evaluator=True)
    stored = report(staff, cohort).results
    contents = files_of(exported(cohort, evaluator))
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    command = shlex.split(re.search(r"evaluate FOLDER --out OUT (.*)", contents["README.txt"].decode())[1])
    call_command("evaluate", str(tmp_path), "--out", str(tmp_path / "out"), *command)

    own = json.loads((tmp_path / "out" / "results.json").read_text())
    assert own["adults"] == stored["adults"]
    assert own["provenance"]["data_hash"] == stored["provenance"]["data_hash"]
    package = json.loads(contents["datapackage.json"])
    assert {"adults", "adult_codebook"} <= {resource["name"] for resource in package["resources"]}


def test_extract_names_no_person_and_links_one_to_herself(staff, cohort):
    data = extracts.evaluation_data(cohort)

    people = data.adults[data.adults["group"] == "teacher"]["person"]
    assert people.value_counts().max() == 2
    assert people.nunique() == 24
    assert set(data.adults[data.adults["group"] == "head"]["person"]) == {""}
    text = data.adults.to_csv()
    for name in cohort.waves.values_list("invitations__person__full_name", flat=True).distinct():
        assert str(name) not in text


def test_key_findings_say_how_confident_teachers_are_with_the_base(staff, cohort):
    # Whoever answered once only would be told from the others by subtraction, and hides the figures of all.
    sheets = Response.objects.filter(wave__audience=Audience.TEACHER)
    both = sheets.filter(wave__moment=Moment.FOLLOW_UP).values_list("invitation__person", flat=True)
    sheets.exclude(invitation__person__in=list(both)).delete()
    stored = report(staff, cohort)

    found = actions.draft_key_findings(stored, by=staff)

    told = [each["text"] for each in found.sentences if each["anchor"] == "adults"]
    shown = [
        f"{area} {table['pos_pre']:.0%} ({table['n_pre']}) and {table['pos_post']:.0%} ({table['n_post']})"
        for area, table in stored.results["adults"]["confidence"]["teacher"].items()
        if None not in (table["pos_pre"], table["pos_post"])
    ]
    assert shown
    assert told[0].startswith("Teachers who are confident or very confident in teaching, before and after: ")
    assert all(words in told[0] for words in shown)
    assert told[-1].startswith("Agreement with “")
