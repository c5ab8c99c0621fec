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
"""Maximum seconds that a transaction of a long job should last. SQLite writers that wait longer retry less often."""
BETWEEN_LOOKS = 0.06
"""Seconds within which a writer that has waited that long retries on SQLite, with a little to spare."""


FEWER = 8
"""Divisor of the largest transaction's rows that gives the smallest one's; tiny transactions are mostly overhead."""


class Pace:
    """The size of a long job's transactions, adapted so that nobody waits long for one, however busy the machine is.

    A job runs each transaction inside `turn`, and writes at most `size` rows in it. On an idle machine, `size` soon
    becomes `largest`; a turn that takes too long makes the next one smaller.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._left_at = 0.0
        self.size = max(1, largest // 4)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Leave the database to others for a moment, unless the job has just done so, then measure the block."""
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
        # Without this, a waiting writer would rarely retry while the job is between two transactions.
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            time.sleep(max(0.0, self._left_at + BETWEEN_LOOKS - time.monotonic()))


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in order, in lists of at most `size`. Python 3.12 has this as itertools.batched."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
