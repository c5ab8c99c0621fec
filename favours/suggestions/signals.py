"""The kinds of evidence for suggesting somebody, and their weights. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from contacts.models.topic import ASLEEP_AFTER
from favours.models import Signal

Kind = Signal.Kind

RESTS_ON = ("topic", "other", "other_topic", "tip", "conversation", "reminder")
"""Names of a Signal's foreign keys, to the rows that a reason may be based on."""

MILESTONE_AHEAD = timedelta(days=10)
"""Time before a milestone within which it counts."""
NEWS_LASTS = timedelta(days=126)
"""Maximum age of news that counts: six half-lives."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact about a contact, with the keys of the rows that it is based on; see `favours.models.Signal`.

    `is_within` means that both people of a match are in one circle. It is not stored.
    """

    kind: Kind
    day: date | None = None
    is_strong: bool = False
    topic: int | None = None
    other: int | None = None
    other_topic: int | None = None
    implied: str = ""
    tip: int | None = None
    conversation: int | None = None
    reminder: int | None = None
    sentence: str = ""
    is_within: bool = False

    @classmethod
    def of(cls, signal: Signal) -> Self:
        """Returns the evidence that was stored as a signal."""
        keys = {name: getattr(signal, f"{name}_id") for name in RESTS_ON}
        kind, said = Kind(signal.kind), signal.implied
        return cls(kind, signal.day, signal.is_strong, implied=said, sentence=signal.sentence, **keys)

    @property
    def fields(self) -> dict[str, Any]:
        """The values that a signal stores of it, by field name."""
        keys = {f"{name}_id": getattr(self, name) for name in RESTS_ON}
        told = {name: getattr(self, name) for name in ("kind", "day", "is_strong", "implied", "sentence")}
        return told | keys

    @property
    def sources(self) -> frozenset[tuple[str, int]]:
        """The topic, tip, note and reminder that it is based on; each counts only once for a contact."""
        named = {"topic": self.topic, "tip": self.tip, "note": self.conversation, "reminder": self.reminder}
        return frozenset((name, key) for name, key in named.items() if key is not None)

    @property
    def reason(self) -> tuple[object, ...]:
        """The key by which the answer "doesn't fit" rejects a reason. After each contact day, silence is a new one."""
        if self.kind is Kind.QUIET:
            return (self.kind, self.day)
        about = (self.topic, self.other, self.other_topic, self.implied, self.tip, self.conversation, self.reminder)
        return (self.kind, *about, self.sentence)


class Weight(NamedTuple):
    """The points of a kind of signal if strong and if fair.

    `share` is the function from an age in days to the share of the points that is left.
    """

    strong: float
    fair: float
    share: Callable[[int], float]


def _always(age: int) -> float:
    return 1.0


def _halving(half_life: int, until: timedelta) -> Callable[[int], float]:
    return lambda age: 2.0 ** (-age / half_life) if 0 <= age <= until.days else 0.0


def _ahead(within: timedelta) -> Callable[[int], float]:
    return lambda age: 1.0 if -within.days <= age <= 0 else 0.0


def _growing(since: int, over: int) -> Callable[[int], float]:
    return lambda age: min(1.0, max(0.0, (age - since) / over))


WEIGHTS: dict[Kind, Weight] = {
    Kind.MATCH: Weight(60.0, 42.0, _always),
    Kind.SEEKS: Weight(45.0, 45.0, _halving(60, until=ASLEEP_AFTER)),
    Kind.INTEREST: Weight(35.0, 24.5, _always),
    Kind.MILESTONE: Weight(30.0, 30.0, _ahead(within=MILESTONE_AHEAD)),
    Kind.NEWS: Weight(30.0, 30.0, _halving(21, until=NEWS_LASTS)),
    Kind.QUIET: Weight(15.0, 15.0, _growing(since=180, over=915)),
    Kind.ASK: Weight(60.0, 42.0, _always),
}


def points(evidence: Evidence, on: date) -> float:
    """Returns the points of the evidence on the day `on`."""
    weight = WEIGHTS[evidence.kind]
    age = (on - (evidence.day or on)).days
    return (weight.strong if evidence.is_strong else weight.fair) * weight.share(age)
