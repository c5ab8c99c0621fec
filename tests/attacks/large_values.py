"""`python -m tests.attacks.large_values`: every address and field with large values of every shape, and what each costs.

Takes some hours with all sizes; name a few addresses to attack those alone. tests/attacks/test_large_values.py sends
one request to each address and asserts the bounds.
"""

from __future__ import annotations

import logging
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from netcrm.bounds import LONGEST_QUERY_STRING
from tests.attacks.fields import Endpoint

MEGABYTE = 1_000_000
SIZES = (MEGABYTE, 100_000, 20_000, 500)
"""Characters of a value: beyond every bound, and as much as the largest fields take."""

SECONDS = 2.0
MEGABYTES = 100.0
"""What a request of at most a megabyte may take of the processor and of memory."""

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
    """What an answer took: seconds of the processor, and megabytes of memory at its peak (Linux alone tells)."""

    status: int
    seconds: float
    megabytes: float


def encoded(values: dict[str, list[str]], size: int) -> str:
    """The values as a query string or body of at most so many bytes."""
    return urlencode(values, doseq=True)[:size]


def posted(client: Client, endpoint: Endpoint, values: dict[str, list[str]]) -> HttpResponseBase:
    """Send the endpoint's form with these values in place of its own, a megabyte at most."""
    others = encoded({name: filled for name, filled in endpoint.filled.items() if name not in values}, MEGABYTE)
    body = f"{others}&{encoded(values, MEGABYTE - len(others) - 1)}"
    return client.generic("POST", endpoint.path, body, content_type="application/x-www-form-urlencoded")


def asked(client: Client, endpoint: Endpoint, values: dict[str, list[str]], size: int) -> HttpResponseBase:
    return client.get(f"{endpoint.path}?{encoded(values, size)}")


def cost_of(send: Callable[[], HttpResponseBase], client: Client) -> Cost:
    """What a request costs, with the page to which it leads. What it writes is taken back."""
    before, begin = _peak(), time.process_time()
    with transaction.atomic():
        answer = send()
        if answer.status_code in {301, 302} and answer["Location"].startswith("/"):
            answer = client.get(answer["Location"])
        transaction.set_rollback(True)
    return Cost(answer.status_code, time.process_time() - begin, _peak(reset=False) - before)


def _peak(*, reset: bool = True) -> float:
    """The memory of this process in megabytes: now, or at its peak since it was asked for the last time."""
    if not Path("/proc/self/clear_refs").exists():
        return 0.0
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    wanted = "VmRSS" if reset else "VmHWM"
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(wanted)) / 1024


def walk(client: Client, endpoints: list[Endpoint]) -> Iterator[tuple[str, str, str, Cost]]:
    """Each request as path, field, shape with size, and its cost."""
    for endpoint in endpoints:
        for name in sorted(endpoint.names):
            for shape, make in SHAPES.items():
                for size in SIZES:
                    values = {name: make(size)}
                    sent = cost_of(lambda values=values: posted(client, endpoint, values), client)
                    yield endpoint.path, name, f"POST {shape} {size}", sent
                values = {name: make(LONGEST_QUERY_STRING)}
                for size in (MEGABYTE, LONGEST_QUERY_STRING):
                    got = cost_of(lambda values=values, size=size: asked(client, endpoint, values, size), client)
                    yield endpoint.path, name, f"GET {shape} {size}", got


def main() -> None:
    from tests.attacks.instance import signed_in

    logging.disable()
    client, endpoints = signed_in()
    wanted = [endpoint for endpoint in endpoints if not sys.argv[1:] or endpoint.path in sys.argv[1:]]
    count, slowest, hungriest = 0, ("", "", "", Cost(0, 0, 0)), ("", "", "", Cost(0, 0, 0))
    rows: dict[tuple[str, str], list[tuple[str, Cost]]] = {}
    for path, name, request, cost in walk(client, wanted):
        count += 1
        rows.setdefault((path, name), []).append((request, cost))
        slowest = max(slowest, (path, name, request, cost), key=lambda row: row[3].seconds)
        hungriest = max(hungriest, (path, name, request, cost), key=lambda row: row[3].megabytes)
        if cost.seconds > SECONDS or cost.megabytes > MEGABYTES or cost.status >= 500:
            print("TOO MUCH", path, name, request, cost, flush=True)
    for (path, name), found in rows.items():
        slow = max(found, key=lambda row: row[1].seconds)
        hungry = max(found, key=lambda row: row[1].megabytes)
        print(f"{slow[1].seconds:6.2f} s {hungry[1].megabytes:6.0f} MB  {path} {name}: {slow[0]}; {hungry[0]}")
    print(f"{len(wanted)} addresses, {len(rows)} fields, {count} requests")
    print("slowest:", *slowest)
    print("most memory:", *hungriest)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "netcrm.settings"
    main()
