"""The answer when a request fails."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.defaults import server_error as default_server_error


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected failure: 503 while the database is away, 500 otherwise.

    It is the handler of errors and not a middleware, because a middleware sees no failure of the ones further in.
    The page is plain text: a template might ask the database again.
    """
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return default_server_error(request)
    text = _("netcrm can't reach its database just now. What was saved is safe. Please try again in a minute.")
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "30"})
