"""The names that each URL reads from a request, observed rather than listed.

Views and forms read through a QueryDict, so watching it reveals every name, even those that appear in no form on a
page: a new field is attacked without being listed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.http import QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict

from contacts.models import Network
from tests.attacks.addresses import every_address
from tests.attacks.forms import Form, forms_of
from tests.isolation.rows import Belongings

OF_ADMIN_LISTS = {
    "q",
    "o",
    "p",
    "all",
    "e",
    "_facets",
    "_changelist_filters",
    "_popup",
    "_to_field",
    "is_certain__exact",
}
"""Names that Django's admin lists read from a plain dictionary."""

NOT_SENT = {"csrfmiddlewaretoken"}


@dataclass
class Endpoint:
    """A URL without its query string, the names it reads, and the values that its form would send."""

    path: str
    names: set[str] = field(default_factory=set)
    filled: dict[str, list[str]] = field(default_factory=dict)


def every_endpoint(client: Client, belongings: Belongings, network: Network) -> list[Endpoint]:
    """Return every URL with all names that it reads, from the query string or from a form."""
    endpoints: dict[str, Endpoint] = {}
    forms: list[Form] = []
    for address in every_address(belongings, network):
        path = address.partition("?")[0]
        endpoint = endpoints.setdefault(path, Endpoint(path))
        with watched() as names:
            response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            forms += forms_of(address, response.content.decode())
        endpoint.names |= names | (OF_ADMIN_LISTS if path.startswith("/admin/") else set())
    for form in forms:
        path = form.action.partition("?")[0]
        if path.startswith("/") and "logout" not in path:
            endpoint = endpoints.setdefault(path, Endpoint(path))
            for name, value in form.values:
                endpoint.filled.setdefault(name, []).append(value)
            endpoint.names |= endpoint.filled.keys()
    return list(endpoints.values())


@contextmanager
def watched() -> Iterator[set[str]]:
    """Collect the names read from any query string or body while the block runs."""
    names: set[str] = set()

    def watching(read: Any) -> Any:
        def note(data: Any, name: Any, *rest: Any, **options: Any) -> Any:
            if isinstance(data, QueryDict):
                names.add(name)
            return read(data, name, *rest, **options)

        return note

    with (
        patch.object(MultiValueDict, "__getitem__", watching(MultiValueDict.__getitem__)),
        patch.object(MultiValueDict, "_getlist", watching(MultiValueDict._getlist)),
        patch.object(QueryDict, "__contains__", watching(dict.__contains__), create=True),
    ):
        yield names
