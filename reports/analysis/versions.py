"""Two versions of one report: what a reader who kept the first learns from the second.

A sheet that came late, or one that was corrected, changes every table that it is counted in by one. Whoever holds
both versions subtracts. So before a version goes out it is compared with those that went out before. This is asked
while somebody waits for a page, so it loads no numpy.
"""

FEW_SCHOOLS = 3
OUTCOMES = ("declined", "held", "improved")


def few_changed(earlier, later, minimum_base, small_cell):
    """Whether a published table differs between two stored results by a few pupils, or a rating group by a few schools.

    A table that one of the two hides cannot be subtracted. The thresholds are those of ``schema.Rules``.
    """
    before, after = dict(_tables(earlier)), dict(_tables(later))
    pupils = any(_few(before[name], after[name], minimum_base, small_cell) for name in before.keys() & after.keys())
    earlier_schools, later_schools = _schools(earlier), _schools(later)
    return pupils or any(
        0 < abs(earlier_schools[name] - later_schools[name]) < FEW_SCHOOLS
        for name in earlier_schools.keys() & later_schools.keys()
        if None not in (earlier_schools[name], later_schools[name])
    )


def few_changed_figures(earlier, later, minimum_base, small_cell):
    """The same for two stored figures of one place on school sheets (``school_sheets``)."""
    before, after = dict(_figure_tables(earlier)), dict(_figure_tables(later))
    return any(_few(before[name], after[name], minimum_base, small_cell) for name in before.keys() & after.keys())


def _figure_tables(figures):
    for group, items in figures["items"].items():
        for name, item in items.items():
            for wave in ("pre", "post"):
                yield (group, name, wave), (item[f"n_{wave}"], [item[f"pos_{wave}"]])
    yield "outcomes", (figures["matched"], [figures["outcomes"][key] for key in OUTCOMES])


def _few(before, after, minimum_base, small_cell):
    """before, after: (base, cells) with None for what is hidden."""
    (n, cells), (later_n, later_cells) = before, after
    if None not in (n, later_n) and 0 < abs(later_n - n) < minimum_base:
        return True
    known = [(one, other) for one, other in zip(cells, later_cells, strict=False) if None not in (one, other)]
    return any(0 < abs(other - one) < small_cell for one, other in known)


def _tables(results):
    """Every published table of counts: (name, (base, cells))."""
    for group, items in results["items"].items():
        for name, item in items.items():
            for wave in ("pre", "post"):
                answers = [item.get(f"n_pos_{wave}"), *(item[f"counts_{wave}"] or [])]
                yield (group, name, wave), (item[f"n_{wave}"], answers)
            yield (group, name, "pairs"), (item["n_pair"], [item[key] for key in OUTCOMES])
    groups = results["change_groups"]
    rows = {**results["change_by_stage"], **{name: groups[name] for name in ("all", "high", "low") if groups[name]}}
    for name, row in rows.items():
        yield ("outcomes", name), (row["n"], [row[key] for key in OUTCOMES])
    for name, row in _breakdown_rows(results):
        yield name, (row["n"], [row[key] for key in OUTCOMES])
    yield from _adult_tables(results.get("adults"))
    for row in results["match_table"]:
        yield ("matching", row["group"]), (row["n_pre"], [row["n_matched"]])


def _adult_tables(adults):
    adults = adults or {"confidence": {}, "agreement": [], "choices": []}
    scales = [((group, area), table) for group, areas in adults["confidence"].items() for area, table in areas.items()]
    scales += [
        ((group, question["item"]), table)
        for question in adults["agreement"]
        for group, table in question["groups"].items()
    ]
    for name, table in scales:
        for wave in ("pre", "post"):
            answers = [table.get(f"n_pos_{wave}"), table.get(f"cannot_say_{wave}"), *(table[f"counts_{wave}"] or [])]
            yield ("adults", *name, wave), (table[f"n_{wave}"], answers)
        pairs = [table[key] for key in (*OUTCOMES, "n_pos_pre_pair", "n_pos_post_pair")]
        yield ("adults", *name, "pairs"), (table["n_pair"], pairs)
    for question in adults["choices"]:
        for group, times in question["groups"].items():
            for wave, ticks in times.items():
                counts = [option["count"] for option in ticks["options"]]
                yield ("adults", group, question["item"], wave), (ticks["n"], counts)


def _schools(results):
    """Every published number of schools that a school's rating, or what kind of school it is, can change: {name: number}."""
    found = {key: results["flow"][key] for key in ("schools_rated", "schools_high", "schools_low")}
    return found | {name: row["schools"] for name, row in _breakdown_rows(results)}


def _breakdown_rows(results):
    for name, rows in (results.get("breakdowns") or {}).items():
        for row in rows or ():
            yield ("breakdown", name, row["group"]), row
