"""A folder of evaluation files: what is read though it is untidy, and what is refused with one sentence that says where."""

import csv

import openpyxl
import pytest

from reports.analysis.pipeline import rejected
from reports.analysis.schema import InvalidData, Plan, validate
from reports.files import MOST_COLUMNS, read_folder
from tests.reports.programmes import as_strings, make_programme

PUPILS = "school_id,cluster,la,simd_quintile,stage,pupil_code,wave,item1,item2\n"
SHEETS = ("S1,C,A,1,P5,a,pre,4,4\n", "S1,C,A,1,P5,a,post,4,9\n", "S2,C,A,1,P6,b,pre,4,4\n")
FILES = {
    "pupils.csv": PUPILS + "".join(SHEETS),
    "ht.csv": "school_id,ht1,ht2,ht3\nS1,4,5,4\nS2,1,8,3\n",
    "codebook.csv": "stage_group,item,points,reverse\nP5P7,item1,5,0\nP5P7,item2,5,0\n",
}
LONG = "A" * 40_000


@pytest.fixture
def folder(tmp_path):
    """Writes a folder of the files above, some of them others; gives its path."""

    def write(**others):
        for name, text in (FILES | {f"{name}.csv": text for name, text in others.items()}).items():
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


def refusal(path):
    """The sentence with which a folder is refused."""
    with pytest.raises(InvalidData) as refused:
        validate(read_folder(path))
    assert "\n" not in str(refused.value)
    return str(refused.value)


def cells_of(frame):
    return [list(frame.columns), *frame.astype(str).to_numpy().tolist()]


@pytest.mark.parametrize("row", [2, 3])
@pytest.mark.parametrize("also", [False, True])
def test_row_with_more_cells_than_the_header_is_refused(folder, row, also):
    rows = ["school_id,ht1", "S1,4", "S2,5", "S3,5"]
    rows[row - 1] += ",5"
    if also:  # also the rows after it, as where the header has lost a name
        rows[row:] = [f"{each},5" for each in rows[row:]]

    said = refusal(folder(ht="\n".join(rows)))

    assert said == f"ht.csv, row {row}: 3 cells, but the header names 2 columns."


def test_header_that_has_lost_a_name_is_refused(folder):
    assert refusal(folder(ht=FILES["ht.csv"].replace(",ht2", ""))).startswith("ht.csv, row 2: 4 cells")
    assert refusal(folder(ht=FILES["ht.csv"].replace("ht2", ""))) == "ht.csv, row 2: a cell stands under no heading."


def test_row_with_one_blank_cell_too_many_is_refused(folder):
    assert refusal(folder(ht="school_id,ht1\nS1,4,\nS2,5,\n")).startswith("ht.csv, row 2: 3 cells")


def test_too_many_cells_are_found_anywhere_in_a_file_that_is_read_in_pieces(folder):
    names = [f"c{number}" for number in range(20)]
    rows = [",".join(names), *[",".join("1" * 20)] * 70_000]
    for row in (32_769, 32_770, 65_537, 65_538, 70_001):
        some = [*rows]
        some[row - 1] += ",1"

        assert refusal(folder(ht="\n".join(some))) == f"ht.csv, row {row}: 21 cells, but the header names 20 columns."


def test_cells_that_a_row_leaves_out_at_its_end_are_blank(folder):
    path = folder(ht="school_id,ht1,ht2,ht3\nS1\nS2,5,4\nS3,5,4,3\n")

    assert cells_of(read_folder(path).ht)[1:] == [["S1", "", "", ""], ["S2", "5", "4", ""], ["S3", "5", "4", "3"]]


def test_columns_without_name_and_content_are_left_out(folder):
    path = folder(ht="school_id,ht1,,\nS1,4,,\nS2,5,,\n")

    assert cells_of(read_folder(path).ht) == [["school_id", "ht1"], ["S1", "4"], ["S2", "5"]]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_line_ends_of_every_kind_give_the_same_tables(folder, end, separator):
    expected = read_folder(folder())
    tables = {name: [cells_of(frame)] for name, frame in (("pupils", expected.pupils), ("ht", expected.ht))}

    path = folder(
        **{name.split(".")[0]: text.replace(",", separator).replace("\n", end) for name, text in FILES.items()}
    )

    read = read_folder(path)
    assert tables == {"pupils": [cells_of(read.pupils)], "ht": [cells_of(read.ht)]}


def test_heading_that_holds_a_line_break_is_one_heading(folder):
    assert list(read_folder(folder(ht='"school_id","ht1","a\nnote"\nS1,4,x\n')).ht.columns) == ["school_id", "ht1", "a\nnote"]  # fmt: skip


def test_row_that_is_not_utf8_is_named_whatever_the_line_ends(folder):
    for end in (b"\r", b"\n", b"\r\n"):
        text = b"school_id,ht1" + end + b"S1,4" + end + b"\xe9,4" + end

        assert refusal(folder(ht=text)).startswith("ht.csv, row 3: not UTF-8 text.")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A" * 140_000 + ",ht1\nS1,4\n", "row 1"),
        ("school_id,ht1\n" + "A" * 140_000 + ",4\n", "row 2"),
        ("school_id,ht1\nS1,4\n" + "A" * 140_000 + ",4\nS1,4,4\n", "row 3"),
        ('school_id,"ht1\n' + "S1,4\n" * 40_000, "row 1"),
    ],
    ids=["name", "first row", "below a row that is too wide", "quotation mark"],
)
def test_cell_that_is_too_long_is_refused_in_a_sentence(folder, text, place):
    said = refusal(folder(ht=text))

    assert said.startswith(f"ht.csv, {place}: ")
    assert len(said) < 200


def test_more_columns_than_any_questionnaire_has_are_refused(folder):
    names = ",".join(f"c{number}" for number in range(100_000))

    said = refusal(folder(pupils=names + "\n" + "\n".join([",".join("1" * 100_000)] * 39)))

    assert said == f"pupils.csv names 100,000 columns; no more than {MOST_COLUMNS:,} are read."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pupils", PUPILS + f"S1,C,A,1,{LONG},a,pre,4,4\n"),
        ("pupils", PUPILS + f'S1,C,A,1,"P5\nP6{LONG}",a,pre,4,4\n'),
        ("ht", f"school_id,ht1\n{LONG},4\n{LONG},4\n"),
        ("ht", f"school_id,{LONG},{LONG}\nS1,4,4\n"),
        ("codebook", f"stage_group,item,points,reverse\nP5P7,{LONG},5,0\n"),
        ("codebook", f"stage_group,item,points,reverse\nP5P7,item1,{LONG},0\n"),
        ("codebook", f"stage_group,item,points,reverse\n{LONG},item1,5,0\n"),
        ("schools", f"school_id,cluster,la,simd_quintile\nS1,{LONG},A,1\n"),
        ("schools", f"school_id,cluster,la,simd_quintile,roll_band\nS1,C,A,1,{LONG}\n"),
    ],
    ids=["stage", "lines", "school", "heading", "item", "points", "group", "place", "fact"],
)
def test_refusal_quotes_no_more_than_the_beginning_of_a_long_cell(folder, name, text):
    said = refusal(folder(**{name: text}))

    assert "…" in said
    assert len(said) < 300


def test_blank_first_row_is_refused_and_an_empty_file_too(folder):
    assert refusal(folder(ht="\n\nschool_id,ht1\n")) == "ht.csv, row 1: this row is blank, and must name the columns."
    assert refusal(folder(ht=" \n\n")) == "ht.csv is empty: the first row must name the columns."


@pytest.mark.parametrize("blank", ["\n", "   \n", ",,,\n", '"",,\n', " , ,,\n"])
def test_blank_rows_are_left_out_and_counted(folder, blank):
    path = folder(ht="school_id,ht1,ht2,ht3\n" + blank + "S1,4,5,4\n" + blank * 2 + "S1,4,5,4\n" + blank * 3)

    assert len(read_folder(path).ht) == 2
    assert refusal(path) == "ht.csv, row 6, column school_id: school S1 has two rows."


def test_rows_below_blank_ones_are_listed_with_their_own_numbers(folder):
    first, second, third = SHEETS
    path = folder(
        pupils=PUPILS + "\n" + first + ",,,,,,,,\n\n" + second + third,
        ht="school_id,ht1,ht2,ht3\n\nS1,4,5,4\n\nS2,1,8,3\nS9,1,1,1\n",
    )

    found = rejected(read_folder(path), Plan())

    assert [(each["file"], each["row"], each["column"]) for each in found] == [
        ("pupils.csv", 6, "item2"),
        ("ht.csv", 6, "school_id"),
        ("ht.csv", 5, "ht2"),
    ]


def test_row_of_the_sheets_that_is_refused_is_numbered_with_the_blank_ones(folder):
    bad = SHEETS[2].replace("P6", "S1")

    assert refusal(folder(pupils=PUPILS + SHEETS[0] + "\n\n" + bad)).startswith("pupils.csv, row 5, column stage: “S1”")


def test_rejected_values_are_shortened(folder):
    path = folder(pupils=PUPILS + f'S1,C,A,1,P5,a,pre,{LONG},"4\n5"\n')

    values = [each["value"] for each in rejected(read_folder(path), Plan()) if each["file"] == "pupils.csv"]

    assert values == ["A" * 59 + "…", "4 5"]


def test_workbook_rows_are_numbered_and_measured_like_those_of_files(tmp_path):
    programme = make_programme(2, 5)
    book = openpyxl.Workbook()
    for name in ("pupils", "ht", "codebook"):
        sheet = book.create_sheet(name)
        frame = as_strings(getattr(programme, name))
        for row in [list(frame.columns), *frame.to_numpy().tolist()]:
            sheet.append(row)
    ht = book["ht"]
    ht.insert_rows(2, 2)
    ht.cell(7, 1, ht["A4"].value)
    book.save(tmp_path / "one.xlsx")

    assert refusal(tmp_path / "one.xlsx").startswith("ht.csv, row 7, column school_id: school ")

    ht.cell(5, ht.max_column + 1, "5")
    book.save(tmp_path / "one.xlsx")

    assert refusal(tmp_path / "one.xlsx") == "ht, row 5: a cell stands under no heading."


def test_csv_of_a_programme_is_read_as_it_was_written(folder, tmp_path):
    programme = make_programme(4, 10, messy=True)
    for name in ("pupils", "ht", "codebook"):
        as_strings(getattr(programme, name)).to_csv(tmp_path / f"{name}.csv", index=False, quoting=csv.QUOTE_ALL)

    read = read_folder(tmp_path)

    for name in ("pupils", "ht", "codebook"):
        assert cells_of(getattr(read, name)) == cells_of(as_strings(getattr(programme, name)))
