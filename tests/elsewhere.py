"""Doing things in other threads, each with a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def elsewhere(act: Callable[[], Result], workers: int = 1) -> list[Result]:
    """Do something in as many other threads at the same moment, and wait for what each of them answers."""
    start = Barrier(workers)

    def act_and_hang_up() -> Result:
        start.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as threads:
        return [answer.result() for answer in [threads.submit(act_and_hang_up) for _ in range(workers)]]
