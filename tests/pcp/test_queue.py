"""What happens while Redis cannot be reached: nothing that a person did is lost, and no page breaks."""

import os
import socket
import subprocess
import sys
from threading import Thread

import pytest
from celery.contrib.django.task import DjangoTask
from celery.exceptions import Reject
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from django.db import transaction
from django.test import TestCase
from kombu.transport.redis import Transport
from redis.exceptions import OutOfMemoryError

from clusters.models import KeptLetter
from clusters.tasks import deliver_mail
from pcp.queue import Silence, silence_of_queue
from reports.tasks import build_report

LETTER = {"subject": "Ready", "body": "It is ready.", "to": ["a@example.org"]}


@pytest.fixture
def within_a_worker():
    """As if a worker were at an e-mail for the first time."""
    deliver_mail.push_request(called_directly=False, id="1", args=(), kwargs=LETTER, retries=0, delivery_info={})
    yield
    deliver_mail.pop_request()


@pytest.fixture
def hanging_redis():
    """The address of a Redis that takes connections and never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


def test_task_of_this_site_is_a_lasting_one():
    assert isinstance(build_report._get_current_object(), DjangoTask)
    assert build_report.at_once_without_queue is False
    assert deliver_mail.at_once_without_queue is True


def test_mail_goes_out_at_once_when_the_queue_cannot_be_reached(no_redis):
    deliver_mail.delay(**LETTER)

    assert [(sent.subject, sent.to) for sent in mail.outbox] == [("Ready", ["a@example.org"])]


def test_sending_a_task_whose_queue_cannot_be_reached_breaks_nothing(no_redis):
    assert build_report.delay(run_id=1) is None


def test_queue_that_did_not_answer_is_left_alone_for_a_while(no_redis, caplog):
    for _ in range(3):
        build_report.delay(run_id=1)

    assert [record.exc_info[1].args[0] for record in caplog.records if record.name == "pcp"] == [
        "Connection refused",
        *["It did not answer a moment ago."] * 2,
    ]


@pytest.mark.django_db
def test_mail_that_no_server_takes_stops_nothing_that_was_to_follow(no_redis, no_mail_server):
    followed = []

    with TestCase.captureOnCommitCallbacks(execute=True):
        deliver_mail.delay_on_commit(**LETTER)
        transaction.on_commit(lambda: followed.append(True))

    assert (no_mail_server, followed) == ([["a@example.org"]], [True])
    assert KeptLetter.objects.get().to == ["a@example.org"]


@pytest.mark.django_db
def test_worker_that_cannot_queue_its_retry_tries_no_second_time_and_keeps_the_mail(
    no_redis, no_mail_server, within_a_worker
):
    with pytest.raises(Reject):
        deliver_mail.run(**LETTER)

    assert len(no_mail_server) == 1
    assert KeptLetter.objects.get().body == "It is ready."


def test_redis_that_hangs_holds_nobody_up(hanging_redis):
    code = (
        "import django; django.setup(); from django.core.cache import cache; from reports.tasks import build_report; "
        "print(build_report.delay(run_id=1), cache.add('a', 1), cache.incr('a'))"
    )
    environment = os.environ | {"REDIS_URL": hanging_redis, "DJANGO_SETTINGS_MODULE": "pcp.settings"}

    # It would wait for ever; the limit only ends a test that fails.
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.stdout.strip() == "None True 2"


def test_worker_that_waits_for_work_hears_from_redis_before_its_socket_gives_up():
    assert Transport.brpop_timeout < settings.REDIS_TIMEOUTS["socket_timeout"]


def test_cache_without_redis_begins_empty_and_keeps_within_the_process(no_redis):
    empty = cache.get("form", "none")
    cache.set("form", "kept")
    elsewhere = []
    thread = Thread(target=lambda: elsewhere.append(cache.get("form")))  # where Django makes another cache object
    thread.start()
    thread.join()

    assert (empty, cache.get("form"), elsewhere) == ("none", "kept", ["kept"])
    assert [cache.add("lock", True), cache.add("lock", True)] == [True, False]
    assert [cache.incr("count") for _ in range(2) if cache.add("count", 0) or True] == [1, 2]
    assert [cache.delete("form"), cache.get("form")] == [True, None]
    with pytest.raises(ValueError, match="not found"):
        cache.incr("never")


def test_redis_that_is_back_is_believed_and_what_was_kept_without_it_is_forgotten(no_redis, monkeypatch):
    monkeypatch.setattr(Silence, "SECONDS", -1)
    cache.set("form", "of this process")
    without = cache.get("form")
    with monkeypatch.context() as back:
        back.setattr(RedisCache, "get", lambda *args, **named: "of Redis")
        back.setattr(RedisCache, "set", lambda *args, **named: None)
        cache.set("other", 1)
        answers = cache.get("form")

    assert (without, answers) == ("of this process", "of Redis")
    assert cache.get("form") is None


def test_redis_that_answers_and_keeps_nothing_counts_as_away(no_redis, monkeypatch):
    def full(*args, **named):
        raise OutOfMemoryError("command not allowed")

    monkeypatch.setattr(Silence, "SECONDS", -1)
    monkeypatch.setattr(RedisCache, "get", lambda *args, **named: None)
    for name in ("add", "set", "incr"):
        monkeypatch.setattr(RedisCache, name, full)
    cache.add("count", 0)

    assert [cache.incr("count"), cache.incr("count"), cache.get("count")] == [1, 2, 2]


def test_silence_ends_by_itself_and_by_an_answer(monkeypatch):
    silence = Silence()
    before = silence.lasts
    silence.begin()
    during = silence.lasts
    silence.end()

    assert (before, during, silence.lasts) == (False, True, False)
    assert not silence_of_queue.lasts
