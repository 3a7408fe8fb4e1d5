"""Tables as CSV: the bytes that pandas would write, piece by piece, and read back as they were."""

import io

import pandas as pd
import pytest

from reports.files import ROWS_AT_ONCE, csv_chunks, csv_content


@pytest.fixture
def table():
    cells = ["plain", "", "Portree, Skye", 'the "old" school', "two\nlines", " space ", "Gàidhlig", None]
    return pd.DataFrame({"cell": cells, "number": range(8), "share": [0.5, None, *range(6)]})


@pytest.mark.parametrize("dtype", ["str", "category", "object"])
def test_csv_is_what_pandas_writes(table, dtype):
    table["again"] = table["cell"].astype(dtype)

    assert csv_content(table) == table.to_csv(index=False, lineterminator="\n").encode()
    assert csv_content(table.iloc[:0]) == b"cell,number,share,again\n"


def test_csv_with_a_lone_carriage_return_reads_back_in_as_many_rows():
    table = pd.DataFrame({"cell": ["a\rb", "c"], "other": ["1", "2"]})

    again = pd.read_csv(io.BytesIO(csv_content(table)), dtype=str)

    assert len(again) == 2


def test_csv_of_many_rows_comes_in_pieces_and_every_row_once():
    rows = 2 * ROWS_AT_ONCE + 1
    table = pd.DataFrame({"row": [str(row) for row in range(rows)], "answer": ["1"] * rows})

    pieces = list(csv_chunks(table))

    assert len(pieces) == 4  # the head, and three
    assert b"".join(pieces).decode().split() == ["row,answer", *(f"{row},1" for row in range(rows))]
