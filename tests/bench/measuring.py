"""What every benchmark is made of: a figure with its floor and its targets, and ways to take it."""

import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value.

    `floor` is the value of the least work that could be called the same, taken in the same run; `must` and `stretch` are
    the targets, in `unit`. `more_is_better` is for throughputs; `least` is for what must not be too small either.
    """

    what: str
    value: float
    unit: str
    floor: float | None = None
    must: float | None = None
    stretch: float | None = None
    more_is_better: bool = False
    least: float | None = None

    @property
    def verdict(self):
        """`stretch`, `must` or `MISSED`, or nothing where there is no target."""
        if self.must is None:
            return ""
        if self.stretch is not None and self._reaches(self.stretch):
            return "stretch"
        return "must" if self._reaches(self.must) else "MISSED"

    @property
    def ratio(self):
        """How many times the floor the value is (for throughputs: how many times less than the floor)."""
        if not self.floor or not self.value:
            return None
        return self.floor / self.value if self.more_is_better else self.value / self.floor

    def _reaches(self, target):
        if self.least is not None and self.value < self.least:
            return False
        return self.value >= target if self.more_is_better else self.value <= target


def seconds(work, times=5):
    """Return the seconds of the least disturbed of several calls of `work()`, after one that is not counted."""
    work()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def in_new_process(work, *arguments):
    """Run `work(*arguments)` in a process of its own; return its result and that process's peak memory in MB."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_with_peak, work, arguments).result()


def _with_peak(work, arguments):
    result = work(*arguments)
    return result, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def as_table(figures):
    """Return the figures as lines of aligned text."""
    rows = [("measure", "figure", "floor", "× floor", "must", "stretch", "reached")]
    for figure in figures:
        rows.append(
            (
                figure.what,
                _number(figure.value, figure.unit),
                _number(figure.floor, figure.unit),
                _number(figure.ratio, ""),
                _target(figure, figure.must),
                _target(figure, figure.stretch),
                figure.verdict,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in (0, 6) else cell.rjust(width) for column, (cell, width) in pairs
        ).rstrip()
        for pairs in (list(enumerate(zip(row, widths, strict=True))) for row in rows)
    ]


def _target(figure, target):
    if target is None:
        return ""
    if figure.least is not None:
        return f"{_number(figure.least, '')} to {_number(target, figure.unit)}"
    return f"{'≥' if figure.more_is_better else '≤'} {_number(target, figure.unit)}"


def _number(value, unit):
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f} {unit}".strip()
