"""Whom the sign-in page of the demonstration offers, and whose reports are ready to be read."""

from clusters.choices import Role
from clusters.due import due_items
from clusters.middleware import access_for
from clusters.models import RoleAssignment


def places(programme):
    """The authority that a visitor looks into: it has a cluster in progress and, if possible, one of each evaluated cohort.

    Returns (LocalAuthority, {kind: its first Cluster of that cohort}).
    """
    found = {}
    for kind, clusters in programme.clusters.items():
        for cluster in clusters:
            found.setdefault(cluster.authority, {}).setdefault(kind, cluster)
    return max(found.items(), key=lambda each: ("current" in each[1], len(each[1]), -each[0].pk))


def people(programme):
    """One person of each role who has something to do today: of the cluster in progress where the role is held at a place."""
    authority, clusters = places(programme)
    cluster = clusters["current"]
    schools = programme.schools[cluster.pk]
    candidates = [
        [programme.admin],
        [programme.staff],
        [programme.officers[authority.pk]],
        programme.mentors[cluster.pk],
        [programme.heads[school.pk] for school in schools],
        # From the other end, where no class has answered yet: the teacher has another school to show than the headteacher.
        [programme.teachers[school.pk] for school in reversed(schools)],
        [programme.evaluator],
    ]
    return [next((each for each in those if _busy(each, programme.today)), those[0]) for those in candidates]


def share_a_headship(programme, shown, sheet_set):
    """Let the headteacher whom the sign-in page offers lead a school with a sheet as well: the one whose sheet shows most."""
    authority, _ = places(programme)
    head = next(person for person in shown if person in programme.heads.values())
    by_most = sheet_set.sheets.select_related("school").order_by("-shown", "pk")
    sheet = by_most.filter(school__authority=authority).first() or by_most.first()
    RoleAssignment.objects.create(person=head, role=Role.HEAD, school=sheet.school, starts_on=programme.today)


def _busy(person, today):
    return bool(due_items(access_for(person, on=today), person, today))
