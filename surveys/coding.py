"""Class codes and picture codes: how they are made, written, read back and checked. Pure: no database, no settings.

A class code is eight of 31 letters and figures that nobody mistakes for one another: 39.6 bits, so that guessing is hopeless while
a class is open. A picture code is two different pictures and a number from 10 to 99, "owl-boat-37". The number is at the same time
the check: with a and b the places of the pictures in `PICTURES` (from 0),

    number = 3a + 5b + 7  (mod 17).

17 is a prime above both the number of pictures and 10, so every single slip of a finger gives a wrong code: one wrong picture, the
two pictures swapped, one wrong figure, the two figures swapped. One in 17 of all other mistakes is not noticed by the sum, and then
the code must still be on a slip of the same class.
"""

import random
import re
from dataclasses import dataclass
from functools import cache

CLASS_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no 0/O, no 1/I/L
CLASS_CODE_LENGTH = 8
# The order is part of every code that was ever printed: add at the end, never reorder. Each has a drawing of this name in
# static/pcp/pictures.svg, and the name is what is said aloud.
PICTURES = (
    *("fish", "star", "moon", "leaf", "boat"),
    *("key", "cup", "tree", "bell", "kite"),
    *("sun", "drum", "owl", "house", "umbrella"),
)
_MODULUS = 17
_NUMBERS = range(10, 100)
_SYSTEM = random.SystemRandom()
_PICTURE_CODE = re.compile(
    r"(PICTURE)[ ._/-](PICTURE)[ ._/-][0-9]{1,2}".replace("PICTURE", "|".join(PICTURES)), re.IGNORECASE
)
# Between hyphens and the like: nothing, one letter, or figures with at most two letters in a row.
_PART = re.compile(r"[A-Za-z]?|(?=.*[0-9])(?!.*[A-Za-z]{3})[A-Za-z0-9]+")


class NoCodesLeft(Exception):
    """Every picture code of a school and cohort has been given out."""


@dataclass(frozen=True)
class PictureCode:
    """Two pictures and a number, as printed on a slip."""

    first: str
    second: str
    number: int

    def __str__(self):
        return f"{self.first}-{self.second}-{self.number}"

    @property
    def fits(self):
        """Whether the number belongs to the pictures; False means that the slip was read wrongly."""
        return (
            self.first in PICTURES
            and self.second in PICTURES
            and self.first != self.second
            and self.number in _NUMBERS
            and self.number % _MODULUS == _check(self.first, self.second)
        )


def _check(first, second):
    return (3 * PICTURES.index(first) + 5 * PICTURES.index(second) + 7) % _MODULUS


@cache
def all_picture_codes():
    """Every picture code that fits, as text, in one fixed order (1,112 of them)."""
    return tuple(
        f"{first}-{second}-{number}"
        for first in PICTURES
        for second in PICTURES
        if first != second
        for number in _NUMBERS
        if number % _MODULUS == _check(first, second)
    )


def new_picture_codes(count, taken, chooser=None):
    """Draw `count` picture codes that are not in `taken`.

    `taken` is a set of codes as text; `chooser` a random.Random, for a demonstration that must come out the same every time (the
    system's randomness when not given). Raises NoCodesLeft.
    """
    free = [code for code in all_picture_codes() if code not in taken]
    if count > len(free):
        raise NoCodesLeft
    return (chooser or _SYSTEM).sample(free, count)


def read_picture_code(text):
    """Read a picture code from "owl-boat-37", "Owl Boat 37" and the like; None when it is not one or its check fails."""
    parts = re.findall(r"[a-z]+|[0-9]+", (text or "").lower())
    if len(parts) != 3 or not parts[2].isascii() or not parts[2].isdigit() or len(parts[2]) > 2:
        return None
    code = PictureCode(parts[0], parts[1], int(parts[2]))
    return code if code.fits else None


def names_nobody(text):
    """Whether a code from elsewhere may be kept: a picture code, or figures with at most two letters beside them.

    "owl-boat-37", "0417", "P0123", "AB12" and "S12-044" may. "Anna 7", "anna7" and "Jo 7" may not: a word, or letters that stand
    alone beside a number, could be a child's name or initials. A picture code may have been read wrongly; its check is not asked.
    """
    parts = re.split(r"[ ._/-]", text)
    opaque = all(_PART.fullmatch(part) for part in parts) and re.search(r"[0-9]", text)
    return bool(_PICTURE_CODE.fullmatch(text) or opaque)


def new_class_code(chooser=None):
    """Draw a class code: eight unambiguous letters and figures."""
    return "".join((chooser or _SYSTEM).choices(CLASS_ALPHABET, k=CLASS_CODE_LENGTH))


def read_class_code(text):
    """A class code as it was typed, without spaces and dashes and in capitals; "" when it cannot be one."""
    code = re.sub(r"[\s–-]", "", text or "").upper()
    return code if len(code) == CLASS_CODE_LENGTH and set(code) <= set(CLASS_ALPHABET) else ""


def show_class_code(code):
    """A class code as it is printed and written on the board: K7QD 42MX."""
    return f"{code[:4]} {code[4:]}"
