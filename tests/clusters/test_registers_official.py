"""The published registers themselves, where a copy lies beside the project: counts and cross-checks.

These files are not part of the project; without them the tests are skipped and say so.
"""

import csv
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from clusters.importing.deprivation import fifth_by_share
from clusters.registers import cells
from clusters.registers.reader import read_register
from clusters.registers.readings import Status

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SCHOOLS = SHARED / "schools"

pytestmark = pytest.mark.skipif(not SCHOOLS.is_dir(), reason="no copy of the official registers beside the project")


def read(path):
    with path.open("rb") as file:
        return read_register(file, path.name)


@pytest.mark.parametrize(
    ("name", "edition", "rows", "primary", "secondary", "special"),
    [
        ("school_contact_list_31_October_2024.xlsx", "31 October 2024", 2440, 1982, 363, 123),
        ("SG_SchoolRoll_2023.xlsx", "September 2023", 2483, 1991, 363, 129),
        ("School_level_summary_statistics_2023+v2.xlsx", "September 2023", 2456, 1988, 361, 107),
    ],
)
def test_official_register_gives_the_published_counts(name, edition, rows, primary, secondary, special):
    reading = read(SCHOOLS / name)

    assert (reading.edition.words, reading.rows, reading.problems) == (edition, rows, ())
    assert [reading.count(sector) for sector in ("P", "S", "SP")] == [primary, secondary, special]


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("mini_school_contact_list_2024.xlsx", 206),
        ("mini_school_level_summary_statistics_2019.xlsx", 214),
        ("mini_school_level_summary_statistics_2023.xlsx", 213),
    ],
)
def test_official_extract_gives_the_published_counts(name, rows):
    reading = read(SHARED / "fixtures" / name)

    assert (reading.rows, reading.problems) == (rows, ())


def test_official_sources_of_2023_agree_on_rolls_and_deprivation():
    statistics = {
        record.key: record.figures for record in read(SCHOOLS / "School_level_summary_statistics_2023+v2.xlsx").records
    }
    rolls = {record.key: record.figures for record in read(SCHOOLS / "SG_SchoolRoll_2023.xlsx").records}
    primaries = [key for key in statistics if key[1] == "P"]

    total = sum(statistics[key]["roll"].value for key in primaries)
    hidden = [key for key in primaries if statistics[key]["deprived_share"].status is Status.SUPPRESSED]
    in_band = [
        key
        for key in primaries
        if statistics[key]["deprived_share"].status is Status.KNOWN and _inside(statistics[key], rolls[key])
    ]

    assert total == sum(rolls[key]["roll"].value for key in primaries) == 384_725
    assert len(hidden) == 320
    assert len(in_band) == 1_668
    assert all(rolls[key]["deprived_share"].status is Status.SUPPRESSED for key in hidden)


def test_official_shares_fall_into_the_fifths_of_schools_that_the_rule_was_made_for():
    shares, bands = (
        {
            record.key: record.figures["deprived_share"]
            for record in read(SCHOOLS / name).records
            if record.sector == "P" and "deprived_share" in record.figures
        }
        for name in ("School_level_summary_statistics_2023+v2.xlsx", "SG_SchoolRoll_2023.xlsx")
    )
    exact = {key: share for key, share in shares.items() if share.status is Status.KNOWN}

    fifths = {key: fifth_by_share(share.value) for key, share in exact.items()}
    by_band = {
        key: fifth_by_share(band.low, band.high) if band.status is Status.BAND else fifth_by_share(band.value)
        for key, band in bands.items()
        if key in exact
    }

    assert Counter(fifths.values()) == {1: 324, 2: 366, 3: 296, 4: 682}
    ranked = sorted((share.value for share in exact.values()), reverse=True)
    assert [ranked[len(ranked) * part // 5 - 1] for part in (1, 2, 3, 4)] == [
        Decimal("48.5"), Decimal("16.6"), Decimal(0), Decimal(0),
    ]  # fmt: skip
    differ = [key for key in exact if by_band[key] != fifths[key]]
    assert [exact[key].value for key in differ] == [Decimal("15.0")] * 2  # 14.95 and more, rounded


def test_official_contact_list_says_what_became_of_every_primary_that_it_no_longer_holds():
    newer = read(SCHOOLS / "school_contact_list_31_October_2024.xlsx")
    older = read(SCHOOLS / "SG_SchoolRoll_2023.xlsx")
    listed = {record.key for record in newer.records}
    moves = {move.key: move for move in newer.moves}

    gone = [record.key for record in older.records if record.sector == "P" and record.seed_code not in dict(listed)]

    assert (newer.moves_sheet, len(newer.moves)) == ("Schools Opened or closed", 598)
    assert Counter(moves[key].standing for key in gone) == {"mothballed": 12, "closed": 1}
    assert (moves["5242827", "P"].on, moves["5242827", "P"].standing) == (date(2023, 11, 1), "closed")


def test_official_urban_rural_classes_of_six_and_eight_agree_in_every_school():
    for name in ("SG_SchoolRoll_2023.xlsx", "School_level_summary_statistics_2023+v2.xlsx"):
        texts = [record.texts for record in read(SCHOOLS / name).records if "urban_rural_8" in record.texts]

        assert len(texts) > 2_400
        assert all(
            cells.urban_rural_within(int(text["urban_rural_8"]), 8, 6) == int(text["urban_rural_6"]) for text in texts
        )


def _inside(exact, band):
    """Whether an exact share, to the decimal that is kept, lies in the published band."""
    share, band = exact["deprived_share"].value, band["deprived_share"]
    if band.status is Status.KNOWN:
        return share == band.value
    return band.low - Decimal("0.05") <= share <= band.high


def test_official_shares_equal_those_worked_out_elsewhere():
    with (SCHOOLS / "derived_primary_schools_2023.csv").open(encoding="utf-8-sig", newline="") as file:
        expected = {row["seed_code"]: row["pct_q1"] for row in csv.DictReader(file) if row["pct_q1_status"] == "exact"}
    statistics = read(SCHOOLS / "School_level_summary_statistics_2023+v2.xlsx").records

    found = {
        record.seed_code: record.figures["deprived_share"].value
        for record in statistics
        if record.sector == "P" and record.figures["deprived_share"].status is Status.KNOWN
    }

    assert found.keys() == expected.keys()
    assert max(abs(found[seed] - Decimal(expected[seed])) for seed in found) <= Decimal("0.1")
