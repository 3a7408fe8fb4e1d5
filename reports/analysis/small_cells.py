"""What a file of single sheets still tells: how few pupils stand behind its smallest cells.

A cell is a school, a stage and a wave: the smallest group whose members somebody in the school could name. Nothing is
left out of the file for being small, since the evaluation would then give other numbers; so whoever takes the file
must know how many such groups there are.
"""

SHOWN = 10  # of the smallest cells, by name


def review(data, flow, threshold):
    """Counts of sheets, places and small cells of an ``EvaluationData``, as plain values.

    flow        of ``matching.clean``
    threshold   a cell of fewer sheets than this is small
    returns     {"threshold", "sheets", "baseline", "follow_up", "linked", "blank_codes", "schools", "rated_schools", "clusters",
                "authorities", "schools_alone" (the only ones of their cluster here), "cells", "small_cells",
                "sheets_in_small_cells", "schools_with_small_cells", "smallest": [{"school", "stage", "wave", "sheets"}]}
    """
    pupils, schools = data.pupils, data.schools
    cells = pupils.groupby(["school_id", "stage", "wave"], sort=True).size()
    small = cells[cells < threshold]
    answered = schools[schools["school_id"].isin(pupils["school_id"])]
    alone = answered.groupby("cluster").size()
    return {
        "threshold": threshold,
        "sheets": len(pupils),
        "baseline": flow["pre_rows"],
        "follow_up": flow["post_rows"],
        "linked": flow["linked_pairs"],
        "blank_codes": flow["blank_code_rows"],
        "schools": len(answered),
        "rated_schools": len(data.ht),
        "clusters": answered["cluster"].nunique(),
        "authorities": answered["la"].nunique(),
        "schools_alone": int((alone == 1).sum()),
        "cells": len(cells),
        "small_cells": len(small),
        "sheets_in_small_cells": int(small.sum()),
        "schools_with_small_cells": int(small.index.get_level_values("school_id").nunique()),
        "smallest": [
            {"school": school, "stage": stage, "wave": wave, "sheets": int(sheets)}
            for (school, stage, wave), sheets in cells.sort_values(kind="stable").head(SHOWN).items()
        ],
    }
