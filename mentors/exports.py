"""The list of sessions as a file for a spreadsheet."""

import csv
import io
import re

from clusters.calendar import academic_session

COLUMNS = (
    "Date",
    "Academic session",
    "Authority",
    "Cluster",
    "Topic",
    "How it was delivered",
    "Who led it",
    "Minutes",
    "Schools",
    "Teachers",
    "Teacher-hours",
)
# A cell that begins with one of these would be run as a formula by a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def plain_cell(value):
    """A value as text that a spreadsheet shows and never runs; a number such as -5 stays one."""
    text = str(value)
    if NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text


def sessions_csv(sessions):
    """The sessions (a SessionQuerySet already cut to what the reader may see) as CSV text, one row each, without names or notes."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for session in sessions.with_attendance().select_related("cluster__authority"):
        writer.writerow(
            plain_cell(value)
            for value in (
                session.held_on.isoformat(),
                academic_session(session.held_on).label,
                session.cluster.authority.name,
                session.cluster.name,
                session.get_topic_display(),
                session.get_mode_display(),
                session.get_leader_display(),
                session.minutes,
                session.school_count,
                session.teachers,
                round(session.teachers * session.minutes / 60, 2),
            )
        )
    return file.getvalue()
