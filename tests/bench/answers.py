"""Kept answers of a cohort (`reports.coded`): as a CSV file, and counted for each school, wave and question."""

import os
import tempfile
from pathlib import Path

from tests.bench.measuring import Figure, in_new_process, seconds
from tests.bench.sheets import ITEMS, evaluation_files

# sheets: seconds for the CSV file, to aim for, seconds for the counts, to aim for
TARGETS = {12_000: (0.3, 0.1, 0.1, 0.04), 120_000: (2.5, 0.8, 0.4, 0.1)}
MOST_MEMORY = 50  # MB that a file may add


def figures():
    """Yield the time of the file with the memory that it adds, and that of the counts, for each number of sheets."""
    for sheets, (csv, csv_aim, counts, counts_aim) in TARGETS.items():
        with tempfile.TemporaryDirectory() as name:
            kept = Path(name) / "kept"
            in_new_process(_keep, sheets, str(kept))
            found, _ = in_new_process(_use, str(kept))
        yield Figure(
            f"CSV file of {sheets:,} sheets", found["csv"], "s", floor=found["copy"], must=csv, stretch=csv_aim
        )
        yield Figure("  memory that it adds", found["memory"], "MB", must=MOST_MEMORY)
        yield Figure(
            f"counts of {sheets:,} sheets by school, wave and question",
            found["counts"],
            "s",
            floor=found["unpacked"],
            must=counts,
            stretch=counts_aim,
        )


def _keep(sheets, path):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")
    import django

    django.setup()
    from reports import coded

    pupils = evaluation_files(sheets // 2)["pupils.csv"].astype("str").fillna("")
    Path(path).write_bytes(coded.packed(pupils))


def _use(path):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pcp.settings")
    import django

    django.setup()
    import numpy as np

    from reports import coded, files
    from tests.bench.stages import peak_while

    content = Path(path).read_bytes()

    def write():
        with open(f"{path}.csv", "wb") as file:
            for piece in files.csv_chunks(coded.unpacked(content)):
                file.write(piece)

    def count():
        pupils = coded.unpacked(content)
        schools = len(pupils["school_id"].cat.categories)
        cell = pupils["wave"].cat.codes.to_numpy(np.int64) * schools + pupils["school_id"].cat.codes.to_numpy()
        found = []
        for item in ITEMS:
            codes, points = pupils[item].cat.codes.to_numpy(), len(pupils[item].cat.categories)
            found.append(np.bincount(cell * points + codes, minlength=2 * schools * points))
        return found

    memory = peak_while(write)
    written = Path(f"{path}.csv").read_bytes()
    return {
        "memory": memory,
        "csv": seconds(write),
        "copy": seconds(lambda: Path(f"{path}.copy").write_bytes(written)),
        "counts": seconds(count),
        "unpacked": seconds(lambda: coded.unpacked(content)),
    }
