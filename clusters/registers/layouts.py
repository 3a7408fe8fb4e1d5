"""Which publication a sheet is, told by its headings, and which column holds which fact.

Headings are compared after `cells.heading`, so note marks, case, spaces and underscores do not matter. Each name on
the left is ours; on the right are the headings that the editions since 2017 use for it.
"""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from clusters.registers.cells import heading, tidy
from clusters.registers.readings import Kind

HEADING_WITHIN = 12

COLUMNS = {
    "seed": ("seedcode", "seed", "seedno", "seednumber"),
    "uid": ("schuid",),
    "name": ("schoolname", "nameofschool", "school"),
    "authority": ("localauthority", "laname", "localauthorityname", "authority"),
    "authority_code": ("lacode", "localauthoritycode"),
    "sector": ("schooltype", "sector"),
    "centre_type": ("centretype",),
    "postcode": ("postcode",),
    "denomination": ("denomination", "denominationofschool"),
    "medium": ("mediumofeducation",),
    "primary": ("primarydepartment", "schooltypeprimary", "schooltypeprimarydepartment"),
    "secondary": ("secondarydepartment", "schooltypesecondary", "schooltypesecondarydepartment"),
    "special": ("specialdepartment", "schooltypespecial", "schooltypespecialdepartment"),
    "roll": ("pupilroll", "roll", "totalroll", "totalpupils", "totalpupilroll"),
    "roll_P": ("pupilrollsprimary", "pupilrollsprimarydepartment"),
    "roll_S": ("pupilrollssecondary", "pupilrollssecondarydepartment"),
    "roll_SP": ("pupilrollsspecial", "pupilrollsspecialdepartment"),
    "teachers_fte": ("teachersfulltimeequivalent", "fteteachers", "fteteacher", "teachersfte", "teachers"),
    "teachers_P": ("teachersprimary", "teachersprimarydepartment"),
    "teachers_S": ("teacherssecondary", "teacherssecondarydepartment"),
    "teachers_SP": ("teachersspecial", "teachersspecialdepartment"),
    "p1": ("p1",),
    "p2": ("p2",),
    "p3": ("p3",),
    "p4": ("p4",),
    "p5": ("p5",),
    "p6": ("p6",),
    "p7": ("p7",),
    "fifth_1": ("simdquintile1", "simdquintile1mostdeprived", "simd2016quintile1", "simd2020quintile1"),
    "share": ("proppupils20pcmostdeprived",),
    "status": ("status",),
    "opened_on": ("dateopened",),
    "closed_on": ("dateclosed",),
    "mothballed_on": ("datemothballed",),
    "details": ("furtherdetails",),
    "urban_rural_6": ("schools6foldurbanruralclassification", "addrur6", "6foldurbanruralclassification"),
    "urban_rural_8": ("schools8foldurbanruralclassification", "addrur8", "8foldurbanruralclassification"),
    "urban_rural_3": ("schools3foldurbanruralclassification", "addrur3", "3foldurbanruralclassification"),
    "urban_rural_2": ("schools2foldurbanruralclassification", "addrur2", "2foldurbanruralclassification"),
}  # fmt: skip

STAGES = ("p1", "p2", "p3", "p4", "p5", "p6", "p7")

# What a heading row must hold to be one of the three; the first that fits is taken.
PUBLICATIONS = (
    (Kind.SCHOOL_ROLL, {"seed", "uid", "sector", "name", "authority", "roll"}),
    (Kind.STATISTICS, {"seed", "sector", "name", "authority", "roll"}),
    (Kind.CONTACT_LIST, {"seed", "name", "authority", "primary", "secondary", "special"}),
)
# The sheet of the contact list that says which schools opened, closed or were mothballed, and when.
MOVES = ((Kind.CONTACT_LIST, {"seed", "sector", "status", "closed_on"}),)

_FIELD = {name: field for field, names in COLUMNS.items() for name in names}
# The 2017-18 contact list groups columns under a second heading above; only these groups matter.
_GROUPS = {"pupilrolls": "pupilrolls", "teachers": "teachers", "schooltype": "schooltype"}

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"(?:\b([0-9]{1,2})(?:st|nd|rd|th)?[\s_+-]+)?\b([A-Z][a-z]{2,8})\.?[\s_+-]+(20[0-9]{2})\b")
_SHORT_DATE = re.compile(r"\b([0-9]{1,2})[./-]([0-9]{1,2})[./-]((?:20)?[0-9]{2})\b")
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?![0-9])")


@dataclass(frozen=True)
class Layout:
    """A sheet that was recognised: its kind, the row of its headings, and the column of each fact.

    `doubled` names a heading that stands more than once, so that nobody can know which column is meant; else "".
    """

    kind: Kind
    heading_row: int
    columns: dict[str, int]
    doubled: str
    titles: tuple[str, ...]


def recognise(rows: Iterable[tuple[int, dict[int, str]]], wanted=PUBLICATIONS) -> Layout | None:
    """The layout of a sheet from its first rows, or None when it is none of those `wanted`."""
    above: dict[int, str] = {}
    titles: list[str] = []
    for number, row in rows:
        if number > HEADING_WITHIN:
            return None
        for groups in ({}, above):
            columns, doubled = _columns(row, groups)
            for kind, needed in wanted:
                if needed <= columns.keys():
                    return Layout(kind, number, columns, doubled, tuple(titles))
        titles.extend(tidy(text) for text in row.values())
        above = row
    return None


def _columns(row: dict[int, str], groups: dict[int, str]) -> tuple[dict[str, int], str]:
    """Field to column; `groups` is the row above, whose headings reach right until the next one."""
    columns: dict[str, int] = {}
    doubled = ""
    for column in sorted(row):
        name = heading(row[column])
        if groups:
            left = [at for at in groups if at <= column]
            group = heading(groups[max(left)]) if left else ""
            prefix = next((short for start, short in _GROUPS.items() if group.startswith(start)), "")
            name = prefix + name if prefix + name in _FIELD else name
        field = _FIELD.get(name)
        if field in columns:
            doubled = doubled or tidy(row[column])
        elif field:
            columns[field] = column
    return columns, doubled


def find_date(text: str) -> tuple[datetime.date, bool] | None:
    """The first date in a line such as "open 31 October 2024" or "Open at Sept 2018", and whether it has no day."""
    for day, name, year in _DATE.findall(text):
        months = [number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3])]
        if months and _MONTHS[months[0] - 1].startswith(name.removesuffix("t") if name == "Sept" else name):
            return _date(year, months[0], day)
    for day, month, year in _SHORT_DATE.findall(text):
        found = _date(year if len(year) == 4 else f"20{year}", int(month), day)
        if found:
            return found
    return None


def _date(year: str, month: int, day: str) -> tuple[datetime.date, bool] | None:
    try:
        return datetime.date(int(year), month, int(day or 1)), not day
    except ValueError:
        return None


def find_year(text: str) -> int | None:
    """The only year from 2000 in a line such as "2023 School Level Statistics"; None when there is none or several."""
    years = set(_YEAR.findall(text.replace("_", " ")))
    return int(years.pop()) if len(years) == 1 else None
