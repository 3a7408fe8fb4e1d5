"""What every chart hands over."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """One chart in two drawings, or the sentence that stands in its place.

    `title` and `desc` are its accessible name and description, made from the same (suppressed) numbers as the
    drawing; `wide` and `phone` are matplotlib figures, or None when `instead` says why there is nothing to draw. `slides` draws
    it again for people at the back of a room: one figure or several, with nothing smaller than 12.5 units of 600; `base` says
    there how many answered, where the other drawings say it in small print.
    """

    title: str
    desc: str = ""
    wide: object = None
    phone: object = None
    instead: str = ""
    slides: Callable = list
    base: str = ""
