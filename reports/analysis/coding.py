"""Cells as whole numbers: the only place that looks at what was typed.

``labels``  a column of names: leading and trailing space dropped, numbers without ".0", blank is -1.
            The names come sorted, so that no code depends on the order of the rows.
``cells``   a column of answers: 0 blank; 1 to 7 that answer; -1 an unscored answer ("not sure",
            "not done", "prefer not to say", "too early to say", "cannot say": UNSCORED); -2 and below
            anything else, one number for each distinct text so that rows which differ only there stay different.
``short``   a cell as a sentence quotes it.
``pack``    several columns of small whole numbers as few 64-bit keys, for sorting and comparing rows.
"""

import numpy as np
import pandas as pd

HIGHEST_ANSWER = 7
LONGEST_SHOWN = 60
UNSCORED = frozenset({"NS", "ND", "PN", "PNS", "TE", "CS"})
BLANK = frozenset({"", "NA", "NAN", "<NA>", "NONE"})


def tidy(value):
    """One cell as text: blank for missing, no outer space, whole numbers without a decimal part."""
    if type(value) is str:
        return value.strip()
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def short(value):
    """What somebody typed, as a sentence can quote it: on one line, and no more than 60 letters of it."""
    text = str(value)[: 10 * LONGEST_SHOWN]
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def labels(column, fold=None):
    """A column of names as ``(codes, names)``; ``names`` sorted and distinct, code -1 where blank.

    fold    optional: what is done to a name, such as upper-casing; it must leave line breaks alone
    """
    raw, distinct = pd.factorize(column)
    texts = [value.strip() if type(value) is str else tidy(value) for value in distinct.tolist()]
    if fold:
        texts = folded(texts, fold)
    codes, names = pd.factorize(np.array(texts, dtype=object), sort=True)
    names = names.tolist()
    if names and names[0] == "":
        codes, names = codes - 1, names[1:]
    return np.append(codes, -1).astype(np.int32)[raw], names


def folded(texts, fold):
    """``fold`` of every text: of all at once where that can be told apart again, which is much quicker."""
    together = fold("\n".join(texts)).split("\n")
    return together if len(together) == len(texts) else [fold(text.replace("\n", "")) for text in texts]


def cells(column):
    """A column of answers as int16; see the module for what each number means."""
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            whole = (values >= 1) & (values <= HIGHEST_ANSWER) & (values == np.floor(values))
        answers = np.where(whole, values, 0).astype(np.int16)
        odd = ~whole & ~np.isnan(values)
        if odd.any():
            _, rank = np.unique(values[odd], return_inverse=True)
            answers[odd] = -2 - rank
        return answers
    raw, distinct = pd.factorize(column)
    texts = [tidy(value).upper() for value in distinct.tolist()]
    odd = {text: -2 - rank for rank, text in enumerate(sorted({text for text in texts if _answer(text) is None}))}
    meaning = [odd[text] if text in odd else _answer(text) for text in texts]
    return np.array(meaning + [0], dtype=np.int16)[raw]


def _answer(text):
    """What an upper-case text means as an answer, or None if nothing."""
    if text in BLANK:
        return 0
    if text in UNSCORED:
        return -1
    try:
        number = float(text)
    except ValueError:
        return None
    return int(number) if number.is_integer() and 1 <= number <= HIGHEST_ANSWER else None


def pack(columns):
    """Columns of whole numbers packed side by side into as few int64 keys as they fit."""
    keys, key, room = [], None, 0
    for column in columns:
        low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
        size = high - low + 1
        shifted = column.astype(np.int64) - low
        if key is None or room * size >= 2**62:
            key, room = shifted, size
            keys.append(key)
        else:
            key, room = key * size + shifted, room * size
            keys[-1] = key
    return keys
