"""Those who were not matched: how many they are is told, what a few of them answered is not.

How many sheets came, could be linked and could be compared is told of every place. These are counts of the survey, which
those who collect the sheets see as they come in; they say nothing that a pupil answered. But much of a report is over all
sheets and much over the matched pupils alone, and all less the matched are the others. So what would tell the answers of 1
to 4 of these is hidden (``Safety.matched``), of the place and of what is left of every place around it (``parts``):

Start       how far the matched were from the others at the start, and with all of these differences the others too
Means       the means of a stage group's matched pupils, and what is made of them: they stand beside the mean of all with
            a score and beside the answers of all sheets, and where nobody left a question out sums can be subtracted.
            For the same reason the mean of all with a score, where a few sheets have none
Questions   the mean change of a question's pairs, which is the mean after less the mean before of those who answered
            twice; and of a question with two answers the outcomes as well, whose net says the same

A stage group or a group of fifths that is too small a base itself is not told apart from the others.
"""

import numpy as np

from reports.analysis.cells import OUTCOMES
from reports.analysis.change import ALL_KEYS
from reports.analysis.parts import Counts
from reports.analysis.safety import every_row
from reports.analysis.schema import STAGE_GROUPS, WAVES

# Every key of ``change`` from which the mean of the matched, before or after, could be had.
MEANS = ("mean_b", "mean_y", "mean_change", "cr2_se", "df", "p", "lo", "hi", "smc_sdpre", "srm")
MATCH_ROWS = {
    "all": ("All",),
    "stage": ("P2-P4", "P5-P7"),
    "arm": ("Higher-rated", "Lower-rated"),
    "deprivation": ("Quintile 1-2", "Quintile 3-5", "Quintile not known"),
}


def hide_questions(items, counts, bases, tree, safety, cells):
    """Hide the mean change of questions where those who did not answer twice are a few.

    items    the tables of one stage group's questions, in their order
    counts   ``parts`` answers of the stage group
    bases    what ``Tree.shown`` gave for the bases of the pairs
    """
    pair, pre, post = (counts[name].cells.sum(axis=-1) for name in ("pairs", *WAVES))
    table = counts["pairs"].of(np.stack([pair, pre + post - 2 * pair], axis=-1))
    for item, shown in zip(items, tree.at(tree.shown(table, safety.matched, given=bases)), strict=True):
        if not shown:
            cells.hide(item, "mean_change")
            if item["points"] == 2:
                cells.hide(item, *OUTCOMES, "net")


def hide_means(results, parts, tree, safety, cells):
    """Hide the means of a stage group's matched pupils, or of all who have a score, where those left out are a few."""
    came, stage = parts["sheets"], parts["outcomes"]["stage"]
    scored, sheets = came.cells[..., 0], came.cells.sum(axis=-1)  # clusters x stage groups x waves
    pairs = np.broadcast_to(stage.cells.sum(axis=-1)[..., None], sheets.shape)
    # Clusters x stage groups x waves x (beside all sheets, beside all scores) x (matched, not).
    beside = np.stack([np.stack([pairs, whole - pairs], axis=-1) for whole in (sheets, scored)], axis=-2)
    matched = tree.shown(stage.of(beside), every_row(every_row(safety.matched)))
    everybody = tree.shown(came, lambda cells: (safety.matched(cells) & safety.base(cells[..., :1])).all(axis=-1))
    for name, of_matched, of_all in zip(STAGE_GROUPS, tree.at(matched), tree.at(everybody), strict=True):
        if not of_matched:
            cells.hide(results["change"][name], *MEANS)
        if not of_all:
            cells.hide(results["change_of_all"][name], *ALL_KEYS)


def hide_sizes(results, parts, tree, safety, cells):
    """Hide how many sheets and pairs each stage group, or group of fifths, has where one of them has too few for a base."""
    rows = {row["group"]: row for row in results["match_table"]}
    for group in ("stage", "deprivation"):
        asked = parts["matching"][group].cells
        tables = [asked.sum(axis=-1), asked[..., 0]]
        if group == "stage":
            came = parts["sheets"].cells
            tables += [*np.moveaxis(came.sum(axis=-1), -1, 0), *np.moveaxis(came[..., 0], -1, 0)]
            tables.append(parts["outcomes"]["stage"].cells.sum(axis=-1))
        if all(_sizes_may_be_shown(table, tree, safety) for table in tables):
            continue
        for name in MATCH_ROWS[group]:
            cells.hide(rows.get(name, {}), "n_pre", "n_matched", "rate", "smd")
        if group == "stage":
            for name in STAGE_GROUPS:
                for wave in WAVES:
                    cells.hide(results["reliability"][f"{name}_{wave}"], "n_sheets")
                cells.hide(results["attrition"][name], "n_pre", "n_matched", "match_rate", "smd_base_matched_vs_not")
                cells.hide(results["change_by_stage"][name], "n")
                cells.hide(results["change"][name], "n")
                cells.hide(results["change_of_all"][name], "n_pre", "n_post")


def _sizes_may_be_shown(table, tree, safety):
    """Whether the place may show how many each of some groups are (clusters x groups)."""
    nobody = np.zeros(len(table), dtype=int)  # of how many schools does not matter
    return bool(tree.at(tree.shown(Counts(table, nobody), lambda sizes: safety.base(sizes[..., None]).all(axis=-1))))


def hide_starts(results, parts, groups, tree, safety, cells, arms):
    """Hide how far the matched were from the others where either are few.

    By rating group the sheets at the start as well, where few choices of schools could make up a group: an officer sees how many
    sheets came from each school, and a sum that only few choices reach tells whose rating was low.
    """
    rows = {row["group"]: row for row in results["match_table"]}
    attrition = results["attrition"]
    choices = tree.shown(parts["ratings"], safety.choices, given=groups)
    if not tree.at(choices):
        for name in MATCH_ROWS["arm"]:
            arms.hide(rows.get(name, {}), "n_pre", "rate")
        arms.hide(attrition, "match_rate_high", "match_rate_low")
    for group, names in MATCH_ROWS.items():
        given, counter = (choices, arms) if group == "arm" else (None, cells)
        if tree.at(tree.shown(parts["matching"][group], every_row(safety.matched), given=given)):
            continue
        for name in names:
            counter.hide(rows.get(name, {}), "smd")
        if group == "stage":
            for name in STAGE_GROUPS:
                cells.hide(attrition[name], "smd_base_matched_vs_not")
        if group == "arm":
            arms.hide(attrition, "diff_high_low_cr2")
