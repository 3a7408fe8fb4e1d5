"""Pupils' sheets as small whole numbers, kept until the data change: a second question about a cohort reads no answer again.

The table of all sheets is packed column by column: the distinct texts once, and for every row the number of its text. A fresh table
is packed and unpacked too, so that a report is the same to the last byte whether its answers were kept or not. What cannot be read
any more, or was packed by another version of this module, is made again.
"""

import hashlib
import io
import json
import zipfile
import zlib

import numpy as np
import pandas as pd

from reports.models import CodedAnswers
from reports.selection import sheets_of

FORMAT = 1  # to be raised whenever what is packed, or what `extracts` reads, changes


def pupils_table(cohort, around, read):
    """The table that `read()` gives, from what was kept if that is of the same data.

    `around` is a text that changes with all that the table depends on besides the sheets: places, questions, pseudonyms.
    """
    sheets = sheets_of(cohort)
    key = key_of(sheets, around)
    row = CodedAnswers.objects.filter(cohort=cohort, key=key).first()
    if row is not None and (table := _kept(bytes(row.content), row.sha256)) is not None:
        return table
    content = packed(read())
    digest = hashlib.sha256(content).hexdigest()
    CodedAnswers.objects.update_or_create(
        cohort=cohort, defaults={"key": key, "content": content, "sha256": digest, "sheets": sheets}
    )
    return unpacked(content)


def key_of(sheets, around):
    """A text that changes whenever the table would; `sheets` is what `selection.sheets_of` gives."""
    return hashlib.sha256(f"{FORMAT}|{sheets}|{around}".encode()).hexdigest()


def packed(table):
    """A table of texts as bytes."""
    names, arrays = [], {}
    for number, column in enumerate(table.columns):
        codes, texts = pd.factorize(table[column], sort=True)
        names.append((column, list(texts)))
        arrays[f"c{number}"] = codes.astype(np.min_scalar_type(len(texts)))
    arrays["names"] = np.frombuffer(json.dumps(names).encode(), dtype=np.uint8)
    raw = io.BytesIO()
    np.savez_compressed(raw, **arrays)
    return raw.getvalue()


def unpacked(content):
    """The table that was packed; its columns know their distinct texts (pandas calls that categories)."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        names = json.loads(arrays["names"].tobytes())
        return pd.DataFrame(
            {
                column: pd.Categorical.from_codes(
                    arrays[f"c{number}"].astype(np.int32), categories=pd.Index(texts, dtype="str")
                )
                for number, (column, texts) in enumerate(names)
            }
        )


def _kept(content, sha256):
    """The table that was kept, or None where its bytes are damaged."""
    if hashlib.sha256(content).hexdigest() != sha256:
        return None
    try:
        return unpacked(content)
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
