"""Papers made when somebody asks for them: the key findings of a report, and the pack of a cluster's mentors, as tagged PDF.

They hold what may change at any time: sentences that are edited, sessions that are logged. So nothing is stored: a process of its
own sets them, and the web process loads none of what it takes. The same words and the same day give the same bytes.
"""

from datetime import UTC, datetime

from reports.documents.apart import pages_apart
from reports.documents.pdf import for_paper, tagged_pdf
from reports.reading import readable


def key_findings_pdf(presented, on, invented=""):
    """One A4 side; `presented` is what `presentation.papers.present_key_findings` gives, `on` the date inside the file.

    `invented` is the mark of a demonstration (`reading.invented`), or "".
    """
    return tagged_pdf("key_findings.typ", readable(presented) | {"invented": invented}, _moment(on), pages_apart)


def pack_pdf(presented, on, invented=""):
    """The pack; `presented` is what `presentation.papers.present_pack` gives, `on` the date inside the file, `invented` as above."""
    for_paper([*presented["sections"], {"blocks": presented["progress"]}])
    return tagged_pdf("pack.typ", readable(presented) | {"invented": invented}, _moment(on), pages_apart)


def _moment(on):
    return int(datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp())
