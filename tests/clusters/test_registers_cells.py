"""What single cells of the official registers mean."""

from decimal import Decimal

import pytest

from clusters.registers import cells
from clusters.registers.readings import Figure, Status


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("Pupil roll(1)", "pupilroll"),
        ("Pupil_Roll", "pupilroll"),
        ("Teachers (Full Time Equivalent) [Note 1]", "teachersfulltimeequivalent"),
        ("School's 6-fold urban/rural classification(4)", "schools6foldurbanruralclassification"),
        ("Attendance rate (%)[Note 8] [Note 9]", "attendancerate"),
        ("  Seed\nCode ", "seedcode"),
    ],
)
def test_heading_drops_what_drifts_between_editions(published, expected):
    assert cells.heading(published) == expected


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("c", Status.SUPPRESSED),
        ("C", Status.SUPPRESSED),
        (" c", Status.SUPPRESSED),
        ("[c]", Status.SUPPRESSED),
        ("*", Status.SUPPRESSED),
        ("z", Status.NOT_APPLICABLE),
        ("#", Status.NOT_APPLICABLE),
        ("x", Status.NOT_AVAILABLE),
        ("X", Status.NOT_AVAILABLE),
        ("[x]", Status.NOT_AVAILABLE),
        ("Data not available", Status.NOT_AVAILABLE),
        ("low", Status.NEAR_ZERO),
        ("[low]", Status.NEAR_ZERO),
        ("N/A", Status.NOT_AVAILABLE),
        (".", Status.NOT_AVAILABLE),
        ("-", Status.NOT_AVAILABLE),
        ("–", Status.NOT_AVAILABLE),
        (":", Status.NOT_AVAILABLE),
        ("less than 5", Status.SUPPRESSED),
        ("Fewer than 5", Status.SUPPRESSED),
        ("<5", Status.SUPPRESSED),
        ("< 10", Status.SUPPRESSED),
        ("1-4", Status.SUPPRESSED),
        ("1 to 4", Status.SUPPRESSED),
        ("", Status.NOT_COLLECTED),
    ],
)
def test_figure_never_reads_a_mark_as_a_number(text, status):
    found = cells.figure(text)

    assert found.status is status
    assert found.value is None
    assert found.raw == text.strip()


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("229", 229), ("1,234", 1234), (" 7 ", 7), ("12.0", 12), ("34 [r]", 34), ("34 [Note 2]", 34)],
)
def test_figure_reads_a_count(text, value):
    assert cells.figure(text) == Figure(Status.KNOWN, text.strip(), Decimal(value))


@pytest.mark.parametrize(
    "text", ["-5", "12.5", "2e3", "1,23", "about 40", "1234567", "=1+1", "#N/A", "nan", "٣", "5-10", "34 [", "nil"]
)
def test_figure_does_not_guess(text):
    assert cells.figure(text) is None


def test_figure_keeps_decimals_when_asked():
    assert cells.figure("15.4", places=cells.ONE_PLACE).value == Decimal("15.4")


@pytest.mark.parametrize(
    ("text", "status", "value", "low", "high"),
    [
        ("0%", Status.KNOWN, 0, None, None),
        ("100%", Status.KNOWN, 100, None, None),
        ("0 - <5%", Status.BAND, None, 0, 5),
        ("95 - <100%", Status.BAND, None, 95, 100),
        ("5-10%", Status.BAND, None, 5, 10),
        ("*", Status.SUPPRESSED, None, None, None),
        ("N/A", Status.NOT_COLLECTED, None, None, None),
        ("", Status.NOT_COLLECTED, None, None, None),
    ],
)
def test_share_band_tells_nought_from_band_from_hidden(text, status, value, low, high):
    found = cells.share_band(text)

    assert (found.status, found.value, found.low, found.high) == (status, value, low, high)


@pytest.mark.parametrize("text", ["0", "20", "1-4", "<5%", "10 - <5%", "5 - <500%", "most"])
def test_share_band_does_not_guess(text):
    assert cells.share_band(text) is None


def test_share_of_is_a_percentage_to_one_decimal():
    assert cells.share_of(cells.figure("45"), cells.figure("229")).value == Decimal("19.7")


@pytest.mark.parametrize(
    ("part", "whole", "status"),
    [
        ("c", "200", Status.SUPPRESSED),
        ("40", "c", Status.SUPPRESSED),
        ("low", "200", Status.SUPPRESSED),
        ("x", "12", Status.NOT_COLLECTED),
        ("0", "0", Status.NOT_COLLECTED),
    ],
)
def test_share_of_hidden_figures_is_hidden(part, whole, status):
    found = cells.share_of(cells.figure(part), cells.figure(whole))

    assert (found.status, found.value) == (status, None)


@pytest.mark.parametrize("text", ["9900417", " 9900417 ", "9900417.0"])
def test_seed_code_is_seven_figures(text):
    assert cells.seed_code(text) == ("9900417", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("990O49", "SEED code is “990O49”: a letter O where a figure should be"),
        ("9.9E+06", "SEED code is “9.9E+06”: a spreadsheet has shortened the number, so figures are lost"),
        ("990041", "SEED code is “990041”: it should be seven figures"),
        ("٩٩٠٠٤١٧", "SEED code is “٩٩٠٠٤١٧”: it should be seven figures"),
        ("", "the SEED code is blank"),
    ],
)
def test_seed_code_says_what_is_wrong(text, reason):
    assert cells.seed_code(text) == ("", reason)


@pytest.mark.parametrize(
    ("text", "folds", "code"),
    [
        ("Very Remote Rural", 8, "8"),
        ("Very Remote Rural Areas", 8, "8"),
        ("Very Remote Small Towns", 8, "5"),
        ("Accessible rural areas", 8, "6"),
        ("Accessible rural areas", 6, "5"),
        ("Remote rural areas", 6, "6"),
        ("6", 6, "6"),
        ("Rest of Scotland", 3, "1"),
        ("Remote rural", 3, "3"),
        ("Rural", 2, "2"),
        ("Data not available", 8, ""),
        ("Suburban", 8, None),
        ("9", 8, None),
        ("nan", 8, None),
    ],
)
def test_urban_rural_gives_the_official_code(text, folds, code):
    assert cells.urban_rural(text, folds) == code


@pytest.mark.parametrize(
    ("code", "folds", "fewer", "within"),
    [(5, 8, 6, 4), (6, 8, 6, 5), (8, 8, 6, 6), (5, 8, 3, 1), (6, 8, 3, 2), (7, 8, 2, 2), (4, 6, 2, 1), (2, 3, 2, 2)],
)
def test_urban_rural_class_lies_in_one_of_fewer_classes(code, folds, fewer, within):
    assert cells.urban_rural_within(code, folds, fewer) == within


@pytest.mark.parametrize(("text", "postcode"), [("AB12 5QX", "AB12 5QX"), ("zz94qt", "ZZ9 4QT"), ("AB12", "")])
def test_postcode_has_one_form(text, postcode):
    assert cells.postcode(text) == postcode


def test_tidy_removes_what_cannot_be_seen():
    assert cells.tidy(" Sgoil\u202e a\u0300\tB\u00e0n\x07 ") == "Sgoil à Bàn"
