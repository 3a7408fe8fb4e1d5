"""Work for the queue: plain values in, one call out."""

from celery import shared_task
from django.core.mail import EmailMessage
from django.utils import timezone

from pcp.queue import LastingTask


class MailTask(LastingTask):
    """An e-mail that cannot be sent is kept in the database, except where it is of no use later."""

    at_once_without_queue = True

    def gave_up(self, *, subject, body, to, keep=True, since=None):
        """Keep it for `send_kept_letters`."""
        from clusters import letters

        if keep and to:
            letters.keep(subject=subject, body=body, to=to, since=since)


@shared_task(base=MailTask, autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def deliver_mail(*, subject, body, to, keep=True, since=None):
    """Send one plain-text e-mail to the addresses in `to`, none when it is empty; a mail server that does not answer is tried again.

    One that no server takes is kept and sent again, `since` when that happened first; without `keep` it is forgotten.
    """
    EmailMessage(subject=subject, body=body, to=to).send()


@shared_task
def send_kept_letters():
    """Try the e-mails again that could not be sent. One that fails again is kept again, so that none is lost between the two."""
    from clusters import letters

    for letter, message in letters.kept():
        deliver_mail.delay(**message)
        letter.delete()


@shared_task
def read_register(*, run_id):
    """Read one official register that was sent, and work out what it would change."""
    from clusters.importing import uploads

    uploads.read(run_id)


@shared_task
def resume_waiting_registers():
    """Ask again for every register whose message was lost."""
    from clusters.importing import uploads

    for run_id in uploads.waiting(timezone.now()):
        read_register.delay(run_id=run_id)
