"""Disclosure control of the adults' reading: the thresholds of the pupils' results (``schema.Rules``), on people.

Base          fewer than ``minimum_base`` sheets or answers hide everything computed from them
Answers       one unsafe answer of a question hides its whole distribution and mean of that time; the share that is
              positive stays if it is safe itself. Unsafe: 1 to 4 people, all but 1 to 4, or everybody of fewer than 20
              alike
Nearly all    where a positive share is hidden and fewer than five people differ, or fewer than five were positive, it is
              said to be over, or under, the next of 90, 75 and 50 per cent (10, 25, 50) that leaves room for five. That
              almost all agree is worth knowing, and the bound tells no more than that fewer than five differ
Cannot say    fewer than five look the same as none: hidden, and the blanks with them, so that the base does not give
              the number back
Pairs         declined, held and improved by the rule for answers
Matched, all  both tables of one question are about the same people but for those who could not be matched. Where these
              few could be told by taking one table from the other, the table of all answers of that time is hidden,
              whatever the matched people show
Choices       an unsafe option hides itself; where everybody ticked exactly one, all options, since they sum to the base

Groups of people have no total, so that no group can be had by taking the others away.
"""

from copy import deepcopy

import numpy as np

from reports.analysis.cells import OUTCOMES, hide, without_a_figure
from reports.analysis.safety import safety_of
from reports.analysis.schema import WAVES

BOUNDS = (0.9, 0.75, 0.5)


def suppress(results, rules):
    """The copy of ``adults.describe`` that may be stored and shown under ``rules`` (schema.Rules)."""
    results = deepcopy(results)
    safety = safety_of(rules)
    for counts in results["groups"].values():
        hide(counts, *[key for key in ("sheets_pre", "sheets_post", "linked") if _few(counts[key], rules.minimum_base)])
    tables = [table for areas in results["confidence"].values() for table in areas.values()]
    tables += [table for question in results["agreement"] for table in question["groups"].values()]
    for table in tables:
        _question(table, safety)
    for question in results["choices"]:
        for times in question["groups"].values():
            for ticks in times.values():
                _choices(ticks, safety)
    results["disclosure"] = {
        "rule": rules.rule,
        "threshold": rules.minimum_base,
        "small_cell": rules.small_cell,
        "alike_base": rules.alike_base,
    }
    results["disclosure"]["cells_hidden"] = without_a_figure(results)
    return results


def _few(value, limit):
    return value is not None and 0 < value < limit


def _question(table, safety):
    n = table["n_pair"]
    shares = [_split(table, f"n_pos_{wave}_pair", n) for wave in WAVES]
    outcomes = np.array([table[outcome] or 0 for outcome in OUTCOMES])
    rest = {wave: _rest(table, wave, pair) for wave, pair in zip(WAVES, shares, strict=True)}
    positive = {wave: _split(table, f"n_pos_{wave}", table[f"n_{wave}"]) for wave in WAVES}

    shares_shown = all(bool(safety.spread(pair)) for pair in shares)
    outcomes_shown = bool(safety.spread(outcomes))
    if not safety.base(outcomes):
        hide(table, "n_pair")
    # Beside a bound on a hidden share, who moved up or down could tell the share itself.
    outcomes_shown = outcomes_shown and shares_shown
    if not outcomes_shown:
        hide(table, *OUTCOMES, "net", "mean_change", "mean_change_lo", "mean_change_hi")
    if not shares_shown:
        keys = [f"{key}_pair{end}" for key in ("pos_pre", "pos_post", "pos_change") for end in ("", "_lo", "_hi")]
        hide(table, "n_pos_pre_pair", "n_pos_post_pair", *keys)
    for wave in WAVES:
        # Whether the pairs are shown or not: that they are hidden would tell what the table of all does not.
        told = n > 0 and rest[wave].sum() > 0 and not safety.spread(rest[wave])
        _time(table, wave, positive[wave], told, safety)


def _split(table, key, n):
    """Positive and not, of ``n``."""
    positive = table.get(key) or 0
    return np.array([positive, n - positive])


def _rest(table, wave, pair):
    """Positive and not, of those who answered at this time and are not among the pairs."""
    return _split(table, f"n_pos_{wave}", table[f"n_{wave}"]) - pair


def _time(table, wave, positive, told, safety):
    """One time of one question; ``told`` says that the pairs' table would give away the others."""
    counts = np.array(table[f"counts_{wave}"])
    n, outside = table[f"n_{wave}"], table[f"cannot_say_{wave}"]
    shown = bool(safety.base(counts))
    share = shown and bool(safety.spread(positive)) and not told
    if not shown:
        hide(table, f"n_{wave}")
    if not (share and safety.spread(counts)):
        hide(table, f"counts_{wave}", f"mean_{wave}")
    table |= _bounds(wave, positive, safety.rules.small_cell) if shown and not share else {}
    if not share:
        hide(table, f"pos_{wave}", f"n_pos_{wave}", f"pos_{wave}_lo", f"pos_{wave}_hi")
        hide(table, "pos_change", "pos_change_lo", "pos_change_hi")
    small = safety.rules.small_cell
    few_outside = outside is not None and (n + outside < safety.rules.minimum_base or outside < small or n < small)
    if few_outside or not shown:  # a hidden number of answers is the base less the rest
        hide(table, f"cannot_say_{wave}", f"cannot_say_share_{wave}", f"blank_{wave}")
    if _few(table[f"base_{wave}"], safety.rules.minimum_base):
        hide(table, f"base_{wave}")


def _bounds(wave, positive, small):
    """Over or under which share a hidden positive share lies, where nearly all or nearly nobody was positive."""
    few, bound = int(positive.min()), next((share for share in BOUNDS if (1 - share) * positive.sum() >= small), None)
    if few >= small or bound is None:
        return {}
    return {f"pos_{wave}_over": bound} if positive[0] > positive[1] else {f"pos_{wave}_under": 1 - bound}


def _choices(ticks, safety):
    n, exclusive = ticks["n"], ticks.pop("ticks", None) == ticks["n"]
    unsafe = [not safety.spread(np.array([option["count"], n - option["count"]])) for option in ticks["options"]]
    for option, alone in zip(ticks["options"], unsafe, strict=True):
        if alone or (exclusive and any(unsafe)):
            hide(option, "count", "share")
    for key in ("base", "n"):
        if _few(ticks[key], safety.rules.minimum_base):
            hide(ticks, key, "blank")
