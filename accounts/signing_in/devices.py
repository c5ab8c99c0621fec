"""Devices on which a member has signed in before.

A signed cookie identifies a device. It does not sign anyone in; it only gives the device tries of its own, so that
strangers who use up the tries of an account don't lock out its owner. It is bound to the account and its password, and
becomes void when the password changes.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from accounts.models import User

LASTS = timedelta(days=180)
"""Time for which a device is remembered."""
MOST_MEMBERS = 5
"""Members per browser; the one who signed in longest ago is dropped first."""
SALT = "accounts.signing_in.devices"

Entry = tuple[int, str, str]
"""A member's primary key, the device's random name, and the version of the member's password."""


def cookie_name() -> str:
    """Return the cookie's name. The prefix binds it to HTTPS and to exactly this host."""
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


def remember_device(request: HttpRequest, response: HttpResponse, member: User) -> None:
    """Set the cookie that remembers that `member` has signed in with this browser."""
    others = [entry for entry in _entries(request) if entry[0] != member.pk]
    entries = [(member.pk, secrets.token_urlsafe(12), _version(member)), *others][:MOST_MEMBERS]
    response.set_cookie(
        cookie_name(),
        signing.dumps(entries, salt=SALT),
        max_age=LASTS,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def remembered_device(request: HttpRequest, address: str) -> str | None:
    """Return the name of the request's device if the member with `address` has signed in on it before, else None."""
    entries = {pk: (name, version) for pk, name, version in _entries(request)}
    for member in User.objects.filter(pk__in=entries, email=address.strip().lower()) if entries else ():
        name, version = entries[member.pk]
        if constant_time_compare(version, _version(member)):
            return name
    return None


def _entries(request: HttpRequest) -> list[Entry]:
    try:
        return [
            (pk, name, version)
            for pk, name, version in signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=LASTS)
        ]
    except signing.BadSignature:
        return []


def _version(member: User) -> str:
    """Return a value that changes with the member's password but reveals nothing about it."""
    return member.get_session_auth_hash()[:32]
