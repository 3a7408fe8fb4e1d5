"""Beside other surveys: published figures next to ours, where a question of ours is comparable. Nothing is tested."""

import tomllib
from pathlib import Path

from reports.numbers import count, percent
from reports.presentation.blocks import SHARE, column, number_cell, paragraph, section, share_cell, text_cell
from reports.reading import STAGES, items_of, part, positive, question_name

HEADING = "Beside other surveys"
READ = (
    "Other surveys asked other pupils other questions at another time. Their figures stand here to give an idea of size, beside "
    "our own earlier wave; no difference has been tested, and none should be read as better or worse."
)
WAVES = (("pre", "Ours, before"), ("post", "Ours, after"))
with (Path(__file__).parent / "comparators.toml").open("rb") as _file:
    FIGURES = tomllib.load(_file)["figures"]


def of_question(item):
    """The published figures that a question of ours may be read beside."""
    return [figure for figure in FIGURES if item in figure["ours"]]


def sentence(figure):
    """One published figure in words, with its source and why it is not the same."""
    base = f" ({count(figure['base'])} asked)" if "base" in figure else ""
    return f"{figure['asked']}: {percent(figure['share'], 1)} of {figure['who']}{base}. {figure['source']}. {figure['caution']}"


def beside_other_surveys(results, numbering):
    """Our share before and after beside each comparable published figure."""
    rows = [
        _row(stage_group, item, figure)
        for stage_group in sorted(part(results, "items"))
        for item in items_of(results, stage_group)
        for figure in of_question(item["name"])
    ]
    if not rows:
        return section("beside", HEADING, [paragraph("No question here can be read beside a published figure.")])
    columns = [
        column("Our question"),
        *[column(words, numeric=True, formats=[SHARE]) for _, words in WAVES],
        column("Theirs", numeric=True, formats=[SHARE]),
        column("What they asked, and of whom"),
        column("Why it is not the same"),
    ]
    table = numbering.table(
        "Our figures beside published ones", columns, rows, note="Ours: the share of positive answers."
    )
    return section("beside", HEADING, [paragraph(READ), table])


def _row(stage_group, item, figure):
    ours = [positive(item, wave) for wave, _ in WAVES]
    base = f", {count(figure['base'])} asked" if "base" in figure else ""
    return [
        text_cell(f"{question_name(item)} ({STAGES.get(stage_group, stage_group)})"),
        *[
            share_cell(share, 100) if share is not None else number_cell(None, why=item.get("why") or "")
            for share in ours
        ],
        share_cell(figure["share"], 1),
        text_cell(f"{figure['asked']}: {figure['who']}{base}. {figure['source']}."),
        text_cell(figure["caution"]),
    ]
