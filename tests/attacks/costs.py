"""Measure the processor time and memory of requests, even of those that would never end.

Child processes send them, so that memory left over from earlier requests does not hide what a later one takes, and a
request that takes far too much ends only its child.
"""

from __future__ import annotations

import gc
import os
import pickle
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

from tests.attacks.fields import undone

SECONDS = 2.0
MEGABYTES = 100.0
"""Limits for a request of at most a megabyte: seconds of processor time and megabytes of memory."""

GIVEN_UP_AFTER = 20.0
"""Seconds of processor time after which a request ends its process."""
MOST_MEMORY = 1_000_000_000
"""Bytes of address space that a request may add before allocation fails."""

Send = Callable[[], HttpResponseBase]
Named = tuple[str, Send]


@dataclass(frozen=True)
class Cost:
    """The cost of a response: processor seconds, and peak memory in megabytes (measured on Linux only).

    The status is 0 if there was no response.
    """

    status: int
    seconds: float
    megabytes: float

    @property
    def is_too_much(self) -> bool:
        return self.status in {0, 500} or self.seconds > SECONDS or self.megabytes > MEGABYTES


NO_ANSWER = Cost(0, GIVEN_UP_AFTER, 0.0)


def cost_of(send: Send, client: Client, before: float | None = None) -> Cost:
    """Return the cost of a request and the page it redirects to. Whatever it writes is rolled back.

    Memory counts from `before` on, in megabytes (default: the current memory of the process).
    """
    before = _memory("VmRSS") if before is None else before
    _forget_peak()
    begin = _processor_time()
    with undone(client):
        answer = send()
        if answer.status_code in {301, 302} and answer["Location"].startswith("/"):
            answer = client.get(answer["Location"])
    return Cost(answer.status_code, _processor_time() - begin, _memory("VmHWM") - before)


def costs_in_children(prepare: Callable[[], tuple[Client, Iterable[Named]]]) -> Iterator[tuple[str, Cost]]:
    """Yield the name and cost of each request that `prepare` makes in a child process, in which they are sent in turn.

    A request that costs too much is sent again in a child of its own, and the cost there counts: earlier requests may
    have left memory behind. If a request ends the child, a new child continues with the next request.
    """
    number, is_over = 0, False
    while not is_over:
        under_way, is_over = "", True
        costly: list[tuple[str, int]] = []
        for name, cost in in_child(lambda first=number: _sent(prepare, first)):
            if cost is None:
                under_way, is_over = name, False
                continue
            under_way, is_over = "", True
            if cost.is_too_much:
                costly.append((name, number))
            else:
                yield name, cost
            number += 1
        for name, again in costly:  # Not earlier: two children would wait for each other's locks.
            yield name, _alone(prepare, again)
        if under_way:
            yield under_way, NO_ANSWER
            number += 1


def _alone(prepare: Callable[[], tuple[Client, Iterable[Named]]], number: int) -> Cost:
    costs = [cost for _name, cost in in_child(lambda: islice(_sent(prepare, number), 2)) if cost]
    return costs[0] if costs else NO_ANSWER


def _sent(prepare: Callable[[], tuple[Client, Iterable[Named]]], first: int) -> Iterator[tuple[str, Cost | None]]:
    """Yield each request twice, from number `first` on: without a cost before it is sent, then with its cost."""
    client, requests = prepare()
    gc.collect()
    gc.freeze()
    before = _memory("VmRSS")
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(_memory("VmSize") * 1024**2) + MOST_MEMORY, most))
    for name, send in islice(requests, first, None):
        yield name, None
        signal.setitimer(signal.ITIMER_PROF, GIVEN_UP_AFTER)
        cost = cost_of(send, client, before)
        signal.setitimer(signal.ITIMER_PROF, 0)
        yield name, cost


def in_child(work: Callable[[], Iterable[Any]]) -> Iterator[Any]:
    """Run `work` in a child process and yield its items; an exception there is printed and ends the child."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # Its threads do not survive in the child.
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as told:
                for each in work():
                    pickle.dump(each, told)
                    told.flush()
            status = 0
        except BaseException:  # noqa: BLE001 - nothing may reach pytest, which goes on in the parent
            traceback.print_exc(file=sys.__stderr__)
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        while True:
            try:
                each = pickle.load(told)
            except (EOFError, pickle.UnpicklingError):
                break
            yield each
    os.waitpid(child, 0)


def _processor_time() -> float:
    """Return the processor seconds of this process and, on PostgreSQL, of its server process."""
    seconds = time.process_time()
    if connection.vendor == "postgresql" and connection.connection:
        fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


def _forget_peak() -> None:
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> float:
    """Return a figure of /proc/self/status in megabytes, or 0 where there is none."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)
