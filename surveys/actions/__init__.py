"""What can be done to waves, invitations and answers. Every action of a person takes `by`."""

from surveys.actions.answers import check_accepting, store_response
from surveys.actions.feedback import check_feedback_open, feedback_version, keep_feedback
from surveys.actions.imports import apply_import, read_import
from surveys.actions.invitations import invite, remind, waiting
from surveys.actions.quotes import QuoteRefused, add_quote, change_quote, withdraw_quote
from surveys.actions.sheets import check_link_room, check_may_answer, check_sheet_open, keep_answers, own_invitation
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
    "QuoteRefused",
    "add_quote",
    "apply_import",
    "change_dates",
    "change_quote",
    "check_accepting",
    "check_can_open",
    "check_feedback_open",
    "check_link_room",
    "check_may_answer",
    "check_ready",
    "check_sheet_open",
    "close_school",
    "close_wave",
    "create_wave",
    "feedback_version",
    "freeze",
    "invite",
    "keep_answers",
    "keep_feedback",
    "open_wave",
    "own_invitation",
    "read_import",
    "remind",
    "store_response",
    "waiting",
    "why_not_open",
    "withdraw_quote",
]
