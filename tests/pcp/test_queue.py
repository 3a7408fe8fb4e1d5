"""What happens while Redis cannot be reached: nothing that a person did is lost, and no page breaks."""

import pytest
from celery.app.task import Task
from celery.contrib.django.task import DjangoTask
from django.core import mail
from kombu.exceptions import OperationalError

from clusters.tasks import deliver_mail
from pcp.celery import app
from pcp.queue import LastingCache
from reports.tasks import build_report

NOWHERE = "redis://127.0.0.1:1/0"  # nothing listens on this port


@pytest.fixture
def dead_queue(monkeypatch):
    def refused(self, *args, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(Task, "apply_async", refused)
    app.conf.update(task_always_eager=False)


@pytest.fixture
def dead_cache():
    return LastingCache(NOWHERE, {})


def test_task_of_this_site_is_a_lasting_one():
    assert isinstance(build_report._get_current_object(), DjangoTask)
    assert build_report.at_once_without_queue is False
    assert deliver_mail.at_once_without_queue is True


def test_mail_goes_out_at_once_when_the_queue_cannot_be_reached(dead_queue):
    deliver_mail.delay(subject="Ready", body="It is ready.", to=["a@example.org"])

    assert [(sent.subject, sent.to) for sent in mail.outbox] == [("Ready", ["a@example.org"])]


def test_sending_a_task_whose_queue_cannot_be_reached_breaks_nothing(dead_queue):
    assert build_report.delay(run_id=1) is None


def test_cache_that_cannot_be_reached_is_empty_and_open(dead_cache):
    dead_cache.set("form", "kept")

    assert dead_cache.get("form") is None
    assert dead_cache.get("form", "none") == "none"
    assert dead_cache.add("lock", True) is True
    assert dead_cache.delete("form") is False
    with pytest.raises(ValueError, match="cannot be reached"):
        dead_cache.incr("count")
