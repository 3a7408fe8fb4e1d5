"""Whether this site is a demonstration: asked for by PCP_DEMO, and confirmed by the database that `seed_demo` marked.

What is made of a marked database says that it is invented, however the site was started.
"""

from django.conf import settings
from django.db import DatabaseError

from clusters.models import Demonstration

_known = {}


def is_demonstration():
    """True when PCP_DEMO is set and `seed_demo` marked this database. A "yes" is remembered; a "no" is asked again."""
    if not settings.DEMO:
        return False
    if not _known.get("yes"):
        try:
            _known["yes"] = Demonstration.objects.exists()
        except DatabaseError:
            return False
    return _known["yes"]


def holds_invented_data():
    """True when `seed_demo` filled this database: its schools and people do not exist, though its councils do."""
    return Demonstration.objects.exists()
