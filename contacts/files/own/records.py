"""What netcrm's own export holds beside people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a section; `row` is its position in the file."""

    row: int
    section: str
    values: dict[str, Any]
