"""The headings of every official edition since 2019, exactly as published, and one made-up file for each.

`EDITIONS` names them; `file_of` makes one with two invented schools, marked as that edition marks what it hides.
"""

from dataclasses import dataclass

from openpyxl import Workbook

from tests.clusters.register_files import saved

STAGES = [f"P{n}" for n in range(1, 8)] + [f"S{n}" for n in range(1, 7)]

_START = ["Local Authority", "SeedCode", "School Name", "School Type"]
_SIZE = ["Pupil Teacher Ratio", "Average class size", "Female", "Male", *STAGES, "Special school pupils"]
_SIXFOLD = "School's 6-fold urban/rural classification"
_EIGHTFOLD = "School's 8-fold urban/rural classification"
_HOME = ["Urban", "Small town", "Rural", "Urban/rural classification not available"]
_FIFTHS = [*(f"SIMD Quintile {n}" for n in range(1, 6)), "SIMD not availble"]


def _noted(headings, *notes):
    return [heading + "".join(notes) for heading in headings]


STATISTICS_2019 = [
    *_START, "FTE Teachers", "Pupil roll(1)", *_SIZE,
    "Pupils with an Additional Support Need recorded", "Pupils from minority ethnic groups(2)",
    "Pupils with English as an Additional Language", "Pupils taught in Gaelic(3)",
    "Number of P4-P7/S1-S6/SP pupils registered for FSM", "Percentage of P4-P7/S1-S6/SP pupils registered for FSM",
    "Local initiatives to extend FSM eligibility", *_FIFTHS, *_HOME,
    "Attendance rate", "Authorised absence rate", "Unuathorised absence rate", "Temporary exclusion rate",
    f"{_SIXFOLD}(4)", f"{_EIGHTFOLD}(4)", "Denomination of school",
]  # fmt: skip
_TEACHERS = "Teachers (Full Time Equivalent) [Note 1]"
_SUPPORT = [f"Pupils with {words} recorded" for words in ("an Additional Support Need", "no Additional Support Needs")]
_ENGLISH = [f"Pupils {word} English as an Additional Language" for word in ("with", "without")]
_GAELIC = ["Pupils taught in Gaelic", "Pupils with no Gaelic taught"]
_ETHNIC = ["White - British", "White - Other", "Minority Ethnic", "Not known/not disclosed"]


def _meals(*stages):
    for who in stages:
        yield from (
            f"{who} pupils registered for free school meals",
            f"Percentage of {who} pupils registered for free school meals",
        )


STATISTICS_2021 = [
    *_START, _TEACHERS, "Pupil roll", *_SIZE, *_SUPPORT, *_ENGLISH, *_GAELIC, *_ETHNIC,
    *_meals("P1-P4", "P5-P7/S1-S6/SP"), "Local initiatives to extend FSM eligibility", *_FIFTHS, *_HOME,
    "Attendance rate", "Authorised absence rate", "Unauthorised absence rate", "Temporary exclusion rate",
    _SIXFOLD, _EIGHTFOLD, "Denomination of school",
]  # fmt: skip
STATISTICS_2022 = [
    *_START, _TEACHERS, "Pupil roll", *_SIZE, *_SUPPORT, *_noted(_ENGLISH, " [Note 2]"), *_noted(_GAELIC, " [Note 3]"),
    *_noted(_ETHNIC, " [Note 4]"), *_noted(_meals("P1-P5", "P6-P7/S1-S6/SP"), " [Note 5]"),
    "Local initiatives to extend FSM eligibility [Note 5]", *_noted(_FIFTHS, " [Note 6]"), *_noted(_HOME, " [Note 7]"),
    "Attendance rate (%)[Note 8] [Note 9]", "Authorised absence rate (%) [Note 8] [Note 9]",
    "Unauthorised absence rate (%)[Note 8] [Note 9]", "Absence due to temporary exclusion rate (%) [Note 8] [Note 9]",
    _SIXFOLD, _EIGHTFOLD, "Denomination of school",
]  # fmt: skip

_ADDRESS = ["AddressLine1", "AddressLine2", "AddressLine3", "PostCode", "LAName", "LACode", "DataZone", "UPRN", "Email"]
_PLACE = [
    "PropPupilsMinorityEthnic", "PropPupils20PCMostDeprived", "DZSIMDPercentile", "DZSIMDMostDep15Pct",
    "DZSIMDMostDep16_25Pct", "DZSIMDMostDep25Pct", "AddrUR8", "AddrUR6", "AddrUR8Desc", "AddrUR6Desc",
    "DZUR8", "DZUR6", "DZUR8Desc", "DZUR6Desc", "GridRefEasting", "GridRefNorthing", "Latitude", "Longitude", "Notes",
]  # fmt: skip
SCHOOL_ROLL_2022 = [
    "SchUID", "SeedCode", "SchoolType", "CentreType", "SchoolName", *_ADDRESS, "PhoneNumber", "WebsiteAddress",
    "Denomination", "Pupil_Roll", "FTE_Teachers", *_PLACE,
]  # fmt: skip
SCHOOL_ROLL_2023 = [
    "SeedCode", "SchUID", "SchoolType", "CentreType", "SchoolName", *_ADDRESS, "Phone", "Website",
    "Denomination", "FTETeacher", "PupilRoll", *_PLACE,
]  # fmt: skip


@dataclass(frozen=True)
class Edition:
    """One published edition: file and sheet as published, what stands above its headings, the headings, its marks."""

    file: str
    sheet: str
    above: tuple
    headings: tuple
    hidden: str
    other: str
    words: str


def _grouped(year):
    """The merged headings above those of 2019 and 2020; the years in them are not the edition's."""
    row = [None] * 48
    row[8], row[10], row[31] = "Roll by sex", "Primary pupils by stage", "Roll by SIMD 2016 Quintiles"
    row[41] = f"{year - 1}/{year % 100} Attendance and absence rates(5)"
    return (row,)


def _titled(year):
    return ([f"School Level Summary Statistics {year}"],)


EDITIONS = {
    "statistics 2019": Edition("School_level_summary_statistics_2019.xlsx", "2019", _grouped(2019), tuple(STATISTICS_2019), "*", "#", "September 2019"),
    "statistics 2020": Edition("School_level_summary_statistics_2020.xlsx", "2020", _grouped(2020), tuple(STATISTICS_2019), "*", "#", "September 2020"),
    "statistics 2021": Edition("School_level_summary_statistics_2021.xlsx", "2021 School Level Statistics", _titled(2021), tuple(STATISTICS_2021), " c", "z", "September 2021"),
    "statistics 2022": Edition("School_level_summary_statistics_2022+V4.xlsx", "2022 School Level Statistics", _titled(2022), tuple(STATISTICS_2022), "C", "z", "September 2022"),
    "statistics 2023": Edition("School_level_summary_statistics_2023+v2.xlsx", "2023 School Level Statistics", _titled(2023), tuple(STATISTICS_2022), "c", "z", "September 2023"),
    "roll 2022": Edition("SG_SchoolRoll_2022.xlsx", "SG_SchoolRoll_2022", (), tuple(SCHOOL_ROLL_2022), "*", "N/A", "September 2022"),
    "roll 2023": Edition("SG_SchoolRoll_2023.xlsx", "Schools_Final", (), tuple(SCHOOL_ROLL_2023), "*", "N/A", "September 2023"),
}  # fmt: skip

SHARE = "PropPupils20PCMostDeprived"
FOOTNOTES = [[], ["(1) Schools with no pupils on roll"], [None, "White - Polish"], [None, " - Large urban areas"]]


def lines_of(name):
    """The rows of one edition: what stands above, headings, a school with every figure, one with hidden ones, footnotes."""
    edition = EDITIONS[name]
    make = _statistics_cells if name.startswith("statistics") else _school_roll_cells
    schools = [make(edition, 9900417, "Ardlinnie Primary", False), make(edition, 9900425, "Sgoil Bàgh Ùr", True)]
    below = FOOTNOTES if edition.hidden == "*" and make is _statistics_cells else []
    return [
        *edition.above,
        edition.headings,
        *([row.get(each) for each in edition.headings] for row in schools),
        *below,
    ]


def file_of(name):
    """One edition as .xlsx: pages of text first, the schools on the last sheet, as they are published."""
    book = Workbook()
    book.active.title = "Background notes "
    book.active.append(["The data is from the annual census conducted in September 1999"])
    sheet = book.create_sheet(EDITIONS[name].sheet)
    for line in lines_of(name):
        sheet.append(list(line))
    return saved(book)


def _statistics_cells(edition, seed, school, hidden):
    numbers = dict(zip(STAGES[:7], (28, 31, 25, 29, 27, 30, 30), strict=True))
    fifths = dict(
        zip((each for each in edition.headings if each.startswith("SIMD Q")), (46, 40, 54, 30, 30), strict=True)
    )
    row = dict.fromkeys(edition.headings, 5)
    row |= dict.fromkeys([*STAGES[7:], "Special school pupils"], edition.other)
    row |= dict.fromkeys(
        (each for each in edition.headings if each.startswith(("Urban", "Small town", "Rural"))), "0-10%"
    )
    row |= numbers | fifths
    row |= dict(zip(_START, ("Edinburgh City", seed, school, "Primary"), strict=True))
    for each in edition.headings:
        if each.startswith("Pupil roll"):
            row[each] = 200
        elif "FTE" in each or each.startswith("Teachers"):
            row[each] = 11.2 if "FSM" not in each else 5
        elif "6-fold" in each:
            row[each] = "Remote rural areas"
        elif "8-fold" in each:
            row[each] = "Data not available" if hidden else "Very Remote Rural"
    row["Denomination of school"] = "Non-denominational"
    if hidden:
        row |= {"P2": edition.hidden, next(iter(fifths)): edition.hidden}
    return row


def _school_roll_cells(edition, seed, school, hidden):
    row = dict.fromkeys(edition.headings, "0")
    row |= {
        "SeedCode": seed, "SchUID": f"{seed}P", "SchoolType": "Primary", "CentreType": "Local Authority",
        "SchoolName": school, "PostCode": "ZZ9 4QT", "LAName": "City of Edinburgh", "LACode": "S12000036",
        "Denomination": "Non-denominational", "PropPupilsMinorityEthnic": "*", SHARE: edition.hidden if hidden else "20 - <25%",
        "AddrUR8": 8, "AddrUR6": 6, "AddrUR8Desc": "Very Remote Rural Areas", "AddrUR6Desc": "Remote Rural Areas",
        "PupilRoll": 200, "Pupil_Roll": 200, "FTETeacher": 11.2, "FTE_Teachers": 11.2, "Notes": None,
    }  # fmt: skip
    return row
