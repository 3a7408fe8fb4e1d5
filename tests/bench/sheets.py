"""Invented answer sheets of any number, in the columns of the evaluation's files."""

import numpy as np
import pandas as pd

ITEMS = [f"q{number:02d}" for number in range(1, 13)]
POINTS = {"P2P4": 3, "P5P7": 5}


def evaluation_files(pupils, schools=676, matched=0.42, seed=1):
    """Return {file name: DataFrame} for `pupils` sheets before and as many after, of whom the share `matched` can be linked.

    Twelve items in each stage group, ratings for nine schools of ten, school and pupil effects of realistic size, and a
    downward drift that the programme slows in the higher-rated schools.
    """
    random = np.random.default_rng(seed)
    school = pd.DataFrame({"school_id": [f"99{number:05d}" for number in range(schools)]})
    school["cluster"] = [f"Cluster {number // 6:03d}" for number in range(schools)]
    school["la"] = [f"Authority {number // 22:02d}" for number in range(schools)]
    school["simd_quintile"] = random.integers(1, 6, schools)
    rating = np.clip(random.normal(3.9, 0.6, schools), 1, 5)

    at = random.integers(0, schools, pupils)
    stage = random.integers(2, 8, pupils)
    ability = random.normal(0, 0.7, pupils) + random.normal(0, 0.25, schools)[at]
    shift = -0.15 + 0.12 * (rating[at] >= 4)
    code = np.array([f"fox-owl-{number:06d}" for number in range(pupils)])
    returns = random.random(pupils) < matched
    later = np.where(returns, code, np.array([f"new-elm-{number:06d}" for number in range(pupils)]))
    waves = [
        _wave(random, school, at, stage, code, "pre", ability),
        _wave(random, school, at, stage, later, "post", ability + shift),
    ]

    rated = np.flatnonzero(random.random(schools) < 0.9)
    answers = np.clip(np.rint(rating[rated, None] + random.normal(0, 0.5, (len(rated), 8))), 1, 5).astype(int)
    ht = pd.DataFrame(answers, columns=[f"ht{number}" for number in range(1, 9)])
    ht.insert(0, "school_id", school["school_id"].to_numpy()[rated])
    codebook = pd.DataFrame(
        [
            {"stage_group": group, "item": item, "points": points, "reverse": int(item == "q05")}
            for group, points in POINTS.items()
            for item in ITEMS
        ]
    )
    return {"pupils.csv": pd.concat(waves), "ht.csv": ht, "codebook.csv": codebook, "schools.csv": school}


def _wave(random, school, at, stage, code, wave, level):
    sheet = school.iloc[at].reset_index(drop=True)
    sheet["stage"] = [f"P{number}" for number in stage]
    sheet["pupil_code"] = code
    sheet["wave"] = wave
    points = np.where(stage >= 5, 5, 3)
    for item in ITEMS:
        answer = (points + 1) / 2 + (points - 1) / 4 * (0.4 + level + random.normal(0, 0.8, len(at)))
        answer = np.clip(np.rint(answer), 1, points)
        if item == "q05":
            answer = points + 1 - answer
        sheet[item] = pd.array(np.where(random.random(len(at)) < 0.03, np.nan, answer), dtype="Int64")
    return sheet
