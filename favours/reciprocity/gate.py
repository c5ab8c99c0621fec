"""The gate: which sets of entries involve enough people for a figure about them to be nobody's account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from django.conf import settings

from favours.models import Favour

if TYPE_CHECKING:
    from typing_extensions import TypeIs

OTHER: Final = Favour.Kind.OTHER.value
ROUNDING: Final = 1e-9
"""Tolerance when spreads are compared: sums of floats depend on the order of the rows."""


class Withheld(TypedDict):
    """The value in place of a figure that the gate withholds."""

    withheld: Literal[True]


WITHHELD: Final[Withheld] = {"withheld": True}


def is_withheld(value: object) -> TypeIs[Withheld]:
    """Returns whether the gate withholds this figure."""
    return value == WITHHELD


@dataclass(frozen=True)
class Reach:
    """The reach of a set of entries of one direction.

    `events` is the number of entries with people, `people` the number of distinct contacts in them, and `concentration`
    the sum of the squares of each contact's total share: the only trace that single people leave.
    """

    events: int = 0
    people: int = 0
    concentration: float = 0.0

    @property
    def spread(self) -> float | None:
        """D2 = events^2 / concentration, the inverse Simpson index of the fractional shares; None without events.

        Source: M. O. Hill (1973), "Diversity and evenness", Ecology 54(2), order 2.
        """
        return self.events**2 / self.concentration if self.events else None


@dataclass(frozen=True)
class Gate:
    """The minimum of events with people, distinct people and spread that a set of entries needs to be shown."""

    events: int
    people: int
    spread: float

    @classmethod
    def from_settings(cls) -> Gate:
        """Returns the gate that the settings of the instance define."""
        return cls(settings.NETCRM_GATE_EVENTS, settings.NETCRM_GATE_PEOPLE, settings.NETCRM_GATE_SPREAD)

    def passes(self, reach: Reach) -> bool:
        """Returns whether a set may be shown. A set without events that have people reveals nothing, and passes."""
        if reach.spread is None:
            return True
        return reach.events >= self.events and reach.people >= self.people and reach.spread >= self.spread - ROUNDING


def pooled_events(
    gate: Gate, kinds: Mapping[str, Reach], reaches_of: Callable[[list[frozenset[str]]], list[Reach]]
) -> dict[str, int] | None:
    """Returns the number of events per kind that may be shown, or None if none may.

    All kinds that fail the gate are pooled into "other". While "other" fails, the next smallest kind (fewest events,
    then by code) joins it; if all have joined, nothing is shown. `reaches_of` is called once with all sets of kinds
    that "other" may become: the reaches of single kinds don't add up, because they share people.
    """
    events = {kind: reach.events for kind, reach in kinds.items() if reach.events}
    joined = frozenset(kind for kind in events if not gate.passes(kinds[kind]))
    if not joined:
        return events
    joined |= events.keys() & {OTHER}
    apart = sorted(events.keys() - joined, key=lambda kind: (events[kind], kind))
    pools = [joined.union(apart[:taken]) for taken in range(len(apart))]
    for pool, reach in zip(pools, reaches_of(pools), strict=True):
        if gate.passes(reach):
            return {kind: count for kind, count in events.items() if kind not in pool} | {OTHER: reach.events}
    return None
