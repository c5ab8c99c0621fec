"""Language and time zone of the signed-in member."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


class PreferencesMiddleware:
    """Answers in the member's language and time zone; a guest gets what the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        language = request.user.language  # The view may sign the member out.
        translation.activate(language)
        request.LANGUAGE_CODE = language
        with timezone.override(request.user.zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        # What a page shows is private: neither a shared cache nor the browser's "back" after a logout may keep it.
        response.headers.setdefault("Cache-Control", "no-store")
        return response
