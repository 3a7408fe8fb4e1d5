"""A pupil's answer sheet on its way from page to page: a signed token in the form, and nothing on the server.

Until the last page nothing is stored anywhere: no session, no cookie, no row. The token carries the sheet's UUID (so that a sheet
sent twice is one row), where it belongs, and the answers so far. It is signed, not secret: it holds what the child has just
answered, and no name.
"""

import uuid
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache

from django.core import signing

from surveys.models import InstrumentVersion
from surveys.questionnaires import Questionnaire, questionnaire

_SALT = "surveys.pupil-sheet"
# The open hours of a day, and the 24 hours for which late sheets are taken.
_GOOD_FOR = timedelta(hours=36)


class BadSheet(Exception):
    """The token is too old, damaged, or of another class."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: `shown` is the number of the question on the page, 0 for the practice, `answers` the codes as text, "" skipped."""

    uuid: uuid.UUID
    class_code: str
    class_group: int
    wave_school: int
    version: int
    fingerprint: str
    stage: str
    pupil_code: str = ""
    shown: int = 0
    answers: tuple = field(default_factory=tuple)

    @classmethod
    def begin(cls, *, group, wave_school, version, stage, pupil_code):
        """A new sheet of a ClassGroup at an open WaveSchool, with an InstrumentVersion for a stage."""
        return cls(
            uuid=uuid.uuid4(),
            class_code=group.code,
            class_group=group.pk,
            wave_school=wave_school.pk,
            version=version.pk,
            fingerprint=version.source_sha256[:12],
            stage=stage,
            pupil_code=pupil_code,
        )

    @classmethod
    def read(cls, token, class_code):
        """The sheet of a token that was made for this class. Raises BadSheet."""
        try:
            parts = signing.loads(token or "", salt=_SALT, max_age=_GOOD_FOR)
        except signing.BadSignature:
            raise BadSheet from None
        sheet = cls(uuid.UUID(parts[0]), *parts[1:9], tuple(parts[9]))
        if sheet.class_code != class_code:
            raise BadSheet
        return sheet

    @property
    def token(self):
        """The sheet as signed text."""
        return signing.dumps(
            [
                *(self.uuid.hex, self.class_code, self.class_group, self.wave_school),
                *(self.version, self.fingerprint, self.stage),
                *(self.pupil_code, self.shown, list(self.answers)),
            ],
            salt=_SALT,
        )

    @property
    def asked(self):
        """The Questionnaire that this sheet answers."""
        return read_form(self.version, self.fingerprint).questions

    @property
    def practises(self):
        """Whether it begins with a practice question: the youngest meet the three faces before it counts."""
        return self.asked.questions[0].look == "faces"

    @property
    def first(self):
        """The number of the first page: 0 with a practice question, else 1."""
        return 0 if self.practises else 1

    def answered(self, code):
        """The sheet with `code` as the answer to the question on the page; a code that it does not offer is no answer."""
        if not 1 <= self.shown <= len(self.asked.questions):
            return self
        answers = list(self.answers) + [""] * (self.shown - len(self.answers))
        answers[self.shown - 1] = code if code in self.asked.questions[self.shown - 1].codes else ""
        return replace(self, answers=tuple(answers))

    def showing(self, number):
        """The sheet turned to a page, the nearest that there is."""
        return replace(self, shown=min(max(number, self.first), len(self.asked.questions)))

    def answer_to(self, number):
        """The code given to a question so far, or ""."""
        return self.answers[number - 1] if 1 <= number <= len(self.answers) else ""

    def by_key(self):
        """The answers as they are stored: {item key: code as text}, without the skipped ones."""
        return {question.key: code for question, code in zip(self.asked.questions, self.answers, strict=False) if code}


@dataclass(frozen=True)
class Form:
    """A version of an instrument with its questions."""

    version: InstrumentVersion
    questions: Questionnaire


@lru_cache(maxsize=32)
def read_form(version, fingerprint):
    """The Form of a version, by primary key and the start of its file's hash. Kept in this process: versions in use never change.

    Raises BadSheet when there is no such version any more.
    """
    found = (
        InstrumentVersion.objects.select_related("instrument")
        .filter(pk=version, source_sha256__startswith=fingerprint)
        .first()
    )
    if found is None:
        raise BadSheet
    return Form(found, questionnaire(found))
