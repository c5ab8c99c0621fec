"""The answers when a request fails."""

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
    """Answer an unexpected failure: 503 while the database is away, 500 otherwise.

    It is the handler of errors and not a middleware, because a middleware sees no failure of the ones further in.
    """
    return _unavailable() if _database_is_away(sys.exception()) else default_server_error(request)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense or brings too much: 400, or 503 while the database is away.

    A database that goes while the session is being saved looks to Django as if the session had been deleted.
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
    """The page is plain text: a template might ask the database again."""
    text = _("netcrm can't reach its database just now. What was saved is safe. Please try again in a minute.")
    return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "30"})
