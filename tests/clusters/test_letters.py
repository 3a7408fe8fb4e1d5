"""E-mails that no mail server takes are kept, sent again, and given up in the end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from clusters import letters, tasks
from clusters.actions import close_account
from clusters.models import KeptLetter
from pcp.celery import app

pytestmark = pytest.mark.django_db
LETTER = {"subject": "Ready", "body": "It is ready.", "to": ["a@example.org"]}


def test_kept_letter_is_sent_once_and_gone():
    letters.keep(**LETTER)

    tasks.send_kept_letters()
    tasks.send_kept_letters()

    assert [(sent.subject, sent.body, sent.to) for sent in mail.outbox] == [tuple(LETTER.values())]
    assert not KeptLetter.objects.exists()


def test_letter_that_fails_again_is_kept_with_the_time_of_the_first(no_redis, no_mail_server):
    letters.keep(**LETTER)
    first = timezone.now() - timedelta(hours=1)
    KeptLetter.objects.update(since=first)

    tasks.send_kept_letters()

    assert (len(no_mail_server), KeptLetter.objects.get().since) == (1, first)


def test_letter_that_is_too_old_is_given_up_unsent(no_redis, no_mail_server):
    letters.keep(**LETTER)
    KeptLetter.objects.update(since=timezone.now() - letters.KEPT_FOR - timedelta(seconds=1))

    tasks.send_kept_letters()

    assert len(no_mail_server) == 0
    assert not KeptLetter.objects.exists()


def test_letter_that_a_worker_tried_in_vain_for_the_last_time_is_kept(no_mail_server):
    app.conf.update(task_eager_propagates=False)  # as in a worker, whose errors nobody hears

    tasks.deliver_mail.apply(kwargs=LETTER)

    assert len(no_mail_server) == 6
    assert KeptLetter.objects.get().subject == "Ready"


@pytest.mark.parametrize("how", [{"keep": False}, {"to": []}])
def test_code_and_letter_to_nobody_are_never_kept(how):
    tasks.deliver_mail.gave_up(**(LETTER | how))

    assert not KeptLetter.objects.exists()


def test_letters_for_a_closed_account_are_thrown_away(world):
    head = world.people["head"]
    letters.keep(**(LETTER | {"to": [head.email]}))
    letters.keep(**LETTER)

    close_account(head, by=world.people["admin"])

    assert KeptLetter.objects.get().to == LETTER["to"]
