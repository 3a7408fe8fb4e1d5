"""Seconds and peak memory of each stage of an evaluation, measured from outside: the functions themselves know nothing of it."""

import importlib
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest import mock

# stage: the functions that are its work, as "module:name" under reports. What one of them calls that is a stage of its own counts
# there and not here.
STAGES = {
    "reading": ["files:read_folder"],
    "cleaning": ["analysis.pipeline:validate", "analysis.matching:clean"],
    "matching": ["analysis.matching:analysable", "analysis.attrition:baseline_of", "analysis.attrition:attrition"],
    "item tables": ["analysis.descriptives:item_tables"],
    "reliability": ["analysis.pipeline:_reliability"],
    "change": ["analysis.change:change_of", "analysis.change:change_by_stage", "analysis.change:change_groups"],
    "models": [
        "analysis.comparison:companions",
        "analysis.headline:headline",
        "analysis.pipeline:_sensitivities",
        "analysis.ordinal:item_models",
        "analysis.mixed:school_means",
        "analysis.sensitivity:dose_response",
    ],
    "resampling": [
        "analysis.resampling:wild_cluster",
        "analysis.resampling:permutation",
        "analysis.descriptives:school_weights",
        "analysis.descriptives:_intervals",
    ],
    "disclosure": ["analysis.parts:parts_of", "analysis.disclosure:suppress"],
}
EVERY = 0.002  # seconds between two looks at the memory


class Clock:
    """Which stage is under way, how long each took, and the most memory while it did."""

    def __init__(self):
        self.taken, self.peak, self._under_way, self._since = {}, {}, ["the rest"], time.perf_counter()

    @contextmanager
    def measuring(self):
        """Patch every stage and look at the memory from a thread of its own."""
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=[ended], daemon=True)
        with ExitStack() as patches:
            for stage, places in STAGES.items():
                for place in places:
                    patches.enter_context(self._patched(stage, *place.split(":")))
            watcher.start()
            self._since = time.perf_counter()
            try:
                yield
            finally:
                self._note()
                ended.set()
                watcher.join()

    def _patched(self, stage, module, name):
        module = importlib.import_module(f"reports.{module}")
        return mock.patch.object(module, name, self._wrapped(stage, getattr(module, name)))

    def _wrapped(self, stage, work):
        def measured(*arguments, **named):
            self._note()
            self._under_way.append(stage)
            try:
                return work(*arguments, **named)
            finally:
                self._note()
                self._under_way.pop()

        return measured

    def _note(self):
        now, stage = time.perf_counter(), self._under_way[-1]
        self.taken[stage] = self.taken.get(stage, 0.0) + now - self._since
        self._since = now

    def _watch(self, ended):
        while not ended.wait(EVERY):
            stage = self._under_way[-1]
            self.peak[stage] = max(self.peak.get(stage, 0.0), resident())


def resident():
    """The memory that this process holds now, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def peak_while(work):
    """How much the memory of this process grows at most while `work()` is done, in MB."""
    before, most, ended = resident(), [0.0], threading.Event()

    def watch():
        while not ended.wait(EVERY):
            most[0] = max(most[0], resident())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    work()
    ended.set()
    watcher.join()
    return max(most[0] - before, 0.0)
