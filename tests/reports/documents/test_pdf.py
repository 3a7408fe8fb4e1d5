import io

import pikepdf
import pytest

from reports.charts import render_all
from reports.documents.pdf import report_pdf
from reports.presentation import present
from tests.reports.documents.printed import elements, tagged
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group

NASTY = '=1+1 #import "/etc/passwd" $x^2$ *bold* <label> @ref // \\ [c] <script>'


@pytest.fixture(scope="module")
def charts():
    return render_all(sample())


@pytest.fixture(scope="module")
def document(charts):
    return pikepdf.open(io.BytesIO(report_pdf(sample(), charts)))


def test_pdf_is_tagged_and_says_its_language_and_title(document):
    assert bool(document.Root.MarkInfo.Marked)
    assert str(document.Root.Lang) == "en-GB"
    assert str(document.docinfo["/Title"]).startswith("Pupils’ attitudes to science and headteachers’ ratings")
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


def test_pdf_gives_every_figure_the_description_of_its_chart(document, charts):
    described = [str(element.Alt) for element in tagged(document, "/Figure") if "/Alt" in element]

    assert described == [f"{chart['title']}. {chart['desc']}" for chart in charts.values()]


def test_pdf_carries_the_same_headings_as_the_page(document):
    presented = present(sample(), {})
    first = document.Root.Outlines.First
    found = []
    while first is not None:
        found.append(str(first.Title))
        first = first.get("/Next")

    assert found == ["Key finding"] + [section["heading"] for section in presented["sections"]]


def test_pdf_tables_are_tables_with_heads(document):
    assert len(tagged(document, "/Table")) >= 16
    assert len(tagged(document, "/TH")) >= 60
    assert len(tagged(document, "/H1")) == 18


def test_pdf_has_a_readable_number_of_pages_and_no_script_or_file_inside(document):
    assert 10 <= len(document.pages) <= 30
    assert "/JavaScript" not in document.Root.get("/Names", {})
    assert "/EmbeddedFiles" not in document.Root.get("/Names", {})
    assert "/AA" not in document.Root


def test_pdf_is_the_same_to_the_last_byte(charts):
    assert report_pdf(sample(), charts) == report_pdf(sample(), charts)


def test_pdf_made_twice_in_a_day_is_the_same(charts):
    morning, evening = sample(), sample()
    morning["provenance"]["generated_at"] = "2026-06-30T08:15:00+01:00"
    evening["provenance"]["generated_at"] = "2026-06-30T17:40:00+01:00"

    assert report_pdf(morning, charts) == report_pdf(evening, charts)


def test_pdf_is_dated_by_its_results(document):
    assert str(document.docinfo["/CreationDate"]).startswith("D:20261116000000")


def test_pdf_takes_words_that_look_like_markup_as_words():
    results = sample()
    results["items"]["P5P7"]["att1"]["text"] = NASTY
    results["ladder"]["sentence"] = NASTY

    document = pikepdf.open(io.BytesIO(report_pdf(results, render_all(results))))

    assert any(NASTY in str(element.Alt) for element in tagged(document, "/Figure") if "/Alt" in element)


@pytest.mark.parametrize("odd", ["a → b ≥ c", "Łódź", "Gàidhlig", "😀", "漢字", "a\x0bb\x00", "\ud800", "\ufffe"])
def test_pdf_is_made_whatever_letters_the_words_hold(odd):
    results = sample()
    results["items"]["P2P4"]["face1"]["text"] = results["ladder"]["sentence"] = f"Science {odd} school"

    assert report_pdf(results, {}).startswith(b"%PDF-")


@pytest.mark.parametrize("results", [sample_at("L0"), sample_at("L1"), sample_hidden_by_group(), {}])
def test_pdf_is_made_of_results_of_any_kind(results):
    assert report_pdf(results, {}).startswith(b"%PDF-")


def test_pdf_keeps_the_last_rows_of_a_longer_table_together(document):
    together = [len([row for row in elements(foot) if str(row.S) == "/TR"]) for foot in tagged(document, "/TFoot")]

    assert together
    assert set(together) <= {4, 5}  # with the note or without
