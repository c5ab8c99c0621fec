"""Holding the rows of many texts in memory, and comparing a text with them.

A row holds the vectors of all engines side by side, as small integers whose scale does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 1024
"""Rows that are turned into floating point numbers at a time."""

Floats: TypeAlias = NDArray[np.float32]
Rows: TypeAlias = NDArray[np.int8]


class Shelf:
    """Rows, numbered in the order in which they were added."""

    def __init__(self, dimensions: Sequence[int]) -> None:
        """`dimensions` are the lengths of the engines' vectors, in the order in which a row has them."""
        self._spans = [slice(*span) for span in pairwise([0, *np.cumsum(dimensions).tolist()])]
        self._rows: Rows = np.empty((0, sum(dimensions)), np.int8)
        self._lengths: Floats = np.empty((0, len(dimensions)), np.float32)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def size(self) -> int:
        """The memory that it takes, in bytes."""
        return self._rows.nbytes + self._lengths.nbytes

    def add(self, rows: Rows) -> None:
        """Add rows."""
        lengths = np.stack([_lengths(rows[:, span].astype(np.float32)) for span in self._spans], axis=1)
        self._rows = np.concatenate((self._rows, rows))
        self._lengths = np.concatenate((self._lengths, lengths))

    def row(self, number: int) -> Rows:
        """Return a row."""
        row: Rows = self._rows[number]
        return row

    def cosines(self, text: Rows) -> Floats:
        """Return the cosines between a text's row and all rows here, one column per engine."""
        cosines = np.empty(self._lengths.shape, np.float32)
        for column, span in enumerate(self._spans):
            vector = text[span].astype(np.float32)
            vector /= _lengths(vector[None])[0]
            for start in range(0, len(self), ROWS_AT_ONCE):
                block = self._rows[start : start + ROWS_AT_ONCE, span].astype(np.float32)
                cosines[start : start + ROWS_AT_ONCE, column] = block @ vector
        cosines /= self._lengths
        return cosines


def _lengths(vectors: Floats) -> Floats:
    lengths: Floats = np.maximum(np.linalg.norm(vectors, axis=1), 1e-6)
    return lengths
