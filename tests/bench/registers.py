"""The import of each official school register, from the file to the preview and the applied change."""

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.measuring import Figure
from tests.bench.site import ROOT, own_site

FOLDER = ROOT.parent / "shared" / "data" / "schools"
LIMIT = 20  # seconds each


def figures():
    """Yield the time to preview and to apply each register that lies in the data folder beside the project."""
    files = sorted(path for path in FOLDER.glob("*.xlsx")) if FOLDER.is_dir() else []
    if not files:
        print(f"  skipped: there are no official registers in ../{FOLDER.relative_to(ROOT.parent)}")
        return
    with own_site() as site:
        for path in files:
            floor = _bare_read(path)
            for words, options in (("preview of", []), ("import of", ["--apply"])):
                started = time.perf_counter()
                site.manage("import_schools", str(path), *options)
                taken = time.perf_counter() - started
                yield Figure(f"{words} {_short(path)}", taken, "s", floor=floor, must=LIMIT)


def _bare_read(path):
    """Seconds to start Python and read every cell of the workbook, nothing more."""
    script = "import sys, openpyxl\nfor s in openpyxl.load_workbook(sys.argv[1], read_only=True):\n  [*s.values]"
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    return time.perf_counter() - started


def _short(path: Path):
    return re.sub(r"[_+]+", " ", path.stem)
