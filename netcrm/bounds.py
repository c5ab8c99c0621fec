"""Limits on the size of a request, checked before anything processes it. Forms limit their own fields.

Django limits the size of the body and its number of fields and files, and gunicorn the request line and headers
(netcrm/web.py). All of these respond with the same page; see netcrm/errors.py.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

LONGEST_PATH = 2_000
"""Maximum number of characters in the path."""
LONGEST_QUERY_STRING = 7_500
"""Maximum number of characters in the query string. netcrm's own longest one is that of a tip in Chinese."""

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
"""All but TRACE and CONNECT, which pages would take for GET. Most pages refuse some more of them."""


class TooLongRequestError(SuspiciousOperation):
    """A request is larger than any that netcrm's pages send."""


TOO_MUCH = (TooLongRequestError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class BoundsMiddleware:
    """Rejects requests that are too long for any page, not in UTF-8, or of a method that no page knows.

    It is among the last middleware: those before it only look at headers, and so its response is a page like any other,
    in the member's language. Raises TooLongRequestError or BadRequest.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if len(request.path_info) > LONGEST_PATH:
            raise TooLongRequestError("The path is too long")
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY_STRING:
            raise TooLongRequestError("The query string is too long")
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.NETCRM_LARGEST_BODY:
            raise TooLongRequestError("The body is too long")
        # Some of Python's decoders take time quadratic in the length of the text.
        if request.encoding and request.encoding.lower() not in {"utf-8", "utf8"}:
            raise BadRequest("An encoding that no page asks for")
        return self.get_response(request)
