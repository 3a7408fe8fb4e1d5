"""Pages set by a process of their own, whose memory goes back when it ends.

typst remembers what it has set, which makes a thousand small sheets quick and lets a worker grow by a hundred megabytes with each
large report. What is large is therefore set here, and so is whatever the web process makes: it never loads typst.
"""

import base64
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class TypesettingError(Exception):
    """typst could not set these data; the message is its own."""


def pages_apart(template, data, **how):
    """The same as `typesetting.pages`, made by `typesetting` run as a program."""
    asked = json.dumps({"template": template, "data": data, "how": how})
    program = [sys.executable, "-m", "reports.documents.typesetting"]
    done = subprocess.run(program, cwd=ROOT, input=asked.encode(), capture_output=True, check=False)
    if done.returncode:
        raise TypesettingError(done.stderr.decode(errors="replace"))
    return [base64.b64decode(line) for line in done.stdout.splitlines()]
