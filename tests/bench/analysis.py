"""The whole analysis of an evaluation, against reading its file and counting its answers."""

import tempfile
from pathlib import Path

import pandas as pd

from reports.analysis import pipeline, schema
from tests.bench.measuring import Figure, in_new_process, seconds
from tests.bench.sheets import ITEMS, evaluation_files

TARGETS = {12_000: (1.5, 0.5, 500), 120_000: (6, 2.5, 1200)}  # pupils: seconds, seconds to aim for, MB


def figures(sizes=(12_000, 120_000)):
    """Yield the time and the peak memory of an evaluation of each size."""
    for pupils in sizes:
        with tempfile.TemporaryDirectory() as name:
            for file, table in evaluation_files(pupils).items():
                table.to_csv(Path(name) / file, index=False)
            (floor, taken), peak = in_new_process(_evaluate, name)
        must, stretch, memory = TARGETS[pupils]
        what = f"analysis of {pupils:,} pupils, before and after"
        yield Figure(what, taken, "s", floor=floor, must=must, stretch=stretch)
        yield Figure(f"  its peak memory, {pupils:,} pupils", peak, "MB", must=memory)


def _evaluate(folder):
    """Return the seconds of the floor and of the analysis."""

    def read(file):
        return pd.read_csv(Path(folder) / file, dtype=str, keep_default_na=False)

    def count():
        table = read("pupils.csv")
        return [table[item].value_counts() for item in ITEMS]

    data = schema.EvaluationData(
        pupils=read("pupils.csv"), ht=read("ht.csv"), codebook=read("codebook.csv"), schools=read("schools.csv")
    )
    return seconds(count, times=3), seconds(lambda: pipeline.evaluate(data, schema.Plan()), times=3)
