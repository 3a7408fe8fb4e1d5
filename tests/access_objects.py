"""The arguments with which the access table's addresses are tried: {URL name: {twin: [arguments]}}.

Each app has its own `targets_of_…` function below or in `tests/<app>/access.py`; it makes what it needs at the own, sibling and
foreign places of the `world`.
"""

from tests.clusters import access as clusters_access
from tests.mentors import access as mentors_access
from tests.reports import access as reports_access
from tests.surveys import access as surveys_access


def targets(world):
    """All targets, from all apps."""
    found = {}
    for app in (clusters_access, mentors_access, surveys_access, reports_access):
        found |= app.targets(world)
    return found
