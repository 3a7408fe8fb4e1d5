"""How often does the evaluation find something when there is nothing? (statistics.md, section 10)

    ./run bench null_simulation
    python -m tests.bench.null_simulation [--programmes 2000] [--schools 16 130] [--scenario plain start transient alike strong]

Simulates whole programmes with no true effect of the rating: pupils of schools that differ in level and in change,
answering 12 five-point or 8 three-point questions twice. Counts how often p < .05 for the headline P*, for its
companions, and for a chi-square on pupils, which is what a spreadsheet would do. The headline must lie in 3-8 %.

plain       nothing special
start       high-rated schools start 0.3 SD higher, persistently
transient   the rating follows the school's observed baseline, which carries a passing mood (SD 0.3)
alike       pupils of a school change more alike (SD of the schools' changes 0.30 instead of 0.15)
strong      so much alike (0.45) that a chi-square on pupils finds something in about half of the programmes
"""

import argparse
import itertools
import json
import sys
import time
from types import SimpleNamespace

import numpy as np
from scipy import stats

from reports.analysis import comparison, results
from reports.analysis.matching import Pairs
from tests.bench.measuring import Figure

PUPILS = 37
SCHOOL_SD, PUPIL_CHANGE_SD, LOADING = 0.25, 0.6, 1.2
CHANGE_SD = {"alike": 0.30, "strong": 0.45}  # of the schools' mean changes; elsewhere 0.15
CUTS = {0: np.array([-1.6, 0.4]), 1: np.array([-2.4, -1.2, 0.0, 1.4])}
ITEMS = {0: 8, 1: 12}
SCENARIOS = ("plain", "start", "transient", "alike", "strong")
BOUNDS = (0.03, 0.08)


def programme(random, schools, scenario):
    """The comparison sample of one simulated programme without an effect."""
    mood = random.normal(0, 0.3, schools) if scenario == "transient" else np.zeros(schools)
    high = random.permutation(schools) < schools // 2
    start = random.normal(0, SCHOOL_SD, schools) + (0.3 * high if scenario == "start" else 0.0)
    size = np.maximum(3, random.poisson(PUPILS, schools))
    school = np.repeat(np.arange(schools), size)
    group = np.sort(random.integers(0, 2, len(school)) + 2 * school) - 2 * school
    trait = random.normal(0, 1, len(school)) + start[school]
    moved = random.normal(-0.1, CHANGE_SD.get(scenario, 0.15), schools)[school] + random.normal(
        0, PUPIL_CHANGE_SD, len(school)
    )
    before = _sums(random, trait + mood[school], group)
    after = _sums(random, trait + moved, group)
    count = np.where(group == 0, ITEMS[0], ITEMS[1])
    if scenario == "transient":
        seen = np.bincount(school, weights=before / count / np.where(group == 0, 0.4, 0.8)) / size
        seen += random.normal(0, 0.05, schools)
        high = seen > np.median(seen)
    change = after - before
    pairs = Pairs(
        school=school,
        group=group.astype(np.int8),
        b=before / count,
        y=after / count,
        d=change / count,
        dsum=change,
        complete=np.ones(len(school), dtype=bool),
        pre=np.arange(len(school)),
        post=np.arange(len(school)),
    )
    sheets = SimpleNamespace(cluster=np.full(schools, -1), quintile=np.zeros(schools, dtype=np.int8))
    return comparison.sample_of(pairs, sheets, np.where(high, 4.5, 3.5), high)


def _sums(random, latent, group):
    """Each pupil's sum of answers of one wave."""
    total = np.zeros(len(latent), dtype=np.int64)
    for index, cuts in CUTS.items():
        here = np.flatnonzero(group == index)
        noisy = LOADING * latent[here, None] + random.logistic(0, 1, (len(here), ITEMS[index]))
        total[here] = ITEMS[index] + (noisy[:, :, None] > cuts).sum(axis=(1, 2))
    return total


MODELS = {
    "P* (headline)": lambda sample: comparison.logit_high(sample, True).p,
    "P": lambda sample: comparison.logit_high(sample, False).p,
    "LPM*": lambda sample: comparison.linear(sample, True).p,
    "S1 ANCOVA": lambda sample: comparison.ancova(sample, False).p,
    "S1* ANCOVA": lambda sample: comparison.ancova(sample, True).p,
    "S2 change score": lambda sample: comparison.change_score(sample).p,
    "chi-square on pupils": lambda sample: _chi_square(sample),
}


def _chi_square(sample):
    declined = sample.declined.astype(bool)
    table = [[(declined & arm).sum(), (~declined & arm).sum()] for arm in (sample.high, ~sample.high)]
    return stats.chi2_contingency(table, correction=False).pvalue


def rejections(programmes, schools, scenario, seed=20150801):
    """{model: share of programmes with p < .05}; a model that cannot be computed does not reject."""
    found = dict.fromkeys(MODELS, 0)
    for number in range(programmes):
        sample = programme(np.random.default_rng([seed, schools, SCENARIOS.index(scenario), number]), schools, scenario)
        for name, model in MODELS.items():
            try:
                found[name] += model(sample) < 0.05
            except results.NotEstimable:
                continue
    return {name: float(count / programmes) for name, count in found.items()}


def figures():
    """Yield how often each model rejects at 5 % in 2,000 programmes of 16 and of 130 schools; the headline within its bounds."""
    least, most = (100 * bound for bound in BOUNDS)
    for scenario, schools in itertools.product(("plain", "strong"), (16, 130)):
        for name, share in rejections(2000, schools, scenario).items():
            bounds = {"least": least, "must": most} if name == "P* (headline)" else {}
            words = f"false positives of {name}, {schools} schools, {scenario}"
            yield Figure(words, 100 * share, "%", floor=5.0, **bounds)


def main():
    """Run the simulation and say whether the headline keeps its promise; exit status 1 if not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programmes", type=int, default=2000)
    parser.add_argument("--schools", type=int, nargs="+", default=[16, 130])
    parser.add_argument("--scenario", nargs="+", choices=SCENARIOS, default=["plain"])
    chosen = parser.parse_args()
    kept = True
    for scenario in chosen.scenario:
        for schools in chosen.schools:
            began = time.process_time()
            found = rejections(chosen.programmes, schools, scenario)
            line = {
                "scenario": scenario,
                "schools": schools,
                "programmes": chosen.programmes,
                **found,
                "cpu_s": round(time.process_time() - began, 1),
            }
            print(json.dumps(line), flush=True)
            kept &= BOUNDS[0] <= found["P* (headline)"] <= BOUNDS[1]
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
