"""What the pupil pages draw: answer cards and stepping stones, as plain values for the templates."""

from dataclasses import dataclass

STONES_WIDTH = 300


@dataclass(frozen=True)
class Card:
    """One answer to choose: its code, its words, the drawing in pictures.svg ("" for none), and whether it is chosen."""

    code: str
    label: str
    drawing: str
    chosen: bool


@dataclass(frozen=True)
class Cards:
    """The answers of one question: on the scale, with a drawing each, and the smaller ones outside it."""

    scale: tuple
    outside: tuple


@dataclass(frozen=True)
class Stones:
    """A row of `total` stepping stones, of which `number` are reached. All lengths are drawing units, in a drawing 300 wide.

    The stones are the round dashes of two lines, so that forty cost no more than four: `long` from `start` for all of them,
    and `left` from `ahead` in white over those to come.
    """

    number: int
    total: int
    step: float
    size: float
    inner: float
    start: float
    long: float
    ahead: float
    left: float
    puffin: float


def answer_cards(question, chosen=""):
    """The Cards of a Question; `chosen` is the code given so far, or ""."""
    last = len(question.points) - 1
    return Cards(
        scale=tuple(
            Card(str(code), label, _drawing(question.look, place, last), chosen == str(code))
            for place, (code, label) in enumerate(question.points)
        ),
        outside=tuple(Card(str(code), label, "", chosen == str(code)) for code, label in question.outside),
    )


def _drawing(look, place, last):
    """The drawing of a point by its place on the scale: three faces, or four bars of which none to all are filled."""
    if look == "faces":
        return f"face-{1 + round(2 * place / last)}"
    return f"bars-{round(4 * place / last)}" if look == "bars" else ""


def stepping_stones(number, total):
    """The Stones for question `number` of `total`."""
    step = STONES_WIDTH / total
    size = min(0.76 * step, 32)
    return Stones(
        number=number,
        total=total,
        step=round(step, 2),
        size=round(size, 2),
        inner=round(size - 3, 2),
        start=round(step / 2, 2),
        long=round((total - 0.9) * step, 2),
        ahead=round((number + 0.5) * step, 2),
        left=round((total - number - 0.9) * step, 2),
        puffin=round(min(max((number - 0.5) * step - 12, 0), STONES_WIDTH - 24), 2),
    )
