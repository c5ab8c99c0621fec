"""Splitting rows into batches, so that memory and statements stay bounded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


AT_MOST = 0.2
"""Seconds that a transaction of a long job should last. A writer on SQLite who waits longer looks less often."""
BETWEEN_LOOKS = 0.06
"""Seconds within which each writer who has waited that long looks whether SQLite is free, with a little to spare."""


FEWER = 8
"""How many times smaller than on an idle machine a transaction becomes at most: a tiny one is little but overhead."""


class Pace:
    """How much of a long job fits into one transaction, so that nobody waits long for it, however busy the machine is.

    A job begins each transaction with `turn`, in which it writes at most `size` rows. On an idle machine that is soon
    `largest`; what takes longer makes the next turn smaller.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._left_at = 0.0
        self.size = max(1, largest // 4)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Leave the database to others for a moment, as far as the job has not done so, then measure the block."""
        self._give_way()
        begin = time.monotonic()
        try:
            yield
        finally:
            self._left_at = time.monotonic()
            fitting = int(self.size * AT_MOST / max(self._left_at - begin, 0.001))
            self.size = max(1, self._largest // FEWER, min(fitting, 2 * self.size, self._largest))

    def turns(self, items: Sequence[T]) -> Iterator[list[T]]:
        """Yield the items in lists, each to be written in a transaction of its own."""
        begin = 0
        while begin < len(items):
            with self.turn():
                some = list(items[begin : begin + self.size])
                begin += len(some)
                yield some

    def _give_way(self) -> None:
        # Without this, a writer rarely looks at the very moment when the job is between two transactions.
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(max(0.0, self._left_at + BETWEEN_LOOKS - time.monotonic()))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in order, in lists of at most `size`. Python 3.12 has this as itertools.batched."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
