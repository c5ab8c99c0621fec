"""Choosing the people to suggest in a week. Pure: the input contains neither the direction nor the kind of any help."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

from favours.suggestions.signals import Evidence, Kind, points

SECOND = 0.25
"""Weight of the second signal in a score. All signals aren't summed up, or well-documented people would always win."""

LEAST_SIGNAL = 10.0
"""Minimum points of the strongest signal."""
LEAST_SCORE = 8.0
"""Minimum score."""

TOUCHED_LATELY = timedelta(days=14)
"""Time after a contact day during which the person is not suggested."""
PAUSES = (timedelta(weeks=4), timedelta(weeks=8), timedelta(weeks=16))
"""Pauses after the first, second and any later suggestion that led to nothing."""

MOST = 5
"""Maximum length of a list."""
FEWEST = 3
"""Length below which a list may have more people per kind of reason."""
PER_REASON = 2
"""Maximum people per kind of reason."""


class Showing(NamedTuple):
    """A day on which somebody was suggested, and whether the member then postponed it."""

    day: date
    put_off: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """The facts about a contact: their last contact day, earlier suggestions and the evidence for them.

    `name` and `key` break ties. `last_contact` is the latest day of help or conversation. `is_familiar` means that they
    are known by more than an import. `rejected` are the reasons that did not fit.
    """

    key: int
    name: str
    organisation: str = ""
    last_contact: date | None = None
    connected_on: date | None = None
    is_familiar: bool = False
    newest_seeks: date | None = None
    evidence: tuple[Evidence, ...] = ()
    shown: tuple[Showing, ...] = ()
    later_until: date | None = None
    never: bool = False
    rejected: frozenset[tuple[object, ...]] = frozenset()

    @property
    def last_shown(self) -> date | None:
        """The latest day on which they were suggested."""
        return max((showing.day for showing in self.shown), default=None)


class Counted(NamedTuple):
    """A piece of evidence and its points on a day."""

    evidence: Evidence
    points: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with their score, including rotation, and the signals behind it, the strongest first."""

    candidate: Candidate
    score: float
    signals: tuple[Counted, ...]

    @property
    def reason(self) -> Kind:
        """The kind of the strongest signal."""
        return self.signals[0].evidence.kind

    @property
    def is_regular(self) -> bool:
        """Whether a signal other than silence is enough for a suggestion."""
        strongest = max((each.points for each in self.signals if each.evidence.kind is not Kind.QUIET), default=0.0)
        return strongest >= LEAST_SIGNAL and self.score >= LEAST_SCORE


def suggest(candidates: Iterable[Candidate], on: date, *, most: int = MOST) -> list[Scored]:
    """Returns the people of a week's list in order, as of the day `on`.

    They are the regular ones by score, at most two per kind of reason (unless that leaves fewer than three) and one per
    organisation. The last place is for somebody who has been quiet for long, if there is one.
    """
    scored = [score(candidate, on) for candidate in candidates if is_eligible(candidate, on)]
    in_order = sorted((each for each in scored if each.score > 0), key=lambda each: _order(each, on))
    regular = [each for each in in_order if each.is_regular]
    quiet = [each for each in in_order if not each.is_regular and each.reason is Kind.QUIET]
    leading = _diverse(regular, most - 1, FEWEST - 1 if quiet else FEWEST)
    last = next((each for each in quiet if _brings_another_organisation(each, leading)), None)
    return [*leading, last] if last else _diverse(regular, most, FEWEST)


def is_eligible(candidate: Candidate, on: date) -> bool:
    """Returns whether somebody may be suggested: neither excluded, postponed, in touch lately nor paused."""
    put_off = candidate.later_until is not None and candidate.later_until > on
    return not (candidate.never or put_off or _in_contact_lately(candidate, on) or _is_paused(candidate, on))


def score(candidate: Candidate, on: date) -> Scored:
    """Returns the score: the strongest signal plus a quarter of the second, times the rotation."""
    signals = _signals(candidate, on)
    raw = sum(each.points * share for each, share in zip(signals, (1.0, SECOND), strict=False))
    return Scored(candidate, raw * rotation(candidate.last_shown, on), signals)


def rotation(last_shown: date | None, on: date) -> float:
    """Returns 1 - 2^(-w/4), w being the weeks since somebody was last shown; 1.0 if they never were."""
    if last_shown is None:
        return 1.0
    weeks = (on - last_shown).days / 7
    return 1.0 - math.pow(2.0, -weeks / 4)


def _signals(candidate: Candidate, on: date) -> tuple[Counted, ...]:
    """Returns the signals of the day, the strongest first; each topic, tip, note and reminder counts only once."""
    known = [*candidate.evidence, *_silence(candidate)]
    counted = [Counted(each, points(each, on)) for each in known if each.reason not in candidate.rejected]
    used: set[tuple[str, int]] = set()
    strongest = []
    for each in sorted(counted, key=lambda each: -each.points):
        if each.points > 0 and used.isdisjoint(each.evidence.sources):
            used |= each.evidence.sources
            strongest.append(each)
    return tuple(strongest)


def _silence(candidate: Candidate) -> list[Evidence]:
    """Returns silence since the last contact day, or since connecting with a person known by more than an import."""
    since = candidate.last_contact or (candidate.connected_on if candidate.is_familiar else None)
    return [Evidence(Kind.QUIET, day=since)] if since else []


def _in_contact_lately(candidate: Candidate, on: date) -> bool:
    touch = candidate.last_contact
    if touch is None or on - touch > TOUCHED_LATELY:
        return False
    return candidate.newest_seeks is None or candidate.newest_seeks < touch


def _is_paused(candidate: Candidate, on: date) -> bool:
    """Returns whether somebody is paused after fruitless suggestions; a newer need of theirs ends the pause."""
    touch, newest = candidate.last_contact or date.min, candidate.newest_seeks or date.min
    in_vain = sorted(showing.day for showing in candidate.shown if showing.day > touch and not showing.put_off)
    if not in_vain or newest > in_vain[-1]:
        return False
    return on < in_vain[-1] + PAUSES[min(len(in_vain), len(PAUSES)) - 1]


def _order(scored: Scored, on: date) -> tuple[float, date, str, int]:
    """Returns the sort key: score, then the longest not shown, then a hash that changes each week."""
    year, week, _weekday = on.isocalendar()
    tie = sha256(f"{scored.candidate.name} {year}-W{week}".encode()).hexdigest()
    return (-scored.score, scored.candidate.last_shown or date.min, tie, scored.candidate.key)


def _diverse(regular: Sequence[Scored], most: int, fewest: int) -> list[Scored]:
    """Returns the first candidates in order, with few per kind of reason as long as there are enough others."""
    chosen: list[Scored] = []
    for per_reason, wanted in ((PER_REASON, most), (most, min(fewest, most))):
        for each in regular:
            alike = sum(one.reason is each.reason for one in chosen)
            fits = alike < per_reason and each not in chosen and _brings_another_organisation(each, chosen)
            if fits and len(chosen) < wanted:
                chosen.append(each)
    return sorted(chosen, key=regular.index)


def _brings_another_organisation(scored: Scored, chosen: Iterable[Scored]) -> bool:
    organisation = scored.candidate.organisation
    return not organisation or all(one.candidate.organisation != organisation for one in chosen)
