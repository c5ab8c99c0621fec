"""Measurements of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A count, or a time in seconds if `unit` says so, and the maximum allowed."""

    what: str
    value: float
    at_most: float = 0
    unit: str = ""

    @property
    def holds(self) -> bool:
        return self.value <= self.at_most

    @property
    def target(self) -> str:
        return f"at most {self.at_most:g}{self.unit}" if self.at_most else "none"

    @property
    def measured(self) -> str:
        return f"{self.value:.3g}{self.unit}"

    def __str__(self) -> str:
        return f"{self.what}: {self.measured} ({self.target}){'' if self.holds else '  MISSED'}"


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of equal length, starting with the header, as a text with aligned columns."""
    head, *rest = (tuple(row) for row in rows)
    widths = [max(map(len, column)) for column in zip(head, *rest, strict=True)]
    lines = [head, tuple("-" * width for width in widths), *rest]
    return "\n".join(" | ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
