"""The top of the report: what it is about, the level of evidence with its sentence, and the four figures."""

from reports.numbers import HIDDEN, NOT_AVAILABLE, count, counted, decimal, interval, is_number, long_date, percent
from reports.reading import level_of, may_compare, part
from reports.wording import LEVELS, cut, in_words

# What each level means, in order; nobody chooses a level, it follows from rules fixed beforehand.
MEANINGS = {
    "L0": "The comparison cannot be made with these answers.",
    "L1": "There are too few schools or pupils to tell a pattern from chance, so there are counts only.",
    "L2": "The 95% interval includes zero: the answers are compatible with a difference either way.",
    "L3": "The 95% interval leaves out zero, but at least one check was not passed.",
    "L4": "The 95% interval leaves out zero and every check was passed. It is still an association.",
}
NOT_PASSED = "Not passed: "  # how `analysis.ladder.reasons` begins for a check
TITLE = "Pupils’ attitudes to science and headteachers’ ratings"


def heading(results):
    """Title, the line above it and the lines of facts below it."""
    scope, made = part(results, "scope"), part(results, "provenance")
    waves = [part(scope, "fieldwork").get(wave) or "" for wave in ("pre", "post")]
    built = f"Built {long_date(made['generated_at'])}" if made.get("generated_at") else "Built"
    return {
        "title": TITLE,
        "kicker": ", ".join(
            words for words in ("Primary Cluster Programme (PCP): evaluation report", covers(results)) if words
        ),
        "facts": [f"{built} from answers of {waves[0]} and {waves[1]}"]
        if all(waves)
        else [built]
        if built != "Built"
        else [],
    }


def edition(results, version, number=None):
    """What tells a copy of one version from a copy of another: "Report 4, version 2, data 3f9a1c2b"; only the data without a version."""
    digest = (part(results, "provenance").get("data_hash") or "")[:8]
    words = [
        f"Report {number}" if number else "",
        f"version {version}" if version else "",
        f"data {digest}" if digest else "",
    ]
    joined = ", ".join(each for each in words if each)
    return joined[:1].upper() + joined[1:]


def covers(results):
    """The place and cohort of a report in words, the place once."""
    scope = part(results, "scope")
    place, title = scope.get("place") or "", scope.get("title") or ""
    return title if place in title else ", ".join(words for words in (place, title) if words)


def stamp(results):
    """Scope and provenance in one line: enough to tell this report from every other."""
    made = part(results, "provenance")
    fixed = [f"fixed on {long_date(made['cut_fixed_at'])}"] if made.get("cut_fixed_at") else []
    fixed += [f"by {made['cut_fixed_by']}"] if made.get("cut_fixed_by") else []
    words = [
        f"Rating cut {cut(made['cut'])}" + (f" {' '.join(fixed)}" if fixed else "")
        if is_number(made.get("cut"))
        else "",
        f"data {made['data_hash'][:16]}" if made.get("data_hash") else "",
        f"analysis version {made['analysis_version']}" if made.get("analysis_version") else "",
        f"seed {made['seed']}" if made.get("seed") is not None else "",
    ]
    return "; ".join(each for each in words if each)


def level(results):
    """The level of evidence: its code, title, four rungs, sentence and the checks that were not passed."""
    code = level_of(results)
    sentence = part(results, "ladder").get("sentence") or MEANINGS[code]
    return {
        "code": code,
        "title": LEVELS[code],
        "rungs": rungs(code),
        "sentence": sentence,
        "failed": failed_checks(results) if code == "L3" else [],
        "reasons": _reasons(results),
        "attention": [each for each in results.get("attention") or [] if each not in sentence],
        "meanings": [
            {"code": each, "title": title, "meaning": MEANINGS[each], "rungs": rungs(each)}
            for each, title in LEVELS.items()
        ],
    }


def _reasons(results):
    """Why the level is what it is. The checks that were not passed are listed beside it, so they are counted here and not named."""
    found = list(part(results, "ladder").get("reasons") or [])
    kept = [reason for reason in found if not reason.startswith(NOT_PASSED)]
    if failed := len(found) - len(kept):
        kept.append(
            "A check was not passed: it stands in the list."
            if failed == 1
            else f"{in_words(failed).capitalize()} checks were not passed: they stand in the list."
        )
    return kept


def failed_checks(results):
    """The names of the checks that were not passed, in the order of the checks."""
    failed = set(part(results, "ladder").get("failed_checks") or [])
    return [check.get("phrase") or check["key"] for check in results.get("checks") or [] if check.get("key") in failed]


def rungs(code):
    """Four steps from the lowest: which are reached, and where each is drawn in a box of 28 by 20 units."""
    reached = int(code[1:])
    return [{"reached": number < reached, "x": 2 + 6 * number, "y": 14 - 4 * number, "height": 4 + 4 * number}
            for number in range(4)]  # fmt: skip


def tiles(results):
    """The four figures under the finding: two shares, their adjusted difference, and how many could be matched.

    Where no groups are compared, what all matched pupils did stands in the place of what may not be told of the groups.
    """
    groups = part(results, "change_groups")
    if results.get("hidden_by_group"):
        kinds = ("declined", "held", "improved")
        return [*(_outcome_tile(kind, groups.get("all") or {}, groups) for kind in kinds), _matched_tile(results)]
    return [
        _declined_tile("Declined, higher-rated", groups.get("high"), results),
        _declined_tile("Declined, lower-rated", groups.get("low"), results),
        _difference_tile(results),
        _matched_tile(results),
    ]


def _tile(label, figure, base, unit="", how="method"):
    return {"label": label, "figure": figure, "unit": unit, "base": base, "how": how}


def _outcome_tile(kind, group, groups):
    label = f"{kind.capitalize()}, all matched pupils"
    if is_number(group.get(kind)) and group.get("n"):
        words = f"{count(group[kind])} of {count(group['n'])} pupils"
        return _tile(label, percent(group[kind], group["n"]), words, how="change")
    if "hidden" in (group.get("why"), groups.get("why")):
        return _tile(label, HIDDEN, "Not shown: it could be traced to a few pupils or schools", how="change")
    return _tile(label, NOT_AVAILABLE, "No pupil to count", how="change")


def _declined_tile(label, group, results):
    group = group or {}
    if not (is_number(group.get("declined")) and group.get("n")):
        hidden = "hidden" in (group.get("why"), part(results, "change_groups").get("why"))
        return _tile(
            label,
            HIDDEN if hidden else NOT_AVAILABLE,
            "Not shown: it could be traced to a few pupils or schools" if hidden else "No pupil to count",
        )
    base = f"{count(group['declined'])} of {count(group['n'])} pupils, {counted(group.get('schools'), 'school')}"
    return _tile(label, percent(group["declined"], group["n"]), base)


def _difference_tile(results):
    headline = part(results, "headline")
    if not may_compare(results) or not is_number(headline.get("rd")):
        return _tile("Adjusted difference", NOT_AVAILABLE, "Not shown at this level of evidence")
    base = f"95% interval {interval(100 * headline['rd_lo'], 100 * headline['rd_hi'])}"
    if is_number(headline.get("or")):
        base += f"; odds ratio {decimal(headline['or'], 2)}"
    return _tile("Adjusted difference", decimal(100 * headline["rd"]), base, unit="pp")


def _matched_tile(results):
    row = next((row for row in results.get("match_table") or [] if row.get("group") == "All"), None)
    if not row or not is_number(row.get("n_matched")):
        hidden = row and row.get("why") == "hidden"
        words = "Not shown: it could be traced to a few pupils or schools" if hidden else "No baseline pupil to count"
        return _tile("Matched", HIDDEN if hidden else NOT_AVAILABLE, words)
    base = f"{count(row['n_matched'])} of {count(row.get('n_pre'))} baseline pupils"
    return _tile("Matched", percent(row["n_matched"], row.get("n_pre")), base, how="matched")
