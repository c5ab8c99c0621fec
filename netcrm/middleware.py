"""Security headers that Django's own middleware doesn't set."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HEADERS = {
    # No other site may embed responses of netcrm, including photos of people.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class HeadersMiddleware:
    """Sets the headers on every response, including errors and static files."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response
