"""Events for whoever runs the instance: sign-ins, failures, changes of credentials, and data that leaves.

One line of the log each, without personal data: a member is told by number, and an address that somebody tried by the
number of its counter, which it shares with many others (accounts/signing_in/attempts.py).
"""

from __future__ import annotations

import logging

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest

from accounts.models import User

logger = logging.getLogger("netcrm.events")


def note(event: str, member: User | None = None, **facts: str | int) -> None:
    """Write an event to the log. `facts` are words of ours and numbers, never anything that somebody typed."""
    _write(logging.INFO, event, member, facts)


def note_failure(event: str, member: User | None = None, **facts: str | int) -> None:
    """The same for what may be an attack."""
    _write(logging.WARNING, event, member, facts)


def ways_in(member: User, request: HttpRequest) -> str:
    """Return how a session was opened: "password+totp", say; whoever has just joined has shown nothing yet."""
    records = get_authentication_records(request, member)
    return "+".join(record.get("type") or record["method"] for record in records) or "joining"


def _write(level: int, event: str, member: User | None, facts: dict[str, str | int]) -> None:
    told = {"member": member.pk, **facts} if member is not None and member.pk is not None else facts
    logger.log(level, "%s%s", event, "".join(f" {name}={value}" for name, value in told.items()))
