"""What is done to every request before anything else looks at it."""

from django.http import Http404

SEARCH = "q"


def no_nul(get_response):
    """Answer 404 to an address with a NUL in it: no page of ours has one, and PostgreSQL refuses to look it up.

    Words to search for are left alone: the filters take a NUL out of them and find nothing.
    """

    def middleware(request):
        asked = [value for name, values in request.GET.lists() if name != SEARCH for value in (name, *values)]
        if any("\0" in value for value in (request.path, *asked)):
            raise Http404
        return get_response(request)

    return middleware
