"""School sheets and picture sheets as tagged PDF, one A4 side each. Nothing in them comes from the clock."""

from datetime import UTC, datetime
from pathlib import Path

from reports.documents.pdf import tagged_pdf
from reports.documents.typesetting import pages
from reports.reading import readable

# The drawing that pupils know from their own pages.
PUFFIN = Path(__file__).resolve().parents[2] / "templates" / "surveys" / "pupil_puffin.html"


def sheet_pdf(presented, shared):
    """The headteacher's sheet; `presented` is what `presentation.sheet.present_sheet` gives, `shared` what all sheets share."""
    return tagged_pdf("sheet.typ", readable(presented) | _mark(shared), _moment(shared), pages)


def picture_pdf(presented, shared):
    """The sheet for the wall; `presented` is what `presentation.picture.present_picture` gives."""
    puffin = PUFFIN.read_text().strip().replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return tagged_pdf("picture.typ", readable(presented) | _mark(shared) | {"puffin": puffin}, _moment(shared), pages)


def _mark(shared):
    """What every sheet of a demonstration says; sets that are older than the mark have none."""
    return {"invented": shared.get("invented") or ""}


def _moment(shared):
    """The last day of the surveys, in seconds since 1970: the same data give the same bytes on any day."""
    return int(datetime.fromisoformat(shared["until"]).replace(tzinfo=UTC).timestamp())
