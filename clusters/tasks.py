"""Work for the queue: plain values in, one call out."""

from celery import shared_task
from django.core.mail import EmailMessage


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5, at_once_without_queue=True)
def deliver_mail(*, subject, body, to):
    """Send one plain-text e-mail to the addresses in `to`, none when it is empty; a mail server that does not answer is tried again."""
    EmailMessage(subject=subject, body=body, to=to).send()


@shared_task
def read_register(*, run_id):
    """Read one official register that was sent, and work out what it would change."""
    from clusters.importing import uploads

    uploads.read(run_id)
