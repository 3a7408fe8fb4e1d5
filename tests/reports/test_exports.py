import re

import html5lib
import pytest

from reports.charts import render_all
from reports.exports import chart_files, report_html
from reports.presentation import present, tables
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group

NASTY = '"><img src=x onerror=alert(1)>'


@pytest.fixture(scope="module")
def page():
    return report_html(sample(), render_all(sample())).decode()


def body_of(page):
    return re.sub(r"<style>.*?</style>", "", page, flags=re.S)


def test_file_is_well_formed(page):
    parser = html5lib.HTMLParser(strict=True)

    assert parser.parse(page) is not None


def test_file_needs_nothing_beside_it(page):
    links = re.findall(r'(?:src|href)="([^"#][^"]*)"|url\((?!data:)([^)"\']+)\)', body_of(page))

    assert [link for pair in links for link in pair if link and link != "data:,"] == []
    assert "font/woff2;base64," in page
    assert "@import" not in page


def test_body_may_stand_under_a_strict_policy(page):
    body = body_of(page)

    assert " style=" not in body
    assert "<script" not in body
    assert not re.search(r"\son\w+=", body)


def test_file_carries_every_heading_figure_and_table(page):
    presented = present(sample(), {})

    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", page)[1:] == [section["heading"] for section in presented["sections"]]
    figures = [
        block["label"] for each in presented["sections"] for block in each["blocks"] if block["kind"] == "figure"
    ]
    assert re.findall(r"<figcaption><b>(Figure \d+)", page) == figures
    assert page.count('role="region"') == page.count("<table") == len(tables(presented))


def test_links_inside_the_report_lead_somewhere(page):
    anchors = set(re.findall(r'\sid="([^"]+)"', page))

    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_no_two_things_share_an_id(page):
    ids = re.findall(r'\sid="([^"]+)"', page)

    assert len(ids) == len(set(ids))


def test_words_that_look_like_markup_are_words():
    results = sample()
    results["scope"]["place"] = results["ladder"]["sentence"] = NASTY
    results["items"]["P5P7"]["att1"]["text"] = results["checks"][0]["detail"] = NASTY

    page = report_html(results, render_all(results)).decode()

    assert "<img" not in page


@pytest.mark.parametrize("results", [sample_at("L0"), sample_at("L1"), sample_hidden_by_group(), {}])
def test_file_is_made_of_results_of_any_kind(results):
    page = body_of(report_html(results, {}).decode())

    assert not re.search(r">[^<]*\b(None|nan|inf)\b[^<]*<", page)


def test_chart_files_are_drawings_of_their_own():
    results = {"flow": sample()["flow"], "sample": sample()["sample"]}

    files = chart_files(results, render_all(results))

    assert sorted(files) == ["fig-01-flow-phone.svg", "fig-01-flow.svg"]
    assert all('xmlns="http://www.w3.org/2000/svg"' in svg and "font-family=" in svg for svg in files.values())
