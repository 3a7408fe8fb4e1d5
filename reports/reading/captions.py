"""What a caption says besides its subject: how many are counted, how the interval is made, and how far the evidence goes.

Said once, for the caption of a figure and for its slide, which travels alone.
"""

from reports.noise_wording import NO_REFERENCE
from reports.numbers import HIDDEN, capital, count, is_number
from reports.reading import confidence_rows, level_of, noise_reference, part, school_rows, shown_groups, total
from reports.wording import LEVELS, listed, not_the_same_adults

CR2 = "95% intervals allow for pupils of one school being alike (CR2)."
WAYS = (
    "95% intervals allow for pupils of one school being alike: by CR2, but for the exchangeable GEE (its own sandwich) and the random school "
    "effect (REML)."
)
CR1 = "95% intervals clustered by school (CR1)."
BOOTSTRAP = "95% intervals from a bootstrap of schools"
RANDOM_SCHOOLS = "95% intervals of a model in which schools differ at random (REML)."
NO_INTERVALS = "Shares as counted, without intervals."
ASSOCIATION = "an association, which does not show what brought it about."
BELOW = {
    "L0": "the groups cannot be compared with these answers.",
    "L1": "counts only, in which a pattern cannot be told from chance.",
}


def compared(results, groups=True):
    """Who is compared: "n = 538 matched pupils: 293 in 13 higher-rated schools, 245 in 9 lower-rated."; "" where it is hidden.

    `groups` says whether the two rating groups are counted; they are those of the plan's cut.
    """
    sample = part(results, "sample")
    if not is_number(sample.get("n")):
        return ""
    found = [
        f"{count(sample[f'n_{key}'])} in {count(sample.get(f'schools_{key}'))} {name}"
        for key, name in (("high", "higher-rated schools"), ("low", "lower-rated"))
        if groups and is_number(sample.get(f"n_{key}")) and not results.get("hidden_by_group")
    ]
    return f"n = {count(sample['n'])} matched pupils{': ' if found else ''}{', '.join(found)}."


def other_bases(rows):
    """Which specifications rest on others than the pupils compared: "Complete answers: n = 139 pupils. All pupils: n = 1,513 sheets."."""
    matched = next((row.get("n") for row in rows if row.get("headline")), None)
    return " ".join(
        f"{row['short']}: n = {count(row['n'])} {row['of']}."
        for row in rows
        if is_number(row.get("n")) and row["n"] != matched
    )


def evidence(results):
    """The level of evidence in one sentence: "Evidence level L3, Suggestive: an association, which …"."""
    code = level_of(results)
    return f"Evidence level {code}, {LEVELS[code]}: {BELOW.get(code, ASSOCIATION)}"


def of_comparison(results):
    """Who is compared, how the intervals are made, and the level."""
    return joined(compared(results), CR2, evidence(results))


def of_ways(results, rows):
    """The same for the comparison made in several ways; `rows` are those of `reading.comparing.specifications`."""
    return joined(compared(results), other_bases(rows), WAYS, evidence(results))


def of_cuts(results):
    """The same for the comparison at other cuts, at each of which other schools are higher-rated."""
    return joined(compared(results, groups=False), CR2, evidence(results))


def of_questions(results, rows):
    """The same for some questions' own comparisons; `rows` are those of `reading.comparing.item_model_rows`."""
    return joined(of_each([row["n"] for row in rows]), CR1, evidence(results))


def of_change(results):
    """The same for declined, held and improved: the level where the rating groups stand side by side.

    Where the drawing has no mark of no change on the whole, what stands in its place.
    """
    groups = shown_groups(results)
    pupils = f"n = {count(sum(total(group) for _, group in groups))} matched pupils."
    level = evidence(results) if len(groups) > 1 else ""
    return joined(pupils, NO_INTERVALS, level, NO_REFERENCE if noise_reference(results) is None else "")


def of_schools(results):
    """How many schools stand in the row of schools, and how their intervals are made."""
    return f"n = {count(len(school_rows(results)))} schools with ten or more matched pupils. {RANDOM_SCHOOLS}"


def of_each(numbers):
    """How many are counted in each row: "n = 335 to 383 pupils for each question."; "" where all are hidden."""
    found = ends(numbers)
    return f"n = {found} pupils for each question." if found else ""


def ends(numbers):
    """The fewest and the most of the numbers that may be shown: "335 to 383", or "383" where they are equal."""
    known = sorted({number for number in numbers if is_number(number)})
    return " to ".join(count(end) for end in dict.fromkeys([*known[:1], *known[-1:]]))


def joined(*sentences):
    """The sentences that there are."""
    return " ".join(sentence for sentence in sentences if sentence)


def confidence(reading, group):
    """Whose confidence is drawn, row by row: the same people where they may be shown, or else all who answered."""
    rows = confidence_rows(reading, group)
    linked = [row for row in rows if len(row["answered"]) == 1]
    others = [row for row in rows if len(row["answered"]) > 1]
    said = []
    if linked:
        which = f" on {_names(linked)}" if others else ""
        said.append(f"The drawing shows the people who answered both times{which}: {_people(linked, 0)}.")
    if others:
        which = f"On {_names(others)} it" if linked else "The drawing"
        said.append(
            f"{which} shows all who answered each time: {_people(others, 0)} before, {_people(others, 1)} after."
        )
        if apart := not_the_same_adults(part(reading, "groups", group)):
            said.append(f"{capital(apart)}.")
    return " ".join(said)


def _names(rows):
    return listed([row["name"].lower() for row in rows])


def _people(rows, place):
    return f"n = {ends([row['answered'][place] for row in rows]) or HIDDEN}"
