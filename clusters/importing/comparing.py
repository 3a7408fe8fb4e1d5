"""The plan of an import: what a reading would change in our list of schools, worked out without changing anything."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from functools import cached_property

from clusters.importing import facts, stored
from clusters.importing.facts import LABELS, LISTED, Fact
from clusters.models import LocalAuthority, RegisterImport, School
from clusters.registers.readings import (
    Edition,
    Kind,
    Problem,
    Reading,
    RegisterRefused,
    SchoolRecord,
    Standing,
    Status,
)

_NOT_LETTER = re.compile(r"[^a-z]")
_COUNCIL = re.compile(r"\b(?:the|council)\b")


class AuthorityNames:
    """Finds an authority by any name or code that the registers use for it."""

    def __init__(self, authorities):
        self._by_name: dict[str, LocalAuthority] = {}
        self._by_code: dict[str, LocalAuthority] = {}
        for authority in authorities:
            for name in (authority.name, *authority.aliases):
                self._by_name[self._plain(name)] = authority
            for code in (authority.gss_code, *authority.superseded_codes):
                self._by_code[code.upper()] = authority

    @staticmethod
    def _plain(name: str) -> str:
        return _NOT_LETTER.sub("", _COUNCIL.sub("", name.lower().replace("&", "and").split("[")[0]))

    def find(self, name: str, code: str) -> tuple[LocalAuthority | None, str]:
        """(authority, "") or (None, why not). Grant-aided schools have no authority and no reason."""
        by_name, by_code = self._by_name.get(self._plain(name)), self._by_code.get(code)
        if by_name and by_code and by_name != by_code:
            return None, f"authority “{name}” and code {code} are two different authorities"
        if by_name or by_code:
            return by_name or by_code, ""
        if self._plain(name) == "grantaided":
            return None, ""
        return None, f"we do not know the authority “{name or code}”"


@dataclass
class Target:
    """One school that the plan touches, with the facts to write: {field: (now, in this file)}.

    `editions` names the edition of a fact that this file does not tell but an earlier one did.
    """

    school: School
    changes: dict[str, tuple[Fact, Fact]] = field(default_factory=dict)
    confirmed: dict[str, Fact] = field(default_factory=dict)
    editions: dict[str, Edition] = field(default_factory=dict)


@dataclass
class Plan:
    """What an import would do.

    new: schools to add. changed: schools with at least one fact that differs. confirmed: schools whose facts stay and
    only get the newer edition's date. same: number of schools in the file of which no fact changes. missing: schools not
    in this list, of which newly_missing have to be marked. kept_newer: facts left alone because ours are from a newer edition.
    """

    edition: Edition
    new: list[Target] = field(default_factory=list)
    changed: list[Target] = field(default_factory=list)
    confirmed: list[Target] = field(default_factory=list)
    same: int = 0
    missing: list[School] = field(default_factory=list)
    newly_missing: list[Target] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kept_newer: int = 0

    @property
    def nothing_to_do(self) -> bool:
        """Whether applying would write nothing at all."""
        return not (self.new or self.changed or self.confirmed or self.newly_missing)

    @cached_property
    def rows_of_change(self) -> list[dict]:
        """One dict per fact that changes, for tables: key, school, label, now, then, and whether now is a hidden figure."""
        return [row for target in self.changed for row in _rows(target)]

    def fingerprint(self) -> str:
        """The same for two plans that would do the same: what a person saw is what is applied."""
        told = {
            "edition": [str(self.edition.kind), self.edition.on.isoformat()],
            "new": sorted(target.school.key for target in self.new),
            "changed": sorted(list(row.values()) for row in self.rows_of_change),
            "confirmed": sorted(target.school.key for target in self.confirmed),
            "missing": sorted(target.school.key for target in self.newly_missing),
        }
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _rows(target: Target) -> list[dict]:
    key, school = target.school.key, target.school.name
    return [
        {
            "key": key,
            "school": school,
            "label": LABELS[name],
            "now": facts.words(name, now),
            "then": facts.words(name, then),
            "hidden": now.status in (Status.SUPPRESSED, Status.NEAR_ZERO),
        }
        for name, (now, then) in target.changes.items()
    ]


def compare(reading: Reading) -> Plan:
    """Works out what `reading` would change. Changes nothing; three queries, whatever the size.

    Raises RegisterRefused when the edition is not known or no authority has been loaded.
    """
    if reading.edition is None:
        raise RegisterRefused("The file does not say which year it describes. Tell us the year and read it again.")
    authorities = list(LocalAuthority.objects.all())
    if not authorities:
        raise RegisterRefused("No authority is known yet. Run “manage.py load_reference” first.")
    names = AuthorityNames(authorities)
    ours = {(school.seed_code, school.sector): school for school in School.objects.select_related("authority")}
    listed = {}
    newest: dict[int | None, tuple] = {}
    for school in ours.values():
        rank = facts.rank_of(school, LISTED)
        newest[school.authority_id] = max(rank, newest.get(school.authority_id, rank))
    plan = Plan(reading.edition, problems=list(reading.problems))
    moves = {move.key: move for move in reading.moves}
    earlier = _earlier_moves(plan.edition)
    for record in reading.records:
        authority, why = names.find(record.authority_name, record.authority_code)
        if why:
            plan.problems.append(Problem(record.row, record.name, why))
            continue
        if record.texts.get("centre_type", "").lower() == "grant aided":
            # Paid for by the Government: SchoolRoll names the council around it, which has no say in it.
            authority = None
        place = authority.pk if authority else None
        listed[record.key] = (place, record.sector)
        told = dict(facts.told_by(record, reading.kind, authority, moves.get(record.key)))
        # A school that only an older edition knows has closed or changed its code since.
        latest = newest.get(place, plan.edition.rank) <= plan.edition.rank
        told[LISTED] = Fact(Status.KNOWN, latest, "in this list")
        school = ours.get(record.key)
        if school is None:
            plan.new.append(_new(record, authority, told, earlier))
        else:
            _compare_one(plan, school, told)
    _find_missing(plan, ours, listed, {record.key for record in reading.records}, moves)
    plan.problems.sort(key=lambda problem: problem.row)
    return plan


def _earlier_moves(edition: Edition) -> tuple[Edition | None, dict]:
    """What the newest contact list said of schools that opened or closed, when it is newer than `edition`."""
    applied = RegisterImport.objects.filter(kind=Kind.CONTACT_LIST, applied_at__isnull=False, undone_at=None)
    newest = applied.filter(edition_on__gte=edition.on).order_by("-edition_on", "-applied_at").only("moves").first()
    if newest is None or not newest.moves:
        return None, {}
    moves = stored.moves_from_json(newest.moves["moves"])
    return stored.edition_from_json(Kind.CONTACT_LIST, newest.moves["edition"]), {move.key: move for move in moves}


def _new(record: SchoolRecord, authority: LocalAuthority | None, told: dict[str, Fact], earlier) -> Target:
    school = School(seed_code=record.seed_code, sector=record.sector, authority=authority)
    target = Target(school, {name: (Fact(Status.NOT_COLLECTED), fact) for name, fact in told.items()})
    edition, moves = earlier
    if "status" not in told and record.key in moves:
        target.changes["status"] = (Fact(Status.NOT_COLLECTED), facts.status_after(moves[record.key]))
        target.editions["status"] = edition
    return target


def _compare_one(plan: Plan, school: School, told: dict[str, Fact]) -> None:
    target = _target(plan, school, told)
    if target.changes:
        plan.changed.append(target)
    elif target.confirmed:
        plan.confirmed.append(target)
    else:
        plan.same += 1


def _target(plan: Plan, school: School, told: dict[str, Fact]) -> Target:
    target = Target(school)
    file_rank = plan.edition.rank
    for name, then in told.items():
        rank, now = facts.rank_of(school, name), facts.held_by(school, name)
        then = facts.completed(then, now)
        if facts.refines(now, then):
            continue
        if rank > file_rank and not facts.refines(then, now):
            plan.kept_newer += name != LISTED and not now.same_as(then)
        elif not now.same_as(then):
            target.changes[name] = (now, then)
        elif rank < file_rank:
            target.confirmed[name] = then
    return target


def _find_missing(plan: Plan, ours: dict, listed: dict, in_file: set, moves: dict) -> None:
    """Schools of ours that the list should hold but does not: of an authority and a sector that it does hold.

    One that the same file says has closed or is mothballed is told so; any other is only marked.
    """
    covered = set(listed.values())
    for key, school in ours.items():
        if key in in_file:
            continue
        told = {}
        if (school.authority_id, school.sector) in covered and facts.rank_of(school, LISTED) <= plan.edition.rank:
            plan.missing.append(school)
            told[LISTED] = Fact(Status.KNOWN, False, "not in this list")
        if key in moves and moves[key].standing is not Standing.OPEN:
            told["status"] = facts.status_after(moves[key])
        target = _target(plan, school, told)
        if "status" in target.changes:
            plan.changed.append(target)
        elif target.changes:
            plan.newly_missing.append(target)
        elif target.confirmed:
            plan.confirmed.append(target)
