"""One row of a recognised sheet to records: keys, texts, figures, and the reason when something cannot be read."""

from collections.abc import Iterator

from clusters.registers import cells
from clusters.registers.layouts import STAGES, Layout
from clusters.registers.readings import Figure, Kind, Problem, SchoolRecord, Status

MAX_NAME = 120
MAX_AUTHORITY = 100
MAX_TEXT = {"denomination": 40, "medium": 60, "centre_type": 40}
DEPARTMENTS = {"P": "primary", "S": "secondary", "SP": "special"}


class RowReader:
    """Reads the rows of one sheet in order; `records`, `problems` and `rows` grow as it goes.

    Text that stands below the last school without any key is taken for footnotes (the editions of 2019 and 2020 have
    them in the code column); the same text between schools is a row that cannot be read.
    """

    def __init__(self, layout: Layout):
        self.records: list[SchoolRecord] = []
        self.problems: list[Problem] = []
        self.rows = 0
        self._layout = layout
        self._seen: dict[tuple[str, str], int] = {}
        self._keyless: list[Problem] = []

    def read(self, number: int, row: dict[int, str]) -> None:
        """Takes one row: its number in the sheet and its cells as {column: text}."""
        row = {field: row.get(column, "") for field, column in self._layout.columns.items()}
        if not any(text.strip() for text in row.values()):
            return
        seed, why = cells.seed_code(row["seed"])
        if not seed and self._looks_like_a_note(row):
            self._keyless.append(Problem(number, self._name(row), self._what_is_there(row)))
            return
        self._flush_keyless()
        self.rows += 1
        sectors: list[str] = []
        if len(self._filled(row)) == 1:
            why = self._what_is_there(row)
        if not why:
            sectors, why = self._sectors(row, seed)
        if not why:
            why = self._text_problem(row)
        if why:
            self.problems.append(Problem(number, self._name(row), why))
            return
        for sector in sectors:
            self._add(number, seed, sector, row)

    def finish(self) -> None:
        """Call after the last row: what is still held back were footnotes."""
        self._keyless.clear()

    def _flush_keyless(self) -> None:
        self.problems += self._keyless
        self.rows += len(self._keyless)
        self._keyless.clear()

    def _looks_like_a_note(self, row: dict[str, str]) -> bool:
        return self._filled(row) <= {"seed", "authority"}

    def _filled(self, row: dict[str, str]) -> set[str]:
        return {field for field, text in row.items() if text.strip()}

    def _what_is_there(self, row: dict[str, str]) -> str:
        there = " and ".join(sorted(field.replace("_", " ") for field in self._filled(row)))
        return f"the row has text under {there} and nothing else"

    def _name(self, row: dict[str, str]) -> str:
        return cells.tidy(row["name"])[:MAX_NAME]

    def _text_problem(self, row: dict[str, str]) -> str:
        name = cells.tidy(row["name"])
        if not name:
            return "the school has no name"
        if len(name) > MAX_NAME:
            return f"the school's name is longer than {MAX_NAME} characters"
        if not cells.tidy(row["authority"]) and not row.get("authority_code", "").strip():
            return "the local authority is blank"
        return ""

    def _sectors(self, row: dict[str, str], seed: str) -> tuple[list[str], str]:
        if self._layout.kind is Kind.CONTACT_LIST:
            return self._departments(row)
        sector = cells.sector(row["sector"])
        if not sector:
            shown = cells.tidy(row["sector"])[:40]
            return [], f"school type is “{shown}”: it should be Primary, Secondary or Special"
        uid = cells.tidy(row.get("uid", "")).upper()
        if uid and uid != seed + sector:
            return [], f"SchUID “{uid[:20]}” does not agree with SEED code {seed} and school type {sector}"
        return [sector], ""

    def _departments(self, row: dict[str, str]) -> tuple[list[str], str]:
        flags = {sector: cells.flag(row[field], field) for sector, field in DEPARTMENTS.items()}
        for sector, found in flags.items():
            if found is None:
                shown = cells.tidy(row[DEPARTMENTS[sector]])[:40]
                return [], f"{DEPARTMENTS[sector]} department is “{shown}”: it should be Yes or No"
        sectors = [sector for sector, found in flags.items() if found]
        return sectors, "" if sectors else "the school has no primary, secondary or special department"

    def _add(self, number: int, seed: str, sector: str, row: dict[str, str]) -> None:
        first = self._seen.setdefault((seed, sector), number)
        if first != number:
            school = self._name(row)
            self.problems.append(
                Problem(number, school, f"SEED code {seed} and sector {sector} are already in row {first:,}")
            )
            return
        problems: list[str] = []
        record = SchoolRecord(
            row=number,
            seed_code=seed,
            sector=sector,
            authority_name=cells.tidy(row["authority"])[:MAX_AUTHORITY],
            authority_code=cells.tidy(row.get("authority_code", "")).upper()[:20],
            texts=dict(self._texts(row, problems)),
            figures=dict(self._figures(row, sector, problems)),
        )
        self.records.append(record)
        self.problems += [Problem(number, record.name, why, whole_row=False) for why in problems]

    def _texts(self, row: dict[str, str], problems: list[str]) -> Iterator[tuple[str, str]]:
        yield "name", self._name(row)
        for field, longest in MAX_TEXT.items():
            text = cells.tidy(row.get(field, ""))
            if len(text) > longest:
                problems.append(f"{field.replace('_', ' ')} is longer than {longest} characters")
            elif text and cells.mark(text) is None:
                yield field, text
        if text := cells.tidy(row.get("postcode", "")):
            postcode = cells.postcode(text)
            if postcode:
                yield "postcode", postcode
            elif cells.mark(text) is None:
                problems.append(f"postcode “{text[:20]}” is not a postcode")
        for folds in cells.URBAN_RURAL:
            field = f"urban_rural_{folds}"
            code = cells.urban_rural(row.get(field, ""), folds)
            if code:
                yield field, code
            elif code is None:
                problems.append(f"urban–rural class “{row[field][:40]}” is not one of the {folds}")

    def _figures(self, row: dict[str, str], sector: str, problems: list[str]) -> Iterator[tuple[str, Figure]]:
        found: dict[str, Figure] = {}
        for field, text, places in self._figure_cells(row, sector):
            number = cells.figure(text, places=places)
            if number is None:
                problems.append(
                    f"{field.replace('_', ' ')} “{cells.tidy(text)[:40]}” is neither a number nor a known mark"
                )
            else:
                found[field] = number
        if self._layout.kind is Kind.SCHOOL_ROLL:
            self._school_roll_shares(row, found, problems)
        elif self._layout.kind is Kind.CONTACT_LIST:
            # In the lists of 2017-18 a nought stands for "no figure", never for an empty school.
            found = {field: number for field, number in found.items() if number.value}
        elif "fifth_1" in found and "roll" in found:
            found["deprived_share"] = cells.share_of(found.pop("fifth_1"), found["roll"])
        found.pop("fifth_1", None)
        for field, number in found.items():
            if number.status is not Status.NOT_COLLECTED or number.raw:
                yield field, number

    def _figure_cells(self, row: dict[str, str], sector: str) -> Iterator[tuple[str, str, object]]:
        for field in ("roll", *STAGES, "fifth_1"):
            if field in row:
                yield field, row[field], None
        if "teachers_fte" in row:
            yield "teachers_fte", row["teachers_fte"], cells.ONE_PLACE
        if f"roll_{sector}" in row:
            yield "roll", row[f"roll_{sector}"], None
        if f"teachers_{sector}" in row:
            yield "teachers_fte", row[f"teachers_{sector}"], cells.ONE_PLACE

    def _school_roll_shares(self, row: dict[str, str], found: dict[str, Figure], problems: list[str]) -> None:
        """SchoolRoll writes 0 pupils, 0 teachers and a share of "0" for a school that the statistics leave out."""
        roll, teachers = found.get("roll"), found.get("teachers_fte")
        text = cells.tidy(row.get("share", ""))
        if roll and teachers and roll.value == 0 and teachers.value == 0:
            found.update(
                {field: Figure(Status.NOT_COLLECTED, found[field].raw) for field in ("roll", "teachers_fte")},
                deprived_share=Figure(Status.NOT_COLLECTED, text),
            )
            return
        if "share" not in row:
            return
        if text == "0":
            # In the edition of 2022 a real nought has no per cent sign; without pupils there is no share.
            known = bool(roll and roll.value)
            share = Figure(Status.KNOWN, text, cells.ONE_PLACE * 0) if known else Figure(Status.NOT_COLLECTED, text)
        else:
            share = cells.share_band(text)
        if share is None:
            problems.append(f"share in the most deprived fifth “{text[:40]}” is not understood")
        elif share.raw:
            found["deprived_share"] = share
