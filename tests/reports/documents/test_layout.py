"""Where things stand on paper: a chart with its table, a heading with what it is over, one family of letters."""

import itertools
from datetime import date

import pytest

from reports import exports
from reports.charts import render_all
from reports.documents.papers import key_findings_pdf, pack_pdf
from reports.documents.pdf import report_pdf
from reports.documents.sheets import picture_pdf, sheet_pdf
from reports.presentation.picture import present_picture
from reports.presentation.sheet import present_sheet
from reports.reading import INVENTED
from tests.reports.documents.printed import elements, families, opened, pages_of, said_of, tagged, words_on
from tests.reports.sample_results import sample
from tests.reports.sample_sheets import results as sheet_results
from tests.reports.sample_sheets import shared as sheet_shared
from tests.reports.test_papers import findings, pack

DAY = date(2026, 11, 22)
SHORT_TABLE = 10  # rows


@pytest.fixture(scope="module")
def report():
    return opened(report_pdf(sample(), render_all(sample())))


@pytest.fixture(scope="module")
def long_report():
    """A report on so many schools that the table of their changes takes more than a page."""
    results = sample()
    row = results["school_means"]["schools"][0]
    results["school_means"]["schools"] = [row | {"est": row["est"] + place / 1000} for place in range(120)]
    return opened(report_pdf(results, render_all(results)))


@pytest.fixture(scope="module")
def printed_pack():
    return opened(pack_pdf(pack(sample(), render_all(sample())), DAY))


@pytest.mark.parametrize("name", ["report", "printed_pack", "long_report"])
def test_chart_stands_right_above_its_table(name, request):
    document = request.getfixturevalue(name)
    found = [each for each in elements(document.Root.StructTreeRoot) if str(each.S) in ("/Figure", "/Table")]

    drawn = [(one, other) for one, other in itertools.pairwise(found) if str(one.S) == "/Figure"]
    assert len(drawn) == len(tagged(document, "/Figure"))
    for figure, table in drawn:
        assert str(table.S) == "/Table"
        assert pages_of(document, figure)[0] == pages_of(document, table)[0]


@pytest.mark.parametrize("name", ["report", "printed_pack", "long_report"])
def test_heading_stands_on_the_page_of_what_follows(name, request):
    document = request.getfixturevalue(name)
    names = ("/H1", "/H2", "/P", "/L", "/Figure", "/Table", "/TOC")
    found = [each for each in elements(document.Root.StructTreeRoot) if str(each.S) in names]

    alone = [pages_of(document, one) for one, other in itertools.pairwise(found)
             if str(one.S) in ("/H1", "/H2") and pages_of(document, one)[-1] != pages_of(document, other)[0]]  # fmt: skip
    assert alone == []


@pytest.mark.parametrize("name", ["report", "printed_pack"])
def test_short_table_is_never_broken(name, request):
    document = request.getfixturevalue(name)
    short = [table for table in tagged(document, "/Table") if _rows(table) <= SHORT_TABLE + 1]

    assert short
    assert all(len(pages_of(document, table)) == 1 for table in short)


def _rows(table):
    return len([each for each in elements(table) if str(each.S) == "/TR"])


def test_table_that_goes_on_over_a_page_says_there_what_it_is(long_report):
    name = "asatable.Schools’averagechange."
    pages = [words_on(page) for page in long_report.pages if name in words_on(page)]

    assert len(pages) >= 2
    assert [f"{name}(continued)" in words for words in pages] == [False] + [True] * (len(pages) - 1)


def test_name_of_a_table_that_goes_on_is_one_of_its_heads(long_report):
    table = max(tagged(long_report, "/Table"), key=_rows)

    heads = [each for each in elements(table) if str(each.S) == "/TH"]
    assert int(said_of(heads[0])["/ColSpan"]) == len(heads) - 1


@pytest.mark.parametrize("name", ["report", "printed_pack", "long_report"])
def test_every_head_says_of_what_it_is_the_head(name, request):
    heads = tagged(request.getfixturevalue(name), "/TH")

    assert heads
    assert {str(said_of(head).get("/Scope")) for head in heads} == {"/Column"}


@pytest.mark.parametrize("kind", ["report", "pack", "key findings", "sheet", "picture", "slides"])
def test_only_one_family_of_letters_is_used_the_mark_of_a_demonstration_among_them(kind):
    results = sample()
    results["scope"]["demonstration"] = True
    common = sheet_shared() | {"invented": INVENTED}
    make = {
        "report": lambda: report_pdf(results, render_all(results)),
        "pack": lambda: pack_pdf(pack(results, render_all(results)), DAY, INVENTED),
        "key findings": lambda: key_findings_pdf(findings(), DAY, INVENTED),
        "sheet": lambda: sheet_pdf(present_sheet(sheet_results(), common), common),
        "picture": lambda: picture_pdf(present_picture(sheet_results(), common), common),
        "slides": lambda: exports.slides(results),
    }[kind]

    document = opened(make())

    assert INVENTED.replace(" ", "") in "".join(words_on(page) for page in document.pages)
    assert families(document) == {"AtkinsonHyperlegibleNext"}
