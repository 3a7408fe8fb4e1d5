"""Copies of two versions of a report can be told apart, whatever kind of file they are."""

import io
import zipfile

import openpyxl
import pikepdf
import pytest

from reports.documents.pdf import report_pdf
from reports.documents.workbook import report_workbook
from reports.exports import chart_pack
from reports.presentation import present
from tests.reports.sample_results import sample

DATA = sample()["provenance"]["data_hash"][:8]


def test_pdf_says_which_version_it_is():
    document = pikepdf.open(io.BytesIO(report_pdf(sample(), {}, 7)))

    assert f"Version 7, data {DATA}" in str(document.docinfo["/Keywords"])


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
