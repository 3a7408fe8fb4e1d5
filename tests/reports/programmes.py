"""Invented programmes with a known truth, as the analysis takes them.

``make_programme`` draws schools, headteachers' ratings and two waves of answers from a graded-response
model; the effect is on the pupils' true attitude, so that what the analysis should find is known:
none (``effect=0``), a protective one (``effect=0.15`` SD), few schools, or a mess (``messy=True``: blank and
repeated codes, answers out of range, duplicate rows, missing answers, schools without a rating).
The same arguments give the same programme.
"""

import numpy as np
import pandas as pd

from reports.analysis.schema import EvaluationData

ITEMS = {"P2P4": (8, 3), "P5P7": (12, 5)}
STAGES = {"P2P4": ("P2", "P3", "P4"), "P5P7": ("P5", "P6", "P7")}
HT_ITEMS = 6


def make_programme(
    schools=40,
    pupils_per_school=40,
    effect=0.0,
    seed=1,
    *,
    share_high=0.5,
    start_gap=0.0,
    school_sd=0.2,
    school_change_sd=0.15,
    drift=-0.1,
    lost=0.25,
    messy=False,
    stage_groups=("P2P4", "P5P7"),
    schools_per_cluster=5,
    reverse=True,
):
    """An ``EvaluationData`` of an invented programme.

    effect           true difference in change, high minus low, in SD of the attitude
    share_high       share of schools whose rating is at or above 4.0
    start_gap        how much higher high-rated schools start, in SD
    lost             share of pupils who answer only one of the two times
    stage_groups     which stage groups answer
    """
    random = np.random.default_rng(seed)
    ids = [f"S{number:04d}" for number in range(1, schools + 1)]
    high = np.arange(schools) < round(share_high * schools)
    random.shuffle(high)
    codebook = _codebook(stage_groups, reverse)
    sizes = np.maximum(2, random.poisson(pupils_per_school, schools))
    school = np.repeat(np.arange(schools), sizes)
    n = len(school)
    group = random.choice(len(stage_groups), n)
    stage = np.array([STAGES[stage_groups[g]][s] for g, s in zip(group, random.integers(0, 3, n), strict=True)])
    start = random.normal(0, school_sd, schools) + start_gap * high
    moved = random.normal(0, school_change_sd, schools) + effect * high + drift
    trait = random.normal(0, 1, n) + start[school]
    later = trait + moved[school] + random.normal(0, 0.6, n)
    known = _frame(school, stage, ids, schools_per_cluster)
    present = np.where(random.random(n) < lost, random.integers(0, 2, n), 2)
    waves = []
    for wave, latent, absent in (("pre", trait, 1), ("post", later, 0)):
        frame = known.assign(wave=wave, **_answers(random, latent, group, stage_groups, reverse))
        waves.append(frame[present != absent])
    pupils = pd.concat(waves, ignore_index=True)
    ht = _headteachers(random, ids, high)
    if messy:
        pupils, ht = _mess(random, pupils, ht, codebook)
    pupils = pupils.sample(frac=1, random_state=seed).reset_index(drop=True)
    return EvaluationData(pupils=pupils, ht=ht, codebook=codebook)


def national_programme(effect=0.15, seed=2):
    """The size of the real programme: 676 schools, about 12,000 pupils of whom about 5,000 match."""
    return make_programme(676, 18, effect, seed, lost=0.58, schools_per_cluster=6)


def as_strings(frame):
    """A frame as it would be read from a CSV file without guessing types."""
    return frame.astype(object).where(frame.notna(), "").astype(str).replace(r"\.0$", "", regex=True)


def _codebook(stage_groups, reverse):
    rows = []
    for name in stage_groups:
        count, points = ITEMS[name]
        for number in range(1, count + 1):
            turned = int(reverse and number == count)
            rows.append(
                {
                    "stage_group": name,
                    "item": f"item{number}",
                    "points": points,
                    "reverse": turned,
                    "construct": "attitude",
                    "text": f"Question {number} of {name}",
                }
            )
    return pd.DataFrame(rows)


def _frame(school, stage, ids, schools_per_cluster):
    cluster = school // schools_per_cluster
    return pd.DataFrame(
        {
            "school_id": np.array(ids)[school],
            "cluster": [f"C{number:03d}" for number in cluster],
            "la": [f"A{number // 4:02d}" for number in cluster],
            "simd_quintile": school % 5 + 1,
            "stage": stage,
            "pupil_code": [f"{number:06d}-K" for number in range(len(school))],
        }
    )


def _answers(random, latent, group, stage_groups, reverse):
    """Raw answers of one wave: {item: float array with NaN}."""
    most = max(ITEMS[name][0] for name in stage_groups)
    columns = {}
    for number in range(most):
        answers = np.full(len(latent), np.nan)
        for index, name in enumerate(stage_groups):
            count, points = ITEMS[name]
            here = group == index
            if number >= count:
                continue
            noisy = 1.2 * latent[here] + random.logistic(0, 1, here.sum()) + 0.3 * (number % 3 - 1)
            cuts = np.linspace(-2.2, 1.2, points - 1)
            value = 1 + (noisy[:, None] > cuts).sum(axis=1)
            turned = reverse and number == count - 1
            answers[here] = points + 1 - value if turned else value
        answers[random.random(len(latent)) < 0.01] = np.nan
        columns[f"item{number + 1}"] = answers
    return columns


def _headteachers(random, ids, high):
    """Ratings of 3.0 to 3.83 for low schools and 4.17 to 5.0 for high ones."""
    rows = []
    for school, is_high in zip(ids, high, strict=True):
        target = (
            random.integers(HT_ITEMS * 4 + 1, HT_ITEMS * 5) if is_high else random.integers(HT_ITEMS * 3, HT_ITEMS * 4)
        )
        answers = np.full(HT_ITEMS, target // HT_ITEMS)
        answers[: target - answers.sum()] += 1
        rows.append({"school_id": school, **{f"ht{number + 1}": value for number, value in enumerate(answers)}})
    return pd.DataFrame(rows)


def _mess(random, pupils, ht, codebook):
    """What real returns look like."""
    pupils = pupils.astype(object).where(pupils.notna(), "")
    rows = len(pupils)
    items = [name for name in pupils.columns if name.startswith("item")]

    def some(share):
        return random.choice(rows, max(1, int(share * rows)), replace=False)

    pupils.loc[some(0.03), "pupil_code"] = ""
    for _, rows_of_class in pupils.groupby(["school_id", "stage", "wave"], sort=True):
        if len(rows_of_class) > 1 and random.random() < 0.1:
            pupils.loc[rows_of_class.index[1], "pupil_code"] = rows_of_class["pupil_code"].iloc[0]
    for row in some(0.02):
        pupils.loc[row, "pupil_code"] = f" {str(pupils.loc[row, 'pupil_code']).lower().replace('-', ' - ')} "
    for value in ("9", "0", "x", "3.5", "NS", "PNS"):
        pupils.loc[some(0.01), random.choice(items)] = value
    for row in some(0.03):
        pupils.loc[row, random.choice(items, len(items) // 2 + 2, replace=False)] = ""
    pupils = pd.concat([pupils, pupils.iloc[some(0.02)]], ignore_index=True)
    ht = ht.iloc[: -max(1, len(ht) // 10)].copy().astype(object)
    ht.loc[ht.index[0], ["ht1", "ht2"]] = [7, ""]
    return pupils, ht
