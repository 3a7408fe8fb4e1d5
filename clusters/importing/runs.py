"""One import from preview to decision: kept as a `RegisterImport`, applied once, taken back while that is possible."""

import datetime
from collections.abc import Callable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from clusters.choices import SchoolStatus
from clusters.importing import stored
from clusters.importing.applying import hold_the_list, take_back, write_plan
from clusters.importing.comparing import Plan, compare
from clusters.models import RegisterImport
from clusters.registers.readings import Reading

UNDO_DAYS = 14
# A preview that nobody decided on is dropped after this long: it no longer tells the truth anyway.
KEEP_UNDECIDED = datetime.timedelta(days=7)


class Outdated(Exception):
    """Our list has changed since the preview was made, so that applying would do something nobody has seen."""


class AlreadyDecided(Exception):
    """The import was applied or taken back by somebody else in the meantime."""


def keep(reading: Reading, plan: Plan, *, file_name: str, sha256: str, by) -> RegisterImport:
    """Keeps a reading and its preview. `sha256` is of the file; `by` the Person who chose it, or None for the system."""
    drop_undecided()
    run = RegisterImport(file_name=file_name[-200:], sha256=sha256, made_by=by, reading=stored.to_json(reading))
    describe(run, reading, plan)
    run.save()
    return run


def drop_undecided() -> None:
    """Removes previews that nobody decided on in time, and files that nobody finished reading."""
    RegisterImport.objects.filter(applied_at=None, made_at__lt=timezone.now() - KEEP_UNDECIDED).delete()


def refresh(run: RegisterImport) -> Plan:
    """Works the preview out again from what was read, against our list as it is now, and saves it."""
    reading = stored.from_json(run.reading)
    plan = compare(reading)
    describe(run, reading, plan)
    run.save()
    return plan


@transaction.atomic
def apply(run: RegisterImport, *, by, on_progress: Callable[[float], None] = lambda done: None) -> None:
    """Writes what the preview showed, all or nothing, and drops the reading.

    Raises Outdated when our list has changed so that the preview no longer tells the truth, AlreadyDecided when it was
    applied before.
    """
    hold_the_list()
    run.refresh_from_db()
    if run.applied_at:
        raise AlreadyDecided
    reading = stored.from_json(run.reading)
    plan = compare(reading)
    if plan.fingerprint() != run.preview["fingerprint"]:
        raise Outdated
    now = timezone.now()
    run.undo = write_plan(plan, by=by, reason=f"Import of {run.edition}", on_progress=on_progress)
    run.applied_at, run.applied_by = now, by
    run.undo_until = timezone.localdate(now) + datetime.timedelta(days=UNDO_DAYS)
    run.moves = {"edition": stored.edition_to_json(reading.edition), "moves": stored.moves_to_json(reading.moves)}
    run.reading = {}
    run.save()


def can_be_undone(run: RegisterImport, on: datetime.date) -> bool:
    """Whether an import can still be taken back on a day: applied, in time, and no other one applied after it."""
    if not run.applied_at or run.undone_at or run.undo_until is None or on > run.undo_until:
        return False
    return not RegisterImport.objects.filter(applied_at__gt=run.applied_at, undone_at__isnull=True).exists()


@transaction.atomic
def undo(run: RegisterImport, *, by) -> tuple[int, int]:
    """Takes an applied import back. Returns (schools put back, schools removed).

    Raises AlreadyDecided when there is nothing to take back any more.
    """
    hold_the_list()
    run.refresh_from_db()
    if not run.applied_at or run.undone_at:
        raise AlreadyDecided
    done = take_back(run.undo, by=by, reason=f"Import of {run.edition} taken back")
    run.undone_at, run.undo = timezone.now(), {}
    run.save()
    return done


def describe(run: RegisterImport, reading: Reading, plan: Plan) -> None:
    """Puts the preview of a plan on an import (not saved)."""
    rows = plan.rows_of_change
    unreadable = sum(problem.whole_row and not problem.sheet for problem in plan.problems)
    run.kind = str(reading.kind)
    run.edition = plan.edition.title
    run.edition_on = plan.edition.on
    run.counts = {
        "rows": reading.rows,
        "records": len(reading.records),
        "primary": reading.count("P"),
        "secondary": reading.count("S"),
        "special": reading.count("SP"),
        "new": len(plan.new),
        "changed": len(plan.changed),
        "facts": len(rows),
        "same": plan.same,
        "confirmed": len(plan.confirmed),
        "missing": len(plan.missing),
        "newly_missing": len(plan.newly_missing),
        "unreadable": unreadable,
        "doubtful": len(plan.problems) - unreadable,
        "kept_newer": plan.kept_newer,
        "moves": len(reading.moves),
    }
    run.preview = {
        "fingerprint": plan.fingerprint(),
        "nothing_to_do": plan.nothing_to_do,
        "sheet": reading.sheet,
        "heading_row": reading.heading_row,
        "moves_sheet": reading.moves_sheet,
        "changed": rows,
        "new": [_line(target.school, target.changes["name"][1].value) for target in plan.new],
        "shut": [target.school.key for target in plan.changed if _shuts(target)],
        "missing": [_line(school, school.name) for school in plan.missing],
        "problems": [asdict(problem) for problem in plan.problems],
    }


def _shuts(target) -> bool:
    _, told = target.changes.get("status", (None, None))
    return bool(told) and told.value.status != SchoolStatus.OPEN


def _line(school, name: str) -> dict:
    return {
        "key": school.key,
        "school": name,
        "authority": school.authority.name if school.authority else "Grant-aided",
    }
