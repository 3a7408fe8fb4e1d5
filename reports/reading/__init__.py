"""What may be read out of a results dictionary: the questions that charts, page, PDF and spreadsheet all ask of it.

Everything here works on the stored copy, after disclosure control, in which a hidden number is null. Nothing is
computed again that the analysis has computed; these functions only find, order and decide what may be printed.
"""

import re

from reports.numbers import HIDDEN, NOT_AVAILABLE, count, counted, decimal, interval, is_number, percent
from reports.wording import TURNED, TURNED_NOTE, listed

UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
STAGES = {"P2P4": "P2–P4", "P5P7": "P5–P7"}
CHANGES = ("declined", "held", "improved")
GROUP_NAMES = {"high": "Higher-rated", "low": "Lower-rated", "all": "All matched pupils"}
COMPARABLE_LEVELS = ("L2", "L3", "L4")
POINT_WORDS = {
    2: ("Less positive", "More positive"),
    3: ("Least positive", "Middle", "Most positive"),
    4: ("Least positive", "Less positive", "More positive", "Most positive"),
    5: ("Least positive", "Less positive", "Middle", "More positive", "Most positive"),
}
WAVES = (("before", "pre"), ("after", "post"))
HIDDEN_BY_GROUP = "Groups of schools are not compared here, because a single headteacher could be recognised."
INVENTED = "Invented data, for demonstration"
NO_CHECKS = "The checks are made when there are enough schools and pupils for an interval."
TOO_FEW = "No interval is shown: the comparison does not reach the level at which intervals may be printed."


def readable(value):
    """The same results with every string fit for print: what no file format can hold becomes a space.

    Control characters, halves of surrogate pairs and non-characters come from damaged files; XML and spreadsheets
    refuse them, and a report must not fail over one.
    """
    if isinstance(value, dict):
        return {key: readable(each) for key, each in value.items()}
    if isinstance(value, list):
        return [readable(each) for each in value]
    return UNPRINTABLE.sub(" ", value) if isinstance(value, str) else value


def part(results, *keys):
    """A nested part of the results, or an empty dictionary where any step is absent or null."""
    for key in keys:
        results = (results or {}).get(key)
    return results if isinstance(results, dict) else {}


def invented(results):
    """The mark of a result of a demonstration, whose councils are real and nothing else; "" for every other."""
    return INVENTED if part(results, "scope").get("demonstration") else ""


def stages_absent(results):
    """The stage groups of which no sheet came at either time. A result that does not say how many came has none."""
    scales = part(results, "reliability")
    rows = {group: [scales.get(f"{group}_{wave}") for _, wave in WAVES] for group in STAGES}
    if not any(any(waves) for waves in rows.values()):
        return []
    return [group for group, waves in rows.items() if all(row is None or row.get("n_sheets") == 0 for row in waves)]


def without_absent_stages(results):
    """The results without the rows of stage groups of which no sheet came: there is nobody in them to be counted, or hidden."""
    absent = stages_absent(results)
    if not absent:
        return results
    names = {f"{group[:2]}-{group[2:]}" for group in absent}
    rest = {key: {group: row for group, row in part(results, key).items() if group.partition("_")[0] not in absent}
            for key in ("change", "change_by_stage", "reliability") if key in results}  # fmt: skip
    rows = [row for row in results.get("match_table") or [] if row.get("group") not in names]
    return results | rest | {"match_table": rows}


def difference(whole, rest):
    """`whole` less `rest`, or None when either is hidden."""
    return whole - rest if is_number(whole) and is_number(rest) else None


def level_of(results):
    """The evidence level, "L0" to "L4"; L0 when there is none."""
    return part(results, "ladder").get("level") or "L0"


def may_compare(results):
    """True when the difference between the rating groups may be printed with its interval.

    Below L2 no interval and no p value is ever printed, and nothing is printed by rating group where a single
    headteacher could be recognised.
    """
    return level_of(results) in COMPARABLE_LEVELS and not results.get("hidden_by_group")


def reason_for_no_comparison(results):
    """Why there is nothing to print about the difference, as a sentence."""
    if results.get("hidden_by_group"):
        return results.get("hidden_reason") or HIDDEN_BY_GROUP
    return TOO_FEW


# Flow of answer sheets


def arms(results):
    """[(group name, pupils, schools)] of the two rating groups, or an empty list when they may not be shown."""
    sample = part(results, "sample")
    if sample.get("n") == 0:
        return []  # nobody is compared, so how many schools each group has would read as none
    if results.get("hidden_by_group") or not is_number(sample.get("n_high")) or not is_number(sample.get("n_low")):
        return []
    return [
        ("higher-rated", sample["n_high"], sample.get("schools_high")),
        ("lower-rated", sample["n_low"], sample.get("schools_low")),
    ]


def in_rated_schools(results):
    """Where the compared pupils are: "in 295 rated schools". A rated school of which no pupil could be matched is not among them.

    Without a number where nobody is compared, or where nothing is shown by rating group: how many of the rated schools take
    part is not told there.
    """
    groups = arms(results)
    if not groups or not all(is_number(schools) for *_, schools in groups):
        return "in rated schools"
    return f"in {counted(sum(schools for *_, schools in groups), 'rated school')}"


def left_out(results):
    """Why sheets were left out at each step of the flow, {step: words}; "" where none was. What nobody is counted in is not said."""
    flow, sample = part(results, "flow"), part(results, "sample")
    duplicates = difference(flow.get("rows_raw"), flow.get("rows_after_dedup"))
    alone = [
        f"{count(number)} {words}"
        for number, words in (
            (duplicates, "duplicates"),
            (flow.get("blank_code_rows"), "without a code"),
            (flow.get("ambiguous_rows"), "with an unclear code"),
        )
        if number != 0
    ]
    thin = difference(flow.get("linked_pairs"), flow.get("analysable_pairs"))
    unrated = difference(flow.get("analysable_pairs"), sample.get("n"))
    schools = difference(flow.get("schools"), flow.get("schools_rated"))
    partnerless = _partnerless(flow, bool(alone))
    return {
        "linked": "; ".join(words for words in (listed(alone), partnerless) if words),
        "analysable": f"{count(thin)} pairs with fewer than half the questions answered both times"
        if thin != 0
        else "",
        "compared": f"{count(unrated)} pupils in schools without a rating (schools without one: {count(schools)})"
        if (unrated, schools) != (0, 0)
        else "",
    }


def _partnerless(flow, others_before):
    """What is said of the sheets that are alone at their time; `others_before` where other sheets were named before them."""
    linked, sheets = flow.get("linked_pairs"), flow.get("rows_after_dedup")
    if linked == 0:
        return "no sheet has a partner at the other time"
    apart = [flow.get(key) for key in ("blank_code_rows", "ambiguous_rows")]
    if all(map(is_number, (linked, sheets, *apart))) and sheets - sum(apart) == 2 * linked:
        return ""
    return "the others have no partner" if others_before else "sheets without a partner at the other time"


# Declined, held, improved


def shown_groups(results):
    """The rating groups whose three counts are known, as [(key, group)]: high and low, or else everybody."""
    groups = part(results, "change_groups")
    keys = [] if results.get("hidden_by_group") else ["high", "low"]
    known = [(key, groups[key]) for key in keys if complete(groups.get(key))]
    return known or [("all", groups["all"]) for _ in range(1) if complete(groups.get("all"))]


def change_heading(results):
    """What the bars of declined, held and improved are called: they are by rating group only where both are shown."""
    return f"Declined, held and improved{' by rating group' if len(shown_groups(results)) > 1 else ''}"


def complete(group):
    """True when declined, held and improved are all known and somebody is counted."""
    return bool(group) and all(is_number(group.get(kind)) for kind in CHANGES) and total(group) > 0


def total(group):
    """Pupils who declined, held or improved."""
    return sum(group[kind] for kind in CHANGES)


def noise_reference(results):
    """The share that would decline with no change on the whole, or None where it may not be shown."""
    noise = part(results, "change_groups").get("noise_reference")
    return noise if is_number(noise) else None


# Questions


def items_of(results, stage_group):
    """The questions of a stage group in the order of the questionnaire, each with its `name`."""
    items = part(results, "items", stage_group)
    named = [{"name": name, **item} for name, item in items.items() if isinstance(item, dict)]
    return sorted(named, key=lambda item: (item.get("order") is None, item.get("order") or 0))


MOST_IN_A_FIGURE = 6  # questions: half a page of a document, and on a slide still read from the back of a room
LEADING_QUESTIONS = ("How much do you like this: ", "How much do you enjoy ")


def item_blocks(items):
    """Questions in their order, shared out evenly over as few figures as hold them: [(words for the heading, questions)]."""
    figures = -(-len(items) // MOST_IN_A_FIGURE)
    blocks, start = [], 0
    for number in range(figures):
        end = start + (len(items) - start) // (figures - number)
        words = f", questions {start + 1} to {end}" if figures > 1 else ""
        blocks.append((words, items[start:end]))
        start = end
    return blocks


def short_question(text):
    """A question where there is little room: without the words that all questions of its kind begin with."""
    for opening in LEADING_QUESTIONS:
        if text.startswith(opening):
            rest = text.removeprefix(opening).rstrip("?")
            return rest[:1].upper() + rest[1:]
    return text.rstrip(".")


def question_name(item):
    """A question's words, with a mark where it is put the other way round, so that nobody reads its share as agreement."""
    words = item.get("text") or item["name"]
    return f"{words.rstrip('.')} {TURNED}" if item.get("reverse") else words


def turned_note(items):
    """What the mark means, where any of these questions carries it; "" otherwise."""
    return TURNED_NOTE if any(item.get("reverse") for item in items) else ""


def point_words(points):
    """Words for answers 1 to `points`, least to most positive; reversed questions are already turned round."""
    return POINT_WORDS.get(points) or tuple(f"Answer {number}" for number in range(1, points + 1))


def shares(item, wave):
    """The per cent of each answer at `wave` (pre or post), or None when the distribution is hidden or empty."""
    counts = item.get(f"counts_{wave}")
    if not counts or not all(is_number(number) for number in counts) or sum(counts) <= 0:
        return None
    return [100 * number / sum(counts) for number in counts]


def positive(item, wave):
    """The per cent of answers above the middle of the scale, or None; it may be shown where the answers are hidden."""
    share = item.get(f"pos_{wave}")
    return 100 * share if is_number(share) else None


def mark(item):
    """The mark in place of an item's missing number: hidden, or not there."""
    return HIDDEN if item.get("why") == "hidden" else NOT_AVAILABLE


# Positive answers before and after


def before_after_rows(items):
    """Rows of `before_after` for questions as `items_of` gives them."""
    return [before_after(question_name(item), item) | {"reverse": bool(item.get("reverse"))} for item in items]


ADULTS = ("mentor", "teacher", "head")
AREAS = ("science", "technology", "engineering", "mathematics")


def in_order(found, order):
    """A dictionary of a result in our order: PostgreSQL gives the keys of stored JSON back in an order of its own."""
    return {key: found[key] for key in order if key in found}


def confidence_rows(reading, group):
    """Rows of `before_after` for the four disciplines of one group of adults; the linked people where they are shown.

    `reading` is the result of `reports.analysis.adults.read`, `group` mentor, teacher or head.
    """
    areas = in_order(part(reading, "confidence", group), AREAS)
    return [before_after(area.capitalize(), table, linked=_linked(table)) for area, table in areas.items()]


def _linked(table):
    return is_number(table.get("pos_pre_pair")) and is_number(table.get("pos_post_pair"))


def before_after(name, row, linked=False):
    """One question's positive shares before and after with their difference, as proportions.

    `linked` takes the people whose two sheets could be linked. Returns name, base (words), answered, and before, after and change,
    each {est, lo, hi}; what is hidden or was not asked is None, and `mark` is what stands in its place, or for before and after the
    words in `bounds` where there are any.
    """
    ending = "_pair" if linked else ""
    keys = {"before": f"pos_pre{ending}", "after": f"pos_post{ending}", "change": f"pos_change{ending}"}
    found = {
        place: {end: row.get(f"{key}{tail}") for end, tail in (("est", ""), ("lo", "_lo"), ("hi", "_hi"))}
        for place, key in keys.items()
    }
    answered = [row.get("n_pair")] if linked else [row.get("n_pre"), row.get("n_post")]
    if linked:
        base = f"n = {count(answered[0])}, linked"
    else:
        base = f"n = {count(answered[0])} before, {count(answered[1])} after"
    bounds = {place: "" if linked else bound_words(row, wave) for place, wave in WAVES}
    return {"name": name, "base": base, "answered": answered, "mark": mark(row), "bounds": bounds, **found}


def bound_words(row, wave):
    """“over 90%” where the exact share is hidden because nearly everybody was positive, “under 10%” where nearly nobody was; or ""."""
    for word in ("over", "under"):
        if is_number(share := row.get(f"pos_{wave}_{word}")):
            return f"{word} {percent(share, 1)}"
    return ""


def share_words(value):
    """A share with its interval: "52% (48% to 56%)", or nothing when it is not known."""
    if not is_number(value["est"]):
        return ""
    words = percent(value["est"], 1)
    known = is_number(value["lo"]) and is_number(value["hi"])
    return f"{words} ({percent(value['lo'], 1)} to {percent(value['hi'], 1)})" if known else words


def points_words(value):
    """A difference of shares in percentage points with its interval: "+4 (−1 to 9)", or nothing."""
    if not is_number(value["est"]):
        return ""
    words = decimal(100 * value["est"], 0, plus=True)
    known = is_number(value["lo"]) and is_number(value["hi"])
    return f"{words} ({interval(100 * value['lo'], 100 * value['hi'], 0)})" if known else words


# Schools

NO_SCHOOLS = "Schools are not drawn here: there are too few of them, or too few of their pupils could be matched."


def school_rows(results):
    """The schools' shrunken mean changes from lowest to highest, [{est, lo, hi}] in SD, without names and sizes."""
    return [row for row in part(results, "school_means").get("schools") or [] if is_number(row.get("est"))]


def school_places(rows, mean):
    """How many schools' intervals lie below, around and above the average of all: {below, around, above}."""
    below, above = sum(row["hi"] < mean for row in rows), sum(row["lo"] > mean for row in rows)
    return {"below": below, "around": len(rows) - below - above, "above": above}
