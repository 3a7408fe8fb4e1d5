"""Codes that a child can read and type, and whose every single slip is noticed."""

import random

import pytest

from surveys.coding import (
    CLASS_ALPHABET,
    PICTURES,
    NoCodesLeft,
    PictureCode,
    all_picture_codes,
    names_nobody,
    new_class_code,
    new_picture_codes,
    read_class_code,
    read_picture_code,
    show_class_code,
)


def with_one_mistake(code):
    """Every code that differs from this one by one slip of eye or finger."""
    first, second, number = code.split("-")
    yield from (f"{other}-{second}-{number}" for other in PICTURES if other != first)
    yield from (f"{first}-{other}-{number}" for other in PICTURES if other != second)
    yield f"{second}-{first}-{number}"
    if number[0] != number[1]:
        yield f"{first}-{second}-{number[::-1]}"
    yield from (f"{first}-{second}-{figure}{number[1]}" for figure in "0123456789" if figure != number[0])
    yield from (f"{first}-{second}-{number[0]}{figure}" for figure in "0123456789" if figure != number[1])


def test_every_single_mistake_in_every_picture_code_is_noticed():
    codes = all_picture_codes()

    unnoticed = [wrong for code in codes for wrong in with_one_mistake(code) if read_picture_code(wrong)]

    assert unnoticed == []


def test_there_are_more_picture_codes_than_pupils_of_any_school():
    codes = all_picture_codes()

    assert len(codes) == len(set(codes)) == 1112


def test_the_order_of_the_pictures_never_changes():
    printed = ["fish-star-12", "owl-boat-12", "umbrella-drum-19"]

    assert PICTURES[:5] == ("fish", "star", "moon", "leaf", "boat")
    assert [bool(read_picture_code(code)) for code in printed] == [True, True, True]


@pytest.mark.parametrize("text", ["owl-boat-12", "Owl Boat 12", " OWL,boat 12 ", "owl/boat/12"])
def test_picture_code_is_read_however_it_is_typed(text):
    assert read_picture_code(text) == PictureCode("owl", "boat", 12)
    assert str(read_picture_code(text)) == "owl-boat-12"


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "owl",
        "owl-boat",
        "owl-owl-12",
        "cat-boat-12",
        "owl-boat-120",
        "owl-boat-1",
        "owl-boat-12-13",
        "owl-boat-١٥",
    ],
)
def test_what_is_no_picture_code_is_not_read(text):
    assert read_picture_code(text) is None


def test_new_picture_codes_avoid_those_given_out():
    taken = set(all_picture_codes()[:1100])

    drawn = new_picture_codes(12, taken)

    assert len(set(drawn)) == 12
    assert set(drawn) & taken == set()


def test_no_picture_codes_left_is_said():
    with pytest.raises(NoCodesLeft):
        new_picture_codes(13, set(all_picture_codes()[:1100]))


def test_a_demonstration_draws_the_same_codes_every_time():
    assert new_picture_codes(5, set(), random.Random(7)) == new_picture_codes(5, set(), random.Random(7))
    assert new_class_code(random.Random(7)) == new_class_code(random.Random(7))


def test_class_codes_hold_nothing_that_looks_alike():
    drawn = {new_class_code() for _ in range(200)}

    assert len(drawn) == 200
    assert set("".join(drawn)) <= set(CLASS_ALPHABET)
    assert set("01OIL") & set(CLASS_ALPHABET) == set()
    assert len(CLASS_ALPHABET) == 31


@pytest.mark.parametrize("text", ["K7QD42MX", "k7qd 42mx", " K7QD-42MX ", "k7 qd 42 mx"])
def test_class_code_is_read_however_it_is_typed(text):
    assert read_class_code(text) == "K7QD42MX"
    assert show_class_code(read_class_code(text)) == "K7QD 42MX"


@pytest.mark.parametrize("text", ["", None, "K7QD42M", "K7QD42MXX", "K7QD42M0", "K7QD42ML", "K7QD42M/", "k7qd 42mñ"])
def test_what_is_no_class_code_is_not_read(text):
    assert read_class_code(text) == ""


@pytest.mark.parametrize(
    "code",
    ["7", "0417", "12-044", "P0123", "p0123", "AB12", "S12-044", "7a", "A-12", "12ab34", *all_picture_codes()[::100]],
)
def test_code_that_names_nobody_is_known(code):
    assert names_nobody(code)


@pytest.mark.parametrize("code", ["Owl Boat 37", "OWL-BOAT-37", "umbrella-sun-9", "owl-boat-38"])
def test_picture_code_names_nobody_however_it_was_written_or_misread(code):
    assert names_nobody(code)


@pytest.mark.parametrize(
    "code",
    [
        "Anna",
        "Anna 7",
        "Anna7",
        "anna-07",
        "7 Anna",
        "7Anna",
        "Jo 7",
        "Al-3",
        "Tom1",
        "Bell 7",
        "bell-moon",
        "P5 Anna 3",
    ]
    + ["Zoë7", "owl-Anna-37", "owl-boat-37 Anna", "owl-boat-star", "٣٤", "", "-"],
)
def test_what_could_be_a_name_is_not_a_code(code):
    assert not names_nobody(code)
