"""What is done to every request before anything else looks at it."""

from django.http import Http404


def no_nul(get_response):
    """Answer 404 to an address with a NUL in it: no page of ours has one, and PostgreSQL refuses to search for it."""

    def middleware(request):
        values = (value for values in request.GET.lists() for value in (values[0], *values[1]))
        if "\0" in request.path or any("\0" in value for value in values):
            raise Http404
        return get_response(request)

    return middleware
