"""Doors: pages that take data out of the account or open a new way into it.

A session may be borrowed: a laptop left open, a stolen cookie. So a door asks members to confirm their identity by
password, passkey or second factor, unless they have done so within `ACCOUNT_REAUTHENTICATION_TIMEOUT` seconds. Signing
in doesn't count as confirming, because a borrowed session is often a new one. A form that was submitted before the
confirmation is sent again after it.

`accounts.middleware.DoorsMiddleware` guards the views marked with `door`, and the views of libraries listed below.
tests/isolation/addresses.py lists for every URL whether it is a door.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

View = TypeVar("View", bound=Callable[..., Any])

DOORS_OF_LIBRARIES = frozenset(
    {
        "account_email",
        "account_set_password",
        "admin:accounts_user_changelist",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
    }
)
"""View names of allauth and the admin site. Changing the password isn't one: its form asks for the old password."""

NOT_KEPT = ("password", "csrfmiddlewaretoken")
"""Substrings of the names of fields that are not kept until the confirmation: secrets don't belong in the session."""


def door(view: View) -> View:
    """Mark a view as a door and return it. For a class-based view: `door(SomeView.as_view())`."""
    view.is_door = True  # type: ignore[attr-defined]
    return view


def is_door(view: Callable[..., Any], view_name: str) -> bool:
    """Return whether the view is a door. `view_name` includes its namespace."""
    return getattr(view, "is_door", False) or view_name in DOORS_OF_LIBRARIES


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether the signed-in member has recently confirmed their identity.

    For members with neither a password nor a second factor (yet), a recent sign-in by a mailed link counts as
    confirmation.
    """
    records = get_authentication_records(request, request.user)
    if _is_recent([record for record in records if record.get("reauthenticated")]):
        return True
    return not _ways_to_confirm(request) and _is_recent(records)


def ask_for_confirmation(request: HttpRequest) -> HttpResponse:
    """Return a redirect to the page that asks for a confirmation and then leads back to the requested page."""
    htmx = getattr(request, "htmx", None)
    wanted = (htmx and htmx.current_url_abs_path) or request.get_full_path()
    request.session.pop(STATE_SESSION_KEY, None)
    if request.method == "POST":
        fields = [[name, value] for name, values in request.POST.lists() for value in values if _is_kept(name)]
        state = {"path": request.get_full_path(), "fields": fields}
        request.session[STATE_SESSION_KEY] = {"state": state, "callback": f"{__name__}.{go_on.__name__}"}
    ways = _ways_to_confirm(request)
    page = ways[0]["url"] if ways else reverse("accounts:request-sign-in-link")
    address = f"{page}?{urlencode({'next': wanted})}"
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


def go_on(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    """Return the page that resubmits the form that was sent before the confirmation; allauth calls this afterwards."""
    return render(request, "accounts/go_on.html", state)


def _ways_to_confirm(request: HttpRequest) -> list[dict[str, str]]:
    ways: list[dict[str, str]] = get_adapter().get_reauthentication_methods(request.user)
    return ways


def _is_recent(records: list[dict[str, Any]]) -> bool:
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def _is_kept(name: str) -> bool:
    return not any(part in name for part in NOT_KEPT)
