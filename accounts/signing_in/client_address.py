"""The network address that a request comes from."""

from __future__ import annotations

import ipaddress
import logging

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

logger = logging.getLogger(__name__)

IPV6_PREFIX = 64
"""Bits of an IPv6 address that identify a client, who usually has all addresses of a /64."""


class TooFewProxiesError(SuspiciousOperation):
    """A request came through fewer proxies than NETCRM_TRUSTED_PROXIES, so its client is unknown. The response is 400.

    Counting such requests by the nearest proxy would make all members one client, which any stranger could lock out.
    """


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address, or "" if it is unknown, as for a request over a Unix socket.

    Only the entries of X-Forwarded-For that the instance's own proxies added on the right are used
    (NETCRM_TRUSTED_PROXIES). Raises TooFewProxiesError.
    """
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [hop for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if len(forwarded) < proxies:
        logger.error(
            "A request came by %d proxies, but NETCRM_TRUSTED_PROXIES is %d. Set it to how many of yours add to "
            "X-Forwarded-For.",
            len(forwarded),
            proxies,
        )
        raise TooFewProxiesError("Fewer proxies than expected")
    return _parsed(forwarded[-proxies] if proxies else "") or _parsed(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """Return the client as limits count it: the IPv4 address, or the /64 network of the IPv6 address."""
    address = client_address(request)
    return str(ipaddress.ip_network(f"{address}/{IPV6_PREFIX}", strict=False)) if ":" in address else address


def _parsed(text: str) -> str:
    """Return the address in normal form, without the port that some proxies add; "" if it is invalid."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
