"""What the access table tries of mentors: {URL name: {twin: [arguments]}}."""

from tests.mentors.making import session

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
    return dict.fromkeys(OF_ONE_SESSION, sessions) | {"cluster-sessions": clusters}
