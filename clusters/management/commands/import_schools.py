"""Read an official school register, show what it would change, and with --apply change it."""

import datetime
import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format

from clusters.actions import NotNow, apply_register
from clusters.importing.comparing import Plan, compare
from clusters.importing.runs import keep
from clusters.registers.reader import CENSUS_MONTH, read_register
from clusters.registers.readings import Reading, RegisterRefused, Standing

BAR = 30


class Command(BaseCommand):
    """``manage.py import_schools FILE [--apply]``"""

    help = (
        "Read the official contact list, the school-level statistics or SchoolRoll (.xlsx or .csv) and show what it "
        "would change. Nothing is saved without --apply; then all of it is saved, or none of it. Safe to repeat."
    )

    def add_arguments(self, parser):
        """FILE, --apply, --edition, --all."""
        parser.add_argument("file", help="the register as it was published")
        parser.add_argument("--apply", action="store_true", help="save the changes, in one transaction")
        parser.add_argument(
            "--edition", help="the year (2023) or date (2024-10-31) it describes, when the file does not say"
        )
        parser.add_argument("--all", action="store_true", help="print every change, not the first of each kind")

    def handle(self, *args, **options):
        """Read, compare, print; with --apply, save."""
        started = time.monotonic()
        path = Path(options["file"])
        try:
            digest, reading = self._read(path, options)
            self._print_reading(path, reading, time.monotonic() - started)
            plan = compare(reading)
            self._print_plan(plan, options["all"])
            if plan.nothing_to_do:
                self.stdout.write("Nothing to change.")
            elif options["apply"]:
                run = keep(reading, plan, file_name=path.name, sha256=digest, by=None)
                apply_register(run, by=None, on_progress=self._bar("Saving "))
                self.stdout.write(f"Applied, and can be taken back until {date_format(run.undo_until)}.")
            else:
                self.stdout.write("Nothing was saved. Add --apply to save these changes.")
        except (RegisterRefused, NotNow) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{time.monotonic() - started:.1f} s in all.")

    def _read(self, path: Path, options) -> tuple[str, Reading]:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                reading = read_register(
                    file,
                    path.name,
                    said_edition=_edition(options["edition"]),
                    max_bytes=settings.UPLOAD_LIMIT_BYTES,
                    on_progress=self._bar("Reading"),
                )
        except OSError as error:
            raise CommandError(f"“{path}” cannot be opened: {error.strerror}. Nothing was changed.") from error
        return digest, reading

    def _bar(self, label: str):
        """A progress bar on the error stream, when somebody is looking at it."""

        def show(done: float):
            if self.stderr.isatty():
                filled = round(BAR * done)
                end = "\n" if done >= 1 else ""
                bar = f"\r{label} [{'#' * filled}{'.' * (BAR - filled)}] {done:4.0%}"
                self.stderr.write(bar, style_func=str, ending=end)  # nothing is wrong, so not in the colour of errors

        return show

    def _print_reading(self, path: Path, reading: Reading, seconds: float) -> None:
        say = self.stdout.write
        edition = f"edition of {reading.edition.words}" if reading.edition else "of a year that the file does not say"
        say(f"{path.name}: the {reading.kind.title}, {edition}.")
        say(
            f"The heading was found on row {reading.heading_row} of the sheet “{reading.sheet}”. Read in {seconds:.1f} s."
        )
        primary = reading.count("P")
        records = len(reading.records)
        if records + len(reading.unreadable) == reading.rows:
            say(f"  {reading.rows:,} rows, {primary:,} primary")
        else:
            say(
                f"  {reading.rows:,} rows, {primary:,} with a primary department "
                f"({records:,} records by SEED code and sector)"
            )
        say(f"  {reading.count('S'):,} secondary, {reading.count('SP'):,} special")
        if reading.moves_sheet:
            shut = sum(move.standing is not Standing.OPEN for move in reading.moves)
            say(
                f"  the sheet “{reading.moves_sheet}” tells of {len(reading.moves):,} schools, {shut:,} closed or mothballed"
            )

    def _print_plan(self, plan: Plan, everything: bool) -> None:
        say = self.stdout.write
        rows = plan.rows_of_change
        unreadable = sum(problem.whole_row and not problem.sheet for problem in plan.problems)
        say(f"  new: {len(plan.new):,}")
        say(f"  changed: {len(plan.changed):,} schools, {len(rows):,} facts")
        say(f"  the same: {plan.same:,}")
        say(f"  not in this list: {len(plan.missing):,} (kept and marked, never deleted)")
        say(f"  cannot be read: {unreadable:,} rows, {len(plan.problems) - unreadable:,} other places")
        if plan.kept_newer:
            say(f"  left alone: {plan.kept_newer:,} facts, because ours are newer or more exact")
        self._list("New", [f"{target.school.key} {target.changes['name'][1].value}" for target in plan.new], everything)
        self._list(
            "Changed", [f"{r['key']} {r['school']}: {r['label']}, {r['now']} -> {r['then']}" for r in rows], everything
        )
        self._list("Not in this list", [f"{school.key} {school.name}" for school in plan.missing], everything)
        self._list(
            "Cannot be read",
            [
                f"row {problem.row:,}{f' of “{problem.sheet}”' if problem.sheet else ''}, "
                f"{problem.school or '(blank)'}: {problem.reason}"
                for problem in plan.problems
            ],
            everything,
        )

    def _list(self, title: str, lines: list[str], everything: bool) -> None:
        if not lines:
            return
        shown = lines if everything else lines[:10]
        self.stdout.write(f"{title}:")
        for line in shown:
            self.stdout.write(f"  {line}")
        if len(lines) > len(shown):
            self.stdout.write(f"  and {len(lines) - len(shown):,} more (--all prints them)")


def _edition(text: str | None) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date(int(text), CENSUS_MONTH, 1) if len(text) == 4 else datetime.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is neither a year like 2023 nor a date like 2024-10-31.") from error
