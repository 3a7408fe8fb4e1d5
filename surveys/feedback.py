"""What people said of learning sessions, with what would single anybody out taken away: the one place where such sheets are counted.

A share is over those who answered on the scale and agreed (4 or 5); who cannot say is left out of it and counted apart, as a share
of all who gave any answer. The cells follow the programme's rule: a share stands only where five or more agree and five or more do
not. Where fewer differ it is said to be over or under a round figure, which tells no more than that.

*One session.* From five sheets on, and always the first five, ten, fifteen: a page that moved on with every sheet would say what
whoever has just put the phone away had answered.

*A place.* All sheets of sessions whose feedback has closed; ten or more of them. Places add up: where the clusters of an authority
that show no share could be had by taking the others from the authority, the smallest of the others hide theirs as well, and so for
the authorities of the programme (docs/method.md, "Disclosure control", says why that is enough).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.core.cache import cache

from surveys.choices import Audience
from surveys.models import InstrumentVersion, SessionFeedback
from surveys.questionnaires import questionnaire

FEEDBACK_DAYS = 14  # after the day of a session
STEP = 5  # sheets of one session by which its results move on
QUALITY = "session_quality"  # the statement that stands for the five on a dashboard
AGREES, CANNOT_SAY = (4, 5), "CS"
BOUNDS = (90, 75, 50)  # per cent, those of reports.analysis.adult_disclosure
_KEPT_FOR = 60 * 60


@dataclass(frozen=True)
class Statement:
    """One statement: `answered` sheets, and in words which share agrees and which cannot say, as far as it may be told."""

    key: str
    text: str
    answered: int
    agree: str
    cannot_say: str


@dataclass(frozen=True)
class SessionResult:
    """One session: `received` sheets, and the statements over the first `counted` of them; none below five."""

    received: int
    counted: int = 0
    statements: tuple = ()


@dataclass(frozen=True)
class PlaceResult:
    """A place: its `sheets` after `sessions` between two dates, and the statements, of which there are none below ten sheets."""

    sheets: int = 0
    sessions: int = 0
    first_on: date | None = None
    last_on: date | None = None
    statements: tuple = ()

    @property
    def quality(self):
        """The statement that stands for all on a dashboard, or None."""
        return next((each for each in self.statements if each.key == QUALITY), None)


@dataclass
class _Tally:
    """Sheets of a place, added up. `answers` is {(item key, code): sheets}."""

    sheets: int = 0
    days: dict = field(default_factory=dict)  # {session: its day}
    answers: Counter = field(default_factory=Counter)

    def add(self, answers, session=None, on=None):
        """Count one sheet."""
        self.sheets += 1
        self.days[session] = on
        self.answers.update(answers.items())

    def agreement(self, key):
        """(agree, do not) of those on the scale."""
        given = {code: self.answers[key, code] for code in range(1, 6)}
        agree = sum(given[code] for code in AGREES)
        return agree, sum(given.values()) - agree

    def unsure(self, key):
        """(cannot say, answered on the scale)."""
        return self.answers[key, CANNOT_SAY], sum(self.agreement(key))


def of_session(session):
    """The SessionResult of one session. Two queries or three."""
    sheets = list(SessionFeedback.objects.filter(session=session).values_list("answers", flat=True))
    counted = len(sheets) - len(sheets) % STEP
    if not counted:
        return SessionResult(len(sheets))
    tally = _Tally()
    for answers in sheets[:counted]:
        tally.add(answers)
    return SessionResult(len(sheets), counted, _statements(_asked(), tally))


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
    last_on = on - timedelta(days=FEEDBACK_DAYS + 1)
    rows = SessionFeedback.objects.filter(session__held_on__lte=last_on).order_by()
    tallies, authority_of = defaultdict(_Tally), {}
    columns = ("answers", "session", "session__held_on", "session__cluster", "session__cluster__authority")
    for answers, session, held_on, cluster, authority in rows.values_list(*columns).iterator():
        authority_of[cluster] = authority
        for place in (("programme", None), ("authority", authority), ("cluster", cluster)):
            tallies[place].add(answers, session, held_on)
    if not tallies:
        return {}
    asked = _asked()
    agreement, unsure = (
        {
            question.key: _may_show({place: of(tally, question.key) for place, tally in tallies.items()}, authority_of)
            for question in asked
        }
        for of in (_Tally.agreement, _Tally.unsure)
    )
    return {
        place: PlaceResult(
            sheets=tally.sheets,
            sessions=len(tally.days),
            first_on=min(tally.days.values()),
            last_on=max(tally.days.values()),
            statements=_statements(
                asked,
                tally,
                agreement={key for key, places in agreement.items() if place in places},
                unsure={key for key, places in unsure.items() if place in places},
            )
            if tally.sheets >= settings.DISCLOSURE_MINIMUM_BASE
            else (),
        )
        for place, tally in tallies.items()
    }


def _may_show(tables, authority_of):
    """The places that may show their table of two cells: `tables` of all, each added up from those below it."""
    shown = {("programme", None)} & {place for place, table in tables.items() if _safe(table)}
    if shown:
        shown |= _parts_shown({place: table for place, table in tables.items() if place[0] == "authority"})
    for authority in [place for place in shown if place[0] == "authority"]:
        below = {("cluster", cluster) for cluster, place in authority_of.items() if place == authority[1]}
        shown |= _parts_shown({place: tables[place] for place in below})
    return shown


def _parts_shown(tables):
    """Which parts of a place that shows its table may show theirs: the safe ones, as long as the rest of the place is safe too."""
    shown = sorted(
        (place for place, table in tables.items() if _safe(table)), key=lambda place: (-sum(tables[place]), place)
    )
    while shown:
        rest = [table for place, table in tables.items() if place not in shown]
        left = tuple(map(sum, zip(*rest, strict=True))) if rest else (0, 0)
        if not sum(left) or _safe(left):
            break
        shown.pop()
    return set(shown)


def _safe(table):
    return min(table) >= settings.DISCLOSURE_MINIMUM_CELL and sum(table) >= settings.DISCLOSURE_MINIMUM_BASE


def _asked():
    """The statements, as Questions of the newest version."""
    versions = InstrumentVersion.objects.latest_of_each().filter(instrument__audience=Audience.SESSION)
    version = versions.select_related("instrument").first()
    return questionnaire(version).questions if version else ()


def _statements(asked, tally, agreement=None, unsure=None):
    """The Statements of a tally on the Questions that were `asked`.

    `agreement` and `unsure` are the keys whose shares the other places let stand; None asks the tally alone.
    """
    return tuple(
        Statement(
            key=question.key,
            text=question.text,
            answered=sum(tally.unsure(question.key)),
            agree=_share(tally.agreement(question.key), agreement is None or question.key in agreement),
            cannot_say=_cannot_say(tally.unsure(question.key), unsure is None or question.key in unsure),
        )
        for question in asked
    )


def _share(table, allowed):
    """“93%”; “over 90%” where fewer than five differ; “half or more” of fewer than ten; or that it is hidden."""
    agree, total, small = table[0], sum(table), settings.DISCLOSURE_MINIMUM_CELL
    if allowed and _safe(table):
        return f"{round(100 * agree / total)}%"
    if small <= total < 2 * small:
        return "half or more" if 2 * agree >= total else "under half"
    bound = next((percent for percent in BOUNDS if (100 - percent) * total >= 100 * small), None)
    if min(table) >= small or bound is None:
        return "hidden"
    return f"over {bound}%" if 2 * agree > total else f"under {100 - bound}%"


def _cannot_say(table, allowed):
    """“2%”, or “few” for nobody and up to four alike."""
    if table[0] < settings.DISCLOSURE_MINIMUM_CELL:
        return "few"
    return f"{round(100 * table[0] / sum(table))}%" if allowed and _safe(table) else "hidden"
