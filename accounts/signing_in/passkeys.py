"""Addresses at which passkeys work: browsers bind them to a host name, and require HTTPS except on localhost."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Passkeys:
    """Whether passkeys work at the address of a page; if not, `address` is one at which they do, or empty."""

    work_here: bool
    address: str


def passkeys_at(address: str) -> Passkeys:
    """Return whether passkeys work at `address` (scheme, host and port), and if not, an address at which they do."""
    if _work_at(address):
        return Passkeys(work_here=True, address="")
    return Passkeys(work_here=False, address=settings.BASE_URL if _work_at(settings.BASE_URL) else "")


def _work_at(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False
