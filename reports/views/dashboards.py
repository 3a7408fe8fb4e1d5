"""Dashboards of the programme, an authority and a cluster, all made of the same figures."""

from django.utils import timezone

from clusters.access import Permission
from clusters.choices import Sector
from clusters.models import Cluster, LocalAuthority
from clusters.views.base import DetailPage, TextPage
from mentors.summaries import schools_of_cluster, totals_for
from pcp.templatetags.ui import hours
from reports import coverage, summaries
from reports.choices import PlaceKind
from reports.models import Report
from reports.presentation.finding import covers
from reports.presentation.footer import report_line
from reports.presentation.pack import pack_sections
from surveys import feedback
from surveys.models import WaveSchool


def programme(today):
    """What the programme's dashboard shows to SSERC: tiles, map, clusters by state, surveys open, latest report and draft."""
    states = summaries.authorities_by_state()
    by_state = summaries.clusters_by_state()
    return {
        "figures": summaries.figures(today),
        "map": coverage.squares(states),
        "map_states": states,
        "map_key": _map_key(states),
        "by_state": [{"state": state, "label": label, "number": number} for state, label, number in by_state if number],
        "most": max((number for _, _, number in by_state), default=0),
        "surveys": summaries.open_surveys(today, WaveSchool.objects.all()),
        "report": summaries.latest_report(),
        "draft": summaries.latest_draft(),
    }


def authority(place, today):
    """What an authority's dashboard shows. Reports come only if they are of exactly this authority."""
    return {
        "authority": place,
        "figures": summaries.figures(today, authority=place),
        "rows": summaries.cluster_rows(today, authority=place),
        "surveys": summaries.open_surveys(today, WaveSchool.objects.filter(cluster__authority=place)),
        "report": summaries.latest_report(authority=place),
    }


def cluster(place, today):
    """What a cluster's dashboard shows."""
    return {
        "cluster": place,
        "figures": summaries.figures(today, cluster=place),
        "row": summaries.cluster_rows(today, cluster=place)[0],
        "surveys": summaries.open_surveys(today, WaveSchool.objects.filter(cluster=place)),
        "report": summaries.latest_report(cluster=place),
    }


def _map_key(states):
    words = {state: label for _, state, label in states}
    counts = {state: sum(1 for _, each, _ in states if each == state) for state in words}
    order = ["active", "committed", "in_talks", "not_contacted", "alumni"]
    return [(state, words[state], counts[state]) for state in order if state in words]


class AuthorityDetail(DetailPage):
    """One authority: its figures, its clusters, what is being asked, the latest report."""

    model = LocalAuthority
    permission = Permission.AUTHORITY_VIEW
    template_name = "reports/authority_detail.html"

    def get_context_data(self, **kwargs):
        board = authority(self.object, timezone.localdate())
        if self.request.access.everywhere(Permission.REPORT_VIEW):
            board["draft"] = summaries.latest_draft(authority=self.object)
        trend_key = f"{PlaceKind.AUTHORITY}-{self.object.pk}"
        return super().get_context_data(dashboard=board, trend_key=trend_key, **kwargs)


class ClusterProgress(DetailPage):
    """How a cluster is getting on: sessions, schools that nobody came from, surveys, the latest report."""

    model = Cluster
    permission = Permission.CLUSTER_VIEW
    template_name = "reports/cluster_progress.html"

    def get_queryset(self):
        return super().get_queryset().select_related("authority")

    def get_title(self):
        return f"{self.object}: progress"

    def get_crumbs(self):
        return (("Clusters", "/clusters/"), (str(self.object), self.object.get_absolute_url()))

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        board = cluster(self.object, today)
        # Asked of this cluster: an officer of one authority may mentor in another, where reports are not theirs to read.
        reads = self.rows(Cluster, Permission.REPORT_VIEW).filter(pk=self.object.pk).exists()
        if self.request.access.everywhere(Permission.REPORT_VIEW):
            board["draft"] = summaries.latest_draft(cluster=self.object)
        unlinked = not self.request.access.may(Permission.WAVE_VIEW)
        trend_key = f"{PlaceKind.CLUSTER}-{self.object.pk}"
        return super().get_context_data(
            dashboard=board,
            reads=reads,
            unlinked=unlinked,
            trend_key=trend_key,
            said=feedback.at_place(today, cluster=self.object),
            **kwargs,
        )


class ClusterPack(DetailPage):
    """What mentors bring to their second residential: how the cluster is getting on, and what its pupils said."""

    model = Cluster
    permission = Permission.PACK_VIEW
    template_name = "reports/cluster_pack.html"

    def get_queryset(self):
        return super().get_queryset().select_related("authority")

    def get_title(self):
        return f"{self.object}: pack for the second residential"

    def get_crumbs(self):
        return (("Clusters", "/clusters/"), (str(self.object), self.object.get_absolute_url()))

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        latest = summaries.latest_report(cluster=self.object)
        # With its drawings this time: the dashboards leave them out.
        report = Report.objects.published().get(pk=latest.pk) if latest else None
        schools = schools_of_cluster(self.object, on=today)
        return super().get_context_data(
            figures=summaries.figures(today, cluster=self.object),
            so_far=_so_far_in_words(totals_for(cluster=self.object), schools),
            schools=schools,
            surveys=summaries.open_surveys(today, WaveSchool.objects.filter(cluster=self.object)),
            said=feedback.at_place(today, cluster=self.object),
            report=report,
            sections=pack_sections(report.results, report.charts) if report else [],
            provenance=report_line(report.results, report.pk, report.version, covers(report.results)) if report else "",
            **kwargs,
        )


def _so_far_in_words(learning, schools):
    """All sessions of a cluster since its beginning, which the figures of this session above them are a part of."""
    sessions = f"{learning.sessions} session{'' if learning.sessions == 1 else 's'} so far"
    return f"{sessions}, {hours(learning.teacher_hours)} of teachers’ learning. {_unmet_in_words(schools)}".strip()


def _unmet_in_words(rows):
    """How many of a cluster's schools had nobody at a session, primaries apart, as they are counted on its progress page."""
    found = []
    for primary, kind in ((True, "primary"), (False, "other")):
        of_kind = [row for row in rows if (row.school.sector == Sector.PRIMARY) == primary]
        if unmet := sum(not row.met for row in of_kind):
            all_of_it = f"the one {kind} school" if len(of_kind) == 1 else ""
            found.append(all_of_it or f"{unmet} of {len(of_kind)} {kind} schools")
    return f"Nobody has been at a session yet from {' and '.join(found)}." if found else ""


class HowCounted(TextPage):
    """What each figure of the dashboards means."""

    permission = Permission.HOME_VIEW
    template_name = "reports/counted.html"
    title = "How the figures are counted"
    crumbs = (("Home", "/"),)
