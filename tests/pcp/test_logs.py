"""The log holds nothing that opens a headteacher's or a class's form."""

import logging

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils.log import log_response

from pcp.errors import not_found
from pcp.logs import WithoutOpeningAddresses


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/r/tokentoken:signature/2/", "Not Found: /r/…/2/"),
        ("/s/KTRM4827/done/", "Not Found: /s/…/done/"),
        ("/f/147-KTRM4827/thanks/", "Not Found: /f/…/thanks/"),
        ("/t/7:signature/", "Not Found: /t/…/"),
        ("/classes/7/", "Not Found: /classes/7/"),
    ],
)
def test_address_that_opens_a_form_is_cut_from_the_log(address, said, caplog):
    request = RequestFactory().get(address)
    response = not_found(request)
    response.status_code = 404

    log_response("%s: %s", "Not Found", request.path, response=response, request=request)
    record = caplog.records[-1]
    kept = WithoutOpeningAddresses().filter(record)

    assert kept
    assert record.getMessage() == said


def test_address_in_a_line_of_the_development_server_is_cut():
    record = logging.LogRecord(
        "django.server", logging.INFO, "", 0, '"%s" %s', ("GET /r/token:signature/ HTTP/1.1", 200), None
    )

    WithoutOpeningAddresses().filter(record)

    assert record.getMessage() == '"GET /r/…/ HTTP/1.1" 200'


def test_every_line_goes_through_the_handler_that_cuts():
    # Django brings handlers of its own, which would write the whole address.
    handlers = {
        handler
        for name in ("", "django", "django.request", "django.server", "django.security.csrf", "surveys", "celery")
        for handler in logging.getLogger(name).handlers
        if type(handler) is logging.StreamHandler
    }

    assert settings.LOGGING["handlers"]["console"]["filters"] == ["links"]
    assert [
        handler for handler in handlers if not any(isinstance(f, WithoutOpeningAddresses) for f in handler.filters)
    ] == []
