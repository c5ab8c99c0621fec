"""Restoring the records in netcrm's own export other than people.

Each app registers functions that restore the records of its sections: conversations here, help in a higher app.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from contacts.cards import Loss
from contacts.files.own.fields import Fields
from contacts.files.own.records import Record
from contacts.models import Network


@dataclass(frozen=True, slots=True)
class Restored:
    """The number of records that were added, and the losses by row. Known records are not counted."""

    added: int
    losses: Sequence[tuple[int, Loss]] = ()


Restorer: TypeAlias = Callable[[Network, Sequence[Record]], Restored]
"""A function that adds the records that a network lacks, in the running transaction. All people have been added before.
"""

_restorers: dict[str, tuple[Fields, Restorer]] = {}


def register_restorer(section: str, fields: Fields) -> Callable[[Restorer], Restorer]:
    """Registers the decorated function to restore the records of `section`, which have these fields."""

    def register(restorer: Restorer) -> Restorer:
        _restorers[section] = fields, restorer
        return restorer

    return register


def restore(network: Network, section: str, records: Sequence[Record]) -> Restored:
    """Restores records of a registered section, and returns their number and the losses."""
    _fields, restorer = _restorers[section]
    return restorer(network, records)


def sections() -> dict[str, Fields]:
    """Returns the fields of each registered section, in the order of registration."""
    return {section: fields for section, (fields, _restorer) in _restorers.items()}
