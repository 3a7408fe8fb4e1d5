"""What the access table tries of mentors: {URL name: {twin: [arguments]}}."""

from clusters.choices import GrantState
from tests.mentors import make_grants
from tests.mentors.making import session

OF_ONE_CLUSTER = ("cluster-sessions", "cluster-grants", "cluster-invite")
AT_STEP = {
    "grant-detail": GrantState.PAID,
    "grant-apply": GrantState.INVITED,
    "grant-award": GrantState.APPLIED,
    "grant-decline": GrantState.APPLIED,
    "grant-pay": GrantState.AWARDED,
    "grant-due": GrantState.PAID,
    "grant-spend": GrantState.PAID,
    "grant-report": GrantState.SPENT,
    "grant-back": GrantState.APPLIED,
}
OF_ONE_SESSION = ("session-detail", "session-copy", "session-change", "session-delete", "session-undo")


def targets(world):
    """Arguments at the own, sibling and foreign places of the world."""
    mentor, staff = world.people["mentor"], world.people["staff"]
    own = session(world.own_cluster, {world.own_school: 3, world.second_school: 2}, by=mentor, note="Ramps and cars")
    sibling = session(world.sibling_cluster, {world.sibling_school: 4}, by=staff)
    foreign = session(world.foreign_cluster, {world.foreign_school: 5}, by=staff)
    sessions = {"own": [own.pk], "sibling": [sibling.pk], "foreign": [foreign.pk]}
    clusters = {
        "own": [world.own_cluster.slug],
        "sibling": [world.sibling_cluster.slug],
        "foreign": [world.foreign_cluster.slug],
    }
    found = dict.fromkeys(OF_ONE_SESSION, sessions) | dict.fromkeys(OF_ONE_CLUSTER, clusters)
    return found | _grants(world)


def _grants(world):
    """For each page of a grant, grants of the three places that have come to the step at which it opens, a scheme for each page."""
    found = {}
    for name, state in AT_STEP.items():
        scheme = make_grants.scheme(world.cohort, funder=f"Funder of {name}", by=world.people["staff"])
        found[name] = {
            twin: [make_grants.grant(scheme, getattr(world, f"{twin}_school"), state, by=world.people["staff"]).pk]
            for twin in ("own", "sibling", "foreign")
        }
    return found | dict.fromkeys(("scheme-change", "scheme-invite"), {"own": [scheme.pk]})
