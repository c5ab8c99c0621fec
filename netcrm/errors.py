"""Responses to requests that fail."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import bad_request as default_bad_request
from django.views.defaults import server_error as default_server_error

from accounts.disk import causes, is_disk_full
from netcrm.bounds import TOO_MUCH


def server_error(request: HttpRequest) -> HttpResponse:
    """Respond to an unexpected failure: with 503 if the disk is full or the database can't be reached, else with 500.

    This is an error handler, not middleware, because middleware doesn't see failures of the middleware inside it.
    """
    return _unavailable(sys.exception()) or default_server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Respond to an invalid or too large request with 400, or with 503 if the disk or the database is to blame.

    If the database is lost while the session is being saved, Django mistakes that for a deleted session.
    """
    if unavailable := _unavailable(exception):
        return unavailable
    if isinstance(exception, TOO_MUCH):
        return render(request, "400_too_much.html", status=400)
    return default_bad_request(request, exception)


def _unavailable(problem: BaseException | None) -> HttpResponse | None:
    """Return a plain-text response, since a template might query the database again, or None for other problems."""
    if is_disk_full(problem):
        text = _(
            "The disk that netcrm writes to is full, so this could not be saved. What was saved before is safe. Please "
            "tell whoever runs netcrm that it needs room, then try again."
        )
    elif any(isinstance(cause, OperationalError | InterfaceError) for cause in causes(problem)):
        text = _("netcrm can't reach its database just now. What was saved is safe. Please try again in a minute.")
    else:
        return None
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "30"})
