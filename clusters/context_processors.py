"""What every page needs: the sections that this person may open, and whether this is a demonstration."""

from clusters.choices import Role
from clusters.demonstration import is_demonstration
from clusters.nav import sections_for


def site(request):
    """Navigation for the signed-in person, the phone's tab bar for mentors, and the demonstration mark."""
    access = getattr(request, "access", None)
    return {
        "tab_bar": bool(access and access.has_role(Role.MENTOR)),
        "demonstration": is_demonstration(),
        "nav_sections": sections_for(request)
        if getattr(request, "user", None) and request.user.is_authenticated
        else [],
    }
