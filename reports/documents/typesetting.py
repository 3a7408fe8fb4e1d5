"""The one place that calls typst: a template of ours and plain data in, pages out.

All text goes in as data (JSON through `sys_inputs`), never as markup, so nothing that anybody typed can be read as an
instruction; only our own fonts are used.
"""

import base64
import json
import sys
from pathlib import Path

import typst

from reports.documents.apart import TypesettingError

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "fonts"


def pages(template, data, **how):
    """What a template makes of plain data, as a list of bytes: one PDF, or as many pictures as there are pages.

    `template` is a file beside this one; `how` goes to typst as it is: format, ppi, pdf_standards, timestamp.
    """
    try:
        made = typst.compile(
            HERE / template,
            root=HERE,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            **how,
        )
    except typst.TypstError as error:
        raise TypesettingError(str(error)) from error
    return made if isinstance(made, list) else [made]


def main():
    """Set what standard input asks for; one line of base64 for each page."""
    asked = json.load(sys.stdin)
    try:
        found = pages(asked["template"], asked["data"], **asked["how"])
    except TypesettingError as error:
        sys.exit(str(error))
    sys.stdout.write("\n".join(base64.b64encode(page).decode() for page in found))


if __name__ == "__main__":
    main()
