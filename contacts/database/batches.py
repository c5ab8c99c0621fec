"""Splitting rows into batches, so that memory and statements stay bounded."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


BETWEEN_LOOKS = 0.11
"""Seconds within which every waiting writer on SQLite checks at least once whether the database is free."""


def give_way() -> None:
    """Pause between two transactions of a long job, so that other writers get their turn.

    Without it, a writer on SQLite rarely checks at the very moment when the job is between two transactions.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(BETWEEN_LOOKS)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the items in order, in lists of at most `size`. Python 3.12 has this as itertools.batched."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
