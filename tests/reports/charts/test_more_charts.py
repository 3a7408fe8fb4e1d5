"""Dumbbells, the caterpillar and trends: charts that are built one by one, from real results."""

import re
from copy import deepcopy
from datetime import date
from xml.etree import ElementTree

import pytest

from reports import reading
from reports.analysis import adults
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan
from reports.analysis.trends import Frozen, trends
from reports.charts import caterpillar, dumbbell, rendered, trend
from reports.charts.drawing import DECLINED, HELD, IMPROVED
from reports.numbers import decimal, percent
from reports.reading import captions
from reports.reading.trends import trend_rows
from tests.reports.analysis.adult_answers import AREAS, adult_data, mentors
from tests.reports.programmes import make_programme
from tests.reports.sample_results import sample

SVG = "{http://www.w3.org/2000/svg}"
PLAN = Plan()
COMPLETE = evaluate(make_programme(30, 40, effect=0.1, seed=4, lost=0.3), PLAN)
STORED = suppress(COMPLETE, PLAN.rules)
OUTCOMES = ["declined", "held", "improved"]


def cohorts(*results):
    return [
        Frozen(deepcopy(each), f"Cohort {2020 + n}", "cohort", date(2020 + n, 9, 20), date(2021 + n, 5, 12))
        for n, each in enumerate(results)
    ]


def with_hidden_outcomes():
    results = deepcopy(STORED)
    hidden = {f"{outcome}_{end}": None for outcome in OUTCOMES for end in ("pct", "lo", "hi")}
    results["change_groups"]["all"] |= {**hidden, "why": "hidden"}
    return results


def with_another_method():
    results = deepcopy(STORED)
    results["provenance"]["analysis_version"] = "99"
    return results


def confidence(before, after):
    rows = [row for area in AREAS for row in mentors(before, after, key=f"conf_{area}")]
    merged = {}
    for row in rows:
        key = row["wave"], row["person"]
        merged[key] = merged.get(key, row) | {name: value for name, value in row.items() if value != ""}
    return adults.read(adult_data(list(merged.values())), PLAN.rules)


def all_charts():
    trend_of = trends(cohorts(STORED, with_hidden_outcomes(), STORED, with_another_method(), STORED))
    financial = trends(cohorts(STORED, with_another_method()), "financial_year")
    reading_of = confidence([1, 2, 3, 3, 4, 5, 2, 3, 4, 2] * 3, [2, 4, 4, 3, 4, 5, 3, 4, 4, 4] * 3)
    return {
        "dumbbell": dumbbell.build("P5P7", reading.items_of(STORED, "P5P7")),
        "hidden": dumbbell.build("P2P4", reading.items_of(sample(), "P2P4")),
        "confidence": dumbbell.build_confidence(reading_of, "mentor"),
        "caterpillar": caterpillar.build(STORED),
        "trend": trend.build(trend_of, OUTCOMES, "Outcomes"),
        "trend-question": trend.build(financial, ["P5P7.item1.pre", "P5P7.item1.post"], "Question 1"),
        "trend-change": trend.build(trend_of, ["P2P4.change", "P5P7.change"], "Change"),
        "trend-net": trend.build(trend_of, ["P5P7.item1.net"], "Net"),
    }


@pytest.fixture(scope="module")
def drawn():
    return {name: rendered(name, chart) for name, chart in all_charts().items()}


def words_in(svg):
    return re.findall(r">([^<>]+)</text>", svg)


def test_chart_may_stand_in_a_page_with_a_strict_policy_and_has_a_name_and_a_description(drawn):
    for chart in drawn.values():
        for size in ("wide", "phone"):
            root = ElementTree.fromstring(chart[size])
            tags = {element.tag for element in root.iter()}
            named = [element.text for element in root if element.tag in (f"{SVG}title", f"{SVG}desc")]

            assert not tags & {f"{SVG}style", f"{SVG}script", f"{SVG}image"}
            assert not any("style" in element.attrib for element in root.iter())
            assert named == [chart["title"], chart["desc"]]


def test_chart_keeps_its_words_inside_its_sheet_and_large_enough(drawn):
    for name, chart in drawn.items():
        for size, width in (("wide", 820), ("phone", 340)):
            for element in ElementTree.fromstring(chart[size]).iter(f"{SVG}text"):
                letters = float(element.get("font-size").removesuffix("px"))

                assert 0 <= float(element.get("x")) <= width, (name, size, element.text)
                assert letters >= 12.5


def test_chart_is_the_same_to_the_last_byte(drawn):
    assert {name: rendered(name, chart) for name, chart in all_charts().items()} == drawn


def test_chart_never_prints_what_is_not_a_number(drawn):
    text = " ".join(chart[part] for chart in drawn.values() for part in ("wide", "phone", "desc"))

    assert not re.search(r"\b(None|nan|inf)\b", text)


def test_dumbbell_says_both_shares_with_their_intervals_and_draws_the_difference(drawn):
    item = STORED["items"]["P5P7"]["item1"]
    before, low, high, after = (percent(item[key], 1) for key in ("pos_pre", "pos_pre_lo", "pos_pre_hi", "pos_post"))
    change = decimal(100 * item["pos_change"], 0, plus=True)

    assert f"Question 1 of P5P7 {before} ({low} to {high}) positive before, {after} (" in drawn["dumbbell"]["desc"]
    assert any(words.startswith(f"{change} (") for words in words_in(drawn["dumbbell"]["wide"]))
    axis = [words for words in words_in(drawn["dumbbell"]["wide"]) if re.fullmatch(r"\d+%", words)]
    assert axis == ["0%", "25%", "50%", "75%", "100%"]  # no axis is cut


def test_dumbbell_says_on_its_slide_how_its_intervals_are_made():
    base = dumbbell.build("P5P7", reading.items_of(STORED, "P5P7")).base

    assert re.fullmatch(
        r"n = \d+( to \d+)? pupils for each question\. 95% intervals from a bootstrap of schools\.", base
    )


def test_dumbbell_marks_what_is_hidden_and_says_that_few_schools_have_no_interval(drawn):
    results = suppress(evaluate(make_programme(8, 60), PLAN), PLAN.rules)
    few = dumbbell.build("P5P7", reading.items_of(results, "P5P7"))

    assert "Measuring things [c] positive before, [c] after." in drawn["hidden"]["desc"]
    assert words_in(drawn["hidden"]["wide"]).count("[c]") == 3
    assert "No interval is given with fewer than ten schools." in few.desc


def test_dumbbell_of_confidence_shows_the_linked_people_of_each_discipline(drawn):
    rows = reading.confidence_rows(confidence([2] * 12 + [4] * 12, [4] * 18 + [2] * 6), "mentor")

    assert [row["name"] for row in rows] == ["Science", "Technology", "Engineering", "Mathematics"]
    assert {row["base"] for row in rows} == {"n = 24, linked"}
    assert {(row["before"]["est"], row["after"]["est"]) for row in rows} == {(0.5, 0.75)}
    assert "Science 30% (" in drawn["confidence"]["desc"]


def test_dumbbell_of_unlinked_people_shows_all_answers():
    data = adult_data(mentors([2] * 12 + [4] * 12, [4] * 18 + [2] * 6, linked=False))
    read = adults.read(data, PLAN.rules)

    row = reading.confidence_rows(read, "mentor")[0]

    assert row["base"] == "n = 24 before, 24 after"
    assert (row["before"]["est"], row["after"]["est"]) == (0.5, 0.75)
    science = {"mentor": {"science": read["confidence"]["mentor"]["science"]}}
    assert captions.confidence({"groups": read["groups"], "confidence": science}, "mentor") == (
        "The drawing shows all who answered each time: n = 24 before, n = 24 after. Nobody’s two answers could be linked, so these "
        "are two sets of people."
    )


def test_dumbbell_of_confidence_tells_a_bound_where_the_page_tells_it():
    read = adults.read(adult_data(mentors([2] * 12 + [4] * 12, [4] * 18 + [2] * 6, linked=False)), PLAN.rules)
    read["confidence"]["mentor"]["science"] |= {"pos_post": None, "pos_post_over": 0.9, "why": "hidden"}

    chart = dumbbell.build_confidence(read, "mentor")

    assert "Science 50%" in chart.desc
    assert " positive before, over 90% after." in chart.desc
    assert all("over 90%" in words_in(rendered("confidence", chart)[size]) for size in ("wide", "phone"))


def test_caption_of_confidence_says_who_is_drawn_where_only_some_are_linked():
    read = confidence([2] * 12 + [4] * 12, [4] * 18 + [2] * 6)
    table = read["confidence"]["mentor"]["mathematics"]
    table |= {key: None for key in table if key.endswith("_pair")}

    assert captions.confidence(read, "mentor") == (
        "The drawing shows the people who answered both times on science, technology and engineering: n = 24. "
        "On mathematics it shows all who answered each time: n = 24 before, n = 24 after."
    )


def test_caterpillar_explains_both_of_its_lines_on_a_phone(drawn):
    for size in ("wide", "phone"):
        assert {"95% interval leaves it out", "95% interval takes it in"} <= set(words_in(drawn["caterpillar"][size]))


def test_caterpillar_names_no_school_and_gives_no_size(drawn):
    rows = reading.school_rows(STORED)

    assert len(rows) == sum(school["n"] >= 10 for school in COMPLETE["school_means"]["schools"]) > 20
    assert {key for row in rows for key in row} == {"est", "lo", "hi"}
    assert all(abs(20 * row[key] - round(20 * row[key])) < 1e-9 for row in rows for key in row)
    assert "The order of the schools is not reliable" in drawn["caterpillar"]["desc"]
    assert "The order is not reliable." in words_in(drawn["caterpillar"]["wide"])


def test_caterpillar_counts_the_schools_whose_interval_leaves_the_average_out():
    rows = [{"est": est, "lo": est - 0.1, "hi": est + 0.1} for est in (-0.3, -0.05, 0.0, 0.05, 0.3)]

    assert reading.school_places(rows, 0.0) == {"below": 1, "around": 3, "above": 1}


@pytest.mark.parametrize("means", [None, {"schools": None, "why": "hidden"}, {"schools": [], "mean": 0.1}])
def test_caterpillar_that_may_not_be_shown_is_a_sentence(means):
    chart = caterpillar.build({"school_means": means})

    assert chart.wide is None
    assert chart.instead.startswith("Schools are not drawn here")


def test_trend_breaks_its_line_where_the_method_changed_and_where_a_figure_is_hidden(drawn):
    desc, svg = drawn["trend"]["desc"], drawn["trend"]["wide"]

    assert "Declined, Cohort 2021 (2021/22): [c]." in desc
    assert desc.count("The analysis has another version.") == 6  # there and back, for each of three series
    assert svg.count("stroke-dasharray") == 3  # two changes and the key
    assert words_in(svg).count("[c]") == 1


def test_trend_of_outcomes_has_the_colours_of_the_bars_of_outcomes(drawn):
    for colour in (DECLINED, HELD, IMPROVED):
        assert f'fill="{colour}"' in drawn["trend"]["wide"]
        assert f'fill="{colour}"' not in drawn["trend-question"]["wide"]


def test_trend_of_one_method_joins_every_point_and_draws_no_break():
    straight = rendered("straight", trend.build(trends(cohorts(STORED, STORED, STORED)), OUTCOMES, "Outcomes"))

    assert "stroke-dasharray" not in straight["wide"]
    assert "another version" not in straight["desc"]


def test_trend_rows_are_the_points_in_the_order_of_the_years():
    found = trends(cohorts(STORED, with_hidden_outcomes(), with_another_method()))

    rows = trend_rows(found, ["declined"])

    everybody = STORED["change_groups"]["all"]
    assert [(row["cohort"], row["period"], row["n"]) for row in rows] == [
        (f"Cohort {year}", f"{year}/{year - 1999}", everybody["n"]) for year in (2020, 2021, 2022)
    ]
    assert rows[0]["words"].startswith(f"{percent(everybody['declined'], everybody['n'])} (")
    assert (rows[1]["words"], rows[1]["mark"]) == ("", "[c]")
    assert rows[2]["breaks"] == ["The analysis has another version."]


def test_trend_without_a_figure_is_a_sentence():
    assert trend.build(trends([]), OUTCOMES, "Outcomes").instead.startswith("There is no figure")


def test_trend_refuses_series_of_two_units():
    with pytest.raises(ValueError, match="of one unit"):
        trend.build(trends(cohorts(STORED)), ["declined", "P5P7.change"], "Mixed")
