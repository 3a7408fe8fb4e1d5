"""Tasks and the cache when Redis does not answer: what a person did stands, and the site goes on, slower."""

import logging

from celery.contrib.django.task import DjangoTask
from django.core.cache.backends.redis import RedisCache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger("pcp")


class LastingTask(DjangoTask):
    """A task whose message may be lost: asking for it never fails because the queue cannot be reached.

    What is stored as waiting is taken up by the sweep. A task with `at_once_without_queue` is done by whoever asks: an e-mail is
    stored nowhere else.
    """

    at_once_without_queue = False

    def apply_async(self, args=None, kwargs=None, **options):
        """Send the message. Returns None where the queue could not be reached."""
        try:
            return super().apply_async(args, kwargs, **options)
        except OperationalError:
            log.exception("The queue cannot be reached, so %s was not sent.", self.name)
        if self.at_once_without_queue:
            self.run(*(args or ()), **(kwargs or {}))
        return None


class LastingCache(RedisCache):
    """A cache that is empty, and forgets what it is given, while Redis cannot be reached."""

    def get(self, key, default=None, version=None):
        """What is kept under a key; the default without Redis."""
        return self._or(default, super().get, key, default, version)

    def add(self, *arguments, **named):
        """Keep a value under a key that is free; without Redis every key is."""
        return self._or(True, super().add, *arguments, **named)

    def set(self, *arguments, **named):
        """Keep a value."""
        return self._or(None, super().set, *arguments, **named)

    def incr(self, *arguments, **named):
        """Count up; a key that is not there is a ValueError, as every key is without Redis."""
        found = self._or(None, super().incr, *arguments, **named)
        if found is None:
            raise ValueError("The key is not there: Redis cannot be reached.")
        return found

    def delete(self, *arguments, **named):
        """Forget a key."""
        return self._or(False, super().delete, *arguments, **named)

    def _or(self, without, ask, *arguments, **named):
        try:
            return ask(*arguments, **named)
        except RedisError:
            log.warning("The cache cannot be reached.")
            return without
