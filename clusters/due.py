"""What waits for a person. Each app says what is due in a function of its own, named in settings.DUE_ITEMS; home pages show them all."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from clusters.access import Permission
from clusters.choices import MilestoneKind, ParticipationState, SchoolStatus
from clusters.models import ClusterMembership, Participation

SHOWN_FIRST = 5


@dataclass(frozen=True)
class DueItem:
    """One thing to do: what, why, by when (None for no date), and the button that leads there."""

    what: str
    why: str
    on: date | None
    address: str
    button: str

    def late(self, today):
        """Whether its day has passed."""
        return self.on is not None and self.on < today

    def tag(self, today):
        """(words, look) of its tag: how late, today, tomorrow, or the date."""
        if self.on is None:
            return "To do", ""
        days = (self.on - today).days
        if days < 0:
            return f"{-days} day{'' if days == -1 else 's'} late", "tag-late"
        if days <= 1:
            return ("Today" if days == 0 else "Tomorrow"), "tag-due"
        words = f"{self.on:%-d %b}" if self.on.year == today.year else f"{self.on:%-d %b %Y}"
        return words, "tag-due" if days <= 7 else ""


def due_items(access, person, today):
    """Everything that waits for this person, late first, then by date, then without one: a list of DueItem."""
    found = [item for name in settings.DUE_ITEMS for item in import_string(name)(access, person, today)]
    return sorted(found, key=lambda item: (item.on is None, item.on or today, item.what))


def calendar_items(access, person, today):
    """Second residentials that are not set although eleven months have passed since the first (staff)."""
    if not access.everywhere(Permission.CLUSTER_EDIT):
        return
    running = Participation.objects.filter(state=ParticipationState.ACTIVE).select_related("cluster")
    for participation in running.prefetch_related("milestones"):
        dates = {milestone.kind: milestone.on for milestone in participation.milestones.all()}
        first = dates.get(MilestoneKind.RESIDENTIAL_1)
        if first and MilestoneKind.RESIDENTIAL_2 not in dates and (today - first).days > 240:
            yield DueItem(
                what=f"Set the second residential of {participation.cluster}",
                why=f"The first was on {first:%-d %B %Y}; the second comes about nine months later.",
                on=date.fromordinal(first.toordinal() + 335),
                address=participation.cluster.get_absolute_url(),
                button="Choose dates",
            )


def register_items(access, person, today):
    """Schools that are closed or mothballed and still in a cluster (staff)."""
    if not access.everywhere(Permission.CLUSTER_EDIT):
        return
    count = ClusterMembership.objects.current(today).exclude(school__status=SchoolStatus.OPEN).count()
    if count:
        are = "school is" if count == 1 else "schools are"
        yield DueItem(
            what=f"{count} {are} closed or mothballed but still in a cluster",
            why="Figures of past cohorts keep counting them there. End the membership of those that will not open again.",
            on=None,
            address=f"{reverse('school-list')}?status=shut&cluster=yes",
            button="Look",
        )
