"""Small registers in the official layouts, with invented schools (SEED codes 99xxxxx), as bytes ready to be read."""

import csv
import io

from openpyxl import Workbook

from clusters import actions
from clusters.importing.comparing import compare
from clusters.importing.runs import keep
from clusters.registers.reader import read_register

CONTACT_HEADINGS = [
    "Seed Code", "LA Name", "Centre Type", "School Name", "Address Line1", "Address Line2", "Address Line3",
    "Post Code", "Unique Property Reference Number (UPRN)", "Email", "Phone Number", "Website Address",
    "Pre-school Department", "Primary Department", "Secondary Department", "Special Department",
    "Provision for Gaelic Learners", "Medium of Education",
    "Meeting the PE target (2 hours Primary, 2 periods Secondary)", "Number of half day openings per week",
    "Integrated Special Unit", "Denomination",
]  # fmt: skip

MOVES_HEADINGS = [
    "Local authority", "School funding type", "Status", "Seed Code", "School name", "Sector", "Date opened",
    "Date closed", "Date mothballed", "Further details",
]  # fmt: skip

STATISTICS_2023_HEADINGS = [
    "Local Authority", "SeedCode", "School Name", "School Type", "Teachers (Full Time Equivalent) [Note 1]",
    "Pupil roll", "Pupil Teacher Ratio", "Average class size", "Female", "Male",
    "P1", "P2", "P3", "P4", "P5", "P6", "P7", "S1", "S2", "S3", "S4", "S5", "S6", "Special school pupils",
    "SIMD Quintile 1 [Note 6]", "SIMD Quintile 2 [Note 6]", "SIMD Quintile 3 [Note 6]", "SIMD Quintile 4 [Note 6]",
    "SIMD Quintile 5 [Note 6]", "SIMD not availble [Note 6]", "Attendance rate (%)[Note 8] [Note 9]",
    "School's 6-fold urban/rural classification", "School's 8-fold urban/rural classification",
    "Denomination of school",
]  # fmt: skip

SCHOOL_ROLL_2023_HEADINGS = [
    "SeedCode", "SchUID", "SchoolType", "CentreType", "SchoolName", "AddressLine1", "PostCode", "LAName", "LACode",
    "DataZone", "Email", "Phone", "Denomination", "FTETeacher", "PupilRoll", "PropPupilsMinorityEthnic",
    "PropPupils20PCMostDeprived", "DZSIMDPercentile", "AddrUR8", "AddrUR6", "AddrUR8Desc", "AddrUR6Desc",
    "DZUR8", "DZUR6", "Notes",
]  # fmt: skip


def contact_row(seed=9900417, name="Ardlinnie Primary", **changes):
    """One school of the contact list as {heading: value}."""
    row = dict.fromkeys(CONTACT_HEADINGS, "")
    row.update({
        "Seed Code": seed, "LA Name": "Fife", "Centre Type": "Local Authority", "School Name": name,
        "Post Code": "ZZ9 4QT", "Pre-school Department": "No", "Primary Department": "Yes",
        "Secondary Department": "No", "Special Department": "No", "Medium of Education": "English medium only",
        "Denomination": "Non-denominational",
    })  # fmt: skip
    return row | changes


def moved_row(status="Closed", seed=9900425, sector="Primary", opened=None, closed=None, mothballed=None, details=None):
    """One row of the contact list's sheet of schools that opened or closed, as a list of cells."""
    return ["Fife", "Local authority", status, seed, "Moving School", sector, opened, closed, mothballed, details]


def statistics_row(seed=9900417, name="Ardlinnie Primary", **changes):
    """One school of the 2023 statistics as {heading: value}."""
    row = dict.fromkeys(STATISTICS_2023_HEADINGS, "z")
    row.update({
        "Local Authority": "Fife", "SeedCode": seed, "School Name": name, "School Type": "Primary",
        "Teachers (Full Time Equivalent) [Note 1]": 11.2, "Pupil roll": 200, "P1": 28, "P2": 31, "P3": 25, "P4": 29,
        "P5": 27, "P6": 30, "P7": 30, "SIMD Quintile 1 [Note 6]": 46,
        "School's 6-fold urban/rural classification": "Remote rural areas",
        "School's 8-fold urban/rural classification": "Very Remote Rural",
        "Denomination of school": "Non-denominational",
    })  # fmt: skip
    return row | changes


def school_roll_row(seed=9900417, name="Ardlinnie Primary", suffix="P", **changes):
    """One school of SchoolRoll 2023 as {heading: value}."""
    row = dict.fromkeys(SCHOOL_ROLL_2023_HEADINGS, "")
    row.update({
        "SeedCode": seed, "SchUID": f"{seed}{suffix}", "SchoolType": "Primary", "CentreType": "Local Authority",
        "SchoolName": name, "PostCode": "ZZ9 4QT", "LAName": "Fife", "LACode": "S12000047",
        "Denomination": "Non-denominational", "FTETeacher": 11.2, "PupilRoll": 200, "PropPupilsMinorityEthnic": "*",
        "PropPupils20PCMostDeprived": "20 - <25%", "AddrUR8": 8, "AddrUR6": 6,
        "AddrUR8Desc": "Very Remote Rural Areas", "AddrUR6Desc": "Remote Rural Areas",
    })  # fmt: skip
    return row | changes


def contact_list(*rows, opened="31 October 2024", moved=()):
    """The contact list as .xlsx: two other sheets first, titles and group headings above the heading on row 6.

    `moved` are rows of the second sheet, as `moved_row` makes them; its headings stand on row 7.
    """
    book = Workbook()
    renamed = book.active
    renamed.title = "Schools renamed"
    renamed.append([f"Scottish schools renamed up to {opened}"])
    renamed.cell(9, 1, "Local authority"), renamed.cell(9, 2, "Seed code"), renamed.cell(9, 3, "New school name")
    moves = book.create_sheet("Schools Opened or closed")
    moves.append([f"Scottish schools which have opened or closed between 2006 and {opened}"])
    for column, text in enumerate(MOVES_HEADINGS, start=1):
        moves.cell(7, column, text)
    for row in moved:
        moves.append(row)
    sheet = book.create_sheet("Open Schools")
    sheet.append([f"Publicly funded schools open {opened}", None, None, "NOTE: Cells may be left blank"])
    sheet.cell(3, 1, "For details of Independent schools in Scotland visit the register")
    sheet.cell(5, 5, "Address Details"), sheet.cell(5, 10, "Contact Details"), sheet.cell(5, 13, "School Type")
    for column, text in enumerate(CONTACT_HEADINGS, start=1):
        sheet.cell(6, column, text)
    for row in rows or [contact_row()]:
        sheet.append([row[heading] for heading in CONTACT_HEADINGS])
    return saved(book)


def statistics(*rows, year=2023, below=()):
    """School-level statistics as .xlsx: the data on the last sheet, heading on row 2."""
    book = Workbook()
    book.active.title = "Background"
    book.active.append(["The data is from the census conducted in September 1999"])
    sheet = book.create_sheet(f"{year} School Level Statistics")
    sheet.append([f"School Level Summary Statistics {year}"])
    sheet.append(STATISTICS_2023_HEADINGS)
    for row in rows or [statistics_row()]:
        sheet.append([row[heading] for heading in STATISTICS_2023_HEADINGS])
    for line in below:
        sheet.append(line)
    return saved(book)


def school_roll(*rows):
    """SchoolRoll 2023 as .xlsx: one sheet, heading on row 1, no year inside."""
    return sheet_of([SCHOOL_ROLL_2023_HEADINGS, *([row[h] for h in SCHOOL_ROLL_2023_HEADINGS] for row in rows)])


def sheet_of(lines, title="Schools_Final"):
    """Any rows as an .xlsx with one sheet."""
    book = Workbook()
    book.active.title = title
    for line in lines:
        book.active.append(line)
    return saved(book)


def as_csv(lines, *, encoding="utf-8-sig", delimiter=",", newline="\r\n"):
    """Any rows as a .csv."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(lines)
    return io.BytesIO(text.getvalue().encode(encoding))


def kept(file, *, name="register.xlsx", by=None):
    """A file read, compared and kept as an import that waits for its decision."""
    reading = read_register(file, name)
    return keep(reading, compare(reading), file_name=name, sha256="0" * 64, by=by)


def reading_of(file, **said):
    """A file read; `said` is what a person said about it."""
    return read_register(file, "register.xlsx", **said)


def plan_of(file, **said):
    """What a file would change."""
    return compare(reading_of(file, **said))


def apply(file, *, by=None, **said):
    """Preview and apply, as the page does; returns the import."""
    reading = reading_of(file, **said)
    run = keep(reading, compare(reading), file_name="register.xlsx", sha256="0" * 64, by=by)
    return actions.apply_register(run, by=by)


def saved(book):
    """A workbook as an open file of bytes."""
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file
