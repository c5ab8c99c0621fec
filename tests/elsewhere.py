"""Runs code in other threads, each with its own connection."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from time import sleep
from typing import TypeVar

import pytest
from django.db import connection, transaction

Result = TypeVar("Result")
MEANWHILE = 0.2
"""Seconds that a transaction stays open while a concurrent one gets as far as it can."""


def elsewhere(act: Callable[[], Result], workers: int = 1) -> list[Result]:
    """Run `act` in this many threads at the same moment, and return the result of each."""
    start = Barrier(workers)

    def act_and_hang_up() -> Result:
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as threads:
        return [answer.result() for answer in [threads.submit(act_and_hang_up) for _ in range(workers)]]


def while_open(change: Callable[[], object], then: Callable[[], object]) -> None:
    """Run `then` while the transaction of `change` is still open. Raises whatever it raises."""
    changed, begun = Event(), Event()

    def in_one_transaction() -> None:
        try:
            with transaction.atomic():
                change()
                changed.set()
                begun.wait()
                sleep(MEANWHILE)
        finally:
            changed.set()
            connection.close()

    def after_the_change() -> None:
        changed.wait()
        begun.set()
        try:
            then()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        for attempt in [threads.submit(in_one_transaction), threads.submit(after_the_change)]:
            attempt.result()


def logged_here(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return the log records, except those of the hints' thread, which may still be busy with the previous test."""
    return [record for record in caplog.records if record.threadName != "hints"]
