import io

import openpyxl
import pytest

from reports.charts import render_all
from reports.documents.workbook import report_workbook, sheet_name
from reports.presentation import present, tables
from tests.reports.sample_results import sample, sample_at, sample_hidden_by_group


def opened(results):
    return openpyxl.load_workbook(io.BytesIO(report_workbook(results)))


def rows_of(sheet, first=4):
    return [list(row) for row in sheet.iter_rows(min_row=first, values_only=True)]


@pytest.fixture(scope="module")
def book():
    return opened(sample())


def test_workbook_has_a_sheet_for_every_table_of_the_report(book):
    expected = tables(present(sample(), {}))

    assert book.sheetnames == ["About", *[sheet_name(table) for table in expected]]
    assert [book[sheet_name(table)]["A1"].value for table in expected] == [
        f"{table['label']}. {table['caption']}" for table in expected
    ]


def test_workbook_begins_with_the_finding_its_level_and_where_it_comes_from(book):
    about = {name: value for name, value in book["About"].iter_rows(max_col=2, values_only=True) if name}

    assert about["Evidence level"] == "L3 Suggestive"
    assert about["Finding"] == sample()["ladder"]["sentence"]
    assert about["Data, SHA-256"] == sample()["provenance"]["data_hash"]
    assert about["Analysis"] == "version 1.2.0, seed 20150801"
    assert any(
        str(value).startswith("[c] stands for") for _, value in book["About"].iter_rows(max_col=2, values_only=True)
    )


def test_workbook_numbers_stay_numbers(book):
    sheet = next(sheet for sheet in book if sheet["A1"].value.endswith("Declined, held and improved by rating group"))

    assert rows_of(sheet)[:2] == [
        ["Group", "Declined", "Declined, share", "Held", "Held, share", "Improved", "Improved, share", "Net, pp", "Pupils",
         "Schools"],
        ["Higher-rated", 242, 0.3645, 115, 0.1732, 307, 0.4623, pytest.approx(9.789, abs=0.001), 664, 24],
    ]  # fmt: skip
    assert sheet["C5"].number_format == "0%"


def test_workbook_splits_an_interval_into_its_two_ends(book):
    sheet = next(sheet for sheet in book if sheet["A1"].value.endswith("The comparison and its interval"))

    difference = next(row for row in rows_of(sheet) if row[0] == "Difference, percentage points")

    assert difference == ["Difference, percentage points", -7.9, pytest.approx(-13.4), -2.4, 0.006, 38.2]


def test_workbook_hidden_cells_are_marks(book):
    sheet = next(sheet for sheet in book if sheet["A1"].value.endswith("Answers before and after, P2–P4"))

    assert rows_of(sheet)[-1] == ["Measuring things", "after", "[c]", "[c]", "[c]", "[c]", "[c]"]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0"]
)
def test_workbook_text_never_becomes_a_formula(text):
    results = sample()
    results["items"]["P5P7"]["att1"]["text"] = text
    results["scope"]["place"] = text

    cells = [cell for sheet in opened(results) for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(text.strip() in str(cell.value) for cell in cells)


@pytest.mark.parametrize("odd", ["a\x0bb\x00", "\ud800", "\ufffe", "😀"])
def test_workbook_is_made_whatever_letters_the_words_hold(odd):
    results = sample()
    results["items"]["P2P4"]["face1"]["text"] = results["scope"]["place"] = f"Science {odd} school"

    assert opened(results).sheetnames[0] == "About"


def test_workbook_keeps_its_heads_in_sight(book):
    assert {sheet.freeze_panes for sheet in book if sheet.title != "About"} == {"B5"}


def test_workbook_is_the_same_to_the_last_byte():
    assert report_workbook(sample()) == report_workbook(sample())


@pytest.mark.parametrize("results", [sample_at("L0"), sample_at("L1"), sample_hidden_by_group(), {}])
def test_workbook_never_holds_what_is_not_a_number(results):
    values = [value for sheet in opened(results) for row in sheet.iter_rows(values_only=True) for value in row]

    assert not {str(value) for value in values} & {"nan", "inf", "-inf", "NaN"}


def test_workbook_shows_nothing_by_rating_group_where_a_headteacher_could_be_recognised():
    results = sample_hidden_by_group()
    results["change_groups"] |= {"high": {"n": 31337, "schools": 2, "declined": 31337, "held": 0, "improved": 0}}
    results["specifications"] = sample()["specifications"]

    values = [str(value) for sheet in opened(results) for row in sheet.iter_rows(values_only=True) for value in row]

    assert not [value for value in values if "31337" in value or "13.4" in value]


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("The comparison and its interval", "Table 1 The comparison"),
        ("Average change by stage", "Table 1 Average change by stage"),
        ("Shares of pupils, the schools and the clusters", "Table 1 Shares of pupils"),
    ],
)
def test_sheet_is_not_named_by_half_a_phrase(caption, name):
    assert sheet_name({"label": "Table 1", "caption": caption}) == name


def test_only_sheets_that_hide_something_explain_the_mark():
    book = opened(sample())

    for sheet in book.worksheets[1:]:
        cells = [cell.value for row in sheet.iter_rows(min_row=4) for cell in row]
        if "[c]" not in cells:
            assert "[c]" not in (sheet["A2"].value or "")


def test_sheet_of_a_chart_says_what_its_caption_says_on_the_page(book):
    presented = present(sample(), render_all(sample()))
    figures = [
        block
        for section in presented["sections"]
        for block in section["blocks"]
        if block["kind"] == "figure" and block["table"] and not block["instead"]
    ]

    assert len(figures) > 10
    for figure in figures:
        sheet = book[sheet_name(figure["table"])]
        assert figure["caption"]
        assert sheet["A2"].value.startswith(figure["caption"])
        assert sheet["A2"].alignment.wrap_text


def test_sheet_of_change_counts_those_whose_outcomes_are_hidden_as_its_table_does():
    results = sample_hidden_by_group()
    results["change_groups"]["all"] |= {"n": 40, "declined": None, "held": None, "improved": None, "why": "hidden"}

    sheet = next(sheet for sheet in opened(results) if sheet["A1"].value.endswith("Declined, held and improved"))

    assert sheet["A2"].value.startswith("All matched pupils, n = 40. ")
    assert 40 in rows_of(sheet)[1]


def test_every_sheet_prints_as_wide_as_its_paper(book):
    for sheet in book.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_row_with_long_words_is_as_high_as_they_need(book):
    about = book["About"]
    finding = next(row for row in range(1, about.max_row + 1) if about.cell(row, 1).value == "Finding")

    assert about.row_dimensions[finding].height == 15 * -(-len(about.cell(finding, 2).value) // 96)
    assert about.row_dimensions[finding].height > 15
    assert about.row_dimensions[1].height is None


def test_small_p_is_never_shown_as_zero():
    results = sample()
    first, second, third = results["specifications"][:3]
    first["p"], second["p"], third["p"] = 4e-8, 0.0, 0.9999
    results["item_models"]["P5P7"]["att1"] |= {"p": 2e-7, "q": 3e-6}
    book = opened(results)

    ways = next(sheet for sheet in book if sheet["A1"].value.endswith("made in several ways"))
    questions = next(sheet for sheet in book if "Each question by rating group, P5–P7" in sheet["A1"].value)

    form = '[<0.001]"<0.001";[>0.999]">0.999";0.000'
    assert [ways.cell(row, 6).value for row in (5, 6, 7)] == [4e-8, "<0.001", 0.9999]
    assert [questions.cell(5, place).value for place in (5, 6)] == [2e-7, 3e-6]
    small = [ways["F5"], ways["F7"], questions["E5"], questions["F5"]]
    assert {cell.number_format for cell in small} == {form}


def test_every_p_and_q_has_the_format_in_which_it_is_printed(book):
    cells = [
        sheet.cell(row, head.column)
        for sheet in book.worksheets[1:]
        for head in sheet[4]
        if head.value in ("p", "q")
        for row in range(5, sheet.max_row + 1)
    ]

    numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
    assert len(numbers) > 20
    assert {cell.number_format for cell in numbers} == {'[<0.001]"<0.001";[>0.999]">0.999";0.000'}


def test_share_and_number_of_one_cell_keep_their_own_formats():
    """What was ticked is read as a share, and stands in the spreadsheet as share and number of people."""
    options = [
        {"code": "a", "label": "Time", "share": 0.25, "count": 23},
        {"code": "b", "label": "Kits", "share": 0.997, "count": 91},
    ]
    ticks = {"asked": True, "n": 92, "options": options}
    groups = {"teacher": {"sheets_pre": 0, "sheets_post": 92, "schools": 9, "linked": 0, "basis": "once", "note": ""}}
    question = {"text": "What got in the way?", "groups": {"teacher": {"post": ticks}}}
    adults = {"groups": groups, "confidence": {}, "agreement": [], "choices": [question]}

    sheet = next(sheet for sheet in opened(sample() | {"adults": adults}) if "What got in the way" in sheet.title)

    cells = [[(cell.value, cell.number_format) for cell in row[1:]] for row in sheet.iter_rows(min_row=5)]
    assert cells == [[(0.25, "0%"), (23, "#,##0")], [(0.997, "0.0%"), (91, "#,##0")]]
