"""How many wrong class codes are answered: failures are counted, never right codes, and no school is ever shut out.

A whole authority often comes from one address, so a right code always passes, whatever was tried before from the same address.
What is limited is how many wrong codes a minute get an answer. With 8 characters of 31 and 300 classes open at once, 100 wrong codes
a minute take 37 years for an even chance of one hit, which opens an empty form that names no school.
"""

import logging
import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

log = logging.getLogger("surveys")

FROM_ONE_ADDRESS = 60  # a minute
FROM_EVERYWHERE = 100


def too_many_wrong_codes(request):
    """Count one wrong code of this request; True when this minute had too many, from its address or from everywhere."""
    minute = int(time.time() // 60)
    everywhere = _count(f"wrong-codes-{minute}")
    from_here = _count(f"wrong-codes-{minute}-{_mark(request)}")
    if everywhere == FROM_EVERYWHERE + 1:
        log.warning("More than %s wrong class codes in one minute: somebody may be guessing.", FROM_EVERYWHERE)
    return everywhere > FROM_EVERYWHERE or from_here > FROM_ONE_ADDRESS


def _count(key):
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key)
    except ValueError:  # it ended between the two calls
        return 1


def _mark(request):
    """A mark of the address that cannot be turned back into it; it is kept for two minutes and with nothing else."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:  # behind our own proxy, which adds the address it saw at the end
        address = request.META.get("HTTP_X_FORWARDED_FOR", address).rsplit(",", 1)[-1].strip()
    return salted_hmac("surveys.guessing", address).hexdigest()[:16]
