"""What every chart hands over."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chart:
    """One chart in two drawings, or the sentence that stands in its place.

    `title` and `desc` are its accessible name and description, made from the same (suppressed) numbers as the
    drawing; `wide` and `phone` are matplotlib figures, or None when `instead` says why there is nothing to draw.
    """

    title: str
    desc: str = ""
    wide: object = None
    phone: object = None
    instead: str = ""
