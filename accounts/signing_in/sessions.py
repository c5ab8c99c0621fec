"""A member's sessions: naming their browsers, storing when they were last used, and ending them.

A session ends after `SESSION_COOKIE_AGE` seconds without a request, and after `NETCRM_LONGEST_SESSION` seconds even if
it is in use. Storing the time of each request would write a row with every page, so it is stored at most once an hour,
or, if the time-out is short, at most ten times within it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User

LAST_USED = "last_used"
"""Key under which the session keeps the time of its last stored use, in seconds since 1970."""
SINCE = "since"
"""Key under which the session keeps when it began, in seconds since 1970."""
STORED_EVERY = 3600
"""Minimum seconds between two stored uses, unless sessions are very short."""

BROWSERS = {
    "Edge": r"Edg(?:e|A|iOS)?/",
    "Opera": r"OPR/|Opera",
    "Samsung Internet": r"SamsungBrowser/",
    "Firefox": r"Firefox/|FxiOS/",
    "Chrome": r"Chrome/|CriOS/",
    "Safari": r"Safari/",
}
"""Names of browsers, with patterns for the User-Agent header. The order matters: most headers match later ones too."""
SYSTEMS = {
    "iPad": "iPad",
    "iPhone": "iPhone",
    "Android": "Android",
    "Windows": "Windows",
    "macOS": "Mac OS X|Macintosh",
    "ChromeOS": "CrOS",
    "Linux": "Linux",
}
"""Names of operating systems, with patterns for the User-Agent header. The first match counts."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session of a member. `name` is its browser in words; the times are aware."""

    pk: int
    name: str
    ip: str
    since: datetime
    last_used: datetime
    is_current: bool


def sign_ins_of(request: HttpRequest, member: User) -> list[SignIn]:
    """Return the member's active sessions, most recently used first."""
    sessions = forget_ended_sessions(member)
    return [
        SignIn(
            pk=session.pk,
            name=browser_in_words(session.user_agent),
            ip=session.ip,
            since=session.created_at,
            last_used=session.last_seen_at,
            is_current=session.session_key == request.session.session_key,
        )
        for session in sorted(sessions, key=lambda session: session.last_seen_at, reverse=True)
    ]


def end_sign_in(request: HttpRequest, member: User, pk: int) -> bool:
    """End one of the member's other sessions. Return False if there is no such session."""
    others = UserSession.objects.filter(user=member, pk=pk).exclude(session_key=request.session.session_key)
    session = others.first()
    if session is None:
        return False
    session.end()
    return True


def end_other_sign_ins(request: HttpRequest, member: User) -> None:
    """End all of the member's sessions except that of the request."""
    for session in list(UserSession.objects.filter(user=member).exclude(session_key=request.session.session_key)):
        session.end()


def forget_ended_sessions(member: User) -> list[UserSession]:
    """Delete the entries of the member's sessions that have ended. Return the entries of those that are still active.

    allauth deletes them while it is still reading the entries, which SQLite may refuse.
    """
    return [session for session in list(UserSession.objects.filter(user=member)) if not session.purge()]


def begin_session(request: HttpRequest, now: float | None = None) -> None:
    """Record that the session begins with this request, in which somebody has signed in."""
    request.session[SINCE] = time.time() if now is None else now


def is_over(request: HttpRequest, now: float | None = None) -> bool:
    """Return whether the session has reached its maximum age, `NETCRM_LONGEST_SESSION`."""
    now = time.time() if now is None else now
    return bool(now - request.session.get(SINCE, 0) >= settings.NETCRM_LONGEST_SESSION)


def renew_key(request: HttpRequest) -> None:
    """Give the session a new key, so that a key that somebody learned before a confirmation becomes useless."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def note_use(request: HttpRequest, now: float | None = None) -> None:
    """Store that the session is in use, which extends it, unless that was stored recently."""
    now = time.time() if now is None else now
    every = min(STORED_EVERY, settings.SESSION_COOKIE_AGE / 10)
    if now - request.session.get(LAST_USED, 0) >= every:
        request.session[LAST_USED] = now
        request.session.set_expiry(settings.SESSION_COOKIE_AGE)
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def browser_in_words(user_agent: str) -> str:
    """Return the browser and the operating system of a User-Agent header in words, as in "Firefox on Linux"."""
    browser, system = (_first(names, user_agent) for names in (BROWSERS, SYSTEMS))
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for name, pattern in names.items() if re.search(pattern, user_agent)), "")
