import re
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest

from reports.charts import build_all, render_all, standalone
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group

SVG = "{http://www.w3.org/2000/svg}"
VARIANTS = {
    "L0": sample_at("L0"),
    "L1": sample_at("L1"),
    "L3": sample(),
    "hidden by group": sample_hidden_by_group(),
}
CANARY = 31337


def drawings(rendered):
    return [chart[size] for chart in rendered.values() for size in ("wide", "phone") if size in chart]


@pytest.fixture(scope="module")
def rendered():
    return render_all(sample())


def test_charts_are_drawn_for_every_part_of_the_report(rendered):
    assert list(rendered) == [
        *("flow", "specifications", "cuts", "dose"),
        *(
            "items_P2P4_1",
            "positive_P2P4_1",
            "items_P5P7_1",
            "positive_P5P7_1",
            "items_P5P7_2",
            "positive_P5P7_2",
        ),
        *("item_models_P2P4_1", "item_models_P5P7_1", "item_models_P5P7_2", "change", "schools"),
    ]
    assert all(chart["wide"] and chart["phone"] for chart in rendered.values())


def test_long_questionnaire_is_drawn_in_several_figures_that_hold_each_question_once():
    results = sample()
    item = results["items"]["P5P7"]["att1"]
    results["items"]["P5P7"] = {
        f"q{number}": {**item, "order": number, "text": f"Question number {number}."} for number in range(1, 17)
    }

    charts = render_all(results)

    parts = [charts[f"items_P5P7_{number}"] for number in (1, 2, 3)]
    assert [chart["title"].split(", ")[-1] for chart in parts] == [
        "questions 1 to 5",
        "questions 6 to 10",
        "questions 11 to 16",
    ]
    assert re.findall(r"Question number (\d+)\.", " ".join(chart["desc"] for chart in parts)) == [
        str(number) for number in range(1, 17)
    ]
    assert "items_P5P7_4" not in charts


def test_chart_may_stand_in_a_page_with_a_strict_policy(rendered):
    for svg in drawings(rendered):
        root = ElementTree.fromstring(svg)
        tags = {element.tag for element in root.iter()}
        attributes = {key for element in root.iter() for key in element.attrib}

        assert not tags & {f"{SVG}style", f"{SVG}script", f"{SVG}image", f"{SVG}metadata", f"{SVG}foreignObject"}
        assert "style" not in attributes
        assert not {key for key in attributes if key.startswith("on")}
        assert "font-family" not in attributes
        assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", svg)


def test_chart_has_a_name_and_a_description_of_its_own(rendered):
    for chart in rendered.values():
        for size in ("wide", "phone"):
            root = ElementTree.fromstring(chart[size])
            found = {
                element.get("id"): element.text for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")
            }

            assert root.get("role") == "img"
            assert root.get("class") == f"v-{size}"
            assert root.get("aria-labelledby").split() == list(found)
            assert list(found.values()) == [chart["title"], chart["desc"]]


def test_charts_on_one_page_share_no_id(rendered):
    ids = [id for svg in drawings(rendered) for id in re.findall(r'\sid="([^"]+)"', svg)]

    assert len(ids) == len(set(ids))


def test_charts_drawn_by_several_threads_at_once_are_the_same(rendered):
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: render_all(sample()), range(4)))

    assert drawn == [rendered] * 4


def test_charts_are_the_same_to_the_last_byte(rendered):
    assert render_all(sample()) == rendered


def test_chart_text_is_large_enough_on_a_phone(rendered):
    for chart in rendered.values():
        root = ElementTree.fromstring(chart["phone"])
        sizes = [float(element.get("font-size").removesuffix("px")) for element in root.iter(f"{SVG}text")]

        assert min(sizes) >= 12.5


def test_chart_keeps_its_marks_inside_its_sheet(rendered):
    for chart in rendered.values():
        for size, width in (("wide", 820), ("phone", 340)):
            root = ElementTree.fromstring(chart[size])
            across = [float(element.get("x")) for element in root.iter(f"{SVG}text")]

            assert root.get("viewBox").split()[2] == str(width)
            assert min(across) >= 0
            assert max(across) <= width


def corners(svg):
    """Every (x, y) that a mark of a drawing is made of."""
    root = ElementTree.fromstring(svg)
    for element in root.iter(f"{SVG}path"):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", element.get("d"))]
        yield from zip(numbers[::2], numbers[1::2], strict=True)
    for element in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(element.get(name) or 0) for name in ("x", "y", "width", "height"))
        yield x + wide, y + high


def test_no_mark_is_cut_off_at_the_lower_edge(rendered):
    cut = {
        (name, size)
        for name, chart in rendered.items()
        for size in ("wide", "phone")
        if size in chart
        for height in [float(chart[size].split('viewBox="0 0 ')[1].split('"')[0].split()[1])]
        if max((y for _, y in corners(chart[size])), default=0) > height
    }

    assert cut == set()


def test_chart_shows_words_that_look_like_markup_as_words():
    results = sample()
    results["items"]["P5P7"]["att1"]["text"] = "<script>alert(1)</script> & $x^2$"

    chart = render_all({"items": {"P5P7": results["items"]["P5P7"]}})["items_P5P7_1"]

    assert "<script>" not in chart["wide"]
    assert "<script>alert(1)</script> & $x^2$" in chart["desc"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in chart["wide"]


@pytest.mark.parametrize("odd", ["a\x0bb\x00", "\ud800", "\ufffe"])
def test_chart_is_drawn_whatever_letters_a_question_holds(odd):
    results = {"items": {"P2P4": sample()["items"]["P2P4"]}}
    results["items"]["P2P4"]["face1"]["text"] = f"Science {odd} school"

    assert ElementTree.fromstring(render_all(results)["items_P2P4_1"]["wide"]) is not None


def test_forest_marks_what_did_not_hold_and_names_what_was_not_computed(rendered):
    forest = rendered["specifications"]

    assert forest["wide"].count("stroke-dasharray") == 1
    assert "All pupils, matched or not: not computed." in forest["desc"]
    assert ">not computed<" in forest["wide"]


def test_question_forest_fills_the_mark_of_what_stays_after_the_correction(rendered):
    young = rendered["item_models_P2P4_1"]
    every = [chart for name, chart in rendered.items() if name.startswith("item_models")]

    assert "".join(chart["wide"] for chart in every).count("stroke-dasharray") == 8
    assert "Doing science at school: 1.00 (0.82 to 1.22), q = 0.030." in "".join(chart["desc"] for chart in every)
    assert "Measuring things: not computed." in young["desc"]


def test_dose_response_shows_the_whole_scale_of_ratings(rendered):
    labels = re.findall(r">([^<>]+)</text>", rendered["dose"]["wide"])

    assert labels[:10] == ["0%", "25%", "50%", "75%", "100%", "1", "2", "3", "4", "5"]
    assert rendered["dose"]["desc"].startswith("From 50% (95% interval 45% to 55%) at a rating of 3.0 to 31%")


def test_hidden_distribution_is_a_mark_and_not_a_number(rendered):
    chart = rendered["items_P2P4_1"]

    assert chart["wide"].count(">[c]<") == 2
    assert "Measuring things [c] positive before, [c] after." in chart["desc"]


@pytest.mark.parametrize("level", ["L0", "L1"])
def test_no_interval_is_drawn_below_the_level_that_allows_one(level):
    results = sample_at(level)
    results["specifications"] = sample()["specifications"]

    charts = build_all(results)

    assert not [name for name in charts if name.startswith("item_models")]
    for name in ("specifications", "dose"):
        assert (charts[name].wide, charts[name].phone, charts[name].desc) == (None, None, "")
        assert charts[name].instead.startswith("No interval is shown")


def test_nothing_by_rating_group_is_drawn_where_a_headteacher_could_be_recognised():
    results = sample_hidden_by_group()
    groups = {"n": 3 * CANARY, "schools": 2, "declined": CANARY, "held": CANARY, "improved": CANARY}
    results["change_groups"] |= {"high": dict(groups), "low": dict(groups)}
    results["sample"] |= {"n_high": CANARY, "n_low": CANARY, "schools_high": CANARY, "schools_low": CANARY}
    results["specifications"] = [dict(row, est=CANARY) for row in sample()["specifications"]]
    results["item_models"], results["dose_response"] = sample()["item_models"], sample()["dose_response"]
    results["dose_response"]["line"][0]["p"] = CANARY

    text = str(render_all(results))

    assert "31337" not in text
    assert "31,337" not in text
    assert "igher-rated" not in text


@pytest.mark.parametrize("results", VARIANTS.values(), ids=VARIANTS)
def test_chart_never_prints_what_is_not_a_number(results):
    words = re.findall(r">([^<]*)<", " ".join(drawings(render_all(results))))

    assert not [word for word in words if re.search(r"\b(None|nan|inf)\b", word)]


@pytest.mark.parametrize(
    "key", ["flow", "sample", "items", "change_groups", "specifications", "ladder", "hidden_by_group"]
)
def test_charts_cope_without_any_one_part(key):
    absent, null = sample(), sample()
    del absent[key]
    null[key] = None

    for results in (absent, null):
        assert all(chart.instead or chart.wide for chart in build_all(results).values())


def test_charts_cope_with_nothing_at_all():
    rendered = render_all({})

    assert all(chart["instead"] for chart in rendered.values())


def test_chart_as_a_file_names_its_font(rendered):
    svg = standalone(rendered["flow"]["wide"])

    assert ElementTree.fromstring(svg).get("font-family").startswith("Atkinson Hyperlegible Next")


def test_question_put_the_other_way_is_marked_in_every_drawing_and_its_words(rendered):
    name = "Science lessons are boring (turned round)"

    drawn = [chart for chart in rendered.values() if "Science lessons are boring" in chart["desc"]]

    assert len(drawn) == 3
    assert all(name in chart["desc"] and "pupils who disagreed with it" in chart["desc"] for chart in drawn)
    assert all(chart[size].count("(turned") >= 2 for chart in drawn for size in ("wide", "phone"))


def test_cuts_that_cannot_be_made_stand_in_the_chart_of_the_others(rendered):
    assert rendered["cuts"]["desc"].endswith("4.0 or more: −8.0 (−14.0 to −2.0). 4.2 or more: not computed.")
    assert "4.0 or more (the plan’s cut)" in "".join(rendered["cuts"]["wide"].split("</text>"))


def test_flow_counts_the_rated_schools_of_the_compared_pupils():
    results = sample()
    results["sample"] |= {"schools_high": 23}

    drawn = render_all(results)["flow"]

    assert "1,262 in 45 rated schools, of whom 664 higher-rated and 598 lower-rated." in drawn["desc"]
    assert "in 45 rated schools" in drawn["wide"]
    assert "46 rated" not in drawn["wide"] + drawn["phone"] + drawn["desc"]


def test_bar_of_nearly_everybody_says_over_ninety_nine():
    results = sample()
    results["items"]["P5P7"]["att1"] |= {"counts_pre": [0, 0, 1, 0, 999], "n_pre": 1000, "pos_pre": 0.999}

    drawn = render_all(results)["items_P5P7_1"]

    assert "over 99 per cent positive before" in drawn["desc"]
    assert ">over 99<" in drawn["wide"]
