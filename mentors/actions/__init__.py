"""What can be done to sessions and grants, one file a subject. Every action takes `by`, the person who does it."""

from mentors.actions.grants import (
    ChangedMeanwhile,
    WrongPart,
    apply_for,
    award,
    change_due_day,
    change_scheme,
    decline,
    hand_in_report,
    invite_schools,
    make_scheme,
    pay,
    take_back,
    write_down_spending,
)
from mentors.actions.sessions import (
    Refused,
    change_session,
    check_session,
    delete_session,
    log_session,
    may_undo,
    undo_session,
)

__all__ = [
    "ChangedMeanwhile",
    "Refused",
    "WrongPart",
    "apply_for",
    "award",
    "change_due_day",
    "change_scheme",
    "change_session",
    "check_session",
    "decline",
    "delete_session",
    "hand_in_report",
    "invite_schools",
    "log_session",
    "make_scheme",
    "may_undo",
    "pay",
    "take_back",
    "undo_session",
    "write_down_spending",
]
