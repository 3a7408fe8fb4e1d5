"""Where in a report a sentence's figures stand: the address of the very table, so that a link leads there and not to a long section."""


def table_of(sections, anchor, name="", row=""):
    """The address of the first figure or table of a section that is called so and has such a row; "" where there is none.

    sections  those of a presented report
    anchor    the id of the section
    name      words of the figure's or table's name, in any letters; "" for any
    row       the beginning of the first cell of one of its rows, in full or as printed; "" for any
    """
    blocks = [block for section in sections if section["id"] == anchor for block in section["blocks"]]
    for block in blocks:
        table = block if block["kind"] == "table" else block.get("table")
        if table and name.lower() in table["caption"].lower() and (not row or _has_row(table, row)):
            return block["id"]
    return ""


def _has_row(table, beginning):
    wanted = beginning.rstrip(".")
    return any(
        str(words).startswith(wanted) for first, *_ in table["rows"] for words in (first["text"], *first["values"])
    )
