"""What people said of learning sessions, with what would single anybody out taken away: the one place where such sheets are counted.

A share is over those who answered on the scale and agreed (4 or 5); who cannot say is left out of it and counted apart, as a share
of all who gave any answer.

*One session* shows how many sheets came, and nothing of what they say: the figures of a session of twelve people, beside those of
its cluster, would say what one of them answered.

*A cluster* shows a share over batches. Sheets count once their session has closed for good (`_closed_on`), in that order; a statement's
share moves on when the sheets that came since it last moved are a safe table of their own: ten or more, five or more who agree and
five or more who do not (`_batches`). So whoever writes down a share each day and subtracts has the table of a batch, which is safe.

*An authority and the programme* show what the clusters' shares add up to and nothing besides. Whoever subtracts has a cluster's share.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from django.conf import settings
from django.core.cache import cache
from django.utils.timezone import localdate

from mentors.wording import counted
from pcp.shares import percent_of
from surveys.choices import Audience
from surveys.models import InstrumentVersion, SessionFeedback
from surveys.questionnaires import questionnaire

FEEDBACK_DAYS = 14  # after the day of a session
QUALITY = "session_quality"  # the statement that stands for the five on a dashboard
AGREES, CANNOT_SAY = (4, 5), "CS"
HIDDEN = "[c]"  # as everywhere on the site
_KEPT_FOR = 60 * 60


@dataclass(frozen=True)
class Statement:
    """One statement: in words which share agrees and which cannot say, or the mark that it is hidden.

    `answered` sheets are behind the share that agrees: 0 where that is hidden, which does not say that nobody answered.
    """

    key: str
    text: str
    answered: int
    agree: str
    cannot_say: str


@dataclass(frozen=True)
class PlaceResult:
    """A place: the `sheets` that came after its `sessions`, and the statements; without statements while none may be shown."""

    sheets: int = 0
    sessions: int = 0
    statements: tuple = ()

    @property
    def quality(self):
        """The statement that stands for all on a dashboard, or None."""
        return next((each for each in self.statements if each.key == QUALITY), None)

    @property
    def why_none(self):
        """Why no statement is shown, in plain words, and nothing where some are. Which way people lean is not told: that is hidden."""
        if self.statements:
            return ""
        if not self.sheets:
            return "No feedback has been counted yet. It counts two weeks after a session."
        came = f"{counted(self.sheets, 'sheet')} so far."
        base, cell = settings.DISCLOSURE_MINIMUM_BASE, settings.DISCLOSURE_MINIMUM_CELL
        if self.sheets < base:
            return f"{came} Figures show from {base} on, once {cell} people or more agree and {cell} or more do not."
        return (
            f"{came} No figure shows yet: on each statement nearly everybody agreed, nearly nobody did, or few said either. A share "
            f"could then point to single people. It shows once {cell} people or more agree and {cell} or more do not."
        )


def of_session(session):
    """How many sheets came after one session. One query."""
    return SessionFeedback.objects.filter(session=session).count()


def at_place(on, *, authority=None, cluster=None):
    """The PlaceResult of a cluster, an authority or the whole programme on a date.

    Made for all places at once and kept for an hour: only sessions whose feedback has closed count, so hardly anything moves.
    """
    kept_as = f"session-feedback-{on.isoformat()}"
    found = cache.get(kept_as)
    if found is None:
        found = _everywhere(on)
        cache.set(kept_as, found, _KEPT_FOR)
    place = ("cluster", cluster.pk) if cluster else ("authority", authority.pk) if authority else ("programme", None)
    return found.get(place, PlaceResult())


def _everywhere(on):
    """{(kind, primary key): PlaceResult} of every place with a sheet. One query, and two for the words of the statements."""
    sessions = _closed_sessions(on)
    if not sessions:
        return {}
    asked, counts = _asked(), defaultdict(Counter)
    for session in sessions:
        for place in session.places:
            counts[place].update({"sheets": len(session.sheets), "sessions": 1})
    for own in (list(same) for _, same in groupby(sessions, key=lambda session: session.places[0])):
        for question in asked:
            for name, cells in (("agree", _agreement), ("unsure", _cannot_say)):
                table = _batches([[cells(sheet.get(question.key)) for sheet in session.sheets] for session in own])
                for place in own[0].places:
                    counts[place].update({(question.key, name, cell): number for cell, number in enumerate(table)})
    return {
        place: PlaceResult(sheets=count["sheets"], sessions=count["sessions"], statements=_statements(asked, count))
        for place, count in counts.items()
    }


@dataclass(frozen=True)
class _Session:
    """The sheets of one session, and the places that it counts for: its cluster, authority and the programme."""

    places: tuple
    sheets: tuple


def _closed_sessions(on):
    """The sessions whose feedback had closed on a date, cluster by cluster in the order of their closing."""
    columns = (
        "session__cluster",
        "session",
        "session__held_on",
        "session__cluster__authority",
        "answers",
        "received_at",
    )
    found = defaultdict(list)
    for cluster, session, held_on, authority, answers, received_at in SessionFeedback.objects.order_by().values_list(
        *columns
    ):
        found[cluster, session, held_on, authority].append((localdate(received_at), answers))
    closed = []
    for (cluster, session, held_on, authority), sheets in found.items():
        closed_on = _closed_on(held_on, max(day for day, _ in sheets))
        if closed_on <= on:
            places = (("cluster", cluster), ("authority", authority), ("programme", None))
            closed.append((cluster, closed_on, session, _Session(places, tuple(answers for _, answers in sheets))))
    return [session for *_, session in sorted(closed, key=itemgetter(0, 1, 2))]


def _closed_on(held_on, last_received_on):
    """The day from which a session's sheets count: when no more can come, and two weeks after the last came.

    Whoever moves a session to an earlier day thereby moves nothing into the figures of tomorrow.
    """
    return max(held_on, last_received_on) + timedelta(days=FEEDBACK_DAYS + 1)


def _batches(sessions):
    """The table (two cells) of a cluster over whole batches: per session a list of one sheet's two cells; what is left over waits."""
    total, batch = (0, 0), (0, 0)
    for sheets in sessions:
        batch = tuple(map(sum, zip(batch, *sheets, strict=True)))
        if _safe(batch):
            total, batch = tuple(map(sum, zip(total, batch, strict=True))), (0, 0)
    return total


def _agreement(answer):
    """One sheet as a table of agree, and do not; neither for an answer beside the scale."""
    on_scale = isinstance(answer, int)
    return int(on_scale and answer in AGREES), int(on_scale and answer not in AGREES)


def _cannot_say(answer):
    """One sheet as a table of cannot say, and answered on the scale."""
    return int(answer == CANNOT_SAY), int(isinstance(answer, int))


def _safe(table):
    return min(table) >= settings.DISCLOSURE_MINIMUM_CELL and sum(table) >= settings.DISCLOSURE_MINIMUM_BASE


def _asked():
    """The statements, as Questions of the newest version."""
    versions = InstrumentVersion.objects.latest_of_each().filter(instrument__audience=Audience.SESSION)
    version = versions.select_related("instrument").first()
    return questionnaire(version).questions if version else ()


def _statements(asked, count):
    """The Statements of a place on the Questions that were `asked`; none where nothing may be shown of any."""
    found = tuple(_statement(question, count) for question in asked)
    return found if any(each.answered for each in found) else ()


def _statement(question, count):
    agree, disagree, unsure, sure = (count[question.key, name, cell] for name in ("agree", "unsure") for cell in (0, 1))
    return Statement(
        key=question.key,
        text=question.text,
        answered=agree + disagree,
        agree=percent_of(agree, agree + disagree) if agree + disagree else HIDDEN,
        cannot_say=percent_of(unsure, unsure + sure) if unsure + sure else HIDDEN,
    )
