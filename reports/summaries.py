"""The figures of the dashboards. One figure, one function: the same place gives the same number on every page.

A place is given by `authority` or `cluster`; neither means the whole programme. Each function says what it counts; the page
/counted/ says it to the reader.
"""

from collections import Counter
from dataclasses import dataclass, field

from clusters.calendar import academic_session
from clusters.choices import AuthorityState, ParticipationState, Sector
from clusters.models import AuthorityParticipation, Cluster, ClusterMembership, Participation, Phase, School
from mentors.grants import grant_totals, overdue_by_cluster
from mentors.querysets import SessionTotals
from mentors.summaries import sessions_of, totals_by_cluster, totals_for, unmet_schools
from mentors.wording import counted
from pcp.templatetags.ui import pounds
from reports.choices import PlaceKind, ReportState
from reports.models import Report
from surveys import counting, feedback
from surveys.choices import Audience
from surveys.models import Wave, WaveSchool

IN_PROGRAMME = [ParticipationState.ACTIVE, ParticipationState.SUSTAIN, ParticipationState.ALUMNI]
RUNNING = [ParticipationState.ACTIVE, ParticipationState.SUSTAIN]


@dataclass(frozen=True)
class Figure:
    """A number with its base in words and the anchor on the page that says how it is counted."""

    label: str
    value: object
    base: str
    anchor: str


@dataclass
class ClusterRow:
    """One cluster of a dashboard: its latest cohort and state, schools, learning and who has answered."""

    cluster: Cluster
    participation: Participation | None = None
    schools: int = 0
    unmet: int = 0
    learning: SessionTotals = field(default_factory=SessionTotals)
    surveys: list = field(default_factory=list)
    overdue: list = field(default_factory=list)  # a mentors.grants.Overdue for each scheme


def clusters_at(*, authority=None, cluster=None):
    """The clusters of a place."""
    clusters = Cluster.objects.all()
    if authority is not None:
        clusters = clusters.filter(authority=authority)
    if cluster is not None:
        clusters = clusters.filter(pk=cluster.pk)
    return clusters


def latest_states(*, authority=None, cluster=None):
    """{cluster pk: its latest Participation}: the cohort that started last decides a cluster's state."""
    rows = Participation.objects.filter(cluster__in=clusters_at(authority=authority, cluster=cluster))
    found = {}
    for row in rows.select_related("cohort").order_by("cohort__starts_on", "pk"):
        found[row.cluster_id] = row
    return found


def clusters_by_state(*, authority=None):
    """How many clusters are in each state, in the order of the states: [(state, words, number)]; states with none are kept."""
    counts = Counter(row.state for row in latest_states(authority=authority).values())
    return [(state.value, state.label, counts[state.value]) for state in ParticipationState]


def schools_reached(*, authority=None, cluster=None):
    """(reached, register): primary schools that are or were in a cluster that took part, each once; of all open primaries."""
    memberships = ClusterMembership.objects.filter(
        cluster__in=clusters_at(authority=authority, cluster=cluster).filter(participations__state__in=IN_PROGRAMME)
    )
    reached = School.objects.filter(sector=Sector.PRIMARY, pk__in=memberships.values("school"))
    register = School.objects.filter(sector=Sector.PRIMARY, status="open", in_latest_list=True)
    if authority is not None:
        register = register.filter(authority=authority)
    return reached.count(), register.count()


def authorities_by_state():
    """Each authority with its state in the running phase: [(LocalAuthority, state, words)], by name; 32 once reference is loaded."""
    phase = Phase.objects.order_by("-starts_on").first()
    rows = AuthorityParticipation.objects.filter(phase=phase).select_related("authority")
    return [(row.authority, row.state, row.get_state_display()) for row in rows.order_by("authority__name")]


def figures(today, *, authority=None, cluster=None):
    """The tiles of a dashboard: a list of Figure."""
    session = academic_session(today)
    learning = totals_for(authority=authority, cluster=cluster, starts_on=session.starts_on, ends_on=today)
    reached, register = schools_reached(authority=authority, cluster=cluster)
    shown = []
    if authority is None and cluster is None:
        states = Counter(state for _, state, _ in authorities_by_state())
        committed = states[AuthorityState.COMMITTED]
        shown.append(
            Figure(
                "Authorities active",
                states[AuthorityState.ACTIVE],
                f"of {sum(states.values())}; {committed} more committed",
                "authorities",
            )
        )
    if cluster is None:
        states = Counter(row.state for row in latest_states(authority=authority).values())
        active, sustaining = states[ParticipationState.ACTIVE], states[ParticipationState.SUSTAIN]
        shown.append(
            Figure(
                "Clusters running",
                active + sustaining,
                f"{active} active, {sustaining} in Sustain and Extend",
                "clusters",
            )
        )
        base = f"of {register:,} on the register" + (f" ({round(100 * reached / register)}%)" if register else "")
        shown.append(Figure("Primary schools reached", reached, f"{base}; each school once", "schools"))
    else:
        shown.append(Figure("Primary schools", reached, "that are or were in this cluster; each once", "schools"))
    shown.append(
        Figure(
            "Sessions held",
            learning.sessions,
            f"in session {session.label}; {learning.attendances:,} places taken",
            "sessions",
        )
    )
    sessions = sessions_of(authority=authority, cluster=cluster, starts_on=session.starts_on, ends_on=today)
    shown.append(
        Figure(
            "Teachers reached",
            f"{sessions.teachers_reached():,}",
            f"at least, from {learning.schools:,} schools in session {session.label}",
            "teachers",
        )
    )
    shown.append(
        Figure(
            "Teachers’ learning",
            f"{round(learning.teacher_hours):,} h",
            f"{learning.units:,} units in session {session.label}",
            "learning",
        )
    )
    shown += _grants(grant_totals(today, authority=authority, cluster=cluster))
    return shown + _said_of_sessions(feedback.at_place(today, authority=authority, cluster=cluster))


def _grants(totals):
    """The tile of a mentors.grants.GrantTotals in a list, which is empty while no school of the place was invited."""
    if not totals.sums.grants:
        return []
    sums = totals.sums
    base = f"of {counted(totals.schools, 'school')}; {pounds(sums.awarded)} awarded, {pounds(sums.paid)} paid; "
    return [
        Figure("Schools with a grant", totals.holding, base + counted(sums.overdue, "report") + " overdue", "grants")
    ]


def _said_of_sessions(result):
    """The tile of a surveys.feedback.PlaceResult in a list, which is empty while too few sheets have been counted."""
    quality = result.quality
    if quality is None or not quality.answered:
        return []
    base = f"agree that it was of high quality: {quality.answered:,} sheets after {counted(result.sessions, 'session')}"
    if quality.cannot_say != feedback.HIDDEN:
        base += f"; {quality.cannot_say} cannot say"
    return [Figure("What people say of sessions", quality.agree, base, "feedback")]


def open_surveys(today, wave_schools):
    """Surveys that somebody may answer today, with who has answered: [(Wave, Totals)]. `wave_schools` is cut to the reader's rows."""
    open_rows = wave_schools.open(today)
    waves = Wave.objects.filter(pk__in=open_rows.values("wave")).select_related("cohort")
    counts = counting.totals(wave_schools.filter(wave__in=waves))
    return [(wave, counts[wave.pk]) for wave in waves.order_by("closes_on")]


def cluster_rows(today, *, authority=None, cluster=None):
    """A ClusterRow for each cluster of a place, running ones first, then by name. The number of queries does not grow with them."""
    session = academic_session(today)
    clusters = clusters_at(authority=authority, cluster=cluster).select_related("authority")
    states = latest_states(authority=authority, cluster=cluster)
    learning = totals_by_cluster(clusters, starts_on=session.starts_on, ends_on=today)
    members = ClusterMembership.objects.current(today).filter(cluster__in=clusters, school__sector=Sector.PRIMARY)
    unmet = set(unmet_schools(clusters, on=today).values_list("pk", flat=True))
    schools, without = Counter(), Counter()
    for cluster_id, school_id in members.values_list("cluster_id", "school_id"):
        schools[cluster_id] += 1
        without[cluster_id] += school_id in unmet
    answered = _answered_by_cluster(clusters, today)
    overdue = overdue_by_cluster(clusters, today)
    rows = [
        ClusterRow(
            cluster=one,
            participation=states.get(one.pk),
            schools=schools[one.pk],
            unmet=without[one.pk],
            learning=learning.get(one.pk, SessionTotals()),
            surveys=answered.get(one.pk, []),
            overdue=overdue.get(one.pk, []),
        )
        for one in clusters
    ]
    return sorted(
        rows, key=lambda row: (not (row.participation and row.participation.state in RUNNING), row.cluster.name)
    )


def _answered_by_cluster(clusters, today):
    """{cluster pk: [(wave, schools that answered, schools asked)]} for the surveys open today; of a mentors' survey, mentors."""
    rows = WaveSchool.objects.open(today).filter(cluster__in=clusters)
    mentors = counting.mentors_asked(rows.filter(wave__audience=Audience.MENTOR).values("wave"))
    found = {}
    for row in counting.with_sheets(rows).select_related("wave__cohort").order_by("wave__closes_on", "pk"):
        waves = found.setdefault(row.cluster_id, {})
        wave, answered, asked = waves.get(row.wave_id, (row.wave, 0, 0))
        waves[row.wave_id] = (wave, answered + (row.sheets > 0), asked + 1)
        if wave.audience == Audience.MENTOR:
            people, handed_in = mentors.get((row.wave_id, row.cluster_id), (0, 0))
            waves[row.wave_id] = (wave, handed_in, people)
    return {cluster: list(waves.values()) for cluster, waves in found.items()}


def latest_report(*, authority=None, cluster=None):
    """The newest published report about exactly this place, without its charts, or None."""
    return _reports_about(authority, cluster).published().first()


def latest_draft(*, authority=None, cluster=None):
    """The newest report about exactly this place while it is a draft, or None. For those who may read drafts."""
    newest = _reports_about(authority, cluster).first()
    return newest if newest and newest.state == ReportState.DRAFT else None


def _reports_about(authority, cluster):
    reports = Report.objects.defer("charts").select_related("cohort", "authority", "cluster")
    if cluster is not None:
        reports = reports.filter(place_kind=PlaceKind.CLUSTER, cluster=cluster)
    elif authority is not None:
        reports = reports.filter(place_kind=PlaceKind.AUTHORITY, authority=authority)
    else:
        reports = reports.filter(place_kind=PlaceKind.COHORT)
    return reports.order_by("-cohort__starts_on", "-version")
