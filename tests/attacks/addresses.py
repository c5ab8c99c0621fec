"""Every URL that can be requested: Alice's own, the sign-in's, the public ones and the admin site's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from contacts.models import Network
from tests.favours.outputs import addresses, admin_addresses
from tests.isolation.addresses import PUBLIC, SIGN_IN, named_patterns
from tests.isolation.rows import Belongings

LEADS_OUT = {"account_logout"}
"""URL names that are left out because they would sign Alice out."""


def every_address(belongings: Belongings, network: Network) -> list[str]:
    """Return each URL once. URLs that contain a secret are tested where the secret is made."""
    found = [*addresses(belongings), *admin_addresses(network), *without_rows()]
    return list(dict.fromkeys(found))


def one_of_each_route(addresses: Iterable[str]) -> list[str]:
    """Return one path for each route, and one that no route matches: the same code reads all paths of a route."""
    paths = dict.fromkeys(address.partition("?")[0] for address in addresses)
    return list({route_of(path): path for path in reversed(paths)}.values())


def route_of(path: str) -> str:
    """Return the route that a quoted path matches, or "" if there is none."""
    try:
        return resolve(unquote(path, errors="replace")).route
    except Resolver404:
        return ""


def without_rows() -> Iterator[str]:
    """Yield the sign-in and public URLs that do not name a row or contain a secret."""
    for name in named_patterns():
        if name in PUBLIC or name in SIGN_IN:
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue
            if name not in LEADS_OUT:
                yield address
