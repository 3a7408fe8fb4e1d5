"""Results of which disclosure control leaves little: every rendering prints the mark of what is hidden, and never how Python spells it."""

import html
import io
import re
import zipfile

import openpyxl
import pytest

from reports.analysis.adults import describe, read
from reports.analysis.disclosure import Rules, suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan
from reports.charts import render_all, render_slides
from reports.documents.word import report_document
from reports.documents.workbook import report_workbook
from reports.exports import report_html
from reports.numbers import HIDDEN, is_number
from reports.presentation import present, tables
from reports.presentation.blocks import counts_cell
from tests.reports.analysis.adult_answers import adult_data, mentors, only
from tests.reports.programmes import make_programme

SPELT = re.compile(r"\b(None|nan|NaN|inf|Infinity|null)\b")
CENSUS = Rules(rule="health_census", minimum_base=5)
CLUSTERS = {
    "three schools": ({"schools": 3, "pupils_per_school": 6, "seed": 3}, Rules()),
    "four schools with few pairs": ({"schools": 4, "pupils_per_school": 6, "lost": 0.6, "seed": 7}, Rules()),
    "a mess, by the Census's rule": ({"schools": 3, "pupils_per_school": 8, "lost": 0.5, "messy": True, "seed": 6}, CENSUS),
    "five schools, by the Census's rule": ({"schools": 5, "pupils_per_school": 4, "lost": 0.6, "seed": 8}, CENSUS),
    "nearly nothing": ({"schools": 12, "pupils_per_school": 12}, Rules(minimum_base=60)),
}  # fmt: skip


@pytest.fixture(scope="module", params=CLUSTERS, ids=list(CLUSTERS))
def results(request):
    shape, rules = CLUSTERS[request.param]
    found = suppress(evaluate(make_programme(**shape), Plan()), rules)
    # Twelve mentors before and a few after: the base of one time is hidden and that of the other shown.
    answered = adult_data([*mentors([4, 5, 3] * 4, [4, 5, 2] + [None] * 9), *only("teacher", "post", [4] * 11)])
    assert describe(answered, 1)["groups"]
    return found | {"adults": read(answered, rules)}


@pytest.fixture(scope="module")
def charts(results):
    return render_all(results)


def test_something_is_hidden_in_each_of_these_results(results):
    assert HIDDEN in [cell["text"] for table in tables(present(results, {})) for row in table["rows"] for cell in row]


def test_workbook_of_hidden_results_spells_nothing_as_python_does(results):
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(results)))

    words = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]

    assert [word for word in words if SPELT.search(str(word))] == []


def test_page_and_word_document_of_hidden_results_spell_nothing_as_python_does(results, charts):
    with zipfile.ZipFile(io.BytesIO(report_document(results, {}, {}))) as document:
        parts = [document.read("word/document.xml").decode(), report_html(results, charts).decode()]

    words = [re.sub(r"<[^>]+>", "\n", re.sub(r"<style>.*?</style>", "", part, flags=re.S)) for part in parts]

    assert [found for text in words for found in SPELT.findall(html.unescape(text))] == []


def test_charts_and_slides_of_hidden_results_spell_nothing_as_python_does(results, charts):
    drawn = [text for chart in charts.values() for text in chart.values() if isinstance(text, str)]
    slides = render_slides(results)

    assert [found for text in [*drawn, str(slides)] for found in SPELT.findall(re.sub(r'="[^"]*"', "", text))] == []


def test_every_cell_of_hidden_results_holds_numbers_or_words_in_all_its_columns(results, charts):
    presented = present(results, charts)
    cells = [cell for table in tables(presented) for row in table["rows"] for cell in row]

    assert [cell for cell in cells if not all(is_number(value) or type(value) is str for value in cell["values"])] == []
    assert SPELT.findall(" ".join(cell["text"] for cell in cells)) == []


def test_counts_of_which_one_is_hidden_say_so_beside_the_other():
    assert counts_cell([None, 1212])["text"] == "[c], 1,212"
    assert counts_cell([None, 1212])["values"] == [HIDDEN, 1212]
