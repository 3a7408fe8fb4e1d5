"""The sections of the site, by role: each shows to people who hold its permission."""

from dataclasses import dataclass

from django.urls import reverse

from clusters.access import Permission


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation: its words, the URL name it opens, the permission that shows it, and how addresses in it begin."""

    label: str
    url_name: str
    permission: Permission
    prefix: str | tuple


SECTIONS = [
    NavItem("Home", "home", Permission.HOME_VIEW, "/"),
    NavItem("Clusters", "cluster-list", Permission.CLUSTER_VIEW, ("/clusters/", "/grants/")),
    NavItem("Schools", "school-list", Permission.SCHOOL_VIEW, "/schools/"),
    NavItem("Sessions", "session-list", Permission.SESSION_VIEW, "/sessions/"),
    NavItem("Classes", "class-list", Permission.CLASS_VIEW, "/classes/"),
    NavItem("Surveys", "wave-list", Permission.WAVE_VIEW, "/surveys/"),
    NavItem("My surveys", "my-surveys", Permission.SURVEY_ANSWER, "/my-surveys/"),
    NavItem("Evaluation", "report-list", Permission.REPORT_VIEW, ("/evaluation/", "/jobs/")),
    NavItem("People", "person-list", Permission.PERSON_VIEW, "/people/"),
    NavItem("Set-up", "setup", Permission.REGISTER_IMPORT, "/setup/"),
]


def sections_for(request):
    """The sections this person may open, each with whether it is the current one, as dicts for the template."""
    return [
        {
            "label": item.label,
            "url": reverse(item.url_name),
            "current": request.path == "/" if item.prefix == "/" else request.path.startswith(item.prefix),
        }
        for item in SECTIONS
        if request.access.may(item.permission)
    ]
