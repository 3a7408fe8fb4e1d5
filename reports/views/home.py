"""The home page: each role lands on what it has to do next; a person with two roles sees the panels of both."""

from django.utils import timezone

from clusters.access import Permission
from clusters.choices import Role
from clusters.due import SHOWN_FIRST, due_items
from clusters.models import Cluster, LocalAuthority, School, SchoolGrant
from clusters.views.base import TextPage
from mentors.models import LearningSession
from reports.models import Report, SchoolSheet
from reports.views import dashboards
from surveys.counting import with_sheets
from surveys.models import WaveSchool


class Home(TextPage):
    """A greeting, the next things to do, and the panels of the person's roles."""

    permission = Permission.HOME_VIEW
    template_name = "reports/home.html"

    def get_title(self):
        return f"Hello, {self.request.user.get_short_name()}"

    def get_context_data(self, **kwargs):
        access, today = self.request.access, timezone.localdate()
        items = due_items(access, self.request.user, today)
        everything = self.request.GET.get("all") == "1"
        shown = items if everything else items[:SHOWN_FIRST]
        return super().get_context_data(
            today=today,
            due=[{"item": item, "tag": item.tag(today)} for item in shown],
            due_count=len(items),
            programme=dashboards.programme(today) if access.may(Permission.PROGRAMME_VIEW) else None,
            authorities=self._authorities(today),
            mentoring=self._mentoring(today),
            schools=self._schools(today),
            evaluation=self._evaluation(),
            **kwargs,
        )

    def _authorities(self, today):
        held = LocalAuthority.objects.filter(pk__in=self.request.access.places(Permission.AUTHORITY_VIEW, "authority"))
        return [dashboards.authority(authority, today) for authority in held]

    def _mentoring(self, today):
        held = Cluster.objects.filter(pk__in=self.request.access.places(Permission.SESSION_LOG, "cluster"))
        found = []
        for cluster in held.select_related("authority"):
            recent = LearningSession.objects.filter(cluster=cluster).with_attendance()[:3]
            found.append(dashboards.cluster(cluster, today) | {"recent": recent})
        return found

    def _schools(self, today):
        held = School.objects.filter(pk__in=self.request.access.places(Permission.CLASS_VIEW, "school"))
        rows = with_sheets(WaveSchool.objects.filter(school__in=held, wave__opened_at__isnull=False))
        rows = rows.select_related("wave__cohort", "school").order_by("-closes_on")
        with_sheet = self._with_sheet(Permission.SHEET_VIEW, held)
        with_picture = self._with_sheet(Permission.PICTURE_VIEW, held)
        grants = self.rows(SchoolGrant, Permission.GRANT_READ).filter(school__in=held)
        grants = list(grants.select_related("scheme__cohort").order_by("-invited_on", "-pk"))
        return [
            {
                "school": school,
                "grants": [(grant, grant.state_on(today)) for grant in grants if grant.school_id == school.pk],
                "sheet": school.pk in with_sheet,
                "picture": school.pk in with_picture,
                "waves": [
                    {"row": row, "state": row.state(today)}
                    for row in rows
                    if row.school_id == school.pk and row.wave.audience == "pupil"
                ][:4],
            }
            for school in held
        ]

    def _with_sheet(self, permission, schools):
        """Those of the schools that have a sheet which the person may open for this permission."""
        return set(self.rows(SchoolSheet, permission).filter(school__in=schools).values_list("school", flat=True))

    def _evaluation(self):
        if not self.request.access.has_role(Role.EVALUATOR):
            return None
        reports = self.rows(Report, Permission.REPORT_VIEW).defer("results", "charts")
        return {"reports": reports.select_related("cohort", "authority", "cluster")[:5]}
