"""Every table of a report as rows of one shape, a figure each, for programs and whoever wants to filter."""

from reports.numbers import HIDDEN
from reports.presentation import present, tables

HEADS = ("table", "caption", "line", "row", "column", "value")


def figures(results, version=None):
    """The rows (`HEADS`) of all tables of a report: each figure, unrounded as in the spreadsheet, or the mark of what is hidden.

    `line` numbers the lines of a table: two may have the same name, such as a question before and after. Last comes what the marks mean.
    """
    presented = present(results, {}, version)
    for table in tables(presented):
        for line, row in enumerate(table["rows"], start=1):
            for column, cell in zip(table["columns"], row, strict=True):
                for heading, value in zip(column["sheet"], cell_values(column, cell), strict=True):
                    yield table["label"], table["caption"], line, row_name(row[0]), heading, value
    for line, words in enumerate(presented["marks"], start=1):
        yield "Marks", "What the marks mean", line, "", "", words


def row_name(cell):
    """What a row is called: a question in full, where the table that is read has its short words."""
    value = cell["values"][0] if cell["values"] else ""
    return value if isinstance(value, str) and value else cell["text"]


def cell_values(column, cell):
    """What a cell says in each of the spreadsheet columns that its column stands for: numbers, words, or the mark of what is hidden."""
    values = cell["values"] + [cell["text"]] * (len(column["sheet"]) - len(cell["values"]))
    if cell["text"] == HIDDEN:
        return [HIDDEN if value == "" else value for value in values]
    # What is printed without any number, such as “over 50%”, must not be an empty cell here.
    return values if any(value != "" for value in values) else [cell["text"], *values[1:]]
