"""What an editor of key findings is asked to look at again before it is saved: numbers from elsewhere, and words of cause.

Neither is refused. A number may come from a register, and "works" may be a noun: whoever writes knows, and says so. What no
evaluation of this kind can show is refused before (`reports.wording.CLAIMS`).
"""

import re

from reports.presentation import present
from reports.presentation.key_findings import draft
from reports.presentation.method import words_in
from reports.wording import listed

# Not the numbers of names, such as P5, and without the full stop after them.
NUMBER = re.compile(r"(?<![A-Za-z0-9.,])\d+(?:[,.]\d+)*%?")
CAUSES = re.compile(
    r"\b(?:raise[sd]?|works|worked|boost(?:s|ed)?|brought about|ma(?:de|kes) (?:a|the) difference"
    r"|(?:PCP|programme) (?:has |have )?(?:improve[sd]?|increase[sd]?|help(?:s|ed)?|change[sd]?|strengthen(?:s|ed)?))\b",
    re.IGNORECASE,
)


def doubts(sentences, kept, results):
    """What to ask about sentences {part, text, anchor}, in words; nothing about those that are `kept` already.

    `results` is the stored dictionary of the report.
    """
    drafted = draft(results)
    known = {_place(each) for each in [*kept, *drafted]}
    new = [each for each in sentences if _place(each) not in known]
    sections = {each["id"]: each for each in present(results, {})["sections"]} if new else {}
    return [words for each in new for words in (*_numbers(each, drafted, sections), *_causes(each))]


def _place(sentence):
    return sentence["text"], sentence["anchor"]


def _numbers(sentence, drafted, sections):
    """Numbers that stand neither in what was drafted from the same section nor in the section itself."""
    anchor = sentence["anchor"]
    section = sections.get(anchor)
    there = [each["text"] for each in drafted if anchor and each["anchor"] == anchor] + words_in(section or {})
    known = {_bare(number) for words in there for number in NUMBER.findall(words)}
    strange = [number for number in dict.fromkeys(NUMBER.findall(sentence["text"])) if _bare(number) not in known]
    if strange:
        where = f"“{section['heading']}”" if section else "the report, since no section is chosen"
        yield f"“{sentence['text']}”: {listed(strange)} cannot be found in {where}."


def _bare(number):
    return number.replace(",", "").rstrip("%")


def _causes(sentence):
    """Words by which the programme would have brought something about."""
    if found := dict.fromkeys(CAUSES.findall(sentence["text"])):
        words = listed(f"“{each}”" for each in found)
        yield f"“{sentence['text']}”: {words} may say that the programme brought this about, which the report cannot show."
