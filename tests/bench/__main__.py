"""``python -m tests.bench [NAMES]``: run the benchmarks that are named, or all, and print one table."""

import argparse
import importlib
import os

from tests.bench.measuring import as_table

NAMES = ("analysis", "answers", "documents", "registers", "pupil_form", "dashboard")
ASKED = ("million", "null_simulation", "ladder", "fan_out")  # only when named: they take minutes


def main():
    """Measure, print, and say which targets were missed; the exit status is 0 either way."""
    parser = argparse.ArgumentParser(prog="./run bench", description="Speed, as ratios to floors of the same run.")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"any of {', '.join((*NAMES, *ASKED))}; without a name, {', '.join(NAMES)}",
    )
    names = parser.parse_args().names or NAMES
    for name in names:
        if name not in (*NAMES, *ASKED):
            parser.error(f"there is no benchmark {name}")
    database = os.environ.get("DATABASE_URL", "SQLite").partition(":")[0]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, database {database}\n")
    found = []
    for name in names:
        print(f"{name} …", flush=True)
        found += importlib.import_module(f"tests.bench.{name}").figures()
    print("", *as_table(found), sep="\n")
    missed = [figure.what.strip() for figure in found if figure.verdict == "MISSED"]
    print("\nEvery target was reached." if not missed else f"\nMissed: {'; '.join(missed)}.")


if __name__ == "__main__":
    main()
