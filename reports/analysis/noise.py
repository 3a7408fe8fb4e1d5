"""How many pupils would answer lower the second time with no change on the whole.

Nobody answers twice in exactly the same way, and single pupils have their ups and downs. If these cancel out, which of a pupil's two
sheets came first does not matter, so as many answer lower as higher. So the reference is half of those who did not answer exactly
alike, (1 - held) / 2: no model and no simulation, and right for any number of questions and answers. It takes in true ups and downs
that cancel out beside the mere noise of answering, which two sheets cannot tell apart. A true change of all moves few pupils into or
out of "held", so that it moves the reference little.

The shares are those of all matched pupils of the whole programme, by stage group, and are weighted by the matched pupils of the place
that is reported on. So every report of a programme has one reference for each questionnaire, and a place's own "held" may be hidden.

The simulation that the specification reports (no true change, a graded-response model) gives 42 % on eight questions of three
answers and 45 % on twelve of five, for noise alone; with true ups and downs of single pupils added it is higher.
"""

import numpy as np

from reports import noise_wording
from reports.analysis.safety import outcome_masks
from reports.analysis.schema import STAGE_GROUPS

HELD = 1
EMPTY = {"noise_reference": None, "noise_by_stage": {}, "noise_base": ""}


def reference(outcomes, group, instruments):
    """The reference of a place.

    outcomes     ``parts.Counts``: clusters x stage groups x (declined, held, improved)
    group        per matched pupil of the place: the index of the stage group
    instruments  of ``scales.instruments``: how many questions and answers each scale has
    returns      {noise_reference: a proportion or None; noise_by_stage: {stage group: {share, questions, points}};
                  noise_base: how it was got, in words}
    """
    counts = outcomes.cells.sum(axis=0)
    here = np.bincount(group, minlength=len(STAGE_GROUPS))
    found, total = {}, 0.0
    for name, cells, pupils in zip(STAGE_GROUPS, counts, here, strict=True):
        if not pupils:
            continue
        share = (1 - cells[HELD] / cells.sum()) / 2
        scored = instruments[name].scored
        points = instruments[name].points[scored]
        found[name] = {"share": round(float(share), 3), "questions": int(scored.sum()), "points": int(points.max())}
        total += pupils * share
    if not found:
        return EMPTY
    return {
        "noise_reference": round(float(total / here.sum()), 2),
        "noise_by_stage": found,
        "noise_base": noise_wording.noise_base(found),
    }


def may_be_shown(outcomes, tree, safety):
    """Whether the whole programme may show how many held in each stage group, from which the reference is made."""
    _, whole = outcome_masks(outcomes, tree, safety)
    return bool(np.all(whole[-1]))
