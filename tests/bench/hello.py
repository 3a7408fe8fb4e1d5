"""The least that a Django page can be: the floor under every page of ours."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path


def hello(request):
    """Read what was sent, and answer with one word."""
    return HttpResponse("hello" if len(request.body) >= 0 else "")


urlpatterns = [path("", hello)]

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], SECRET_KEY="x" * 50, MIDDLEWARE=[])
application = get_wsgi_application()
