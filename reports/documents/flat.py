"""Every table of a report as one CSV file, a figure a line, for programs and whoever wants to filter."""

import csv
import io

from mentors.exports import plain_cell
from reports.numbers import HIDDEN
from reports.presentation import present, tables

HEADS = ("table", "caption", "row", "column", "value")


def report_csv(results, version=None):
    """The tables of a report as the bytes of a CSV file in UTF-8: `HEADS`, then each cell with its table, row and column.

    A number is written as in the spreadsheet, unrounded; what is hidden carries its mark; words are never run as a formula.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADS)
    for table in tables(present(results, {}, version)):
        for row in table["rows"]:
            for column, cell in zip(table["columns"], row, strict=True):
                for heading, value in zip(column["sheet"], cell_values(column, cell), strict=True):
                    where = (table["label"], table["caption"], row[0]["text"], heading)
                    writer.writerow([*map(plain_cell, where), plain_cell(value) if isinstance(value, str) else value])
    return file.getvalue().encode()


def cell_values(column, cell):
    """What a cell says in each of the spreadsheet columns that its column stands for: numbers, words, or the mark of what is hidden."""
    values = cell["values"] + [cell["text"]] * (len(column["sheet"]) - len(cell["values"]))
    return [HIDDEN if value == "" else value for value in values] if cell["text"] == HIDDEN else values
