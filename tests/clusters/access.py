"""What the access table tries of clusters: {URL name: {twin: [arguments]}}."""

from datetime import date

from clusters.choices import MilestoneKind
from clusters.models import Milestone
from tests.clusters import register_files


def targets(world):
    """Arguments at the own, sibling and foreign places of the world."""
    register = register_files.kept(register_files.contact_list())
    parts = {twin: getattr(world, f"{twin}_cluster").participations.get() for twin in ("own", "sibling", "foreign")}
    steps = {
        twin: Milestone.objects.create(participation=part, kind=MilestoneKind.RESIDENTIAL_1, on=date(2025, 9, 16))
        for twin, part in parts.items()
    }
    clusters = {twin: [part.cluster.slug] for twin, part in parts.items()}
    memberships = {twin: [part.cluster.memberships.first().pk] for twin, part in parts.items()}
    schools = {twin: [getattr(world, f"{twin}_school").key] for twin in parts}
    head = world.people["head"]
    return {
        "persona-sign-in": {"own": [world.people["staff"].pk]},
        "register-import": {"own": [register.pk]},
        "register-apply": {"own": [register.pk]},
        "register-undo": {"own": [register.pk]},
        "person-detail": {"own": [head.pk]},
        "person-close": {"own": [head.pk]},
        "person-open": {"own": [head.pk]},
        "role-end": {"own": [head.role_assignments.get().pk]},
        "school-detail": schools,
        "cluster-detail": clusters,
        "cluster-change": clusters,
        "membership-add": clusters,
        "cohort-join": clusters,
        "membership-end": memberships,
        "participation-state": {twin: [part.pk] for twin, part in parts.items()},
        "milestone-add": {twin: [part.pk] for twin, part in parts.items()},
        "milestone-change": {twin: [step.pk] for twin, step in steps.items()},
        "history-detail": {"own": ["cluster", world.own_cluster.pk], "foreign": ["cluster", world.foreign_cluster.pk]},
        "cohort-detail": {"own": [world.cohort.slug]},
        "cohort-change": {"own": [world.cohort.slug]},
        "phase-change": {"own": [world.cohort.phase_id]},
    }
