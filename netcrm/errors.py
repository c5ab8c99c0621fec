"""Responses to requests that fail."""

import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import bad_request as default_bad_request
from django.views.defaults import server_error as default_server_error

from netcrm.bounds import TOO_MUCH


def server_error(request: HttpRequest) -> HttpResponse:
    """Respond to an unexpected failure: with 503 if the database can't be reached, else with 500.

    This is an error handler, not middleware, because middleware doesn't see failures of the middleware inside it.
    """
    return _unavailable() if _database_is_away(sys.exception()) else default_server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Respond to an invalid or too large request with 400, or with 503 if the database can't be reached.

    If the database is lost while the session is being saved, Django mistakes that for a deleted session.
    """
    if _database_is_away(exception):
        return _unavailable()
    if isinstance(exception, TOO_MUCH):
        return render(request, "400_too_much.html", status=400)
    return default_bad_request(request, exception)


def _database_is_away(problem: BaseException | None) -> bool:
    return any(isinstance(cause, OperationalError | InterfaceError) for cause in _causes(problem))


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _unavailable() -> HttpResponse:
    """Return a plain-text response, since a template might query the database again."""
    text = _("netcrm can't reach its database just now. What was saved is safe. Please try again in a minute.")
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "30"})
