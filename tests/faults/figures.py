"""Measurements of a scenario."""

from __future__ import annotations

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

    def __str__(self) -> str:
        verdict = "" if self.holds else "  MISSED"
        return f"{self.what}: {self.value:.3g}{self.unit} (at most {self.at_most:g}{self.unit}){verdict}"
