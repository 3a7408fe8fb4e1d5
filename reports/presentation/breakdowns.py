"""Change by kind of school, by authority and by cluster, described and never tested."""

from reports.numbers import count, is_number, percent
from reports.presentation.blocks import (
    NUMBER_FORMATS,
    SHARE,
    WHOLE,
    column,
    count_cell,
    number_cell,
    paragraph,
    section,
    text_cell,
)
from reports.presentation.respondents import fifth_words
from reports.reading import CHANGES, part

HEADING = "Change by deprivation, area and place"
READ = (
    "These tables describe; nothing in them has been tested, and a row of few schools moves a lot by chance. Pupils of different "
    "kinds of school differ in more than this one thing. The same by stage is under “Declined, held, improved”."
)
WHOLE_ONLY = (
    "Change by deprivation and area is shown in the report of a whole cohort only: within one authority or cluster the groups would be so small that pupils could be "
    "recognised by taking one report from another."
)
NOTHING = "Not shown here: the groups are too small, or what other reports show could be taken away from them."
OLDER = "This report was made before these tables were."
FIFTHS = {"1-2": "1 and 2, most deprived", "3-5": "3 to 5",
          "3-5 or not known": "3 to 5, or not known", "": "Not known"}  # fmt: skip
AREAS = {"urban or town": "Urban or town", "rural": "Rural", "": "Not known"}
OTHERS = "All other authorities"
OTHER_CLUSTERS = "All other clusters"
BY_CLUSTER = "Change by cluster is in the report of each authority."
NOTES = {
    "deprivation": "The school’s fifth by the official share of its pupils who live in the most deprived areas.",
    "urban_rural": "From the official urban-rural classification of the school’s place.",
    "authority": "In the order of their names. An authority with fewer than three schools, or whose own counts may not be shown, is "
    "among the others.",
    "cluster": "In the order of their names. A cluster with fewer than three schools, or whose own counts may not be shown, is among the "
    "others.",
}
UNIT = "Mean change is in SD of the baseline of the pupil’s stages."


def by_kind(results, numbering):
    """The tables that may be shown, and a sentence for those that may not."""
    found = results.get("breakdowns")
    if not isinstance(found, dict):
        return section("kinds", HEADING, [paragraph(OLDER)])
    kind = part(results, "scope").get("kind")
    whole = kind in ("cohort", "files")
    elsewhere = [paragraph(BY_CLUSTER)] if kind == "cohort" and not found.get("cluster") else []
    elsewhere += [] if whole else [paragraph(WHOLE_ONLY)]
    if not any(found.values()):
        return section("kinds", HEADING, [paragraph(NOTHING), *elsewhere] if whole else elsewhere)
    tables = {
        "deprivation": ("Deprivation fifth of the school", "deprivation", _fifths(found["deprivation"])),
        "urban_rural": ("Area of the school", "area", _named(found["urban_rural"], AREAS)),
        "authority": ("Authority", "authority", _named(found["authority"], {"": OTHERS})),
        "cluster": ("Cluster", "cluster", _named(found.get("cluster"), {"": OTHER_CLUSTERS})),
    }
    blocks = [paragraph(READ)]
    for key, (first, words, rows) in tables.items():
        if rows:
            blocks.append(_table(key, first, words, rows, numbering))
        elif whole and key != "cluster":
            blocks.append(paragraph(f"By {words}: {NOTHING[0].lower()}{NOTHING[1:]}"))
    return section("kinds", HEADING, blocks + elsewhere)


def _table(key, first, words, rows, numbering):
    """The table of one kind of place; its mean change stands in it where its rows have one."""
    mean = any("mean_change" in row for _, row in rows)
    return numbering.table(
        f"Declined, held and improved by {words}",
        _columns(first, mean),
        [_row(name, row, mean) for name, row in rows],
        note=f"{NOTES[key]} {UNIT if mean else ''}".strip(),
    )


def _fifths(rows):
    groups = [row["group"] for row in rows or []]
    return [
        (FIFTHS.get(group) or fifth_words(group, groups), row) for group, row in zip(groups, rows or [], strict=True)
    ]


def _named(rows, words):
    return [(words.get(row["group"], row["group"]), row) for row in rows or []]


def _columns(first, mean):
    changes = [
        column(
            kind.capitalize(),
            numeric=True,
            sheet=[kind.capitalize(), f"{kind.capitalize()}, share"],
            formats=[WHOLE, SHARE],
        )
        for kind in CHANGES
    ]
    means = [column("Mean change, SD", numeric=True, formats=[NUMBER_FORMATS[2]])] if mean else []
    return [column(first), *changes, *means, column("Pupils", numeric=True), column("Schools", numeric=True)]


def _row(name, row, mean):
    cells = [text_cell(name)]
    for kind in CHANGES:
        value = row.get(kind)
        known = is_number(value) and row["n"]
        words = f"{count(value)} ({percent(value, row['n'])})" if known else count(None)
        cells.append(
            {"text": words, "values": [value, round(value / row["n"], 4)] if known else [words, words], "tag": ""}
        )
    means = [number_cell(row.get("mean_change"), 2, plus=True)] if mean else []
    return [*cells, *means, count_cell(row["n"]), count_cell(row["schools"])]
