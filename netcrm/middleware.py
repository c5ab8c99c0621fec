"""Middleware that Django lacks: some headers, and an id for each request."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
