"""An official register compared with our schools, applied, repeated and taken back."""

import datetime
from decimal import Decimal

import pytest

from clusters import actions
from clusters.importing import stored
from clusters.importing.comparing import compare
from clusters.importing.runs import keep
from clusters.models import NamedEvent, RegisterImport, School
from clusters.registers.readings import RegisterRefused
from tests import make
from tests.clusters import register_files as files
from tests.clusters.register_files import apply, plan_of, reading_of

pytestmark = pytest.mark.django_db

ROLL_YEAR = datetime.date(2023, 9, 1)


@pytest.fixture
def fife():
    return make.authority("Fife", gss_code="S12000047", superseded_codes=["S12000015"], aliases=["Kingdom of Fife"])


def test_new_school_is_added_with_the_source_of_each_fact(fife):
    apply(files.contact_list())

    school = School.objects.get()
    assert (school.key, school.name, school.authority, school.postcode) == (
        "9900417-P", "Ardlinnie Primary", fife, "ZZ9 4QT",
    )  # fmt: skip
    assert (school.status, school.in_latest_list, school.medium) == ("open", True, "English medium only")
    assert (school.roll, school.deprived_share, school.deprived_status) == (None, None, "not_collected")
    assert school.facts["name"] == {
        "edition": "Official contact list, 31 October 2024",
        "kind": "contact-list",
        "on": "2024-10-31",
        "raw": "Ardlinnie Primary",
        "status": "known",
    }


def test_statistics_fill_in_figures_and_keep_what_is_hidden(fife):
    rows = [
        files.statistics_row(),
        files.statistics_row(9900425, "Hidden Primary", **{"P2": "c", "SIMD Quintile 1 [Note 6]": "c"}),
        files.statistics_row(9900433, "Nought Primary", **{"P2": 0, "SIMD Quintile 1 [Note 6]": 0}),
    ]

    apply(files.statistics(*rows))

    known, hidden, nought = School.objects.order_by("seed_code")
    assert (known.roll, known.teachers, known.deprived_share, known.urban_rural) == (
        200, Decimal("11.2"), Decimal("23.0"), 8,
    )  # fmt: skip
    assert known.stage_rolls["P2"] == 31
    assert "P2" not in hidden.stage_rolls
    assert (hidden.facts["P2"]["status"], hidden.facts["P2"]["raw"]) == ("suppressed", "c")
    assert (hidden.deprived_status, hidden.deprived_share) == ("suppressed", None)
    assert (nought.stage_rolls["P2"], nought.deprived_share, nought.deprived_status) == (0, Decimal("0.0"), "exact")


EIGHT, SIX = "School's 8-fold urban/rural classification", "School's 6-fold urban/rural classification"


@pytest.mark.parametrize(
    ("steps", "kept"),
    [
        ([{2022: {EIGHT: "Very Remote Rural", SIX: "Remote rural areas"}}], (8, 8, 2022)),
        ([{2022: {EIGHT: "x", SIX: "Remote rural areas"}}], (6, 6, 2022)),
        ([{2022: {EIGHT: "x", SIX: "x"}}], (None, 8, None)),
        # A coarser class that agrees takes nothing away; one that does not agree is the newer truth.
        ([{2022: {EIGHT: "Very Remote Rural"}}, {2023: {EIGHT: "x", SIX: "Remote rural areas"}}], (8, 8, 2022)),
        ([{2022: {EIGHT: "Very Remote Rural"}}, {2023: {EIGHT: "x", SIX: "Other urban areas"}}], (2, 6, 2023)),
        # A finer class of an older edition is taken when it agrees with what we have.
        ([{2023: {EIGHT: "x", SIX: "Remote rural areas"}}, {2022: {EIGHT: "Very Remote Rural"}}], (8, 8, 2022)),
        ([{2023: {EIGHT: "x", SIX: "Other urban areas"}}, {2022: {EIGHT: "Very Remote Rural"}}], (2, 6, 2023)),
    ],
)
def test_finest_urban_rural_class_is_kept_with_its_edition(steps, kept, fife):
    for step in steps:
        for year, cells in step.items():
            apply(files.statistics(files.statistics_row(**cells), year=year))

    school = School.objects.get()
    source = school.facts.get("urban_rural", {}).get("on")
    assert (school.urban_rural, school.urban_rural_folds, source and int(source[:4])) == kept
    assert plan_of(files.statistics(files.statistics_row(**cells), year=year)).nothing_to_do


def test_school_roll_band_is_kept_as_a_band(fife):
    apply(files.school_roll(files.school_roll_row()), said_edition=ROLL_YEAR)

    school = School.objects.get()
    assert (school.deprived_status, school.deprived_band, school.deprived_share) == ("band", "20 to under 25%", None)


def test_the_same_file_twice_changes_nothing(fife):
    apply(files.statistics())
    before = School.objects.values().get()

    plan = plan_of(files.statistics())

    assert plan.nothing_to_do
    assert (plan.same, plan.new, plan.changed, plan.newly_missing) == (1, [], [], [])
    assert School.objects.values().get() == before


def test_changes_show_old_and_new_per_fact(fife):
    apply(files.statistics(year=2022))
    changed = files.statistics_row(name="Ardlinnie Bay Primary", **{
        "Pupil roll": 210, "P3": "c", "SIMD Quintile 1 [Note 6]": "c",
        "School's 8-fold urban/rural classification": "Remote rural areas",
    })  # fmt: skip

    plan = plan_of(files.statistics(changed, year=2023))

    assert len(plan.changed) == 1
    assert {(row["label"], row["now"], row["then"]) for row in plan.rows_of_change} == {
        ("Name", "Ardlinnie Primary", "Ardlinnie Bay Primary"),
        ("Roll", "200", "210"),
        ("Pupils in P3", "25", "[c] suppressed"),
        ("Pupils in the most deprived fifth of areas", "23%", "[c] suppressed"),
        ("Urban–rural class", "Very remote rural (class 8 of 8)", "Remote rural (class 7 of 8)"),
    }
    assert School.objects.get().roll == 200


def test_applied_change_leaves_history_with_person_and_reason(fife):
    person = make.person("Stella Staff", staff=True)
    apply(files.statistics(year=2022))

    apply(files.statistics(files.statistics_row(**{"Pupil roll": 210}), year=2023), by=person)

    newest, first = School.objects.get().history.all()
    assert (first.roll, newest.roll, newest.history_type) == (200, 210, "~")
    assert newest.history_user == person
    assert newest.history_change_reason == "Import of School-level statistics, September 2023"
    event = NamedEvent.objects.first()
    assert (event.event, event.by, event.detail["changed"]) == ("register applied", person, 1)


def test_older_edition_never_overwrites_a_newer_fact(fife):
    apply(files.statistics(files.statistics_row(**{"Pupil roll": 210}), year=2023))

    plan = plan_of(files.statistics(files.statistics_row(**{"Pupil roll": 190}), year=2022))

    # The share in the most deprived fifth would change with the roll.
    assert (plan.nothing_to_do, plan.kept_newer, plan.same) == (True, 2, 1)


def test_older_edition_fills_in_what_a_newer_one_did_not_tell(fife):
    apply(files.contact_list())

    apply(files.statistics(files.statistics_row(name="Old Name"), year=2023))

    school = School.objects.get()
    assert (school.name, school.roll) == ("Ardlinnie Primary", 200)


def test_fact_that_a_newer_edition_confirms_is_safe_from_the_editions_between(fife):
    apply(files.statistics(year=2020))
    apply(files.statistics(year=2023))

    apply(files.statistics(files.statistics_row(**{"Pupil roll": 190}), year=2022))

    school = School.objects.get()
    assert (school.roll, school.facts["roll"]["on"]) == (200, "2023-09-01")


@pytest.mark.parametrize("exact_first", [True, False])
def test_exact_share_beats_the_band_of_the_same_census_in_either_order(fife, exact_first):
    steps = [
        lambda: apply(files.statistics()),
        lambda: apply(files.school_roll(files.school_roll_row()), said_edition=ROLL_YEAR),
    ]

    for step in steps if exact_first else reversed(steps):
        step()

    school = School.objects.get()
    assert (school.deprived_status, school.deprived_share, school.deprived_band) == ("exact", Decimal("23.0"), "")


def test_school_not_in_a_newer_list_is_marked_and_kept(fife):
    apply(files.contact_list(files.contact_row(), files.contact_row(9900425, "Leaving Primary"), opened="31 May 2024"))

    plan = plan_of(files.contact_list())
    apply(files.contact_list())

    assert [school.name for school in plan.missing] == ["Leaving Primary"]
    leaving = School.objects.get(seed_code="9900425")
    assert (leaving.in_latest_list, leaving.status) == (False, "open")
    again = plan_of(files.contact_list())
    assert (again.nothing_to_do, [school.name for school in again.missing]) == (True, ["Leaving Primary"])


def test_row_with_an_unknown_authority_does_not_make_its_school_missing(fife):
    both = [files.contact_row(), files.contact_row(9900425, "Doubtful Primary")]
    apply(files.contact_list(*both, opened="31 May 2023"))

    plan = plan_of(
        files.contact_list(files.contact_row(), files.contact_row(9900425, "Doubtful", **{"LA Name": "Fyfe"}))
    )

    assert (plan.missing, len(plan.problems)) == ([], 1)


def test_school_that_comes_back_is_unmarked(fife):
    both = [files.contact_row(), files.contact_row(9900425, "Wandering Primary")]
    apply(files.contact_list(*both, opened="31 May 2023"))
    apply(files.contact_list(opened="31 May 2024"))

    apply(files.contact_list(*both, opened="31 October 2024"))

    assert School.objects.get(seed_code="9900425").in_latest_list


def test_school_of_an_older_list_only_is_added_as_not_in_the_latest(fife):
    apply(files.contact_list())
    closed = files.statistics_row(9900425, "Closed Primary")

    apply(files.statistics(files.statistics_row(), closed))

    assert not School.objects.get(seed_code="9900425").in_latest_list
    assert plan_of(files.statistics(files.statistics_row(), closed)).nothing_to_do


def test_list_of_one_authority_says_nothing_of_the_schools_of_another(fife):
    make.school("Elsewhere Primary", make.authority("Elsewhere"))
    make.school("Old Fife Primary", fife)
    make.school("Old Fife High", fife, sector="S")

    plan = plan_of(files.contact_list())

    assert [school.name for school in plan.missing] == ["Old Fife Primary"]


@pytest.mark.parametrize(
    ("name", "code", "found"),
    [
        ("Fife", "", True),
        ("  FIFE ", "", True),
        ("Kingdom of Fife [Note 2]", "", True),
        ("The Fife Council", "", True),
        ("", "S12000047", True),
        ("Fife", "S12000015", True),
        ("Fyfe", "", False),
    ],
)
def test_authority_is_found_by_name_alias_and_old_code(fife, name, code, found):
    row = files.school_roll_row(LAName=name, LACode=code)

    plan = plan_of(files.school_roll(files.school_roll_row(9900425), row), said_edition=ROLL_YEAR)

    assert len(plan.new) == (2 if found else 1)
    assert [problem.reason for problem in plan.problems] == ([] if found else ["we do not know the authority “Fyfe”"])


def test_authority_name_and_code_that_disagree_make_a_row_unreadable(fife):
    make.authority("Angus", gss_code="S12000041")
    row = files.school_roll_row(LACode="S12000041")

    plan = plan_of(files.school_roll(row), said_edition=ROLL_YEAR)

    assert [(problem.row, problem.reason) for problem in plan.problems] == [
        (2, "authority “Fife” and code S12000041 are two different authorities")
    ]


def test_grant_aided_school_has_no_authority(fife):
    rows = [
        files.school_roll_row(9900425, "Aided School", CentreType="Grant Aided"),
        files.school_roll_row(9900433, "Also Aided", LAName="Grant aided [ NOTE ]", LACode=""),
    ]

    apply(files.school_roll(*rows), said_edition=ROLL_YEAR)

    assert list(School.objects.values_list("authority", flat=True)) == [None, None]


def test_reading_survives_being_stored():
    reading = reading_of(files.statistics(files.statistics_row(P2="c", P4="odd")))

    assert stored.from_json(stored.to_json(reading)) == reading


def test_import_cannot_be_applied_twice(fife):
    run = apply(files.contact_list())

    with pytest.raises(actions.NotNow, match="applied already"):
        actions.apply_register(run, by=None)

    assert School.history.count() == 1


def test_preview_that_is_no_longer_true_is_worked_out_again(fife):
    reading = reading_of(files.contact_list())
    run = keep(reading, compare(reading), file_name="register.xlsx", sha256="0" * 64, by=None)
    apply(files.contact_list(files.contact_row(name="Another Name"), opened="1 January 2024"))

    with pytest.raises(actions.NotNow, match="look at it once more"):
        actions.apply_register(run, by=None)

    run.refresh_from_db()
    assert (School.objects.get().name, run.applied_at) == ("Another Name", None)
    assert (run.counts["new"], run.counts["changed"]) == (0, 1)
    actions.apply_register(run, by=None)
    assert School.objects.get().name == "Ardlinnie Primary"


def test_what_was_read_is_dropped_when_applied(fife):
    run = apply(files.contact_list())

    assert RegisterImport.objects.get(pk=run.pk).reading == {}


def test_import_taken_back_restores_facts_and_removes_what_it_added(fife):
    apply(files.statistics(year=2022))
    before = School.objects.values().get()
    changed = files.statistics_row(name="Renamed", **{"Pupil roll": 210, "P2": "c", "SIMD Quintile 1 [Note 6]": "c"})
    run = apply(files.statistics(changed, files.statistics_row(9900425, "Added Primary"), year=2023))

    done = actions.undo_register(run, on=run.undo_until, by=None)

    assert done == (1, 1)
    assert School.objects.values().get() == before


def test_school_that_something_refers_to_stays_when_its_import_is_taken_back(fife):
    run = apply(files.contact_list())
    make.cluster("Cluster", fife, [School.objects.get()])

    done = actions.undo_register(run, on=run.undo_until, by=None)

    assert done == (0, 0)
    assert not School.objects.get().in_latest_list


def test_import_is_not_taken_back_late_or_after_another_or_twice(fife):
    first = apply(files.statistics(year=2022))
    with pytest.raises(actions.NotNow):
        actions.undo_register(first, on=first.undo_until + datetime.timedelta(days=1), by=None)

    second = apply(files.statistics(files.statistics_row(**{"Pupil roll": 210}), year=2023))
    with pytest.raises(actions.NotNow):
        actions.undo_register(first, on=first.undo_until, by=None)

    actions.undo_register(second, on=second.undo_until, by=None)
    with pytest.raises(actions.NotNow):
        actions.undo_register(second, on=second.undo_until, by=None)
    assert School.objects.get().roll == 200


def test_compare_asks_the_database_three_times_however_many_schools(fife, django_assert_num_queries):
    readings = [
        reading_of(files.contact_list(*(files.contact_row(9900000 + n) for n in range(count)))) for count in (1, 3)
    ]

    for reading in readings:
        with django_assert_num_queries(3):
            compare(reading)


def test_compare_needs_an_edition_and_authorities():
    without_year = reading_of(files.school_roll(files.school_roll_row()))
    with pytest.raises(RegisterRefused, match="which year"):
        compare(without_year)
    with pytest.raises(RegisterRefused, match="load_reference"):
        compare(reading_of(files.contact_list()))


def test_failure_half_way_leaves_nothing_behind(fife, monkeypatch):
    from clusters.importing import applying

    def fail(*args, **kwargs):
        raise RuntimeError("the disk is full")

    apply(files.statistics(year=2022))
    monkeypatch.setattr(applying, "_update", fail)
    rows = [files.statistics_row(**{"Pupil roll": 210}), files.statistics_row(9900425, "New Primary")]

    with pytest.raises(RuntimeError):
        apply(files.statistics(*rows, year=2023))

    assert School.objects.get().roll == 200
