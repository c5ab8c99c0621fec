"""The figures of docs/reciprocity.md computed from a log in memory, written as plainly as they are defined.

Deliberately slow: it uses sets, loops and fractions, and shares nothing with the counting of favours/reciprocity in the
database.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

GIVE, RECEIVE = "give", "receive"
KINDS = ("tip", "introduction", "recommendation", "advice", "support", "other")
WITHHELD = {"withheld": True}


@dataclass(frozen=True)
class Event:
    """One act of help. `passes_on` is the index of an event in the log."""

    direction: str
    day: date
    kind: str
    contacts: frozenset[str]
    passes_on: int | None = None


@dataclass(frozen=True)
class Gate:
    events: int = 3
    people: int = 5
    spread: Fraction = Fraction(3)

    def passes(self, events: Sequence[Event]) -> bool:
        events = with_people(events)
        if not events:
            return True
        return len(events) >= self.events and breadth(events) >= self.people and spread(events) >= self.spread


def with_people(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.contacts]


def breadth(events: Sequence[Event]) -> int:
    return len(frozenset().union(*(event.contacts for event in events)))


def spread(events: Sequence[Event]) -> Fraction:
    """Return D2 as defined: over all ordered pairs, including each event with itself."""
    events = with_people(events)
    pairs = sum(
        Fraction(len(e.contacts & f.contacts), len(e.contacts) * len(f.contacts)) for e in events for f in events
    )
    return len(events) ** 2 / pairs


def month_of(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def window_months(as_of: date) -> list[str]:
    months = []
    year, month = as_of.year, as_of.month
    for _ in range(12):
        months.insert(0, f"{year:04}-{month:02}")
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return months


def in_window(log: Sequence[Event], as_of: date, direction: str | None = None) -> list[Event]:
    months = window_months(as_of)
    return [
        event
        for event in log
        if event.day <= as_of and month_of(event.day) in months and direction in (None, event.direction)
    ]


def closed_month_end(as_of: date, *, running: bool) -> date:
    if as_of.day == calendar.monthrange(as_of.year, as_of.month)[1] and not running:
        return as_of
    return as_of.replace(day=1) - timedelta(days=1)


def unasked_share(log: Sequence[Event], direction: str, month_end: date, gate: Gate) -> Any:
    """Return F4 for help received, or F5 for help given."""
    events = with_people(in_window(log, month_end, direction))
    mature = any(event.contacts and event.day <= month_end - timedelta(days=180) for event in log)
    if not events or not mature:
        return {"share": None, "band": None, "as_of": month_end.isoformat()}
    if not gate.passes(events):
        return WITHHELD

    def is_answer(event: Event) -> bool:
        return any(
            other.direction != direction
            and event.day - timedelta(days=730) <= other.day <= event.day
            and other.contacts & event.contacts
            for other in log
        )

    share = Fraction(sum(not is_answer(event) for event in events), len(events))
    return {"share": float(share), "band": band(share), "as_of": month_end.isoformat()}


def band(share: Fraction) -> str:
    if share < Fraction(15, 100):
        return "hardly any"
    if share < Fraction(35, 100):
        return "about a quarter"
    if share < Fraction(65, 100):
        return "about half"
    if share < Fraction(85, 100):
        return "about three quarters"
    return "nearly all"


def mix(events: Sequence[Event], gate: Gate) -> Any:
    """Return F6, the mix of kinds."""
    events = with_people(events)
    by_kind = {kind: [event for event in events if event.kind == kind] for kind in KINDS}
    by_kind = {kind: of_kind for kind, of_kind in by_kind.items() if of_kind}
    failing = {kind for kind, of_kind in by_kind.items() if not gate.passes(of_kind)}
    if failing:
        apart = sorted(by_kind.keys() - failing - {"other"}, key=lambda kind: (len(by_kind[kind]), kind))
        other = [event for event in events if event.kind not in apart]
        while apart and not gate.passes(other):
            other += by_kind[apart.pop(0)]
        if not apart:
            return WITHHELD
        by_kind = {kind: by_kind[kind] for kind in apart} | {"other": other}
    order = sorted(by_kind, key=lambda kind: (kind == "other", -len(by_kind[kind]), kind))
    return [{"kind": kind, "share": len(by_kind[kind]) / len(events)} for kind in order]


def passed_on(log: Sequence[Event], as_of: date) -> int:
    """Return F7, the number of favours received that were passed on."""
    received = set()
    for given in in_window(log, as_of, GIVE):
        if given.passes_on is None:
            continue
        source = log[given.passes_on]
        linked = source.direction == RECEIVE and source.day <= given.day
        if linked and source.contacts and given.contacts and not source.contacts & given.contacts:
            received.add(given.passes_on)
    return len(received)


def rediscovered(log: Sequence[Event], as_of: date) -> int:
    """Return F8, the number of people rediscovered."""
    found = set()
    for event in in_window(log, as_of):
        for contact in event.contacts:
            earlier = [other.day for other in log if contact in other.contacts and other.day < event.day]
            if earlier and max(earlier) <= event.day - timedelta(days=365):
                found.add(contact)
    return len(found)


def reference_figures(log: Sequence[Event], as_of: date, gate: Gate, *, running: bool = False) -> dict[str, Any]:
    """Return all figures of the log, in the shape of favours.reciprocity.Figures."""
    months = window_months(as_of)
    events = {direction: in_window(log, as_of, direction) for direction in (GIVE, RECEIVE)}
    shown = {direction: gate.passes(events[direction]) for direction in (GIVE, RECEIVE)}
    active = [month for month in months if any(month_of(event.day) == month for event in in_window(log, as_of))]
    month_end = closed_month_end(as_of, running=running)

    def both(figure: Any) -> dict[str, Any]:
        return {direction: figure(events[direction]) if shown[direction] else WITHHELD for direction in (GIVE, RECEIVE)}

    return {
        "as_of": as_of.isoformat(),
        "window": [months[0], months[-1]],
        "gate": {"events": gate.events, "people": gate.people, "spread": float(gate.spread)},
        "flow": {
            **both(len),
            "by_month": [
                {
                    "month": month,
                    **both(lambda events, month=month: sum(month_of(event.day) == month for event in events)),
                }
                for month in months
            ],
        },
        "breadth": both(breadth),
        "spread": both(lambda events: float(spread(events)) if with_people(events) else None),
        "mix": both(lambda events: mix(events, gate)),
        "from_elsewhere": unasked_share(log, RECEIVE, month_end, gate),
        "given_freely": unasked_share(log, GIVE, month_end, gate),
        "passed_on": passed_on(log, as_of),
        "rediscovered": rediscovered(log, as_of),
        "rhythm": len(active),
        "active_months": active,
    }
