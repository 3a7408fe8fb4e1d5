"""The whole analysis of an evaluation, against reading its file and counting its answers."""

import tempfile
from pathlib import Path

import pandas as pd

from reports.analysis import pipeline, schema
from tests.bench.measuring import Figure, in_new_process, seconds
from tests.bench.sheets import ITEMS, evaluation_files

# pupils: seconds, seconds to aim for, MB, how often it is measured
TARGETS = {12_000: (1.5, 0.5, 500, 3), 120_000: (6, 2.5, 1200, 3), 1_200_000: (90, 20, 4000, 1)}
TEN_TIMES, TEN_TIMES_AIM = 12, 10


def figures(sizes=(12_000, 120_000)):
    """Yield the time and the peak memory of an evaluation of each size, and what ten times the pupils cost."""
    before = None
    for pupils in sizes:
        must, stretch, memory, times = TARGETS[pupils]
        with tempfile.TemporaryDirectory() as name:
            for file, table in evaluation_files(pupils).items():
                table.to_csv(Path(name) / file, index=False)
            (floor, taken), peak = in_new_process(_evaluate, name, times)
        what = f"analysis of {pupils:,} pupils, before and after"
        yield Figure(what, taken, "s", floor=floor, must=must, stretch=stretch)
        yield Figure(f"  its peak memory, {pupils:,} pupils", peak, "MB", must=memory)
        if before:
            yield Figure(
                f"  times the time of {pupils // 10:,} pupils",
                taken / before,
                "×",
                must=TEN_TIMES,
                stretch=TEN_TIMES_AIM,
            )
        before = taken


def _evaluate(folder, times):
    """Return the seconds of the floor and of the analysis."""

    def read(file):
        return pd.read_csv(Path(folder) / file, dtype=str, keep_default_na=False)

    def count():
        table = read("pupils.csv")
        return [table[item].value_counts() for item in ITEMS]

    data = schema.EvaluationData(
        pupils=read("pupils.csv"), ht=read("ht.csv"), codebook=read("codebook.csv"), schools=read("schools.csv")
    )
    return seconds(count, times=times), seconds(lambda: pipeline.evaluate(data, schema.Plan()), times=times)
