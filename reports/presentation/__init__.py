"""Results into the rows that page, PDF and spreadsheet share, so that all carry the same headings and figures.

The three renderings differ in looks only: each walks through the same sections and blocks. Nothing heavy is
imported here; the web process uses this module.
"""

from reports.presentation import (
    adults,
    answers,
    breakdowns,
    comparators,
    comparison,
    favourites,
    finding,
    groups,
    method,
    respondents,
    sections,
    technical,
)
from reports.presentation.blocks import Numbering
from reports.reading import invented, readable, without_absent_stages


def present(results, charts, version=None, number=None):
    """Everything that a rendering of a report prints.

    `results` is the stored (suppressed) dictionary, `charts` what `reports.charts.render_all` made of it, `version` the
    report's number among those of its place, `number` that among all. Returns a dictionary of plain types: title, kicker, facts, edition, invented, level,
    tiles, provenance, sections (each with id, heading and blocks of kind paragraph, list, figure or table) and contents.
    """
    results, charts, numbering = without_absent_stages(readable(results)), charts or {}, Numbering()
    body = [
        sections.who_answered(results, charts, numbering),
        respondents.like_the_others(results, numbering),
        comparison.comparison(results, numbering),
        comparison.ways(results, charts, numbering),
        comparison.checks(results, numbering),
        answers.before_and_after(results, charts, numbering),
        comparison.questions(results, charts, numbering),
        favourites.favourites(results, numbering),
        answers.change(results, charts, numbering),
        groups.subgroups(results, numbering),
        breakdowns.by_kind(results, numbering),
        groups.schools(results, charts, numbering),
        sections.matched(results, numbering),
        *adults.adults(results, charts, numbering),
        comparators.beside_other_surveys(results, numbering),
        sections.limits(results),
        technical.technical(results, numbering),
        method.method(results, numbering),
    ]
    body = [each for each in body if each]
    level = finding.level(results)
    body.append(method.glossary(body, level["sentence"]))
    provenance = method.provenance(results)
    if version:
        # A file is made once, while the report is a draft: whether it was approved is not for the file to say.
        provenance.insert(
            0, ("Version", f"{version}. Whether it is a draft, published or withdrawn stands on its page.")
        )
    if number:
        provenance.insert(0, ("Report", str(number)))
    return {
        **cover(results, version, number),
        "stamp": finding.stamp(results),
        "level": level,
        "tiles": finding.tiles(results),
        "provenance": [{"name": name, "value": value} for name, value in provenance],
        "marks": method.hidden_words(results),
        "limits": sections.limit_sentences(results),
        "sections": body,
        "contents": [{"id": "key", "heading": "Key finding"}]
        + [{"id": each["id"], "heading": each["heading"]} for each in body],
    }


def cover(results, version=None, number=None):
    """What says which report something is of: title, kicker, facts, edition, and the mark of a demonstration (``invented``)."""
    results = without_absent_stages(readable(results))
    return {
        **finding.heading(results),
        "edition": finding.edition(results, version, number),
        "invented": invented(results),
    }


def tables(presented):
    """Every table of a presented report in its order, those that stand behind a figure among them."""
    found = []
    for each in presented["sections"]:
        for block in each["blocks"]:
            if block["kind"] == "table":
                found.append(block)
            elif block["kind"] == "figure" and block["table"]:
                found.append(block["table"])
    return found
