"""The whole analysis of an evaluation from its files, stage by stage, against reading the file and counting its answers once."""

import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench.measuring import Figure, in_new_process, seconds
from tests.bench.sheets import ITEMS, evaluation_files

# pupils: seconds, seconds to aim for, MB, how often it is measured
TARGETS = {12_000: (1.5, 0.5, 500, 3), 120_000: (6, 2.5, 1200, 2), 1_200_000: (90, 20, 4000, 1)}
TEN_TIMES, TEN_TIMES_AIM = 12, 10


def figures(sizes=(12_000, 120_000)):
    """Yield time and peak memory of an evaluation of each size and of its stages, and what ten times the pupils cost."""
    before = None
    for pupils in sizes:
        must, stretch, memory, times = TARGETS[pupils]
        with tempfile.TemporaryDirectory() as name:
            in_new_process(_write, pupils, name)
            found, peak = in_new_process(_evaluate, name, times)
        whole = f"analysis of {pupils:,} pupils, before and after"
        yield Figure(whole, found["analysis"], "s", floor=found["floor"], must=must, stretch=stretch)
        yield Figure("  its peak memory, with reading", peak, "MB", must=memory)
        yield Figure("  floor: reading the file once", found["floor"], "s")
        yield Figure("  floor: counting coded answers once", found["counting"], "s", floor=found["floor"])
        for stage, taken in found["taken"].items():
            yield Figure(f"  {stage}", taken, "s", floor=found["floor"])
            yield Figure(f"  {stage}: peak memory", found["peak"].get(stage, 0.0), "MB")
        if before:
            words = f"  times the time of {pupils // 10:,} pupils"
            yield Figure(words, found["analysis"] / before, "×", must=TEN_TIMES, stretch=TEN_TIMES_AIM)
        before = found["analysis"]


def _write(pupils, folder):
    for file, table in evaluation_files(pupils).items():
        table.to_csv(Path(folder) / file, index=False)


def _evaluate(folder, times):
    """Return the seconds of the two floors and of the analysis, and of each of its stages with its memory."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")
    from reports import files
    from reports.analysis import disclosure, pipeline, schema
    from tests.bench.stages import Clock

    plan, best = schema.Plan(), None
    for _ in range(times):
        clock = Clock()
        with clock.measuring():
            data = files.read_folder(folder)
            disclosure.suppress(pipeline.evaluate(data, plan), plan.rules)
        if best is None or sum(clock.taken.values()) < sum(best.taken.values()):
            best = clock
    analysis = sum(taken for stage, taken in best.taken.items() if stage != "reading")
    answers = _coded(data)
    del data
    return {
        "analysis": analysis,
        "taken": best.taken,
        "peak": best.peak,
        "floor": seconds(
            lambda: pd.read_csv(Path(folder) / "pupils.csv", dtype=str, keep_default_na=False), times=times
        ),
        "counting": seconds(lambda: _counted(answers), times=times),
    }


def _coded(data):
    """The answers as small whole numbers with the number of their cell: (school, group, wave) x item."""
    pupils = data.pupils
    school = pd.factorize(pupils["school_id"])[0]
    cell = (school * 2 + (pupils["stage"].astype(str) >= "P5").to_numpy()) * 2 + (
        pupils["wave"].astype(str) == "post"
    ).to_numpy()
    return cell, [pupils[item].astype(str).replace("", "0").astype("int8").to_numpy() for item in ITEMS]


def _counted(answers):
    cell, columns = answers
    return [np.bincount(cell * 8 + column) for column in columns]
