"""What can be done to waves, invitations and answers. Every action of a person takes `by`."""

from surveys.actions.answers import check_accepting, store_response
from surveys.actions.imports import apply_import, read_import
from surveys.actions.invitations import (
    check_rating_open,
    invite_heads,
    keep_ratings,
    own_invitation,
    remind_heads,
)
from surveys.actions.waves import (
    change_dates,
    check_can_open,
    check_ready,
    close_school,
    close_wave,
    create_wave,
    freeze,
    open_wave,
    why_not_open,
)

__all__ = [
    "apply_import",
    "change_dates",
    "check_accepting",
    "check_can_open",
    "check_rating_open",
    "check_ready",
    "close_school",
    "close_wave",
    "create_wave",
    "freeze",
    "invite_heads",
    "keep_ratings",
    "open_wave",
    "own_invitation",
    "read_import",
    "remind_heads",
    "store_response",
    "why_not_open",
]
