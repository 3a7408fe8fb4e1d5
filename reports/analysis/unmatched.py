"""Those who were not matched: how many they are is told, what a few of them answered is not.

How many sheets came, could be linked and could be compared is told of every place. These are counts of the survey, which
those who collect the sheets see as they come in; they say nothing that a pupil answered. But much of a report is over all
sheets and much over the matched pupils alone, and all less the matched are the others. So what would tell the answers of 1
to 4 of these is hidden (``Safety.matched``), of the place and of what is left of every place around it (``parts``):

Start       how far the matched were from the others at the start, and with all of these differences the others too; that of
            all pupils as soon as that of a stage group is hidden
Means       everything that is made of the scores of a stage group's matched pupils but which way they went: means, spreads
            and how alike schools are stand beside the answers of all sheets, and where nobody left a question out sums and
            squares can be subtracted. With them the schools' own means and the model of all pupils. For the same reason
            the mean of all who have a score, where a few sheets have none
Questions   how the answers of those changed who answered a question twice: the mean after less the mean before is theirs, but
            for those who answered once

Where nobody is left over, the same sums would tell an answer that is hidden for another reason: so a question's change is
hidden too where one of its two means is, and the means of a scale of which nearly no answer is missing where that of one
of its questions is. Nearly none may be missing of what is left of a place either, when the parts that show the means of their
scale are taken away: there the smallest parts hide theirs, but not where every question of the place and of these parts is shown.

A stage group or a group of fifths that is too small a base itself is not told apart from the others.
"""

import numpy as np

from reports.analysis.cells import HIDDEN, OUTCOMES, hide, hide_all
from reports.analysis.change import ALL_KEYS, KEYS
from reports.analysis.parts import Counts
from reports.analysis.safety import every_row
from reports.analysis.schema import STAGE_GROUPS, WAVES

# What ``change`` has of scores: everything but counts and shares of pupils.
COUNTED = {*OUTCOMES, "net", "icc_anova_declined", "n_complete_items", "declined_complete_items"}
MEANS = tuple(key for key in KEYS if key not in COUNTED)
NEARLY_ALL = 0.1  # not matched
FEWEST_ANSWERS = 1000  # of fewer, two decimals of a mean tell the sum or nearly
MANY_ANSWERS = 10_000  # and of so many by a hundred, also where several figures that say nearly the same are rounded
MATCH_ROWS = {
    "all": ("All",),
    "stage": ("P2-P4", "P5-P7"),
    "arm": ("Higher-rated", "Lower-rated"),
    "deprivation": ("Quintile 1-2", "Quintile 3-5", "Quintile not known"),
}


def hide_questions(items, counts, bases, means, tree, safety):
    """Hide how the answers to a question changed where that would tell what those answered who answered it once.

    items    the tables of one stage group's questions, in their order
    counts   ``parts`` answers of the stage group
    bases    what ``Tree.shown`` gave for the bases of the pairs
    means    the same for the means of both times together
    """
    pair, pre, post = (counts[name].cells.sum(axis=-1) for name in ("pairs", *WAVES))
    table = counts["pairs"].of(np.stack([pair, pre + post - 2 * pair], axis=-1))
    # Where hardly anybody answered once, the change tells a mean that is hidden from the other time's.
    once = [cells[..., 1] for cells in tree.levels(table)]
    given = [
        base & (shown | (number >= safety.rules.small_cell))
        for base, shown, number in zip(bases, means, once, strict=True)
    ]
    for item, shown in zip(items, tree.at(tree.shown(table, safety.matched, given=given)), strict=True):
        if not shown:
            hide(item, *OUTCOMES, "net", "mean_change")


def hide_means(results, told, parts, tree, safety):
    """Hide what is made of the scores of a stage group's matched pupils, or of all who have one, where those left out are a few.

    told   {stage group: what ``Tree.shown`` gave for the means of its questions, per wave}
    """
    came, stage = parts["sheets"], parts["outcomes"]["stage"]
    scored, sheets = came.cells[..., 0], came.cells.sum(axis=-1)  # clusters x stage groups x waves
    pairs = np.broadcast_to(stage.cells.sum(axis=-1)[..., None], sheets.shape)
    # Clusters x stage groups x waves x (beside all sheets, beside all scores) x (matched, not).
    beside = np.stack([np.stack([pairs, whole - pairs], axis=-1) for whole in (sheets, scored)], axis=-2)
    matched = tree.shown(stage.of(beside), every_row(every_row(safety.matched)))
    everybody = tree.shown(came, lambda cells: (safety.matched(cells) & safety.base(cells[..., :1])).all(axis=-1))
    shown = [one | other for one, other in zip(matched, everybody, strict=True)]
    scales = tree.at(_scales(results["items"], told, shown, parts, tree, safety.rules))
    for name, of_matched, of_all, scale in zip(STAGE_GROUPS, tree.at(matched), tree.at(everybody), scales, strict=True):
        hidden = not scale or _all_alike(results["change"][name], safety.rules)
        if hidden or not of_all:
            hide(results["change_of_all"][name], *ALL_KEYS)
        if hidden or not of_matched:
            hide(results["change"][name], *MEANS)
            _hide_whole(results["school_means"])
            _hide_whole(results["companions"]["did_all_cr2"])


def _scales(items, told, shown, parts, tree, rules):
    """Where the means of a scale may be shown, since they do not tell the hidden mean of a question: masks of places x stage groups.

    They tell it where nearly no answer is missing, or where so few answers were given that two decimals of the mean tell their sum;
    but not where every question is shown. The same is asked of what is left of a place when the parts that show their means are
    taken away, unless the place has so many answers that two decimals of its own mean leave the rest open.

    items   {stage group: the tables of its questions}
    told    see ``hide_means``
    shown   where they may be shown for all other reasons
    """
    every, answers = _every_question(items, told, parts, tree)
    missing = tree.levels(parts["missing"])
    many = [each >= MANY_ANSWERS for each in answers]

    def open_still(cells):
        return cells[..., 0] >= rules.small_cell

    found = [
        # The means of both times are shown together or not at all.
        mask & (known | ((number >= FEWEST_ANSWERS) & open_still(count))).all(axis=-1)
        for mask, known, number, count in zip(shown, every, answers, missing, strict=True)
    ]
    while True:
        # Of a place that is so large nothing is taken away. Nor would it have to be of the places around it, which are larger.
        given = [mask[..., None] & ~large for mask, large in zip(found, many, strict=True)]
        left = tree.shown(parts["missing"], open_still, given=given, known=every)
        now = [mask & (each | large).all(axis=-1) for mask, each, large in zip(found, left, many, strict=True)]
        if all((mask == before).all() for mask, before in zip(now, found, strict=True)):
            return found
        found = now


def _every_question(items, told, parts, tree):
    """Per level, places x stage groups x waves: whether every question of the scale is shown, and how many answers would be on the
    sheets with a score if none were missing. A question that nobody answered is not shown where sheets came."""
    sizes = tree.levels(parts["sheets"])
    every = [np.ones(sheets.shape[:3], dtype=bool) for sheets in sizes]
    answers = [np.zeros(sheets.shape[:3], dtype=int) for sheets in sizes]
    for name, table in items.items():
        here = STAGE_GROUPS.index(name)
        scored = np.array([item["scored"] for item in sorted(table.values(), key=lambda item: item["order"])])
        for level, sheets in enumerate(sizes):
            answers[level][:, here] = sheets[:, here, :, 0] * scored.sum()
        for wave, means in enumerate(told[name]):
            counts = tree.levels(parts["answers"][name][WAVES[wave]])
            for level, sheets in enumerate(sizes):
                nobody = (counts[level].sum(axis=-1) == 0) & sheets[:, here, wave].any(axis=-1, keepdims=True)
                every[level][:, here, wave] = (means[level] & ~nobody)[:, scored].all(axis=-1)
    return every, answers


def _all_alike(change, rules):
    """Whether so few pupils that it may not be told had all the same score, before or after."""
    few = change["n"] is not None and 0 < change["n"] < rules.alike_base
    return rules.rule != "health_census" and few and 0 in (change["sd_b"], change["sd_y"])


def _hide_whole(model):
    """Empty a model, and why it could not be computed, which may say that all are alike."""
    hide_all(model)
    model["why"] = HIDDEN


def hide_sizes(results, parts, tree, safety):
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
            hide(rows.get(name, {}), "n_pre", "n_matched", "rate", "smd")
        if group == "stage":
            hide(rows["All"], "smd")
            for name in STAGE_GROUPS:
                for wave in WAVES:
                    hide(results["reliability"][f"{name}_{wave}"], "n_sheets")
                hide(results["attrition"][name], "n_pre", "n_matched", "match_rate", "smd_base_matched_vs_not")
                hide(results["change_by_stage"][name], "n")
                hide(results["change"][name], "n")
                hide(results["change_of_all"][name], "n_pre", "n_post")


def sizes_tell_ratings(parts, groups, tree, safety):
    """Whether the numbers of pupils in the rating groups would tell on which side a school is.

    An officer sees how many sheets came from each school. Where nearly all were matched these are its pupils in the comparison,
    and a sum that only few choices of schools reach tells whose rating was low.
    """
    schools = parts["ratings"].cells.shape[-1]
    cells = np.concatenate([parts["ratings"].cells, parts["matching"]["all"].cells[:, 0]], axis=-1)

    def safe(cells):
        matched, others = cells[..., schools], cells[..., schools + 1]
        return safety.choices(cells[..., :schools]) | (others >= NEARLY_ALL * (matched + others))

    shown = tree.shown(Counts(cells, np.zeros(len(cells), dtype=int)), safe, given=groups)
    return bool(tree.at(groups)) and not tree.at(shown)


def _sizes_may_be_shown(table, tree, safety):
    """Whether the place may show how many each of some groups are (clusters x groups)."""
    nobody = np.zeros(len(table), dtype=int)  # of how many schools does not matter
    return bool(tree.at(tree.shown(Counts(table, nobody), lambda sizes: safety.base(sizes[..., None]).all(axis=-1))))


def hide_starts(results, parts, groups, tree, safety):
    """Hide how far the matched were from the others where either are few.

    By rating group the sheets at the start as well, where few choices of schools could make up a group: an officer sees how many
    sheets came from each school, and a sum that only few choices reach tells whose rating was low.
    """
    rows = {row["group"]: row for row in results["match_table"]}
    attrition = results["attrition"]
    choices = tree.shown(parts["ratings"], safety.choices, given=groups)
    if not tree.at(choices):
        for name in MATCH_ROWS["arm"]:
            hide(rows.get(name, {}), "n_pre", "rate")
        hide(attrition, "match_rate_high", "match_rate_low")
    for group, names in MATCH_ROWS.items():
        given = choices if group == "arm" else None
        if tree.at(tree.shown(parts["matching"][group], every_row(safety.matched), given=given)):
            continue
        for name in names:
            hide(rows.get(name, {}), "smd")
        if group == "stage":
            hide(rows["All"], "smd")
            for name in STAGE_GROUPS:
                hide(attrition[name], "smd_base_matched_vs_not")
        if group == "arm":
            hide(attrition, "diff_high_low_cr2")
