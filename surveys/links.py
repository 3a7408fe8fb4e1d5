"""Links by which adults answer without signing in, each with our signature so that none can be guessed or made up.

A *personal link* holds an invitation's random token: whoever has it may answer. A *school's link* leads every teacher of a school in
a wave to a form of the own: Begin hands out a token that carries the row of the wave, and nothing is stored before the first answer.
So pressing Begin without end fills no table and takes nobody's place. A *session's link* is short enough to be typed: the number of
the session and eight letters and figures of our signature, "147-KTRM4827". It may be guessed no more easily than a class code.
"""

import secrets
from urllib.parse import urljoin

from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from mentors.models import LearningSession
from surveys.choices import Audience
from surveys.coding import CLASS_ALPHABET, CLASS_CODE_LENGTH
from surveys.models import Invitation, WaveSchool

_signer = Signer(salt="surveys.invitation")
_school_signer = Signer(salt="surveys.school-link")


def signed(invitation):
    """The last part of the personal link of an invitation."""
    return _signer.sign(invitation.token)


def personal_link(invitation, site=""):
    """The address of the form of an invitation; `site` ("https://pcp.example.org/") makes it complete, for an e-mail."""
    return urljoin(site, reverse("adult-form", args=[signed(invitation)]))


def invitation_of(signed_token):
    """The invitation that a personal link opens, with its wave and place, or None for a link that we did not make.

    One that was begun by a school's link and has no answer yet is not stored: its `pk` is None.
    """
    try:
        token = _signer.unsign(signed_token)
    except BadSignature:
        return None
    stored = Invitation.objects.select_related("wave__cohort", "school", "cluster").filter(token=token).first()
    return stored or _begun(token)


def begun(wave_school):
    """A new invitation of nobody known, to a teachers' wave at a school. It is not stored."""
    token = f"{wave_school.pk}.{secrets.token_urlsafe(18)}"
    return Invitation(wave=wave_school.wave, audience=Audience.TEACHER, school=wave_school.school, token=token)


def _begun(token):
    row, dot, _ = token.partition(".")  # the token of an e-mailed link has no full stop
    found = _teachers_row(row) if dot else None
    if found is None:
        return None
    return Invitation(wave=found.wave, audience=Audience.TEACHER, school=found.school, token=token)


def school_link(wave_school, site=""):
    """The address that a school gives to its teachers."""
    return urljoin(site, reverse("teachers-begin", args=[_school_signer.sign(str(wave_school.pk))]))


def wave_school_of(signed_row):
    """The WaveSchool of a school's link, with its wave and school, or None for a link that we did not make."""
    try:
        return _teachers_row(_school_signer.unsign(signed_row))
    except BadSignature:
        return None


def _teachers_row(pk):
    rows = WaveSchool.objects.select_related("wave__cohort", "school", "cluster")
    return rows.filter(pk=pk, wave__audience=Audience.TEACHER).first()


def feedback_code(session):
    """The code of a session's feedback page: 147-KTRM4827."""
    number = int.from_bytes(salted_hmac("surveys.session-feedback", str(session.pk), algorithm="sha256").digest())
    letters = ""
    for _ in range(CLASS_CODE_LENGTH):
        number, place = divmod(number, len(CLASS_ALPHABET))
        letters += CLASS_ALPHABET[place]
    return f"{session.pk}-{letters}"


def feedback_link(session, site=""):
    """The address where whoever was at a session says how it was."""
    return urljoin(site, reverse("feedback-form", args=[feedback_code(session)]))


def session_of(code):
    """The LearningSession, with its cluster, that a code leads to, or None for a code that we did not make; small letters will do."""
    code = code.strip().upper()
    number = code.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    session = LearningSession.objects.select_related("cluster").filter(pk=int(number)).first()
    return session if session and constant_time_compare(feedback_code(session), code) else None
