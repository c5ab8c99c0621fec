"""What Django's own middleware does not do: some headers, and a number for each request."""

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
    """Gives each request an id that its lines of the log and its answer bear, so that a complaint finds its lines."""

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
    """Sets the headers on every response, including errors and static files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
