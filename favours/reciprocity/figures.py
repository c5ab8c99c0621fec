"""The nine figures of the reciprocity summary, F1 to F9 of docs/reciprocity.md, as they are stored and printed.

They are plain numbers, dates as text (YYYY-MM-DD or YYYY-MM), and `WITHHELD` in place of what the gate withholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, TypedDict

from contacts.models import Network
from favours.models import Favour
from favours.reciprocity import statements
from favours.reciprocity.gate import OTHER, WITHHELD, Gate, Reach, Withheld, pooled_events
from favours.reciprocity.statements import DIRECTIONS
from favours.reciprocity.window import Window, last_complete_month

GIVE, RECEIVE = DIRECTIONS
VERSION: Final = 1
"""Increase it when a definition changes: the stored summaries are then recomputed."""

MATURITY: Final = timedelta(days=180)
"""Time before the end of a closed month by which there must be a favour with people for F4 and F5 to be meaningful."""

ALL: Final = "all_kinds"


class ShareBand(StrEnum):
    """A share in words, as it is stored and printed."""

    HARDLY_ANY = "hardly any"
    QUARTER = "about a quarter"
    HALF = "about half"
    THREE_QUARTERS = "about three quarters"
    NEARLY_ALL = "nearly all"


UPPER_LIMITS: Final = {
    ShareBand.HARDLY_ANY: 0.15,
    ShareBand.QUARTER: 0.35,
    ShareBand.HALF: 0.65,
    ShareBand.THREE_QUARTERS: 0.85,
}
"""The share at which the next band begins."""


class MonthFlow(TypedDict):
    """The entries of a month (YYYY-MM) per direction."""

    month: str
    give: int | Withheld
    receive: int | Withheld


class Flow(TypedDict):
    """F1: entries per direction, in total and by month."""

    give: int | Withheld
    receive: int | Withheld
    by_month: list[MonthFlow]


class Breadth(TypedDict):
    """F2: distinct people per direction."""

    give: int | Withheld
    receive: int | Withheld


class Spread(TypedDict):
    """F3: the effective number of people per direction; None without entries that have people."""

    give: float | Withheld | None
    receive: float | Withheld | None


class KindShare(TypedDict):
    """The share (0 to 1) of a kind in the entries of a direction."""

    kind: str
    share: float


class Mix(TypedDict):
    """F6: the shares of the kinds per direction."""

    give: list[KindShare] | Withheld
    receive: list[KindShare] | Withheld


class ClosedShare(TypedDict):
    """A share as of the last complete month; None while there is too little data."""

    share: float | None
    band: ShareBand | None
    as_of: str


class Closing(TypedDict):
    """The figures that change only at the end of a month (F4 and F5)."""

    from_elsewhere: ClosedShare | Withheld
    given_freely: ClosedShare | Withheld


class Figures(Closing):
    """All figures of a network as of one day."""

    as_of: str
    window: list[str]
    gate: dict[str, float]
    flow: Flow
    breadth: Breadth
    spread: Spread
    mix: Mix
    passed_on: int
    rediscovered: int
    rhythm: int
    active_months: list[str]


def definition() -> str:
    """Returns an identifier of the basis of all figures: the version of their definition, and the gate."""
    gate = Gate.from_settings()
    return f"{VERSION}:{gate.events}:{gate.people}:{gate.spread!r}"


def network_figures(network: Network, as_of: date, *, running: bool = False, closing: Closing | None = None) -> Figures:
    """Returns all figures as of a day in the member's calendar, with at most twelve queries for a network of any size.

    These are one for F1 and F9, one per direction for F2, F3 and the kinds, one more per direction where small kinds
    are pooled, one for F7, one for F8 and at most five for F4 and F5. The latter are skipped if `closing` passes the
    figures of the last complete month. `running` is for today's summary: today isn't over, so a month that ends today
    isn't complete.
    """
    gate, window = Gate.from_settings(), Window.ending(as_of)
    months = statements.events_by_month(network, window)
    kinds = {direction: _reaches_by_kind(network, direction, window) for direction in DIRECTIONS}
    totals = {direction: kinds[direction].pop(ALL) for direction in DIRECTIONS}
    shown = {direction: gate.passes(totals[direction]) for direction in DIRECTIONS}
    if closing is None:
        month_end = last_complete_month(as_of, running=running)
        closing = closing_figures(network, month_end, totals if month_end == as_of else None)
    active = [month for month in window.months if any(months[direction][month] for direction in DIRECTIONS)]
    return {
        "as_of": as_of.isoformat(),
        "window": [_month(window.first), _month(window.last)],
        "gate": asdict(gate),
        "flow": _flow(window, months, shown),
        "breadth": {
            "give": totals[GIVE].people if shown[GIVE] else WITHHELD,
            "receive": totals[RECEIVE].people if shown[RECEIVE] else WITHHELD,
        },
        "spread": {
            "give": totals[GIVE].spread if shown[GIVE] else WITHHELD,
            "receive": totals[RECEIVE].spread if shown[RECEIVE] else WITHHELD,
        },
        "mix": {
            "give": _mix(network, GIVE, window, gate, kinds[GIVE]) if shown[GIVE] else WITHHELD,
            "receive": _mix(network, RECEIVE, window, gate, kinds[RECEIVE]) if shown[RECEIVE] else WITHHELD,
        },
        "from_elsewhere": closing["from_elsewhere"],
        "given_freely": closing["given_freely"],
        "passed_on": statements.passed_on(network, window),
        "rediscovered": statements.rediscovered(network, window),
        "rhythm": len(active),
        "active_months": [_month(month) for month in active],
    }


def closing_figures(network: Network, month_end: date, totals: Mapping[str, Reach] | None = None) -> Closing:
    """Returns F4 and F5 as of the last day of a complete month, with at most five queries.

    `totals` are the reaches of both directions in that month's window, if they are already known.
    """
    gate, window = Gate.from_settings(), Window.ending(month_end)
    if totals is None:
        totals = {
            direction: statements.reaches(network, direction, window, {ALL: None})[ALL] for direction in DIRECTIONS
        }
    mature = statements.has_people_by(network, month_end - MATURITY)

    def share(direction: str) -> ClosedShare | Withheld:
        reach = totals[direction]
        if not reach.events or not mature:
            return {"share": None, "band": None, "as_of": month_end.isoformat()}
        if not gate.passes(reach):
            return WITHHELD
        unasked = (reach.events - statements.answered_events(network, direction, window)) / reach.events
        return {"share": unasked, "band": band(unasked), "as_of": month_end.isoformat()}

    return {"from_elsewhere": share(RECEIVE), "given_freely": share(GIVE)}


def band(share: float) -> ShareBand:
    """Returns the band of a share (0 to 1); a limit belongs to the upper band."""
    return next((below for below, limit in UPPER_LIMITS.items() if share < limit), ShareBand.NEARLY_ALL)


def _reaches_by_kind(network: Network, direction: str, window: Window) -> dict[str, Reach]:
    return statements.reaches(network, direction, window, {ALL: None} | {kind: [kind] for kind in Favour.Kind.values})


def _flow(window: Window, months: Mapping[str, Counter[date]], shown: Mapping[str, bool]) -> Flow:
    return {
        "give": months[GIVE].total() if shown[GIVE] else WITHHELD,
        "receive": months[RECEIVE].total() if shown[RECEIVE] else WITHHELD,
        "by_month": [
            {
                "month": _month(month),
                "give": months[GIVE][month] if shown[GIVE] else WITHHELD,
                "receive": months[RECEIVE][month] if shown[RECEIVE] else WITHHELD,
            }
            for month in window.months
        ],
    }


def _mix(
    network: Network, direction: str, window: Window, gate: Gate, kinds: Mapping[str, Reach]
) -> list[KindShare] | Withheld:
    """Returns F6: the share of each kind, the largest first and "other" last."""

    def reaches_of(pools: list[frozenset[str]]) -> list[Reach]:
        sets = {f"pool_{number}": pool for number, pool in enumerate(pools)}
        return list(statements.reaches(network, direction, window, sets).values())

    events = pooled_events(gate, kinds, reaches_of)
    if events is None:
        return WITHHELD
    total = sum(events.values())
    order = sorted(events, key=lambda kind: (kind == OTHER, -events[kind], kind))
    return [{"kind": kind, "share": events[kind] / total} for kind in order]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
