"""Charts that can be read: from the back of a room, on a phone, on a grey print."""

import itertools
import re
from xml.etree import ElementTree

import pytest

from reports.charts import render_all, render_slides
from reports.charts.drawing import DIVERGING
from tests.reports.sample_results import sample

SVG = "{http://www.w3.org/2000/svg}"
SLIDE_WIDTH, SLIDE_HEIGHT = 888, 410  # points that a slide of 960 by 540 leaves for its drawing


@pytest.fixture(scope="module")
def slides():
    return {
        f"{name} {number}": ElementTree.fromstring(svg)
        for name, chart in render_slides(sample()).items()
        for number, svg in enumerate(chart["drawings"], start=1)
    }


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def lightness(colour):
    """L* of CIELAB, what is left of a colour on a grey print: 0 black, 100 white."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 116 * sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) ** (1 / 3) - 16


def test_every_letter_on_a_slide_is_eighteen_points_or_more(slides):
    for name, root in slides.items():
        width, height = (float(side) for side in root.get("viewBox").split()[2:])
        scale = min(SLIDE_WIDTH / width, SLIDE_HEIGHT / height)
        sizes = [float(element.get("font-size").removesuffix("px")) * scale for element in root.iter(f"{SVG}text")]

        assert min(sizes) >= 17.5, name


def test_slide_holds_its_words_and_at_most_six_questions(slides):
    for name, root in slides.items():
        across = [float(element.get("x")) for element in root.iter(f"{SVG}text")]

        assert min(across) >= 0, name
        assert max(across) <= 600, name
        if name.startswith("items_"):
            assert texts(root).count("before") <= 6


def test_forest_with_many_rows_has_several_slides_with_each_row_once():
    results = sample()
    row = results["specifications"][0]
    results["specifications"] = [row | {"label": f"Way number {number}", "headline": False} for number in range(11)]

    drawings = render_slides(results)["specifications"]["drawings"]

    assert [sum(text.startswith("Way") for text in texts(ElementTree.fromstring(svg))) for svg in drawings] == [5, 6]


def test_slides_name_how_many_answered():
    chart = render_slides(sample())["items_P2P4_1"]

    assert re.fullmatch(r"n = [\d,]+ to [\d,]+ pupils for each question\.", chart["base"])


def test_slides_of_the_comparison_carry_n_interval_method_level_and_association():
    drawn = render_slides(sample())

    for name in ("specifications", "cuts", "dose", "item_models_P2P4_1", "change"):
        assert re.search(r"n = [\d,]+.* pupils", drawn[name]["base"]), name
        assert re.search("95% intervals .*CR[12]|without intervals", drawn[name]["base"]), name
        assert "Evidence level L3, Suggestive: an association" in drawn[name]["base"], name
    assert "n = 13 schools" in drawn["schools"]["base"]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_forest_writes_every_question_in_full(size):
    results = sample()
    long = (
        "How much do you like this: using tools such as magnets, magnifiers or the large thermometers in the cupboard?"
    )
    results["items"]["P2P4"]["face1"]["text"] = long

    words = " ".join(texts(ElementTree.fromstring(render_all(results)["item_models_P2P4_1"][size])))

    assert "Using tools such as magnets, magnifiers or the large thermometers in the cupboard" in words
    assert "…" not in words


def test_estimate_without_an_interval_has_a_mark_of_its_own():
    results = sample()
    results["specifications"][1] |= {"lo": None, "hi": None, "df": 2.0}

    with_it, without = (
        ElementTree.fromstring(render_all(each)["specifications"]["wide"]) for each in (sample(), results)
    )

    diamonds = [sum(path.get("d").count("L") == 3 and path.get("stroke-width") == "2" for path in root.iter(f"{SVG}path"))
                for root in (with_it, without)]  # fmt: skip
    assert diamonds == [0, 1]


@pytest.mark.parametrize("points", DIVERGING)
def test_shades_of_answers_are_told_apart_on_a_grey_print(points):
    shades = sorted(lightness(colour) for colour in DIVERGING[points])

    assert min(other - one for one, other in itertools.pairwise(shades)) >= 8
    assert lightness(DIVERGING[points][0]) + 20 < lightness(DIVERGING[points][-1])


def test_a_very_small_p_is_written_once_as_less_than():
    results = sample()
    results["specifications"][1] |= {"est": None, "lo": None, "hi": None, "df": None, "p": 0.0002, "computed": True}

    chart = render_all(results)["specifications"]

    assert "p < 0.001" in chart["desc"]
    assert "= &lt;" not in chart["wide"]
