"""Hostile characters in URLs, query strings and forms: rejected or stored as text, never a server error.

They are sent as bytes: NUL, half of a surrogate pair, a byte that is not UTF-8, and characters that change the writing
direction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test import Client

from contacts.models import Network
from netcrm.bounds import LONGEST_QUERY_STRING
from tests.attacks.addresses import every_address, one_of_each_route
from tests.attacks.forms import Form, forms_of
from tests.favours.outputs import admin_addresses
from tests.isolation.rows import Belongings

HOSTILE = {
    "nul": "a%00b",
    "surrogate": "%ED%A0%80",
    "no_utf8": "%FF%FE",
    "long_number": "9" * 100_000,
}
"""Values that databases reject for different reasons."""
if connection.vendor == "sqlite":
    HOSTILE |= {"rtl": "%E2%80%AEgnp.exe%E2%80%AC", "very_long": "x9" * 50_000}  # Plain texts; one database suffices.
PARAMETERS = [
    "q",
    "after",
    "kind",
    "since",
    "until",
    "page",
    "mode",
    "next",
    "with",
    "contact",
    "contacts",
    "people",
    "o",
]

LONGEST_VALUE = LONGEST_QUERY_STRING // len(PARAMETERS) - len("&contacts=")
"""Maximum characters per parameter, so that the query string as a whole is not rejected as too long."""


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_hostile_addresses_and_queries_are_no_error(
    alice_client: Client, belongings: Belongings, network: Network, value: str
) -> None:
    query = "&".join(f"{name}={value[:LONGEST_VALUE]}" for name in PARAMETERS)
    paths = one_of_each_route(every_address(belongings, network))
    hostile_paths = one_of_each_route(f"{path}{value[:LONGEST_VALUE]}/" for path in paths)
    wrong = {}
    for target in (*(f"{path}?{query}" for path in paths), *hostile_paths):
        status = alice_client.get(target).status_code
        if status == 500:
            wrong[target[:200]] = status
    assert wrong == {}
    assert len(paths) > 150


def test_empty_names_of_fields_are_no_error(alice_client: Client, belongings: Belongings, network: Network) -> None:
    alice_client.raise_request_exception = False
    paths = one_of_each_route(admin_addresses(network))
    answers = {path: alice_client.get(f"{path}?_to_field=&o=&p=&e=&_popup=").status_code for path in paths}
    assert {path: status for path, status in answers.items() if status == 500} == {}
    assert len(paths) > 50


def test_hostile_forms_are_no_error(alice_client: Client, belongings: Belongings, network: Network) -> None:
    wrong, seen = {}, set()
    for form in every_form(alice_client, belongings, network):
        for hostile in (form.free, {name for name, _value in form.values}):
            shape = (form.action.partition("?")[0], tuple(sorted(hostile)))
            if shape in seen:
                continue
            seen.add(shape)
            for kind, value in HOSTILE.items():
                with undone():
                    status = send(alice_client, form, hostile, value)
                if status == 500:
                    wrong[kind, shape] = status
    assert wrong == {}
    assert len(seen) > 50


def every_form(client: Client, belongings: Belongings, network: Network) -> Iterator[Form]:
    for address in every_address(belongings, network):
        response = client.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            for form in forms_of(address, response.content.decode()):
                if form.action.startswith("/") and "logout" not in form.action:
                    yield form


def send(client: Client, form: Form, hostile: set[str], value: str) -> int:
    """Submit a form with the value in each of the hostile fields and return the response status."""
    body = "&".join(f"{quote(name)}={value if name in hostile else quote(given)}" for name, given in form.values)
    if form.method == "post":
        answer = client.generic("POST", form.action, body, content_type="application/x-www-form-urlencoded")
    else:
        answer = client.get(f"{form.action.partition('?')[0]}?{body}")
    return answer.status_code
