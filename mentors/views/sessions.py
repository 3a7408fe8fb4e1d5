"""Reading sessions: the list, its file, one session, a cluster's schools, and how hours are counted."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.calendar import academic_session
from clusters.models import Cluster, School
from clusters.views.base import DetailPage, ListPage, TextPage
from mentors import actions, summaries
from mentors.exports import sessions_csv
from mentors.forms.sessions import SessionFilter
from mentors.models import LearningSession
from mentors.querysets import Learning
from mentors.wording import counted, teacher_hours
from pcp.templatetags.ui import moment


class SessionList(ListPage):
    """The sessions that the person may see, with what the chosen ones add up to."""

    permission = Permission.SESSION_VIEW
    model = LearningSession
    template_name = "mentors/session_list.html"
    filterset_class = SessionFilter
    title = "Sessions"
    orderings = {"date": ("held_on",), "cluster": ("cluster__name", "held_on"), "length": ("minutes",)}

    def get_queryset(self):
        return super().get_queryset().select_related("cluster__authority").with_attendance()

    def get_context_data(self, **kwargs):
        clusters = list(self.rows(Cluster)[:2])
        return super().get_context_data(
            totals=self.object_list.totals(), only_cluster=clusters[0] if len(clusters) == 1 else None, **kwargs
        )


class SessionDownload(SessionList):
    """The same list, filtered in the same way, as CSV."""

    def get(self, request, *args, **kwargs):
        name = f"sessions-{timezone.localdate().isoformat()}.csv"
        return HttpResponse(
            sessions_csv(self.get_queryset()).encode("utf-8-sig"),
            headers={
                "Content-Type": "text/csv; charset=utf-8",
                "Content-Disposition": f'attachment; filename="{name}"',
            },
        )


class SessionDetail(DetailPage):
    """One session: who came from where. Names and the note are for mentors of the cluster and SSERC only."""

    permission = Permission.SESSION_VIEW
    model = LearningSession
    template_name = "mentors/session_detail.html"
    context_object_name = "session"

    def get_queryset(self):
        return super().get_queryset().select_related("cluster__authority", "logged_by")

    def get_title(self):
        return self.object.get_topic_display()

    def get_crumbs(self):
        return [("Sessions", reverse("session-list"))]

    def get_context_data(self, **kwargs):
        session = self.object
        may_change = self.rows(LearningSession, Permission.SESSION_LOG).filter(pk=session.pk).exists()
        attendances = session.attendances.select_related("school")
        totals = LearningSession.objects.filter(pk=session.pk).totals()
        return super().get_context_data(
            totals=totals,
            people=counted(totals.attendances, "teacher"),
            received=teacher_hours(totals.teacher_minutes),
            attendances=attendances.prefetch_related("named") if may_change else attendances,
            linked=set(self.rows(School, Permission.SCHOOL_VIEW).values_list("pk", flat=True)),
            may_change=may_change,
            saved="saved" in self.request.GET and actions.may_undo(session, self.request.user, timezone.now()),
            story=self.story() if may_change else (),
            **kwargs,
        )

    def story(self):
        """Who logged and changed the session and when, a line each."""
        session = self.object
        happened = [("Logged", session.logged_by, session.logged_at)]
        changes = session.history.filter(history_type="~").select_related("history_user").order_by("history_date")
        happened += [("Changed", change.history_user, change.history_date) for change in changes]
        return [f"{verb}{f' by {who}' if who else ''}, {moment(at)}" for verb, who, at in happened]


class ClusterSessions(DetailPage):
    """A cluster's schools beside the sessions of this academic session: which school has had nobody at any?"""

    permission = Permission.SESSION_VIEW
    model = Cluster
    template_name = "mentors/cluster_sessions.html"

    def get_crumbs(self):
        return [("Sessions", reverse("session-list")), (self.object.name, self.object.get_absolute_url())]

    def get_title(self):
        return f"Sessions of {self.object}"

    def get_context_data(self, **kwargs):
        today = timezone.localdate()
        year = academic_session(today)
        dates = {"cluster": self.object, "starts_on": year.starts_on, "ends_on": year.ends_on}
        schools = summaries.schools_of_cluster(**dates, on=today)
        return super().get_context_data(
            year=year,
            totals=summaries.totals_for(**dates),
            schools=schools,
            met=sum(row.met for row in schools),
            **kwargs,
        )


class LearningHours(TextPage):
    """What the programme means by hours and units of learning: the page behind every "How counted" of them."""

    permission = Permission.HOME_VIEW
    template_name = "mentors/learning_hours.html"
    title = "How hours and units are counted"

    def get_context_data(self, **kwargs):
        example = Learning(teacher_minutes=18 * 90)  # the page's example: 18 teachers, an hour and a half
        return super().get_context_data(
            hours_per_unit=settings.HOURS_PER_UNIT, example=example.units, now=moment(timezone.now()), **kwargs
        )


class More(TextPage):
    """All sections, for phones, where the tab bar takes the place of the navigation."""

    permission = Permission.HOME_VIEW
    template_name = "mentors/more.html"
    title = "More"
