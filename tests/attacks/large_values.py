"""`python -m pytest -s tests/attacks/large_values.py`: every URL and field with values of every shape and size.

This takes a long time; set `ATTACKED="/log/ /contacts/"` in the environment to attack only those URLs. The suite's
short version is tests/attacks/test_large_values.py.
"""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from contacts.models import Network
from netcrm.bounds import LONGEST_QUERY_STRING
from tests.attacks.fields import Endpoint, every_endpoint
from tests.isolation.rows import Belongings

MEGABYTE = 1_000_000
SIZES = (MEGABYTE, 100_000, 20_000, 500)
"""Characters per value: more than any bound allows, and as many as the largest fields accept."""

SECONDS = 2.0
MEGABYTES = 100.0
"""Limits for a request of at most a megabyte: seconds of processor time and megabytes of memory."""

Shape = Callable[[int], list[str]]


def _numbered(prefix: str, separator: str) -> Shape:
    return lambda size: [separator.join(f"{prefix}{number}" for number in range(size // 6))[:size]]


def _repeated(unit: str) -> Shape:
    return lambda size: [(unit * (size // len(unit) + 1))[:size]]


SHAPES: dict[str, Shape] = {
    "names": _numbered("Anna b", "; "),
    "words": _numbered("w", " "),
    "circles": _numbered("c", ","),
    "letters": _repeated("x"),
    "digits": _repeated("9"),
    "dates": _repeated("2026-01-01"),
    "accents": _repeated("\u0301\u0316"),
    "brackets": _repeated("["),
    "links": _repeated("[a]("),
    "values": lambda size: [f"{number}".ljust(size // 1000, "x") for number in range(1000)],
    "identifiers": lambda size: [str(uuid.UUID(int=number)) for number in range(min(1000, size // 40))],
}


@dataclass(frozen=True)
class Cost:
    """The cost of a response: processor seconds, and peak memory in megabytes (measured on Linux only)."""

    status: int
    seconds: float
    megabytes: float


def encoded(values: dict[str, list[str]], size: int) -> str:
    """Encode the values as a query string or body of at most `size` bytes."""
    return urlencode(values, doseq=True)[:size]


def posted(client: Client, endpoint: Endpoint, values: dict[str, list[str]]) -> HttpResponseBase:
    """Submit the endpoint's form with these values instead of its own, up to a megabyte."""
    others = encoded({name: filled for name, filled in endpoint.filled.items() if name not in values}, MEGABYTE)
    body = f"{others}&{encoded(values, MEGABYTE - len(others) - 1)}"
    return client.generic("POST", endpoint.path, body, content_type="application/x-www-form-urlencoded")


def asked(client: Client, endpoint: Endpoint, values: dict[str, list[str]], size: int) -> HttpResponseBase:
    return client.get(f"{endpoint.path}?{encoded(values, size)}")


def cost_of(send: Callable[[], HttpResponseBase], client: Client) -> Cost:
    """Return the cost of a request and the page it redirects to. Whatever it writes is rolled back."""
    before, begin = _peak(), time.process_time()
    with transaction.atomic():
        answer = send()
        if answer.status_code in {301, 302} and answer["Location"].startswith("/"):
            answer = client.get(answer["Location"])
        transaction.set_rollback(True)
    return Cost(answer.status_code, time.process_time() - begin, _peak(reset=False) - before)


def _peak(*, reset: bool = True) -> float:
    """Return this process's current memory after resetting the peak or, with reset=False, the peak, in megabytes."""
    if not Path("/proc/self/clear_refs").exists():
        return 0.0
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    wanted = "VmRSS" if reset else "VmHWM"
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(wanted)) / 1024


def _requests(client: Client, endpoint: Endpoint, name: str) -> Iterator[tuple[str, Callable[[], HttpResponseBase]]]:
    for shape, make in SHAPES.items():
        for size in SIZES:
            yield f"POST {shape} {size}", partial(posted, client, endpoint, {name: make(size)})
        for size in (MEGABYTE, LONGEST_QUERY_STRING):
            yield f"GET {shape} {size}", partial(asked, client, endpoint, {name: make(size)}, size)


def test_every_field_with_every_shape_and_size(alice_client: Client, belongings: Belongings, network: Network) -> None:
    """Prints one line per field."""
    logging.disable()
    alice_client.raise_request_exception = False
    attacked = os.environ.get("ATTACKED", "").split()
    every: list[tuple[str, Cost]] = []
    for endpoint in every_endpoint(alice_client, belongings, network):
        for name in sorted(endpoint.names) if endpoint.path in attacked or not attacked else ():
            found = [
                (f"{endpoint.path} {name}: {request}", cost_of(send, alice_client))
                for request, send in _requests(alice_client, endpoint, name)
            ]
            slow, hungry = max(found, key=_seconds), max(found, key=_megabytes)
            print(
                f"{slow[1].seconds:6.2f} s  {slow[0]}; {hungry[1].megabytes:.0f} MB {hungry[0].rpartition(': ')[2]}",
                flush=True,
            )
            every += found
    print(f"{len(every)} requests")
    print("slowest:", *max(every, key=_seconds))
    print("most memory:", *max(every, key=_megabytes))
    too_much = [
        (request, cost)
        for request, cost in every
        if cost.seconds > SECONDS or cost.megabytes > MEGABYTES or cost.status == 500
    ]
    assert too_much == []


def _seconds(row: tuple[str, Cost]) -> float:
    return row[1].seconds


def _megabytes(row: tuple[str, Cost]) -> float:
    return row[1].megabytes
