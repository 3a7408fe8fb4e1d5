"""A version of an instrument as a plain value: what to ask, which codes each question takes, and the check of a sheet.

Read once and kept in the cache by the hash of the file it came from, so that opening a form or storing a sheet asks the
database nothing about the questions.
"""

from dataclasses import dataclass

from django.core.cache import cache

from surveys.choices import GROUP_BY_STAGE

KEPT_FOR = 60 * 60


class AnswersRefused(Exception):
    """A sheet that does not fit its questionnaire; the message is a sentence."""


@dataclass(frozen=True)
class Question:
    """One item with its scale: `points` are (value, label) pairs in order, `outside` the (code, label) pairs beside the scale."""

    key: str
    text: str
    construct: str
    look: str
    points: tuple
    outside: tuple
    reverse: bool
    scored: bool

    @property
    def codes(self):
        """Every code that answers this question, as sent by a form: {"1": 1, "NS": "NS"}."""
        return {str(code): code for code, _ in self.points + self.outside}


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
        """The answers as they are stored: {item key: point as a number, or a code outside the scale}; blanks are left out.

        `answers` maps item keys to codes, as numbers or as text. Raises AnswersRefused for a question or a code of another form.
        """
        codes = {question.key: question.codes for question in self.questions}
        kept = {}
        for key, code in answers.items():
            if key not in codes:
                raise AnswersRefused("This sheet answers a question that this form does not ask.")
            if code in ("", None):
                continue
            if str(code) not in codes[key]:
                raise AnswersRefused("This sheet has an answer that this form does not offer.")
            kept[key] = codes[key][str(code)]
        return kept

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
                points=tuple((point["value"], point["label"]) for point in scale["points"]),
                outside=tuple((code["code"], code["label"]) for code in scale["outside"]),
                reverse=item.reverse,
                scored=item.scored,
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
