"""A version of an instrument as a plain value: what to ask, which codes each question takes, and the check of a sheet.

Read once and kept in the cache by the hash of the file it came from, so that opening a form or storing a sheet asks the
database nothing about the questions.
"""

from dataclasses import dataclass, replace
from itertools import groupby

from django.core.cache import cache

from surveys.choices import GROUP_BY_STAGE

KEPT_FOR = 60 * 60
MOST_IN_A_PART = 6


class AnswersRefused(Exception):
    """A sheet that does not fit its questionnaire; the message is a sentence."""


@dataclass(frozen=True)
class Question:
    """One item with its scale: `points` are (value, label) pairs in order, `outside` the (code, label) pairs beside the scale.

    Where all that applies is ticked (`ticks`), there are `options` as (code, label) pairs instead; one of `alone` ("none of
    these") goes with no other. `moments` are those at which it is asked; none means always.
    """

    key: str
    text: str
    construct: str
    look: str
    points: tuple
    outside: tuple
    reverse: bool
    scored: bool
    area: str = ""
    moments: tuple = ()
    options: tuple = ()
    alone: tuple = ()

    @property
    def codes(self):
        """Every code that answers this question, as sent by a form: {"1": 1, "NS": "NS"}."""
        return {str(code): code for code, _ in self.points + self.outside + self.options}

    @property
    def ticks(self):
        """Whether all that applies is ticked, so that the answer is a list of codes."""
        return bool(self.options)

    def is_asked(self, moment):
        """Whether it is asked at this moment (`choices.Moment`)."""
        return not self.moments or moment in self.moments

    def checked(self, answer):
        """The answer as it is stored, None for a blank one: a point, a code outside the scale, or the list of what was ticked.

        Ticks come in the order of the options, each once; "none of these" gives way to anything that was ticked beside it.
        Raises AnswersRefused for a code that the question does not have, a list where one answer is asked, or the reverse.
        """
        if isinstance(answer, list | tuple) != self.ticks and answer not in ("", None):
            raise AnswersRefused("This sheet has an answer that this form does not offer.")
        given = [answer] if not self.ticks else answer or []
        given = [str(code) for code in given if code not in ("", None)]
        codes = self.codes
        if not set(given) <= set(codes):
            raise AnswersRefused("This sheet has an answer that this form does not offer.")
        if self.ticks:
            ticked = [code for code in codes if code in given]
            return [code for code in ticked if code not in self.alone] or ticked[:1] or None
        return codes[given[0]] if given else None


@dataclass(frozen=True)
class Questionnaire:
    """One version: its questions in order."""

    version_id: int
    key: str
    title: str
    audience: str
    stage_group: str
    intro: str
    questions: tuple

    def checked(self, answers):
        """The answers as they are stored, by item key (see `Question.checked`); blanks are left out.

        `answers` maps item keys to codes, as numbers or as text, or to lists of codes where all that applies is ticked. Raises
        AnswersRefused for a question or a code of another form.
        """
        asked = {question.key: question for question in self.questions}
        kept = {}
        for key, answer in answers.items():
            if key not in asked:
                raise AnswersRefused("This sheet answers a question that this form does not ask.")
            if (code := asked[key].checked(answer)) is not None:
                kept[key] = code
        return kept

    def at(self, moment):
        """The questionnaire with the questions of one moment (`choices.Moment`) only."""
        return replace(self, questions=tuple(question for question in self.questions if question.is_asked(moment)))

    def parts(self, most=MOST_IN_A_PART):
        """The questions in parts for one page each: what is about one construct stays together where `most` allows it."""
        parts = []
        for _, group in groupby(self.questions, key=lambda question: question.construct):
            questions = tuple(group)
            if parts and len(parts[-1]) + len(questions) <= most:
                parts[-1] += questions
                continue
            pages = -(-len(questions) // most)
            size = -(-len(questions) // pages)
            parts += [questions[first : first + size] for first in range(0, len(questions), size)]
        return parts

    @property
    def minutes(self):
        """About how many minutes an adult needs, at three questions a minute."""
        return -(-len(self.questions) // 3)

    def check_stage(self, stage):
        """Raise AnswersRefused when a pupil of this stage has another form."""
        if self.stage_group != GROUP_BY_STAGE.get(stage, ""):
            raise AnswersRefused(f"This form is not for {stage or 'a pupil without a stage'}.")


def questionnaire(version):
    """The Questionnaire of an InstrumentVersion (its `instrument` is read when it was not selected with it)."""
    kept_as = f"questionnaire-{version.pk}-{version.source_sha256}"
    found = cache.get(kept_as)
    if found is None:
        found = _read(version)
        cache.set(kept_as, found, KEPT_FOR)
    return found


def _read(version):
    questions = []
    for item in version.items.order_by("order"):
        scale = version.scales[item.scale]
        questions.append(
            Question(
                key=item.key,
                text=item.text,
                construct=item.construct,
                look=scale["look"],
                points=tuple((point["value"], point["label"]) for point in scale.get("points", [])),
                outside=tuple((code["code"], code["label"]) for code in scale.get("outside", [])),
                options=tuple((option["code"], option["label"]) for option in scale.get("options", [])),
                alone=tuple(option["code"] for option in scale.get("options", []) if option.get("alone")),
                reverse=item.reverse,
                scored=item.scored,
                area=item.area,
                moments=tuple(item.moments),
            )
        )
    return Questionnaire(
        version_id=version.pk,
        key=version.instrument.key,
        title=version.instrument.title,
        audience=version.instrument.audience,
        stage_group=version.instrument.stage_group,
        intro=version.intro,
        questions=tuple(questions),
    )
