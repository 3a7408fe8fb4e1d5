"""The few shapes that a report is made of: paragraphs, lists, tables and figures, as plain dictionaries.

A table column may stand for several columns of a spreadsheet (an interval is one column to read and two to
calculate with), so each column names its `sheet` columns and their number formats, and each cell carries the `values`
that go there beside the `text` that is read. A hidden cell carries its mark as text and no number anywhere.
"""

import re

from reports.numbers import HIDDEN, count, decimal, interval, is_number, p_value, percent
from reports.reading import short_question

MOST_CARDS, CARD_COLUMNS = 16, 4
LONGEST_WORD, SHORTEST_LINE = 24, 13
LONGEST_NAME = 40  # letters of a row's name that leave room for figures beside it on a phone
WHOLE, SHARE = "#,##0", "0%"
NUMBER_FORMATS = {0: "0", 1: "0.0", 2: "0.00"}
P_FORMAT = '[<0.001]"<0.001";[>0.999]">0.999";0.000'  # a p value is never printed as 0 or 1


def section(anchor, heading, blocks):
    """A section of the report: its anchor, its heading and its blocks."""
    return {"id": anchor, "heading": heading, "blocks": blocks}


def paragraph(text):
    """A paragraph of plain text."""
    return {"kind": "paragraph", "text": text}


def bullets(items):
    """A list of sentences."""
    return {"kind": "list", "lines": list(items)}


def column(label, *, numeric=False, sheet=None, formats=None):
    """A table column; `sheet` are its headings in a spreadsheet, `formats` their number formats."""
    headings = list(sheet or [label])
    return {"label": label, "numeric": numeric, "sheet": headings, "formats": list(formats or [WHOLE] * len(headings))}


def interval_column(places=1, label="95% interval"):
    """A column for the two ends of an interval."""
    form = NUMBER_FORMATS[places]
    return column(label, numeric=True, sheet=[f"{label}, from", f"{label}, to"], formats=[form, form])


def text_cell(text, tag=""):
    """Words; `tag` is the status look (ok, late, off) where the word is a result."""
    return {"text": str(text), "values": [str(text)], "tag": tag}


def question_cell(text):
    """A question by its short words, so that it stands on one line; in full in the spreadsheet."""
    return {"text": short_question(text), "values": [text], "tag": ""}


def _cell(text, *values):
    shown = [value if is_number(value) else text for value in values]
    return {"text": text, "values": shown, "tag": ""}


def count_cell(value, why="hidden"):
    """A whole number."""
    return _cell(count(value, why), value)


def counts_cell(values, text="", why="hidden"):
    """Several whole numbers, one cell to read (`text`, or each after the other) and one each to calculate with."""
    counted = [count(value, why) for value in values]
    shown = [value if is_number(value) else mark for value, mark in zip(values, counted, strict=True)]
    return {"text": text or ", ".join(counted), "values": shown, "tag": ""}


def share_cell(part, whole, why="hidden"):
    """A whole percentage of two counts; the spreadsheet gets the share itself."""
    known = is_number(part) and is_number(whole) and whole > 0
    return _cell(percent(part, whole, why), round(part / whole, 4) if known else None)


def number_cell(value, places=2, plus=False, why=""):
    """A number with fixed decimals."""
    return _cell(decimal(value, places, plus, why), value)


def interval_cell(low, high, places=1, why=""):
    """The two ends of an interval."""
    known = is_number(low) and is_number(high)
    return _cell(interval(low, high, places, why), low if known else None, high if known else None)


def p_cell(value, why=""):
    """A p value; “<0.001” in every file where it is too small to be told from 0, which no p value is."""
    return _cell(p_value(value, why), None if value == 0 else value)


def blank_cells(number, text=HIDDEN):
    """As many cells with the same mark."""
    return [_cell(text, None) for _ in range(number)]


def without_empty(columns, rows):
    """The columns in which any row says something, and their cells."""
    kept = [place for place in range(len(columns)) if any(row[place]["text"] for row in rows)]
    return [columns[place] for place in kept], [[row[place] for place in kept] for row in rows]


class Numbering:
    """Hands out figure and table numbers in the order of the report, the same in every rendering.

    The address of each on a page (`id`) is made of its name: a number is another as soon as something stands before it.
    """

    def __init__(self):
        self.figures = self.tables = 0
        self.taken = set()

    def address(self, name):
        """An address made of a figure's or table's name that no other has."""
        wanted = address = address_of(name)
        number = 1
        while address in self.taken:
            number += 1
            address = f"{wanted}-{number}"
        self.taken.add(address)
        return address

    def table(self, caption, columns, rows, *, note=""):
        """A numbered table: `rows` are lists of cells, the first of which is the row's heading."""
        self.tables += 1
        return _table(self.address(caption), f"Table {self.tables}", caption, columns, rows, note)

    def figure(self, heading, chart, *, caption, columns, rows, note=""):
        """A numbered figure with the same numbers as a table, or the sentence that stands in its place.

        `note` ends the caption and stands under the table too. The table keeps the caption for a spreadsheet, which has no drawing.
        """
        self.figures += 1
        label, address = f"Figure {self.figures}", self.address(heading)
        chart = chart or {"title": heading, "instead": "This chart has not been drawn."}
        return {
            "kind": "figure",
            "id": address,
            "label": label,
            "heading": heading,
            "caption": " ".join(filter(None, [caption, note])) if not chart.get("instead") else "",
            "title": chart["title"],
            "desc": chart.get("desc", ""),
            "instead": chart.get("instead", ""),
            "wide": chart.get("wide", ""),
            "phone": chart.get("phone", ""),
            "table": _table(address, label, heading, columns, rows, note, of_figure=True, told=caption)
            if rows
            else None,
        }


def address_of(name):
    """The address on a page of the figure or table of this name: "at-positive-answers-p5-p7". Sections have none of these."""
    return f"at-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def _table(address, label, caption, columns, rows, note="", of_figure=False, told=""):
    numeric = any(each["numeric"] for each in columns)
    wordy = any(len(row[0]["text"]) > LONGEST_NAME for row in rows)
    return {
        "kind": "table",
        "id": address,
        "label": label,
        "caption": caption,
        "columns": columns,
        "rows": [[_placed(cell, each) for cell, each in zip(row, columns, strict=True)] for row in rows],
        "note": note,
        "told": told,
        "of_figure": of_figure,
        # On a phone words and short, wide tables become cards; other tables stay tables, in a region that scrolls.
        "cards": not numeric or (len(columns) + wordy >= CARD_COLUMNS and len(rows) <= MOST_CARDS),
    }


def _placed(cell, column):
    """A cell that knows its column, so that a narrow screen can show a row as a card, and how its words may break."""
    words = cell["text"].split()
    if any(len(word) > LONGEST_WORD for word in words):
        wrap = "text-break"  # a hash, broken anywhere
    elif len(cell["text"]) <= SHORTEST_LINE:
        wrap = "text-nowrap"
    else:
        wrap = ""
    return {**cell, "label": column["label"], "numeric": column["numeric"], "wrap": wrap}
