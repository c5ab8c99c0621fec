"""Security events for the operator: sign-ins, failures, changes of credentials, and exports of data.

Each is one log line without personal data: a member appears as a number, and an email address that somebody tried as
the number of its counter, which it shares with many other addresses (accounts/signing_in/attempts.py).
"""

from __future__ import annotations

import logging

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from accounts.models import User

logger = logging.getLogger("netcrm.events")


def note(event: str, member: User | None = None, **facts: str | int) -> None:
    """Log an event. `facts` are fixed words and numbers, never user input."""
    _write(logging.INFO, event, member, facts)


def note_failure(event: str, member: User | None = None, **facts: str | int) -> None:
    """Log an event that may be part of an attack, as a warning."""
    _write(logging.WARNING, event, member, facts)


def ways_in(member: User, request: HttpRequest) -> str:
    """Return how a session was authenticated, such as "password+totp", or "joining" right after joining."""
    records = get_authentication_records(request, member)
    return "+".join(record.get("type") or record["method"] for record in records) or "joining"


def _write(level: int, event: str, member: User | None, facts: dict[str, str | int]) -> None:
    told = {"member": member.pk, **facts} if member is not None and member.pk is not None else facts
    logger.log(level, "%s%s", event, "".join(f" {name}={value}" for name, value in told.items()))
