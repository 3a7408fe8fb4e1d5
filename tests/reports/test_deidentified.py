"""De-identified data: the numbers of the report, in every form, and nothing that names a child, a slip, a school or a person."""

import csv
import io
import json
import re
import shlex

import pyreadstat
import pytest
from django.core.management import call_command

from clusters.models import Demonstration
from reports import actions, extracts, jobs, tasks
from reports.analysis.coding import UNSCORED
from reports.analysis.matching import clean_code
from reports.choices import PlaceKind
from reports.documents import spss
from reports.models import AnalysisPlan
from surveys.models import Item, PupilCode, Response
from tests import make
from tests.conftest import empty_cache
from tests.reports.waves import exported, files_of, finished_cohort

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluator():
    return make.person("Eve Evaluator", evaluator=True)


@pytest.fixture
def cohort(evaluator, monkeypatch):
    """A small cohort with a lost slip, a code that stands twice and one that was typed in another way; messages are held back."""
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    return untidy(finished_cohort(by=evaluator, schools=2, pupils=6)[0])


def untidy(cohort):
    before = list(Response.objects.filter(wave__cohort=cohort, wave__moment="pre").order_by("pk")[:4])
    after = list(Response.objects.filter(wave__cohort=cohort, wave__moment="post").order_by("pk"))
    Response.objects.filter(pk=before[0].pk).update(pupil_code="")
    Response.objects.filter(pk=before[1].pk).update(pupil_code=before[2].pupil_code)
    typed = before[3].pupil_code.upper().replace("-", " - ")
    twin = next(sheet for sheet in after if sheet.pupil_code == before[3].pupil_code)
    Response.objects.filter(pk=twin.pk).update(pupil_code=f" {typed} ")
    first = before[3].answers | {next(iter(before[3].answers)): "NS"}
    Response.objects.filter(pk=before[3].pk).update(answers=first)
    return cohort


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode())))


def numbers_of(value, path=()):
    """Every number of nested results, by its place."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from numbers_of(inner, (*path, key))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def test_folder_gives_the_numbers_and_the_hashes_of_the_report(evaluator, monkeypatch, tmp_path):
    monkeypatch.setattr(tasks.build_report, "delay_on_commit", lambda **kwargs: None)
    cohort = untidy(finished_cohort(by=evaluator)[0])
    asked, _ = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=evaluator)
    jobs.build(asked.pk)
    asked.refresh_from_db()
    stored, export = asked.report.results, exported(cohort, evaluator)
    for name, content in files_of(export).items():
        (tmp_path / name).write_bytes(content)

    command = shlex.split(re.search(r"evaluate FOLDER --out OUT (.*)", (tmp_path / "README.txt").read_text())[1])
    call_command("evaluate", str(tmp_path), "--out", str(tmp_path / "out"), *command)

    own = json.loads((tmp_path / "out" / "results.json").read_text())
    assert own["provenance"]["data_hash"] == stored["provenance"]["data_hash"] == export.data_hash
    assert own["provenance"]["inputs"] == stored["provenance"]["inputs"]
    assert (
        own["caveats"][-1] == stored["caveats"][-1]
    )  # who fixed the plan and when, with the cut, the seed and the data
    assert export.data_hash in (tmp_path / "README.txt").read_text()
    # The report guards its rating groups, the evaluator's own files do not: what the report shows must be there alike.
    stored, own = dict(numbers_of(stored)), dict(numbers_of(own))
    # How many were asked is no part of the answers: the folder does not say it.
    assert stored["scope", "asked", "pupil"] == PupilCode.objects.filter(cohort=cohort).count() > 0
    shown = {place: number for place, number in stored.items() if place[0] not in ("disclosure", "scope")}
    assert len(shown) > 600
    # Some of it the report stores with two decimals, or as a whole per cent.
    different = {place: (number, own.get(place)) for place, number in shown.items() if own.get(place) != number}
    assert all(number in (round(whole, 2), round(whole)) for number, whole in different.values())
    assert len(different) < len(shown) / 4
    assert stored["flow", "ambiguous_rows"] == 2
    assert stored["flow", "blank_code_rows"] == 1


def test_plan_with_every_question_is_repeated_by_the_command_of_the_readme(cohort, evaluator, settings):
    AnalysisPlan.objects.filter(cohort=cohort).update(item_set="all", cut="3.5")
    settings.DISCLOSURE_RULE = "health_census"

    readme = files_of(exported(cohort, evaluator))["README.txt"].decode()

    assert "--cut 3.5 --seed 5 --items all --rule health_census --fixed-by 'E" in readme


def test_pupil_codes_leave_under_a_pseudonym_that_links_as_the_code_does(cohort):
    slips = list(PupilCode.objects.filter(cohort=cohort))

    pupils = extracts.evaluation_data(cohort).pupils

    told = " ".join(pupils["pupil_code"]).upper()
    assert [slip.code for slip in slips if clean_code(slip.code) in clean_code(told)] == []
    counts = pupils[pupils["pupil_code"] != ""].groupby(["school_id", "stage", "pupil_code", "wave"]).size()
    pairs = counts.reset_index().groupby(["school_id", "stage", "pupil_code"]).size()
    assert (pupils["pupil_code"] == "").sum() == 1
    assert sorted(counts, reverse=True)[:2] == [2, 1]
    assert (pairs == 2).sum() == len(slips) - 2


def test_same_code_at_two_schools_has_two_pseudonyms(cohort):
    before = set(extracts.evaluation_data(cohort).pupils["pupil_code"])
    for row in cohort.waves.get(audience="pupil", moment="pre").schools.all():
        sheet = Response.objects.filter(wave=row.wave, school=row.school).exclude(pupil_code="").last()
        Response.objects.filter(pk=sheet.pk).update(pupil_code="AB-12")

    after = set(extracts.evaluation_data(cohort).pupils["pupil_code"])

    assert len(after - before) == 2


def test_order_of_the_rows_tells_neither_who_was_first_nor_the_register(cohort):
    salt = cohort.analysis_plan.salt
    arrived = [
        (extracts.pseudonym("school", salt, sheet.school.key), sheet.wave.moment, sheet.answers)
        for sheet in Response.objects.filter(wave__cohort=cohort, stage__gt="").order_by("pk")
    ]
    data = extracts.evaluation_data(cohort)

    schools = list(data.pupils["school_id"])
    items = list(dict.fromkeys(data.codebook["item"]))
    rows = [
        (row["school_id"], row["wave"], {item: row[item] for item in items if row[item]})
        for row in data.pupils.to_dict("records")
    ]

    assert schools == sorted(schools)
    for group in {(school, wave) for school, wave, _ in arrived}:
        said = [{key: str(value) for key, value in row[2].items()} for row in arrived if row[:2] == group]
        written = [row[2] for row in rows if row[:2] == group]
        assert sorted(map(str, map(sorted, map(dict.items, said)))) == sorted(
            map(str, map(sorted, map(dict.items, written)))
        )
        assert said != written


def test_nothing_in_the_file_names_a_school_a_slip_or_a_person(cohort, evaluator):
    content = exported(cohort, evaluator)
    cluster = cohort.participations.get().cluster
    schools = [row.school for row in cohort.waves.first().schools.select_related("school")]
    people = [evaluator, *(invitation.person for invitation in cohort.waves.get(audience="head").invitations.all())]
    codes = [slip.code for slip in PupilCode.objects.filter(cohort=cohort)]
    told = {
        *(word for school in schools for word in (school.name, school.seed_code, school.key)),
        *(word for person in people for word in (person.full_name, person.email)),
        *(
            word
            for code in codes
            for word in (code, code.upper(), code.replace("-", ""), code.upper().replace("-", ""))
        ),
        *(group.code for group in schools[0].class_groups.all()),
        *(str(sheet.uuid) for sheet in Response.objects.filter(wave__cohort=cohort)),
        *(cluster.name, cluster.authority.name, cohort.analysis_plan.salt),
    }

    everything = {**files_of(content), "names": " ".join(files_of(content)).encode(), "zip": bytes(content.content)}
    # Who fixed the plan is told once, in the command that repeats the report.
    fixed = f"--fixed-by '{evaluator.full_name}'".encode()
    assert everything["README.txt"].count(fixed) == 1
    everything["README.txt"] = everything["README.txt"].replace(fixed, b"")

    # A figure inside a hash is no SEED code.
    pattern = re.compile(
        rb"(?<![0-9a-f])(?:" + b"|".join(re.escape(word.encode()) for word in told) + rb")(?![0-9a-f])", re.I
    )
    assert len(told) > 50
    assert {name: pattern.findall(each) for name, each in everything.items() if pattern.search(each)} == {}


def test_spss_file_has_the_rows_labels_and_missing_codes(cohort, evaluator, tmp_path):
    files = files_of(exported(cohort, evaluator))
    (tmp_path / "pupils.sav").write_bytes(files["pupils.sav"])
    rows, book = rows_of(files["pupils.csv"]), rows_of(files["codebook.csv"])

    told, meta = pyreadstat.read_sav(tmp_path / "pupils.sav", user_missing=True)
    missing, _ = pyreadstat.read_sav(tmp_path / "pupils.sav")

    assert len(told) == len(rows)
    assert list(told.columns) == list(rows[0])
    items = {row["item"]: row for row in book}
    for name in rows[0]:
        numeric = name in items or name in ("response_id", "simd_quintile")
        cells = [row[name] for row in rows]
        if numeric:
            meant = [None if cell == "" else float(spss.OUTSIDE.get(cell, cell)) for cell in cells]
            assert [None if value != value else value for value in told[name]] == meant
        else:
            assert list(told[name]) == cells
    unsure = [(n, name) for n, row in enumerate(rows) for name in items if row[name] == "NS"]
    assert unsure
    for number, name in unsure:
        assert told[name][number] == 97
        assert missing[name][number] != missing[name][number]
    question = next(iter(items.values()))
    assert meta.column_names_to_labels[question["item"]] == question["text"]
    words = meta.variable_value_labels[question["item"]]
    assert words[1.0] == "Not really"
    assert words[97.0] == "Not sure"
    older = next(words for words in meta.variable_value_labels.values() if 98.0 in words and 5.0 in words)
    assert (older[98.0], older[99.0]) == ("I have not done this", "Prefer not to say")
    assert meta.missing_ranges[question["item"]] == [{"lo": 95.0, "hi": 99.0}]


def test_every_answer_that_is_not_scored_has_its_number_in_spss():
    assert spss.OUTSIDE.keys() == UNSCORED


def test_spss_names_are_allowed_and_each_there_once():
    assert spss.variable_names(["like-it", "like_it", "2nd", "Like_It"]) == [
        "like_it",
        "like_it_1",
        "q2nd",
        "Like_It_3",
    ]


def test_data_package_fits_the_files(cohort, evaluator):
    files = files_of(exported(cohort, evaluator))
    package = json.loads(files["datapackage.json"])

    tables = {resource["name"]: rows_of(files[resource["path"]]) for resource in package["resources"]}

    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert sorted(each["path"] for each in package["resources"]) == sorted(n for n in files if n.endswith(".csv"))
    for resource in package["resources"]:
        schema, rows = resource["schema"], tables[resource["name"]]
        assert resource["bytes"] == len(files[resource["path"]])
        assert [field["name"] for field in schema["fields"]] == list(rows[0])
        for key in schema.get("foreignKeys", []):
            known = {row[key["reference"]["fields"][0]] for row in tables[key["reference"]["resource"]]}
            assert {row[key["fields"][0]] for row in rows} <= known
        # A sheet of an adult has no number of its own: a person without a link and a school says nothing of which sheet it is.
        assert ("primaryKey" in schema) == (resource["name"] != "adults")
        keys = [tuple(row[name] for name in schema.get("primaryKey", [])) for row in rows]
        assert "primaryKey" not in schema or len(set(keys)) == len(keys)
        missing = {each["value"] for each in schema["missingValues"]}
        assert [fault for field in schema["fields"] for row in rows for fault in faults(row, field, missing)] == []
    asked = next(field for field in package["resources"][0]["schema"]["fields"] if "categories" in field)
    assert asked["title"] == next(row["text"] for row in tables["codebook"] if row["item"] == asked["name"])
    assert {"value": "NS", "label": "Not sure"} in package["resources"][0]["schema"]["missingValues"]


def faults(row, field, missing):
    """What a program that follows the Data Package would find wrong with one cell."""
    cell, rules = row[field["name"]], field["constraints"]
    if cell in missing:
        if rules.get("required"):
            yield field["name"], "is missing"
        return
    value = int(cell) if field["type"] == "integer" else cell
    if "enum" in rules and value not in rules["enum"]:
        yield field["name"], cell
    if not rules.get("minimum", value) <= value <= rules.get("maximum", value):
        yield field["name"], cell
    if "categories" in field and value not in [each["value"] for each in field["categories"]]:
        yield field["name"], cell


def test_question_that_begins_like_a_formula_is_text(cohort, evaluator):
    Item.objects.filter(key__startswith="p2p4").update(text='=HYPERLINK("x")')
    empty_cache()

    book = rows_of(files_of(exported(cohort, evaluator))["codebook.csv"])

    assert {row["text"][:2] for row in book if row["stage_group"] == "P2P4"} == {"'="}


def test_review_counts_the_small_groups(cohort, evaluator):
    # Two schools with 3 pupils in P4 and 3 in P5, before and after: eight groups, all of them small.
    review = exported(cohort, evaluator).review

    assert (review["sheets"], review["baseline"], review["follow_up"]) == (24, 12, 12)
    assert (review["schools"], review["rated_schools"], review["schools_alone"]) == (2, 2, 0)
    assert (review["cells"], review["small_cells"], review["sheets_in_small_cells"]) == (8, 8, 24)
    assert review["smallest"][0]["sheets"] == 3


def test_readme_of_a_demonstration_says_that_its_data_are_invented(cohort, evaluator):
    Demonstration.objects.create(seed=1, scale="small")

    readme = files_of(exported(cohort, evaluator))["README.txt"].decode()

    assert readme.splitlines()[2:4] == ["Invented data, for demonstration", ""]
