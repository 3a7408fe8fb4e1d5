"""Copies of two versions of a report can be told apart, whatever kind of file they are."""

import io
import zipfile

import openpyxl
import pikepdf
import pytest
from docx import Document

from reports.documents.pdf import report_pdf
from reports.documents.sheets import picture_pdf, sheet_pdf
from reports.documents.word import report_document
from reports.documents.workbook import report_workbook
from reports.exports import chart_pack
from reports.presentation import present
from reports.presentation.picture import present_picture
from reports.presentation.sheet import present_sheet
from reports.reading import INVENTED
from tests.reports.sample_results import sample
from tests.reports.sample_sheets import results as sheet_results
from tests.reports.sample_sheets import shared as sheet_shared

DATA = sample()["provenance"]["data_hash"][:8]


def test_pdf_says_which_report_and_version_it_is():
    document = pikepdf.open(io.BytesIO(report_pdf(sample(), {}, 7, 12)))

    assert f"Report 12, version 7, data {DATA}" in str(document.docinfo["/Keywords"])


def test_spreadsheet_says_which_version_it_is():
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(sample(), 7)))

    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert about["Version"] == "7. Whether it is a draft, published or withdrawn stands on its page."


def test_charts_say_which_version_they_are_of():
    pack = zipfile.ZipFile(io.BytesIO(chart_pack(sample(), {}, {}, {}, 7)))

    assert f"Version 7, data {DATA}" in pack.read("descriptions.txt").decode()


@pytest.mark.parametrize("version", [None, 1])
def test_edition_never_says_whether_a_report_is_published(version):
    presented = present(sample(), {}, version)

    assert presented["edition"] == (f"Version 1, data {DATA}" if version else f"Data {DATA}")
    assert ("Version" in [pair["name"] for pair in presented["provenance"]]) == bool(version)


def of_demonstration():
    results = sample()
    results["scope"]["demonstration"] = True
    return results


def keywords(pdf):
    document = pikepdf.open(io.BytesIO(pdf))
    return str(document.docinfo.get("/Keywords", ""))


def word_headers(results):
    document = Document(io.BytesIO(report_document(results, {}, {})))
    return [line.text for part in document.sections for line in part.header.paragraphs]


def first_words(results):
    book = openpyxl.load_workbook(io.BytesIO(report_workbook(results)))
    return book["About"]["B1"].value, {sheet.oddHeader.center.text for sheet in book.worksheets}


def descriptions(results):
    return zipfile.ZipFile(io.BytesIO(chart_pack(results, {}, {}, {}))).read("descriptions.txt").decode()


def test_every_file_of_a_demonstration_says_that_its_data_are_invented():
    results = of_demonstration()

    assert INVENTED in keywords(report_pdf(results, {}))
    assert word_headers(results) == [INVENTED]
    assert first_words(results) == (INVENTED, {INVENTED})
    assert descriptions(results).startswith(INVENTED)


def test_no_file_of_real_data_says_that_they_are_invented():
    results = sample()

    assert INVENTED not in keywords(report_pdf(results, {}))
    assert word_headers(results) == [""]
    assert first_words(results) == (present(results, {})["title"], {None})
    assert INVENTED not in descriptions(results)


@pytest.mark.parametrize("mark", [INVENTED, ""])
def test_school_sheets_say_that_their_data_are_invented_where_they_are(mark):
    given, common = sheet_results(), sheet_shared() | {"invented": mark}

    assert (INVENTED in keywords(sheet_pdf(present_sheet(given, common), common))) == bool(mark)
    assert (INVENTED in keywords(picture_pdf(present_picture(given, common), common))) == bool(mark)
