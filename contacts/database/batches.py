"""Splitting rows into batches, so that memory and statements stay bounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yields the items in lists of at most `size`, in their order. Python 3.12 has it as itertools.batched."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch
