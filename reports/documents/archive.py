"""Office files are zip archives that carry the time of their making in several places; equal results must be equal files."""

import io
import re
import zipfile
from datetime import datetime

from reports.numbers import parsed_date

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 (document properties carry no time zone)


def moment_of(results):
    """The day on which the results were made, as the date that goes into a file; a fixed one when it is not known."""
    made = parsed_date((results.get("provenance") or {}).get("generated_at"))
    return datetime(made.year, made.month, made.day) if made else EPOCH  # noqa: DTZ001


def with_fixed_dates(raw, moment):
    """The same Office file with every date inside fixed."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            # A picture is small already; trying again takes as long as drawing it.
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            target.writestr(info, data)
    return out.getvalue()
