"""From a matplotlib figure to an SVG that may stand inside a page with a strict content security policy.

matplotlib's own SVG carries `style="…"` attributes and a <style> block; both are refused by `style-src 'self'`, and the chart
would come out black. The renderer here writes presentation attributes instead, leaves the font to the page, has no ids but those
of the name and the description for people who hear the chart, and takes a fifth of the time. The same results always give the
same bytes.
"""

from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path

SVG = "http://www.w3.org/2000/svg"
FONT = "Atkinson Hyperlegible Next"
LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
POINTS = {"Q": 2, "C": 3}  # of one curve; only the first carries the letter


def page_svg(figure, *, name, title, desc, css_class):
    """Draw a figure as an SVG for inlining.

    Arguments: a matplotlib Figure at 72 dots an inch; `name`, unique on the page, begins every id; `title` and `desc`
    are the accessible name and description; `css_class` chooses the drawing by screen width. Returns text.
    """
    renderer = PageRenderer(figure.bbox.width, figure.bbox.height)
    figure.draw(renderer)
    width, height = (_number(size) for size in (renderer.width, renderer.height))
    return (
        f'<svg xmlns="{SVG}" viewBox="0 0 {width} {height}" version="1.1" class={quoteattr(css_class)} role="img" '
        f'aria-labelledby="{name}-title {name}-desc" stroke-linejoin="round" stroke-linecap="butt">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(desc)}</desc>'
        f"{''.join(renderer.marks)}</svg>"
    )


def standalone(svg):
    """The same drawing as a file of its own: it names its font, since there is no page to inherit one from."""
    return svg.replace("<svg ", f'<svg font-family="{FONT}, Helvetica, Arial, sans-serif" ', 1)


class PageRenderer(RendererBase):
    """What matplotlib's artists draw on: `marks` collects one element for each."""

    def __init__(self, width, height):
        super().__init__()
        self.width, self.height = width, height
        self.marks = []

    def get_canvas_width_height(self):
        """The size of the drawing in units."""
        return self.width, self.height

    def draw_path(self, gc, path, transform, rgbFace=None):  # noqa: N803 (matplotlib's name)
        """A line or a shape. matplotlib counts upwards, SVG downwards."""
        look = f' fill="{_hex(rgbFace)}"' if rgbFace is not None else ' fill="none"'
        if gc.get_linewidth() > 0:
            offset, dashes = gc.get_dashes()
            look += f' stroke="{_hex(gc.get_rgb())}" stroke-width="{_number(gc.get_linewidth())}"'
            if dashes is not None:
                look += f' stroke-dasharray="{",".join(_number(length) for length in dashes)}"'
        self.marks.append(f'<path d="{self._outline(transform.transform_path(path))}"{look}/>')

    def _outline(self, path):
        words, left = [], 0
        codes = path.codes.tolist() if path.codes is not None else [Path.MOVETO] + [Path.LINETO] * (len(path) - 1)
        for (x, y), code in zip(path.vertices.tolist(), codes, strict=True):
            if code == Path.CLOSEPOLY:
                words.append("z")
                continue
            if left:
                left -= 1
            else:
                words.append(LETTERS[code])
                left = POINTS.get(LETTERS[code], 1) - 1
            words += [_number(x), _number(self.height - y)]
        return " ".join(words)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """One line of words; `mtext` is the artist, which knows on which side of `x` they stand."""
        anchor = {"left": "start", "center": "middle", "right": "end"}[mtext.align]
        weight = ' font-weight="700"' if prop.get_weight() == "bold" else ""
        self.marks.append(
            f'<text x="{_number(x)}" y="{_number(self.height - y)}"{weight} font-size="{_number(prop.get_size())}px" '
            f'text-anchor="{anchor}" fill="{_hex(gc.get_rgb())}">{escape(s)}</text>'
        )


@lru_cache(maxsize=256)
def _hex(colour):
    return to_hex(colour)


def _number(value):
    """A hundredth of a unit is finer than any screen."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
