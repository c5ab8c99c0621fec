"""Middleware that Django lacks: some headers, compression of pages without secrets, and an id for each request."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from netcrm.logs import ID_OF_REQUEST, request_id

HEADERS = {
    # No other site may embed responses of netcrm, including photos of people.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RequestIdMiddleware:
    """Gives each request an id that appears in its log lines and its response, so that a complaint leads to the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(8)
        request.META[ID_OF_REQUEST] = name
        before = request_id.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(before)
        response.headers["X-Request-ID"] = name
        return response


class HeadersMiddleware:
    """Sets `HEADERS` on every response, including errors and static files, unless the response already has them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages, styles, scripts and drawings, but not the pages that may contain a secret.

    The length of a compressed page depends on how often a text repeats in it. Whoever can make a member's browser send
    texts that the page echoes, and watch its length, could guess a secret next to them (BREACH). Cookies that other
    sites cannot send, masked CSRF tokens and Django's random padding prevent that; in addition, pages that show an
    invitation, the calendar's URL, a signed link or a code are never compressed.
    """

    TYPES = ("text/html", "text/css", "text/javascript", "image/svg+xml")
    WITH_SECRETS = ("/accounts/", "/contacts/calendar/", "/letter/")
    """Beginnings of the paths whose pages may contain a secret."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").partition(";")[0] in self.TYPES
        if not is_text or request.path_info.startswith(self.WITH_SECRETS):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
