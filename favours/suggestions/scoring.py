"""Choosing the people to suggest in a week. Pure: the input contains neither the direction nor the kind of any help."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from heapq import heappop, heappush
from operator import itemgetter
from typing import NamedTuple

from favours.suggestions.signals import Evidence, Kind, points

SECOND = 0.25
"""Weight of the second signal in a score. The others don't count, or well-documented people would always win."""

LEAST_SIGNAL = 10.0
"""Minimum points of the strongest signal."""
LEAST_SCORE = 8.0
"""Minimum score."""

TOUCHED_LATELY = timedelta(days=14)
"""Time after a contact day during which the person is not suggested."""
PAUSES = (timedelta(weeks=4), timedelta(weeks=8), timedelta(weeks=16))
"""Pauses after the first, second and any later suggestion that led to nothing."""

REST = timedelta(weeks=4)
"""Time for which somebody who was named in any role is not asked for others, nor suggested if they were asked."""

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

    `name` and `key` break ties. `last_contact` is the latest day of help or conversation. `is_familiar` means that more
    than an import is known of them, `is_little_known` that moments were few and long ago. `asks` are the member's asks
    that they may know about. `last_asked` is the latest day on which they were named as the one to ask for somebody
    else. `rejected` are the reasons that did not fit.
    """

    key: int
    name: str
    organisation: str = ""
    last_contact: date | None = None
    connected_on: date | None = None
    is_familiar: bool = False
    is_little_known: bool = False
    circles: frozenset[int] = frozenset()
    newest_seeks: date | None = None
    evidence: tuple[Evidence, ...] = ()
    asks: tuple[Evidence, ...] = ()
    last_asked: date | None = None
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
    def helper(self) -> int | None:
        """The key of the contact that the strongest signal names in addition to the candidate, if any."""
        return self.signals[0].evidence.other if self.signals else None

    @property
    def is_regular(self) -> bool:
        """Whether a signal other than silence is enough for a suggestion."""
        strongest = max((each.points for each in self.signals if each.evidence.kind is not Kind.QUIET), default=0.0)
        return strongest >= LEAST_SIGNAL and self.score >= LEAST_SCORE


def suggest(candidates: Collection[Candidate], on: date, *, most: int = MOST) -> list[Scored]:
    """Returns the people of a week's list in order, as of the day `on`.

    They are the regular ones by score, at most two per kind of reason (unless that leaves fewer than three) and one per
    organisation. Nobody is named twice, either as the one suggested or as the one who might help. The last places are
    for people who have been quiet for long: one little known, and one other; a short list has only one place for both.
    """
    resting = {candidate.key for candidate in candidates if rests(candidate, on)}
    scored = [score(candidate, on, without=resting) for candidate in candidates if is_eligible(candidate, on)]
    in_order = sorted((each for each in scored if each.score > 0), key=lambda each: _order(each, on))
    regular = [each for each in in_order if each.is_regular]
    quiet = [each for each in in_order if not each.is_regular and each.reason is Kind.QUIET]
    places = min(2 if most >= MOST else 1, len(_quiet_ones(quiet)))
    leading = _lead(regular, on, resting, most - places, FEWEST - places)
    chosen = list(leading)
    last = _quiet_ones([each for each in quiet if _may_join(each, chosen)])
    for each in last[:places]:
        if _may_join(each, chosen):
            chosen.append(each)
    return chosen if len(chosen) > len(leading) else _lead(regular, on, resting, most, FEWEST)


def ask_whom(candidates: Collection[Candidate], on: date, *, named: Collection[int]) -> Scored | None:
    """Returns the person who probably knows most about something that the member is looking for, or None.

    People who rest, or are among the `named`, are not asked.
    """
    found = []
    for candidate in candidates:
        if candidate.key in named or rests(candidate, on) or not is_eligible(candidate, on):
            continue
        counted = [Counted(each, points(each, on)) for each in candidate.asks if each.reason not in candidate.rejected]
        if counted:
            best = max(counted, key=lambda each: each.points)
            found.append(Scored(candidate, best.points, (best,)))
    return min(found, key=lambda each: _order(each, on), default=None)


def rests(candidate: Candidate, on: date) -> bool:
    """Returns whether somebody was named, in any role, within the last four weeks, and so is not asked for others."""
    latest = max(filter(None, (candidate.last_shown, candidate.last_asked)), default=None)
    return latest is not None and on - latest < REST


def is_eligible(candidate: Candidate, on: date) -> bool:
    """Returns whether somebody may be suggested: neither excluded, postponed, in touch lately nor paused."""
    put_off = candidate.later_until is not None and candidate.later_until > on
    return not (candidate.never or put_off or _in_contact_lately(candidate, on) or _is_paused(candidate, on))


def score(candidate: Candidate, on: date, *, without: Collection[int] = frozenset()) -> Scored:
    """Returns the score: the strongest signal plus a quarter of the second, times the rotation.

    Matches with the contacts whose keys are in `without` don't count; a need that only they could answer waits.
    """
    signals = _signals(candidate, on, without)
    raw = sum(each.points * share for each, share in zip(signals, (1.0, SECOND), strict=False))
    return Scored(candidate, raw * rotation(candidate.last_shown, on), signals)


def rotation(last_shown: date | None, on: date) -> float:
    """Returns 1 - 2^(-w/4), w being the weeks since somebody was last shown; 1.0 if they never were."""
    if last_shown is None:
        return 1.0
    weeks = (on - last_shown).days / 7
    return 1.0 - math.pow(2.0, -weeks / 4)


def _signals(candidate: Candidate, on: date, without: Collection[int]) -> tuple[Counted, ...]:
    """Returns the signals of the day, the strongest first; each topic, tip, note and reminder counts only once.

    Among equal ones, matches with people of another circle come first. A need with a match counts only as that match,
    for at least as many points as without one.
    """
    known = [each for each in (*candidate.evidence, *_silence(candidate)) if each.reason not in candidate.rejected]
    needs = {each.topic: points(each, on) for each in known if each.kind is Kind.SEEKS}
    answered = {each.topic for each in known if each.kind is Kind.MATCH}
    counted = [
        Counted(each, max(points(each, on), needs.get(each.topic, 0.0) if each.kind is Kind.MATCH else 0.0))
        for each in known
        if each.other not in without and not (each.kind is Kind.SEEKS and each.topic in answered)
    ]
    used: set[tuple[str, int]] = set()
    strongest = []
    for each in sorted(counted, key=lambda each: (-each.points, each.evidence.is_within)):
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
    """Returns whether somebody is paused after fruitless suggestions, or because they were asked for others lately.

    A newer need of theirs ends the pause.
    """
    touch, newest = candidate.last_contact or date.min, candidate.newest_seeks or date.min
    asked = candidate.last_asked
    if asked is not None and on - asked < REST and newest <= asked:
        return True
    in_vain = sorted(showing.day for showing in candidate.shown if showing.day > touch and not showing.put_off)
    if not in_vain or newest > in_vain[-1]:
        return False
    return on < in_vain[-1] + PAUSES[min(len(in_vain), len(PAUSES)) - 1]


def _order(scored: Scored, on: date) -> tuple[float, bool, date, str, int]:
    """Returns the sort key: score, matches across circles, longest not shown, then a hash that changes each week."""
    year, week, _weekday = on.isocalendar()
    tie = sha256(f"{scored.candidate.name} {year}-W{week}".encode()).hexdigest()
    is_within = scored.signals[0].evidence.is_within
    return (-scored.score, is_within, scored.candidate.last_shown or date.min, tie, scored.candidate.key)


def _lead(regular: Sequence[Scored], on: date, resting: Collection[int], most: int, fewest: int) -> list[Scored]:
    """Returns the first candidates in order, with few per kind of reason as long as there are enough others.

    A candidate whose match names somebody who is already on the list is scored again without that match.
    """
    waiting = [(_order(each, on), each) for each in regular]
    chosen: list[Scored] = []
    for per_reason, wanted in ((PER_REASON, most), (most, min(fewest, most))):
        put_aside = []
        while waiting and len(chosen) < wanted:
            order, each = heappop(waiting)
            if each.helper in (named := named_in(chosen)):
                anew = score(each.candidate, on, without={*resting, *named})
                if anew.is_regular:
                    heappush(waiting, (_order(anew, on), anew))
            elif sum(one.reason is each.reason for one in chosen) < per_reason and _may_join(each, chosen):
                chosen.append(each)
            else:
                put_aside.append((order, each))
        waiting = sorted([*waiting, *put_aside], key=itemgetter(0))
    return sorted(chosen, key=lambda each: _order(each, on))


def named_in(chosen: Iterable[Scored]) -> set[int]:
    """Returns the keys of everybody whom a list names, in any role."""
    return {key for each in chosen for key in (each.candidate.key, each.helper) if key is not None}


def _quiet_ones(quiet: Sequence[Scored]) -> list[Scored]:
    """Returns the first little-known candidate and the first other one, in this order, as far as they exist."""
    little_known = next((each for each in quiet if each.candidate.is_little_known), None)
    other = next((each for each in quiet if each is not little_known), None)
    return [each for each in (little_known, other) if each is not None]


def _may_join(scored: Scored, chosen: Sequence[Scored]) -> bool:
    return scored.candidate.key not in named_in(chosen) and _brings_another_organisation(scored, chosen)


def _brings_another_organisation(scored: Scored, chosen: Iterable[Scored]) -> bool:
    organisation = scored.candidate.organisation
    return not organisation or all(one.candidate.organisation != organisation for one in chosen)
