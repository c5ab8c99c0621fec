"""The names that each URL reads from a request, observed rather than listed.

Views and forms read through a QueryDict, so watching it reveals every name, even those that appear in no form on a
page: a new field is attacked without being listed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import resolve
from django.utils.datastructures import MultiValueDict

from contacts.models import Network
from tests.attacks.addresses import every_address
from tests.attacks.forms import Form, filling, forms_of
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
ANYTHING = "anything"
"""Placeholder for any name, used where a page accepts every field of a request."""

NOT_SENT = {"csrfmiddlewaretoken"}
LONGEST_FIELD = 100_000
"""Characters of the longest text that a member may write."""


@dataclass
class Endpoint:
    """A URL without its query string, the names that it reads by each method, and the forms that lead to it.

    `longest` holds how many characters a field takes, if its page says so.
    """

    path: str
    asked: set[str] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    forms: list[dict[str, list[str]]] = field(default_factory=list)
    longest: dict[str, int] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return resolve(self.path).route

    @property
    def names(self) -> set[str]:
        return self.asked | self.posted | self.files

    def form_with(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return the values of all other fields of the first form that has any of these names, or {} without one."""
        wanted = set(names)
        filled = next((form for form in self.forms if wanted & form.keys()), next(iter(self.forms), {}))
        return {name: values for name, values in filled.items() if name not in wanted}

    def merge(self, other: Endpoint) -> None:
        """Add the names that a second URL of the same route reads."""
        self.asked |= other.asked
        self.posted |= other.posted
        self.files |= other.files
        self.forms += other.forms
        self.longest |= other.longest


def every_endpoint(client: Client, belongings: Belongings, network: Network) -> list[Endpoint]:
    """Return every URL with everything it reads, from the query string or from a form."""
    return endpoints_of(client, every_address(belongings, network))


def endpoints_of(client: Client, addresses: Iterable[str]) -> list[Endpoint]:
    """Return these URLs, and those that their forms lead to, with everything that they read."""
    endpoints: dict[str, Endpoint] = {}
    forms: dict[tuple[object, ...], Form] = {}
    for address in addresses:
        path = address.partition("?")[0]
        endpoint = endpoints.setdefault(path, Endpoint(path))
        with watched() as names:
            response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            found = forms_of(address, response.content.decode())
            forms |= {(form.action.partition("?")[0], form.method, form.shape): form for form in found}
        endpoint.asked |= names
    for (path, method, _shape), form in forms.items():
        if isinstance(path, str) and path.startswith("/") and "logout" not in path:
            endpoint = endpoints.setdefault(path, Endpoint(path))
            filled: dict[str, list[str]] = {}
            for name, value in form.values:
                if name not in NOT_SENT | form.files:
                    filled.setdefault(name, []).append(value or filling(name))
            endpoint.longest |= form.longest
            endpoint.files |= form.files
            if method == "get":
                endpoint.asked |= filled.keys()
            else:
                endpoint.posted |= filled.keys()
                endpoint.forms.append(filled)
    for endpoint in endpoints.values():
        for filled in endpoint.forms or [{}]:
            with watched() as names, undone(client):
                client.post(endpoint.path, filled)
            endpoint.posted |= names
        endpoint.posted -= endpoint.files | NOT_SENT
    return list(endpoints.values())


def of_each_route(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """Merge the endpoints of each route into one that has all their names."""
    found: dict[str, Endpoint] = {}
    for endpoint in endpoints:
        kept = found.setdefault(endpoint.route, endpoint)
        if kept is not endpoint:
            kept.merge(endpoint)
    return list(found.values())


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """Roll back whatever the block writes, and give the browser back its cookies."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


@contextmanager
def watched() -> Iterator[set[str]]:
    """Collect the names read from any query string or body while the block runs.

    Only Django's admin lists call `items`, and only pages that accept any name call `lists`.
    """
    names: set[str] = set()

    def watching(read: Any) -> Any:
        def note(data: Any, name: Any, *rest: Any, **options: Any) -> Any:
            if isinstance(data, QueryDict):
                names.add(name)
            return read(data, name, *rest, **options)

        return note

    def watching_all(read: Any, meant: set[str]) -> Any:
        def note(data: Any) -> Any:
            if isinstance(data, QueryDict):
                names.update(meant)
            return read(data)

        return note

    with (
        patch.object(MultiValueDict, "items", watching_all(MultiValueDict.items, OF_ADMIN_LISTS)),
        patch.object(MultiValueDict, "lists", watching_all(MultiValueDict.lists, {ANYTHING})),
        patch.object(MultiValueDict, "__getitem__", watching(MultiValueDict.__getitem__)),
        patch.object(MultiValueDict, "_getlist", watching(MultiValueDict._getlist)),
        patch.object(QueryDict, "__contains__", watching(dict.__contains__), create=True),
    ):
        yield names
