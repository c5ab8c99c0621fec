"""How much one request may bring, held before anything works on it. What single fields take is said by their forms.

The body's length and the number of its fields and files are Django's to count, the lines of the request gunicorn's
(netcrm/web.py); all of it answers with one page, see netcrm/errors.py.
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
from django.http import HttpRequest, HttpResponse

LONGEST_PATH = 2_000
LONGEST_QUERY_STRING = 7_500
"""Characters. The longest that a page of ours makes is that of a tip in Chinese; a request line has room for both."""


class TooLongRequestError(SuspiciousOperation):
    """A request that brings more than any page of ours sends."""


TOO_MUCH = (TooLongRequestError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


class BoundsMiddleware:
    """Refuses requests that are too long for any page, or in any other encoding than the one that pages ask for.

    The last in the list: it is not the first to see a request, but those before look at headers alone, and its answer
    is a page like any other, in the member's language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.path_info) > LONGEST_PATH:
            raise TooLongRequestError("The path is too long")
        if len(request.META.get("QUERY_STRING", "")) > LONGEST_QUERY_STRING:
            raise TooLongRequestError("The query string is too long")
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.NETCRM_LARGEST_BODY:
            raise TooLongRequestError("The body is too long")
        # Some of Python's decoders take a time that grows with the square of the text.
        if request.encoding and request.encoding.lower() not in {"utf-8", "utf8"}:
            raise BadRequest("An encoding that no page asks for")
        return self.get_response(request)
