"""What publishing means alike for reports, key findings and school sheets: when it may be, what is written down, who is told."""

from django.utils import timezone

from clusters import tasks as mail
from clusters.actions import NotNow
from reports import selection
from reports.choices import ReportState
from reports.models import Report, SheetSet
from surveys.choices import Audience
from surveys.models import Response

STATE_FIELDS = ["state", "state_since", "state_by", "state_reason"]


def check_closed(cohort):
    """Raise NotNow while somebody may still answer in a cohort."""
    if open_wave := selection.open_wave(cohort, timezone.localdate()):
        raise NotNow(f"“{open_wave}” is still open. Nobody sees answers while a survey is open.")


def answered_between(cohort, made_at):
    """Whether sheets came in between this and anything else of the cohort that went out, at any place.

    Whoever subtracts a report of one place from that of a larger one, which was made before a late sheet came, has that sheet.
    """
    reports = Report.history.filter(cohort=cohort, state=ReportState.PUBLISHED).values_list("built_at", flat=True)
    sheets = SheetSet.history.filter(cohort=cohort, state=ReportState.PUBLISHED).values_list("made_at", flat=True)
    times = [made_at, *reports, *sheets]
    late = Response.objects.filter(wave__cohort=cohort, wave__audience=Audience.PUPIL)
    return late.filter(received_at__gt=min(times), received_at__lte=max(times)).exists()


def change_state(held, state, *, at, by, **fields):
    """Write that `by` changed the state of what is `held` (an Approvable, locked) and any other `fields`; its history names `by`."""
    fields |= {"state": state, "state_since": at, "state_by": by}
    for name, value in fields.items():
        setattr(held, name, value)
    held._history_user = by
    held.save(update_fields=list(fields))


def tell(person, *, subject, text):
    """Send a person a letter of SSERC's when the transaction is through."""
    body = f"Hello {person.get_short_name()},\n\n{text}\nSSERC\n"
    mail.deliver_mail.delay_on_commit(subject=subject, body=body, to=[person.email])
