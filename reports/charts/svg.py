"""From a matplotlib figure to an SVG that may stand inside a page with a strict content security policy.

matplotlib writes `style="…"` attributes and a <style> block; both are refused by `style-src 'self'`, and the chart
would come out black. Here each declaration becomes a presentation attribute, fonts are left to the page, ids carry
the chart's name so that two charts never share one, and the drawing gets its name and description for people who
hear it. The same results always give the same bytes.
"""

import io
import re
from xml.etree import ElementTree

import matplotlib

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
FONT = "Atkinson Hyperlegible Next"
# Sizes belong to the page's style sheet; font-family is inherited from it.
DROPPED = {"font-family", "font-variant", "font-stretch", "width", "height", "max-width", "white-space"}

_DECIMALS = re.compile(r"(\.\d\d)\d+")  # a hundredth of a unit is finer than any screen

matplotlib.rcParams["svg.fonttype"] = "none"  # text stays text: small, searchable, in the page's own font
matplotlib.rcParams["svg.hashsalt"] = "primary-cluster-programme"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def page_svg(figure, *, name, title, desc, css_class):
    """Draw a figure as an SVG for inlining.

    Arguments: a matplotlib Figure at 72 dots an inch; `name`, unique on the page, begins every id; `title` and `desc`
    are the accessible name and description; `css_class` chooses the drawing by screen width. Returns text.
    """
    raw = io.BytesIO()
    figure.savefig(raw, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    root = ElementTree.fromstring(raw.getvalue())  # noqa: S314 (written by matplotlib a line above)
    _strip(root)
    _prefix_ids(root, name)
    root.attrib.pop("width", None)
    root.attrib.pop("height", None)
    root.attrib.update(
        {
            "class": css_class,
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-desc",
            "stroke-linejoin": "round",
            "stroke-linecap": "butt",
        }
    )
    for place, (tag, text) in enumerate((("title", title), ("desc", desc))):
        element = ElementTree.Element(f"{{{SVG}}}{tag}", {"id": f"{name}-{tag}"})
        element.text = text
        root.insert(place, element)
    return ElementTree.tostring(root, encoding="unicode")


def standalone(svg):
    """The same drawing as a file of its own: it names its font, since there is no page to inherit one from."""
    return svg.replace("<svg ", f'<svg font-family="{FONT}, Helvetica, Arial, sans-serif" ', 1)


def _strip(element):
    """Remove metadata, style blocks and empty groups; turn style attributes into presentation attributes."""
    children = []
    for child in list(element):
        if child.tag in (f"{{{SVG}}}metadata", f"{{{SVG}}}style"):
            continue
        _strip(child)
        bare = child.tag == f"{{{SVG}}}g" and not set(child.attrib) - {"id"}
        if child.tag == f"{{{SVG}}}defs" and not len(child):
            continue
        children.extend(list(child) if bare else [child])
    for child in list(element):
        element.remove(child)
    element.extend(children)
    element.tail = None
    if element.tag != f"{{{SVG}}}text":
        element.text = None
    if element.get("transform", "").startswith("rotate(-0 "):
        del element.attrib["transform"]
    if "d" in element.attrib:
        element.set("d", _DECIMALS.sub(r"\1", " ".join(element.get("d").split())))
    style = element.attrib.pop("style", "")
    for declaration in style.split(";"):
        key, _, value = (part.strip() for part in declaration.partition(":"))
        if key == "font":
            _set_font(element, value)
        elif key and key not in DROPPED:
            element.set(key, value)


def _set_font(element, shorthand):
    """The CSS `font` shorthand (`700 13px 'Name', …`) as font-weight and font-size."""
    for word in shorthand.split("px")[0].split():
        if word in ("bold", "700", "600"):
            element.set("font-weight", "700")
    element.set("font-size", shorthand.split("px")[0].split()[-1])


def _prefix_ids(root, name):
    """Keep only the ids that something refers to, and begin them with the chart's name."""
    used = set()
    for element in root.iter():
        for value in element.attrib.values():
            if value.startswith("url(#"):
                used.add(value[5:-1])
            elif value.startswith("#") and element.tag.endswith("use"):
                used.add(value[1:])
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id":
                if value in used:
                    element.set(key, f"{name}-{value}")
                else:
                    del element.attrib[key]
            elif value.startswith("url(#"):
                element.set(key, f"url(#{name}-{value[5:-1]})")
            elif value.startswith("#") and value[1:] in used:
                element.set(key, f"#{name}-{value[1:]}")
