"""The few marks that every chart is made of, drawn on a sheet measured in SVG units from its top left corner.

A sheet is a matplotlib figure without axes, so a rectangle at (10, 20) is at (10, 20) in the SVG.
Colours and sizes are those of the design system; colour never stands alone: there is always a word, a number or a
shape with it.
"""

from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D

from reports.numbers import decimal

INK, INK_2, WHITE = "#16262b", "#4a5b61", "#ffffff"
LINE, EDGE = "#d9dfdc", "#6d7d83"
LOCH, MIST = "#0b5563", "#eff7f8"
BRACKEN, BRACKEN_TINT = "#a4571a", "#f8efe6"
NEUTRAL = "#e4e8e6"
DECLINED, HELD, IMPROVED = "#a4571a", NEUTRAL, "#4fa3a3"
# Least to most positive answer, by number of points; brown to teal, so that no reader needs red and green. The brown side is the
# darker one throughout, so that no two shades are alike on a grey print either.
DIVERGING = {
    2: ("#8f4a13", "#4fa3a3"),
    3: ("#8f4a13", NEUTRAL, "#4fa3a3"),
    4: ("#5f2f0a", "#a4571a", "#9ccfce", "#4fa3a3"),
    5: ("#5f2f0a", "#a4571a", NEUTRAL, "#9ccfce", "#4fa3a3"),
    6: ("#401d04", "#7d3f10", "#a4571a", "#a9d8d6", "#7dbcbc", "#47999b"),
    7: ("#401d04", "#7d3f10", "#a4571a", NEUTRAL, "#a9d8d6", "#7dbcbc", "#47999b"),
}
# The widths of a drawing in units. What is drawn for a slide fills it, so that 12.5 units are 18 points there.
WIDE, PHONE, SLIDE = 820, 340, 600
FONTS = Path(__file__).resolve().parent.parent / "fonts"
CORNER = 8  # the radius of a box's corners


class Sheet:
    """A figure of `width` by `height` units with (0, 0) at the top left."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        self.figure.patch.set_visible(False)
        # One unit is one point is one pixel; matplotlib counts upwards, SVG downwards.
        self._place = Affine2D().scale(1, -1).translate(0, height)
        self._drawn = 0

    def text(self, x, y, words, *, size=13.5, colour=INK, bold=False, align="left", halo=False):
        """Words on the baseline `y`; `align` is left, center or right of `x`; `halo` clears the lines behind them."""
        if halo:
            wide = text_width(words, size, bold)
            begin = x - {"left": 0, "center": wide / 2, "right": wide}[align]
            self.bar(begin - 2, y - size, wide + 4, size * 1.3, WHITE)
        self._add(Words(x, y, words, size, colour, bold, align))

    def lines(self, x, y, words, *, size=13.5, step=None, **look):
        """Several lines of words, the first on the baseline `y`."""
        for number, line in enumerate(words):
            self.text(x, y + number * (step or size * 1.3), line, size=size, **look)

    def bar(self, x, y, width, height, fill, *, edge=None, dashed=False):
        """A filled rectangle."""
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self._add(Mark(_closed(corners), fill, edge, dashes=(3, 3) if dashed else None))

    def box(self, x, y, width, height, *, fill=WHITE, edge=LOCH):
        """A rectangle with round corners and an outline."""
        right, bottom, r = x + width, y + height, CORNER
        points = [
            *((x + r, y), (right - r, y), (right, y), (right, y + r), (right, bottom - r), (right, bottom)),
            *(
                (right - r, bottom),
                (x + r, bottom),
                (x, bottom),
                (x, bottom - r),
                (x, y + r),
                (x, y),
                (x + r, y),
                (x, y),
            ),
        ]
        side = [Outline.LINETO, Outline.CURVE3, Outline.CURVE3]
        self._add(Mark(Outline(points, [Outline.MOVETO, *side * 4, Outline.CLOSEPOLY]), fill, edge, 1.5))

    def line(self, x1, y1, x2, y2, *, colour=EDGE, width=1.0, dashed=False):
        """A straight line; `dashed` marks what did not hold."""
        self._add(Mark(Outline(((x1, y1), (x2, y2))), None, colour, width, (6, 4) if dashed else None))

    def square(self, x, y, size, fill, *, edge=None):
        """A filled square centred on (x, y)."""
        self.bar(x - size / 2, y - size / 2, size, size, fill, edge=edge)

    def open_circle(self, x, y, radius, edge=INK):
        """A circle filled with white: the mark of a check that was not passed."""
        self._add(Mark(Outline.circle((x, y), radius), WHITE, edge, 2.5))

    def open_diamond(self, x, y, radius, edge=INK):
        """A diamond filled with white: the mark of an estimate that stands without an interval."""
        corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
        self._add(Mark(_closed(corners), WHITE, edge, 2))

    def circle(self, x, y, radius, fill, *, edge=None):
        """A filled circle."""
        self._add(Mark(Outline.circle((x, y), radius), fill, edge))

    def triangle(self, x, y, size, *, down=True, fill=INK, edge=None):
        """A triangle whose point is at (x, y); `down` means that it points down."""
        back = y - size * 1.4 if down else y + size * 1.4
        self.polygon(((x, y), (x - size, back), (x + size, back)), fill, edge=edge)

    def polygon(self, corners, fill, *, edge=None):
        """A filled shape with these corners."""
        self._add(Mark(_closed(corners), fill, edge))

    def _add(self, mark):
        """Put a mark over everything drawn before it."""
        self._drawn += 1
        mark.set_zorder(self._drawn)
        mark.set_transform(self._place)
        self.figure.add_artist(mark)


class Mark(Artist):
    """An outline with its look, which is all that a chart here asks of matplotlib's patches and lines, at a tenth of their time.

    Colours are texts or None for none; `dashes` are lengths in units of the sheet.
    """

    def __init__(self, outline, fill=None, edge=None, width=1.0, dashes=None):
        super().__init__()
        self.outline, self.fill, self.edge = outline, fill, edge
        self.width, self.dashes = width, dashes

    def draw(self, renderer):
        """Hand it to whatever draws."""
        pen = renderer.new_gc()
        pen.set_linewidth(self.width if self.edge else 0)
        pen.set_dashes(0, self.dashes)
        if self.edge:
            pen.set_foreground(self.edge)
        renderer.draw_path(pen, self.outline, self.get_transform(), to_rgba(self.fill) if self.fill else None)


class Words(Artist):
    """One line of words on its baseline; `align` says on which side of `x` they stand."""

    def __init__(self, x, y, words, size, colour, bold, align):
        super().__init__()
        self.at, self.words, self.colour, self.align = (x, y), words, colour, align
        self.look = _look(size, bold)

    def draw(self, renderer):
        """Hand it to whatever draws."""
        pen = renderer.new_gc()
        pen.set_foreground(self.colour)
        x, y = self.get_transform().transform(self.at)
        renderer.draw_text(pen, x, y, self.words, self.look, 0, mtext=self)


def _closed(corners):
    return Outline(np.array([*corners, corners[0]], dtype=float), closed=True)


@cache
def _look(size, bold):
    return font_manager.FontProperties(fname=_file(bold), size=size, weight="bold" if bold else "normal")


def _file(bold):
    return str(FONTS / f"AtkinsonHyperlegibleNext-{'Bold' if bold else 'Regular'}.ttf")


@cache
def _font(bold):
    return font_manager.get_font(_file(bold))


@lru_cache(maxsize=4096)
def text_width(words, size, bold=False):
    """The width of a line of text in SVG units."""
    font = _font(bold)
    font.set_size(size, 72)
    font.set_text(words)
    return font.get_width_height()[0] / 64


def wrapped(words, width, size, bold=False, at_most=3):
    """Words broken into lines no wider than `width` units; what does not fit in `at_most` lines ends in an ellipsis."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) > at_most:
        lines = [*lines[: at_most - 1], f"{lines[at_most - 1]} …"]
    return lines


def label_colour(fill):
    """Ink or white, whichever is easier to read on `fill` (WCAG relative luminance)."""
    channels = [int(fill[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return WHITE if 1.05 / (luminance + 0.05) >= 4.5 else INK


def nice_step(span, steps=6):
    """A round distance between marks on an axis, so that about `steps` of them cover `span`."""
    rough = span / steps
    size = 10.0 ** len(str(int(rough))) / 10 if rough >= 1 else 1.0
    while size > rough:
        size /= 10
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)


def ticks_around_zero(low, high):
    """Round numbers that reach past `low` and `high` and to both sides of zero: [(value, label)] with signs."""
    low, high = min(low, 0.0), max(high, 0.0)
    step = nice_step((high - low) or 1.0, 5)
    first, last = min(int(low // step), -1), max(int(-(-high // step)), 1)
    places = 0 if step >= 1 else 1 if step >= 0.1 else 2
    return [(number * step, decimal(number * step, places, plus=True)) for number in range(first, last + 1)]
