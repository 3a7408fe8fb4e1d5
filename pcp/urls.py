"""The site's addresses. Apps are named by string, so this package imports none of them."""

from django.conf import settings
from django.urls import include, path

from pcp import components, errors

handler400 = "pcp.errors.bad_request"
handler403 = "pcp.errors.forbidden"
handler404 = "pcp.errors.not_found"
handler500 = "pcp.errors.server_error"

urlpatterns = [
    path("health/", errors.health, name="health"),
    path("accounts/", include("clusters.account_urls")),
    path("", include("reports.urls")),
    path("", include("surveys.urls")),
    path("", include("mentors.urls")),
    path("", include("clusters.urls")),
]
if settings.DEBUG:
    urlpatterns.append(path("components/", components.components, name="components"))
