"""What an editor of key findings is asked to look at again before it is saved: numbers from elsewhere, and words of cause.

Neither is refused. A number may come from a register, and "works" may be a noun: whoever writes knows, and says so. What no
evaluation of this kind can show is refused before (`reports.wording.CLAIMS`).
"""

import re

from reports.presentation import present
from reports.presentation.key_findings import draft
from reports.presentation.method import words_in
from reports.wording import listed

# Not the numbers of names, such as P5, and without the full stop after them; a size in words is a number too.
NUMBER = re.compile(r"(?<![A-Za-z0-9.,])(?:\d+(?:[,.]\d+)*|\.\d+)%?|(?<=[a-z])\d{2,}%?\b")
SIZES = re.compile(
    r"\b(?:doubled?|trebled?|tripled?|twice|half|halved|(?:one |two |a )thirds?|(?:three )?quarters?|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|(?:in a |a )hundred)\b",
    re.IGNORECASE,
)
DID = (
    r"improve[sd]?|increase[sd]?|change[sd]?|strengthen(?:s|ed)?|transform(?:s|ed)?|enable[sd]?|made|makes|drove|drives|lifted|reduced|"
    r"reverse[sd]?|protect(?:s|ed)?"
)
CAUSES = re.compile(
    r"\b(?:raise[sd]?|works|worked|boost(?:s|ed)?|brought about|ma(?:de|kes) (?:a|the) difference|due to|thanks to|because of"
    r"|cause[sd]?|causing|prove[sdn]?|led to|lead(?:s|ing)? to|result(?:s|ed|ing)? in|effective|transform(?:s|ed)"
    r"|ha(?:s|ve|d) (?:had )?an? (?:\w+ )?(?:effect|impact)|(?:effect|impact)s? o[fn]"
    rf"|(?:PCP|programme) (?:has |have )?(?:\w+ly )?(?:help(?:s|ed)?|{DID})"
    rf"|(?:sessions?|mentors?|clusters?|residentials?|grants?) (?:has |have )?(?:\w+ly )?(?:{DID}))\b",
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
    said = " ".join(there).lower()
    strange += [size for size in dict.fromkeys(SIZES.findall(sentence["text"])) if size.lower() not in said]
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
