"""The first words of a key findings page, drafted from a stored result: background, findings, success factors.

Every sentence names the section of the report that its figures come from, and the table in it. Nothing is claimed that the report does not claim:
the comparison is the ladder's own sentence, and what the figures cannot show, such as why something worked, is left to the
people who write the page.
"""

from reports.noise_wording import NO_REFERENCE
from reports.numbers import count, is_number, percent
from reports.presentation import present
from reports.presentation.adults import GROUPS, told_share
from reports.presentation.finding import covers
from reports.presentation.shown import among_shown
from reports.presentation.whereabouts import table_of
from reports.reading import (
    AREAS,
    STAGES,
    complete,
    in_order,
    items_of,
    level_of,
    noise_reference,
    part,
    readable,
    shown_groups,
    total,
)
from reports.wording import not_the_same_adults

BACKGROUND, FINDINGS, SUCCESS = "background", "findings", "success"
PARTS = {BACKGROUND: "Background", FINDINGS: "Key findings", SUCCESS: "Success factors"}
MOST_LIKED = 2
# The same whatever the ratings are.
NO_GROUPS = "This page compares no groups of schools, because single schools could be recognised."
NOT_SHOWN = "cannot be shown"
# Beside an exact share, or beside another, a bound would read as if nothing had changed.
ONLY_BOUNDS = "“Over” and “under” stand where the exact share cannot be shown, so no change can be read from them."
THE_PROGRAMME = "the programme"  # what the statements on the programme are about, in every questionnaire of adults


def draft(results):
    """[{part, text, anchor, table}] in the order of the page; `anchor` is the id of a section of the report, `table` the address of a
    figure or table in it (absent where there is none)."""
    sections, results = present(results, {})["sections"], readable(results)
    said = [
        (BACKGROUND, _who(results), "who", {}),
        (BACKGROUND, _matched(results), "matched", {}),
        (*_comparison(results), "comparison", {}),
        (FINDINGS, _change(results), "change", {}),
        *[(FINDINGS, words, "items", table) for words, table in _most_positive(results)],
        *[(FINDINGS, words, "adults", table) for words, table in _confidence(results)],
        (FINDINGS, *_agreement(results)),
    ]
    return [
        {"part": where, "text": text, "anchor": anchor} | ({"table": found} if found else {})
        for where, text, anchor, table in said
        if text
        for found in [table_of(sections, anchor, **table)]
    ]


def _who(results):
    flow, fieldwork = part(results, "flow"), part(results, "scope", "fieldwork")
    when = (
        f" in {fieldwork['pre']} and again in {fieldwork['post']}" if all(fieldwork.values()) else " before and after"
    )
    return (
        f"{covers(results)}: pupils of {count(flow.get('schools'))} schools answered questions on science and technology{when}, "
        f"{count(flow.get('pre_rows'))} answer sheets before and {count(flow.get('post_rows'))} after."
    )


def _matched(results):
    row = next((row for row in results.get("match_table") or [] if row.get("group") == "All"), {})
    if not is_number(row.get("n_matched")) or not row.get("n_pre"):
        return ""
    return (
        f"{count(row['n_matched'])} of {count(row['n_pre'])} pupils who answered before ({percent(row['n_matched'], row['n_pre'])}) "
        "could be matched with their answers after, by codes that name nobody."
    )


def _comparison(results):
    """The ladder's sentence as the first finding; where nothing is compared or told that is no finding, and ends the background."""
    level = level_of(results)
    # At L0 the sentence says what is missing, such as a follow-up that nobody has answered yet.
    if results.get("hidden_by_group") and level != "L0":
        return BACKGROUND, NO_GROUPS
    finds = level != "L0" and (level != "L1" or len(shown_groups(results)) > 1)
    return FINDINGS if finds else BACKGROUND, part(results, "ladder").get("sentence") or ""


def _change(results):
    everybody, noise = part(results, "change_groups").get("all"), noise_reference(results)
    if not complete(everybody):
        return ""
    base = total(everybody)
    shares = {kind: percent(everybody[kind], base) for kind in ("declined", "held", "improved")}
    words = (
        f"Of {count(base)} matched pupils, {shares['improved']} answered more positively the second time, {shares['held']} alike and "
        f"{shares['declined']} less positively."
    )
    if noise is None:
        return f"{words} {NO_REFERENCE}"
    return f"{words} With no change on the whole, about {percent(noise, 1)} would have answered less positively."


def _most_positive(results):
    """For each stage group, the questions with the largest share of positive answers the second time, of those shown."""
    for stage_group in sorted(part(results, "items")):
        items = items_of(results, stage_group)
        known = [item for item in items if is_number(item.get("pos_post")) and item.get("n_post")]
        best = sorted(known, key=lambda item: (-item["pos_post"], item["order"]))[:MOST_LIKED]
        if best:
            among, others = among_shown(len(known), len(items) - len(known))
            opening = f"In {STAGES.get(stage_group, stage_group)}{f', {among},' if among else ''}"
            questions = "this question" if len(best) == 1 else "these questions"
            said = ", and ".join(_said_yes(item) for item in best)
            words = f"{opening} the answers of the second time were most positive to {questions}: {said}."
            first = best[0].get("text") or best[0]["name"]
            yield (
                " ".join(filter(None, [words, others])),
                {"name": f"Positive answers before and after, {STAGES.get(stage_group, stage_group)}", "row": first},
            )


def _said_yes(item):
    """Who gave a positive answer, in front of the question: to one that is put the other way round it is a no.

    The verb comes first, so that nobody takes the words of such a question for what pupils think.
    """
    share, words = (
        f"{percent(item['pos_post'], 1)} of {count(item['n_post'])}",
        _quoted(item.get("text") or item["name"]),
    )
    if item.get("reverse"):
        return f"{share} disagreed with {words}"
    return f"{share} answered {words} positively" if words.endswith("?”") else f"{share} agreed with {words}"


def _quoted(text):
    """A question inside a sentence, which has its own full stop."""
    return f"“{text.rstrip('.')}”"


def _confidence(results):
    """For mentors and for teachers, the share who are confident in each subject before and after: always all of them, never one.

    Where most of a group are not the same people the two times, the same sentence says so, before its figures. A group of whom
    no subject can be told at both times has no sentence.
    """
    for group, areas in in_order(part(results, "adults", "confidence"), GROUPS).items():
        asked = {area: table for area, table in in_order(areas, AREAS).items() if _asked_twice(table)}
        told = {area: [told_share(table, wave) for wave in ("pre", "post")] for area, table in asked.items()}
        if any(all(shares) for shares in told.values()):
            apart = not_the_same_adults(part(results, "adults", "groups", group))
            who = f"{GROUPS[group]} who are confident or very confident in teaching, before and after"
            words = "; ".join(f"{area} {_both_times(*shares)}" for area, shares in told.items())
            said = f"{who}{f' ({apart})' if apart else ''}: {words}."
            bounds = any(share.startswith(("over ", "under ")) for shares in told.values() for share in shares)
            yield f"{said} {ONLY_BOUNDS}" if bounds else said, {"name": f"Confidence in teaching, {GROUPS[group]}"}


def _asked_twice(table):
    return all(table.get(f"asked_{wave}", True) for wave in ("pre", "post"))


def _both_times(before, after):
    """A share before and after in words; what is hidden is said to be, so that nobody takes it for left out."""
    if before and after:
        return f"{before} and {after}"
    return f"{before or NOT_SHOWN} before, {after or NOT_SHOWN} after" if before or after else NOT_SHOWN


def _agreement(results):
    """The statement on the programme that adults agree with most, group by group."""
    told = []
    for question in part(results, "adults").get("agreement") or []:
        if question["construct"] == THE_PROGRAMME:
            groups = in_order(question["groups"], GROUPS)
            shares = {group: told_share(table, "post") for group, table in groups.items()}
            told.append((question["text"], {group: words for group, words in shares.items() if words}))
    text, shares = max(told, key=lambda each: len(each[1]), default=("", {}))
    if not shares:
        return "", "adults", {}
    words = ", ".join(f"{GROUPS[group].lower()} {share}" for group, share in shares.items())
    return f"Agreement with {_quoted(text)}: {words}.", "adults", {"row": text}
