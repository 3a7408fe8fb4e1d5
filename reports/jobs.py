"""The worker's front door: one run in, whatever kind it is."""

import logging

from django.db import OperationalError
from django.utils import timezone

from reports import building, deidentifying, runs, selection, sheets
from reports.analysis.schema import InvalidData
from reports.choices import ReportKind

log = logging.getLogger("reports")
BUILDERS = {
    ReportKind.EVALUATION: building.build,
    ReportKind.EXPORT: deidentifying.build,
    ReportKind.SHEETS: sheets.build,
}


def build(run_id):
    """Make what one run asks for. Does nothing when somebody else holds the run or it has ended.

    Returns the ids of the school sheets that are left to make, each by a task of its own; nothing for other kinds.

    Whatever happens, the run says so: ready, failed with a sentence, or cancelled. A database that is briefly away is tried again
    by the sweep, since the heartbeat stops.
    """
    run = runs.claim(run_id)
    if run is None:
        return []
    try:
        if open_wave := selection.open_wave(run.cohort, timezone.localdate()):
            # It was opened again after this was asked for.
            runs.fail(
                run, f"“{open_wave}” is open again. Nobody sees answers while a survey is open. Ask when it has closed."
            )
            return []
        return BUILDERS[run.kind](run) or []
    except runs.Stopped:
        log.info("run %s stopped", run.pk)
    except InvalidData as problem:
        runs.fail(run, str(problem))
    except OperationalError:
        log.exception("run %s lost the database; the sweep will take it up again", run.pk)
        raise
    except Exception:
        log.exception("run %s failed", run.pk)
        runs.fail(run, f"Something went wrong while building it. {runs.WHAT_TO_DO}: run {run.pk}.")
    return []
