"""The whole evaluation: from four tables and a plan to one dictionary of plain values.

``evaluate`` gives the complete results; ``disclosure.suppress`` gives the copy that may be stored, shown
and exported. The same data in any order of rows give the same results to the last digit: only
``provenance.generated_at``, which the caller sets in the plan, may differ between two runs.

Numbers of pupils (``declined``, ``held``, ``improved``, ``declined_high`` ...) are counts; shares (``pos_*``,
``match_rate``, ``net``, ``rd``, ``p_high``) are proportions from 0 to 1, but ``*_pct`` is per cent;
``specifications`` are in the unit that each row names. ``parts`` are the counts of each cluster of the
whole, ``schools`` the ids of the place's schools: they serve disclosure control and are never stored.
"""

import hashlib
import platform

import numpy as np
import pandas as pd
import scipy

from reports import wording
from reports.analysis import (
    ANALYSIS_VERSION,
    adults,
    attrition,
    change,
    comparison,
    descriptives,
    headline,
    ladder,
    matching,
    mixed,
    noise,
    ordinal,
    parts,
    polychoric,
    reliability,
    representativeness,
    sensitivity,
)
from reports.analysis.adult_files import adult_data
from reports.analysis.adult_files import rejected as rejected_adults
from reports.analysis.checks import stages_present
from reports.analysis.coding import labels, short, tidy
from reports.analysis.comparison import RISK_KEYS
from reports.analysis.ratings import is_high, ratings
from reports.analysis.ratings import rejected as rejected_ratings
from reports.analysis.results import attempt, plain
from reports.analysis.scales import instruments as read_instruments
from reports.analysis.schema import STAGE_GROUPS, WAVES, validate
from reports.analysis.specifications import specifications

SCHEMA = 1
SCOPE = {"kind": "files", "title": "", "place": "", "cohort": "", "fieldwork": {"pre": "", "post": ""}}


def evaluate(data, plan, whole=None):
    """The results of an evaluation as plain JSON types (but ``parts``), before disclosure control.

    data    schema.EvaluationData; ``InvalidData`` is raised with a sentence when it cannot be read
    plan    schema.Plan
    whole   what ``parts_of_whole`` gives for the data of all places that have reports, of which ``data`` are one
            place's; None where ``data`` are the whole
    """
    validate(data)
    instruments = read_instruments(data.codebook, plan.item_set)
    sheets, _ = matching.clean(data, instruments)
    pairs = matching.analysable(sheets, instruments)
    rating, ht_out_of_range = ratings(data.ht, sheets.schools)
    rated, high = ~np.isnan(rating), is_high(rating, plan.cut)
    sample = comparison.sample_of(pairs, sheets, rating, high)

    results = {"schema": SCHEMA, "scope": {**SCOPE, **plan.scope}}
    results["flow"] = {
        **sheets.flow,
        "analysable_pairs": len(pairs),
        "comparison_pairs": len(sample.school),
        "schools_rated": int(rated.sum()),
        "schools_high": int((rated & high).sum()),
        "schools_low": int((rated & ~high).sum()),
        "ht_out_of_range_values": ht_out_of_range,
    }
    results["representativeness"] = representativeness.representativeness(data, sheets, pairs)
    results["items"] = descriptives.item_tables(sheets, pairs, instruments, plan.seed)
    results["reliability"] = _reliability(sheets, instruments)
    results["change"] = {
        name: change.change_of(pairs.at(pairs.group == index)) for index, name in enumerate(STAGE_GROUPS)
    }
    results["change_of_all"] = {
        name: change.difference_of_all(sheets.score[rows], sheets.post[rows], sheets.school[rows])
        for name, rows in zip(STAGE_GROUPS, sheets.rows, strict=True)
    }
    results["change_by_stage"] = change.change_by_stage(pairs)
    results["change_groups"] = change.change_groups(pairs, rated, high, plan.seed)
    baseline = attrition.baseline_of(sheets, pairs)
    results["attrition"], results["match_table"] = attrition.attrition(baseline, rated, high, sheets.quintile)
    results["sample"] = comparison.describe(sample)
    results["baseline_equiv_g"] = comparison.baseline_equivalence(sample)
    models = comparison.companions(sample, plan.seed)
    models |= _sensitivities(sample, sheets, pairs, rating, high)
    results["headline"] = headline.headline(sample, models["lpm_sm_cr2"], models["permutation_school"])
    results["companions"] = models
    results["item_models"] = ordinal.item_models(sheets, pairs, rating, high, instruments)
    results["school_means"] = attempt(mixed.school_means, pairs, schools=None)
    results["dose_response"] = attempt(sensitivity.dose_response, sample, line=None, schools=None)
    results["mde"] = headline.detectable(results["headline"], models)
    told_by_adults = adult_data(data)
    results["adults"] = adults.describe(told_by_adults, plan.seed) if told_by_adults else None
    results["disclosure"] = {
        "rule": plan.rules.rule,
        "threshold": plan.rules.minimum_base,
        "small_cell": plan.rules.small_cell,
        "cells_hidden": 0,
    }
    results["hidden_by_group"], results["hidden_reason"] = False, ""
    results["provenance"] = _provenance(data, plan, sheets)
    around = whole or parts.parts_of(sheets, pairs, instruments, rated, high, baseline)
    results["change_groups"] |= noise.reference(around["outcomes"]["stage"], pairs.group, instruments)
    return conclude(results) | {"parts": around, "schools": sheets.schools}


def parts_of_whole(data, plan):
    """The counts of every cluster of a programme, for ``evaluate`` of one place after the other."""
    validate(data)
    instruments = read_instruments(data.codebook, plan.item_set)
    sheets, _ = matching.clean(data, instruments)
    pairs = matching.analysable(sheets, instruments)
    rating, _ = ratings(data.ht, sheets.schools)
    rated, high = ~np.isnan(rating), is_high(rating, plan.cut)
    return parts.parts_of(sheets, pairs, instruments, rated, high, attrition.baseline_of(sheets, pairs))


def rejected(data, plan):
    """What was not used and why, for rejected.csv: dictionaries of file, row, column, value, reason."""
    pupils = matching.rejected(data, read_instruments(data.codebook, plan.item_set))
    found = pupils + rejected_ratings(data.ht, set(labels(data.pupils["school_id"])[1])) + rejected_adults(data)
    return [row | {"value": short(row["value"])} for row in found]


def conclude(results):
    """Add what is said to what was computed: ladder, checks, attention, forest and caveats."""
    results = plain(results)
    results |= ladder.climb(results)
    results["specifications"] = specifications(
        results["headline"], results["companions"], results["ladder"]["level"], results["sample"]["n"]
    )
    results["caveats"] = wording.caveats(
        _matched_share(results), results["provenance"], stages_present(results["reliability"])
    )
    return results


def _matched_share(results):
    rows = [row for row in results["match_table"] if row["group"] == "All"]
    return rows[0]["rate"] if rows else None


def _sensitivities(sample, sheets, pairs, rating, high):
    """The models beside the comparison's own: all pupils, complete answers, weighted, GEE, random school effect."""
    return {
        "did_all_cr2": comparison.difference_in_differences(sheets, rating, high),
        "headline_complete_items": attempt(sensitivity.complete_items, pairs, sheets, rating, high, **RISK_KEYS),
        "headline_weighted": attempt(sensitivity.weighted, sheets, pairs, sample, rating, high, **RISK_KEYS),
        "gee_exchangeable": attempt(sensitivity.gee, sample, **RISK_KEYS),
        "ancova_lmer": attempt(lambda: mixed.ancova(sample, comparison.scaled(sample.ys))),
    }


def _reliability(sheets, instruments):
    """Alpha and omega with their checks per stage group and wave."""
    found = {}
    for index, name in enumerate(STAGE_GROUPS):
        post = sheets.post[sheets.rows[index]]
        for wave in WAVES:
            answers = sheets.answers[index][post == (wave == "post")]
            scale, complete = reliability.scale_reliability(answers, instruments[name])
            scale |= polychoric.ordinal_reliability(complete, int(instruments[name].points.max(initial=0)))
            found[f"{name}_{wave}"] = {"n_sheets": len(answers), **scale}
    return found


def data_hash(data, sheets):
    """The sha256 that names the data of an evaluation, whatever the order of their rows and columns.

    sheets    what ``matching.clean`` made of ``data``
    """
    digest = hashlib.sha256(sheets.data_hash.encode())
    for frame in (data.ht, data.codebook, data.adults, data.adult_codebook):
        if frame is None:
            continue
        columns = [[tidy(value) for value in frame[name].tolist()] for name in sorted(frame.columns, key=str)]
        rows = sorted("\t".join(row) for row in zip(*columns, strict=True))
        digest.update("\n".join(rows).encode())
    return digest.hexdigest()


def _provenance(data, plan, sheets):
    return {
        "inputs": dict(sorted(data.input_hashes.items())),
        "data_hash": data_hash(data, sheets),
        "cut": plan.cut,
        "cut_fixed_by": plan.fixed_by,
        "cut_fixed_at": plan.fixed_at,
        "fixed_by": plan.fixed_by,
        "fixed_at": plan.fixed_at,
        "seed": plan.seed,
        "item_set": plan.item_set,
        "analysis_version": ANALYSIS_VERSION,
        "libraries": library_versions(),
        "generated_at": plan.generated_at,
    }


def library_versions():
    """What counts besides our own code, with its version."""
    return {
        "Python": platform.python_version(),
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "scipy": scipy.__version__,
    }
