"""Official registers read as whole files, in their layouts, from .xlsx and .csv."""

import datetime
from decimal import Decimal

import pytest

from clusters.registers.reader import read_register
from clusters.registers.readings import Kind, Status
from tests.clusters import register_files as files


def test_contact_list_is_recognised_on_its_third_sheet():
    reading = read_register(files.contact_list(), "renamed by someone.xlsx")

    assert (reading.kind, reading.sheet, reading.heading_row, reading.rows) == (
        Kind.CONTACT_LIST, "Open Schools", 6, 1,
    )  # fmt: skip
    assert (reading.edition.on, reading.edition.words) == (datetime.date(2024, 10, 31), "31 October 2024")
    record = reading.records[0]
    assert (record.key, record.name, record.authority_name) == (("9900417", "P"), "Ardlinnie Primary", "Fife")
    assert record.texts["medium"] == "English medium only"
    assert record.figures == {}


def test_contact_list_school_with_two_departments_gives_two_records():
    both = files.contact_row(9900425, "Auchterlee High", **{"Secondary Department": "Yes"})

    reading = read_register(files.contact_list(files.contact_row(), both), "list.xlsx")

    assert reading.rows == 2
    assert [record.key for record in reading.records] == [("9900417", "P"), ("9900425", "P"), ("9900425", "S")]


def test_contact_list_of_2018_reads_rolls_under_their_group_headings():
    lines = [
        ["School contact details"], [], [], [],
        ["", "", "", "", "Pupil rolls 2018", "", "", "Teachers (FTE)", "", "", "School type", "", ""],
        ["Seed code", "LA name", "School name", "Post code",
         "Primary", "Secondary", "Special", "Primary", "Secondary", "Special", "Primary", "Secondary", "Special"],
        [9900417, "Fife", "Ardlinnie Primary", "ZZ9 4QT", 120, 0, 0, 7.5, 0, ".", "Primary", "", ""],
        [9900425, "Fife", "Auchterlee High", "ZZ9 4QU", 80, 310, "N/A", 5, 28.1, "0", "Primary", "Secondary", "."],
        [9900433, "Fife", "Inverdool Primary", "ZZ9 4QV", 0, 0, 0, ".", 0, 0, "Primary", "", ""],
    ]  # fmt: skip

    reading = read_register(files.sheet_of(lines, "Open at 19 Sept 2018"), "list.xlsx")

    assert (reading.kind, reading.edition.on) == (Kind.CONTACT_LIST, datetime.date(2018, 9, 19))
    found = {record.key: record.figures for record in reading.records}
    assert found["9900417", "P"]["roll"].value == 120
    assert found["9900425", "P"]["roll"].value == 80
    assert found["9900425", "S"]["roll"].value == 310
    assert found["9900425", "S"]["teachers_fte"].value == Decimal("28.1")
    assert found["9900433", "P"] == {}


def test_newest_of_several_dated_sheets_is_read():
    from_2017 = [files.CONTACT_HEADINGS, list(files.contact_row(name="Old Name").values())]
    from_2018 = [files.CONTACT_HEADINGS, list(files.contact_row(name="New Name").values())]
    book = files.Workbook()
    for title, lines in (("Open at June 2018", from_2018), ("Open at Sept 2017", from_2017)):
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)

    reading = read_register(files.saved(book), "list.xlsx")

    assert (reading.sheet, reading.records[0].name) == ("Open at June 2018", "New Name")


def test_statistics_are_read_with_their_marks():
    hidden = files.statistics_row(9900425, "Auchterlee Primary", **{"P2": "c", "SIMD Quintile 1 [Note 6]": "c"})
    nought = files.statistics_row(9900433, "Inverdool Primary", **{"P2": 0, "SIMD Quintile 1 [Note 6]": 0})

    reading = read_register(files.statistics(files.statistics_row(), hidden, nought), "numbers.xlsx")

    assert (reading.kind, reading.heading_row, reading.edition.words) == (Kind.STATISTICS, 2, "September 2023")
    known, marked, zero = (record.figures for record in reading.records)
    assert (known["roll"].value, known["p2"].value, known["deprived_share"].value) == (200, 31, Decimal("23.0"))
    assert (marked["p2"].status, marked["p2"].value, marked["p2"].raw) == (Status.SUPPRESSED, None, "c")
    assert (marked["deprived_share"].status, marked["deprived_share"].value) == (Status.SUPPRESSED, None)
    assert (zero["p2"].value, zero["deprived_share"].value) == (0, 0)
    assert reading.records[0].texts["urban_rural_8"] == "8"


def test_statistics_footnotes_below_the_data_are_not_schools():
    footnotes = [[], ["(1) Schools with no pupils on roll"], [None, "White - Polish"], [None, " - Large urban areas"]]

    reading = read_register(files.statistics(below=footnotes), "numbers.xlsx")

    assert (reading.rows, len(reading.records), reading.problems) == (1, 1, ())


def test_statistics_of_2019_take_the_edition_from_the_sheet_not_from_other_years():
    lines = [
        ["", "", "", "", "", "", "Roll by SIMD 2016 Quintiles", "2018/19 Attendance and absence rates(5)"],
        ["Local Authority", "SeedCode", "School Name", "School Type", "FTE Teachers", "Pupil roll(1)",
         "SIMD Quintile 1", "Attendance rate", "P1"],
        ["Edinburgh City", 9900417, "Ardlinnie Primary", "Primary", 4.1, 50, "*", 95.1, "#"],
    ]  # fmt: skip

    reading = read_register(files.sheet_of(lines, "2019"), "numbers.xlsx")

    assert reading.edition.on == datetime.date(2019, 9, 1)
    figures = reading.records[0].figures
    assert (figures["deprived_share"].status, figures["p1"].status) == (Status.SUPPRESSED, Status.NOT_APPLICABLE)


def test_school_roll_bands_keep_nought_hidden_and_left_out_apart():
    share = "PropPupils20PCMostDeprived"
    rows = [
        files.school_roll_row(9900417),
        files.school_roll_row(9900425, **{share: "0%"}),
        files.school_roll_row(9900433, **{share: "*"}),
        files.school_roll_row(9900441, **{share: "0", "PupilRoll": 0, "FTETeacher": 0}),
        files.school_roll_row(9900458, **{share: "N/A"}),
        files.school_roll_row(9900466, **{share: "0"}),
    ]

    reading = read_register(files.school_roll(*rows), "SG_SchoolRoll_2023.xlsx")

    assert (reading.kind, reading.edition.words, reading.problems) == (Kind.SCHOOL_ROLL, "September 2023", ())
    shares = [record.figures["deprived_share"] for record in reading.records]
    assert [(share.status, share.value, share.low) for share in shares] == [
        (Status.BAND, None, 20),
        (Status.KNOWN, 0, None),
        (Status.SUPPRESSED, None, None),
        (Status.NOT_COLLECTED, None, None),
        (Status.NOT_COLLECTED, None, None),
        (Status.KNOWN, 0, None),
    ]
    left_out = reading.records[3].figures
    assert (left_out["roll"].status, left_out["roll"].value) == (Status.NOT_COLLECTED, None)


def test_school_roll_of_2022_has_other_headings():
    lines = [
        ["SchUID", "SeedCode", "SchoolType", "SchoolName", "PostCode", "LAName", "LACode", "Pupil_Roll", "FTE_Teachers",
         "PropPupils20PCMostDeprived", "AddrUR8", "AddrUR6"],
        ["9900417P", 9900417, "Primary", "Ardlinnie Primary", "ZZ9 4QT", "Fife", "S12000015", 90, 5.2, "0", 7, 6],
    ]  # fmt: skip

    reading = read_register(files.sheet_of(lines, "SG_SchoolRoll_2022"), "x.xlsx")

    assert (reading.kind, reading.edition.on) == (Kind.SCHOOL_ROLL, datetime.date(2022, 9, 1))
    assert reading.records[0].figures["roll"].value == 90
    assert reading.records[0].authority_code == "S12000015"


def test_edition_that_the_file_does_not_tell_is_taken_from_a_person():
    file = files.school_roll(files.school_roll_row())

    unknown = read_register(file, "roll.xlsx")
    told = read_register(file, "roll.xlsx", said_edition=datetime.date(2023, 9, 1))

    assert unknown.edition is None
    assert told.edition.words == "September 2023"


def test_edition_in_the_file_is_stronger_than_what_a_person_says():
    reading = read_register(files.contact_list(), "list.xlsx", said_edition=datetime.date(1999, 1, 1))

    assert reading.edition.on == datetime.date(2024, 10, 31)


@pytest.mark.parametrize(
    ("encoding", "delimiter", "newline"),
    [
        ("utf-8-sig", ",", "\r\n"),
        ("utf-8", ";", "\n"),
        ("utf-16", "\t", "\r\n"),
        ("cp1252", ",", "\r\n"),
        ("utf-8", ",", "\r"),
        ("utf-8", "|", "\n"),
    ],
)
def test_csv_reads_as_the_workbook_does(encoding, delimiter, newline):
    rows = [files.school_roll_row(), files.school_roll_row(9900425, "Sgoil Bàgh, “Ùr”")]
    lines = [files.SCHOOL_ROLL_2023_HEADINGS, *(list(row.values()) for row in rows)]

    from_csv = read_register(files.as_csv(lines, encoding=encoding, delimiter=delimiter, newline=newline), "r_2023.csv")
    from_book = read_register(files.school_roll(*rows), "r_2023.xlsx")

    assert from_csv.records == from_book.records
    assert from_csv.records[1].name == "Sgoil Bàgh, “Ùr”"


def test_unreadable_rows_carry_their_number_and_reason():
    rows = [
        files.contact_row(),
        files.contact_row("990O49", "Kirkmorran Primary"),
        {**dict.fromkeys(files.CONTACT_HEADINGS, ""), "Post Code": "ZZ9 4QZ"},
        files.contact_row(9900417, "Ardlinnie Primary again"),
        files.contact_row(9900425, "Nursery Only", **{"Primary Department": "No"}),
        files.contact_row(9900433, "Maybe Primary", **{"Primary Department": "perhaps"}),
        files.contact_row(9900441, ""),
        files.contact_row(9900458, "Lost Primary", **{"LA Name": ""}),
    ]

    reading = read_register(files.contact_list(*rows), "list.xlsx")

    assert (reading.rows, len(reading.records)) == (8, 1)
    assert [(problem.row, problem.school, problem.reason) for problem in reading.unreadable] == [
        (8, "Kirkmorran Primary", "SEED code is “990O49”: a letter O where a figure should be"),
        (9, "", "the row has text under postcode and nothing else"),
        (10, "Ardlinnie Primary again", "SEED code 9900417 and sector P are already in row 7"),
        (11, "Nursery Only", "the school has no primary, secondary or special department"),
        (12, "Maybe Primary", "primary department is “perhaps”: it should be Yes or No"),
        (13, "", "the school has no name"),
        (14, "Lost Primary", "the local authority is blank"),
    ]


def test_one_cell_that_cannot_be_read_leaves_the_rest_of_its_row():
    odd = files.statistics_row(**{"Pupil roll": "about 200", "P1": 28})

    reading = read_register(files.statistics(odd), "numbers.xlsx")

    assert "roll" not in reading.records[0].figures
    assert "deprived_share" not in reading.records[0].figures
    assert reading.records[0].figures["p1"].value == 28
    assert [(problem.row, problem.reason) for problem in reading.doubtful] == [
        (3, "roll “about 200” is neither a number nor a known mark")
    ]


def test_school_uid_that_contradicts_its_row_is_unreadable():
    reading = read_register(
        files.school_roll(files.school_roll_row(), files.school_roll_row(9900425, suffix="S")), "roll_2023.xlsx"
    )

    assert [problem.reason for problem in reading.unreadable] == [
        "SchUID “9900425S” does not agree with SEED code 9900425 and school type P"
    ]


def test_progress_goes_from_little_to_all():
    rows = [files.contact_row(9900000 + number) for number in range(120)]
    seen = []

    read_register(files.contact_list(*rows), "list.xlsx", on_progress=seen.append)

    assert seen == sorted(seen)
    assert seen[-1] == 1.0
