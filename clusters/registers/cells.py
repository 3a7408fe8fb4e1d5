"""What the text of one cell means: headings, codes, suppression marks, bands. Pure functions of strings.

The marks are those that the publications explain themselves: ``c`` (2021 on) and ``*`` (to 2020, and SchoolRoll)
hide 1 to 4 pupils or what would give them away, ``z`` and ``#`` do not apply, ``x`` and "Data not available" were
not available, ``low`` is close to zero but not zero. Harmonised editions put them in square brackets. Tables that others
have made of these lists also write ``:`` or a dash for what is not available, and "less than 5" for what is hidden.
"""

import datetime
import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from clusters.registers.readings import Figure, Status

SECTORS = {"primary": "P", "secondary": "S", "special": "SP"}

MARKS = {
    "c": Status.SUPPRESSED,
    "*": Status.SUPPRESSED,
    "z": Status.NOT_APPLICABLE,
    "#": Status.NOT_APPLICABLE,
    "x": Status.NOT_AVAILABLE,
    "low": Status.NEAR_ZERO,
    "n/a": Status.NOT_AVAILABLE,
    "na": Status.NOT_AVAILABLE,
    "not available": Status.NOT_AVAILABLE,
    "data not available": Status.NOT_AVAILABLE,
    "not applicable": Status.NOT_APPLICABLE,
    ".": Status.NOT_AVAILABLE,
    "..": Status.NOT_AVAILABLE,
    "-": Status.NOT_AVAILABLE,
    "–": Status.NOT_AVAILABLE,
    "—": Status.NOT_AVAILABLE,
    ":": Status.NOT_AVAILABLE,
    "suppressed": Status.SUPPRESSED,
    "": Status.NOT_COLLECTED,
}

# The classes of the Scottish Government's Urban Rural Classification by number of classes ("folds"); the place in the
# list is the official code. Word order and "areas" differ between editions.
URBAN_RURAL = {
    8: ("large urban", "other urban", "accessible small town", "remote small town", "very remote small town",
        "accessible rural", "remote rural", "very remote rural"),
    6: ("large urban", "other urban", "accessible small town", "remote small town", "accessible rural", "remote rural"),
    3: ("rest of scotland", "accessible rural", "remote rural"),
    2: ("urban", "rural"),
}  # fmt: skip
# Which class of fewer folds each class lies in: more than 30 minutes by car is remote, more than 60 very remote.
_WITHIN = {
    (8, 6): (1, 2, 3, 4, 4, 5, 6, 6),
    (6, 3): (1, 1, 1, 1, 2, 3),
    (3, 2): (1, 2, 2),
}

_NOTE_MARK = re.compile(r"\[[^\]]*\]|\(\s*(?:note)?\s*\d+\s*\)", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^a-z0-9]")
_SEED = re.compile(r"[0-9]{7}")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
# "Less than 5", "<5", "1-4": pupils who are hidden, never a number.
_FEW = re.compile(r"(?:<|less than|fewer than|under|below)\s*(?:[2-9]|10)|1\s*(?:-|–|to)\s*[4-9]", re.IGNORECASE)
# "34 [r]": a number that was revised, is provisional or estimated, or has a note.
_REMARK = re.compile(r"\s*\[(?:r|p|e|b|note\s*[0-9]+)\]$", re.IGNORECASE)
_BAND = re.compile(r"([0-9]{1,3})\s*%?\s*[-–]\s*<?\s*([0-9]{1,3})\s*%")
_PER_CENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
# Characters that change the direction of the text around them: they could make one school read as another.
_DIRECTION = {ord(mark) for mark in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}

_SERIAL = re.compile(r"([0-9]{1,5})(?:\.[0-9]+)?")
_DAY_FORMS = (
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y-%m-%d",
    "%d %B %Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d/%m/%y",
)
# Day 0 of a spreadsheet's day numbers, ECMA-376 part 1, 18.17.4.1 (right from 1 March 1900 on).
_DAY_NOUGHT = datetime.date(1899, 12, 30)

MAX_FIGURE = 24
ONE_PLACE = Decimal("0.1")


def heading(text: str) -> str:
    """A heading without what drifts between editions: note marks, case, spaces, punctuation.

    "Pupil roll(1)", "Pupil_Roll" and "Pupil roll [Note 2]" are all "pupilroll".
    """
    return _NOT_WORD.sub("", _NOTE_MARK.sub("", text).lower())


def tidy(text: str) -> str:
    """One line of text: no control or direction characters, single spaces, composed accents."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text if ord(char) not in _DIRECTION)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def seed_code(text: str) -> tuple[str, str]:
    """(code, "") for a 7-figure SEED code, or ("", why not)."""
    text = tidy(text)
    if text.endswith(".0"):
        text = text[:-2]
    if _SEED.fullmatch(text):
        return text, ""
    if not text:
        return "", "the SEED code is blank"
    shown = f"SEED code is “{text[:40]}”"
    if re.fullmatch(r"[0-9OoIl]{5,8}", text) and not text.isdigit():
        letter = next(char for char in text if not char.isdigit())
        return "", f"{shown}: a letter {letter} where a figure should be"
    if re.fullmatch(r"[0-9.,]+[Ee]\+?[0-9]+", text):
        return "", f"{shown}: a spreadsheet has shortened the number, so figures are lost"
    return "", f"{shown}: it should be seven figures"


def sector(text: str) -> str:
    """The sector (P, S or SP) for a school type such as "Primary", "Secondary " or "SP"; "" when it is none of them."""
    word = tidy(text).lower().removesuffix(" school")
    if word.upper() in SECTORS.values():
        return word.upper()
    return SECTORS.get(word, "")


def flag(text: str, meaning: str) -> bool | None:
    """Whether a department exists: "Yes", or (2017-18) the department's own name; None when the text is neither."""
    word = tidy(text).lower()
    if word in {"yes", "y", "true", "1", meaning.lower()}:
        return True
    if word in {"no", "n", "false", "0", "", "."}:
        return False
    return None


def day(text: str) -> tuple[datetime.date | None, str]:
    """(date, "") for a day, (None, "") for a blank, (None, why) for anything else.

    A workbook stores days as numbers ("45231") whatever they look like; a .csv has them as text, day before month.
    """
    text = tidy(text).partition("T")[0].removesuffix(" 00:00:00")
    if not text or mark(text) is not None:
        return None, ""
    if match := _SERIAL.fullmatch(text):
        return _DAY_NOUGHT + datetime.timedelta(days=int(match[1])), ""
    for form in _DAY_FORMS:
        try:
            return datetime.datetime.strptime(text, form).date(), ""  # noqa: DTZ007  a day, not a moment
        except ValueError:
            continue
    return None, f"“{text[:40]}” is not a day"


def postcode(text: str) -> str:
    """A postcode in its usual form ("AB12 5QX"), or "" when the text is not one."""
    match = _POSTCODE.fullmatch(tidy(text).upper().replace(" ", ""))
    return f"{match[1]} {match[2]}" if match else ""


def mark(text: str) -> Status | None:
    """The status that a mark stands for, or None when the text is not a mark."""
    word = tidy(text).lower()
    if word.startswith("[") and word.endswith("]"):
        word = word[1:-1].strip()
    return MARKS.get(word)


def figure(text: str, *, places: Decimal | None = None) -> Figure | None:
    """A count (or, with `places`, a decimal number) with its status; None when the text is neither number nor mark."""
    raw = tidy(text)
    status = mark(raw)
    if status is not None:
        return Figure(status, raw)
    if len(raw) > MAX_FIGURE:
        return None
    if _FEW.fullmatch(raw):
        return Figure(Status.SUPPRESSED, raw)
    plain = _REMARK.sub("", raw)
    if not _NUMBER.fullmatch(plain):
        return None
    number = Decimal(plain.replace(",", ""))
    if number >= 1_000_000 or (places is None and number != number.to_integral_value()):
        return None
    value = number.quantize(places or Decimal(1), ROUND_HALF_UP)
    return Figure(Status.KNOWN, raw, value)


def share_band(text: str) -> Figure | None:
    """SchoolRoll's share of pupils in the most deprived fifth.

    "5 - <10%" is a band, "0%" a real zero, "*" suppressed, "N/A" not collected. A bare "0" is left to the reader of
    the row, because its meaning depends on whether the school is in the statistics at all.
    """
    raw = tidy(text)
    status = mark(raw)
    if status is not None:
        return Figure(Status.NOT_COLLECTED if status is not Status.SUPPRESSED else status, raw)
    if len(raw) > MAX_FIGURE:
        return None
    if match := _BAND.fullmatch(raw):
        low, high = Decimal(match[1]), Decimal(match[2])
        return Figure(Status.BAND, raw, low=low, high=high) if low < high <= 100 else None
    if match := _PER_CENT.fullmatch(raw):
        value = Decimal(match[1]).quantize(ONE_PLACE, ROUND_HALF_UP)
        return Figure(Status.KNOWN, raw, value) if value <= 100 else None
    return None


def share_of(part: Figure, whole: Figure) -> Figure:
    """Per cent that `part` is of `whole`, to one decimal, when both are known and there are pupils; else why not.

    Suppressed cells are never calculated back: if either is hidden, so is the share.
    """
    statuses = {part.status, whole.status}
    if statuses == {Status.KNOWN}:
        if whole.value and part.value <= whole.value:
            per_cent = (part.value * 100 / whole.value).quantize(ONE_PLACE, ROUND_HALF_UP)
            return Figure(Status.KNOWN, part.raw, per_cent)
        return Figure(Status.NOT_COLLECTED, part.raw)
    if statuses & {Status.SUPPRESSED, Status.NEAR_ZERO}:
        return Figure(Status.SUPPRESSED, part.raw)
    return Figure(Status.NOT_COLLECTED, part.raw)


def urban_rural(text: str, folds: int) -> str | None:
    """The class's code as a digit, from a code ("6") or a description ("Remote rural areas").

    "" when the class is not available, None when the text is not understood. `folds` is 8, 6, 3 or 2.
    """
    names = URBAN_RURAL[folds]
    word = tidy(text).lower()
    if mark(word) is not None:
        return ""
    try:
        number = Decimal(word)
    except InvalidOperation:
        name = re.sub(r"\s*\(.*\)|^[0-9]\s*[-–.:]?\s*", "", word)
        name = name.removesuffix(" areas").removesuffix(" area").removesuffix("s")
        return str(names.index(name) + 1) if name in names else None
    return str(int(number)) if number in range(1, folds + 1) else None


def urban_rural_within(code: int, folds: int, fewer: int) -> int:
    """The class of `fewer` folds in which a class of `folds` lies: 8 of 8 (very remote rural) is 6 of 6 (remote rural)."""
    for finer, coarser in _WITHIN:
        if finer == folds and folds > fewer:
            code, folds = _WITHIN[finer, coarser][code - 1], coarser
    return code
