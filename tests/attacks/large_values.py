"""`python -m pytest -s tests/attacks/large_values.py`: every URL and field with values of every shape and size.

Each visitor sends each route each of its fields separately, all of its fields at once, the values in its path, and the
headers that are read; files of every kind go to each file field. It takes about twenty minutes; set
`ATTACKED="/log/|/contacts/.*"` in the environment to attack only those paths. The suite's short version is
tests/attacks/test_large_values.py.
"""

from __future__ import annotations

import logging
import os
import re
import resource
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve

from contacts.models import Network
from netcrm.bounds import LONGEST_PATH, LONGEST_QUERY_STRING
from tests.attacks.costs import Cost, Named, costs_in_children
from tests.attacks.fields import LONGEST_FIELD, Endpoint, endpoints_of, of_each_route, undone
from tests.attacks.hostile_files import written_export
from tests.attacks.shapes import FEW_CHARACTERS, MEGABYTE, SHAPES, large_files
from tests.attacks.visitors import Visitor, every_visitor
from tests.isolation.rows import Belongings

Visitors = dict[str, Visitor]

pytestmark = pytest.mark.django_db(transaction=True)

MOST_VALUES = 1_000
"""Values in one request, close to the most that Django reads."""
LONGEST_HEADER = 8_000
BOUNDARY = "of-the-walk"

HEADERS = (
    "ACCEPT",
    "ACCEPT_ENCODING",
    "ACCEPT_LANGUAGE",
    "COOKIE",
    "HX_CURRENT_URL",
    "HX_PROMPT",
    "HX_TARGET",
    "HX_TRIGGER",
    "IF_MODIFIED_SINCE",
    "IF_NONE_MATCH",
    "ORIGIN",
    "RANGE",
    "REFERER",
    "USER_AGENT",
    "X_CSRFTOKEN",
    "X_FORWARDED_FOR",
    "X_FORWARDED_PROTO",
)
"""Headers that netcrm or its libraries read on every page."""


@cache
def values(shape: str, size: int) -> list[bytes]:
    """Return the values of a shape, of `size` characters in all, in UTF-8."""
    made = SHAPES[shape](size)
    return [value.encode() for value in made] if len(made) > 1 else [made[0][:size].encode()]


@cache
def quoted(shape: str, size: int) -> list[str]:
    """Return the values of a shape, quoted for a query string, of `size` bytes in all."""
    made = [quote_plus(value) for value in values(shape, size)]
    return made if len(made) > 1 else [made[0][:size]]


def posted(client: Client, endpoint: Endpoint, names: Collection[str], shape: str, size: int) -> HttpResponseBase:
    """Submit the endpoint's form with these values instead of its own, `size` characters in all, at most a megabyte.

    They are sent as multipart: that needs no escapes, which would take more bytes than the characters themselves.
    """
    fields = [(name, value.encode()) for name, given in endpoint.form_with(names).items() for value in given]
    room, most = (MEGABYTE - 10_000) // len(names), max(1, MOST_VALUES // len(names))
    large = [value[:room] for value in values(shape, min(size // len(names), room))[:most]]
    fields += [(name, value) for name in names for value in large]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{name}"\r\n\r\n'.encode() + value + b"\r\n" for name, value in fields]
    body = b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])
    return client.generic("POST", endpoint.path, body, content_type=f"multipart/form-data; boundary={BOUNDARY}")


def asked(client: Client, endpoint: Endpoint, names: Collection[str], shape: str, size: int) -> HttpResponseBase:
    """Request the endpoint with these values in its query string, whose maximum length they share equally."""
    share = min(size, LONGEST_QUERY_STRING) // len(names)
    parts = ("&".join(f"{quote_plus(name)}={value}" for value in quoted(shape, share))[:share] for name in names)
    return client.get(f"{endpoint.path}?{'&'.join(parts)}"[:LONGEST_QUERY_STRING])


def requests_to(client: Client, endpoint: Endpoint) -> Iterator[Named]:
    """Yield the requests with everything that the endpoint reads, by each method that it accepts.

    All fields at once share a megabyte. A field that is sent alone is as long as it may be: the same bound refuses a
    longer value, whether it comes alone or not.
    """
    for method, names, send in (("POST", endpoint.posted, posted), ("GET", endpoint.asked, asked)):
        with undone(client):
            refused = client.generic(method, endpoint.path).status_code == 405
        if refused or not names:
            continue
        for shape in SHAPES:
            yield f"{method} all, {shape}", partial(send, client, endpoint, sorted(names), shape, MEGABYTE)
            for name in sorted(names):
                size = endpoint.longest.get(name, LONGEST_FIELD)
                yield f"{method} {name}, {shape}", partial(send, client, endpoint, [name], shape, size)
        for name in sorted(names):
            for value in FEW_CHARACTERS:
                yield f"{method} {name}={value}", partial(_short, client, endpoint, method, name, value)
    yield from _with_paths(client, endpoint)


def _short(client: Client, endpoint: Endpoint, method: str, name: str, value: str) -> HttpResponseBase:
    if method == "GET":
        return client.get(endpoint.path, {name: value})
    return client.post(endpoint.path, {**endpoint.form_with([name]), name: value})


def _with_paths(client: Client, endpoint: Endpoint) -> Iterator[Named]:
    for name, given in resolve(endpoint.path).kwargs.items():
        if isinstance(given, str | int):
            for shape in SHAPES:
                room = LONGEST_PATH - len(endpoint.path)
                path = endpoint.path.replace(quote(f"{given}"), "%20".join(quoted(shape, room))[:room])
                yield f"path {name}, {shape}", partial(client.get, path)


def with_the_rest(client: Client, path: str) -> Iterator[Named]:
    """Yield requests with each header and each cookie in each shape, and bodies full of escapes."""
    for shape, make in SHAPES.items():
        body = urlencode({"text": make(MEGABYTE)}, doseq=True)[:MEGABYTE]
        yield f"body, {shape}", partial(client.generic, "POST", path, body, "application/x-www-form-urlencoded")
    cookies = [f"{name}=" for name in ("sessionid", "csrftoken", "messages", "device", "django_language")]
    for header, prefix in [*((header, "") for header in HEADERS), *(("COOKIE", cookie) for cookie in cookies)]:
        for shape, make in SHAPES.items():
            value = f"{prefix}{''.join(make(LONGEST_HEADER))}".encode()[:LONGEST_HEADER].decode("latin-1")
            line = "".join(letter for letter in value if letter >= " ")
            yield f"{header} {prefix}{shape}", partial(client.get, path, **{f"HTTP_{header}": line})


def with_files(client: Client, endpoint: Endpoint, own_export: bytes) -> Iterator[Named]:
    """Yield uploads of every kind of file to each file field."""
    for name in sorted(endpoint.files):
        filled = endpoint.form_with([name])
        for kind, data in large_files(own_export):
            yield f"file {name}, {kind}", partial(_upload, client, endpoint.path, filled, name, data)


def _upload(client: Client, path: str, filled: Mapping[str, object], name: str, data: bytes) -> HttpResponseBase:
    return client.post(path, {**filled, name: SimpleUploadedFile("people", data)})


class Walk:
    """Attacks one endpoint after the other, and keeps the cost of each request."""

    def __init__(self) -> None:
        self.costs: list[tuple[str, Cost]] = []

    def attack(self, where: str, visitor: Visitor, requests: Callable[[Client], Iterable[Named]]) -> None:
        """Send the requests in the visitor's browser, and print the highest costs."""

        def prepare() -> tuple[Client, Iterable[Named]]:
            client = visitor.browser()
            client.raise_request_exception = False
            return client, requests(client)

        begin, found = time.monotonic(), []
        for name, cost in costs_in_children(prepare):
            found.append((f"{where} {name}", cost))
            if cost.is_too_much:
                print("TOO MUCH", *found[-1], flush=True)
        if found:
            slow, hungry = max(found, key=seconds), max(found, key=megabytes)
            print(
                f"{slow[1].seconds:5.2f} s {slow[0]}; {hungry[1].megabytes:.0f} MB {hungry[0].removeprefix(where)};"
                f" {len(found)} requests in {time.monotonic() - begin:.0f} s",
                flush=True,
            )
        self.costs += found


def seconds(row: tuple[str, Cost]) -> float:
    return row[1].seconds


def megabytes(row: tuple[str, Cost]) -> float:
    return row[1].megabytes


@pytest.fixture
def visitors(network: Network, belongings: Belongings, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Visitors:
    """Every visitor, on an instance that is open to strangers and sends mail."""
    # The publisher's thread does not survive in child processes, which may then wait for it forever.
    monkeypatch.setattr("accounts.jobs._publisher.put", lambda *_hint: None)
    settings.MAIL_SERVER = {"host": "mail.example.org"}
    settings.NETCRM_OPEN_SIGN_UP = True
    return every_visitor(network, belongings)


def test_every_field_with_every_shape_and_size(visitors: Visitors, network: Network) -> None:
    """Print a line per route."""
    logging.disable()
    for shape in SHAPES:
        for size in (MEGABYTE - 10_000, LONGEST_FIELD, LONGEST_QUERY_STRING):
            values(shape, size)  # Cached for the children.
    own_export = written_export(network)
    attacked = re.compile(os.environ.get("ATTACKED", ".*"))
    walk, fields, addresses = Walk(), 0, 0
    for who, visitor in visitors.items():
        client = visitor.browser()
        client.raise_request_exception = False
        for endpoint in of_each_route(endpoints_of(client, visitor.addresses)):
            if attacked.fullmatch(endpoint.path):
                addresses, fields = addresses + 1, fields + len(endpoint.names)
                where = f"{who}: {endpoint.path}"
                walk.attack(where, visitor, partial(requests_to, endpoint=endpoint))
                if endpoint.files:
                    walk.attack(where, visitor, partial(with_files, endpoint=endpoint, own_export=own_export))
    for who in ("member", "guest"):
        path = visitors[who].addresses[0]
        if attacked.fullmatch(path):
            walk.attack(f"{who}: {path}", visitors[who], partial(with_the_rest, path=path))
    logging.disable(logging.NOTSET)
    spent = (
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime + resource.getrusage(resource.RUSAGE_CHILDREN).ru_stime
    )
    print(f"{addresses} addresses, {fields} fields, {len(walk.costs)} requests in {spent:.0f} s of processor time")
    print("slowest:", *max(walk.costs, key=seconds))
    print("most memory:", *max(walk.costs, key=megabytes))
    assert [row for row in walk.costs if row[1].is_too_much] == []
