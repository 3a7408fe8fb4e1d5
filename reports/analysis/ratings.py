"""Headteachers' items to one rating a school.

The rating is the mean of the answered items (1 to 5), if at least half of them are answered; anything
that is not a whole number from 1 to 5 is missing and counted. A school without a row, or with too few
answers, has no rating and takes no part in the comparison. High or low is decided by the cut of the
analysis plan, with 1e-9 of slack so that a mean of exactly the cut is high however it was added up.
"""

import numpy as np

from reports.analysis.coding import cells, labels, tidy
from reports.analysis.schema import ht_items, row_number

HIGHEST = 5
SLACK = 1e-9


def ratings(ht, schools):
    """The rating of each school.

    schools  sorted school ids
    returns  (ratings, out_of_range): float array along ``schools`` with NaN for no rating; how many
             non-blank answers were not 1 to 5
    """
    items = ht_items(ht)
    answers = np.column_stack([cells(ht[item]) for item in items]).reshape(len(ht), len(items))
    valid = (answers >= 1) & (answers <= HIGHEST)
    answered = valid.sum(axis=1)
    total = np.where(valid, answers, 0).sum(axis=1)
    mean = np.where((answered > 0) & (answered >= len(items) / 2), total / np.maximum(answered, 1), np.nan)
    codes, names = labels(ht["school_id"])
    rating_of = {names[code]: value for code, value in zip(codes, mean, strict=True)}
    out_of_range = int(((answers != 0) & (answers != -1) & ~valid).sum())
    return np.array([rating_of.get(school, np.nan) for school in schools], dtype=float), out_of_range


def is_high(rating, cut):
    """Whether a rating is at or above the cut (False where there is no rating)."""
    return np.nan_to_num(rating, nan=-np.inf) >= cut - SLACK


def rejected(ht, schools):
    """The headteachers' answers that were not used: file, row, column, value, reason.

    schools  the ids of the schools with pupils' sheets; a rating of another is of nobody
    """
    codes, names = labels(ht["school_id"])
    alone = [
        {
            "file": "ht.csv",
            "row": row_number(ht, row),
            "column": "school_id",
            "value": names[code],
            "reason": "no pupil of this school answered",
        }
        for row, code in enumerate(codes.tolist())
        if names[code] not in schools
    ]
    found = []
    for item in ht_items(ht):
        answers = cells(ht[item])
        bad = (answers != 0) & (answers != -1) & ((answers < 1) | (answers > HIGHEST))
        found += [(int(row), item) for row in np.flatnonzero(bad)]
    return alone + [
        {
            "file": "ht.csv",
            "row": row_number(ht, row),
            "column": item,
            "value": tidy(ht[item].iloc[row]),
            "reason": f"not an answer from 1 to {HIGHEST}",
        }
        for row, item in sorted(found)
    ]
