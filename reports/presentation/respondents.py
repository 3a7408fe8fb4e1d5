"""Which schools answered, and are they like the others: the schools that answered beside all that were asked."""

from reports.numbers import count, is_number, percent
from reports.presentation.blocks import SHARE, WHOLE, column, number_cell, paragraph, section, text_cell
from reports.presentation.sections import FLOW
from reports.reading import part

HEADING = "Which schools answered, and are they like the others"
FACTS = {
    "simd_quintile": ("Deprivation fifth", "fifth of schools by deprivation"),
    "roll_band": ("Roll", "pupils on the roll"),
    "urban_rural": ("Area", "kind of area"),
}
COLUMNS = (("Schools asked", "asked"), ("Answered before", "before"), ("With matched pupils", "matched"))
NOT_KNOWN = "Not known"
READ = (
    "Where the shares of a row differ, the schools behind the figures are not quite like all that were asked. Schools are "
    "counted, not pupils, and no difference has been tested."
)


def like_the_others(results, numbering):
    """How many schools answered of those asked, and how their kinds compare; a sentence where that is not known."""
    found = part(results, "representativeness")
    if not found:
        return section(
            "like", HEADING, [paragraph("This report was made before the schools that answered were compared.")]
        )
    blocks = [paragraph(words) for words in (_response(found), _pupils(results)) if words]
    if found.get("facts"):
        blocks.append(paragraph(READ))
    for fact, rows in part(found, "facts").items():
        blocks.append(_table(fact, rows, found, numbering))
    return section("like", HEADING, blocks)


def _response(found):
    asked, before, after, matched = (found.get(key) for key in ("asked", "before", "after", "matched"))
    if not is_number(asked):
        return (
            f"{count(before)} schools sent sheets before and {count(after)} after. How many were asked is not known, because "
            "there is no list of the schools."
        )
    return (
        f"Of {count(asked)} schools asked, {count(before)} ({percent(before, asked)}) sent sheets before, {count(after)} "
        f"({percent(after, asked)}) after, and {count(matched)} ({percent(matched, asked)}) have pupils who could be matched. "
        f"How many sheets there were, and how many could be linked, is under “{FLOW}” above."
    )


def _pupils(results):
    """How many of the pupils who were given a code have answered; "" where that is not known, as of sheets that were imported."""
    given, flow = part(results, "scope", "asked").get("pupil"), part(results, "flow")
    sheets = [flow.get("pre_rows"), flow.get("post_rows")]
    if not given or not all(map(is_number, sheets)) or max(sheets) > given:
        return ""
    before, after = (f"{count(number)} ({percent(number, given)})" for number in sheets)
    return f"Picture codes were made for {count(given)} pupils: {before} answer sheets came before and {after} after."


def _table(fact, rows, found, numbering):
    first, kind = FACTS[fact]
    columns = [column(first)] + [
        column(words, numeric=True, sheet=[words, f"{words}, share"], formats=[WHOLE, SHARE]) for words, _ in COLUMNS
    ]
    there = [row for row in rows if row.get("asked") != 0]
    groups = [row["group"] for row in there]
    body = [
        [text_cell(_kind(fact, row["group"], groups)), *(_cell(row, key, found[key]) for _, key in COLUMNS)]
        for row in there
    ]
    note = "Each share is of all schools of its column. Kinds of fewer than three schools are hidden."
    return numbering.table(f"Schools that answered and schools asked, by {kind}", columns, body, note=note)


def fifth_words(group, groups):
    """A deprivation fifth in words. The official shares cannot tell the last two apart, which then stand together as 4."""
    if group == "4" and "5" not in groups:
        return "4 and 5, least deprived"
    return {"1": "1, most deprived", "5": "5, least deprived"}.get(group, group)


def _kind(fact, group, groups):
    if not group:
        return NOT_KNOWN
    words = fifth_words(group, groups) if fact == "simd_quintile" else group
    return words[:1].upper() + words[1:]


def _cell(row, key, whole):
    value = row.get(key)
    if not is_number(value) or not whole:
        return number_cell(None, why=row.get("why") or "")
    return {"text": f"{count(value)} ({percent(value, whole)})", "values": [value, round(value / whole, 4)], "tag": ""}
