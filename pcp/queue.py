"""Tasks and the cache when Redis does not answer: what a person did stands, and the site goes on, slower."""

import logging
import time

from celery.contrib.django.task import DjangoTask
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger("pcp")


class Silence:
    """How long a Redis that did not answer is left alone: a page waits for it once, and not at every turn."""

    SECONDS = 10

    def __init__(self):
        self._until = 0.0

    def begin(self):
        """Nobody asks for a while from now on."""
        self._until = time.monotonic() + self.SECONDS

    def end(self):
        """It may be asked again."""
        self._until = 0.0

    @property
    def lasts(self):
        """Whether it is too early to ask again."""
        return time.monotonic() < self._until


silence_of_queue = Silence()


class LastingTask(DjangoTask):
    """A task whose message may be lost: asking for it never fails because the queue cannot be reached.

    What is stored as waiting is taken up by the sweep. A task with `at_once_without_queue` is done by whoever asks, and where that
    fails too, as where a worker has tried it in vain, its `gave_up` decides what becomes of it.
    """

    at_once_without_queue = False

    def gave_up(self, *args, **kwargs):
        """Called with the task's arguments when it was not done and nobody will try again. Does nothing unless a task says what."""

    def apply_async(self, args=None, kwargs=None, **options):
        """Send the message. Returns None where the queue could not be reached, whatever became of the task then.

        Only a worker that sends its own task once more is told by the error: doing it at once from within itself would have no end.
        """
        try:
            return self._send(args, kwargs, **options)
        except OperationalError:
            log.exception("The queue cannot be reached, so %s was not sent.", self.name)
            if not self.request.called_directly:
                self._give_up(args, kwargs)
                raise
        if self.at_once_without_queue:
            try:
                self.run(*(args or ()), **(kwargs or {}))
            except Exception:
                # What the person did is stored, and what else was to follow it still has to.
                log.exception("%s could not be done without the queue either.", self.name)
                self._give_up(args, kwargs)
        return None

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        """A worker has tried the task for the last time."""
        self._give_up(args, kwargs)

    def _send(self, args, kwargs, **options):
        if silence_of_queue.lasts and not self.app.conf.task_always_eager:
            raise OperationalError("It did not answer a moment ago.")
        try:
            return super().apply_async(args, kwargs, **options)
        except OperationalError:
            silence_of_queue.begin()
            raise

    def _give_up(self, args, kwargs):
        try:
            self.gave_up(*(args or ()), **(kwargs or {}))
        except Exception:
            log.exception("Giving up %s failed.", self.name)


READS = {"get", "get_many", "has_key"}
FORGETS = {"delete", "delete_many", "clear"}


def _lasting(name):
    def ask(self, *arguments, **named):
        return self._ask(name, *arguments, **named)

    ask.__doc__ = f"As `{name}` of any cache; of what this process keeps while Redis is away."
    return ask


class LastingCache(RedisCache):
    """A cache that goes on within each process while Redis is away, so that what is limited stays limited.

    It begins empty then, and each process counts by itself: with four web processes somebody may have up to four times as many codes
    or guesses as with Redis, and once more what Redis had counted before, but never any number. Redis is asked again after a few
    seconds, and is back when it takes something to keep; one that is full or only to be read answers, but keeps no count. What was
    kept here is forgotten then, since it may no longer be true.
    """

    MOST_KEPT = 10_000  # entries; beyond, a third of them is dropped by chance

    _silences = {}  # {address: Silence} while that Redis is away; of the whole process, as what is kept here is

    def __init__(self, server, params):
        super().__init__(server, params)
        self._address = str(server)
        self._here = LocMemCache(f"without {server}", params | {"OPTIONS": {"MAX_ENTRIES": self.MOST_KEPT}})

    get = _lasting("get")
    get_many = _lasting("get_many")
    has_key = _lasting("has_key")
    add = _lasting("add")
    set = _lasting("set")
    set_many = _lasting("set_many")
    incr = _lasting("incr")
    touch = _lasting("touch")
    delete = _lasting("delete")
    delete_many = _lasting("delete_many")
    clear = _lasting("clear")

    def _ask(self, name, *arguments, **named):
        here, away = getattr(self._here, name), self._silences.get(self._address)
        if away and (name in READS or away.lasts):
            return here(*arguments, **named)
        try:
            found = getattr(super(), name)(*arguments, **named)
        except RedisError:
            log.warning("The cache cannot be reached.")
            self._silences.setdefault(self._address, Silence()).begin()
            return here(*arguments, **named)
        except ValueError:
            if away:  # Redis answers again, but this was counted here
                return here(*arguments, **named)
            raise
        if away and name in FORGETS:
            here(*arguments, **named)
        elif away:
            self._silences.pop(self._address, None)
            self._here.clear()
        return found
