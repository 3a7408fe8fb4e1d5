"""An adult's personal link: the invitation's random token with our signature. Whoever holds the link may answer."""

from urllib.parse import urljoin

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from surveys.models import Invitation

_signer = Signer(salt="surveys.invitation")


def signed(invitation):
    """The last part of the personal link of an invitation."""
    return _signer.sign(invitation.token)


def personal_link(invitation, site=""):
    """The address of the form of an invitation; `site` ("https://pcp.example.org/") makes it complete, for an e-mail."""
    return urljoin(site, reverse("head-form", args=[signed(invitation)]))


def invitation_of(signed_token):
    """The invitation that a personal link opens, with its wave and school, or None for a link that we did not make."""
    try:
        token = _signer.unsign(signed_token)
    except BadSignature:
        return None
    return Invitation.objects.select_related("wave__cohort", "school").filter(token=token).first()
