"""The language and time zone of the signed-in member, confirmations at doors, and limits on the sign-in forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from accounts.signing_in.attempts import take
from accounts.signing_in.doors import ask_for_confirmation, is_confirmed, is_door
from accounts.signing_in.limits import form_tries
from accounts.signing_in.sessions import is_over, note_use


class PreferencesMiddleware:
    """Responds in the member's language and time zone; guests get the language that their browser asks for."""

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
        # Pages are private: no shared cache may keep them, nor the browser for its back button after a logout.
        response.headers.setdefault("Cache-Control", "no-store")
        if not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'  # Signed out: not the cookie of the device.
        return response


class SessionMiddleware:
    """Extends the session of a signed-in member who is here, or ends it; see accounts/signing_in/sessions.py."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if is_over(request):
                logout(request)
            else:
                note_use(request)
        return self.get_response(request)


class DoorsMiddleware:
    """Asks signed-in members to confirm their identity before a door opens; see accounts/signing_in/doors.py."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_arguments: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or not is_door(view, name) or is_confirmed(request):
            return None
        return ask_for_confirmation(request)


class LimitsMiddleware:
    """Responds with 429 to a sign-in form that is sent too often; accounts/signing_in/limits.py lists the forms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.method != "POST" or take(*form_tries(request, name)):
            return None
        response = render(request, "429.html", status=429)
        response.headers["Retry-After"] = "60"
        return response
