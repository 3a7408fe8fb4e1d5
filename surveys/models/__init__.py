"""What people tell us, one file a subject."""

from surveys.models.classes import ClassGroup, PupilCode
from surveys.models.feedback import SessionFeedback
from surveys.models.instruments import Instrument, InstrumentVersion, Item
from surveys.models.quotes import Quote
from surveys.models.responses import AnswerImport, Invitation, Response
from surveys.models.waves import Wave, WaveSchool

__all__ = [
    "AnswerImport",
    "ClassGroup",
    "Instrument",
    "InstrumentVersion",
    "Invitation",
    "Item",
    "PupilCode",
    "Quote",
    "Response",
    "SessionFeedback",
    "Wave",
    "WaveSchool",
]
