"""What a file of netcrm's own holds beside people, and who takes it in.

An app registers how the records of a section come back: conversations here, help in the app above.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from contacts.cards import Loss
from contacts.files.own.records import Record
from contacts.models import Network


@dataclass(frozen=True, slots=True)
class Restored:
    """How many records were added (the others are there already), and what could not be taken over, by row."""

    added: int
    losses: Sequence[tuple[int, Loss]] = ()


Restorer: TypeAlias = Callable[[Network, Sequence[Record]], Restored]
"""Adds records that the network does not have yet, in the running transaction; the people come before them."""

_restorers: dict[str, Restorer] = {}


def register_restorer(section: str) -> Callable[[Restorer], Restorer]:
    """Let the decorated function take in the records of `section`."""

    def register(restorer: Restorer) -> Restorer:
        _restorers[section] = restorer
        return restorer

    return register


def restore(network: Network, section: str, records: Sequence[Record]) -> Restored:
    """Take in records; those of a section that nobody has registered are counted as lost by the caller's format."""
    return _restorers[section](network, records)


def sections() -> list[str]:
    """The sections that are taken in, in the order in which they were registered."""
    return list(_restorers)
