"""Writes a plan in one transaction, with row history, and takes an import back while nothing has built on it."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import ProtectedError
from simple_history.utils import bulk_create_with_history

from clusters.importing import facts
from clusters.importing.comparing import Plan, Target
from clusters.models import LocalAuthority, School

BATCH = 200
WRITTEN = (
    "name", "authority", "postcode", "status", "status_on", "status_note", "in_latest_list", "roll", "stage_rolls", "teachers", "deprived_share",
    "deprived_band", "deprived_status", "simd_quintile", "urban_rural", "urban_rural_folds", "medium", "denomination", "facts",
)  # fmt: skip
COLUMNS = {name: School._meta.get_field(name).attname for name in WRITTEN}


def hold_the_list() -> None:
    """Makes other imports wait until this transaction ends, so that two can never add the same school."""
    list(LocalAuthority.objects.select_for_update().order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def write_plan(plan: Plan, *, by, reason: str, on_progress: Callable[[float], None] = lambda done: None) -> dict:
    """Applies a plan: all of it or nothing. Returns what is needed to take it back, as JSON-ready values.

    `by` is the Person for the row history (None for the system), `reason` the change reason in it. `on_progress` is
    called with the share written (0 to 1). Call `hold_the_list` and compare in the same transaction.
    """
    batches = [
        *(("new", batch) for batch in _in_batches(plan.new)),
        *(("changed", batch) for batch in _in_batches(plan.changed + plan.newly_missing)),
        *(("confirmed", batch) for batch in _in_batches(plan.confirmed)),
    ]
    undo = {"made": [], "changed": {}}
    for done, (what, targets) in enumerate(batches, start=1):
        schools = [target.school for target in targets]
        before = [_held(school) for school in schools]
        for target in targets:
            _write_target(target, plan)
        if what == "new":
            made = bulk_create_with_history(schools, School, default_user=by, default_change_reason=reason)
            undo["made"] += [school.pk for school in made]
        elif what == "changed":
            _update(schools, WRITTEN)
            School.history.bulk_history_create(schools, update=True, default_user=by, default_change_reason=reason)
            undo["changed"] |= {
                str(school.pk): _differences(held, _held(school)) for school, held in zip(schools, before, strict=True)
            }
        else:
            # Only the source of unchanged facts moves on: not a decision, so no history row for every school.
            _update(schools, ["facts"])
        on_progress(done / len(batches))
    return undo


def _update(schools: list[School], fields) -> None:
    """Writes many different rows in one INSERT that falls back to UPDATE by school key.

    Django's bulk_update makes one CASE of all rows for each column, which took six times as long for 2,400 schools.
    """
    for school in schools:
        school.pk = None
    School.objects.bulk_create(
        schools, update_conflicts=True, unique_fields=["seed_code", "sector"], update_fields=fields
    )


def _in_batches(targets: list[Target]) -> list[list[Target]]:
    return [targets[start : start + BATCH] for start in range(0, len(targets), BATCH)]


def _write_target(target: Target, plan: Plan) -> None:
    for name, (_, fact) in target.changes.items():
        facts.write(target.school, name, fact)
        facts.note_source(target.school, name, fact, target.editions.get(name, plan.edition))
    for name, fact in target.confirmed.items():
        facts.note_source(target.school, name, fact, plan.edition)


def _held(school: School) -> dict:
    """The fields that an import may write, by column, as JSON-ready values that later changes do not touch."""
    values = {name: getattr(school, column) for name, column in COLUMNS.items()}
    for name in ("stage_rolls", "facts"):
        # One level is enough: an import replaces the notes in these dicts and never changes one in place.
        values[name] = dict(values[name])
    for name in ("teachers", "deprived_share", "status_on"):
        values[name] = None if values[name] is None else str(values[name])
    return values


def _differences(before: dict, after: dict) -> dict:
    return {name: value for name, value in before.items() if value != after[name]}


@transaction.atomic
def take_back(undo: dict, *, by, reason: str) -> tuple[int, int]:
    """Undoes an import from what `write_plan` returned: facts go back; added schools go unless something refers to them.

    Returns (schools put back, schools removed). A school that has to stay is marked as not in the latest list.
    """
    schools = list(School.objects.filter(pk__in=[int(pk) for pk in undo["changed"]]))
    for school in schools:
        for name, value in undo["changed"][str(school.pk)].items():
            setattr(school, COLUMNS[name], value)
    _update(schools, WRITTEN)
    School.history.bulk_history_create(schools, update=True, default_user=by, default_change_reason=reason)
    return len(schools), _remove(School.objects.filter(pk__in=undo["made"]), by=by, reason=reason)


def _remove(schools, *, by, reason: str) -> int:
    removed = 0
    for school in schools:
        school._history_user, school._change_reason = by, reason
        try:
            with transaction.atomic():
                school.delete()
            removed += 1
        except ProtectedError:
            school.in_latest_list = False
            school.save()
    return removed
