"""How the de-identified data of a cohort are made: extract, count the small cells, write every file, store the ZIP.

The ZIP is the folder that `manage.py evaluate` reads, with the same sheets for SPSS, a codebook that programs read, and a page of
plain words. It holds nothing that names a school, an authority, a slip or a person (but who fixed the analysis plan, and the day), and
no time: the same data give the same bytes.
"""

import hashlib
import shlex

from django.template.loader import render_to_string
from django.utils import timezone

from clusters.audit import record
from clusters.demonstration import holds_invented_data
from reports import extracts, files
from reports.adult_extracts import asked_of_adults
from reports.analysis import ANALYSIS_VERSION, matching, small_cells
from reports.analysis.pipeline import data_hash
from reports.analysis.scales import instruments
from reports.documents.data_package import data_package
from reports.documents.spss import OUTSIDE, pupils_sav
from reports.exports import packed
from reports.models import DataExport
from reports.reading import INVENTED
from reports.runs import ending, move_on
from reports.selection import rules


def build(run):
    """Make the de-identified data of a claimed run (`runs.claim`)."""
    move_on(run, 1)
    cohort = run.cohort
    data = extracts.evaluation_data(cohort)
    questions, ratings = extracts.questions_of(cohort), extracts.rating_questions_of(cohort)
    move_on(run, 2)
    sheets, _ = matching.clean(data, instruments(data.codebook))
    found = {
        "data_hash": data_hash(data, sheets),
        "sheets": len(data.pupils),
        "review": small_cells.review(data, sheets.flow, rules().small_cell),
    }
    move_on(run, 3)
    content = packed(_contents(cohort, data, questions, ratings, found))
    move_on(run, 4)
    with ending(run):
        export = DataExport.objects.create(
            run=run,
            cohort=cohort,
            content=content,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            made_at=timezone.now(),
            **found,
        )
        record("data made", export, by=run.requested_by, run=run.pk, data_hash=export.data_hash, sheets=export.sheets)


def _contents(cohort, data, questions, ratings, found):
    tables = {name: getattr(data, name) for name in files.TABLES if getattr(data, name) is not None}
    contents = {name: files.csv_content(frame) for name, frame in tables.items()}
    title = f"De-identified data, {cohort}"
    told = found | {
        "cohort": cohort,
        "plan": cohort.analysis_plan,
        "fixed_by": shlex.quote(str(cohort.analysis_plan.fixed_by)) if cohort.analysis_plan.fixed_by else "",
        "rule": rules().rule,
        "invented": INVENTED if holds_invented_data() else "",
        "adults": None if data.adults is None else len(data.adults),
        "analysis_version": ANALYSIS_VERSION,
        "outside": sorted(
            {(code, OUTSIDE[code], label) for each in questions.values() for code, label in each.outside}
        ),
    }
    return {f"{name}.csv": content for name, content in contents.items()} | {
        "pupils.sav": pupils_sav(data.pupils, questions, title),
        "datapackage.json": data_package(
            tables,
            contents,
            questions,
            ratings,
            asked_of_adults(cohort) if "adults" in tables else {},
            name=f"deidentified-{cohort.slug}",
            title=title,
            description="For the evaluator under the data sharing agreement. README.txt says what these data are and what they are not.",
        ),
        "README.txt": render_to_string("reports/standalone/readme.txt", told).encode(),
    }
