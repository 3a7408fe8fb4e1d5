"""manage.py evaluate FOLDER --out OUT: the whole evaluation on plain files, with no database."""

import csv
import io
import sys
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from mentors.exports import plain_cell
from reports.numbers import long_date, parsed_date

DEFAULT_CUT = 4.0
DEFAULT_SEED = 20150801


class Command(BaseCommand):
    """Reads the folder, evaluates it by the same code as a report from the database, and writes every rendering."""

    help = "Evaluate a folder of pupils.csv, ht.csv, codebook.csv (and schools.csv), or one workbook with those sheets."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", help="the folder, or a workbook (.xlsx) with sheets pupils, ht, codebook, schools"
        )
        parser.add_argument("--out", required=True, help="the folder to write to; made when it is not there")
        parser.add_argument(
            "--cut", type=float, default=DEFAULT_CUT, help="rating from which a school is higher-rated (4.0)"
        )
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="seed of the random draws")
        parser.add_argument(
            "--items",
            choices=["scored", "all"],
            default="scored",
            help="which questions make the attitude scale: those that the codebook scores, or all",
        )

        parser.add_argument(
            "--fixed-by",
            default="",
            metavar="NAME",
            help="who fixed the cut before the answers were opened, for the report",
        )
        parser.add_argument(
            "--fixed-on", default="", metavar="DATE", help="when it was fixed, for the report: 2026-05-03 is 3 May 2026"
        )
        parser.add_argument(
            "--rule",
            choices=["whole_tables", "health_census"],
            help="the disclosure rule: the programme's own, or that of Scotland's Health and Wellbeing Census",
        )

    def handle(self, *args, folder, out, cut, seed, items, rule, fixed_by, fixed_on, **options):
        from reports import building, exports, files
        from reports.analysis.coding import short
        from reports.analysis.disclosure import suppress
        from reports.analysis.pipeline import evaluate, rejected
        from reports.analysis.schema import InvalidData, Plan, extra_columns

        rules = building.rules()
        if fixed_on and not parsed_date(fixed_on):
            self._refuse(f"--fixed-on {fixed_on} is not a date such as 2026-05-03.")
        if not 1 <= cut <= 5:
            self._refuse(f"--cut {cut:g} is not on the scale from 1 to 5.")
        if seed < 0:
            self._refuse(f"--seed {seed} is below 0.")
        plan = Plan(
            cut=cut,
            seed=seed,
            item_set=items,
            fixed_by=fixed_by.strip(),
            fixed_at=long_date(fixed_on),
            scope={"kind": "files", "title": Path(folder).resolve().name, "place": "", "cohort": ""},
            # These are the evaluator's own files: ratings may be shown by group, however few the schools.
            rules=replace(rules, rule=rule or rules.rule, guard_rating_groups=False),
            generated_at=timezone.localtime().isoformat(timespec="seconds"),
        )
        out = Path(out)
        try:
            if out.exists() and not out.is_dir():  # asked before the work, which may take a minute
                self._refuse(f"{out} is a file; --out names a folder.")
            data = files.read_folder(folder)
        except InvalidData as problem:
            self._refuse(problem)
        except OSError as problem:
            self._refuse(f"{problem.filename} cannot be read: {problem.strerror}.")
        try:
            results = suppress(evaluate(data, plan), plan.rules)
        except InvalidData as problem:
            self._refuse(problem)
        for column in extra_columns(data):
            self.stdout.write(f"pupils.csv: the column {short(column)} is not used.")
        charts = building.render_all(results)
        contents = building.renderings(results, charts)
        written = {
            "results.json": contents["json"],
            "report.pdf": contents["pdf"],
            "report.docx": contents["docx"],
            "tables.xlsx": contents["xlsx"],
            "charts.zip": contents["zip"],
            "report.html": exports.report_html(results, charts),
            "rejected.csv": _csv_text(rejected(data, plan)).encode(),
        }
        for name, svg in exports.chart_files(results, charts).items():
            written[f"charts/{name}"] = svg.encode()
        try:
            (out / "charts").mkdir(parents=True, exist_ok=True)
            for name, content in written.items():
                (out / name).write_bytes(content)
        except OSError as problem:
            self._refuse(f"{problem.filename} cannot be written: {problem.strerror}.")
        self.stdout.write(results["ladder"]["sentence"])
        self.stdout.write(f"Written to {out}.")

    def _refuse(self, sentence):
        self.stderr.write(str(sentence))
        sys.exit(2)


def _csv_text(rows):
    """Rows (a list of dicts, perhaps empty) as CSV text; what somebody typed is never run as a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=["file", "row", "column", "value", "reason"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: plain_cell(value) if isinstance(value, str) else value for key, value in row.items()} for row in rows
    )
    return text.getvalue()
